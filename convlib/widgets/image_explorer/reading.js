/** The sum behind one output pixel: what the window reads, as numbers with their weights. */
import { short } from "../math/image_kernels.js";
import { range } from "../math/lists.js";
import { listed, sign, signedSum, speak } from "../math/text.js";
import { english, t } from "../math/words.js";
import { el, inked, setAttribute, setText } from "../parts/dom.js";
import { createGrid } from "../parts/grid.js";

const PLANES = { 1: [""], 3: [english("red"), english("green"), english("blue")] };
const BRIGHT = 118; // from here on, black is read better than white

/** One window for a grey picture, three for one in colour. */
export function createReading(signal) {
  const element = el("div", "cv-windows");
  let windows = [];

  /**
   * @param {[number, number]} at  Row and column of the output.
   * @param {{ cells: object[], sums: number[], total: number }[]} found  One for each channel.
   * @returns {string} to be spoken
   */
  function show(at, found, settings) {
    const names = PLANES[found.length].map((name) => name && t(name));
    if (windows.length !== names.length) {
      windows = names.map((name) => createWindow(name, signal));
      setAttribute(element, "data-planes", names.length);
      element.replaceChildren(...windows.map((window) => window.element));
    }
    element.style.setProperty("--span", settings.dilation * (settings.kernel.length - 1) + 1);
    windows.forEach((window, plane) => {
      window.show(at, found[plane], settings);
    });
    const sums = found.map(({ total }, plane) => spokenSum(names[plane], speak(short(total))));
    const facts = { row: at[0], column: at[1], sums: listed(sums) };
    return t("Output row {row}, column {column}: {sums}.", facts);
  }

  return { element, show };
}

const spokenSum = (plane, sum) => (plane ? t("{plane} {sum}", { plane, sum }) : sum);

function createWindow(name, signal) {
  const label = t("Window, {plane}", { plane: name || t("grey") });
  const grid = createGrid({ kind: "input", label, signal });
  const title = el("div", "cv-title");
  const product = el("div", "cv-product cv-input-ink");
  const total = el("div");
  const sum = el("div", "cv-scroll cv-sum", {}, title, product, total);
  const picture = el("div", "cv-scroll", {}, grid.element);

  function show(at, { cells, sums, total: result }, { kernel, dilation, bias, relu }) {
    const span = dilation * (kernel.length - 1) + 1;
    grid.resize(span, span);
    for (const each of cells) grid.paint(each.row, each.column, lookOf(each));
    title.replaceChildren(inked("output", `output[${name && `${name}, `}${at.join(", ")}]`));
    const taps = cells.filter(({ weight }) => weight !== null);
    const rows = range(kernel.length).map((row) =>
      taps.slice(row * kernel.length).slice(0, kernel.length),
    );
    product.replaceChildren(...rows.map((row, at) => lineOf(row, sums[at])));
    const added = bias
      ? t("{sum} (bias)", { sum: signedSum([...sums.map(short), bias]) })
      : signedSum(sums.map(short));
    total.replaceChildren(
      relu ? `ReLU(${added}) = ` : `${added} = `,
      el("strong", "cv-output-ink", {}, sign(short(result))),
    );
  }

  return { element: el("div", "cv-window-sum", {}, picture, sum), show };
}

/** A pixel as dark as it is, with its weight in the corner; between the weights, without a number. */
function lookOf({ value, weight, isPadding }) {
  const isTap = weight !== null;
  return {
    text: isTap ? String(value) : "",
    spoken: isTap
      ? t("{value} times {weight}", { value, weight: speak(short(weight)) })
      : t("not read"),
    marks: [isTap ? "met" : "gap", value >= BRIGHT && "bright", isPadding && "border"],
    corner: isTap ? `×${sign(short(weight))}` : "",
    level: value / 255,
  };
}

/** `120×−1 +130×0 ... = −34`, in columns. */
function lineOf(taps, sum) {
  const terms = taps.flatMap(({ value, weight }, column) => [
    `${column ? "+" : " "}${String(value).padStart(3)}`,
    inked("kernel", `×${sign(short(weight))}`.padEnd(5)),
  ]);
  const line = el("div", "", {}, ...terms, el("span", "cv-quiet"));
  setText(line.lastChild, `= ${sign(short(sum))}`);
  return line;
}
