/** The output-size formula: in letters, with one layer's numbers, and worked out. */
import { outputSize, travel } from "../math/arithmetic.js";
import { range } from "../math/lists.js";
import { t } from "../math/words.js";
import { el, inked, isNews, setAttribute } from "./dom.js";

const [input, kernel, output] = ["input", "kernel", "output"].map(
  (kind) => (text) => inked(kind, text),
);
const floor = (...parts) => el("span", "cv-floor", {}, ...parts);
const fraction = (above, below) =>
  el("span", "cv-fraction", {}, el("span", "", {}, ...above), el("span", "", {}, below));

/** The quotient below the floor, "+ 1" behind it. */
const steps = (size, padding, dilation, k, stride) => [
  floor(
    fraction(
      [size, " + ", ...padding, " − ", kernel(dilation), " · (", kernel(k), " − 1) − 1"].map(
        unbroken,
      ),
      kernel(stride),
    ),
  ),
  " + 1",
];

/**
 * Three lines for one axis. Drawn with plain elements, so that it needs no font for mathematics;
 * to a screen reader it is one formula with a spoken name.
 *
 * @param {string} letter  "H", "W", or what else names the size of this axis.
 */
export function createFormula(letter) {
  const name = output(letter);
  name.append(el("sub", "", { "data-code": true }, "out"));
  const [letters, numbers, worked] = range(3).map(() => el("span", "cv-right"));
  letters.dataset.code = ""; // it names the settings of PyTorch
  const element = el(
    "div",
    "cv-formula",
    { role: "math" },
    ...[
      [name, letters],
      ["", numbers],
      ["", worked],
    ].flatMap(([left, right]) => [el("span", "", {}, left), el("span", "", {}, "="), right]),
  );

  return {
    element,

    /** @param {import("../math/arithmetic.js").Axis | null} axis  null hides the formula. */
    show(axis) {
      element.hidden = !axis;
      if (!axis) return;
      const { size, kernel: k, stride, dilation, before, after } = axis;
      const even = before === after;
      if (isNews(letters, even)) {
        // they seldom change
        const padding = even ? ["2 · ", input("padding")] : [input(t("before + after"))];
        letters.replaceChildren(...steps(letter, padding, "dilation", "kernel", "stride"));
      }
      const padding = even ? ["2 · ", input(before)] : [input(`${before} + ${after}`)];
      numbers.replaceChildren(...steps(input(size), padding, dilation, k, stride));
      worked.replaceChildren(...result(axis));
      setAttribute(element, "aria-label", spokenFormula(letter, axis));
    },
  };
}

/** The quotient as a number, without what the floor takes away, and one more. */
function result(axis) {
  const quotient = travel(axis) / axis.stride;
  const whole = Math.floor(quotient);
  const step = whole === quotient ? "" : ` = ${whole} + 1`;
  const total = el("strong", "", {}, output(outputSize(axis)));
  return [floor(decimal(quotient)), " + 1", ...(step ? [step] : []), " = ", total];
}

function spokenFormula(letter, axis) {
  const { size, kernel: k, stride, dilation, before, after } = axis;
  const padding =
    before === after
      ? t("2 times {padding}", { padding: before })
      : t("{before} plus {after}", { before, after });
  return t(
    "{letter} out = floor of ({size} plus {padding} minus {dilation} times ({kernel} minus 1) " +
      "minus 1) over {stride}, plus 1 = floor of {quotient}, plus 1 = {output}",
    {
      letter,
      size,
      padding,
      dilation,
      kernel: k,
      stride,
      quotient: decimal(travel(axis) / stride),
      output: outputSize(axis),
    },
  );
}

/** Let a numerator break into two lines before its first minus only. */
function unbroken(part) {
  if (part === " − " || part instanceof Node) return part;
  return part.replaceAll(" ", "\u00a0");
}

/** 3.5, 2.25, and 2.33… for a number that does not end. */
function decimal(number) {
  const short = Number(number.toFixed(2));
  return short === number ? String(number) : `${short}…`;
}
