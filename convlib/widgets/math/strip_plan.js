/** What of a padded axis a strip shows: a long one is cut where nothing new happens. */
import { leftover, outputSize, paddedSize, tapPosition } from "./arithmetic.js";
import { range } from "./lists.js";

const MOST_COLUMNS = 34; // more positions than this are cut
const HEAD = 12;
const TAIL = 20;
const MOST_STOPS = 8; // more stops than this are shown without their middle
const FEW_STOPS = 3;

/**
 * The pieces of positions [from, to) that are shown, and the stops, in one or two sets.
 *
 * @param {import("./arithmetic.js").Axis} axis
 * @returns {{ pieces: [number, number][], shown: number[][] }}
 */
export function stripPlan(axis) {
  const stops = outputSize(axis);
  const length = tapPosition(axis, stops, axis.kernel - 1) + 1; // to the end of the next stop
  const pieces =
    length <= MOST_COLUMNS ? [[0, length]] : joined([...heads(axis), ...tails(axis, length)]);
  const shown =
    stops <= MOST_STOPS
      ? [range(stops)]
      : [range(FEW_STOPS), range(FEW_STOPS).map((index) => stops - FEW_STOPS + index)];
  return { pieces, shown };
}

/** The first cells; after much padding also the first ones of the input. */
function heads({ before }) {
  if (before <= HEAD / 2) return [[0, HEAD]];
  return [
    [0, 4],
    [before - 3, before + HEAD - 4],
  ];
}

/** The last cells of the input, the end of the padded axis, and the end of the next stop. */
function tails(axis, length) {
  const padded = paddedSize(axis);
  const inputEnd = axis.before + axis.size;
  if (length - inputEnd <= TAIL / 2) return [[length - TAIL, length]];
  return [
    [inputEnd - 8, inputEnd + 3],
    [padded - Math.min(leftover(axis), 4) - 3, padded + 3],
    [length - 3, length],
  ];
}

/** Pieces in order, those that meet or nearly meet as one; none goes beyond the axis. */
function joined(pieces) {
  const found = [];
  for (const [from, to] of pieces) {
    const last = found.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else found.push([Math.max(from, 0), to]);
  }
  return found;
}

/** Whether the index is written even where there is little room: every fifth, and the last. */
export function isNumbered(index, last) {
  const apart = last < 100 ? 2 : 3; // cells that the last number takes
  return index === last || (index % 5 === 0 && last - index > apart);
}
