/** MaxPool2d, AvgPool2d and the adaptive ones: shapes and refusals, in the order of the checks. */
import { effectiveKernelSize } from "../arithmetic.js";
import { english, t } from "../words.js";
import { dimensionProblem } from "./dimensions.js";
import { firstOf, refusal, runtime } from "./refusal.js";
import { across, elements, listed, pair, withLast } from "./sizes.js";

const NAMES = ["kernel_size", "stride", "padding", "dilation"];

export function maxPoolShape(module, [shape]) {
  if (shape.length !== 3 && shape.length !== 4) {
    return runtime(
      "input rank",
      "non-empty 3D or 4D (batch mode) tensor expected for input",
      imageNeeded(shape),
    );
  }
  return poolShape(module, shape);
}

export function avgPoolShape(module, [shape]) {
  if (module.divisor_override === 0) {
    return runtime("divisor", "divisor must be not zero", {
      why: t("a mean divides by its divisor"),
    });
  }
  if (shape.length < 3) return dimensionProblem(-3, shape.length);
  return poolShape({ ...module, dilation: 1 }, shape);
}

const imageNeeded = (shape) => ({
  why: t("the input is (N, C, H, W) or (C, H, W)"),
  facts: { input: shape },
});

function poolShape(module, shape) {
  const [kernel, stride, padding, dilation] = NAMES.map((name) => pair(module[name]));
  const [vertical, horizontal] = kernel.map((k, axis) => ({
    size: shape.at(axis - 2),
    kernel: k,
    stride: stride[axis],
    padding: padding[axis],
    dilation: dilation[axis],
  }));
  const axes = [vertical, horizontal];
  const why = firstOf(
    () => axisProblem(vertical),
    () => axisProblem(horizontal),
    () => stepsProblem(kernel, stride, dilation),
    () => emptyProblem(shape),
    () => halfProblem(kernel, padding),
  );
  if (why) return why;
  const after = axes.map((axis) => windows(axis, module.ceil_mode));
  return tooSmall(shape, after, axes) ?? withLast(shape, after);
}

/** Number of windows; with ceil_mode one more, if it begins inside the input or its front padding. */
export function windows({ size, kernel, stride, padding, dilation }, ceil) {
  const travel = size + 2 * padding - effectiveKernelSize(kernel, dilation);
  const count = Math.floor((travel + (ceil ? stride - 1 : 0)) / stride) + 1;
  return ceil && (count - 1) * stride >= size + padding ? count - 1 : count;
}

function axisProblem({ kernel, stride, padding, dilation }) {
  if (stride === 0) {
    return runtime("pool stride", "stride should not be zero", {
      why: t("the window moves by at least 1 pixel"),
      facts: { stride },
    });
  }
  if (padding < 0) {
    return runtime("pool padding", `pad must be non-negative, but got pad: ${padding}`, {
      why: t("padding is 0 or more"),
      facts: { padding },
    });
  }
  const reach = effectiveKernelSize(kernel, dilation);
  if (padding > Math.trunc(reach / 2)) {
    return runtime(
      "pool padding",
      "pad should be at most half of effective kernel size, but got " +
        `pad=${padding}, kernel_size=${kernel} and dilation=${dilation}`,
      {
        why: t("the window spans {span} pixels, and at most half of that may be padding", {
          span: reach,
        }),
        facts: { padding, kernel_size: kernel, dilation, reach },
        needs: { padding: Math.max(0, Math.trunc(kernel / 2)) },
      },
    );
  }
  return null;
}

function stepsProblem(kernel, stride, dilation) {
  const rules = [
    ["kernel size", kernel, ["kH", "kW"], english("kernel size is 1 or more")],
    ["stride", stride, ["dH", "dW"], english("stride is 1 or more")],
    ["dilation", dilation, ["dilationH", "dilationW"], english("dilation is 1 or more")],
  ];
  for (const [name, numbers, letters, why] of rules) {
    if (numbers.some((number) => number < 1)) {
      const got = letters.map((letter, axis) => `${letter}: ${numbers[axis]}`).join(" ");
      return runtime("pool steps", `${name} should be greater than zero, but got ${got}`, {
        why: t(why),
        facts: { numbers },
      });
    }
  }
  return null;
}

function emptyProblem(shape) {
  const rank = shape.length;
  if ((rank === 3 || rank === 4) && elements(shape.slice(-3)) > 0) return null;
  return runtime(
    "pool empty",
    "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but " +
      `got:${listed(shape)}`,
    imageNeeded(shape),
  );
}

function halfProblem(kernel, padding) {
  if (padding.every((pad, axis) => pad <= Math.floor(kernel[axis] / 2))) return null;
  return runtime(
    "pool padding",
    "pad should be smaller than or equal to half of kernel size, but got " +
      `padW = ${padding[1]}, padH = ${padding[0]}, kW = ${kernel[1]}, kH = ${kernel[0]}`,
    {
      why: t("at most half of the kernel size {kernel}, without its gaps, may be padding", {
        kernel: across(kernel),
      }),
      facts: { padding, kernel_size: kernel },
      needs: { padding: kernel.map((k) => Math.floor(k / 2)) },
    },
  );
}

function tooSmall(shape, after, axes) {
  if (after.every((size) => size >= 1)) return null;
  const [height, width] = shape.slice(-2);
  const channels = shape.at(-3);
  const reach = axes.map(({ kernel, dilation }) => effectiveKernelSize(kernel, dilation));
  const padded = axes.map(({ size, padding }) => size + 2 * padding);
  return runtime(
    "pool too small",
    `Given input size: (${channels}x${height}x${width}). Calculated output size: ` +
      `(${channels}x${after.join("x")}). Output size is too small`,
    {
      why: t("the window spans {span} pixels, and the padded input has only {padded}", {
        span: across(reach),
        padded: across(padded),
      }),
      facts: { reach, padded, input: shape },
    },
  );
}

// ---------------------------------------------------------------------------------- adaptive

/** `null` in an output size keeps that axis. */
function adaptiveSize(output_size, shape) {
  return pair(output_size).map((size, axis) => size ?? shape.at(axis - 2));
}

/** What Python checks before: a pair needs an input with more axes than it has numbers. */
function listProblem({ output_size }, shape) {
  if (!Array.isArray(output_size) || shape.length > output_size.length) return null;
  return refusal(
    "ValueError",
    "input rank",
    `Input dimension should be at least ${output_size.length + 1}`,
    imageNeeded(shape),
  );
}

function emptyAxis(shape, caller, first) {
  const axis = shape.findIndex((size, index) => index >= first && size === 0);
  if (axis < 0) return null;
  return runtime(
    "pool empty",
    `${caller}(): Expected input to have non-zero size for non-batch dimensions, but input has ` +
      `sizes ${listed(shape)} with dimension ${axis} being empty`,
    { why: t("the input has no pixel"), facts: { input: shape } },
  );
}

export function adaptiveAvgShape(module, [shape]) {
  const rank = shape.length;
  const size = adaptiveSize(module.output_size, shape);
  const why = firstOf(
    () => listProblem(module, shape),
    () =>
      size.some((each) => each < 0) &&
      runtime(
        "output_size",
        "adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0 but " +
          `received {${size.join(", ")}}`,
        { why: t("a size counts pixels"), facts: { output_size: size } },
      ),
  );
  if (why) return why;
  // PyTorch takes the mean of the last two axes, whatever the others are.
  if (size.every((each) => each === 1)) {
    return dimensionProblem(-2, rank) ?? withLast(shape, size);
  }
  const image = firstOf(
    () =>
      rank !== 3 &&
      rank !== 4 &&
      runtime(
        "input rank",
        `adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got ${listed(shape)}`,
        imageNeeded(shape),
      ),
    // One output is the mean of all pixels, which PyTorch takes of none as well: NaN.
    () => size.some((each) => each !== 1) && emptyAxis(shape, "adaptive_avg_pool2d", rank - 2),
  );
  return image ?? withLast(shape, size);
}

export function adaptiveMaxShape(module, [shape]) {
  const rank = shape.length;
  const size = adaptiveSize(module.output_size, shape);
  const output = withLast(shape, size);
  const why = firstOf(
    () => listProblem(module, shape),
    () =>
      rank !== 3 &&
      rank !== 4 &&
      runtime(
        "input rank",
        `adaptive_max_pool2d(): Expected 3D or 4D tensor, but got: ${listed(shape)}`,
        imageNeeded(shape),
      ),
    () => emptyAxis(shape, "adaptive_max_pool2d", rank - 3),
    () =>
      size.some((each) => each < 0) &&
      runtime(
        "output_size",
        `Trying to create tensor with negative dimension ${size.find((each) => each < 0)}: ` +
          listed(output),
        { why: t("a size counts pixels"), facts: { output_size: size } },
      ),
  );
  return why || output;
}
