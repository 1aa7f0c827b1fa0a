/** What a picture of stamps has to say, in sentences. */
import { addUp } from "./lists.js";
import { evaluate, term } from "./sums.js";
import { inWords, sign, signedSum, speak, square } from "./text.js";
import { innerCounts, isKept, numberAt } from "./transposed.js";
import { plural } from "./words.js";

/** What the planes are called, and which colour each has: blue goes in, green comes out. */
export function namesOf({ backwards }) {
  if (backwards) {
    return { small: ["output", "Output of conv2d"], large: ["input", "Input of conv2d"] };
  }
  return { small: ["input", "Input"], large: ["output", "Output"] };
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
  const where = `${isSeen ? "Away" : "With more inputs, away"} from the edges`;
  if (counts.length === 1) {
    const why = stride > 1 ? `: stride ${stride} divides kernel_size ${kernel}` : "";
    return `${where}, every cell gets ${plural("{count} stamp", "{count} stamps", counts[0])}${why}.`;
  }
  const pattern = counts.includes(0) ? "gaps" : "a checkerboard";
  const why =
    kernel % stride
      ? `stride ${stride} does not divide kernel_size ${kernel}`
      : `stride ${stride} and dilation ${dilation} share a factor`;
  return `${where}, cells get ${inWords(counts, "or")} stamps in turn, ${pattern}: ${why}.`;
}

/** What the whole picture says. */
export function notesOf(picture) {
  if (picture.backwards) return [backSentence(picture)];
  const { padding: p, output_padding: extra } = picture.layer;
  const lines = (number) =>
    `${plural("{count} row", "{count} rows", number)} and ${plural("{count} column", "{count} columns", number)}`;
  return [
    coverSentence(picture),
    p > 0 && `padding=${p} cuts ${lines(p)} off each side.`,
    extra > 0 &&
      `output_padding=${extra} adds ${lines(extra)} at the end: ` +
        (extra <= p ? "that much less is cut off there." : "no stamp reaches the last."),
  ].filter(Boolean);
}

function backSentence({ layer, axis, out, small }) {
  const sizes = `conv2d reads the same lines the other way: ${square(out)} becomes ${square(small.length)}`;
  if (small.length !== axis.size) {
    return `${sizes}, not ${square(axis.size)}: output_padding is not smaller than the stride.`;
  }
  const isSame = small.every((line, row) =>
    line.every((number, column) => number === numberAt(layer, [row, column])),
  );
  return `${sizes}. The size of the input is back, ${isSame ? "and here" : "but not"} its numbers.`;
}

const place = ([row, column]) => `[${row}, ${column}]`;

/** The picked cell: its name, its number, and what happens there. */
export function titleOf({ backwards, picked: { kind, cell }, paths, number }) {
  const name = `${(kind === "small") === backwards ? "output" : "input"}${place(cell)}`;
  if (backwards) {
    if (kind === "small")
      return {
        name,
        text: ` = ${sign(number)}: ${plural("{count} product", "{count} products", paths.length)}, added up`,
      };
    return {
      name,
      text: ` = ${sign(number)} is read ${plural("{count} time", "{count} times", paths.length)}`,
    };
  }
  if (kind === "small") return { name, text: ` = ${number} stamps ${number} × kernel` };
  const overlap = `${plural("{count} stamp", "{count} stamps", paths.length)} ${paths.length === 1 ? "lands" : "land"} here`;
  return { name, text: ` = ${sign(number)}: ${overlap}` };
}

/** Each product along a path: the two factors with their places, and the result. */
export function productsOf({ layer, axis, backwards, paths, small, large }) {
  return paths.map(({ small: at, weightCell, position: [y, x], weight, isCut }) => {
    const from = backwards ? large[y][x] : small[at[0]][at[1]];
    const index = [y - layer.padding, x - layer.padding];
    const product = from * weight;
    return {
      from: backwards
        ? isKept(axis, [y, x])
          ? `input${place(index)}`
          : "padding"
        : `input${place(at)}`,
      to: backwards ? `output${place(at)}` : isCut ? "cut off" : `output${place(index)}`,
      weight: `weight${place(weightCell)}`,
      factors: `${term(from)} × ${term(weight)}`,
      product,
      isCut,
    };
  });
}

/** Products as a sum, with its result. */
export function totalOf(products) {
  const numbers = products.map(({ product }) => product);
  return { sum: signedSum(numbers), result: addUp(numbers) };
}

/** Whether all products of the pick add up to its number; else each goes a way of its own. */
export const addsUp = ({ backwards, picked }) => (picked.kind === "small") === backwards;

/** The picked cell in one sentence, to listen to. */
export function sentenceOf(picture) {
  const { name, text } = titleOf(picture);
  const products = productsOf(picture);
  const heard = (said) => said.replaceAll("−", "minus ").replaceAll("×", "times");
  const parts = products.map(({ from, to, factors, product }) =>
    addsUp(picture) ? `${factors} from ${from}` : `${factors} = ${speak(product)} to ${to}`,
  );
  return heard(`${name}${text}${parts.length ? `: ${parts.join("; ")}` : ""}.`);
}
