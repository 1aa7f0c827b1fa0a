/**
 * Two layers of one channel with nothing between them, as one layer: each weight of the second
 * lays down a copy of the first kernel, and copies that overlap add up.
 *
 * @typedef {object} Pair
 * @property {number} first  The size of the first kernel.
 * @property {number} second  The size of the second.
 * @property {number} stride  Of the first layer: so far apart lie the copies.
 */
import { weightValue } from "./arithmetic.js";
import { addUp, range, table } from "./lists.js";
import { term } from "./sums.js";
import { sentences, sign, speak } from "./text.js";
import { layerCode } from "./torch_code.js";
import { plural, t } from "./words.js";

/** The size of the one kernel. */
export const joinedSize = ({ first, second, stride }) => first + stride * (second - 1);

export const firstWeight = weightValue;

/** Begun one row further down, so that it looks different from the first. */
export const secondWeight = (row, column) => weightValue(row + 1, column);

/** The copies over one cell of the one kernel: the place of each in both kernels. */
function copiesOver({ first, second, stride }, [row, column]) {
  const places = range(second).flatMap((v) => range(second).map((u) => [v, u]));
  const inFirst = ([v, u]) => [row - stride * v, column - stride * u];
  return places
    .map((inSecond) => ({ inSecond, inFirst: inFirst(inSecond) }))
    .filter(({ inFirst }) => inFirst.every((at) => at >= 0 && at < first));
}

const products = (copies) =>
  copies.map(({ inSecond, inFirst }) => [secondWeight(...inSecond), firstWeight(...inFirst)]);

/** One number of the one kernel. */
const joinedWeight = (pair, cell) => addUp(products(copiesOver(pair, cell)).map(([a, b]) => a * b));

/** The one kernel. */
export function joined(pair) {
  const size = joinedSize(pair);
  return table([size, size], (...cell) => joinedWeight(pair, cell));
}

/** The cells of the one kernel on which a weight of the second lays its copy. */
export function covered({ first, stride }, [v, u]) {
  const side = range(first);
  return side.flatMap((i) => side.map((j) => [stride * v + i, stride * u + j]));
}

// ---------------------------------------------------------------------------------- in words

/** How a number of the one kernel comes about: `2 × 3 + 0 × (−1) = 6`. */
export function sumOf(pair, cell) {
  const terms = products(copiesOver(pair, cell)).map(([a, b]) => `${term(a)} × ${term(b)}`);
  return `${terms.join(" + ")} = ${sign(joinedWeight(pair, cell))}`;
}

/** What the picked weight does, to be heard. */
export function sentenceOf(pair, picked) {
  const [row, column] = picked.map((at) => at * pair.stride);
  const size = joinedSize(pair);
  const weight = speak(secondWeight(...picked));
  return sentences([
    t(
      "Weight {weight} of the second kernel lays {weight} times the first kernel " +
        "from row {row}, column {column} on.",
      { weight, row, column },
    ),
    plural("The one kernel has {size} row.", "The one kernel has {size} rows.", size, { size }),
  ]);
}

/** What the sizes say: the formula, and how many weights there are. */
export function notesOf(pair) {
  const { first, second, stride } = pair;
  const size = joinedSize(pair);
  const learned = first ** 2 + second ** 2;
  return [
    t("kernel size: {sum}", { sum: `${first} + ${stride} · (${second} − 1) = ${size}` }),
    t("stride: {sum}", { sum: `${stride} · 1 = ${stride}` }),
    t("weights: {two} in two layers, {one} in one", {
      two: `${first} · ${first} + ${second} · ${second} = ${learned}`,
      one: `${size} · ${size} = ${size ** 2}`,
    }),
  ];
}

/** The one layer as a line of PyTorch. */
export function codeOf(pair) {
  const size = joinedSize(pair);
  return layerCode({ kernel_size: [size, size], stride: pair.stride, bias: false });
}
