/**
 * A small network that reads a digit: conv + ReLU, pool, conv + ReLU, pool, linear. Every number is
 * whole, so every sum is exact.
 *
 * Maps are read as [channel][row][column]; an image of 8 × 8 is one map.
 */
import { addUp, range, table, withCell } from "./lists.js";

/** The layers in their order; each reads the one before it, the first the input. */
export const LAYERS = ["conv1", "pool1", "conv2", "pool2", "linear"];

export const SIDE = 8; // of the image
export const FULL = 16; // the most ink that a cell holds

const POOL = 2;
const PADDING = { conv1: 1, conv2: 1, linear: 0 };

/** What a layer reads: "input" before the first. */
export const before = (layer) => LAYERS[LAYERS.indexOf(layer) - 1] ?? "input";

export const isPool = (layer) => layer.startsWith("pool");

/** The linear layer's row of 32 weights, as one 2 × 2 kernel for each map that it reads. */
const asKernels = (row) =>
  range(row.length / POOL ** 2).map((map) =>
    table([POOL, POOL], (y, x) => row[map * POOL ** 2 + y * POOL + x]),
  );

/** The kernels of a layer by its output channels, and its biases. */
export function parameters(weights, layer) {
  const weight = weights[`${layer}.weight`];
  const kernels = layer === "linear" ? weight.map(asKernels) : weight;
  return { kernels, biases: weights[`${layer}.bias`] };
}

/** A block of a map that begins at a cell; beyond the border stands null, which counts as 0. */
const block = (map, top, left, size) =>
  table([size, size], (y, x) => map[top + y]?.[left + x] ?? null);

/** One plane of a sum: what is read of one map, the kernel, their products, and those added up. */
function planeOf(map, kernel, [row, column], padding) {
  const window = block(map, row - padding, column - padding, kernel.length);
  // A product of 0 has no sign.
  const products = window.map((line, y) => line.map((ink, x) => ink * kernel[y][x] || 0));
  return { window, kernel, products, sum: addUp(products.flat()) };
}

/**
 * How a number came about.
 *
 * @param {object} weights  By the names of PyTorch's state_dict.
 * @param {object} maps  Those of `forward`.
 * @param {[string, number, number, number]} picked  A layer, and the channel, row and column there.
 * @returns {object}  Of a pooled number `window` and `value`; of every other one `planes`, `bias`,
 *   their sum as `before`, and `value`, which ReLU makes of it.
 */
export function sumOf(weights, maps, [layer, channel, row, column]) {
  const read = maps[before(layer)];
  if (isPool(layer)) {
    const window = block(read[channel], row * POOL, column * POOL, POOL);
    return { window, value: Math.max(...window.flat()) };
  }
  const { kernels, biases } = parameters(weights, layer);
  const planes = read.map((map, plane) =>
    planeOf(map, kernels[channel][plane], [row, column], PADDING[layer]),
  );
  const sum = addUp(planes.map((plane) => plane.sum)) + biases[channel];
  const value = layer === "linear" ? sum : Math.max(0, sum);
  return { planes, bias: biases[channel], before: sum, value };
}

/** Channels, rows and columns of a layer. */
export const SHAPES = {
  input: [1, 8, 8],
  conv1: [4, 8, 8],
  pool1: [4, 4, 4],
  conv2: [8, 4, 4],
  pool2: [8, 2, 2],
  linear: [10, 1, 1],
};

/**
 * All maps of an image, by the names of the layers; and in `sums`, by the names of the convolutions,
 * what stood there before ReLU.
 */
export function forward(weights, image) {
  const maps = { input: [image], sums: {} };
  for (const layer of LAYERS) {
    const [channels, rows, columns] = SHAPES[layer];
    const cells = range(channels).map((channel) =>
      table([rows, columns], (row, column) => sumOf(weights, maps, [layer, channel, row, column])),
    );
    const each = (name) => cells.map((map) => map.map((line) => line.map((cell) => cell[name])));
    maps[layer] = each("value");
    if (layer in PADDING && layer !== "linear") maps.sums[layer] = each("before");
  }
  return maps;
}

/** The ten scores, and the digit with the highest: of equal ones the first. */
export function readDigit(maps) {
  const scores = maps.linear.flat(2);
  return { scores, digit: scores.indexOf(Math.max(...scores)) };
}

/**
 * What a picked number reads of the layer before: which maps, and the block of cells in each.
 *
 * @returns {{ layer: string, channels: number[], top: number, left: number, size: number }}
 */
export function readBy([layer, channel, row, column]) {
  const source = before(layer);
  if (isPool(layer)) {
    return { layer: source, channels: [channel], top: row * POOL, left: column * POOL, size: POOL };
  }
  const channels = range(SHAPES[source][0]);
  if (layer === "linear") return { layer: source, channels, top: 0, left: 0, size: POOL };
  const padding = PADDING[layer];
  const size = 2 * padding + 1;
  return { layer: source, channels, top: row - padding, left: column - padding, size };
}

/** The nearest number that there is; null if there is no such layer. */
export function fitPick(picked) {
  const [layer, ...place] = Array.isArray(picked) ? picked : [];
  if (!LAYERS.includes(layer) || !place.every(Number.isInteger) || place.length !== 3) return null;
  const inside = place.map((at, axis) => Math.min(Math.max(at, 0), SHAPES[layer][axis] - 1));
  return [layer, ...inside];
}

/**
 * Where an arrow key leads from a number: over the border of a map into the next one of its layer.
 * Null for other keys.
 */
export function step([layer, channel, row, column], key) {
  const [channels, rows, columns] = SHAPES[layer];
  const [down, right] = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  }[key] ?? [0, 0];
  if (key === "Home") return [layer, 0, 0, 0];
  if (key === "End") return [layer, channels - 1, rows - 1, columns - 1];
  if (!down && !right) return null;
  const [y, x] = [row + down, column + right];
  const map = channel + Math.floor(y / rows) + Math.floor(x / columns);
  if (map < 0 || map >= channels) return [layer, channel, row, column];
  return [layer, map, (y + rows) % rows, (x + columns) % columns];
}

// ---------------------------------------------------------------------------------- images

/** An image of 64 signs, row by row: 0 to 9 and a to g for an ink of 0 to 16. */
export function imageOf(text) {
  const ink = Array.from(text, (sign) => Number.parseInt(sign, FULL + 1));
  return range(SIDE).map((row) => ink.slice(row * SIDE, (row + 1) * SIDE));
}

/** Whether something is an image: 8 rows of 8 whole numbers from 0 to 16. */
export function isImage(rows) {
  const isInk = (ink) => Number.isInteger(ink) && ink >= 0 && ink <= FULL;
  const isFull = (row) => Array.isArray(row) && row.length === SIDE && row.every(isInk);
  return Array.isArray(rows) && rows.length === SIDE && rows.every(isFull);
}

export const EMPTY = table([SIDE, SIDE], () => 0);

const BESIDE = 6; // what the pen leaves in the four cells beside its own

/** The image after the pen, or the eraser, was in one cell. */
export function marked(image, row, column, tool) {
  if (tool === "eraser") return withCell(image, [row, column], 0);
  return image.map((line, y) =>
    line.map((old, x) => {
      const steps = Math.abs(y - row) + Math.abs(x - column);
      return Math.max(old, [FULL, BESIDE][steps] ?? 0);
    }),
  );
}

/** The cells on a straight way from one to another, without the first: a fast hand leaves gaps. */
export function way([y0, x0], [y1, x1]) {
  const steps = Math.max(Math.abs(y1 - y0), Math.abs(x1 - x0));
  return range(steps).map((at) => {
    const share = (at + 1) / steps;
    return [Math.round(y0 + share * (y1 - y0)), Math.round(x0 + share * (x1 - x0))];
  });
}

/**
 * The next digit of the test set, behind one, that the network misreads; the first one follows the
 * last.
 *
 * @param {string[]} digits  Each its name, a space, and the 64 signs of its image.
 */
export function nextMisread(weights, digits, now) {
  const order = range(digits.length).map((index) => (now + 1 + index) % digits.length);
  return order.find((index) => {
    const [name, signs] = digits[index].split(" ");
    return readDigit(forward(weights, imageOf(signs))).digit !== Number(name);
  });
}
