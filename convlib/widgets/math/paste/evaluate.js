/** The value of an expression. The machine gives names their values and calls what is called. */

import { t } from "../words.js";
import { formatted } from "./formatting.js";
import { binary, compare, unary } from "./operators.js";
import { Definition, itemsOf, Module, Opaque, Tensor, Trouble, Tuple } from "./values.js";
import { written } from "./written.js";

/** JavaScript's own stack holds some thousand calls; Python's, a thousand. */
const MOST_DEPTH = 300;

/**
 * @param {import("./expressions.js").Node} node
 * @param {Scope} scope
 * @param {import("./machine.js").Machine} machine
 */
export function evaluate(node, scope, machine) {
  machine.step(node);
  if (++machine.depth > MOST_DEPTH) {
    machine.depth = 0;
    throw new Trouble(t("this stands too deep in itself"), node);
  }
  const value = EVALUATE[node.type](node, scope, machine);
  machine.depth--;
  return value;
}

const EVALUATE = {
  constant: (node, scope, machine) =>
    node.formatted ? formatted(node.value, (part) => evaluate(part, scope, machine)) : node.value,
  name: (node, scope, machine) => machine.lookUp(node, scope),
  attribute: (node, scope, machine) =>
    machine.attribute(evaluate(node.object, scope, machine), node.name, node, scope),
  item,
  call: (node, scope, machine) => machine.callNode(node, scope),
  binary: binaryNode,
  unary: (node, scope, machine) => {
    const value = number(evaluate(node.value, scope, machine), machine);
    return value instanceof Tensor ? value : unary(node.sign, value, node);
  },
  compare: compareNode,
  and: (node, scope, machine) => {
    const left = evaluate(node.left, scope, machine);
    return machine.truth(left, node) ? evaluate(node.right, scope, machine) : left;
  },
  or: (node, scope, machine) => {
    const left = evaluate(node.left, scope, machine);
    return machine.truth(left, node) ? left : evaluate(node.right, scope, machine);
  },
  not: (node, scope, machine) => !machine.truth(evaluate(node.value, scope, machine), node),
  truth: (node, scope, machine) => machine.truth(evaluate(node.value, scope, machine), node),
  conditional: (node, scope, machine) =>
    evaluate(
      machine.truth(evaluate(node.test, scope, machine), node) ? node.yes : node.no,
      scope,
      machine,
    ),
  lambda: (node, scope) =>
    new Definition(
      { ...node, name: "lambda", body: [{ type: "return", value: node.body, at: node.at }] },
      scope,
    ),
  walrus: (node, scope, machine) => {
    const value = evaluate(node.value, scope, machine);
    if (node.name) scope.names.set(node.name, value);
    return value;
  },
  tuple: (node, scope, machine) => new Tuple(items(node.items, scope, machine)),
  list: (node, scope, machine) => items(node.items, scope, machine),
  dict,
  comprehension,
  slice: (node) => {
    throw new Trouble(t("a slice was not expected here"), node);
  },
  star: (node) => {
    throw new Trouble(t('"{token}" was not expected here', { token: "*" }), node);
  },
};

/** Values in a row; `*values` puts in several. */
export function items(nodes, scope, machine) {
  return nodes.flatMap((node) => {
    if (node.type !== "star") return [evaluate(node, scope, machine)];
    return machine.iterate(evaluate(node.value, scope, machine), node);
  });
}

function dict(node, scope, machine) {
  const entries = new Map();
  for (const [key, value] of node.entries) {
    if (key === null) {
      const more = evaluate(value, scope, machine);
      if (more instanceof Map) for (const entry of more) entries.set(...entry);
    } else entries.set(evaluate(key, scope, machine), evaluate(value, scope, machine));
  }
  return entries;
}

function binaryNode(node, scope, machine) {
  const left = evaluate(node.left, scope, machine);
  const right = evaluate(node.right, scope, machine);
  if (left instanceof Tensor || right instanceof Tensor) {
    return machine.join(node, left, right);
  }
  if (left instanceof Module || right instanceof Module) {
    throw new Trouble(t('"{sign}" does not work between layers', { sign: node.sign }), node);
  }
  return binary(node.sign, number(left, machine), number(right, machine), node);
}

/** A value that the text leaves open takes its number where arithmetic needs one. */
const number = (value, machine) => (value instanceof Opaque ? machine.know(value, null) : value);

function compareNode(node, scope, machine) {
  let left = evaluate(node.first, scope, machine);
  for (const { sign, right: other, at } of node.rest) {
    const right = evaluate(other, scope, machine);
    if (!compareOpen(sign, left, right, at, machine)) return false;
    left = right;
  }
  return true;
}

/** What is not known is not None, and takes a value where sizes are compared. */
function compareOpen(sign, left, right, at, machine) {
  const open = left instanceof Opaque || right instanceof Opaque;
  if (!open || sign === "is" || sign === "is not") return compare(sign, left, right, { at });
  const other = left instanceof Opaque ? right : left;
  if (typeof other === "string" || other === null || sign.endsWith("in"))
    return sign.startsWith("not") || sign === "!=";
  return compare(sign, number(left, machine), number(right, machine), { at });
}

function item(node, scope, machine) {
  const object = evaluate(node.object, scope, machine);
  if (object instanceof Opaque) {
    const text = `${object.text}[${written(node.key, (name) => machine.numberText(name, scope))}]`;
    return machine.settle(new Opaque(text, node, object.ofTensor));
  }
  const values = object instanceof Module ? [...object.children.values()] : itemsOf(object);
  if (node.key.type === "slice" && (values || typeof object === "string")) {
    return slice(object, values ?? object, node.key, scope, machine);
  }
  const key = number(evaluate(node.key, scope, machine), machine);
  if (object instanceof Map || (object instanceof Module && typeof key === "string")) {
    const map = object instanceof Map ? object : object.children;
    if (map.has(key)) return map.get(key);
    throw noItem(node);
  }
  const found = (values ?? (typeof object === "string" ? object : [])).at?.(
    machine.whole(key, node),
  );
  if (found === undefined) throw noItem(node);
  return found;
}

const noItem = (node) =>
  new Trouble(t("there is no item {item}", { item: written(node.key) }), node);

function slice(object, values, node, scope, machine) {
  const [from, to, step = 1] = node.parts.map((part) =>
    part === null
      ? undefined
      : machine.whole(number(evaluate(part, scope, machine), machine), node),
  );
  const picked = indices(values.length, from, to, step, node).map((index) => values[index]);
  if (typeof object === "string") return picked.join("");
  if (!(object instanceof Module)) return object instanceof Tuple ? new Tuple(picked) : picked;
  const sequence = new Module("Sequential", node);
  picked.forEach((child, index) => sequence.children.set(String(index), child));
  return sequence;
}

/** The places that `[from:to:step]` picks, as Python counts them. */
function indices(length, from, to, step, node) {
  if (step === 0) throw new Trouble(t("slice step cannot be zero"), node);
  const forward = step > 0;
  const [low, high] = forward ? [0, length] : [-1, length - 1];
  const place = (index, other) => {
    if (index === undefined) return other;
    return Math.min(Math.max(index < 0 ? index + length : index, low), high);
  };
  const picked = [];
  const end = place(to, forward ? length : -1);
  for (let at = place(from, forward ? 0 : length - 1); forward ? at < end : at > end; at += step) {
    picked.push(at);
  }
  return picked;
}

/** `[f(v) for v in values if v]`: its variable lives in it alone. */
function comprehension(node, scope, machine) {
  const inner = { names: new Map(), parent: scope };
  const pairs = node.kind === "dict" && Array.isArray(node.element);
  const results = [];
  const loop = (depth) => {
    if (depth === node.loops.length) {
      results.push(
        pairs
          ? node.element.map((part) => evaluate(part, inner, machine))
          : items([node.element], inner, machine),
      );
      return;
    }
    const { target, iterable, tests } = node.loops[depth];
    for (const value of machine.iterate(evaluate(iterable, inner, machine), iterable)) {
      machine.assign(target, value, inner);
      if (tests.every((test) => machine.truth(evaluate(test, inner, machine), test)))
        loop(depth + 1);
    }
  };
  loop(0);
  return pairs ? new Map(results) : results.flat();
}
