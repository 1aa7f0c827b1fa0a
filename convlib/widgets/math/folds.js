/** Which rows of a long table stand in one record: what changes no size, and blocks that repeat. */
import { sources } from "./network.js";

const QUIET =
  /^(Batch|Instance|Group|Layer)Norm|LU6?$|^(Sigmoid|Tanh|Softmax|Mish|Hardswish|Hardsigmoid|Dropout|Dropout2d|Identity)$/;
const LONGEST_BLOCK = 24;

/** Whether a layer changes no size and is folded into the row above. */
const isQuiet = ({ kind }) => QUIET.test(kind);

/**
 * The records of a table.
 *
 * @param {object[]} layers
 * @param {object[]} rows  Their table; it may end before the layers do.
 * @param {{ picked: number, opened: Set<number>, folded: boolean }} view  A picked row is never
 *   hidden, nor are the blocks behind a row that was opened.
 * @returns {({ row: number, tails: number[] } | { repeats: number, length: number, first: number,
 *   last: number })[]}
 */
export function recordsOf(layers, rows, { picked, opened, folded }) {
  if (!folded) return layers.map((_, row) => ({ row, tails: [] }));
  const groups = groupsOf(layers, picked, rows.at(-1)?.refusal ? rows.length - 1 : -1);
  const keys = groups.map((group) => keyOf(group, layers, rows));
  const records = [];
  for (let at = 0; at < groups.length; ) {
    const { length, times } = repeatAt(keys, at);
    records.push(...groups.slice(at, at + length));
    const end = at + length * times;
    const hidden = groups.slice(at + length, end);
    if (hidden.length) {
      const [first, last] = [hidden[0].row, lastRow(hidden.at(-1))];
      const isOpen = opened.has(first) || (picked >= first && picked <= last);
      if (isOpen) records.push(...hidden);
      else records.push({ repeats: times - 1, length, first, last });
    }
    at = end;
  }
  return records;
}

const lastRow = ({ row, tails }) => tails.at(-1) ?? row;

/** Each row with the quiet ones behind it. */
function groupsOf(layers, picked, broken) {
  const groups = [];
  for (const [row, layer] of layers.entries()) {
    const isShown = row === picked || row === broken;
    const hasFrom = layer.from && layer.from[0] !== row - 1;
    if (groups.length && isQuiet(layer) && !isShown && !hasFrom) groups.at(-1).tails.push(row);
    else groups.push({ row, tails: [] });
  }
  return groups;
}

/** What two rows must have in common to be the same: settings, sizes, and how far back they read. */
function keyOf({ row, tails }, layers, rows) {
  return JSON.stringify(
    [row, ...tails].map((each) => {
      const { name, from, ...layer } = layers[each];
      return [
        layer,
        sources(layers[each], each).map((source) => each - source),
        rows[each]?.output,
      ];
    }),
  );
}

/** The block of rows that begins here and repeats most. */
function repeatAt(keys, at) {
  let best = { length: 1, times: 1 };
  for (let length = 1; length <= LONGEST_BLOCK; length++) {
    let times = 1;
    while (isBlock(keys, at, at + length * times, length)) times += 1;
    const isWorth = times > 2 || (times === 2 && length > 2);
    if (isWorth && (times - 1) * length > (best.times - 1) * best.length) best = { length, times };
  }
  return best;
}

function isBlock(keys, one, other, length) {
  for (let index = 0; index < length; index++) {
    if (other + index >= keys.length || keys[one + index] !== keys[other + index]) return false;
  }
  return true;
}
