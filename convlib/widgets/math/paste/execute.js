/** Python's statements, run one by one. One that is not understood is named, and the next one runs. */

import { evaluate } from "./evaluate.js";
import { binary } from "./operators.js";
import { Class, Definition, Exhausted, Opaque, Tensor, Trouble } from "./values.js";

/** How a block ends early: `return` carries a value, `break` and `continue` carry none. */
const NEXT = Object.freeze({ word: "continue" });
const BREAK = Object.freeze({ word: "break" });

/**
 * Run statements.
 * @returns {{ word: string, value?: * } | undefined} how they ended early
 */
export function run(statements, scope, machine, strict = false) {
  const { depth } = machine;
  for (const [index, node] of statements.entries()) {
    machine.depth = depth;
    try {
      const end = EXECUTE[node.type](node, scope, machine, { statements, index, strict });
      if (end && (end.word !== "return" || scope !== machine.top)) return end;
    } catch (error) {
      if (!(error instanceof Trouble) || error instanceof Exhausted || strict) throw error;
      machine.trouble(error, node, scope);
    }
  }
  return undefined;
}

const EXECUTE = {
  expression: (node, scope, machine) =>
    machine.expression(node, evaluate(node.value, scope, machine), scope),
  assign: (node, scope, machine) => {
    const value = evaluate(node.value, scope, machine);
    for (const target of node.targets) machine.assign(target, value, scope);
  },
  change: (node, scope, machine) => {
    const before = evaluate(node.target, scope, machine);
    const value = evaluate(node.value, scope, machine);
    machine.assign(node.target, changed(node, before, value, machine), scope);
  },
  return: (node, scope, machine) => ({
    word: "return",
    value: node.value ? evaluate(node.value, scope, machine) : null,
  }),
  names: (node, scope, machine) => {
    for (const { path, name, plain } of node.names) machine.bring(path, name, plain, scope);
  },
  skip: (node, _scope, machine) =>
    machine.loops > 0 ? { break: BREAK, continue: NEXT }[node.word] : undefined,
  broken: (node) => {
    throw node.trouble;
  },
  def: (node, scope) => {
    scope.names.set(node.name, new Definition(node, scope));
  },
  class: (node, scope, machine) => {
    const bases = node.args.map((base) => evaluate(base, scope, machine));
    const inner = { names: new Map(), parent: scope };
    run(node.body, inner, machine);
    const made = new Class(node.name, bases, inner.names, node);
    for (const member of inner.names.values())
      if (member instanceof Definition) member.owner = made;
    scope.names.set(node.name, made);
    machine.classes.push(made);
  },
  if: (node, scope, machine, place) => {
    const branch = chosenBranch(node, scope, machine, place);
    return branch && run(branch, scope, machine, place.strict);
  },
  elif: (node, scope, machine, place) => alone(node, scope, machine, place),
  else: (node, scope, machine, place) => alone(node, scope, machine, place),
  for: (node, scope, machine, { strict }) => {
    for (const value of machine.iterate(evaluate(node.iterable, scope, machine), node.iterable)) {
      machine.step(node);
      machine.assign(node.target, value, scope);
      const end = round(node, scope, machine, strict);
      if (end === BREAK) break;
      if (end && end !== NEXT) return end;
    }
    return undefined;
  },
  while: (node, scope, machine, { strict }) => {
    while (machine.truth(evaluate(node.test, scope, machine), node)) {
      machine.step(node);
      const end = round(node, scope, machine, strict);
      if (end === BREAK) break;
      if (end && end !== NEXT) return end;
    }
    return undefined;
  },
  with: (node, scope, machine, { strict }) => run(node.body, scope, machine, strict),
  try: (node, scope, machine, { strict }) => run(node.body, scope, machine, strict),
  finally: (node, scope, machine, { strict }) => run(node.body, scope, machine, strict),
  except: () => undefined,
  async: () => undefined,
};

/** One round of a loop; outside of loops, `break` means nothing. */
function round(node, scope, machine, strict) {
  machine.loops++;
  try {
    return run(node.body, scope, machine, strict);
  } finally {
    machine.loops--;
  }
}

/** The body to run of `if`, and of the `elif` and `else` that follow it. */
function chosenBranch(node, scope, machine, { statements, index }) {
  if (machine.truth(evaluate(node.test, scope, machine), node)) return node.body;
  for (const next of statements.slice(index + 1)) {
    if (next.type === "else") return next.body;
    if (next.type !== "elif") return null;
    if (machine.truth(evaluate(next.test, scope, machine), next)) return next.body;
  }
  return null;
}

const BEFORE_ELSE = new Set(["if", "elif", "for", "while", "try", "except"]);

/** `else:` without its `if`, cut out of a longer text. */
function alone(node, scope, machine, { statements, index, strict }) {
  if (BEFORE_ELSE.has(statements[index - 1]?.type)) return undefined;
  return run(node.body, scope, machine, strict);
}

function changed(node, before, value, machine) {
  if (before instanceof Tensor || value instanceof Tensor) return machine.join(node, before, value);
  if (Array.isArray(before) && node.sign === "+") {
    before.push(...machine.iterate(value, node));
    return before;
  }
  const known = [before, value].map((part) =>
    part instanceof Opaque ? machine.know(part, null) : part,
  );
  return binary(node.sign, ...known, node);
}
