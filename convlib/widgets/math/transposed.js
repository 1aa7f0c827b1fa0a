/**
 * A transposed convolution on a small square: every input stamps its multiple of the kernel into the
 * output, and stamps that overlap add up. Read backwards it is the convolution with the same settings.
 *
 * Both axes of the picture are alike. Positions count from 0 on the full result, before the padding
 * cuts it; an output's index is its position less the padding.
 *
 * @typedef {object} Stamping  The settings, named as in PyTorch: input_size, kernel_size, stride,
 *   padding, output_padding, dilation; and `ones`: whether every pixel and every weight is 1.
 *
 * @typedef {object} Path  One weight of one stamp.
 * @property {import("./arithmetic.js").Cell} small  The stamp: a cell of the small plane.
 * @property {import("./arithmetic.js").Cell} weightCell
 * @property {import("./arithmetic.js").Cell} position  Where it lands on the large plane.
 * @property {number} weight
 */
import { effectiveKernelSize, inputValue, tapPosition, weightValue } from "./arithmetic.js";
import { transposedSize } from "./counts.js";
import { addUp, range, table } from "./lists.js";
import { transposedShape } from "./modules/convolution.js";
import { isRefusal } from "./modules/refusal.js";
import { layerCode } from "./torch_code.js";
import { t } from "./words.js";

/** @param {Stamping} layer */
export function axisOf({ input_size, kernel_size, stride, padding, output_padding, dilation }) {
  const steps = { kernel: kernel_size, stride, dilation };
  return { size: input_size, ...steps, before: padding, after: padding, extra: output_padding };
}

/** Positions from the first stamp's start to the last one's end. */
function fullSize({ size, stride, kernel, dilation }) {
  return (size - 1) * stride + effectiveKernelSize(kernel, dilation);
}

/** What the convolution makes of the output's size: the input's, if output_padding < stride. */
function sizeBack({ size, extra, stride }) {
  return size + Math.floor(extra / stride);
}

/**
 * Why a layer cannot be shown: PyTorch's reason, or the size of the picture; null if it can.
 *
 * @param {Stamping} layer
 * @param {number} most  Positions that the picture has room for.
 * @returns {import("./arithmetic.js").Refusal | null}
 */
export function problem(layer, most) {
  const module = { in_channels: 1, out_channels: 1, groups: 1, ...layer };
  const shape = transposedShape({ ...module, kind: "ConvTranspose2d" }, [
    [1, layer.input_size, layer.input_size],
  ]);
  if (isRefusal(shape)) return { type: shape.type, message: shape.message, rule: shape.why };
  const axis = axisOf(layer);
  const span = fullSize(axis) + axis.extra;
  if (span <= most) return null;
  return {
    rule: t("the full result would span {span} cells, but the picture has room for {most}", {
      span,
      most,
    }),
  };
}

/** Every [stamp, tap] that lands on a position, of so many stamps. */
function landings(axis, position, stamps = axis.size) {
  const pairs = [];
  for (let stamp = 0; stamp < stamps; stamp++) {
    for (let tap = 0; tap < axis.kernel; tap++) {
      if (tapPosition(axis, stamp, tap) === position) pairs.push([stamp, tap]);
    }
  }
  return pairs;
}

/** How many stamps meet along one axis on the positions of one stride, where none is missing. */
function rhythm({ kernel, stride, dilation }) {
  const counts = Array(stride).fill(0);
  for (let tap = 0; tap < kernel; tap++) counts[(tap * dilation) % stride] += 1;
  return counts;
}

/** The counts of overlaps that occur away from the edges, from small to large. */
export function innerCounts(axis) {
  const counts = rhythm(axis);
  const products = counts.flatMap((row) => counts.map((column) => row * column));
  return [...new Set(products)].sort((a, b) => a - b);
}

/** The number of an input. */
export const numberAt = (layer, at) => (layer.ones ? 1 : inputValue(...at));
const weightAt = (layer, at) => (layer.ones ? 1 : weightValue(...at));

/** @returns {Path[]}  One for each weight of a stamp, in reading order. */
export function pathsFrom(layer, [row, column]) {
  const axis = axisOf(layer);
  return range(axis.kernel).flatMap((i) =>
    range(axis.kernel).map((j) => ({
      small: [row, column],
      weightCell: [i, j],
      position: [tapPosition(axis, row, i), tapPosition(axis, column, j)],
      weight: weightAt(layer, [i, j]),
    })),
  );
}

/** @returns {Path[]}  One for each stamp that meets a position, in the order of the stamps. */
function pathsTo(layer, [y, x], stamps = layer.input_size) {
  const axis = axisOf(layer);
  const across = landings(axis, x, stamps);
  return landings(axis, y, stamps).flatMap(([row, i]) =>
    across.map(([column, j]) => ({
      small: [row, column],
      weightCell: [i, j],
      position: [y, x],
      weight: weightAt(layer, [i, j]),
    })),
  );
}

/** Whether a position is part of the output, or cut off by the padding. */
export function isKept(axis, at) {
  return [at].flat().every((n) => n >= axis.before && n < axis.before + transposedSize(axis));
}

/** The stamps added up, on so many positions: the output, and around it what is cut off. */
function stamped(layer, positions) {
  return table([positions, positions], (...at) =>
    addUp(pathsTo(layer, at).map(({ small, weight }) => numberAt(layer, small) * weight)),
  );
}

/** How many of so many stamps meet on each of so many positions, along one axis. */
function overlaps(axis, positions, stamps = axis.size) {
  return range(positions).map((position) => landings(axis, position, stamps).length);
}

/** Cells of the input, or of what comes back, and of the output, each the nearest that is there. */
export function fitPicks({ input_cell, output_cell, backwards, ...layer }) {
  const axis = axisOf(layer);
  const within = (cell, size) => cell.map((at) => Math.min(at, size - 1));
  return {
    input_cell: within(input_cell, smallSize(axis, backwards)),
    output_cell: output_cell && within(output_cell, transposedSize(axis)),
  };
}

const smallSize = (axis, backwards) => (backwards ? sizeBack(axis) : axis.size);

/**
 * All that the picture shows. `large` is the full result; backwards, the output inside its padding.
 * `small` is the input; backwards, what the convolution makes of `large`.
 */
export function describe(traits) {
  const { backwards, input_cell: _, output_cell: __, ...layer } = traits;
  const axis = axisOf(layer);
  const out = transposedSize(axis);
  const full = fullSize(axis);
  const stamps = smallSize(axis, backwards);
  const largeSize = backwards ? out + 2 * axis.before : Math.max(full, axis.before + out);
  const sums = stamped(layer, largeSize);
  const padded = sums.map((line, y) => line.map((sum, x) => (isKept(axis, [y, x]) ? sum : 0)));
  const large = backwards ? padded : sums;
  const small = table([stamps, stamps], (...at) =>
    backwards
      ? addUp(pathsFrom(layer, at).map(({ position: [y, x], weight }) => padded[y][x] * weight))
      : numberAt(layer, at),
  );
  const picture = { layer, axis, backwards, out, full, small, large };
  return {
    ...picture,
    counts: overlaps(axis, largeSize, stamps),
    code: codeOf(layer, backwards),
    ...pick(picture, fitPicks(traits)),
  };
}

/** The picked cell, and every product that leads to it or away from it. */
function pick({ layer, axis, small, large }, { input_cell, output_cell }) {
  const kind = output_cell ? "large" : "small";
  const cell = output_cell ?? input_cell;
  const paths = output_cell
    ? pathsTo(
        layer,
        cell.map((at) => at + axis.before),
        small.length,
      )
    : pathsFrom(layer, cell);
  return {
    picked: { kind, cell },
    paths: paths.map((path) => ({ ...path, isCut: !isKept(axis, path.position) })),
    number: output_cell
      ? large[cell[0] + axis.before][cell[1] + axis.before]
      : small[cell[0]][cell[1]],
  };
}

/** The transposed layer as a line of PyTorch, or the convolution that it is the way back of. */
export function codeOf({ ones: _, ...layer }, backwards) {
  const { output_padding, ...conv } = layer;
  if (backwards) return layerCode({ ...conv, bias: false });
  return layerCode({ ...conv, output_padding, bias: false }, "ConvTranspose2d");
}
