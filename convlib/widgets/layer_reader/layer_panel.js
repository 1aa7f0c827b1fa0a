/** The answer for one layer. */

import {
  alike,
  BYTES,
  describeLayer,
  fanIn,
  memory,
  parameterSum,
  proposals,
} from "../math/layer_answer.js";
import { toFragment } from "../math/links.js";
import { smallLayer } from "../math/small_layer.js";
import { python } from "../math/torch_code.js";
import { english, t } from "../math/words.js";
import { axisScale } from "../parts/axis_scale.js";
import { createButton, createCodeLine } from "../parts/controls.js";
import { el, inked } from "../parts/dom.js";
import { createFormula } from "../parts/formula.js";

const NAMES = ["height", "width"];
const count = (number) => number.toLocaleString("en");

/** A shape as Python writes it: (128,) has its comma. */
export const shapeText = (shape) => (shape.length === 1 ? `(${shape[0]},)` : python(shape));

/** What goes in and what comes out. */
export function headline(input, output) {
  return el(
    "p",
    "cv-headline",
    {},
    inked("input", shapeText(input)),
    " → ",
    inked("output", shapeText(output)),
  );
}

/**
 * @param {import("../math/modules.js").Module} module
 * @param {number[]} input
 * @param {object} room  What LayerExplorer has room for.
 * @param {(code: string) => void} onTry  Puts a line into the box.
 * @param {AbortSignal} signal
 * @returns {{ parts: Element[], spoken: string }}
 */
export function layerPanel(module, input, room, onTry, signal) {
  const layer = describeLayer(module, input);
  const { output, axes } = layer;
  const parts = [headline(input, output), factList(layer, module)];
  if (axes) {
    const both = alike(axes);
    const shown = both ? [[axes[0], "height and width"]] : axes.map((axis, i) => [axis, NAMES[i]]);
    parts.push(...shown.map(([axis, name]) => axisScale(axis, name)));
    parts.push(...axes.slice(0, both ? 1 : 2).map((axis, i) => formula(axis, i, module)));
  }
  const small = isInBook() && smallLayer(module, room);
  if (small) parts.push(seeItSmall(small));
  const ways = proposals(module, input);
  if (ways.length > 0) parts.push(otherSizes(ways, onTry, signal));
  const facts = { input: shapeText(input), output: shapeText(output) };
  return { parts, spoken: t("{input} becomes {output}", facts) };
}

/** Whether this page is one of the book's, with the other chapters beside it. */
export const isInBook = () => /\/book\/\w+\.html$/.test(location.pathname);

/** A link to the chapter with LayerExplorer, which opens with the same window. */
function seeItSmall(settings) {
  const href = `sliding_window.html#${toFragment("layer_explorer", settings)}`;
  const words = t("See this window move over a few pixels");
  return el("p", "cv-small", {}, el("a", "", { href }, words));
}

/** The formula of a convolution and of a pooling window. */
function formula(axis, index, module) {
  const made = createFormula(index === 0 ? "H" : "W");
  made.show(axis);
  return el("div", "cv-scroll", { "data-kind": module.kind }, made.element);
}

/** Weights, work and memory. */
function factList(layer, module) {
  const { weight, bias, parameters, macs, batch, numbers } = layer;
  const fan = fanIn(module);
  const rows = [
    weight && ["weight", shapeText(weight)],
    weight && ["bias", bias ? shapeText(bias) : t("none")],
    fan && [t("first weights"), firstWeights(fan)],
    [t("parameters"), parameterSum(layer)],
    macs > 0 && [
      t("MACs"),
      batch > 1 ? t("{macs} for each image", { macs: count(macs) }) : count(macs),
    ],
    [t("output"), sizes(numbers)],
    weight && [t("parameters in memory"), sizes(parameters)],
  ].filter(Boolean);
  return el(
    "dl",
    "cv-facts",
    { "data-kind": module.kind },
    ...rows.flatMap(([name, text]) => [el("dt", "", {}, name), el("dd", "", {}, text)]),
  );
}

const firstWeights = (fan) =>
  t("within ±{bound} (1 / √{fan})", { bound: (fan ** -0.5).toPrecision(3), fan });

const sizes = (numbers) =>
  t("{numbers} numbers, {float32} in float32, {float16} in float16", {
    numbers: count(numbers),
    float32: memory(numbers, BYTES.float32),
    float16: memory(numbers, BYTES.float16),
  });

const GOALS = {
  keep: english("Keep the size"),
  halve: english("Halve it"),
  double: english("Double it"),
};

/** What to change for another size: a line for each goal. */
function otherSizes(ways, onTry, signal) {
  const rows = ways.map(({ goal: kind, size, code }) => {
    const goal = t(GOALS[kind]);
    const line = createCodeLine(signal);
    line.show(code);
    const go = createButton({
      label: t("Try"),
      title: t("Try: {goal}", { goal }),
      onClick: () => onTry(code),
      signal,
    });
    const name = t("{title}: {text}", { title: goal, text: size.join(" × ") });
    return el("div", "cv-way", {}, el("span", "cv-quiet", {}, name), line.element, go);
  });
  return el(
    "details",
    "cv-ways",
    { "data-operated": true },
    el("summary", "", {}, t("Another size")),
    ...rows,
  );
}
