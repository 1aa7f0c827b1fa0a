/** Lists of numbers and of cells, and what is taken out of an object. */

/** [0, 1, ..., length - 1] */
export function range(length) {
  return [...Array(length).keys()];
}

/** Rows of values: of each row and column one. */
export function table([height, width], valueAt) {
  return range(height).map((row) => range(width).map((column) => valueAt(row, column)));
}

/** Rows of values with another one in one cell. */
export const withCell = (rows, [row, column], value) =>
  rows.with(row, rows[row].with(column, value));

export const addUp = (numbers, start = 0) => numbers.reduce((sum, number) => sum + number, start);

/** Of an object what stands under these names. */
export const only = (object, names) =>
  Object.fromEntries(names.map((name) => [name, object[name]]));

/** Whether two values of JSON are written alike. */
export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

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
