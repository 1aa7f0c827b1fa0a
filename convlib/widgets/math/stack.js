/**
 * A stack of layers, row by row: what goes in and out, what one output sees of the image, and what
 * it costs. Pure functions, no DOM. Both axes are alike, so all lengths are along one of them.
 *
 * @typedef {object} Row  A layer: the name of its class in torch.nn, and that class's settings.
 * @property {"Conv2d" | "ConvTranspose2d" | "MaxPool2d" | "AvgPool2d"} kind
 *
 * @typedef {object} Stack
 * @property {number} in_channels
 * @property {number} input_size  Height and width of the image.
 * @property {Row[]} layers
 */
import { effectiveKernelSize, outputSize, problem } from "./arithmetic.js";
import { groupsProblem, macCount } from "./channels.js";
import { parameterCount, transposedSize } from "./counts.js";
import { range } from "./lists.js";
import { moduleCode, sequentialCode } from "./torch_code.js";

/** The settings of each kind, in PyTorch's order. */
export const SETTINGS = {
  Conv2d: ["out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias"],
  MaxPool2d: ["kernel_size", "stride", "padding", "dilation"],
  AvgPool2d: ["kernel_size", "stride", "padding"],
  ConvTranspose2d: [
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "output_padding",
    "groups",
    "bias",
    "dilation",
  ],
};
const DEFAULTS = {
  stride: 1,
  padding: 0,
  output_padding: 0,
  dilation: 1,
  groups: 1,
  bias: true,
};

/** What the table has room for; stack_ledger.py has the same. */
export const LIMITS = {
  in_channels: [1, 4096],
  input_size: [1, 1024],
  out_channels: [1, 4096],
  kernel_size: [1, 16],
  stride: [1, 16],
  padding: [0, 32],
  output_padding: [0, 31],
  dilation: [1, 32],
  groups: [1, 4096],
};
export const MOST = { layers: 13, size: 1024, field: 1024, period: 64 };

export const isTransposed = ({ kind }) => kind === "ConvTranspose2d";
const isPool = ({ kind }) => kind.endsWith("Pool2d");

/** A new layer of this kind: it changes little. */
export function newLayer(kind, channels) {
  const conv = { out_channels: channels, groups: 1, bias: true };
  return {
    Conv2d: { kind, ...conv, kernel_size: 3, stride: 1, padding: 1, dilation: 1 },
    MaxPool2d: { kind, kernel_size: 2, stride: 2, padding: 0, dilation: 1 },
    AvgPool2d: { kind, kernel_size: 2, stride: 2, padding: 0 },
    ConvTranspose2d: {
      kind,
      ...conv,
      kernel_size: 2,
      stride: 2,
      padding: 0,
      output_padding: 0,
      dilation: 1,
    },
  }[kind];
}

/** One axis of a layer on an input of this size. */
export function axisOf({ kernel_size, stride, padding, dilation = 1, output_padding = 0 }, size) {
  return {
    size,
    kernel: kernel_size,
    stride,
    dilation,
    before: padding,
    after: padding,
    extra: output_padding,
  };
}

function sizeAfter(layer, size) {
  const axis = axisOf(layer, size);
  return isTransposed(layer) ? transposedSize(axis) : outputSize(axis);
}

// ---------------------------------------------------------------------------------- what is legal

/**
 * The first row that PyTorch refuses, or that the table has no room for, and why; null if there is
 * none. A reason without a `type` is the table's.
 *
 * @returns {{ row: number, kind: string, rule: string, type?: string, message?: string } | null}
 */
export function problemIn({ in_channels, input_size, layers }) {
  let channels = in_channels;
  let size = input_size;
  let field = 1; // at most: exact without transposed layers
  let jump = 1;
  let period = 1;
  for (const [row, layer] of layers.entries()) {
    const why = layerProblem(layer, channels, size);
    if (why) return { row, kind: layer.kind, ...why };
    channels = layer.out_channels ?? channels;
    size = sizeAfter(layer, size);
    const reach = effectiveKernelSize(layer.kernel_size, layer.dilation ?? 1) - 1;
    if (isTransposed(layer)) jump /= layer.stride;
    field += reach * jump;
    if (!isTransposed(layer)) jump *= layer.stride;
    period = nextPeriod(layer, period);
    for (const [name, value] of Object.entries({ size, field, period })) {
      if (value > MOST[name]) {
        const rule = `its ${WORDS[name]} is ${Math.floor(value)}, but the table has room for ${MOST[name]}`;
        return { row, kind: layer.kind, rule };
      }
    }
  }
  return null;
}

const WORDS = {
  size: "output size",
  field: "receptive field",
  period: "number of different fields",
};

/** Why PyTorch refuses one layer on an input; null if it does not. */
function layerProblem(layer, channels, size) {
  const { kernel_size: k, stride, padding, dilation = 1, output_padding: extra } = layer;
  if (!isPool(layer)) {
    const why = groupsProblem({ ...layer, in_channels: channels });
    if (why) return why;
  }
  if (layer.kind === "Conv2d") {
    return problem({
      input_size: size,
      kernel_size: [k, k],
      stride,
      padding,
      dilation,
      padding_mode: "zeros",
    });
  }
  const after = sizeAfter(layer, size);
  const runtime = (message, rule) => ({ type: "RuntimeError", message, rule });
  if (isPool(layer)) {
    if (padding > Math.floor(effectiveKernelSize(k, dilation) / 2)) {
      return runtime(
        "pad should be at most half of effective kernel size, but got " +
          `pad=${padding}, kernel_size=${k} and dilation=${dilation}`,
        `the window spans ${effectiveKernelSize(k, dilation)} pixels, and a pooling layer takes at ` +
          "most half of it as padding",
      );
    }
    if (padding > Math.floor(k / 2)) {
      return runtime(
        "pad should be smaller than or equal to half of kernel size, but got " +
          `padW = ${padding}, padH = ${padding}, kW = ${k}, kH = ${k}`,
        `a pooling layer takes at most half of its kernel_size ${k} as padding`,
      );
    }
    if (after < 1) {
      return runtime(
        `Given input size: (${channels}x${size}x${size}). Calculated output size: ` +
          `(${channels}x${after}x${after}). Output size is too small`,
        `the window spans ${effectiveKernelSize(k, dilation)} pixels, and the padded input has ` +
          `only ${size + 2 * padding}`,
      );
    }
    return null;
  }
  if (extra >= Math.max(stride, dilation)) {
    const both = (name, value) => `${name}_height: ${value} ${name}_width: ${value}`;
    return runtime(
      "output padding must be smaller than either stride or dilation, but got " +
        `${both("output_padding", extra)} ${both("stride", stride)} ${both("dilation", dilation)}`,
      `output_padding ${extra} must be less than the stride or the dilation`,
    );
  }
  if (after < 1) {
    return runtime(
      `Given input size per channel: (${size} x ${size}). Calculated output size ` +
        `per channel: (${after} x ${after}). Output size is too small`,
      `the padding cuts off more than there is: the output would be ${after} wide`,
    );
  }
  return null;
}

// ---------------------------------------------------------------------------------- what is seen

/** The input positions that one output position of a layer reads, as if the input had no end. */
function reads(layer, position) {
  const { kernel_size: k, stride, padding, dilation = 1 } = layer;
  if (!isTransposed(layer)) {
    return range(k).map((tap) => position * stride - padding + tap * dilation);
  }
  return range(k)
    .map((tap) => (position + padding - tap * dilation) / stride)
    .filter(Number.isInteger);
}

const sorted = (positions) => [...new Set(positions)].sort((a, b) => a - b);

/**
 * The image pixels that one output of a stack truly depends on: what falls into a padding, of the
 * image or of a later layer, is lost.
 *
 * @param {Row[]} layers
 * @param {number[]} sizes  The input size of each layer.
 * @param {number} position  Of the output.
 */
export function seenFrom(layers, sizes, position) {
  return layers.reduceRight(
    (positions, layer, index) =>
      sorted(positions.flatMap((each) => reads(layer, each))).filter(
        (each) => each >= 0 && each < sizes[index],
      ),
    [position],
  );
}

/**
 * The outputs of a row repeat: output o + period sees what output o sees, `move` pixels further on.
 * After plain layers the period is 1. A transposed layer of stride s has s kinds of outputs.
 */
function nextPeriod(layer, period) {
  return isTransposed(layer) ? period * layer.stride : period / divisor(period, layer.stride);
}

const divisor = (a, b) => (b === 0 ? a : divisor(b, a % b));

/** What the `period` first outputs of a row see of an endless image, from the row before. */
function nextFields(layer, { period, move, fields }) {
  const next = nextPeriod(layer, period);
  const steps = isTransposed(layer) ? next / layer.stride : next * layer.stride;
  const fieldAt = (position) => {
    const turn = Math.floor(position / period);
    return fields[position - turn * period].map((pixel) => pixel + turn * move);
  };
  return {
    period: next,
    move: (move * steps) / period,
    fields: range(next).map((output) => sorted(reads(layer, output).flatMap(fieldAt))),
  };
}

/** Pixels from the first to the last. */
export const span = (pixels) => (pixels.length ? pixels.at(-1) - pixels[0] + 1 : 0);

// ---------------------------------------------------------------------------------- the table

/**
 * The table of a legal stack, a row for each layer.
 *
 * @returns {{
 *   in_channels: number, in_size: number, channels: number, size: number,
 *   field: [number, number],  the smallest and the largest receptive field of its outputs
 *   jump: [number, number],  as a fraction: pixels between the fields of neighbouring outputs
 *   start: number | null,  the first pixel that output 0 sees; null if it sees none
 *   first: number[],  the pixels that output 0 sees, those in the padding among them
 *   widest: { first: number, every: number },  outputs with the largest field
 *   seen: number[],  the pixels that such an output sees
 *   corner: number[],  the real pixels that output 0 sees
 *   parameters: number, macs: number,
 * }[]}
 */
export function ledger({ in_channels, input_size, layers }) {
  const sizes = [input_size];
  let channels = in_channels;
  let state = { period: 1, move: 1, fields: [[0]] };
  return layers.map((layer, index) => {
    const before = { in_channels: channels, in_size: sizes[index] };
    const size = sizeAfter(layer, before.in_size);
    sizes.push(size);
    channels = layer.out_channels ?? channels;
    state = nextFields(layer, state);
    const spans = state.fields.map(span);
    const largest = Math.max(...spans);
    const common = divisor(state.move, state.period);
    return {
      ...before,
      channels,
      size,
      field: [Math.min(...spans), largest],
      jump: [state.move / common, state.period / common],
      start: state.fields[0][0] ?? null,
      first: state.fields[0],
      widest: { first: spans.indexOf(largest), every: state.period },
      seen: state.fields[spans.indexOf(largest)],
      corner: seenFrom(layers.slice(0, index + 1), sizes, 0),
      ...layerCosts(layer, before.in_channels, isTransposed(layer) ? before.in_size : size),
    };
  });
}

/** A transposed layer uses its weights once at each input pixel, a plain one at each output. */
function layerCosts(layer, in_channels, places) {
  if (isPool(layer)) return { parameters: 0, macs: 0 };
  const full = { ...layer, in_channels, kernel_size: [layer.kernel_size, layer.kernel_size] };
  return { parameters: parameterCount(full), macs: macCount(full, places ** 2) };
}

/** The stack as a `torch.nn.Sequential`. */
export function stackCode({ in_channels, layers }) {
  let channels = in_channels;
  return sequentialCode(
    layers.map((layer) => {
      const names = SETTINGS[layer.kind].filter((name) => name !== "out_channels");
      const settings = Object.fromEntries(names.map((name) => [name, layer[name]]));
      const stride = isPool(layer) ? layer.kernel_size : DEFAULTS.stride;
      const numbers = isPool(layer) ? [] : [channels, layer.out_channels];
      channels = layer.out_channels ?? channels;
      return moduleCode(layer.kind, numbers, settings, { ...DEFAULTS, stride });
    }),
  );
}
