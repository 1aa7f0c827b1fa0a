/** The field for a shape: `(8, 64, 56, 56)`, `3x224x224`, `224`, `torch.Size([1, 3, 32, 32])`. */

import { t } from "../words.js";
import { cleanLines } from "./clean.js";

const MOST_SIZE = 10 ** 9;

/**
 * @param {string} text
 * @returns {number[] | { text: string, line: number, column: number, why: string }} a shape, or
 *   what is wrong with it. One number is the side of a square: it gets `null` for the channels that
 *   the layer decides, as do two numbers, height and width.
 */
export function readShape(text) {
  const problem = (why, column = 1) => ({ text: text.slice(0, 80), line: 1, column, why });
  const line = cleanLines(text.slice(0, 400))
    .map((each) => each.text)
    .join(" ");
  const plain = line.replace(/[×✕✖]/g, "x").replace(/\b[xX]\b|(?<=\d) ?[xX*] ?(?=-?\d)/g, ",");
  const inner = plain.replace(/^[^\d-]{0,60}[([]/, "").replace(/[)\]][^\d]{0,60}$/, "");
  const words = inner
    .replace(/^\s*[A-Za-z_. ]{0,40}[=:]\s*/, "")
    .split(/[\s,;]+/)
    .filter(Boolean);
  const sizes = words.map((word) => (/^(?:-?\d{1,12}|None)$/.test(word) ? Number(word) : word));
  const strange = sizes.find((size) => typeof size === "string");
  if (strange !== undefined)
    return problem(
      t('"{word}" is not a whole number', { word: strange }),
      text.indexOf(strange) + 1,
    );
  if (sizes.length === 0) return problem(t("write the sizes, for example 1, 3, 224, 224"));
  if (sizes.length > 8)
    return problem(t("a tensor of {count} axes is no picture", { count: sizes.length }));
  return checked(sizes, problem);
}

/** -1 or None in the first place is a batch that is left open: 1. */
function checked(sizes, problem) {
  const [first, ...rest] = sizes;
  const batch = Number.isNaN(first) || (first === -1 && rest.length > 0) ? 1 : first;
  const shape = [batch, ...rest];
  const wrong = shape.find((size) => !(size >= 0 && size <= MOST_SIZE));
  if (wrong !== undefined)
    return problem(
      t("a size is between 0 and {most}, not {size}", { most: MOST_SIZE, size: wrong }),
    );
  if (shape.length === 1) return [1, null, shape[0], shape[0]];
  return shape.length === 2 ? [1, null, ...shape] : shape;
}
