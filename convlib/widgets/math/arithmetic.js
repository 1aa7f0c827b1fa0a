/**
 * The arithmetic of a convolution: pure functions, no DOM. Every widget computes with this module.
 *
 * The two axes of an image never mix, so almost everything here works on one axis; the functions
 * at the end combine two of them. Positions count from 0 on the padded axis, indices from 0 on
 * the input itself.
 *
 * @typedef {"zeros" | "reflect" | "replicate" | "circular"} PaddingMode
 *
 * @typedef {number | [number, number]} Size  One number for both axes, or a height and a width.
 *
 * @typedef {object} Layer  The settings of one layer on one input, named as in PyTorch.
 * @property {Size} input_size
 * @property {[number, number]} kernel_size
 * @property {Size} stride
 * @property {Size | "same"} padding
 * @property {Size} dilation
 * @property {PaddingMode} padding_mode
 * @property {boolean} bias
 * @property {(number | null)[][]} [weight]  Numbers in place of the standard ones, from the top left.
 * @property {(number | null)[][]} [input_values]  The same for the input.
 *
 * @typedef {object} Axis  The same settings along one axis.
 * @property {number} size  Cells of input.
 * @property {number} kernel  Weights of the kernel.
 * @property {number} stride
 * @property {number} dilation
 * @property {number} before  Padding cells in front of the input.
 * @property {number} after  Padding cells behind it.
 *
 * @typedef {[number, number]} Cell  Row and column.
 *
 * @typedef {object} Refusal  Why a setting is not possible.
 * @property {string} rule  In our words, with the numbers at hand.
 * @property {string} [type]  The exception that PyTorch raises, if it refuses the setting too.
 * @property {string} [message]  And what it says.
 */
import { range, table } from "./lists.js";
import { pair } from "./modules/sizes.js";
import { python } from "./torch_code.js";
import { t } from "./words.js";

const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];

// The numbers in the pictures: small, fixed, and without symmetry, so that a flipped or transposed
// kernel would show. No input is 0, so that a 0 is always padding. _data.py computes the same in Python; a test holds the two together.

/** The input at a row and column: 1 to 9. */
export const inputValue = (row, column) => ((7 * row + 4 * column) % 9) + 1;

/** The weight at a row and column of the kernel: -1 to 3. */
export const weightValue = (row, column) => ((row + 3 * column + 3) % 5) - 1;

export const BIAS = 1;

/** The input of a layer at a row and column: its own number, or the standard one. */
export const inputAt = ({ input_values }, row, column) =>
  input_values?.[row]?.[column] ?? inputValue(row, column);

/** The same for a weight. */
export const weightAt = ({ weight }, row, column) =>
  weight?.[row]?.[column] ?? weightValue(row, column);

// ---------------------------------------------------------------------------------- one axis

/** Cells from the first to the last weight of a kernel whose weights stand `dilation` apart. */
export function effectiveKernelSize(kernel, dilation) {
  return dilation * (kernel - 1) + 1;
}

/** Padding before and after that keeps the size at stride 1: an odd cell goes to the end. */
export function samePadding(kernel, dilation) {
  const total = dilation * (kernel - 1);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/** Cells of the axis with its padding. */
export function paddedSize(axis) {
  return axis.size + axis.before + axis.after;
}

/** Cells between the first window's start and the last place where a window could start. */
export function travel(axis) {
  return paddedSize(axis) - effectiveKernelSize(axis.kernel, axis.dilation);
}

/** Number of windows: as many strides as fit into the travel, and the first window. */
export function outputSize(axis) {
  return Math.floor(travel(axis) / axis.stride) + 1;
}

/** Cells at the end of the padded axis that the floor in `outputSize` cuts off. */
export function leftover(axis) {
  return travel(axis) % axis.stride;
}

/** Padded position that weight number `tap` meets when computing one output. */
export function tapPosition(axis, output, tap) {
  return output * axis.stride + tap * axis.dilation;
}

/** Index of the input cell whose value stands at a padded position; null for a padded zero. */
export function sourceIndex(axis, position, mode) {
  const index = position - axis.before;
  const last = axis.size - 1;
  if (index >= 0 && index <= last) return index;
  if (mode === "reflect") return index < 0 ? -index : 2 * last - index;
  if (mode === "replicate") return index < 0 ? 0 : last;
  if (mode === "circular") return (index + axis.size) % axis.size;
  return null;
}

/** Every [output, tap] that reads the input cell `index`, directly or as a copy in the padding. */
export function readers(axis, index, mode) {
  const pairs = [];
  for (let output = 0; output < outputSize(axis); output++) {
    for (let tap = 0; tap < axis.kernel; tap++) {
      if (sourceIndex(axis, tapPosition(axis, output, tap), mode) === index) {
        pairs.push([output, tap]);
      }
    }
  }
  return pairs;
}

/** Input cells that no output reads: past the last window, or between taps or windows. */
export function unreadIndices(axis, mode) {
  const used = new Uint8Array(axis.size);
  isRead(axis).forEach((read, position) => {
    const index = read ? sourceIndex(axis, position, mode) : null;
    if (index !== null) used[index] = 1;
  });
  return range(axis.size).filter((index) => !used[index]);
}

/** Padded positions under which no weight ever stands. */
export function unreadPositions(axis) {
  const read = isRead(axis);
  return range(paddedSize(axis)).filter((position) => !read[position]);
}

/** For each padded position, 1 if a weight ever stands over it, else 0. */
function isRead(axis) {
  const read = new Uint8Array(paddedSize(axis)); // an axis may be long
  const outputs = outputSize(axis);
  for (let output = 0; output < outputs; output++) {
    for (let tap = 0; tap < axis.kernel; tap++) read[tapPosition(axis, output, tap)] = 1;
  }
  return read;
}

// ---------------------------------------------------------------------------------- two axes

/** The vertical and the horizontal axis of a layer. */
export function axesOf(layer) {
  const [sizes, strides, dilations, paddings] = [
    layer.input_size,
    layer.stride,
    layer.dilation,
    layer.padding,
  ].map(pair);
  return layer.kernel_size.map((kernel, side) => {
    const [dilation, padding] = [dilations[side], paddings[side]];
    const [before, after] = padding === "same" ? samePadding(kernel, dilation) : [padding, padding];
    return { size: sizes[side], kernel, stride: strides[side], dilation, before, after };
  });
}

/**
 * One entry per weight, in reading order, for one output cell: the weight's place in the kernel,
 * its value, the padded position it meets, the input cell that stands there (null for a padded
 * zero) and the value it reads.
 *
 * @returns {{ weightCell: Cell, weight: number, position: Cell, source: Cell | null,
 *   value: number }[]}
 */
export function tapsOf(layer, row, column) {
  const [vertical, horizontal] = axesOf(layer);
  const taps = [];
  for (let i = 0; i < vertical.kernel; i++) {
    for (let j = 0; j < horizontal.kernel; j++) {
      const y = tapPosition(vertical, row, i);
      const x = tapPosition(horizontal, column, j);
      const source = sourceCell(layer, vertical, horizontal, y, x);
      taps.push({
        weightCell: [i, j],
        weight: weightAt(layer, i, j),
        position: [y, x],
        source,
        value: source ? inputAt(layer, ...source) : 0,
      });
    }
  }
  return taps;
}

function sourceCell(layer, vertical, horizontal, y, x) {
  const row = sourceIndex(vertical, y, layer.padding_mode);
  const column = sourceIndex(horizontal, x, layer.padding_mode);
  return row === null || column === null ? null : [row, column];
}

/** The padded input, row by row: each cell's source (null for a padded zero) and value. */
export function paddedInput(layer) {
  const [vertical, horizontal] = axesOf(layer);
  return table([vertical, horizontal].map(paddedSize), (y, x) => {
    const source = sourceCell(layer, vertical, horizontal, y, x);
    return { source, value: source ? inputAt(layer, ...source) : 0 };
  });
}

/** One output value: the dot product of the kernel with what its taps read, plus the bias. */
function outputValue(layer, row, column) {
  const sum = tapsOf(layer, row, column).reduce((sum, tap) => sum + tap.weight * tap.value, 0);
  return sum + (layer.bias ? BIAS : 0);
}

/** The whole convolution, row by row. */
export function convolve(layer) {
  return table(axesOf(layer).map(outputSize), (...cell) => outputValue(layer, ...cell));
}

/**
 * The way back: every output that reads one input cell, and through which weight. With a padding
 * mode that copies, one output may read the cell through several weights.
 *
 * @returns {{ output: Cell, weightCell: Cell, weight: number }[]}
 */
export function fedBy(layer, row, column) {
  const [vertical, horizontal] = axesOf(layer);
  const columnReaders = readers(horizontal, column, layer.padding_mode);
  const paths = readers(vertical, row, layer.padding_mode).flatMap(([y, i]) =>
    columnReaders.map(([x, j]) => ({
      output: [y, x],
      weightCell: [i, j],
      weight: weightAt(layer, i, j),
    })),
  );
  return paths.sort((a, b) => a.output[0] - b.output[0] || a.output[1] - b.output[1]);
}

// ---------------------------------------------------------------------------------- what is legal

/**
 * Why PyTorch would refuse a layer: its exception type, its sentence, and the rule in our words
 * with this layer's numbers. Null if the layer is valid. The checks stand in PyTorch's order:
 * those of the constructor, then those of the call.
 *
 * @param {Layer} layer
 * @returns {Refusal | null}
 */
export function problem(layer) {
  return wordProblem(layer) ?? stepProblem(layer) ?? borderProblem(layer) ?? windowProblem(layer);
}

/** What the constructor refuses: words, and what they do not go with. */
function wordProblem({ stride, padding, padding_mode: mode }) {
  if (typeof padding === "string" && padding !== "same" && padding !== "valid") {
    return refusal(
      "ValueError",
      `Invalid padding string '${padding}', should be one of {'same', 'valid'}`,
      t("padding is a number, 'same' or 'valid'"),
    );
  }
  if (padding === "same" && pair(stride).some((step) => step !== 1)) {
    return refusal(
      "ValueError",
      "padding='same' is not supported for strided convolutions",
      t("padding='same' needs stride 1, not {stride}: a larger stride shrinks the output", {
        stride: python(stride),
      }),
    );
  }
  if (!PADDING_MODES.includes(mode)) {
    return refusal(
      "ValueError",
      "padding_mode must be one of {'circular', 'reflect', 'replicate', 'zeros'}, " +
        `but got padding_mode='${mode}'`,
      t("padding_mode is one of zeros, reflect, replicate, circular"),
    );
  }
  return null;
}

/** Numbers below the smallest. */
function stepProblem({ stride, padding, dilation }) {
  const isBelow = (value, least) => pair(value).some((number) => number < least);
  if (isBelow(padding, 0)) {
    return refusal("RuntimeError", "negative padding is not supported", t("padding is 0 or more"));
  }
  if (isBelow(stride, 1)) {
    return refusal(
      "RuntimeError",
      "non-positive stride is not supported",
      t("stride is 1 or more"),
    );
  }
  if (isBelow(dilation, 1)) {
    return refusal(
      "RuntimeError",
      `dilation should be greater than zero, but got [${pair(dilation).join(", ")}]`,
      t("dilation is 1 or more, and 1 means no gap"),
    );
  }
  return null;
}

/** A border that the padding mode cannot copy from the input. */
function borderProblem({ padding_mode: mode, ...layer }) {
  const axes = axesOf(layer);
  const widest = ({ before, after }) => Math.max(before, after);
  // PyTorch looks at the width first, and names the argument and the dimension by number.
  const side = [1, 0].find((side) => widest(axes[side]) >= axes[side].size);
  if (mode === "reflect" && side !== undefined) {
    const { before, after, size } = axes[side];
    const [argument, dimension] = side === 1 ? [4, 3] : [6, 2];
    return refusal(
      "RuntimeError",
      `Argument #${argument}: Padding size should be less than the corresponding input ` +
        `dimension, but got: padding (${before}, ${after}) at dimension ` +
        `${dimension} of input [1, 1, ${axes.map((axis) => axis.size).join(", ")}]`,
      t(
        "reflect mirrors the input without its edge, so the padding must be less than the " +
          "input size: {padding} is not less than {size}",
        { padding: widest(axes[side]), size },
      ),
    );
  }
  const long = axes.find((axis) => widest(axis) > axis.size);
  if (mode === "circular" && long) {
    return refusal(
      "RuntimeError",
      "Padding value causes wrapping around more than once.",
      t(
        "circular wraps around once, so the padding may be at most the input size: " +
          "{padding} is more than {size}",
        { padding: widest(long), size: long.size },
      ),
    );
  }
  return null;
}

/** A window that does not fit into the padded input. */
function windowProblem(layer) {
  const axes = axesOf(layer);
  if (axes.every((axis) => travel(axis) >= 0)) return null;
  const across = axes.map(paddedSize).join(" x ");
  const window = axes.map((axis) => effectiveKernelSize(axis.kernel, axis.dilation)).join(" x ");
  return refusal(
    "RuntimeError",
    `Calculated padded input size per channel: (${across}). Kernel size: (${window}). ` +
      "Kernel size can't be greater than actual input size",
    t("the window would span {window} cells, and the padded input has only {across}", {
      window,
      across,
    }),
  );
}

function refusal(type, message, rule) {
  return { type, message, rule };
}
