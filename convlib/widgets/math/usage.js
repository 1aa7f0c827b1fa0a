/**
 * How often each input cell is read, and what flows back to it: pure functions, no DOM.
 *
 * Every path from an input cell through one weight to one output carries a value forwards and a
 * gradient backwards. Counting the paths of a cell gives its use; adding up their weights gives
 * the gradient of the output's sum.
 */
import {
  axesOf,
  leftover,
  outputSize,
  readers,
  tapPosition,
  unreadIndices,
  weightValue,
} from "./arithmetic.js";
import { range } from "./lists.js";

/** How often the windows along one axis read each index. */
export function useCounts(axis) {
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
