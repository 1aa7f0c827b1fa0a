/**
 * How often each input cell is read, and what flows back to it: pure functions, no DOM.
 *
 * Every path from an input cell through one weight to one output carries a value forwards and a
 * gradient backwards. Counting the paths of a cell gives its use; adding up their weights gives
 * the gradient of the output's sum.
 */
import {
  axesOf,
  fedBy,
  leftover,
  outputSize,
  readers,
  tapPosition,
  unreadIndices,
  weightValue,
} from "./arithmetic.js";
import { range } from "./lists.js";
import { layerCode } from "./torch_code.js";

/**
 * The layer that the traits describe, as arithmetic.js wants it.
 *
 * @returns {import("./arithmetic.js").Layer}
 */
export function layerOf({ input_size, kernel_size: k, stride, padding, dilation }) {
  const steps = { stride, padding, dilation };
  return { input_size, kernel_size: [k, k], ...steps, padding_mode: "zeros", bias: false };
}

/** The layer as a line of PyTorch: the convolution, or the transposed one that runs it back. */
export function codeOf(layer, backwards) {
  if (!backwards) return layerCode(layer);
  return layerCode({ ...layer, output_padding: outputPadding(layer) }, "ConvTranspose2d");
}

/** All that the picture shows: the layer, the numbers on its input, and the picked cell's paths. */
export function describe(traits) {
  const layer = layerOf(traits);
  const axes = axesOf(layer);
  const cell = traits.cell.map((at) => Math.min(at, layer.input_size - 1));
  const backwards = traits.view === "gradient";
  const counts = usage(layer);
  return {
    layer,
    axes,
    cell,
    backwards,
    counts,
    numbers: backwards ? inputGradient(layer) : counts,
    unread: whyUnread(axes[0]),
    paths: fedBy(layer, ...cell),
    code: codeOf(layer, backwards),
  };
}

/** How often the windows along one axis read each index. */
function useCounts(axis) {
  return range(axis.size).map((index) => readers(axis, index, "zeros").length);
}

/** How often a layer reads each cell: the axes' counts multiplied. */
export function usage(layer) {
  const [rows, columns] = axesOf(layer).map(useCounts);
  return rows.map((row) => columns.map((column) => row * column));
}

/** The gradient of the sum of all outputs with respect to each input cell. */
export function inputGradient(layer) {
  const [vertical, horizontal] = axesOf(layer).map((axis) =>
    range(axis.size).map((index) => readers(axis, index, "zeros").map(([, tap]) => tap)),
  );
  return vertical.map((rowTaps) =>
    horizontal.map((columnTaps) => {
      let sum = 0;
      for (const i of rowTaps) for (const j of columnTaps) sum += weightValue(i, j);
      return sum;
    }),
  );
}

/**
 * Why each index of an axis is never read. "floor": it lies past the end of the last window.
 * "gap": it lies between two taps or two windows. Null if it is read.
 */
export function whyUnread(axis) {
  const unread = unreadIndices(axis, "zeros");
  const end = tapPosition(axis, outputSize(axis) - 1, axis.kernel - 1);
  return range(axis.size).map((index) => {
    if (!unread.includes(index)) return null;
    return index + axis.before > end ? "floor" : "gap";
  });
}

/** What a transposed convolution must add at the end to give the input its size back. */
export function outputPadding(layer) {
  return leftover(axesOf(layer)[0]);
}

/** A letter for each weight, in reading order. */
export function weightName([row, column], width) {
  return "abcdefghijklmnopqrstuvwxyz"[row * width + column];
}

/** How many pixels are read how often, and how many never, for each reason. */
export function tally({ layer, counts, unread }) {
  const all = counts.flat();
  const kinds = [...new Set(all)].sort((a, b) => a - b).filter((count) => count > 0);
  const square = (isMember) => unread.filter(isMember).length ** 2;
  const beforeEnd = square((reason) => reason !== "floor");
  return {
    most: Math.max(...all),
    read: kinds.map((count) => [count, all.filter((other) => other === count).length]),
    floor: layer.input_size ** 2 - beforeEnd,
    gap: beforeEnd - square((reason) => reason === null),
  };
}
