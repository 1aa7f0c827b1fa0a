/**
 * Calls: of functions, classes, layers and whole modules. `machine` is the Machine that runs the
 * text; its `call` counts how deep calls stand in each other.
 */

import { t } from "../words.js";
import { evaluate } from "./evaluate.js";
import { run } from "./execute.js";
import { isFunction } from "./functional.js";
import { isLayer, parametersOf } from "./layers.js";
import { callTorch } from "./torch.js";
import {
  Bound,
  Builtin,
  Class,
  Definition,
  itemsOf,
  Module,
  Name,
  Opaque,
  Super,
  Tensor,
  Trouble,
  Tuple,
} from "./values.js";
import { written } from "./written.js";

/** Names of classes, and of functions that make layers. */
const LAYER_LIKE =
  /^[A-Z]|[Cc]onv|[Pp]ool|[Nn]orm|[Ll]inear|[Rr]elu|[Uu]psample|[Dd]ropout|[Bb]lock|[Ll]ayer/;

/** A call as it is written: its arguments are values before the function runs. */
export function callNode(machine, node, scope) {
  const { callee } = node;
  if (callee.type === "name" && callee.name === "super") return superOf(machine, scope);
  const called = evaluate(callee, scope, machine);
  const kind = kindOf(called);
  const names = kind ? parametersOf(kind) : [];
  const before = machine.use;
  const value = (child, name) => {
    machine.use = name ?? before;
    return evaluate(child, scope, machine);
  };
  const takesTensor =
    called instanceof Module ||
    (called instanceof Name && isFunction(called.path.split(".").at(-1)));
  const args = node.args.flatMap((child, index) => {
    if (takesTensor && index === 0) return [inputOf(machine, child, scope)];
    if (child.type === "star") return spread(machine, value(child.value, null), child);
    return [value(child, names[index])];
  });
  const keywords = new Map();
  for (const { name, value: child } of node.keywords) {
    if (name) keywords.set(name, value(child, kind ? name : null));
    else spreadNames(machine, value(child, null), keywords, kind);
  }
  machine.use = before;
  return machine.call(called, args, keywords, node);
}

/** `*layers`: something open stands for nothing, and is named. */
function spread(machine, value, node) {
  if (!(value instanceof Opaque)) return machine.iterate(value, node);
  const why = t("what {name} holds is not in the text", { name: value.text });
  machine.problem(`*${value.text}`, node.at, why);
  return [];
}

function spreadNames(machine, value, keywords, kind) {
  if (value instanceof Map) {
    for (const [name, item] of value) if (name !== "type") keywords.set(String(name), item);
  } else if (value instanceof Opaque && kind) {
    openNames(machine, value, keywords);
  }
}

/** `nn.Conv2d(**cfg)` with a `cfg` that is not in the text: what a layer must have is asked for. */
function openNames(machine, value, keywords) {
  value.needed = true;
  keywords.set("**", value);
  machine.notes.add(
    t("{argument}: only what the layer must have is asked for; the rest keeps its default.", {
      argument: `**${value.text}`,
    }),
  );
}

/** The kind of layer that a call makes, or null. */
export function kindOf(called) {
  if (!(called instanceof Name)) return null;
  const kind = called.path.split(".").at(-1).replace(/^Lazy/, "");
  return called.path.startsWith("torch.nn.") && isLayer(kind) ? kind : null;
}

export function callValue(machine, called, args, keywords, node) {
  if (called instanceof Name) return callTorch(called.path, args, keywords, node, machine);
  if (called instanceof Builtin) return called.call(args, keywords, node);
  if (called instanceof Bound)
    return callDefinition(machine, called.method, [called.self, ...args], keywords);
  if (called instanceof Definition) return callDefinition(machine, called, args, keywords);
  if (called instanceof Class) return instantiate(machine, called, args, keywords, node);
  if (called instanceof Module) return forward(machine, called, args, keywords, node);
  if (called instanceof Opaque) return callOpen(machine, called, args, keywords, node);
  throw new Trouble(t("this cannot be called"), node);
}

function callOpen(machine, called, args, keywords, node) {
  if (/(?:^|\.)summary$/.test(called.text))
    machine.noticeInput(args[1] ?? keywords.get("input_size"));
  const text = written(node);
  const last = called.text.split(".").at(-1);
  if (
    /^(?:weight|spectral)_norm$|^(?:compile|DataParallel|checkpoint_wrapper|jit)$/.test(last) &&
    args[0]
  )
    return args[0];
  const result = new Opaque(
    text.startsWith(called.text) ? text : `${called.text}()`,
    node,
    called.ofTensor,
  );
  if (last === "get" && args.length === 2) result.otherwise = args[1];
  result.isCall = LAYER_LIKE.test(last) || args.some((value) => value instanceof Tensor);
  if (args.some((value) => value instanceof Tensor && value.row !== null) && machine.following) {
    throw new Trouble(t("{name} is not in the text", { name: called.text }), node);
  }
  return result;
}

function callDefinition(machine, definition, args, keywords) {
  const { node: head } = definition;
  machine.called.add(head);
  const scope = {
    names: new Map(),
    parent: definition.scope,
    function: definition,
    self: args[0],
  };
  const named = new Map(keywords);
  let position = 0;
  for (const parameter of head.parameters) {
    const { name, stars } = parameter;
    if (stars === 1) {
      scope.names.set(name, new Tuple(args.slice(position)));
      position = args.length;
    } else if (stars === 2) scope.names.set(name, new Map(named));
    else if (position < args.length) scope.names.set(name, args[position++]);
    else if (named.has(name)) {
      scope.names.set(name, named.get(name));
      named.delete(name);
    } else if (parameter.default) {
      scope.names.set(name, evaluate(parameter.default, definition.scope, machine));
    } else scope.names.set(name, machine.settle(new Opaque(name, parameter)));
  }
  const end = run(head.body, scope, machine, machine.following);
  return end?.word === "return" ? end.value : null;
}

function instantiate(machine, made, args, keywords, node) {
  machine.called.add(made);
  const object = new Module(made.name, node);
  object.class = made;
  machine.remember(object);
  const init = made.find("__init__");
  if (init instanceof Definition) callDefinition(machine, init, [object, ...args], keywords);
  else initialize(machine, object, made, args, keywords, node);
  return object;
}

/** `super().__init__(...)` of a class of PyTorch. */
export function initialize(machine, object, made, args, keywords, node) {
  const path = made.root();
  const kind = path && kindOf(new Name(path));
  if (kind) {
    const layer = callTorch(path, args, keywords, node, machine);
    machine.made.splice(machine.made.indexOf(layer), 1);
    object.layer = layer.layer;
  } else if (path === "torch.nn.Sequential" || path === "torch.nn.ModuleList") {
    const container = callTorch(path, args, keywords, node, machine);
    machine.made.splice(machine.made.indexOf(container), 1);
    object.container = container.kind;
    for (const [name, child] of container.children) {
      child.owner = object;
      object.children.set(name, child);
    }
  }
}

function superOf(machine, scope) {
  let level = scope;
  while (level && !level.function?.owner) level = level.parent;
  return new Super(level?.self ?? machine.self, level?.function.owner);
}

/** A module is called: its layers become rows. */
export function forward(machine, module, args, keywords, node) {
  const inputs = args.map((value) => (value instanceof Opaque ? machine.graph.start() : value));
  const own = module.class?.find("forward");
  if (own instanceof Definition) {
    return machine.call(new Bound(own, module), inputs, keywords, node);
  }
  return forwardOfTorch(machine, module, inputs, node);
}

/** The forward of a layer and of `nn.Sequential`. */
export function forwardOfTorch(machine, module, inputs, node) {
  const [input] = inputs;
  if (!(input instanceof Tensor)) throw new Trouble(t("a layer is called without a tensor"), node);
  if (module.layer) {
    machine.reached.add(module);
    return machine.graph.add(module.layer, [input], module.node ?? node, module);
  }
  if (module.kind !== "Sequential" && module.container !== "Sequential") {
    throw new Trouble(t("{name} has no forward here", { name: module.kind }), node);
  }
  return [...module.children.values()].reduce(
    (tensor, child) => machine.call(child, [tensor], new Map(), node),
    input,
  );
}

/** The tensor that a function reads: a name that the text does not set is the network's input. */
function inputOf(machine, child, scope) {
  let innermost = child;
  while (innermost.object ?? innermost.callee) innermost = innermost.object ?? innermost.callee;
  if (innermost.type === "name" && machine.lookUp(innermost, scope) instanceof Opaque) {
    const tensor = machine.graph.start();
    if (child === innermost) scope.names.set(child.name, tensor);
    else machine.taken(written(child));
    return tensor;
  }
  const value = evaluate(child, scope, machine);
  const shape = itemsOf(value);
  if (shape?.every(Number.isInteger)) return new Tensor(-1, shape);
  if (!(value instanceof Opaque)) return value;
  machine.taken(value.text);
  return machine.graph.start();
}
