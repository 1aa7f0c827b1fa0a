/**
 * What a program has built: the network it means, as rows in order.
 *
 * Where a `forward` can be followed, the rows stand in its order, joins and functions with them.
 * Else they stand in the order in which the text makes them.
 */

import { t } from "../words.js";
import { flattenNote } from "./remarks.js";
import { Definition, Exhausted, Trouble } from "./values.js";

/** Kinds whose output is a map; a Linear after one of them needs a Flatten. */
const VECTORS = new Set(["Linear", "Flatten", "view"]);

/**
 * @param {import("./machine.js").Machine} machine that has run the text
 * @returns {object[]} modules
 */
export function networkOf(machine) {
  callWhatIsLeft(machine);
  const roots = rootsOf(machine);
  namePaths(roots);
  const rows = followed(machine, roots);
  if (rows) return rows;
  const leaves = roots.flatMap((root) => [...leavesOf(root)]);
  return withFlatten(leaves, machine);
}

/** Classes and functions that the text defines and does not use: the last one is the network. */
function callWhatIsLeft(machine) {
  const { top, self } = machine;
  const init = top.names.get("__init__");
  if (init instanceof Definition)
    attempt(machine, () => machine.call(init, [self], new Map(), null));
  const isModule = (made) => made.bases.length > 0 || made.find("forward");
  if (machine.classes.some((made) => isModule(made) && machine.called.has(made))) return;
  for (const made of machine.classes.filter(isModule).reverse()) {
    if (
      machine.called.has(made) ||
      machine.classes.some((other) => other.bases.includes(made) && machine.called.has(other))
    )
      continue;
    if (machine.main) {
      machine.notes.add(
        t("Two networks are in the text. {shown} is shown; paste {other} alone to see it.", {
          shown: machine.main,
          other: made.name,
        }),
      );
      continue;
    }
    machine.main = made.name;
    attempt(machine, () => machine.call(made, [], new Map(), made.node));
  }
  if (machine.made.length > 0 || machine.graph.rows.length > 0) return;
  for (const value of [...top.names.values()].reverse()) {
    if (
      value instanceof Definition &&
      !machine.called.has(value.node) &&
      value.node.name !== "forward"
    ) {
      attempt(machine, () => machine.call(value, [], new Map(), value.node));
    }
  }
}

function attempt(machine, action) {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Trouble) || error instanceof Exhausted) throw error;
    machine.trouble(error, { at: error.node?.at, tokens: null }, machine.top);
  }
}

/** Modules that stand in no other, in the order in which the text makes them. */
function rootsOf(machine) {
  const { self, made } = machine;
  const free = made.filter((module) => !module.owner);
  if (self.children.size === 0) return free;
  const [only] = self.children.values();
  const alone = self.children.size === 1 && free.length === 0 && !only.layer;
  return alone ? [only] : [self, ...free];
}

/** Names as in `named_modules()`: a single container has none of its own. */
function namePaths(roots) {
  const single = roots.length === 1;
  for (const root of roots) {
    const own = single || root.kind === "self" ? "" : (root.label ?? "");
    if (root.layer) root.path = root.label;
    namePath(root, own, 0);
  }
}

function namePath(module, prefix, depth) {
  if (depth > 60) return;
  for (const [name, child] of module.children) {
    const path = prefix ? `${prefix}.${name}` : name;
    child.path ??= path;
    namePath(child, path, depth + 1);
  }
}

// ------------------------------------------------------------------------------------ forward

/** The rows of the forward pass, or null where it cannot be followed. */
function followed(machine, roots) {
  const { graph, top } = machine;
  const called = graph.rows.length > 0;
  const loose = top.names.get("forward");
  const root =
    roots.find((module) => module.class?.find("forward")) ??
    (loose instanceof Definition && roots[0]);
  if (!called && !root) return null;
  try {
    if (!called) {
      machine.following = true;
      const forward = root.class?.find("forward") ?? loose;
      const inputs = forward.node.parameters
        .slice(1)
        .filter(({ stars, ...rest }) => !stars && !rest.default);
      machine.call(forward, [root, ...inputs.map(() => graph.start())], new Map(), forward.node);
    }
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    machine.notes.add(notFollowed(error));
    return null;
  } finally {
    machine.following = false;
  }
  return allReached(machine, roots)
    ? graph.rows.map((row, index) => named(row, graph.modules[index]))
    : null;
}

function notFollowed({ node, message }) {
  const facts = { line: node?.at?.line, why: message };
  return facts.line
    ? t(
        "forward is not followed from line {line} on: {why}. The rows stand in the order of __init__.",
        facts,
      )
    : t("forward is not followed: {why}. The rows stand in the order of __init__.", facts);
}

function named(row, module) {
  const name = module && (module.path ?? module.label);
  return name ? { ...row, name } : row;
}

/** Whether every layer of the text is a row; one that forward never calls is named. */
function allReached(machine, roots) {
  if (machine.graph.rows.length === 0) return false;
  const left = roots
    .flatMap((root) => [...leavesOf(root)])
    .filter((module) => !machine.reached.has(module));
  const hasForward =
    roots.some((root) => root.class?.find("forward")) ||
    machine.top.names.get("forward") instanceof Definition;
  if (!hasForward) return left.length === 0;
  for (const module of left) {
    machine.notes.add(
      t("{name} (line {line}) is made and not called in forward.", {
        name: module.path ?? module.kind,
        line: module.node?.at?.line,
      }),
    );
  }
  return true;
}

// ------------------------------------------------------------------------------ in their order

function* leavesOf(module, depth = 0) {
  if (module.layer) yield module;
  if (depth > 60) return;
  for (const child of module.children.values()) yield* leavesOf(child, depth + 1);
}

/**
 * The rows of layers in order. Between a picture and a Linear of two different parts stands a
 * flatten that only forward shows: it is put in, and said.
 */
function withFlatten(leaves, machine) {
  const rows = [];
  leaves.forEach((module, index) => {
    const before = leaves[index - 1];
    const layer = { ...module.layer, name: module.path, line: module.node?.at?.line };
    if (
      layer.kind === "Linear" &&
      before &&
      isPicture(leaves, index) &&
      !inSequence(before, module)
    ) {
      rows.push({ kind: "Flatten", start_dim: 1, inserted: true, line: layer.line });
      machine.notes.add(flattenNote());
    }
    rows.push(layer);
  });
  return rows;
}

function isPicture(leaves, index) {
  const kinds = leaves.slice(0, index).map((module) => module.layer.kind);
  const maps = kinds.findLastIndex(
    (kind) => /2d$|^Upsample/.test(kind) && !kind.startsWith("Dropout"),
  );
  return maps >= 0 && maps > kinds.findLastIndex((kind) => VECTORS.has(kind));
}

/** Whether two modules stand in the same `nn.Sequential`, which puts nothing between them. */
function inSequence(one, other) {
  const owners = (module) => {
    const list = [];
    for (let owner = module.owner; owner && list.length < 60; owner = owner.owner) list.push(owner);
    return list;
  };
  const mine = owners(one);
  const shared = owners(other).find((owner) => mine.includes(owner));
  return shared?.kind === "Sequential" || shared?.container === "Sequential";
}
