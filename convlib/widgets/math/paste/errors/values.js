/** The values that stand in a message: numbers, shapes, names. */

const WHOLE = /^[-+]?\d+$/;
const LIST = /^(?:torch\.Size\()?[[(]+([-\d,.]*)[\])]*$/;
const TIMES = /^[[(]?(-?\d+(?:x-?\d+)+)[\])]?$/;

/** The longest value that can stand at the start of a text, for a message that is cut off. */
const VALUE =
  /^(?:torch\.Size\()?(?:\[+[-\d,.]*\]*\)?|\([-\d,.]*\)?|'[^']{0,200}'?|-?\d+(?:x-?\d+)+|-?\d+(?:\.\d+)?(?![\w.])|[\w.:<>]+)/;

/** Whole numbers beyond these stay text, so that no digit is lost. */
const whole = (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);

/**
 * The value at the start of a squeezed text.
 *
 * @param {string} text
 * @returns {string} "" if there is none
 */
export const valueAt = (text) => VALUE.exec(text)?.[0] ?? "";

/** A list that was opened and not closed: its last number may lack digits. */
const isOpen = (text) => /^(?:torch\.Size\()?[[(]/.test(text) && !/[\])]$/.test(text);

/**
 * Read a value out of its squeezed text.
 *
 * @param {string} text "3", "[1,3,64,64]", "torch.Size([3])", "5x5" or a word
 * @returns {number | number[] | string}
 */
export function readValue(text) {
  if (WHOLE.test(text)) return whole(text);
  const times = TIMES.exec(text);
  if (times) return times[1].split("x").map(whole);
  const list = LIST.exec(text);
  if (!list) return /^'[^']*'$/.test(text) ? text.slice(1, -1) : text;
  const numbers = list[1].split(",").filter((number) => number !== "");
  if (isOpen(text) && !text.endsWith(",")) numbers.pop();
  return numbers.map((number) => (WHOLE.test(number) ? whole(number) : number));
}

/** A value as PyTorch writes it. */
export const writeValue = (value) => (Array.isArray(value) ? `[${value.join(", ")}]` : `${value}`);
