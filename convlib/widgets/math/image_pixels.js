/**
 * Pictures as numbers: the photograph that Python sends, and what a reader brings.
 *
 * @typedef {object} Picture
 * @property {number} height
 * @property {number} width
 * @property {number} channels  1 for grey, 3 for red, green and blue.
 * @property {Float32Array} values  Plane after plane, each row by row.
 */

/** The letters of base64, one for each number from 0 to 63. */
export const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** @returns {Picture} */
export const blank = (channels, height, width) => ({
  height,
  width,
  channels,
  values: new Float32Array(channels * height * width),
});

/**
 * The photograph in colour: Python sends a palette, and a letter for each pixel.
 *
 * @param {{ size: [number, number], palette: [number, number, number][], pixels: string }} photo
 */
export function readPhoto({ size: [height, width], palette, pixels }) {
  const picture = blank(3, height, width);
  const colourOf = new Map([...LETTERS].map((letter, place) => [letter, palette[place]]));
  for (let at = 0; at < pixels.length; at += 1) {
    const colour = colourOf.get(pixels[at]);
    for (let plane = 0; plane < 3; plane += 1) {
      picture.values[plane * pixels.length + at] = colour[plane];
    }
  }
  return picture;
}

/** A picture in colour from what a canvas holds: red, green, blue and opacity, pixel by pixel. */
export function fromCanvas({ height, width, data }) {
  const picture = blank(3, height, width);
  const size = height * width;
  for (let at = 0; at < size; at += 1) {
    for (let plane = 0; plane < 3; plane += 1) {
      picture.values[plane * size + at] = data[4 * at + plane];
    }
  }
  return picture;
}

/** How light the colours look to an eye, in whole numbers. _photo.py computes the same. */
export function toGrey({ height, width, values }) {
  const picture = blank(1, height, width);
  const size = height * width;
  for (let at = 0; at < size; at += 1) {
    const sum = 77 * values[at] + 150 * values[size + at] + 29 * values[2 * size + at];
    picture.values[at] = (sum + 128) >> 8;
  }
  return picture;
}

/** A size that is not longer than `most` on any side, with the same proportions. */
export function shrunk(height, width, most) {
  const ratio = Math.min(1, most / Math.max(height, width));
  return [height, width].map((length) => Math.max(1, Math.round(length * ratio)));
}
