/** What names of PyTorch and of Python mean here. Whatever is not in these tables stays open. */

import { MODULES } from "../modules.js";
import { t } from "../words.js";
import { functionLayer, isFunction } from "./functional.js";
import { viewLayer } from "./graph.js";
import { isLayer, makeLayer, parametersOf } from "./layers.js";
import { callPython, PYTHON } from "./python.js";
import { unknownLayer } from "./remarks.js";
import { itemsOf, Module, Name, Opaque, Tensor, Trouble, Tuple } from "./values.js";
import { written } from "./written.js";

const BY_LOWER = new Map(
  Object.keys(MODULES)
    .filter(isLayer)
    .map((kind) => [kind.toLowerCase(), kind]),
);
const CONTAINERS = new Set(["Sequential", "ModuleList", "ModuleDict"]);
const OTHER_AXES =
  /^(?:Lazy)?(?:Conv|ConvTranspose|MaxPool|AvgPool|AdaptiveAvgPool|AdaptiveMaxPool|BatchNorm|InstanceNorm|Dropout|LPPool|FractionalMaxPool|MaxUnpool|ReflectionPad|ReplicationPad|ConstantPad|ZeroPad|CircularPad)(1|3)d$/;
const NO_LAYERS =
  /Loss$|^(?:Parameter|ParameterList|ParameterDict|Module|Buffer|DataParallel|init)$/;
const CREATORS = new Set("randn rand zeros ones empty randint full Tensor FloatTensor".split(" "));

const GLOBALS = {
  torch: "torch",
  nn: "torch.nn",
  F: "torch.nn.functional",
  math: "math",
  functools: "functools",
  collections: "collections",
  np: "numpy",
  numpy: "numpy",
  partial: "functools.partial",
  OrderedDict: "collections.OrderedDict",
};
const CONSTANTS = new Map([
  ["True", true],
  ["true", true],
  ["False", false],
  ["false", false],
  ["None", null],
  ["null", null],
]);

/** Modules of Python whose names are followed. */
export const isTorch = (path) => /^(?:torch|math|functools|collections|numpy)(?:\.|$)/.test(path);

/** The value of a name that the text does not set; undefined if it has none. */
export function globalName(path) {
  const last = path.split(".").at(-1);
  if (path === last) {
    if (CONSTANTS.has(path)) return CONSTANTS.get(path);
    if (Object.hasOwn(GLOBALS, path)) return new Name(GLOBALS[path]);
    if (PYTHON.has(path)) return new Name(`python.${path}`);
  } else if (!isTorch(path)) return undefined;
  const known = isLayer(last.replace(/^Lazy/, "")) || CONTAINERS.has(last) || OTHER_AXES.test(last);
  if (known && (path === last || path.startsWith("torch."))) return new Name(`torch.nn.${last}`);
  return path === last ? undefined : new Name(path);
}

/** Call something of PyTorch or Python by its full name. */
export function callTorch(path, args, keywords, node, machine) {
  const name = path.split(".").at(-1);
  if (
    /^torch\.nn\.functional\./.test(path) ||
    (isFunction(name) && !path.startsWith("torch.nn."))
  ) {
    return callFunction(name, args, keywords, node, machine);
  }
  if (path.startsWith("torch.nn.") && !path.startsWith("torch.nn.init.")) {
    return callModule(name, args, keywords, node, machine);
  }
  if (path.startsWith("torch.") || path.startsWith("numpy.")) {
    return callTensorFunction(name, args, keywords, node, machine);
  }
  return callPython(path, args, keywords, node, machine) ?? open(node, args);
}

const open = (node, args = []) => {
  const value = new Opaque(written(node), node);
  value.ofTensor = args.some((each) => each instanceof Tensor);
  return value;
};

// ---------------------------------------------------------------------------------- torch.nn

function callModule(name, args, keywords, node, machine) {
  if (CONTAINERS.has(name)) return container(name, args, machine, node);
  const kind = name.replace(/^Lazy/, "");
  const place = { at: node.at, to: node.to };
  if (isLayer(kind)) {
    const module = new Module(kind, place);
    module.layer = layerOf(name, kind, args, keywords, machine);
    if (node.disorder) module.layer.refusal = DISORDER;
    return machine.remember(module);
  }
  const meant = BY_LOWER.get(name.toLowerCase());
  if (meant) return misspelled(name, meant, place, machine);
  const value = open(node);
  if (OTHER_AXES.test(name)) machine.otherAxes(name, value, args, keywords);
  else if (/^[A-Z]/.test(name) && !NO_LAYERS.test(name)) {
    machine.problem(value.text, node.at, unknownLayer(`nn.${name}`));
  }
  return value;
}

const DISORDER = {
  type: "SyntaxError",
  message: "positional argument follows keyword argument",
  rule: "call",
  why: "values without a name stand first",
  facts: {},
  when: "construction",
};

/** `nn.Conv2D`: PyTorch has no such name, and says so. */
function misspelled(name, meant, place, machine) {
  const message = `module 'torch.nn' has no attribute '${name}'`;
  const module = new Module(meant, place);
  const refusal = {
    type: "AttributeError",
    message,
    rule: "name",
    why: `PyTorch's name is nn.${meant}`,
  };
  module.layer = { kind: meant, refusal: { ...refusal, facts: {}, when: "construction" } };
  return machine.remember(module);
}

/** A lazy layer leaves out its first argument; `**cfg` may leave out all. */
function layerOf(name, kind, args, keywords, machine) {
  const named = new Map(keywords);
  const rest = named.get("**");
  named.delete("**");
  const values = [...args];
  if (name !== kind) values.unshift(null);
  if (rest) {
    for (const [index, parameter] of neededOf(kind).entries()) {
      if (index < values.length || named.has(parameter)) continue;
      named.set(parameter, machine.settle(new Opaque(`${rest.text}["${parameter}"]`, rest.node)));
    }
  }
  const layer = makeLayer(kind, values, named, machine.knowAll);
  if (name === kind) return layer;
  const [channels] = parametersOf(kind);
  const { refusal, ...made } = layer;
  void refusal;
  return { ...made, [channels]: null };
}

const neededOf = (kind) => {
  const needed = { Conv2d: 3, ConvTranspose2d: 3, Linear: 2, GroupNorm: 2 };
  return parametersOf(kind).slice(0, needed[kind] ?? 1);
};

function container(kind, args, machine, node) {
  const module = machine.remember(new Module(kind, { at: node.at }));
  const [first] = args;
  let children = args.map((child, index) => [String(index), child]);
  if (args.length === 1 && first instanceof Map) children = [...first];
  else if (
    args.length === 1 &&
    kind !== "Sequential" &&
    (itemsOf(first) || first instanceof Module)
  ) {
    children = machine.iterate(first, node).map((child, index) => [String(index), child]);
  } else if (args.length === 1 && itemsOf(first)) {
    // nn.Sequential([a, b]) is refused by PyTorch, which wants *[a, b].
    machine.problem(
      written(node),
      node.at,
      t("nn.Sequential takes layers, not a list: write nn.Sequential(*layers)"),
    );
    children = itemsOf(first).map((child, index) => [String(index), child]);
  }
  for (const [name, child] of children) machine.adopt(module, String(name), child);
  return module;
}

// ------------------------------------------------------------------------ functions of tensors

function callFunction(name, args, keywords, node, machine) {
  if (!isFunction(name)) {
    if (args[0] instanceof Tensor && machine.following)
      throw new Trouble(t("{name} is not followed", { name: `F.${name}` }), node);
    return open(node, args);
  }
  const input = args[0] ?? keywords.get("input");
  const layer = functionLayer(name, args.slice(1), keywords, node, machine);
  if (layer.num_groups && !layer.num_channels)
    layer.num_channels = input.shape?.[1] ?? layer.num_groups;
  return machine.graph.add(layer, [input], node);
}

function callTensorFunction(name, args, keywords, node, machine) {
  if (CREATORS.has(name)) return created(name, args, keywords, node, machine);
  const [first] = args;
  if (name === "cat" || name === "concat" || name === "concatenate")
    return cat(args, keywords, node, machine);
  if (name === "Size") return new Tuple(itemsOf(first) ?? []);
  if (!(first instanceof Tensor)) return open(node, args);
  if (name === "add" || name === "mul" || name === "sub") {
    return machine.join({ ...node, sign: { add: "+", mul: "*", sub: "-" }[name] }, first, args[1]);
  }
  return tensorMethod(first, name, args.slice(1), keywords, node, machine);
}

/** `torch.randn(2, 3, 50, 50)`: a tensor whose shape stands in the text. */
function created(name, args, keywords, node, machine) {
  let sizes = args.filter((value) => !(value instanceof Opaque) || true);
  if (name === "randint")
    sizes = itemsOf(args.find((value) => itemsOf(value)) ?? keywords.get("size")) ?? [];
  else if (itemsOf(keywords.get("size"))) sizes = itemsOf(keywords.get("size"));
  else if (itemsOf(args[0])) sizes = itemsOf(args[0]);
  const shape = sizes.map((size) => machine.know(size, null));
  if (shape.length === 0 || !shape.every((size) => Number.isInteger(size) && size >= 0))
    return open(node);
  return new Tensor(null, shape);
}

function cat(args, keywords, node, machine) {
  const tensors = itemsOf(args[0] ?? keywords.get("tensors"));
  const dim = args[1] ?? keywords.get("dim") ?? keywords.get("axis") ?? 0;
  if (!tensors?.every((value) => value instanceof Tensor)) {
    if (machine.following) throw new Trouble(t("what torch.cat joins is not known"), node);
    return open(node, args);
  }
  if (tensors.every((tensor) => tensor.row === null)) return open(node);
  return machine.graph.add({ kind: "cat", dim: machine.whole(dim, node) }, tensors, node);
}

const SAME = new Set(
  "contiguous to cuda cpu float half double clone detach requires_grad_ type_as normalize".split(
    " ",
  ),
);

/** `x.view(...)`, `x.relu()`, `torch.flatten(x, 1)`: a function of one tensor. */
export function tensorMethod(tensor, name, args, keywords, node, machine) {
  const add = (layer) => machine.graph.add(layer, [tensor], node);
  if (SAME.has(name)) return tensor;
  if (tensor.row === null) return open(node, [tensor]);
  if (name === "view" || name === "reshape") {
    return add(viewLayer(tensor, itemsOf(args[0]) ?? args, node));
  }
  if (name === "flatten")
    return add(makeLayer("Flatten", args.length ? args : [0], keywords, machine.knowAll));
  if (name === "mean") {
    const dim = args[0] ?? keywords.get("dim") ?? keywords.get("axis");
    if (dim === undefined) throw new Trouble(t("the mean of everything is no picture"), node);
    return add({
      kind: "mean",
      dim: machine.plain(dim),
      keepdim: Boolean(args[1] ?? keywords.get("keepdim")),
    });
  }
  if (isFunction(name)) return add(functionLayer(name, args, keywords, node, machine));
  if (name in SHAPES && tensor.shape) {
    const numbers = args.flatMap((value) => machine.plain(value));
    return add({ kind: "view", name, size: SHAPES[name](tensor.shape, numbers) });
  }
  throw new Trouble(t("{name} is not followed", { name }), node);
}

/** What only moves the sizes of a shape. */
const SHAPES = {
  squeeze: (shape, [dim]) =>
    shape.filter(
      (size, axis) => size !== 1 || (dim !== undefined && axis !== at(dim, shape.length)),
    ),
  unsqueeze: (shape, [dim]) => shape.toSpliced(dim < 0 ? dim + shape.length + 1 : dim, 0, 1),
  permute: (shape, dims) => dims.map((dim) => shape[at(dim, shape.length)]),
  transpose: (shape, [a, b]) => {
    const [one, other] = [at(a, shape.length), at(b, shape.length)];
    return shape.with(one, shape[other]).with(other, shape[one]);
  },
};
const at = (dim, rank) => (dim < 0 ? dim + rank : dim);
