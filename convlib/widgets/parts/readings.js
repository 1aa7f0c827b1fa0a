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
import { clauses, listed, sentences, sign, signedSum, speak } from "../math/text.js";
import { phrase, plural, t } from "../math/words.js";
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

  const sum = spokenSum(layer, taps);
  const facts = { row, column, sum, total: speak(total) };
  return {
    element,
    sentence: t("Output row {row}, column {column}: {sum} equals {total}.", facts),
  };
}

/** The products and the bias, to listen to. */
function spokenSum(layer, taps) {
  const terms = taps.map((tap) => {
    const factors = { value: speak(tap.value), weight: speak(tap.weight) };
    return tap.source
      ? t("{value} times {weight}", factors)
      : t("{value} of padding times {weight}", factors);
  });
  if (layer.bias) terms.push(t("bias {bias}", { bias: BIAS }));
  return terms.reduce((sum, term) => t("{sum} plus {term}", { sum, term }));
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
  const sum = signedSum(sums);
  const added = layer.bias ? t("{sum} + {bias} (bias)", { sum, bias: BIAS }) : sum;
  return [`${added} = `, el("strong", "cv-output-ink", {}, sign(total))];
}

const sumSoFar = ({ sum }) => phrase("sum so far: {sum}", { sum: el("strong", "", {}, sign(sum)) });

/** Everything one input cell feeds, and through which weights. */
export function pathsFrom(layer, [row, column]) {
  const paths = fedBy(layer, row, column);
  const value = inputAt(layer, row, column);
  const fed = new Set(paths.map((path) => key(path.output))).size;
  const [height, width] = axesOf(layer).map(outputSize);
  const outputs = plural("{count} output", "{count} outputs", height * width);
  const title = phrase("{cell} = {value} feeds {fed} of {outputs}", {
    cell: inked("input", `input[${row}, ${column}]`),
    value: sign(value),
    fed,
    outputs,
  });
  const found = paths.length ? pathList(paths, value) : t("It is never read.");
  const element = el("div", "", {}, el("div", "cv-title", {}, ...title), found);
  const facts = { row, column, value: speak(value), fed, outputs, paths: spokenPaths(paths) };
  const sentence = paths.length
    ? t(
        "Input row {row}, column {column}, value {value}, feeds {fed} of {outputs}: {paths}.",
        facts,
      )
    : t(
        "Input row {row}, column {column}, value {value}, feeds {fed} of {outputs}. " +
          "It is never read.",
        facts,
      );
  return { element, sentence };
}

function pathList(paths, value) {
  const items = paths.map(({ output, weightCell, weight }) => {
    const parts = phrase("{output} gets {value} × {weight} {place}", {
      output: inked("output", `output[${output.join(", ")}]`),
      value: inked("input", sign(value)),
      weight: inked("kernel", sign(weight)),
      place: el("span", "cv-quiet", {}, `weight[${weightCell.join(", ")}]`),
    });
    return el("li", "", {}, ...parts);
  });
  return el("ul", "cv-paths", { tabindex: 0, "aria-label": t("Outputs fed") }, ...items);
}

const spokenPaths = (paths) =>
  paths
    .map(({ output: [row, column], weight }) =>
      t("row {row}, column {column} through weight {weight}", {
        row,
        column,
        weight: speak(weight),
      }),
    )
    .join(t("; "));

/** Sentences on what the sizes hide: uneven padding, and input that no window reads. */
export function sizeNotes(layer) {
  const axes = axesOf(layer);
  return sentences([unevenNote(axes), cutNote(axes), readNote(layer, axes)]);
}

function unevenNote([vertical, horizontal]) {
  const isUneven = ({ before, after }) => after > before;
  const sides = clauses([
    isUneven(vertical) && t("{before} above and {after} below", vertical),
    isUneven(horizontal) && t("{before} on the left and {after} on the right", horizontal),
  ]);
  return sides && t("'same' puts the extra padding at the end: {sides}.", { sides });
}

function cutNote(axes) {
  const [rows, columns] = axes.map(leftover);
  const cut = together(
    rows && plural("{count} row at the bottom", "{count} rows at the bottom", rows),
    columns && plural("{count} column on the right", "{count} columns on the right", columns),
  );
  return cut && t("The floor leaves out {cut} of the padded input.", { cut });
}

function readNote({ padding_mode }, axes) {
  const [rows, columns] = axes.map((axis) => unreadIndices(axis, padding_mode));
  const [height, width] = axes.map((axis) => axis.size);
  const lost = together(
    rows.length && plural("row {rows}", "rows {rows}", rows.length, { rows: listed(rows) }),
    columns.length &&
      plural("column {columns}", "columns {columns}", columns.length, { columns: listed(columns) }),
  );
  if (!lost) return t("Every input value is used.");
  return t("Never read (hatched): input {lost}. {read} of {all} values are used.", {
    lost,
    read: (height - rows.length) * (width - columns.length),
    all: height * width,
  });
}

/** What there is of rows, and of columns. */
const together = (rows, columns) =>
  rows && columns ? t("{rows} and {columns}", { rows, columns }) : rows || columns;
