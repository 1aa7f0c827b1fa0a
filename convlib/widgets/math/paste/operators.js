/** Python's arithmetic and comparisons on the values of a network's settings. */

import { t } from "../words.js";
import { percent } from "./formatting.js";
import { Float, isNumber, itemsOf, numberOf, Trouble, Tuple } from "./values.js";

const MAX_LENGTH = 10_000;

/** `left sign right` as Python computes it. */
export function binary(sign, left, right, node) {
  if (isArithmetic(left) && isArithmetic(right)) return arithmetic(sign, left, right, node);
  if (sign === "+" && typeof left === "string" && typeof right === "string") {
    return limited(left + right, node);
  }
  if (sign === "+" && itemsOf(left) && itemsOf(right)) {
    return alike(left, limited([...itemsOf(left), ...itemsOf(right)], node));
  }
  if (sign === "*" && (itemsOf(left) || typeof left === "string"))
    return repeated(left, right, node);
  if (sign === "*" && (itemsOf(right) || typeof right === "string"))
    return repeated(right, left, node);
  if (sign === "%" && typeof left === "string") return percent(left, right);
  throw doesNotWork(sign, node);
}

const doesNotWork = (sign, node) =>
  new Trouble(t('"{sign}" does not work between these values', { sign }), node);

const isArithmetic = (value) => isNumber(value) || typeof value === "boolean";

const alike = (like, items) => (like instanceof Tuple ? new Tuple(items) : items);

const tooMany = (node) => new Trouble(t("more than {most} items", { most: MAX_LENGTH }), node);

function limited(value, node) {
  if (value.length > MAX_LENGTH) throw tooMany(node);
  return value;
}

function repeated(value, times, node) {
  if (!Number.isInteger(times))
    throw new Trouble(t("a list is repeated a whole number of times"), node);
  const length = (itemsOf(value) ?? value).length * Math.max(times, 0);
  if (length > MAX_LENGTH) throw tooMany(node);
  if (typeof value === "string") return value.repeat(Math.max(times, 0));
  const items = Array.from({ length: Math.max(times, 0) }, () => itemsOf(value)).flat();
  return alike(value, items);
}

function arithmetic(sign, left, right, node) {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (b === 0 && ["/", "//", "%"].includes(sign)) throw new Trouble(t("division by zero"), node);
  const compute = ARITHMETIC[sign];
  if (!compute) throw new Trouble(t('"{sign}" is not read here', { sign }), node);
  const result = compute(a, b);
  const real =
    sign === "/" || left instanceof Float || right instanceof Float || (sign === "**" && b < 0);
  if (real) return new Float(result);
  if (!Number.isSafeInteger(result)) throw new Trouble(t("a number larger than any size"), node);
  return result === 0 ? 0 : result;
}

const ARITHMETIC = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "//": (a, b) => Math.floor(a / b),
  "%": (a, b) => a - b * Math.floor(a / b),
  "**": (a, b) => a ** b,
  "<<": (a, b) => a * 2 ** b,
  ">>": (a, b) => Math.floor(a / 2 ** b),
  // JavaScript cuts to 32 bits: enough for flags.
  "|": (a, b) => a | b,
  "&": (a, b) => a & b,
  "^": (a, b) => a ^ b,
};

export function unary(sign, value, node) {
  if (!isArithmetic(value)) throw new Trouble(t('"{sign}" needs a number', { sign }), node);
  const number = numberOf(value);
  const result = sign === "-" ? -number : sign === "~" ? ~number : number;
  return value instanceof Float ? new Float(result) : result === 0 ? 0 : result;
}

/** `left sign right` for one of Python's comparisons. */
export function compare(sign, left, right, node) {
  switch (sign) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "is":
      return left === right || (isNumber(left) && equal(left, right));
    case "is not":
      return !compare("is", left, right, node);
    case "in":
      return contains(right, left, node);
    case "not in":
      return !contains(right, left, node);
  }
  const both = isArithmetic(left) && isArithmetic(right);
  if (!both && !(typeof left === "string" && typeof right === "string")) {
    throw doesNotWork(sign, node);
  }
  const [a, b] = both ? [numberOf(left), numberOf(right)] : [left, right];
  return { "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b }[sign];
}

function equal(left, right, depth = 0) {
  if (isArithmetic(left) && isArithmetic(right)) return numberOf(left) === numberOf(right);
  const [a, b] = [itemsOf(left), itemsOf(right)];
  if (a && b && Array.isArray(left) === Array.isArray(right)) {
    return (
      a.length === b.length &&
      depth < 4 &&
      a.every((item, index) => equal(item, b[index], depth + 1))
    );
  }
  return left === right;
}

function contains(all, value, node) {
  if (typeof all === "string" && typeof value === "string") return all.includes(value);
  if (all instanceof Map) return all.has(value);
  const items = itemsOf(all);
  if (!items) throw new Trouble(t('"{sign}" needs a list', { sign: "in" }), node);
  return items.some((item) => equal(item, value));
}
