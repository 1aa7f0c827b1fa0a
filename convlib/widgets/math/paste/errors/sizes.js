/** Questions about sizes that do not go together: windows, joins, Linear layers. */

import { asTuple } from "./facts.js";

const hasZero = (sizes) => Array.isArray(sizes) && sizes.includes(0);

// --- the window and the map ---

/** The map has no pixel: an empty crop. */
export const isEmpty = ({ padded }) => hasZero(padded);

/** A kernel with so many taps is rare: it is a small one with gaps. */
export const reachesFar = ({ reach, padded }) =>
  Array.isArray(reach) && !hasZero(padded) && reach[0] > 11 && reach[0] % 2 === 1;

export const dilationOfThree = ({ reach }) => ({ gap: (reach[0] - 1) / 2 });

/** Pooling: "320x6x1" is channels, height, width. */
const spatial = (sizes) => (Array.isArray(sizes) ? sizes.slice(-2) : []);

/** A pooling with a fixed window that is larger than the map: stride 1, as AvgPool2d(7, 1). */
export const hasFixedWindow = ({ pooled }) => spatial(pooled).every((size) => size < 0);

export function windowOfPooling({ pool_input, pooled }) {
  const windows = spatial(pool_input).map((size, axis) => size - spatial(pooled)[axis] + 1);
  return { window: Math.max(...windows), map: spatial(pool_input).join(" x ") };
}

export const mapOfPooling = ({ pool_input, pooled }) => ({
  map: spatial(pool_input).join(" x "),
  result: spatial(pooled).join(" x "),
});

/** Half of the window: the most that a pooling may be padded by. */
export function mostPadding({ kernel_size, dilation }) {
  const size = Array.isArray(kernel_size) ? Math.min(...kernel_size) : kernel_size;
  const effective = (dilation ?? 1) * (size - 1) + 1;
  return { most: Math.floor(effective / 2) };
}

// --- joins ---

/** Two maps that were halved and doubled differ by less than one step of the encoder. */
export const areMaps = ({ expected, got, dim }) =>
  dim !== 0 && expected > 0 && got > 0 && !(expected % 16 === 0 && got % 16 === 0);

const pair = ({ expected, got, a, b }) => [expected ?? a, got ?? b];

export const isGreyPair = (facts) => pair(facts).join() === "3,1" || pair(facts).join() === "1,3";

export const isRgbaPair = (facts) => [...pair(facts)].sort().join() === "3,4";

/** The picture's first axis is its height, and that of the mean has the 3 colours. */
export const isHeightAgainstColours = ({ a, b, dim }) => dim === 0 && b === 3 && a > 4;

export const differInChannels = ({ dim, a, b }) => dim === 1 && a !== b;

export const differInBatch = ({ dim }) => dim === 0;

export const smallerAndLarger = (facts) => {
  const [one, two] = pair(facts);
  const small = Math.min(one, two);
  const large = Math.max(one, two);
  return { small, large, more: large - small, first: one, second: two };
};

// --- Linear and view ---

/** [N, C, H, W] went in, so rows = N * C * H and columns = W. */
export function isNotFlat({ rows, columns, in_features }) {
  if (!(columns < in_features) || !(rows > 1)) return false;
  const perImage = in_features / columns;
  const fits = Number.isInteger(perImage) && rows % perImage === 0;
  const isSquare = Number.isInteger(perImage / columns);
  return fits && isSquare;
}

/** As many rows as no batch has, in multiples of the width: a map, whatever its size. */
export const looksNotFlat = ({ rows, columns, in_features }) =>
  columns <= 128 && columns !== in_features && rows >= 1024 && rows % columns === 0;

export const batchOfRows = ({ rows, columns, in_features }) => ({
  N: (rows * columns) / in_features,
});

/** How the numbers of a view divide: those wanted in a row, and those left over. */
export function rowsOfView({ shape, size }) {
  const row = shape.slice(1).reduce((product, length) => product * Math.abs(length), 1);
  const rest = row > 0 ? size % row : size;
  return { row, rest, N: shape[0], whole_rows: row > 0 ? Math.floor(size / row) : 0 };
}

/** The batch stands in the view as a number, and the last batch is smaller. */
export const isOtherBatch = ({ shape, size }) => {
  if (!Array.isArray(shape) || shape.includes(-1) || shape.length < 2) return false;
  const { row, rest } = rowsOfView({ shape, size });
  return row > 0 && rest === 0 && size / row !== shape[0];
};

// --- axes ---

const side = (count) => Math.sqrt(count);

/** Rows of numbers that are flattened square pictures, grey or in colour. */
export const areFlattened = ({ input, caller }) =>
  input?.length === 2 &&
  !`${caller}`.includes("transpose") &&
  (Number.isInteger(side(input[1])) || Number.isInteger(side(input[1] / 3))) &&
  input[1] >= 196 &&
  input[0] !== input[1];

export function flattenedPicture({ input }) {
  const C = Number.isInteger(side(input[1])) ? 1 : 3;
  return { C, side: side(input[1] / C), N: input[0] };
}

/** Vectors of noise or of features, without height and width. */
export const areVectors = ({ input, caller }) =>
  input?.length === 2 && `${caller}`.includes("transpose");

export const vectorSizes = ({ input }) => ({ N: input[0], F: input[1] });

export const isOnePicture = ({ input }) => input?.length === 2;

export const hasOneAxis = ({ input }) => Array.isArray(input) && input.length < 2;

/** An axis of length 1 among those before the channels. */
export const hasSpareAxis = ({ input }) =>
  input?.length > 4 && input.slice(0, input.length - 3).includes(1);

export const spareAxis = ({ input }) => {
  const at = input.slice(0, input.length - 3).lastIndexOf(1);
  const left = input.filter((_, axis) => axis !== at);
  return { at, left: asTuple(left) };
};

export const hasFrames = ({ input }) => input?.length === 5;

export const framesFolded = ({ input }) => ({
  clips: input[0],
  frames: input[1],
  left: asTuple([input[0] * input[1], ...input.slice(2)]),
});

/** A batch without channels: (N, H, W). */
export const isBatchOfGrey = ({ input, weight }) =>
  input?.length === 3 && weight?.[1] === 1 && input[0] !== 1;

export const isUnbatched = ({ input }) => input?.length === 3;
