/**
 * The numbers of a picture that a reader may change: what a setting says of them, and the setting
 * after a change. A setting is null (the standard numbers), a word (a pattern that fits every size),
 * or rows of numbers from the top left corner; where these end, or say null, the standard numbers
 * stand. _data.py computes the same patterns in Python; a test holds the two together.
 */
import { inputAt, weightAt } from "./arithmetic.js";
import { range, table } from "./lists.js";
import { pair } from "./modules/sizes.js";
import { t } from "./words.js";

/** Patterns: the number at a row and column, on so many rows and columns. */
const PATTERNS = {
  weight: {
    "vertical edge": (_row, column, _height, width) => Math.sign(2 * column - (width - 1)),
    mean: () => 1,
  },
  input_values: {
    edge: (_row, column, _height, width) => (2 * column < width ? 1 : 9),
  },
};

const AT = { weight: weightAt, input_values: inputAt };
const sizeOf = (layer, name) => pair(layer[name === "weight" ? "kernel_size" : "input_size"]);

const isPattern = (name, value) =>
  typeof value === "string" && Object.hasOwn(PATTERNS[name], value);

/** A layer with its patterns worked out as rows of numbers. */
export function withNumbers(layer) {
  const rows = Object.keys(PATTERNS).map((name) => {
    const [value, size] = [layer[name], sizeOf(layer, name)];
    if (!isPattern(name, value)) return [name, value];
    return [name, table(size, (...at) => PATTERNS[name][value](...at, ...size))];
  });
  return { ...layer, ...Object.fromEntries(rows) };
}

/** The setting after one number was changed; what a smaller size hides stays in it. */
export function changedNumber(layer, name, [row, column], value) {
  const shown = table(sizeOf(layer, name), (...at) => AT[name](withNumbers(layer), ...at));
  const kept = Array.isArray(layer[name]) ? layer[name] : [];
  const height = Math.max(kept.length, shown.length);
  return range(height).map((y) => {
    const line = [...(shown[y] ?? []), ...(kept[y] ?? []).slice(shown[y]?.length ?? 0)];
    return y === row ? line.with(column, value) : line;
  });
}

/** Numbers drawn between two ends, for the largest size. */
export function drawnNumbers([low, high], [height, width], random = Math.random) {
  const draw = () => low + Math.floor(random() * (high - low + 1));
  return table([height, width], draw);
}

/**
 * Why a setting cannot be shown, or null.
 *
 * @param {string} name  "weight" or "input_values"
 * @param {[number, number]} limits  Of one number.
 * @param {number} most  Rows, and numbers in a row.
 */
export function numbersProblem(name, value, limits, most) {
  if (value === null || isPattern(name, value)) return null;
  const isLine = (list) => Array.isArray(list) && list.length <= most;
  if (!isLine(value) || !value.every(isLine))
    return { rule: t("{name} is no rows of numbers", { name }) };
  const wrong = value.flat().find((number) => number !== null && !isWithin(number, limits));
  if (wrong === undefined) return null;
  const facts = { name, value: String(wrong), from: limits[0], to: limits[1] };
  return { rule: t("{name} has {value}, but a number is whole, {from} to {to}", facts) };
}

const isWithin = (number, [low, high]) =>
  Number.isInteger(number) && number >= low && number <= high;
