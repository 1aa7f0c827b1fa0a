/** A square of numbers: a block that is read, a kernel, or products. */
import { sign } from "../math/text.js";
import { el } from "../parts/dom.js";

/** @param {"input" | "kernel" | "output"} kind @param {(number | null)[][]} rows */
export function createSquare(kind, rows) {
  const cells = rows.flat().map(createNumber);
  const digits = Math.max(2, ...cells.map((cell) => cell.textContent.length));
  const element = el("div", `cv-square cv-${kind}`, {}, ...cells);
  element.style.setProperty("--columns", rows.length);
  element.style.setProperty("--digits", digits);
  return element;
}

/** What lies beyond the border is a 0 of the padding. */
function createNumber(number) {
  if (number === null) return el("span", "cv-beyond", {}, "0");
  return el("span", "", {}, sign(number));
}
