/**
 * Layers as lines of PyTorch: one module, or a `torch.nn.Sequential` of several. _torch_code.py
 * writes the same lines in Python.
 */
import { isSame } from "./lists.js";

/** PyTorch's defaults, in the order in which a line names the arguments. */
export const DEFAULTS = {
  stride: 1,
  padding: 0,
  output_padding: 0,
  dilation: 1,
  groups: 1,
  bias: true,
  padding_mode: "zeros",
};

/** A layer of one channel: `torch.nn.Conv2d(1, 1, kernel_size=(3, 3), ...)`. */
export function layerCode(layer, module = "Conv2d") {
  return moduleCode(module, [1, 1], { kernel_size: layer.kernel_size, ...options(layer) });
}

/** `torch.nn.Name(1, 2, kernel_size=3, ...)` without the arguments that have their default. */
export function moduleCode(name, numbers, settings = {}, defaults = DEFAULTS) {
  const changed = Object.keys(settings).filter((key) => settings[key] !== defaults[key]);
  const written = changed.map((key) => `${key}=${python(settings[key])}`);
  return `torch.nn.${name}(${[...numbers, ...written].join(", ")})`;
}

/** What of a layer are arguments with a default, in the order of a line. */
export function options(layer) {
  const names = Object.keys(DEFAULTS).filter((name) => name in layer);
  return Object.fromEntries(names.map((name) => [name, layer[name]]));
}

/** One module stands for itself; several form a Sequential, each on its line. */
export function sequentialCode(modules) {
  if (modules.length === 1) return modules[0];
  return `torch.nn.Sequential(\n${modules.map((module) => `    ${module},\n`).join("")})`;
}

/** A number, a pair, a word or a truth value as Python writes it. */
export function python(value) {
  if (Array.isArray(value)) return `(${value.map(python).join(", ")})`;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null) return "None";
  return typeof value === "string" ? `'${value}'` : String(value);
}

/** What a call states without its name: channels and features. */
const PLAIN = [
  "in_channels",
  "out_channels",
  "num_features",
  "num_groups",
  "num_channels",
  "in_features",
  "out_features",
];

/**
 * A module as a line of PyTorch, in the order of its parameters, without what has its default.
 *
 * @param {import("./modules.js").Module} module
 * @param {[string, *?][]} parameters  of its kind: `MODULES[kind].parameters`
 */
export function lineOf(module, parameters) {
  const given = parameters.filter(([name]) => module[name] !== undefined);
  const plain = given.filter(([name]) => PLAIN.includes(name));
  const changed = given.filter(
    ([name, ...start]) =>
      !PLAIN.includes(name) && (start.length === 0 || !isSame(module[name], start[0])),
  );
  const settings = Object.fromEntries(changed.map(([name]) => [name, module[name]]));
  return moduleCode(
    module.kind,
    plain.map(([name]) => module[name]),
    settings,
    {},
  );
}
