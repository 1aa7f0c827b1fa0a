/** Lists of numbers and of cells. */

/** [0, 1, ..., length - 1] */
export function range(length) {
  return [...Array(length).keys()];
}

/** Neighbouring numbers of a rising list, joined: [1, 2, 3, 5] gives [[1, 3], [5, 5]]. */
export function runs(numbers) {
  const found = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else found.push([number, number]);
  }
  return found;
}

/** A cell as the key of a Map. */
export const key = (cell) => cell.join(",");

/** Sort items into a Map from the key of a cell to the items there. */
export function byCell(items, cellOf) {
  const map = new Map();
  for (const item of items) {
    const at = key(cellOf(item));
    map.set(at, [...(map.get(at) ?? []), item]);
  }
  return map;
}
