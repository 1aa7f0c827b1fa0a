/** `object.name`: the methods and members that networks use. */

import { weightShape } from "../modules.js";
import { plural, t } from "../words.js";
import { format } from "./formatting.js";
import { isTorch, tensorMethod } from "./torch.js";
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

/** The value of `object.name`. */
export function attributeOf(object, name, node, machine) {
  if (object instanceof Name) return torchName(object, name);
  if (object instanceof Opaque) return new Opaque(`${object.text}.${name}`, node, object.ofTensor);
  if (object instanceof Module) return moduleAttribute(object, name, node, machine);
  if (object instanceof Tensor) return tensorAttribute(object, name, node, machine);
  if (object instanceof Super) return superAttribute(object, name, machine);
  if (object instanceof Class)
    return object.find(name) ?? new Opaque(`${object.name}.${name}`, node);
  if (object instanceof Map && Object.hasOwn(DICT, name))
    return method(DICT[name], object, machine);
  if (Array.isArray(object) && Object.hasOwn(LIST, name))
    return method(LIST[name], object, machine);
  if (typeof object === "string") return stringMethod(object, name);
  if (itemsOf(object) && name === "numel")
    return new Builtin(name, () => itemsOf(object).reduce((a, b) => a * b, 1));
  throw new Trouble(t('"{name}" is not known here', { name }), node);
}

const stringMethod = (text, name) =>
  new Builtin(name, (args, keywords) => {
    if (name === "format") return format(text, args, keywords);
    if (name === "lower" || name === "casefold") return text.toLowerCase();
    if (name === "upper") return text.toUpperCase();
    if (name === "startswith") return text.startsWith(args[0]);
    if (name === "endswith") return text.endsWith(args[0]);
    return text;
  });

const method = (call, object, machine) =>
  new Builtin("method", (args, keywords, node) => call(object, args, keywords, node, machine));

function torchName({ path }, name) {
  const full = `${path}.${name}`.replace(/^torch\.nn\.modules\.\w{1,40}\./, "torch.nn.");
  return new Name(isTorch(full) ? full : name);
}

// ----------------------------------------------------------------------------------- modules

function moduleAttribute(object, name, node, machine) {
  if (object.children.has(name)) return object.children.get(name);
  if (object.attributes.has(name)) return object.attributes.get(name);
  const member = object.class?.find(name);
  if (member instanceof Definition) return new Bound(member, object);
  if (member !== undefined) return member;
  if (Object.hasOwn(MODULE, name)) return method(MODULE[name], object, machine);
  if (object.layer) return layerAttribute(object, name, node);
  return new Opaque(
    `${object.kind === "self" || object.class ? "self" : object.label}.${name}`,
    node,
  );
}

function layerAttribute({ layer }, name, node) {
  if (name in layer && name !== "kind") {
    const value = layer[name];
    return Array.isArray(value) ? new Tuple(value) : value;
  }
  if (name === "weight" && weightShape(layer)) return new Tensor(null, weightShape(layer));
  return new Opaque(`${layer.kind}.${name}`, node);
}

const itself = (object) => object;
const everyOne = (object) => [object, ...[...object.children.values()].flatMap(everyOne)];

const MODULE = {
  add_module: (object, [name, child], keywords, _, machine) => {
    machine.adopt(object, String(name ?? keywords.get("name")), child ?? keywords.get("module"));
    return null;
  },
  register_module: (object, [name, child], _, __, machine) =>
    machine.adopt(object, String(name), child) ?? null,
  append: (object, [child], _, __, machine) => {
    machine.adopt(object, String(object.children.size), child);
    return object;
  },
  extend: (object, [children], _, node, machine) => {
    for (const child of machine.iterate(children, node)) {
      machine.adopt(object, String(object.children.size), child);
    }
    return object;
  },
  update: (object, [children], _, __, machine) => {
    if (children instanceof Map)
      for (const [name, child] of children) machine.adopt(object, name, child);
    return null;
  },
  children: (object) => [...object.children.values()],
  values: (object) => [...object.children.values()],
  keys: (object) => [...object.children.keys()],
  items: (object) => [...object.children].map((pair) => new Tuple(pair)),
  named_children: (object) => [...object.children].map((pair) => new Tuple(pair)),
  // What loops over all of them sets weights, which no shape depends on.
  modules: () => [],
  named_modules: () => [],
  parameters: () => [],
  named_parameters: () => [],
  register_buffer: () => null,
  register_parameter: () => null,
  __init__: () => null,
  forward: (object, args, keywords, node, machine) => machine.forward(object, args, keywords, node),
  training: () => false,
  to: itself,
  cuda: itself,
  cpu: itself,
  eval: itself,
  train: itself,
  apply: itself,
  half: itself,
  float: itself,
  requires_grad_: itself,
};

function superAttribute({ self, owner, base }, name, machine) {
  if (name === "__init__") {
    return new Builtin(name, (args, keywords, node) => {
      const init = base?.find("__init__");
      if (init instanceof Definition) machine.call(new Bound(init, self), args, keywords, node);
      else if (self instanceof Module && owner)
        machine.initialize(self, owner, args, keywords, node);
      return null;
    });
  }
  const member = base?.find(name);
  if (member instanceof Definition) return new Bound(member, self);
  if (name === "forward") {
    return new Builtin(name, (args, _keywords, node) => machine.forwardOfTorch(self, args, node));
  }
  if (Object.hasOwn(MODULE, name)) return method(MODULE[name], self, machine);
  return new Opaque(`super().${name}`, null);
}

// ----------------------------------------------------------------------------------- tensors

function tensorAttribute(tensor, name, node, machine) {
  if (name === "shape") return shapeOf(tensor, node);
  if (name === "ndim") return tensor.shape ? tensor.shape.length : new Opaque("x.ndim", node, true);
  if (name === "device" || name === "dtype" || name === "T") return new Opaque(`x.${name}`, node);
  return new Builtin(name, (args, keywords, at) => {
    if (name === "size") return sizeOf(tensor, args, at, machine);
    if (name === "dim") return tensor.shape ? tensor.shape.length : new Opaque("x.dim()", at, true);
    if (name === "numel")
      return tensor.shape
        ? tensor.shape.reduce((a, b) => a * b, 1)
        : new Opaque("x.numel()", at, true);
    if (name === "add" || name === "mul" || name === "add_" || name === "mul_") {
      return machine.join({ ...at, sign: name.startsWith("add") ? "+" : "*" }, tensor, args[0]);
    }
    return tensorMethod(tensor, name, args, keywords, at, machine);
  });
}

const shapeOf = (tensor, node) =>
  tensor.shape ? new Tuple(tensor.shape) : new Opaque("x.shape", node, true);

function sizeOf(tensor, args, node, machine) {
  const shape = shapeOf(tensor, node);
  if (args.length === 0) return shape;
  if (shape instanceof Opaque) return new Opaque(`x.size(${args[0]})`, node, true);
  const size = tensor.shape.at(machine.whole(args[0], node));
  if (size === undefined)
    throw new Trouble(
      plural("the tensor has {count} axis", "the tensor has {count} axes", tensor.shape.length),
      node,
    );
  return size;
}

// ------------------------------------------------------------------------------ lists, dicts

const MOST_ITEMS = 1000;

const LIST = {
  append: (list, [value], _, node) => {
    if (list.length >= MOST_ITEMS)
      throw new Trouble(t("more than {most} items", { most: MOST_ITEMS }), node);
    list.push(value);
    return null;
  },
  extend: (list, [values], _, node, machine) => {
    list.push(...machine.iterate(values, node));
    return null;
  },
  insert: (list, [index, value]) => {
    list.splice(index, 0, value);
    return null;
  },
  pop: (list, [index = -1]) => list.splice(index, 1)[0] ?? null,
  copy: (list) => [...list],
  index: (list, [value]) => list.indexOf(value),
  count: (list, [value]) => list.filter((item) => item === value).length,
  reverse: (list) => {
    list.reverse();
    return null;
  },
};

const DICT = {
  get: (map, [key, other = null]) => (map.has(key) ? map.get(key) : other),
  keys: (map) => [...map.keys()],
  values: (map) => [...map.values()],
  items: (map) => [...map].map((pair) => new Tuple(pair)),
  copy: (map) => new Map(map),
  pop: (map, [key, other = null]) => {
    const value = map.has(key) ? map.get(key) : other;
    map.delete(key);
    return value;
  },
  update: (map, [more], keywords) => {
    for (const [key, value] of more instanceof Map ? [...more, ...keywords] : keywords)
      map.set(key, value);
    return null;
  },
  setdefault: (map, [key, value = null]) => {
    if (!map.has(key)) map.set(key, value);
    return map.get(key);
  },
};
