/** Kernels as a reader sees and changes them. */
import { addUp, table } from "./lists.js";
import { sign } from "./text.js";
import { t } from "./words.js";

/** A kernel of another size, around the same middle: new weights are 0. */
export function resizeKernel(kernel, size) {
  const shift = Math.floor(kernel.length / 2) - Math.floor(size / 2);
  const at = (row, column) => kernel[row + shift]?.[column + shift] ?? 0;
  return table([size, size], at);
}

/** A number to look at, of at most two places after the point. */
export const short = (number) => Number(number.toFixed(2));

/** By how much a key or a drag changes a weight: kernels of fractions need small steps. */
export const stepOf = (kernel) => (kernel.flat().every(Number.isInteger) ? 1 : 0.1);

/** A weight some steps further, without the noise of binary fractions, within its limits. */
export function stepped(weight, steps, step, [low, high]) {
  const moved = Math.round((weight + steps * step) * 1e6) / 1e6;
  return Math.min(Math.max(moved, low), high);
}

/** What the weights sum to decides how light a flat part of the picture becomes. */
export function sumSentence(kernel) {
  const sum = short(addUp(kernel.flat()));
  if (sum === 1) return t("Sum {sum}: flat parts stay as they are.", { sum });
  if (sum === 0) return t("Sum {sum}: flat parts give 0.", { sum });
  return t("Sum {sum}.", { sum: sign(sum) });
}
