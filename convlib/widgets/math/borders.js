/** Which input cell each cell of a border copies, in the four padding modes. */
import { paddedInput, problem } from "./arithmetic.js";
import { key, range } from "./lists.js";
import { english, plural, t } from "./words.js";

/** What each mode does, and the limit that its padding has beside the input size. */
export const MODES = {
  zeros: { does: english("zeros all around"), limit: null },
  reflect: { does: english("a mirror on the edge cell"), limit: "<" },
  replicate: { does: english("the edge cell, repeated"), limit: null },
  circular: { does: english("goes on at the other side"), limit: "≤" },
};

/** The layer whose border one mode shows: a 1 × 1 kernel fits into every picture. */
export const layerOf = (input_size, padding, padding_mode) => ({
  input_size,
  kernel_size: [1, 1],
  stride: 1,
  padding,
  dilation: 1,
  padding_mode,
  bias: false,
});

/**
 * The input cell that each cell of the picture copies, in the widest border: null for a zero,
 * undefined where PyTorch refuses so much padding in this mode.
 *
 * @param {number} widest  Cells of border that the picture has on each side.
 * @returns {(import("./arithmetic.js").Cell | null | undefined)[][]}
 */
function sourcesOf(input_size, mode, widest) {
  let reach = widest;
  while (reach > 0 && problem(layerOf(input_size, reach, mode))) reach -= 1;
  const cells = paddedInput(layerOf(input_size, reach, mode));
  const short = widest - reach;
  const across = range(input_size + 2 * widest);
  return across.map((y) => across.map((x) => cells[y - short]?.[x - short]?.source));
}

/** The number in an input cell: the picture counts its cells from 1. */
export const pictureValue = (input_size, [row, column]) => row * input_size + column + 1;

/** How dark an input cell is, in four steps from the first corner to the last. */
export const tone = (input_size, [row, column]) =>
  0.22 * Math.round((2 * (row + column)) / Math.max(input_size - 1, 1));

/** A picked cell, moved into the padded picture; it counts from the input's corner. */
export const inside = ({ input_size, padding, cell }) =>
  cell.map((at) => Math.min(Math.max(at, -padding), input_size + padding - 1));

/**
 * One mode's border with a cell picked in it.
 *
 * @returns {{ why: import("./arithmetic.js").Refusal | null, source: any, fromInput: boolean,
 *   copies: number, cells: object[] }}  Why PyTorch refuses the padding; what the picked cell
 *   copies; whether it is an input cell, and how often it is copied then; and all cells shown.
 */
export function borderOf(mode, input_size, padding, picked, widest) {
  const sources = sourcesOf(input_size, mode, widest);
  const isWithin = (cell, border) => cell.every((at) => at >= -border && at < input_size + border);
  const source = sources[picked[0] + widest][picked[1] + widest];
  const fromInput = isWithin(picked, 0);
  const cells = sources
    .flatMap((line, y) =>
      line.map((from, x) => {
        const here = [y - widest, x - widest];
        const isPicked = key(here) === key(picked);
        return {
          y,
          x,
          from,
          isShown: isWithin(here, padding),
          isInner: isWithin(here, 0),
          isPicked,
          isLinked: source && from && key(from) === key(source) && !isPicked,
        };
      }),
    )
    .filter((cell) => cell.isShown);
  const copies = fromInput ? cells.filter((cell) => cell.isLinked).length : 0;
  const why = problem(layerOf(input_size, padding, mode));
  return { why, source, fromInput, copies, cells };
}

/** What the picked cell copies, or how often it is copied. */
export function copySentence({ source, fromInput, copies }, input_size) {
  if (fromInput) {
    if (copies === 0) return t("No copy in the border.");
    return plural("{count} copy in the border.", "{count} copies in the border.", copies);
  }
  if (source === undefined) return t("Out of reach.");
  if (source === null) return t("A zero: it copies nothing.");
  const [row, column] = source;
  const value = pictureValue(input_size, source);
  return t("Copies {value}, from row {row}, column {column}.", { value, row, column });
}

/** The limit of a mode with this picture's numbers. */
export function limitSentence(mode, input_size, padding, why) {
  const { limit } = MODES[mode];
  if (!limit) return t("no limit");
  const facts = { limit, padding, size: input_size };
  return why
    ? t("padding {limit} input_size: {padding} {limit} {size} is false", facts)
    : t("padding {limit} input_size: {padding} {limit} {size}", facts);
}
