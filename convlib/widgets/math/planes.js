/**
 * A convolution over a few channels, with its numbers: which planes an output reads, what each gives,
 * and what the sum and the bias make of it. channels_explorer.py has the same numbers.
 *
 * @typedef {object} Planes  The settings, named as in PyTorch: in_channels, out_channels, groups,
 *   input_size, kernel_size, bias; and `powers`: whether channel c holds 10 to the power of c.
 *
 * @typedef {["input", number, number, number] | ["output", number, number, number]
 *   | ["weight", number, number, number, number]} Pick  Its place in the array of that name.
 */
import { inputValue, problem, weightValue } from "./arithmetic.js";
import { groupOf, groupsProblem, inputsOf } from "./channels.js";
import { addUp, key, range, table } from "./lists.js";
import { pair } from "./modules/sizes.js";
import { moduleCode } from "./torch_code.js";

// By how many steps the kernel of an output (row) and an input (column) is moved on: no two kernels
// of a filter are alike, and none of two filters for the same input.
const SHIFTS = [
  [0, 1, 2, 3],
  [2, 4, 1, 0],
  [4, 2, 0, 1],
  [1, 0, 4, 2],
];
const BIASES = [1, -1, 2, -2];

const pixelAt = ({ powers }, channel, row, column) =>
  powers ? 10 ** channel : inputValue(row + 2 * channel, column + 3 * channel);

/** The weight with which an output reads a cell of an input channel. */
export const weightAt = ({ powers }, output, input, row, column) =>
  powers ? output * input + 1 : weightValue(row + SHIFTS[output][input], column);

const biasAt = ({ bias, powers, in_channels }, output) =>
  !bias ? 0 : powers ? output * 10 ** in_channels : BIASES[output];

export const outSize = ({ input_size, kernel_size }) => input_size - kernel_size + 1;

/**
 * Why a layer is not possible, as PyTorch says it; null if it is.
 *
 * @returns {import("./arithmetic.js").Refusal | null}
 */
export function planesProblem(layer) {
  const { input_size, kernel_size: k } = layer;
  const steps = { stride: 1, padding: 0, dilation: 1, padding_mode: "zeros" };
  return groupsProblem(layer) ?? problem({ input_size, kernel_size: [k, k], ...steps });
}

/** The channels of a group's outputs. */
export function outputsOf({ in_channels, out_channels, groups }, input) {
  const size = out_channels / groups;
  const first = groupOf(input, in_channels, groups) * size;
  return range(size).map((index) => first + index);
}

/** For one output: what each plane that it reads gives. */
function summands(layer, [output, row, column]) {
  const taps = range(layer.kernel_size);
  return inputsOf(layer, output).map((input) => {
    const products = taps.map((i) =>
      taps.map((j) => ({
        value: pixelAt(layer, input, row + i, column + j),
        weight: weightAt(layer, output, input, i, j),
      })),
    );
    const sum = products.flat().reduce((sum, { value, weight }) => sum + value * weight, 0);
    return { input, products, sum };
  });
}

/** One number of the output. */
function outputAt(layer, place) {
  const sums = summands(layer, place).map(({ sum }) => sum);
  return addUp(sums, biasAt(layer, place[0]));
}

/** @param {Pick} picked  Moved to the nearest thing that the picture has. */
export function fitPick([kind, ...at], layer) {
  const { in_channels, out_channels, groups, input_size: n, kernel_size: k } = layer;
  const ends = {
    input: [in_channels, n, n],
    output: [out_channels, outSize(layer), outSize(layer)],
    weight: [out_channels, in_channels / groups, k, k],
  }[kind];
  if (ends?.length !== at.length) throw new TypeError(`picked cannot be ${kind} at ${at}`); // a link's
  return [kind, ...at.map((index, axis) => Math.min(index, ends[axis] - 1))];
}

/** The output whose numbers are shown: the one picked, or the first that the pick touches. */
function shownOutput(layer, [kind, first, row, column]) {
  if (kind === "output") return [first, row, column];
  if (kind === "weight") return [first, 0, 0];
  const from = (at) => Math.max(0, at - layer.kernel_size + 1);
  return [outputsOf(layer, first)[0], from(row), from(column)];
}

/** The cells of all three arrays that a pick touches, as keys of their places. */
export function touched(layer, [kind, first, ...at]) {
  const taps = range(layer.kernel_size);
  const places = range(outSize(layer));
  const pairs = (rows, columns) => rows.flatMap((row) => columns.map((column) => [row, column]));
  const keys = (channels, cells) =>
    new Set(channels.flatMap((channel) => cells.map((cell) => key([channel, ...cell]))));
  if (kind === "output") {
    const window = pairs(...at.map((place) => taps.map((tap) => place + tap)));
    const reads = inputsOf(layer, first);
    return {
      input: keys(reads, window),
      weight: keys(reads, pairs(taps, taps)),
      output: keys([first], [at]),
    };
  }
  if (kind === "weight") {
    const [index, i, j] = at;
    const input = inputsOf(layer, first)[index];
    const met = pairs(
      places.map((place) => place + i),
      places.map((place) => place + j),
    );
    return {
      input: keys([input], met),
      weight: keys([input], [[i, j]]),
      output: keys([first], pairs(places, places)),
    };
  }
  const meets = (tap, cell) => tap <= cell && cell - tap < places.length;
  const tapsOf = at.map((cell) => taps.filter((tap) => meets(tap, cell)));
  const fed = pairs(...tapsOf.map((some, axis) => some.map((tap) => at[axis] - tap)));
  return {
    input: keys([first], [at]),
    weight: keys([first], pairs(...tapsOf)),
    output: keys(outputsOf(layer, first), fed),
  };
}

/** All that the picture shows. */
export function describe({ picked, ...layer }) {
  const chosen = fitPick(picked, layer);
  const shown = shownOutput(layer, chosen);
  const [inside, outside, taps] = [layer.input_size, outSize(layer), layer.kernel_size].map(pair);
  return {
    layer,
    picked: chosen,
    shown,
    touched: touched(layer, chosen),
    inputs: range(layer.in_channels).map((channel) =>
      table(inside, (row, column) => pixelAt(layer, channel, row, column)),
    ),
    outputs: range(layer.out_channels).map((channel) =>
      table(outside, (row, column) => outputAt(layer, [channel, row, column])),
    ),
    planes: summands(layer, shown).map((plane) => ({
      ...plane,
      kernel: table(taps, (i, j) => weightAt(layer, shown[0], plane.input, i, j)),
    })),
    bias: biasAt(layer, shown[0]),
    total: outputAt(layer, shown),
    code: codeOf(layer),
  };
}

/** The layer as a line of PyTorch. */
export function codeOf({ in_channels, out_channels, kernel_size, groups, bias }) {
  return moduleCode("Conv2d", [in_channels, out_channels], { kernel_size, groups, bias });
}
