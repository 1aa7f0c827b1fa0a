/** Python's own functions, as far as networks need them to count. */

import { t } from "../words.js";
import { binary, compare } from "./operators.js";
import {
  Builtin,
  Float,
  isNumber,
  itemsOf,
  Module,
  Name,
  numberOf,
  Tensor,
  Trouble,
  Tuple,
} from "./values.js";

const MOST_ITEMS = 10_000;

/** @type {Map<string, (args: Array, keywords: Map, node: object, machine: object) => *>} */
export const PYTHON = new Map(
  Object.entries({
    int: ([value = 0], _, node, machine) => whole(Math.trunc(real(value, node, machine)), node),
    float: ([value = 0], _, node, machine) => new Float(real(value, node, machine)),
    bool: ([value], _, node, machine) => machine.truth(value, node),
    str: ([value]) => textOf(value),
    abs: ([value], _, node, machine) => like(value, Math.abs(real(value, node, machine))),
    round: ([value, digits], _, node, machine) => {
      const number = real(value, node, machine);
      if (digits) return new Float(Number(number.toFixed(Math.min(Math.max(digits, 0), 20))));
      return roundHalfEven(number);
    },
    len: ([value], _, node, machine) => {
      if (value instanceof Tensor && value.shape) return value.shape[0];
      return typeof value === "string" ? value.length : machine.iterate(value, node).length;
    },
    range,
    min: (args, _, node, machine) => best("<", args, node, machine),
    max: (args, _, node, machine) => best(">", args, node, machine),
    sum: ([values, start = 0], _, node, machine) =>
      machine.iterate(values, node).reduce((all, value) => {
        if (all instanceof Tensor || value instanceof Tensor)
          return machine.join({ ...node, sign: "+" }, all, value);
        return binary("+", all, machine.know(value, null), node);
      }, start),
    list: ([values = []], _, node, machine) => [...machine.iterate(values, node)],
    tuple: ([values = []], _, node, machine) => new Tuple([...machine.iterate(values, node)]),
    set: ([values = []], _, node, machine) => [...machine.iterate(values, node)],
    dict: ([first], keywords) => new Map([...(first instanceof Map ? first : []), ...keywords]),
    zip: (args, _, node, machine) => {
      const lists = args.map((list) => machine.iterate(list, node));
      const length = Math.min(...lists.map((list) => list.length));
      return Array.from({ length }, (__, index) => new Tuple(lists.map((list) => list[index])));
    },
    enumerate: ([values, start = 0], keywords, node, machine) =>
      machine
        .iterate(values, node)
        .map((value, index) => new Tuple([index + (keywords.get("start") ?? start), value])),
    reversed: ([values], _, node, machine) => [...machine.iterate(values, node)].reverse(),
    sorted: ([values], _, node, machine) =>
      [...machine.iterate(values, node)].sort((a, b) => numberOf(a) - numberOf(b)),
    isinstance: ([value, type]) => isInstance(value, type),
    callable: ([value]) => typeof value === "object" && value !== null,
    hasattr: () => false,
    getattr: ([object, name, ...rest], _, node, machine) =>
      typeof name === "string" ? machine.attribute(object, name, node) : (rest[0] ?? null),
    print: () => null,
    any: ([values], _, node, machine) =>
      machine.iterate(values, node).some((value) => machine.truth(value, node)),
    all: ([values], _, node, machine) =>
      machine.iterate(values, node).every((value) => machine.truth(value, node)),
  }),
);

const OTHERS = {
  "math.floor": ([value], node, machine) => whole(Math.floor(real(value, node, machine)), node),
  "math.ceil": ([value], node, machine) => whole(Math.ceil(real(value, node, machine)), node),
  "math.sqrt": ([value], node, machine) => new Float(Math.sqrt(real(value, node, machine))),
  "math.log2": ([value], node, machine) => new Float(Math.log2(real(value, node, machine))),
  "math.log": ([value], node, machine) => new Float(Math.log(real(value, node, machine))),
  "math.pow": ([a, b], node, machine) =>
    new Float(real(a, node, machine) ** real(b, node, machine)),
};

/** Call a function of Python; undefined if it is none of these. */
export function callPython(path, args, keywords, node, machine) {
  const name = path.replace(/^python\./, "");
  if (path.startsWith("python.")) return PYTHON.get(name)(args, keywords, node, machine);
  if (Object.hasOwn(OTHERS, path)) return OTHERS[path](args, node, machine);
  if (path === "collections.OrderedDict") return orderedDict(args, keywords, node, machine);
  if (path === "functools.partial") return partial(args, keywords, machine);
  return undefined;
}

function orderedDict([first = []], keywords, node, machine) {
  if (first instanceof Map) return new Map([...first, ...keywords]);
  const pairs = machine.iterate(first, node).map((pair) => itemsOf(pair));
  if (!pairs.every((pair) => pair?.length === 2))
    throw new Trouble(t("an OrderedDict takes pairs"), node);
  return new Map([...pairs, ...keywords]);
}

/** A function with some of its arguments. */
function partial([target, ...first], named, machine) {
  const made = new Builtin("partial", (args, keywords, node) =>
    machine.call(target, [...first, ...args], new Map([...named, ...keywords]), node),
  );
  made.target = target;
  return made;
}

function range(args, _, node, machine) {
  const numbers = args.map((value) => machine.whole(value, node));
  const [start, stop, step = 1] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (!(length <= MOST_ITEMS))
    throw new Trouble(t("more than {most} rounds", { most: MOST_ITEMS }), node);
  return Array.from({ length }, (__, index) => start + index * step);
}

function best(sign, args, node, machine) {
  const values = args.length === 1 ? machine.iterate(args[0], node) : args;
  const known = values.map((value) => machine.know(value, null));
  if (known.length === 0) throw new Trouble(t("there is nothing to choose from"), node);
  return known.reduce((a, b) => (compare(sign, b, a, node) ? b : a));
}

function real(value, node, machine) {
  const known = machine.know(value, null);
  if (typeof known === "string" && /^\s*[-+]?\d{1,15}\s*$/.test(known)) return Number(known);
  if (!isNumber(known) && typeof known !== "boolean")
    throw new Trouble(t("a number is needed here"), node);
  return numberOf(known);
}

function whole(number, node) {
  if (!Number.isSafeInteger(number)) throw new Trouble(t("a number larger than any size"), node);
  return number === 0 ? 0 : number;
}

const like = (value, number) => (value instanceof Float ? new Float(number) : number);

/** Python rounds a half to the even neighbour. */
function roundHalfEven(number) {
  const floor = Math.floor(number);
  if (number - floor !== 0.5) return Math.round(number);
  return floor % 2 === 0 ? floor : floor + 1;
}

function isInstance(value, type) {
  const types = itemsOf(type) ?? [type];
  return types.some((each) => {
    if (!(each instanceof Name)) return value instanceof Module && value.class === each;
    const name = each.path.split(".").at(-1);
    if (name === "int") return Number.isInteger(value);
    if (name === "float") return value instanceof Float;
    if (name === "str") return typeof value === "string";
    if (name === "list") return Array.isArray(value);
    if (name === "tuple") return value instanceof Tuple;
    if (name === "dict") return value instanceof Map;
    return value instanceof Module && (value.kind === name || name === "Module");
  });
}
