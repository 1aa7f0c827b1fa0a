/** Conv2d and ConvTranspose2d: shapes, and what PyTorch refuses, in the order of its checks. */
import { effectiveKernelSize } from "../arithmetic.js";
import { t } from "../words.js";
import { paddedShape, padProblem, sidesOf } from "./padding.js";
import { atConstruction, firstOf, refusal, runtime } from "./refusal.js";
import { across, batched, elements, listed, pair } from "./sizes.js";

const MODES = ["zeros", "reflect", "replicate", "circular"];

// ---------------------------------------------------------------------------------- making one

/** [C_out, C_in / groups, k_h, k_w]; a transposed layer has its first two the other way round. */
export function convWeightShape({ kind, in_channels, out_channels, groups, kernel_size }) {
  const [from, to] =
    kind === "ConvTranspose2d" ? [out_channels, in_channels] : [in_channels, out_channels];
  return [to, Math.floor(from / groups), ...pair(kernel_size)];
}

export function convConstruction(module) {
  return firstOf(
    () => groupsProblem(module),
    () => paddingWordProblem(module),
    () => modeProblem(module),
    () => negativeSize(convWeightShape(module)),
  );
}

export function transposedConstruction(module) {
  if (module.padding_mode !== "zeros") {
    return atConstruction(
      "ValueError",
      "padding_mode",
      'Only "zeros" padding mode is supported for ConvTranspose2d',
      { why: t("a transposed layer cuts its padding off, so there is nothing to fill") },
    );
  }
  return firstOf(
    () => groupsProblem(module),
    () => negativeSize(convWeightShape(module)),
  );
}

function groupsProblem({ in_channels, out_channels, groups }) {
  if (groups < 1) {
    return atConstruction("ValueError", "layer groups", "groups must be a positive integer", {
      why: t("the channels form at least 1 group"),
      facts: { groups },
    });
  }
  for (const [name, value] of Object.entries({ in_channels, out_channels })) {
    if (value % groups) {
      return atConstruction("ValueError", name, `${name} must be divisible by groups`, {
        why: t("{name}={value} does not split into {groups} equal groups", { name, value, groups }),
        facts: { [name]: value, groups },
      });
    }
  }
  return null;
}

function paddingWordProblem({ padding, stride }) {
  if (typeof padding !== "string") return null;
  if (padding !== "same" && padding !== "valid") {
    return atConstruction(
      "ValueError",
      "layer padding",
      `Invalid padding string '${padding}', should be one of {'same', 'valid'}`,
      { why: t("padding is a number, a pair, 'same' or 'valid'"), facts: { padding } },
    );
  }
  if (padding === "same" && pair(stride).some((step) => step !== 1)) {
    return atConstruction(
      "ValueError",
      "layer same",
      "padding='same' is not supported for strided convolutions",
      {
        why: t("padding='same' needs stride 1: a larger stride shrinks the output"),
        facts: { stride },
        needs: { stride: 1 },
      },
    );
  }
  return null;
}

function modeProblem({ padding_mode: mode }) {
  if (MODES.includes(mode)) return null;
  return atConstruction(
    "ValueError",
    "padding_mode",
    "padding_mode must be one of {'circular', 'reflect', 'replicate', 'zeros'}, but got " +
      `padding_mode='${mode}'`,
    { why: t("padding_mode is one of zeros, reflect, replicate, circular"), facts: { mode } },
  );
}

/** A tensor's shape with a negative number in it. */
export function negativeSize(shape) {
  const least = shape.find((size) => size < 0);
  if (least === undefined) return null;
  return atConstruction(
    "RuntimeError",
    "weight size",
    `Trying to create tensor with negative dimension ${least}: ${listed(shape)}`,
    {
      why: t("the weight would have the shape {shape}", { shape: listed(shape) }),
      facts: { shape },
    },
  );
}

// ---------------------------------------------------------------------------------- calling it

/** The shape that a convolution puts out, or PyTorch's refusal. */
export function convShape(module, [shape]) {
  const { padding, padding_mode: mode } = module;
  if (mode !== "zeros") {
    const sides = padding === "valid" ? [0, 0, 0, 0] : allSides(module);
    const why = padProblem(shape, sides, mode);
    return (
      why ??
      convShape({ ...module, padding: 0, padding_mode: "zeros" }, [paddedShape(shape, sides)])
    );
  }
  const rank = rankProblem(shape, "conv2d");
  if (rank) return rank;
  if (padding === "valid") return plainShape({ ...module, padding: 0 }, shape);
  if (padding === "same") return sameShape(module, shape);
  return plainShape(module, shape);
}

/** [left, right, top, bottom] of any padding; 'same' puts the odd pixel at the end. */
function allSides({ padding, kernel_size, dilation }) {
  if (padding !== "same") return sidesOf(padding);
  const [vertical, horizontal] = sameTotals({ kernel_size, dilation }).map((total) => {
    const before = Math.trunc(total / 2);
    return [before, total - before];
  });
  return [...horizontal, ...vertical];
}

function sameTotals({ kernel_size, dilation }) {
  const gaps = pair(dilation);
  return pair(kernel_size).map((kernel, axis) => gaps[axis] * (kernel - 1));
}

/** With uneven sides PyTorch pads the input first, and its messages name the padded input. */
function sameShape(module, shape) {
  const totals = sameTotals(module);
  if (totals.some((total) => total < 0)) return negativePadding(totals);
  const uneven = paddedShape(shape, [0, totals[1] % 2, 0, totals[0] % 2]);
  return plainShape({ ...module, padding: totals.map((total) => Math.floor(total / 2)) }, uneven);
}

function plainShape(module, shape) {
  const [padding, stride, dilation, kernel] = ["padding", "stride", "dilation", "kernel_size"].map(
    (name) => pair(module[name]),
  );
  const weight = convWeightShape(module);
  const input = batched(shape);
  const sizes = input.slice(-2).map((size, axis) => size + 2 * padding[axis]);
  const reach = kernel.map((k, axis) => effectiveKernelSize(k, dilation[axis]));
  const channels = input[1];
  const why = firstOf(
    () => stepsProblem({ padding, stride, dilation }),
    () => filtersProblem(module, weight),
    () => channelsProblem(module, weight, input),
    () => reachProblem(sizes, reach),
    () => emptyProblem(input),
    () => elements(input) > 0 && tapsProblem(kernel, dilation, listed(dilation)),
  );
  if (why) return why;
  const after = sizes.map((size, axis) => Math.floor((size - reach[axis]) / stride[axis]) + 1);
  const out = channels === 0 ? 0 : module.out_channels;
  return [...shape.slice(0, -3), out, ...after];
}

/** The shape that a transposed convolution puts out, or PyTorch's refusal. */
export function transposedShape(module, [shape]) {
  const names = ["padding", "stride", "dilation", "kernel_size", "output_padding"];
  const [padding, stride, dilation, kernel, extra] = names.map((name) => pair(module[name]));
  const weight = convWeightShape(module);
  const input = batched(shape);
  const [height, width] = input.slice(-2);
  const after = [height, width].map(
    (size, axis) =>
      (size - 1) * stride[axis] -
      2 * padding[axis] +
      effectiveKernelSize(kernel[axis], dilation[axis]) +
      extra[axis],
  );
  const why = firstOf(
    () => wordProblem(module.padding),
    () => rankProblem(shape, "conv_transpose2d"),
    () => stepsProblem({ padding, stride, dilation, extra }),
    () => transposedChannels(module, weight, input),
    () => emptyProblem(input),
    () =>
      elements(input) > 0 &&
      firstOf(
        () => tapsProblem(kernel, dilation, heights("dilation", dilation, ", ")),
        () => extraProblem(extra, stride, dilation),
        () => noFilters(module, weight),
      ),
    () => leftProblem([height, width], after),
  );
  return why ?? [...shape.slice(0, -3), module.out_channels, ...after];
}

// ---------------------------------------------------------------------------------- the rules

function wordProblem(padding) {
  if (typeof padding !== "string") return null;
  return refusal(
    "TypeError",
    "conv_transpose2d type",
    "conv_transpose2d(): argument 'padding' (position 5) must be tuple of ints, but found " +
      "element of type str at pos 0",
    { why: t("a transposed layer takes its padding as numbers"), facts: { padding } },
  );
}

function rankProblem(shape, caller) {
  if (shape.length === 3 || shape.length === 4) return null;
  return runtime(
    "input rank",
    `Expected 3D (unbatched) or 4D (batched) input to ${caller}, but got input of size: ` +
      listed(shape),
    { why: t("the input is (N, C, H, W) or (C, H, W)"), facts: { input: shape } },
  );
}

function negativePadding(padding) {
  return runtime("padding", "negative padding is not supported", {
    why: t("zeros can only be added: padding is 0 or more"),
    facts: { padding },
  });
}

function stepsProblem({ padding, stride, dilation, extra = [0, 0] }) {
  const some = (numbers, least) => numbers.some((number) => number < least);
  if (some(padding, 0)) return negativePadding(padding);
  if (some(extra, 0)) {
    return runtime("output_padding", "negative output_padding is not supported", {
      why: t("rows and columns can only be added"),
      facts: { output_padding: extra },
    });
  }
  if (some(stride, 1)) {
    return runtime("stride", "non-positive stride is not supported", {
      why: t("the window moves by at least 1 pixel"),
      facts: { stride },
    });
  }
  if (some(dilation, 0)) {
    return runtime("dilation", "dilation should be greater than zero", {
      why: t("dilation is 1 or more, and 1 means no gap"),
      facts: { dilation },
    });
  }
  return null;
}

function filtersProblem({ out_channels, groups }, weight) {
  if (out_channels >= groups) return null;
  return runtime(
    "too few filters",
    `Given groups=${groups}, expected weight to be at least ${groups} at dimension 0, but got ` +
      `weight of size ${listed(weight)} instead`,
    { why: t("each group has at least one output channel"), facts: { out_channels, groups } },
  );
}

function channelsProblem({ in_channels, groups }, weight, input) {
  const wanted = weight[1] * groups;
  if (input[1] === wanted) return null;
  return runtime(
    "channels",
    `Given groups=${groups}, weight of size ${listed(weight)}, expected input${listed(input)} to ` +
      `have ${wanted} channels, but got ${input[1]} channels instead`,
    wrongChannels(in_channels, input),
  );
}

function transposedChannels({ in_channels }, weight, input) {
  if (input[1] === in_channels) return null;
  return runtime(
    "transposed channels",
    `Given transposed=1, weight of size ${listed(weight)}, expected input${listed(input)} to ` +
      `have ${in_channels} channels, but got ${input[1]} channels instead`,
    wrongChannels(in_channels, input),
  );
}

function wrongChannels(in_channels, input) {
  return {
    why: t("the layer reads {wanted} channels, and {found} come in", {
      wanted: in_channels,
      found: input[1],
    }),
    facts: { in_channels, channels: input[1], input },
    needs: { in_channels: input[1] },
  };
}

function reachProblem(sizes, reach) {
  if (sizes.every((size, axis) => size >= reach[axis])) return null;
  return runtime(
    "too small",
    `Calculated padded input size per channel: (${across(sizes)}). Kernel size: ` +
      `(${across(reach)}). Kernel size can't be greater than actual input size`,
    {
      why: t("the window spans {span} pixels, and the padded input has only {padded}", {
        span: across(reach),
        padded: across(sizes),
      }),
      facts: { padded: sizes, reach },
    },
  );
}

function emptyProblem(input) {
  if (elements(input) > 0 || input[0] === 0 || input[1] === 0) return null;
  return runtime(
    "empty",
    `Only zero batch or zero channel inputs are supported, but got input shape: ${listed(input)}`,
    { why: t("the input has no pixel"), facts: { input } },
  );
}

const heights = (name, [height, width], between) =>
  `${name}_height: ${height}${between}${name}_width: ${width}`;

function tapsProblem(kernel, dilation, got) {
  if (kernel.some((size) => size < 1)) {
    return runtime(
      "kernel_size",
      `kernel size should be greater than zero, but got ${heights("kernel", kernel, " ")}`,
      { why: t("a kernel has at least one weight"), facts: { kernel_size: kernel } },
    );
  }
  if (dilation.some((gap) => gap < 1)) {
    return runtime("zero dilation", `dilation should be greater than zero, but got ${got}`, {
      why: t("dilation is 1 or more, and 1 means no gap"),
      facts: { dilation },
    });
  }
  return null;
}

function extraProblem(extra, stride, dilation) {
  const fits = (each, axis) => each < stride[axis] || each < dilation[axis];
  if (extra.every(fits)) return null;
  const all = [
    heights("output_padding", extra, " "),
    heights("stride", stride, " "),
    heights("dilation", dilation, " "),
  ];
  return runtime(
    "output_padding limit",
    `output padding must be smaller than either stride or dilation, but got ${all.join(" ")}`,
    {
      why: t("output_padding {extra} must be less than the stride or the dilation", {
        extra: across(extra),
      }),
      facts: { output_padding: extra, stride, dilation },
    },
  );
}

function noFilters({ out_channels, groups }, [inner, ...others]) {
  if (out_channels > 0) return null;
  const weight = [inner / groups, ...others]; // that of one group
  return runtime(
    "no filters",
    `non-empty 2D or 4D weight tensor expected, but got: ${listed(weight)}`,
    { why: t("a transposed layer has at least one output channel"), facts: { out_channels } },
  );
}

function leftProblem(given, computed) {
  if (computed.every((size) => size >= 1)) return null;
  return runtime(
    "output too small",
    `Given input size per channel: (${across(given)}). Calculated output size per channel: ` +
      `(${across(computed)}). Output size is too small`,
    {
      why: t("the padding cuts off more than there is: the output would be {size}", {
        size: across(computed),
      }),
      facts: { given, computed },
    },
  );
}
