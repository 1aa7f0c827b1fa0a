/**
 * Names that the text uses and does not say: each becomes a field that the reader fills in. Its
 * start is what fits the argument it stands for.
 *
 * @typedef {{ name: string, argument: string, start: * }} Unknown
 */

import { Float } from "./values.js";

/** A start for each argument: what most networks have there. */
const STARTS = {
  in_channels: 3,
  out_channels: 16,
  kernel_size: 3,
  stride: 1,
  padding: 1,
  output_padding: 0,
  dilation: 1,
  groups: 1,
  bias: true,
  padding_mode: "zeros",
  num_features: 16,
  num_channels: 16,
  num_groups: 1,
  in_features: 128,
  out_features: 10,
  output_size: 1,
  scale_factor: 2,
  upscale_factor: 2,
  p: 0.5,
  weight: [16, 3, 3, 3],
  items: [16, 32],
  condition: true,
  inplace: false,
};

/** Names that mean the same in most networks. */
const BY_NAME = {
  k: "kernel_size",
  ks: "kernel_size",
  kernel: "kernel_size",
  s: "stride",
  pad: "padding",
  d: "dilation",
  g: "groups",
  dim: "in_channels",
};

/** Arguments that a whole number cannot stand for in arithmetic. */
const BARE_ONLY = new Set(["bias", "weight", "items", "condition", "padding_mode", "inplace"]);

/** What the fields are, from every use of every name: a name alone tells more than a part of a sum. */
export class Unknowns {
  /** @param {Record<string, *>} values what the reader has filled in */
  constructor(values) {
    this.values = values;
    this.uses = new Map();
  }

  /** Whether the reader has given a value to this name. */
  has(name) {
    return Object.hasOwn(this.values, name);
  }

  /** The value of a name: the reader's, or a start; `otherwise` is a start that the text gives. */
  value(name, argument, bare, otherwise) {
    const use = this.uses.get(name);
    if (!use || (bare && !use.bare)) {
      this.uses.set(name, { argument, bare, start: otherwise ?? start(name, argument, bare) });
    }
    return fromJson(this.has(name) ? this.values[name] : this.uses.get(name).start);
  }

  /** @returns {Unknown[]} in the order of their first use */
  list() {
    return [...this.uses].map(([name, { argument, start }]) => ({ name, argument, start }));
  }
}

function start(name, argument, bare) {
  const fits = bare || !BARE_ONLY.has(argument);
  const known = fits && Object.hasOwn(STARTS, argument) ? argument : null;
  const word = name.split(".").at(-1);
  if (!bare && Object.hasOwn(BY_NAME, word)) return STARTS[BY_NAME[word]];
  return known ? STARTS[known] : 1;
}

/** A value of the page as Python's: lists and dicts too. */
export function fromJson(value) {
  if (typeof value === "number") return Number.isInteger(value) ? value : new Float(value);
  if (Array.isArray(value)) return value.map(fromJson);
  if (value === null || typeof value !== "object") return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
}
