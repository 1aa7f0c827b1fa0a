/** Facts that follow from those in a message, under the names that the texts use. */

import { english, t } from "../../words.js";
import { whereTheyAre } from "./types.js";
import { writeValue } from "./values.js";

/** Sizes that a message writes as "5 x 5". */
const SIZES = ["padded", "reach", "given", "computed", "pool_input", "pooled"];

/** What a picture's axes are called, by the number of its spatial axes. */
const DIMS = { 1: "1d", 2: "2d", 3: "3d" };

/** A pair where both numbers are one is written as one number. */
function short(sizes) {
  return sizes.every((size) => size === sizes[0]) ? `${sizes[0]}` : `(${sizes.join(", ")})`;
}

/** kernel_size[0], kernel_size[1] become the list kernel_size. */
function joinIndices(facts) {
  for (const name of Object.keys(facts)) {
    const found = /^(\w+)\[(\d+)\]$/.exec(name);
    if (!found) continue;
    facts[found[1]] ??= [];
    facts[found[1]][Number(found[2])] = facts[name];
  }
}

/** The numbers of the channels that belong to the shapes of input and weight. */
function addChannels(facts) {
  const { weight, groups } = facts;
  facts.layer ??= facts.transposed ? "nn.ConvTranspose2d" : "nn.Conv2d";

  const x = facts.x ?? facts.input;
  if (Array.isArray(x)) {
    facts.N ??= x[0];
    facts.channels ??= x[1];
    facts.x_ndim ??= x.length;
  }
  if (!Array.isArray(weight)) return;
  facts.rows ??= weight[0];
  if (weight.length > 1) {
    facts.columns ??= weight[1];
    facts.C_in ??= facts.transposed ? weight[0] : weight[1] * (groups ?? 1);
    facts.C_out ??= facts.transposed ? weight[1] * (groups ?? 1) : weight[0];
  }
  if (weight.length > 2) {
    facts.kernel = short(weight.slice(2));
    facts.dims = weight.length - 2;
    facts.layer = facts.layer.replace("2d", DIMS[facts.dims] ?? "2d");
  }
}

/** NumPy's names of the number types: `input_dtype` from `input_torch`, "Double". */
function addNumberTypes(facts, dtypes) {
  for (const [name, text] of Object.entries(facts)) {
    const found = /^(\w+)_(torch|cpp|tensor)$/.exec(name);
    if (!found) continue;
    const [, base, form] = found;
    const dtype = Object.keys(dtypes).find((key) => dtypes[key][form] === text);
    facts[`${base}_dtype`] ??= dtype ?? text;
  }
}

/** How many numbers a list has, and the size of the axis that a message points at. */
function addCounts(facts) {
  const { value, input, axis } = facts;
  if (Array.isArray(value)) facts.count ??= value.length;
  if (Array.isArray(input)) facts.input_ndim ??= input.length;
  if (Array.isArray(input) && Number.isInteger(axis)) facts.size ??= input[axis];
  if (typeof input === "number" && Number.isInteger(axis)) facts.size ??= input;
}

/**
 * Complete the facts of a message.
 *
 * @param {Object<string, any>} found
 * @param {Object<string, Object<string, string>>} dtypes PyTorch's names of the number types
 * @returns {Object<string, any>}
 */
export function complete(found, dtypes) {
  const facts = { ...found };
  joinIndices(facts);
  for (const name of SIZES) {
    if (typeof facts[name] === "number") facts[name] = [facts[name]];
  }
  addChannels(facts);
  addCounts(facts);
  addNumberTypes(facts, dtypes);
  return { ...facts, ...whereTheyAre(facts) };
}

/**
 * The facts as the sentences show them: sizes as "5 x 5", other lists as PyTorch's.
 *
 * @param {Object<string, any>} facts
 * @returns {Object<string, any>}
 */
export function shown(facts) {
  const texts = { ...facts };
  for (const name of SIZES) {
    if (Array.isArray(facts[name])) texts[name] = facts[name].join(" x ");
  }
  if (Array.isArray(facts.types)) texts.types = facts.types.join(", ");
  return texts;
}

/** What PyTorch wants in place of another type, where it says so in words. */
const WANTED = [english("int or tuple of ints"), english("tuple of ints")];

/**
 * The facts as our sentences say them: the words among them in the reader's language.
 *
 * @param {Object<string, any>} facts
 * @returns {Object<string, any>}
 */
export function spoken(facts) {
  const texts = shown(facts);
  return WANTED.includes(facts.wanted) ? { ...texts, wanted: t(facts.wanted) } : texts;
}

/** A list of sizes as code: (3, 3). */
export const asTuple = (sizes) => writeValue(sizes).replace("[", "(").replace("]", ")");
