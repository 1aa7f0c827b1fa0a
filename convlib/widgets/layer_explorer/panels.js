/** The picture: the padded input, the kernel and the output, each a grid of numbers. */
import {
  axesOf,
  BIAS,
  effectiveKernelSize,
  outputSize,
  paddedSize,
  tapPosition,
  weightAt,
} from "../math/arithmetic.js";
import { columnsOf, inputCell } from "../math/layer_picture.js";
import { byCell, key, range } from "../math/lists.js";
import { clauses, sign, speak } from "../math/text.js";
import { t } from "../math/words.js";
import { el, setText } from "../parts/dom.js";
import { createOperator, createPanel, createStage } from "../parts/grid.js";

/**
 * @param {Record<string, (row: number, column: number) => void>} picks
 * @param {() => void} onType
 * @param {AbortSignal} signal
 */
export function createPanels(picks, onType, signal) {
  const panel = (kind, title, type) =>
    createPanel({ kind, title, onPick: picks[kind], onType: type, signal });
  const input = panel("input", t("Input"), onType);
  const kernel = panel("kernel", t("Kernel"), onType);
  const output = panel("output", t("Output"));
  const stage = createStage(
    input.element,
    el("div", "cv-step", {}, createOperator("∗"), kernel.element),
    el("div", "cv-step", {}, createOperator("="), output.element),
  );
  const panels = { input, kernel, output, stage };
  return {
    ...panels,

    /** Draw what follows from the layer alone. */
    showLayer(picture, forbids) {
      showTitles(panels, picture);
      showWeights(input.grid, picture);
      fitStage(stage, picture, forbids);
    },

    show(picture, picks) {
      showInput(input, picture, picks);
      showKernel(kernel, picture.layer, picks);
      showOutput(output, picture, picks);
    },
  };
}

function showTitles({ input, kernel, output }, { layer, axes, unvisited }) {
  const times = (sizes) => sizes.join("\xa0×\xa0"); // a size stays on its line
  const bare = times(axes.map((axis) => axis.size));
  const padded = times(axes.map(paddedSize));
  const weights = times(layer.kernel_size);
  const reach = times(axes.map((axis) => effectiveKernelSize(axis.kernel, axis.dilation)));
  const isPadded = padded !== bare && t("padded to {size}", { size: padded });
  const isUnread = unvisited.flat().length > 0 && t("hatched: never read");
  setText(input.size, clauses([bare, isPadded, isUnread]));
  const isSpread = reach !== weights && t("spread over {size}", { size: reach });
  const bias = layer.bias && t("bias\xa0{bias}", { bias: BIAS });
  setText(kernel.size, clauses([weights, isSpread, bias]));
  setText(output.size, times(axes.map(outputSize)));
}

/** Give the cells their size. 'same' puts cells around those that are there; they stay as large. */
function fitStage(stage, { layer, axes }, forbids) {
  const possible = [layer, { ...layer, padding: "same" }].filter((each) => !forbids(each));
  const columns = Math.max(...possible.map(columnsOf));
  const rows = Math.max(...possible.map((each) => paddedSize(axesOf(each)[0])));
  stage.fit(layer.kernel_size[1] + columns, paddedSize(axes[1]), rows);
  const below = Math.max(layer.kernel_size[0], outputSize(axes[0])); // on a narrow page
  stage.element.style.setProperty("--stacked", paddedSize(axes[0]) + below);
}

/** The weights ride in the frame, so that they glide with it over the input. */
function showWeights(grid, { layer, axes: [vertical, horizontal] }) {
  const [height, width] = layer.kernel_size;
  const weights = range(height).flatMap((i) =>
    range(width).map((j) => ({
      row: i * vertical.dilation,
      column: j * horizontal.dilation,
      text: `×${sign(weightAt(layer, i, j))}`,
    })),
  );
  grid.engrave(weights);
}

/** The padded input: under the window of the picked output, or with one input cell picked. */
function showInput({ grid }, picture, picks) {
  const { axes, cells } = picture;
  const { input_cell, output_cell } = picks;
  const [top, left] = axes.map((axis) => axis.before);
  const [rows, columns] = axes.map((axis) => axis.size);
  grid.resize(...axes.map(paddedSize), { top, left, rows, columns });
  cells.forEach((line, y) => {
    for (const x of line.keys()) grid.paint(y, x, inputPaint(inputCell(picture, picks, y, x)));
  });
  if (input_cell) {
    grid.outline(null);
    grid.activate(input_cell[0] + top, input_cell[1] + left);
  } else {
    const [row, column] = axes.map((axis, side) => tapPosition(axis, output_cell[side], 0));
    const [rows, columns] = axes.map((axis) => effectiveKernelSize(axis.kernel, axis.dilation));
    grid.outline({ row, column, rows, columns });
  }
}

function inputPaint({ here, source, value, tap, isNow, isInside, isUnread, isCopied, isChosen }) {
  const [row, column] = isInside ? here : (source ?? []);
  const facts = { row, column, value: speak(value) };
  const what = isInside
    ? t("row {row}, column {column}: {value}", facts)
    : source
      ? t("padding, a copy of row {row}, column {column}: {value}", facts)
      : t("padding: 0");
  const use = tap && t("times {weight}", { weight: speak(tap.weight) });
  return {
    text: sign(value),
    spoken: clauses([what, use, isUnread && t("never read")]),
    marks: [
      isInside ? "core" : source ? "copy" : "zero",
      isUnread && "unread",
      tap && "tap",
      isNow && "now",
      isCopied && "source",
      isChosen && (isInside ? "picked" : "echo"),
    ],
  };
}

/** The kernel; with an input cell picked, the weights it never meets step back. */
function showKernel({ grid }, layer, { paths, now, scene, weight_cell }) {
  const [height, width] = layer.kernel_size;
  const met = paths && byCell(paths, (path) => path.weightCell);
  grid.resize(height, width);
  for (const i of range(height)) {
    for (const j of range(width)) {
      const weight = weightAt(layer, i, j);
      const at = key([i, j]);
      const isTarget = !paths && !scene && at === key(weight_cell);
      const marks = [
        met && !met.has(at) && "idle",
        isTarget && "target",
        now && at === key(now.weightCell) && "now",
      ];
      const facts = { row: i, column: j, value: speak(weight) };
      const spoken = t("row {row}, column {column}: {value}", facts);
      grid.paint(i, j, { text: sign(weight), spoken, marks });
    }
  }
  grid.activate(...weight_cell);
}

/** The output: whole, in a scene of the film, or as far as a picked input cell feeds it. */
function showOutput({ grid }, { values }, picks) {
  const { output_cell, paths, scene } = picks;
  const fed = paths && byCell(paths, (path) => path.output);
  const end = scene && key(scene.output);
  let isThere = true; // in a scene, until its output comes
  grid.resize(values.length, values[0].length);
  values.forEach((line, row) => {
    for (const [column, value] of line.entries()) {
      const at = key([row, column]);
      const isLast = at === end;
      if (isLast && !scene.isDone) isThere = false;
      const isPicked = !fed && at === key(output_cell);
      const look = fed ? fedPaint(value, fed.get(at)) : outputPaint(value, isThere);
      const facts = { row, column, value: look.spoken };
      const spoken = t("row {row}, column {column}: {value}", facts);
      const marks = [...look.marks, isPicked && (isThere ? "picked" : "coming")];
      grid.paint(row, column, { ...look, spoken, marks: [...marks, isLast && isThere && "drop"] });
      if (isLast) isThere = false;
    }
  });
  grid.activate(...output_cell);
}

function outputPaint(value, isThere) {
  if (!isThere) return { text: "", spoken: t("still empty"), marks: ["empty"] };
  return { text: sign(value), spoken: speak(value), marks: [lengthMark(value)] };
}

function fedPaint(value, paths) {
  const weights = paths?.map((path) => path.weight);
  const through = weights && t("fed through {weights}", { weights: spokenWeights(weights) });
  return {
    text: sign(value),
    spoken: clauses([speak(value), through]),
    corner: cornerOf(weights),
    marks: [weights ? "fed" : "idle", lengthMark(value)],
  };
}

const spokenWeights = (weights) =>
  weights.map(speak).reduce((first, last) => t("{first} and {last}", { first, last }));

/** A number of four or five signs is written smaller, so that its cell holds it. */
const lengthMark = (value) => [false, "long", "longer"][Math.max(sign(value).length - 3, 0)];

/** What stands in the corner of an output that is fed: its weight, or how many there are. */
function cornerOf(weights) {
  if (!weights) return "";
  return weights.length > 1 ? `${weights.length}×` : `×${sign(weights[0])}`;
}
