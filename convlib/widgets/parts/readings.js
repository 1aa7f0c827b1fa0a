/**
 * What a picture says: each reading gives an element to look at and a sentence to listen to.
 */
import {
  axesOf,
  BIAS,
  fedBy,
  inputAt,
  leftover,
  outputSize,
  tapsOf,
  unreadIndices,
} from "../math/arithmetic.js";
import { stepSentence } from "../math/film.js";
import { addUp, key, range } from "../math/lists.js";
import { many, sign, signedSum, speak } from "../math/text.js";
import { el, inked } from "./dom.js";

/**
 * The dot product behind one output: a line for each row of the kernel, then the total. In a scene
 * of the film, what comes later keeps its room.
 */
export function dotProduct(layer, [row, column], scene = null) {
  const taps = tapsOf(layer, row, column);
  const [height, width] = layer.kernel_size;
  const rows = range(height).map((i) => taps.slice(i * width, (i + 1) * width));
  const sums = rows.map((line) => addUp(line.map((tap) => tap.weight * tap.value)));
  const total = addUp(sums, layer.bias ? BIAS : 0);
  const lit = scene?.lit ?? taps.length;
  const isRunning = scene && !scene.isDone;
  const element = el(
    "div",
    "",
    {},
    el("div", "cv-title", {}, inked("output", `output[${row}, ${column}]`)),
    el("div", "cv-product cv-input-ink", {}, ...productLines(rows, sums, lit)),
    el("div", "cv-total", {}, ...(isRunning ? sumSoFar(scene) : wholeSum(layer, sums, total))),
  );
  if (scene) return { element, sentence: stepSentence(scene) };

  const spoken = taps.map(
    (tap) => `${speak(tap.value)}${tap.source ? "" : " of padding"} times ${speak(tap.weight)}`,
  );
  if (layer.bias) spoken.push(`bias ${BIAS}`);
  const sentence = `Output row ${row}, column ${column}: ${spoken.join(" plus ")} equals ${speak(total)}.`;
  return { element, sentence };
}

/** One element where the colour changes, and columns by spaces: fast to lay out. */
function productLines(rows, sums, lit) {
  const term = ({ source, value, weight }, column) => {
    const read = `${column ? "+" : ""}${sign(value)}`;
    const factor = `×${sign(weight)}`.padEnd(5);
    return source ? [read, inked("kernel", factor)] : [el("span", "cv-quiet", {}, read + factor)];
  };
  return rows.map((line, i) => {
    const there = line.slice(0, Math.max(lit - i * line.length, 0));
    const isWhole = there.length === line.length;
    const sum = isWhole ? [el("span", "cv-quiet", {}, `= ${sign(sums[i])}`)] : [];
    return el("div", "", {}, ...there.flatMap(term), ...sum, isWhole ? "" : "\u200b");
  });
}

/** The rows' sums, the bias and what they make. */
function wholeSum(layer, sums, total) {
  const added = signedSum(sums) + (layer.bias ? ` + ${BIAS} (bias)` : "");
  return [`${added} = `, el("strong", "cv-output-ink", {}, sign(total))];
}

const sumSoFar = ({ sum }) => ["sum so far: ", el("strong", "", {}, sign(sum))];

/** Everything one input cell feeds, and through which weights. */
export function pathsFrom(layer, [row, column]) {
  const paths = fedBy(layer, row, column);
  const value = inputAt(layer, row, column);
  const fed = new Set(paths.map((path) => key(path.output))).size;
  const [height, width] = axesOf(layer).map(outputSize);
  const feeds = `feeds ${fed} of ${many(height * width, "output")}`;
  const says = ` = ${sign(value)} ${feeds}`;

  const items = paths.map(({ output, weightCell, weight }) =>
    el(
      "li",
      "",
      {},
      inked("output", `output[${output.join(", ")}]`),
      " gets ",
      inked("input", sign(value)),
      " × ",
      inked("kernel", sign(weight)),
      el("span", "cv-quiet", {}, ` weight[${weightCell.join(", ")}]`),
    ),
  );
  const list = el("ul", "cv-paths", { tabindex: 0, "aria-label": "Outputs fed" }, ...items);
  const element = el(
    "div",
    "",
    {},
    el("div", "cv-title", {}, inked("input", `input[${row}, ${column}]`), says),
    ...(paths.length ? [list] : ["It is never read."]),
  );

  const spoken = paths.map(
    ({ output, weight }) => `row ${output[0]}, column ${output[1]} through weight ${speak(weight)}`,
  );
  const sentence =
    `Input row ${row}, column ${column}, value ${speak(value)}, ${feeds}` +
    (paths.length ? `: ${spoken.join("; ")}.` : ". It is never read.");
  return { element, sentence };
}

/** Sentences on what the sizes hide: uneven padding, and input that no window reads. */
export function sizeNotes(layer) {
  const axes = axesOf(layer);
  const [rows, columns] = axes.map((axis) => unreadIndices(axis, layer.padding_mode));
  const notes = [];

  const uneven = axes
    .map(
      ({ before, after }, axis) =>
        after > before &&
        `${before} ${["above and", "on the left and"][axis]} ${after} ` +
          ["below", "on the right"][axis],
    )
    .filter(Boolean);
  if (uneven.length) {
    notes.push(`'same' puts the extra padding at the end: ${uneven.join(", ")}.`);
  }

  const cut = [
    leftover(axes[0]) && `${many(leftover(axes[0]), "row")} at the bottom`,
    leftover(axes[1]) && `${many(leftover(axes[1]), "column")} on the right`,
  ].filter(Boolean);
  if (cut.length) notes.push(`The floor leaves out ${cut.join(" and ")} of the padded input.`);

  const [height, width] = axes.map((axis) => axis.size);
  const all = height * width;
  const read = (height - rows.length) * (width - columns.length);
  const lost = [
    rows.length && `row${rows.length > 1 ? "s" : ""} ${rows.join(", ")}`,
    columns.length && `column${columns.length > 1 ? "s" : ""} ${columns.join(", ")}`,
  ].filter(Boolean);
  notes.push(
    lost.length
      ? `Never read (hatched): input ${lost.join(" and ")}. ${read} of ${all} values are used.`
      : "Every input value is used.",
  );
  return notes.join(" ");
}
