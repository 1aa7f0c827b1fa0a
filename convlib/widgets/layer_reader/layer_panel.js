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
  const parts = [headline(input, output), facts(layer, module)];
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
  return { parts, spoken: `${shapeText(input)} becomes ${shapeText(output)}` };
}

/** Whether this page is one of the book's, with the other chapters beside it. */
export const isInBook = () => /\/book\/\w+\.html$/.test(location.pathname);

/** A link to the chapter with LayerExplorer, which opens with the same window. */
function seeItSmall(settings) {
  const href = `sliding_window.html#${toFragment("layer_explorer", settings)}`;
  const words = "See this window move over a few pixels";
  return el("p", "cv-small", {}, el("a", "", { href }, words));
}

/** The formula of a convolution and of a pooling window. */
function formula(axis, index, module) {
  const made = createFormula(index === 0 ? "H" : "W");
  made.show(axis);
  return el("div", "cv-scroll", { "data-kind": module.kind }, made.element);
}

/** Weights, work and memory. */
function facts(layer, module) {
  const { weight, bias, parameters, macs, batch, numbers } = layer;
  const fan = fanIn(module);
  const rows = [
    weight && ["weight", shapeText(weight)],
    weight && ["bias", bias ? shapeText(bias) : "none"],
    fan && ["first weights", `within ±${(fan ** -0.5).toPrecision(3)} (1 / √${fan})`],
    ["parameters", parameterSum(layer)],
    macs > 0 && ["MACs", batch > 1 ? `${count(macs)} for each image` : count(macs)],
    ["output", `${count(numbers)} numbers, ${sizes(numbers)}`],
    weight && ["weights", `${count(parameters)} numbers, ${sizes(parameters)}`],
  ].filter(Boolean);
  return el(
    "dl",
    "cv-facts",
    { "data-kind": module.kind },
    ...rows.flatMap(([name, text]) => [el("dt", "", {}, name), el("dd", "", {}, text)]),
  );
}

const sizes = (numbers) =>
  ["float32", "float16"].map((type) => `${memory(numbers, BYTES[type])} in ${type}`).join(", ");

const GOALS = { keep: "Keep the size", halve: "Halve it", double: "Double it" };

/** What to change for another size: a line for each goal. */
function otherSizes(ways, onTry, signal) {
  const rows = ways.map(({ goal, size, code }) => {
    const line = createCodeLine(signal);
    line.show(code);
    const go = createButton({
      label: "Try",
      title: `Try: ${GOALS[goal]}`,
      onClick: () => onTry(code),
      signal,
    });
    const name = `${GOALS[goal]}: ${size.join(" × ")}`;
    return el("div", "cv-way", {}, el("span", "cv-quiet", {}, name), line.element, go);
  });
  return el(
    "details",
    "cv-ways",
    { "data-operated": true },
    el("summary", "", {}, "Another size"),
    ...rows,
  );
}
