/**
 * Counts over a plane, each the product of one for its row and one for its column: a colour and a
 * number at every pixel. The numbers are one text over a few shapes, as hundreds of elements would
 * take long to lay out.
 */
import { range } from "../math/lists.js";
import { el, setAttribute, setText, svg } from "./dom.js";

const LEVELS = 8; // of colour, by the root of a count's share of the largest

export function createCountMap() {
  const shapes = range(LEVELS + 1).map((level) =>
    svg("path", level ? { style: `--level: ${(100 * level) / LEVELS}%` } : { class: "cv-hole" }),
  );
  const picture = svg("svg", {}, ...shapes);
  const numbers = el("code", "cv-numbers");
  return {
    element: el("div", "cv-map cv-input", {}, picture, numbers),

    /** @param {number[]} down  One for each row. @param {number[]} across  One for each column. */
    show(down, across) {
      const counts = down.map((row) => across.map((column) => row * column));
      const most = Math.max(...counts.flat());
      const squares = shapes.map(() => "");
      counts.forEach((line, y) =>
        line.forEach((count, x) => {
          squares[Math.ceil(LEVELS * Math.sqrt(count / most))] +=
            `M${x + 0.04} ${y + 0.04}h.92v.92h-.92z`;
        }),
      );
      setAttribute(picture, "viewBox", `0 0 ${across.length} ${down.length}`);
      shapes.forEach((shape, level) => setAttribute(shape, "d", squares[level]));
      showNumbers(
        numbers,
        counts.map((line) => line.map((count) => count || "")),
      );
    },
  };
}

/** Write rows of numbers as lines of a text; the stylesheet puts each at its cell. */
export function showNumbers(element, rows) {
  const digits = Math.max(...rows.flat().map((number) => String(number).length));
  const wide = (number) => String(number).padStart(digits, "\u2007"); // a space as wide as a digit
  element.style.setProperty("--digits", digits);
  setText(element, rows.map((row) => row.map(wide).join(" ")).join("\n"));
}
