/** What a picture of stamps has to say, in sentences. */
import { addUp } from "./lists.js";
import { evaluate, term } from "./sums.js";
import { inWords, sentences, sign, signedSum, speak, square } from "./text.js";
import { innerCounts, isKept, numberAt } from "./transposed.js";
import { english, plural, t } from "./words.js";

/** What the planes are called, and which colour each has: blue goes in, green comes out. */
export function namesOf({ backwards }) {
  if (backwards) {
    return { small: ["output", t("Output of conv2d")], large: ["input", t("Input of conv2d")] };
  }
  return { small: ["input", t("Input")], large: ["output", t("Output")] };
}

/** The size that comes out: PyTorch's formula with this layer's numbers, and its result. */
export function sizeEquation({ layer, axis, backwards, out }) {
  const { stride, dilation, kernel_size: k, padding, output_padding } = layer;
  const reach = `${dilation} × (${k} − 1)`;
  const sum = backwards
    ? `⌊(${out} + 2 × ${padding} − ${reach} − 1) / ${stride}⌋ + 1`
    : `(${axis.size} − 1) × ${stride} − 2 × ${padding} + ${reach} + ${output_padding} + 1`;
  return { sum, result: evaluate(sum) };
}

/** Whether the stamps cover all cells away from the edges alike, and why. */
export function coverSentence({ axis }) {
  const { size, kernel, stride, dilation } = axis;
  const counts = innerCounts(axis);
  const isSeen = (kernel - 1) * dilation <= (size - 1) * stride; // a place that misses no stamp
  const where = isSeen ? t("Away from the edges") : t("With more inputs, away from the edges");
  if (counts.length === 1) {
    const facts = { where, stamps: stampsOf(counts[0]), stride, kernel };
    return stride > 1
      ? t("{where}, every cell gets {stamps}: stride {stride} divides kernel_size {kernel}.", facts)
      : t("{where}, every cell gets {stamps}.", facts);
  }
  return t("{where}, cells get {counts} stamps in turn, {pattern}: {why}.", {
    where,
    counts: inWords(counts, "or"),
    pattern: counts.includes(0) ? t("gaps") : t("a checkerboard"),
    why:
      kernel % stride
        ? t("stride {stride} does not divide kernel_size {kernel}", { stride, kernel })
        : t("stride {stride} and dilation {dilation} share a factor", { stride, dilation }),
  });
}

/** How many stamps lie on a cell. */
export const stampsOf = (count) => plural("{count} stamp", "{count} stamps", count);

/** What the whole picture says. */
export function notesOf(picture) {
  if (picture.backwards) return [backSentence(picture)];
  const { padding, output_padding: extra } = picture.layer;
  return [
    coverSentence(picture),
    padding > 0 && cutSentence(padding),
    extraSentence(padding, extra),
  ].filter(Boolean);
}

const cutSentence = (padding) =>
  t("padding={padding} cuts {lines} off each side.", { padding, lines: linesOf(padding) });

function extraSentence(padding, extra) {
  if (extra === 0) return "";
  const facts = { extra, lines: linesOf(extra) };
  return extra <= padding
    ? t("output_padding={extra} adds {lines} at the end: that much less is cut off there.", facts)
    : t("output_padding={extra} adds {lines} at the end: no stamp reaches the last.", facts);
}

/** So many rows, and as many columns. */
const linesOf = (count) =>
  plural("{count} row and {count} column", "{count} rows and {count} columns", count);

function backSentence({ layer, axis, out, small }) {
  const sizes = { large: square(out), small: square(small.length), size: square(axis.size) };
  if (small.length !== axis.size) {
    return t(
      "conv2d reads the same lines the other way: {large} becomes {small}, not {size}: " +
        "output_padding is not smaller than the stride.",
      sizes,
    );
  }
  const isSame = small.every((line, row) =>
    line.every((number, column) => number === numberAt(layer, [row, column])),
  );
  return sentences([
    t("conv2d reads the same lines the other way: {large} becomes {small}.", sizes),
    isSame
      ? t("The size of the input is back, and here its numbers.")
      : t("The size of the input is back, but not its numbers."),
  ]);
}

const place = ([row, column]) => `[${row}, ${column}]`;

/**
 * The picked cell, its number, and what happens there: a text with its facts.
 *
 * @param {boolean} [isHeard]  Whether it is to listen to, not to look at.
 */
export function titleOf({ backwards, picked: { kind, cell }, paths, number }, isHeard = false) {
  const name = `${(kind === "small") === backwards ? "output" : "input"}${place(cell)}`;
  const facts = { cell: name, value: isHeard ? speak(number) : sign(number) };
  const { length } = paths;
  if (backwards && kind === "small") {
    const products = plural("{count} product", "{count} products", length);
    return {
      text: english("{cell} = {value}: {products}, added up"),
      facts: { ...facts, products },
    };
  }
  if (backwards) {
    const times = plural("{count} time", "{count} times", length);
    return { text: english("{cell} = {value} is read {times}"), facts: { ...facts, times } };
  }
  if (kind === "small") {
    const text = isHeard
      ? english("{cell} = {value} stamps {value} times kernel")
      : english("{cell} = {value} stamps {value} × kernel");
    return { text, facts };
  }
  const stamps = plural("{count} stamp lands here", "{count} stamps land here", length);
  return { text: english("{cell} = {value}: {stamps}"), facts: { ...facts, stamps } };
}

/** Each product along a path: the two factors with their places, and the result. */
export function productsOf({ layer, axis, backwards, paths, small, large }) {
  return paths.map(({ small: at, weightCell, position: [y, x], weight, isCut }) => {
    const value = backwards ? large[y][x] : small[at[0]][at[1]];
    const index = [y - layer.padding, x - layer.padding];
    return {
      from: backwards
        ? isKept(axis, [y, x])
          ? `input${place(index)}`
          : t("padding")
        : `input${place(at)}`,
      to: backwards ? `output${place(at)}` : isCut ? t("cut off") : `output${place(index)}`,
      weight: `weight${place(weightCell)}`,
      factors: [value, weight],
      product: value * weight,
      isCut,
    };
  });
}

/** 3 × (−1): two factors to look at. */
export const shownFactors = (factors) => factors.map(term).join(" × ");

/** Products as a sum, with its result. */
export function totalOf(products) {
  const numbers = products.map(({ product }) => product);
  return { sum: signedSum(numbers), result: addUp(numbers) };
}

/** Whether all products of the pick add up to its number; else each goes a way of its own. */
export const addsUp = ({ backwards, picked }) => (picked.kind === "small") === backwards;

/** The picked cell in one sentence, to listen to. */
export function sentenceOf(picture) {
  const { text, facts } = titleOf(picture, true);
  const title = t(text, facts);
  const said = productsOf(picture).map(addsUp(picture) ? spokenSummand : spokenStamp);
  return said.length
    ? t("{title}: {products}.", { title, products: said.join(t("; ")) })
    : t("{title}.", { title });
}

function spokenSummand({ factors, from, isCut }) {
  const facts = { factors: spokenFactors(factors), place: from };
  return isCut ? t("{factors} from padding", facts) : t("{factors} from {place}", facts);
}

function spokenStamp({ factors, product, to, isCut }) {
  const facts = { factors: spokenFactors(factors), product: speak(product), place: to };
  return isCut
    ? t("{factors} = {product} to cut off", facts)
    : t("{factors} = {product} to {place}", facts);
}

function spokenFactors(factors) {
  const [value, weight] = factors.map((number) =>
    number < 0 ? `(${speak(number)})` : String(number),
  );
  return t("{value} times {weight}", { value, weight });
}
