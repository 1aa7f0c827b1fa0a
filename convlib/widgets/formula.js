/** The output-size formula: in letters, with one layer's numbers, and worked out. */
import { outputSize, travel } from "./arithmetic.js";
import { el, inked } from "./dom.js";

const [input, kernel, output] = ["input", "kernel", "output"].map((kind) =>
  (text) => inked(kind, text));
const floor = (...parts) => el("span", "cv-floor", {}, ...parts);
const fraction = (above, below) =>
  el("span", "cv-fraction", {}, el("span", "", {}, ...above), el("span", "", {}, below));

/**
 * Three lines for one axis. Drawn with plain elements, so that it needs no font for mathematics;
 * to a screen reader it is one formula with a spoken name.
 *
 * @param {import("./arithmetic.js").Axis} axis
 * @param {string} letter  "H", "W", or what else names the size of this axis.
 */
export function sizeFormula(axis, letter) {
  const { size, kernel: k, stride, dilation, before, after } = axis;
  const even = before === after;
  const quotient = travel(axis) / stride;
  const whole = Math.floor(quotient);
  const result = outputSize(axis);

  const letters = fraction(
    [letter, " + ", ...(even ? ["2 · ", input("padding")] : [input("before + after")]),
      " − ", kernel("dilation"), " · (", kernel("kernel"), " − 1) − 1"].map(unbroken),
    kernel("stride"),
  );
  const numbers = fraction(
    [input(size), " + ", ...(even ? ["2 · ", input(before)] : [input(`${before} + ${after}`)]),
      " − ", kernel(dilation), " · (", kernel(k), " − 1) − 1"].map(unbroken),
    kernel(stride),
  );
  const worked = whole === quotient ? [] : [` = ${whole} + 1`];
  const name = output(letter);
  name.append(el("sub", "", {}, "out"));

  const padding = even ? `2 times ${before}` : `${before} plus ${after}`;
  const spoken =
    `${letter} out = floor of (${size} plus ${padding} minus ${dilation} times (${k} minus 1) ` +
    `minus 1) over ${stride}, plus 1 = floor of ${decimal(quotient)}, plus 1 = ${result}`;
  const lines = [
    [name, [floor(letters), " + 1"]],
    ["", [floor(numbers), " + 1"]],
    ["", [floor(decimal(quotient)), " + 1", ...worked, " = ", el("strong", "", {}, output(result))]],
  ];
  return el(
    "div",
    "cv-formula",
    { role: "math", "aria-label": spoken },
    ...lines.flatMap(([left, right]) => [
      el("span", "", {}, left),
      el("span", "", {}, "="),
      el("span", "cv-right", {}, ...right),
    ]),
  );
}

/** Let a numerator break into two lines before its first minus only. */
function unbroken(part) {
  if (part === " − " || part instanceof Node) return part;
  return part.replaceAll(" ", "\u00a0");
}

/** 3.5, 2.25, and 2.33… for a number that does not end. */
export function decimal(number) {
  const short = Number(number.toFixed(2));
  return short === number ? String(number) : `${short}…`;
}
