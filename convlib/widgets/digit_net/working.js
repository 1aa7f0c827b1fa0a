/** DigitNet's sum: what the picked number reads, plane by plane, the bias, and ReLU. */
import { before, isPool } from "../math/digit_net.js";
import { codeOf, introOf, linesOf } from "../math/digit_story.js";
import { listed, sign, speak } from "../math/text.js";
import { english, phrase, t } from "../math/words.js";
import { createButton } from "../parts/controls.js";
import { el, isNews, setAttribute } from "../parts/dom.js";
import { createSquare } from "./square.js";

const ARROWS = [
  ["←", "ArrowLeft", english("Pick the cell to the left")],
  ["↑", "ArrowUp", english("Pick the cell above")],
  ["↓", "ArrowDown", english("Pick the cell below")],
  ["→", "ArrowRight", english("Pick the cell to the right")],
];

/** @param {(key: string) => void} onStep  A button was pressed in the place of this arrow key. */
export function createWorking(onStep, signal) {
  const title = el("p", "cv-title");
  const intro = el("p", "cv-quiet");
  const planes = el("div", "cv-planes");
  const lines = el("div", "cv-sum-lines");
  const arrows = ARROWS.map(([label, key, title]) =>
    createButton({ label, title: t(title), onClick: () => onStep(key), signal }),
  );
  const steps = el("div", "cv-choices", { "data-operated": true }, ...arrows);
  const head = el("div", "cv-head-line", {}, title, steps);
  const element = el("div", "cv-working", {}, head, intro, planes, lines);
  return {
    element,
    show(picked, sum) {
      if (!isNews(element, picked, sum)) return;
      title.replaceChildren(el("code", "", {}, `${codeOf(picked)} = ${sign(sum.value)}`));
      intro.replaceChildren(introOf(picked));
      setAttribute(planes, "data-size", (sum.window ?? sum.planes[0].window).length);
      planes.replaceChildren(...(isPool(picked[0]) ? [pooled(picked, sum)] : summed(picked, sum)));
      lines.replaceChildren(
        ...linesOf(picked, sum).flatMap(([name, text]) => [
          el("span", "cv-quiet", {}, name),
          el("code", "", {}, text),
        ]),
      );
    },
  };
}

function pooled([layer, channel], { window }) {
  const name = el("figcaption", "cv-quiet", {}, mapName(before(layer), channel));
  return el("figure", "cv-plane", {}, name, createSquare("input", window));
}

const mapName = (layer, index) =>
  layer === "input" ? t("the image") : t("{layer}, map {index}", { layer, index });

function summed([layer], { planes }) {
  const source = before(layer);
  return planes.map((plane, index) => {
    const name = mapName(source, index);
    const parts = [
      createSquare("input", plane.window),
      sideSign("×"),
      createSquare("kernel", plane.kernel),
      sideSign("="),
      createSquare("output", plane.products),
    ];
    const products = listed(plane.products.flat().map(speak));
    const facts = { name, products, sum: speak(plane.sum) };
    const label = t("{name}: products {products}; their sum {sum}", facts);
    const row = el("div", "cv-plane-row", { role: "img", "aria-label": label }, ...parts);
    const total = el("strong", "", {}, sign(plane.sum));
    const sum = el("div", "cv-plane-sum", {}, ...phrase("sum {sum}", { sum: total }));
    const caption = el("figcaption", "cv-quiet", {}, name);
    return el("figure", "cv-plane", {}, caption, row, sum);
  });
}

const sideSign = (text) => el("span", "cv-quiet", {}, text);
