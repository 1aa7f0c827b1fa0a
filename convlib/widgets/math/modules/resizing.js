/** Upsample, PixelShuffle and their relatives. */
import { plural, t } from "../words.js";
import { adaptiveAvgShape } from "./pooling.js";
import { firstOf, isRefusal, refusal, runtime, uneven } from "./refusal.js";
import { listed, product, withLast } from "./sizes.js";

const LINEAR = { linear: 3, bilinear: 4, trilinear: 5 }; // the ranks that they take
const RANKS = {
  nearest: [3, 4, 5],
  "nearest-exact": [3, 4, 5],
  area: [3, 4, 5],
  bicubic: [4],
  ...Object.fromEntries(Object.entries(LINEAR).map(([mode, rank]) => [mode, [rank]])),
};
const SMOOTH = ["linear", "bilinear", "bicubic", "trilinear"];

const python = (numbers) => `(${numbers.join(", ")}${numbers.length === 1 ? "," : ""})`;
const float = (number) => (Number.isInteger(number) ? `${number}.0` : String(number));

/** The size after: given as such, or as a factor whose product is cut down to a whole number. */
export function upsampleShape(module, [shape]) {
  const { size, mode } = module;
  const inside = shape.slice(2);
  const factor = factorsOf(module);
  const why = firstOf(
    () => alignProblem(module),
    () => bothProblem(size, factor),
    () => countProblem(inside, size, factor),
    () => size !== null && recomputeProblem(module),
  );
  if (why) return why;
  const after =
    size === null
      ? inside.map((n, axis) => Math.trunc(n * (Array.isArray(factor) ? factor[axis] : factor)))
      : inside.map((_, axis) => (Array.isArray(size) ? size[axis] : size));
  return (
    rankProblem(shape, mode) ?? emptyProblem(shape, inside, after, mode) ?? withLast(shape, after)
  );
}

/** A factor of 0 counts as none, as Python has it. */
const factorsOf = ({ scale_factor: factor }) => (factor === 0 ? null : factor);

function alignProblem({ mode, align_corners }) {
  if (align_corners === null || SMOOTH.includes(mode)) return null;
  return refusal(
    "ValueError",
    "align_corners",
    "align_corners option can only be set with the interpolating modes: linear | bilinear | " +
      "bicubic | trilinear",
    {
      why: t("mode='{mode}' copies pixels, so there are no corners to align", { mode }),
      facts: { mode },
    },
  );
}

function bothProblem(size, factor) {
  if ((size === null) !== (factor === null)) return null;
  const message =
    size === null
      ? "either size or scale_factor should be defined"
      : "only one of size or scale_factor should be defined";
  return refusal("ValueError", "upsample size", message, {
    why: t("give the size, or the factor, and not both"),
    facts: { size, scale_factor: factor },
  });
}

function countProblem(inside, size, factor) {
  const given = size ?? factor;
  if (!Array.isArray(given) || given.length === inside.length) return null;
  const [both, what, form, letter] =
    size === null
      ? ["scale_factor", `scale_factor of shape ${python(factor.map(float))}`, "scale_factor", "s"]
      : ["output", `output size of ${python(size)}`, "output size", "o"];
  return refusal(
    "ValueError",
    "input rank",
    `Input and ${both} must have the same number of spatial dimensions, but got input with ` +
      `spatial dimensions of ${listed(inside)} and ${what}. Please provide input tensor in ` +
      `(N, C, d1, d2, ...,dK) format and ${form} in (${letter}1, ${letter}2, ...,${letter}K) format.`,
    {
      why: plural(
        "the input has {count} axis after its channels",
        "the input has {count} axes after its channels",
        inside.length,
      ),
      facts: { size, factor },
    },
  );
}

function recomputeProblem({ recompute_scale_factor: recompute }) {
  if (!recompute) return null;
  return refusal(
    "ValueError",
    "upsample size",
    "recompute_scale_factor is not meaningful with an explicit size.",
    { why: t("there is no factor to work out again") },
  );
}

function rankProblem(shape, mode) {
  const rank = shape.length;
  if (RANKS[mode]?.includes(rank)) return null;
  const message =
    mode in LINEAR && rank >= 3 && rank <= 5
      ? `Got ${rank}D input, but ${mode} mode needs ${LINEAR[mode]}D input`
      : `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${rank}D) for the modes: ` +
        "nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact " +
        `(got ${mode})`;
  return refusal("NotImplementedError", "upsample mode", message, {
    why: t("an image is (N, C, H, W), and bilinear needs all four"),
    facts: { mode, rank },
  });
}

/** An area is an adaptive pooling. */
function areaProblem(shape, after) {
  const answer = shape.length === 4 ? adaptiveAvgShape({ output_size: after }, [shape]) : shape;
  return isRefusal(answer) ? answer : null;
}

function emptyProblem(shape, inside, after, mode) {
  const letters = ["D", "H", "W"].slice(-inside.length);
  const named = (sizes) => letters.map((letter, axis) => `${letter}: ${sizes[axis]}`).join(", ");
  const and = inside.length === 1 ? " and" : ""; // PyTorch's own
  if (mode === "area") return areaProblem(shape, after);
  if (inside.some((size) => size < 1) || after.some((size) => size < 1)) {
    return runtime(
      "upsample empty",
      `Input and output sizes should be greater than 0, but got input (${named(inside)})${and} output ` +
        `(${named(after)})`,
      { why: t("a size counts pixels"), facts: { before: inside, after } },
    );
  }
  if (product(shape.slice(1)) > 0) return null;
  return runtime(
    "upsample empty",
    `Non-empty ${shape.length}D data tensor expected but got a tensor with sizes ${listed(shape)}`,
    { why: t("there is no channel"), facts: { input: shape } },
  );
}

// ---------------------------------------------------------------------------------- pixel shuffle

function shuffleProblem(name, setting, factor, shape) {
  if (shape.length < 3) {
    return runtime(
      "input rank",
      `${name} expects input to have at least 3 dimensions, but got input with ${shape.length} ` +
        "dimension(s)",
      { why: t("the input is (N, C, H, W) or (C, H, W)"), facts: { input: shape } },
    );
  }
  if (factor >= 1) return null;
  return runtime("pixel_shuffle", `${name} expects a positive ${setting}, but got ${factor}`, {
    why: t("the factor is 1 or more"),
    facts: { [setting]: factor },
  });
}

export function pixelShuffleShape({ upscale_factor: factor }, [shape]) {
  const why = shuffleProblem("pixel_shuffle", "upscale_factor", factor, shape);
  if (why) return why;
  const [channels, height, width] = shape.slice(-3);
  const square = factor * factor;
  if (channels % square) {
    return runtime(
      "pixel_shuffle",
      "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of " +
        `upscale_factor, but input.size(-3)=${channels} is not divisible by ${square}`,
      {
        why: t("each pixel becomes {count}, from as many channels", { count: square }),
        facts: { channels, factor },
      },
    );
  }
  return withLast(shape, [channels / square, height * factor, width * factor]);
}

export function pixelUnshuffleShape({ downscale_factor: factor }, [shape]) {
  const why = shuffleProblem("pixel_unshuffle", "downscale_factor", factor, shape);
  if (why) return why;
  const [channels, height, width] = shape.slice(-3);
  for (const [name, at, size] of [
    ["height", -2, height],
    ["width", -1, width],
  ]) {
    if (size % factor) {
      return runtime(
        "pixel_shuffle",
        `pixel_unshuffle expects ${name} to be divisible by downscale_factor, but ` +
          `input.size(${at})=${size} is not divisible by ${factor}`,
        {
          why: t("{size} does not split into parts of {factor}", { size, factor }),
          facts: { size, factor },
        },
      );
    }
  }
  if (product(shape) === 0) return shape; // PyTorch leaves an empty tensor as it is
  return withLast(shape, [channels * factor * factor, height / factor, width / factor]);
}

export function channelShuffleShape({ groups }, [shape]) {
  if (shape.length < 3) {
    return runtime(
      "input rank",
      `channel_shuffle expects input with > 2 dims, but got input with sizes ${listed(shape)}`,
      { why: t("the input is (N, C, H, W)"), facts: { input: shape } },
    );
  }
  if (shape[1] % groups === 0) return shape;
  return runtime(
    "norm groups",
    `Number of channels must be divisible by groups. Got ${shape[1]} channels and ${groups} groups.`,
    { why: uneven(shape[1], groups), facts: { groups } },
  );
}
