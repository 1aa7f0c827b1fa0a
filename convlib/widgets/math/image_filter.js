/**
 * One kernel on every channel of a picture, as `nn.Conv2d(C, C, ..., groups=C)` applies it.
 *
 * `convolve` is a loop over the weights outside, and over the pixels of a row inside: a weight is
 * read once for all pixels, a weight of 0 costs nothing, and the pixels lie side by side in memory.
 *
 * @typedef {object} Settings  Named as in PyTorch; `kernel` is square.
 * @property {number[][]} kernel
 * @property {number} stride
 * @property {number} padding
 * @property {string} padding_mode
 * @property {number} dilation
 * @property {number} bias
 * @property {boolean} relu
 */
import { outputSize, sourceIndex, tapPosition } from "./arithmetic.js";
import { blank } from "./image_pixels.js";
import { addUp, range } from "./lists.js";

/** Both axes of the layer on this picture. */
export const axesOn = ({ height, width }, { kernel, stride, padding, dilation }) =>
  [height, width].map((size) => ({
    size,
    kernel: kernel.length,
    stride,
    dilation,
    before: padding,
    after: padding,
  }));

/** For each padded position of an axis, the index of the pixel that stands there; -1 for a zero. */
const sourcesOf = (axis, mode) =>
  range(axis.size + axis.before + axis.after).map(
    (position) => sourceIndex(axis, position, mode) ?? -1,
  );

/**
 * The picture with its border.
 *
 * @param {import("./image_pixels.js").Picture} picture
 * @param {Settings} settings
 * @returns {import("./image_pixels.js").Picture}
 */
function padPicture(picture, settings) {
  if (settings.padding === 0) return picture;
  const [rows, columns] = axesOn(picture, settings).map((axis) =>
    sourcesOf(axis, settings.padding_mode),
  );
  const padded = blank(picture.channels, rows.length, columns.length);
  let to = 0;
  for (let plane = 0; plane < picture.channels; plane += 1) {
    for (const row of rows) {
      const from = (plane * picture.height + row) * picture.width;
      for (const column of columns) {
        if (row >= 0 && column >= 0) padded.values[to] = picture.values[from + column];
        to += 1;
      }
    }
  }
  return padded;
}

/**
 * The output of the layer on a picture that has its border.
 *
 * @param {import("./image_pixels.js").Picture} padded
 * @param {Settings} settings
 * @returns {import("./image_pixels.js").Picture}
 */
export function convolve(padded, { kernel, stride, dilation, bias, relu }) {
  const [height, width] = axesOn(padded, { kernel, stride, dilation, padding: 0 }).map(outputSize);
  const output = blank(padded.channels, height, width);
  output.values.fill(bias);
  kernel.forEach((weights, i) => {
    weights.forEach((weight, j) => {
      if (weight !== 0) addWeight(output, padded, weight, [i * dilation, j * dilation], stride);
    });
  });
  if (relu) clip(output.values);
  return output;
}

/** Add what one weight contributes to every output: weight × the pixel below it. */
function addWeight(output, padded, weight, [down, right], stride) {
  const [to, from] = [output.values, padded.values];
  const { height, width } = output;
  for (let plane = 0; plane < output.channels; plane += 1) {
    for (let row = 0; row < height; row += 1) {
      const start = (plane * height + row) * width;
      let at = (plane * padded.height + row * stride + down) * padded.width + right;
      for (let place = start; place < start + width; place += 1) {
        to[place] += weight * from[at];
        at += stride;
      }
    }
  }
}

function clip(values) {
  for (let at = 0; at < values.length; at += 1) if (values[at] < 0) values[at] = 0;
}

/**
 * What the kernel reads for one output pixel, and what comes of it.
 *
 * @returns {{ cells: { row: number, column: number, value: number, weight: number | null,
 *   isPadding: boolean }[], sums: number[], total: number }}  All pixels under the window, a weight
 *   for those that the kernel meets; the sum of each row of the kernel, and all of it.
 */
export function windowOf(padded, settings, [row, column], plane = 0) {
  const { kernel, dilation, stride, padding, bias, relu } = settings;
  const span = dilation * (kernel.length - 1) + 1;
  const [top, left] = [row, column].map((at) => tapPosition({ stride, dilation }, at, 0));
  const isOutside = (at, length) => at < padding || at >= length - padding;
  const cells = range(span * span).map((place) => {
    const [y, x] = [Math.floor(place / span), place % span];
    const isTap = y % dilation === 0 && x % dilation === 0;
    return {
      row: y,
      column: x,
      value: padded.values[(plane * padded.height + top + y) * padded.width + left + x],
      weight: isTap ? kernel[y / dilation][x / dilation] : null,
      isPadding: isOutside(top + y, padded.height) || isOutside(left + x, padded.width),
    };
  });
  const taps = cells.filter(({ weight }) => weight !== null);
  const sums = kernel.map((weights, i) =>
    taps
      .slice(i * weights.length, (i + 1) * weights.length)
      .reduce((sum, { value, weight }) => sum + value * weight, 0),
  );
  const total = addUp(sums, bias);
  return { cells, sums, total: relu ? Math.max(total, 0) : total };
}

/** A pixel of the output, moved to the nearest one that is there. */
export const within = ({ height, width }, [row, column]) => [
  Math.min(Math.max(row, 0), height - 1),
  Math.min(Math.max(column, 0), width - 1),
];

/** A filter that computes again only what a change reaches. */
export function createFilter() {
  const pad = remembered(padPicture, ["padding", "padding_mode"]);
  const filter = remembered(convolve, ["kernel", "stride", "dilation", "bias", "relu"]);
  return (picture, settings) => {
    const padded = pad(picture, settings);
    return { padded, output: filter(padded, settings) };
  };
}

/** A function of a picture and of the settings named, with its last answer. */
function remembered(compute, names) {
  let [lastPicture, lastSettings, answer] = [null, null, null];
  return (picture, settings) => {
    const own = JSON.stringify(names.map((name) => settings[name]));
    if (picture !== lastPicture || own !== lastSettings) answer = compute(picture, settings);
    [lastPicture, lastSettings] = [picture, own];
    return answer;
  };
}
