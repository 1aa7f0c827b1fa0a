/**
 * Numbers as colours. A number becomes one of 256 levels, and a table gives each level its colour.
 *
 * Seen as signs, level 127 is zero: the paper shows through. Away from it the colour grows, blue for
 * what is below zero, orange above, up to a limit that the scale names. Seen as a picture, 0 is
 * black and 255 is white.
 */
import { range } from "./lists.js";

const ZERO = 127;
const BLUE = [0, 114, 206]; // both are seen on white paper and on dark
const ORANGE = [222, 106, 0];
const BEYOND = 0.01; // of the numbers may be beyond the scale, so that the others have colour
const BINS = 1024;

/** Red, green, blue and opacity of each level. */
export const SIGNS = range(256).map((level) => {
  const strength = Math.min(Math.abs(level - ZERO) / ZERO, 1);
  return [...(level < ZERO ? BLUE : ORANGE), Math.round(255 * strength ** 0.8)];
});
export const GREYS = range(256).map((level) => [level, level, level, 255]);

/** Where the scale ends: hardly any number is further from zero. */
export function limitOf(values) {
  let most = 0;
  for (let at = 0; at < values.length; at += 1) most = Math.max(most, Math.abs(values[at]));
  if (most === 0) return 1;
  const bins = new Uint32Array(BINS + 1);
  for (let at = 0; at < values.length; at += 1) {
    bins[Math.floor((Math.abs(values[at]) / most) * BINS)] += 1;
  }
  let beyond = 0;
  let bin = BINS;
  while (bin > 0 && beyond + bins[bin] <= BEYOND * values.length) {
    beyond += bins[bin];
    bin -= 1;
  }
  return rounded(((bin + 1) / BINS) * most);
}

/** Rounded up to two digits. */
function rounded(number) {
  const unit = 10 ** (Math.floor(Math.log10(number)) - 1);
  return Number((Math.ceil(number / unit) * unit).toPrecision(2));
}

/** The levels of numbers seen as signs. */
export function signLevels(values, limit) {
  const levels = new Uint8ClampedArray(values.length);
  const scale = ZERO / limit;
  for (let at = 0; at < values.length; at += 1) {
    levels[at] = Math.min(Math.max(values[at] * scale, -ZERO), ZERO) + ZERO;
  }
  return levels;
}

/** The levels of numbers seen as a picture: below 0 and above 255 they are cut off. */
export const pictureLevels = (values) => Uint8ClampedArray.from(values);

/** Which part of the numbers a picture cuts off, below and above. */
export function cutOff(values) {
  let [below, above] = [0, 0];
  for (let at = 0; at < values.length; at += 1) {
    if (values[at] < 0) below += 1;
    else if (values[at] > 255) above += 1;
  }
  return { below: below / values.length, above: above / values.length };
}

/**
 * What a canvas takes: red, green, blue and opacity of each pixel.
 *
 * @param {{ channels: number, height: number, width: number }} picture
 * @param {Uint8ClampedArray} levels  of all planes; those of three are red, green and blue
 * @param {number[][]} table  for one plane
 */
export function toRgba({ channels, height, width }, levels, table) {
  const size = height * width;
  const rgba = new Uint8ClampedArray(4 * size);
  if (channels === 3) {
    for (let at = 0; at < size; at += 1) {
      for (let plane = 0; plane < 3; plane += 1) rgba[4 * at + plane] = levels[plane * size + at];
      rgba[4 * at + 3] = 255;
    }
    return rgba;
  }
  const pixels = new Uint32Array(rgba.buffer);
  const colours = new Uint32Array(Uint8Array.from(table.flat()).buffer);
  for (let at = 0; at < size; at += 1) pixels[at] = colours[levels[at]];
  return rgba;
}
