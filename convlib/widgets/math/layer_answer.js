/**
 * What there is to say about one layer and the shape that goes in: sizes, weights, work, memory,
 * and what to change for another size. Pure functions, no DOM.
 *
 * @typedef {import("./modules.js").Module} Module
 * @typedef {import("./arithmetic.js").Axis} Axis
 */
import { outputSize, samePadding, unreadIndices } from "./arithmetic.js";
import { runs } from "./lists.js";
import { isRefusal } from "./modules/refusal.js";
import { batched, pair, product } from "./modules/sizes.js";
import {
  biasShape,
  complete,
  MODULES,
  macCount,
  outputShape,
  parameterCount,
  weightShape,
} from "./modules.js";
import { lineOf } from "./torch_code.js";

/** A module as a line of PyTorch. */
export const codeOf = (module) => lineOf(module, MODULES[module.kind].parameters);

/** Bytes of one number, by PyTorch's name of its type. */
export const BYTES = { float32: 4, float16: 2, float64: 8 };

const MEGABYTE = 1_000_000;

/** The kinds whose window moves over the input. */
const WINDOWS = ["Conv2d", "MaxPool2d", "AvgPool2d"];

/** Numbers of a type in the memory: "1.6 MB", "401 kB". */
export function memory(numbers, bytes) {
  const size = numbers * bytes;
  const [unit, name] = size < MEGABYTE ? [1000, "kB"] : [MEGABYTE, "MB"];
  return `${Number((size / unit).toPrecision(3)).toLocaleString("en")} ${name}`;
}

/**
 * All numbers of one layer.
 *
 * @param {Module} module
 * @param {number[]} input  a whole shape
 */
export function describeLayer(module, input) {
  const answer = module.refusal ?? outputShape(module, [input]);
  const refusal = isRefusal(answer) ? answer : null;
  const output = refusal ? null : answer;
  const batch = input.length === 4 ? input[0] : 1;
  return {
    input,
    output,
    refusal,
    weight: refusal?.when === "construction" ? null : weightShape(module),
    bias: refusal?.when === "construction" ? null : biasShape(module),
    parameters: refusal?.when === "construction" ? null : parameterCount(module),
    macs: output && macCount(module, input, output),
    batch,
    numbers: output && product(output),
    axes: output ? axesOf(module, input) : null,
  };
}

/** The layers that draw their first weights between −b and b, with b = 1 / √fan-in. */
const DRAWN = ["Conv2d", "ConvTranspose2d", "Linear"];

/**
 * The products that PyTorch counts for one output number, all sizes of the weight but the first;
 * null for a layer without drawn weights.
 */
export function fanIn(module) {
  const weight = DRAWN.includes(module.kind) ? weightShape(module) : null;
  return weight && product(weight) > 0 ? product(weight.slice(1)) : null;
}

/** The vertical and the horizontal axis of a window that moves; null where no window moves. */
export function axesOf(module, input) {
  if (!WINDOWS.includes(module.kind)) return null;
  const settings = complete(module);
  if (settings.ceil_mode) return null;
  const kernel = pair(settings.kernel_size);
  const stride = pair(settings.stride ?? settings.kernel_size);
  const dilation = pair(settings.dilation ?? 1);
  return batched(input)
    .slice(-2)
    .map((size, axis) => {
      const [before, after] = sidesOf(settings.padding, kernel[axis], dilation[axis], axis);
      const steps = { stride: stride[axis], dilation: dilation[axis] };
      return { size, kernel: kernel[axis], ...steps, before, after };
    });
}

function sidesOf(padding, kernel, dilation, axis) {
  if (padding === "same") return samePadding(kernel, dilation);
  if (padding === "valid") return [0, 0];
  const side = pair(padding)[axis];
  return [side, side];
}

/** Runs of pixels of an axis that no window reads: at the end, or in the gaps. */
export function neverRead(axis, mode = "zeros") {
  return runs(unreadIndices(axis, mode));
}

/** Whether two axes are alike, so that one formula serves both. */
export const alike = ([first, second]) =>
  Object.keys(first).every((name) => first[name] === second[name]);

/** The largest number of padding that a proposal uses. */
const MOST_PADDING = 64;

/**
 * Lines of PyTorch that keep, halve or double the size, as near to this layer as can be: kernel
 * and dilation stay, stride and padding change; to double, a transposed layer.
 *
 * @param {Module} module  a Conv2d
 * @param {number[]} input
 * @returns {{ goal: "keep" | "halve" | "double", size: number[], code: string }[]}
 */
export function proposals(module, input) {
  if (module.kind !== "Conv2d") return [];
  const sizes = input.slice(-2);
  const goals = [
    ["keep", sizes, { stride: 1 }],
    ["halve", sizes.map((size) => Math.ceil(size / 2)), { stride: 2 }],
  ];
  const found = goals.map(([goal, size, steps]) => {
    const padding = paddingFor({ ...module, ...steps }, input, size);
    return padding && { goal, size, code: codeOf({ ...module, ...steps, padding }) };
  });
  return [...found, doubling(module, input)].filter(Boolean);
}

/** The padding, one number an axis, that gives this size; null where there is none. */
function paddingFor(module, input, wanted) {
  const axes = axesOf({ ...module, padding: 0 }, input);
  const each = axes.map((axis, index) => {
    for (let side = 0; side <= MOST_PADDING; side += 1) {
      if (outputSize({ ...axis, before: side, after: side }) === wanted[index]) return side;
    }
    return null;
  });
  if (each.includes(null)) return null;
  return each[0] === each[1] ? each[0] : each;
}

/** The transposed layer with the same channels that doubles the size: kernel 4, stride 2. */
function doubling({ in_channels, out_channels, groups = 1, bias = true }, input) {
  const settings = { kernel_size: 4, stride: 2, padding: 1, groups, bias };
  const module = { kind: "ConvTranspose2d", in_channels, out_channels, ...settings };
  const output = outputShape(module, [input]);
  if (isRefusal(output)) return null;
  return { goal: "double", size: output.slice(-2), code: codeOf(module) };
}

/** How the parameters come about: "128 × 16 × 3 × 3 + 128 = 18,560". */
export function parameterSum({ weight, bias, parameters }) {
  if (!weight) return String(parameters ?? 0);
  const sum = `${weight.join(" × ")}${bias ? ` + ${bias.join(" × ")}` : ""}`;
  return `${sum} = ${parameters.toLocaleString("en")}`;
}
