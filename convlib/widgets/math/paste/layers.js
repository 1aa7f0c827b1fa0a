/**
 * From a call to a layer: arguments find their names in PyTorch's order, values become plain JSON.
 * What PyTorch refuses while it makes the layer is kept with it.
 */

import { constructionProblem, MODULES } from "../modules.js";
import { Float, itemsOf, Tuple } from "./values.js";

/** Names that older versions and other hands give to arguments. */
const OLD_NAMES = {
  MaxPool2d: { size: "kernel_size" },
  AvgPool2d: { size: "kernel_size" },
};

/** The classes of PyTorch in whose name it complains. */
const OWNERS = {
  MaxPool2d: "_MaxPoolNd",
  AdaptiveAvgPool2d: "_AdaptiveAvgPoolNd",
  AdaptiveMaxPool2d: "_AdaptiveMaxPoolNd",
  BatchNorm2d: "_BatchNorm",
  InstanceNorm2d: "_InstanceNorm",
  Dropout: "_DropoutNd",
  Dropout2d: "_DropoutNd",
};

/** How many of a kind's last arguments are taken by name only. */
const KEYWORD_ONLY = { BatchNorm2d: 1, InstanceNorm2d: 1, GroupNorm: 1 };

/** What a setting may be named that this arithmetic does not need. */
const IGNORED = new Set(["device", "dtype"]);

/** Whether a kind is one of `torch.nn`: the joins are written in forward only. */
export const isLayer = (kind) => Object.hasOwn(MODULES, kind) && /^[A-Z]/.test(kind);

/** The names of a kind's arguments, in the order of PyTorch's call. */
export const parametersOf = (kind) => MODULES[kind].parameters.map(([name]) => name);

/**
 * Make a layer.
 *
 * @param {string} kind
 * @param {Array} args positional values @param {Map<string, *>} keywords values by name
 * @param {(value: *, argument: string) => *} know gives a value to what the text leaves open
 * @returns {object} a module as `math/modules.js` reads it; with `refusal` where PyTorch raises
 */
export function makeLayer(kind, args, keywords, know) {
  const parameters = parametersOf(kind);
  const refusal = bindingProblem(kind, parameters, args, keywords);
  const values = {};
  const set = (name, value) => {
    if (!IGNORED.has(name) && !Object.hasOwn(values, name)) values[name] = know(value, name);
  };
  args.slice(0, parameters.length).forEach((value, index) => set(parameters[index], value));
  for (const [written, value] of keywords) {
    const name = currentName(kind, written);
    if (parameters.includes(name)) set(name, value);
  }
  const layer = { kind };
  for (const [name, value] of Object.entries(values)) layer[name] = plain(value);
  if ("bias" in layer) layer.bias = Boolean(layer.bias);
  const problem = refusal ?? typeProblem(kind, values) ?? safely(() => constructionProblem(layer));
  return problem ? { ...layer, refusal: problem } : layer;
}

/** No setting is a list of lists of lists. */
const MOST_LISTS = 3;

/** A value as JSON: tuples and lists are lists, floats are numbers. */
export function plain(value, depth = 0) {
  if (value instanceof Float) return value.value;
  const items = itemsOf(value);
  if (!items) return value;
  return depth < MOST_LISTS ? items.map((item) => plain(item, depth + 1)) : [];
}

const refuse = (type, message) => ({
  type,
  message,
  rule: "call",
  when: "construction",
  facts: {},
});

/** An argument's name today. */
const currentName = (kind, name) =>
  name === "size" && Object.hasOwn(OLD_NAMES, kind) ? OLD_NAMES[kind].size : name;

/** What Python says when a call and its parameters do not fit; null if they do. */
function bindingProblem(kind, parameters, args, keywords) {
  const call = `${OWNERS[kind] ?? kind}.__init__()`;
  const names = [...keywords.keys()].map((name) => currentName(kind, name));
  const given = parameters.slice(0, args.length);
  const wrong = names.find((name) => !parameters.includes(name) || given.includes(name));
  if (wrong !== undefined) {
    return given.includes(wrong)
      ? refuse("TypeError", `${call} got multiple values for argument '${wrong}'`)
      : refuse("TypeError", `${call} got an unexpected keyword argument '${wrong}'`);
  }
  const needed = MODULES[kind].parameters.filter((parameter) => parameter.length === 1);
  const most = parameters.length - (kind in KEYWORD_ONLY ? KEYWORD_ONLY[kind] : 0);
  if (args.length > most) {
    const takes = needed.length < most ? `from ${needed.length + 1} to ${most + 1}` : most + 1;
    const words = `${takes} positional argument${most > 0 ? "s" : ""} but ${args.length + 1} were given`;
    return refuse("TypeError", `${call} takes ${words}`);
  }
  const missing = needed.slice(args.length).filter(([name]) => !names.includes(name));
  if (missing.length === 0) return null;
  const words = listWords(missing.map(([name]) => `'${name}'`));
  const count = `${missing.length} required positional argument${missing.length > 1 ? "s" : ""}`;
  return refuse("TypeError", `${call} missing ${count}: ${words}`);
}

function listWords(words) {
  if (words.length < 3) return words.join(" and ");
  return `${words.slice(0, -1).join(", ")}, and ${words.at(-1)}`;
}

/** The weight's sizes in PyTorch's order, each with the settings that it is made of. */
const WEIGHTS = {
  Conv2d: [["out_channels"], ["in_channels", "groups"], ["kernel_size"]],
  ConvTranspose2d: [["in_channels"], ["out_channels", "groups"], ["kernel_size"]],
  Linear: [["out_features"], ["in_features"]],
};

/** `k / 2` is 3.0, and a float is no size: what PyTorch says to it. */
function typeProblem(kind, values) {
  for (const [index, names] of (WEIGHTS[kind] ?? []).entries()) {
    const parts = names.flatMap((name) => itemsOf(values[name]) ?? [values[name]]);
    const at = parts.findIndex((value) => value !== undefined && !isWhole(value));
    if (at < 0) continue;
    const words =
      index === 0
        ? "(position 1) must be tuple of ints, but found element of type float at pos 0"
        : `failed to unpack the object at pos ${index + 1 + (names.length > 1 ? 0 : at)} with error ` +
          `"type must be tuple of ints,but got ${typeName(parts[at])}"`;
    return refuse(
      "TypeError",
      `empty(): argument 'size' ${words.replace("float", typeName(parts[at]))}`,
    );
  }
  return callProblem(kind, values);
}

/** The arguments of a call in PyTorch, counted from 1, that must be whole numbers. */
const CALLS = {
  Conv2d: { stride: 4, padding: 5, dilation: 6 },
  ConvTranspose2d: { stride: 4, padding: 5, output_padding: 6, dilation: 8 },
  MaxPool2d: { kernel_size: 2, stride: 3, padding: 4, dilation: 5 },
  AvgPool2d: { kernel_size: 2, stride: 3, padding: 4 },
};
const FUNCTIONS = {
  ConvTranspose2d: "conv_transpose2d",
  MaxPool2d: "max_pool2d",
  AvgPool2d: "avg_pool2d",
};

/** A layer that is made, and whose call PyTorch refuses: `stride=2.0`, or a word for a stride. */
function callProblem(kind, values) {
  for (const [name, position] of Object.entries(CALLS[kind] ?? {})) {
    const value = values[name];
    const isWord = kind === "Conv2d" && name === "padding" && typeof value === "string";
    if (value === undefined || value === null || isWord) continue;
    const single = kind.endsWith("Pool2d") && !itemsOf(value);
    const letters = typeof value === "string" && !single ? [...value] : null;
    const parts = itemsOf(value) ?? letters ?? [value];
    const at = parts.findIndex((part) => !isWhole(part));
    if (at < 0) continue;
    const found = `but found element of type ${typeName(parts[at])} at pos ${at}`;
    const must = `must be tuple of ints, ${single ? `not ${typeName(value)}` : found}`;
    const message =
      kind === "Conv2d"
        ? combination(values.bias)
        : `${FUNCTIONS[kind]}(): argument '${name}' (position ${position}) ${must}`;
    return { ...refuse("TypeError", message), when: "call" };
  }
  return null;
}

function combination(bias) {
  const third = bias === undefined || bias ? "Parameter" : "NoneType";
  const types = `(Tensor, Parameter, ${third}, tuple, tuple, tuple, int)`;
  return `conv2d() received an invalid combination of arguments - got ${types}, but expected one of:`;
}

const isWhole = (value) => Number.isInteger(value) || typeof value === "boolean";

function typeName(value) {
  if (value instanceof Float) return "float";
  if (typeof value === "string") return "str";
  return value === null ? "NoneType" : value instanceof Tuple ? "tuple" : "list";
}

/** Settings of a strange type make no answer; they are refused elsewhere. */
function safely(check) {
  try {
    return check();
  } catch {
    return null;
  }
}
