/** Padding by zeros, mirroring, repeating or wrapping around: `torch.nn.functional.pad`. */
import { t } from "../words.js";
import { firstOf, refusal, runtime } from "./refusal.js";
import { elements, listed, pair, withLast } from "./sizes.js";

/** [left, right, top, bottom] of a number or a list of four. */
const fourSides = (padding) =>
  Array.isArray(padding) ? padding : [padding, padding, padding, padding];

/** The same of a convolution's padding: one number for an axis. */
export function sidesOf(padding) {
  const [vertical, horizontal] = pair(padding);
  return [horizontal, horizontal, vertical, vertical];
}

/** The sizes with their padding: height and width. */
function padded([height, width], [left, right, top, bottom]) {
  return [height + top + bottom, width + left + right];
}

/** Why PyTorch does not pad a shape; null if it does. */
export function padProblem(shape, sides, mode) {
  const rank = shape.length;
  if (rank < 2) {
    return runtime(
      "pad long",
      "Padding length should be less than or equal to two times the input dimension but got " +
        `padding length 4 and input of dimension ${rank}`,
      { why: t("an image has a height and a width"), facts: { rank } },
    );
  }
  if (mode === "constant") return constantProblem(shape, sides);
  if (rank !== 3 && rank !== 4) {
    return refusal(
      "NotImplementedError",
      "pad rank",
      `Padding size 4 is not supported for ${rank}D input tensor.`,
      { why: t("the input is (N, C, H, W) or (C, H, W)"), facts: { rank } },
    );
  }
  return { reflect: reflectProblem, replicate: edgeProblem, circular: circularProblem }[mode](
    shape,
    sides,
  );
}

/** What is cut off is cut off before anything is added. */
function constantProblem(shape, sides) {
  const cuts = sides.map((side) => Math.min(side, 0));
  if (padded(shape.slice(-2), cuts).every((size) => size >= 0)) return null;
  return runtime("negative pad", "narrow(): length must be non-negative.", {
    why: t("a negative padding cuts off more than there is"),
    facts: { padding: sides },
  });
}

/** Mirroring and repeating need something to copy from. */
function emptyProblem(shape) {
  if (elements(shape.slice(-3)) > 0) return null;
  return runtime(
    "pad empty",
    "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero " +
      `dimensions for input, but got: ${listed(shape)}`,
    { why: t("there is no pixel to copy"), facts: { input: shape } },
  );
}

function reflectProblem(shape, sides) {
  const rank = shape.length;
  // PyTorch looks at the width first, and names the argument by number.
  const axes = [
    { number: 4, dimension: rank - 1, before: sides[0], after: sides[1] },
    { number: 6, dimension: rank - 2, before: sides[2], after: sides[3] },
  ];
  const wide = axes.find(
    ({ dimension, before, after }) => Math.max(before, after) >= shape[dimension],
  );
  return firstOf(
    () => emptyProblem(shape),
    () => wide && tooWide(shape, wide),
    () => leftProblem(shape, sides, ","),
  );
}

function tooWide(shape, { number, dimension, before, after }) {
  return runtime(
    "reflect",
    `Argument #${number}: Padding size should be less than the corresponding input dimension, ` +
      `but got: padding (${before}, ${after}) at dimension ${dimension} of input ${listed(shape)}`,
    {
      why: t(
        "reflect mirrors the input without its edge, so the padding must be less than the size: " +
          "{padding} is not less than {size}",
        { padding: Math.max(before, after), size: shape[dimension] },
      ),
      facts: { before, after, size: shape[dimension] },
    },
  );
}

function edgeProblem(shape, sides) {
  return firstOf(
    () => emptyProblem(shape),
    () => leftProblem(shape, sides, " )"),
  );
}

/** A negative padding crops; something must be left. PyTorch closes its bracket in two ways. */
function leftProblem(shape, sides, close) {
  const [height, width] = shape.slice(-2);
  const left = padded([height, width], sides);
  if (left.some((size) => size >= 1)) return negativeProblem(shape, left, close === ",");
  const bracket = close === "," ? ")" : " )";
  return runtime(
    "pad 2 axes",
    `input (H: ${height}, W: ${width}${bracket} is too small. ` +
      `Calculated output H: ${left[0]} W: ${left[1]}`,
    { why: t("a negative padding cuts off all there is"), facts: { padding: sides } },
  );
}

/** Where only one axis is cut down to less than nothing, PyTorch fails as it makes the output. */
function negativeProblem(shape, left, isReflect) {
  const least = left.find((size) => size < 0);
  if (least === undefined) return null;
  const message = isReflect
    ? "numel: integer multiplication overflow"
    : `Trying to create tensor with negative dimension ${least}: ${listed(withLast(shape, left))}`;
  return runtime("negative pad", message, {
    why: t("a negative padding cuts off more than there is"),
    facts: { input: shape, left },
  });
}

function circularProblem(shape, sides) {
  const [height, width] = shape.slice(-2);
  for (const [size, before, after] of [
    [height, sides[2], sides[3]],
    [width, sides[0], sides[1]],
  ]) {
    if (Math.max(before, after) > size) {
      return runtime("circular", "Padding value causes wrapping around more than once.", {
        why: t(
          "circular wraps around once, so the padding may be at most the size: " +
            "{padding} is more than {size}",
          { padding: Math.max(before, after), size },
        ),
        facts: { before, after, size },
      });
    }
    if (size + before + after < 0) {
      return runtime("negative pad", "Negative padding value is resulting in an empty dimension", {
        why: t("a negative padding cuts off more than there is"),
        facts: { size, before, after },
      });
    }
  }
  return null;
}

/** The shape with its padding. */
export const paddedShape = (shape, sides) => withLast(shape, padded(shape.slice(-2), sides));

/** The four classes of padding layers. */
export function padShape(module, [shape], mode) {
  const sides = fourSides(module.padding);
  const rank = shape.length;
  if (mode === "circular" && rank !== 3 && rank !== 4) {
    return refusal("ValueError", "input rank", `expected 3D or 4D input (got ${rank}D input)`, {
      why: t("the input is (N, C, H, W) or (C, H, W)"),
      facts: { input: shape },
    });
  }
  return padProblem(shape, sides, mode) ?? paddedShape(shape, sides);
}
