/** BatchNorm2d and its relatives: the shape stays; what they refuse. */
import { plural, t } from "../words.js";
import { negativeSize } from "./convolution.js";
import { atConstruction, firstOf, refusal, runtime, uneven } from "./refusal.js";
import { batched, elements, listed, product } from "./sizes.js";

const torchSize = (shape) => `torch.Size(${listed(shape)})`;

const otherCount = (wanted, found) =>
  t("the layer is made for {wanted} channels, and {found} come in", { wanted, found });

const rankProblem = (shape, ranks, words) =>
  ranks.includes(shape.length)
    ? null
    : refusal("ValueError", "input rank", `expected ${words} input (got ${shape.length}D input)`, {
        why: plural(
          "the input has {rank} dimension",
          "the input has {rank} dimensions",
          shape.length,
          { rank: shape.length },
        ),
        facts: { input: shape },
      });

export const featuresConstruction = ({ num_features }) => negativeSize([num_features]);

/** One value for each channel has no spread: only in training PyTorch asks for more. */
function fewValues(count, shape, training) {
  if (!training || count !== 1) return null;
  return refusal(
    "ValueError",
    "one value",
    `Expected more than 1 value per channel when training, got input size ${torchSize(shape)}`,
    { why: t("one value has no spread; use a larger batch, or eval()"), facts: { input: shape } },
  );
}

function countProblem(name, found, wanted) {
  if (found === wanted) return null;
  return runtime("features", `${name} should contain ${found} elements not ${wanted}`, {
    why: otherCount(wanted, found),
    facts: { num_features: wanted, channels: found },
    needs: { num_features: found },
  });
}

export function batchNormShape(module, [shape]) {
  const { num_features, affine, track_running_stats: tracks, training = false } = module;
  const channels = shape[1];
  const why = firstOf(
    () => rankProblem(shape, [4], "4D"),
    () => fewValues(shape[0] * product(shape.slice(2)), shape, training || !tracks),
    () => elements(shape) > 0 && tracks && countProblem("running_mean", channels, num_features),
    () => elements(shape) > 0 && affine && countProblem("weight", channels, num_features),
  );
  return why || shape;
}

/** An empty batch has no statistics to compare, but PyTorch adds them up all the same. */
function statisticsProblem(wanted, found) {
  if (wanted === found || wanted === 1 || found === 1) return null;
  return runtime(
    "sizes differ",
    `The size of tensor a (${wanted}) must match the size of tensor b (${found}) at non-singleton ` +
      "dimension 0",
    {
      why: otherCount(wanted, found),
      facts: { sizes: [wanted, found] },
      needs: { num_features: found },
    },
  );
}

/** An input without numbers, whose statistics are kept: PyTorch has a sentence for each way. */
function emptyProblem(wanted, [batch, found]) {
  if (found === wanted) return null;
  const more = {
    why: otherCount(wanted, found),
    facts: { sizes: [wanted, found] },
    needs: { num_features: found },
  };
  if (batch > 0) {
    const message = `shape '[${batch}, ${found}]' is invalid for input of size ${batch * wanted}`;
    return runtime("sizes differ", message, more);
  }
  if (wanted === 1) {
    const message = `output with shape [1] doesn't match the broadcast shape [${found}]`;
    return runtime("sizes differ", message, more);
  }
  return statisticsProblem(wanted, found);
}

function noPicture() {
  const message = "select(): index 0 out of range for tensor of size [0] at dimension 0";
  const why = t("without a picture there is nothing to take the first of");
  return refusal("IndexError", "no picture", message, { why });
}

export function instanceNormShape(module, [shape]) {
  const { num_features, affine, track_running_stats: tracks, training = false } = module;
  const input = batched(shape);
  const why = firstOf(
    () => rankProblem(shape, [3, 4], "3D or 4D"),
    () =>
      affine &&
      input[1] !== num_features &&
      refusal(
        "ValueError",
        "features",
        `expected input's size at dim=${shape.length - 3} to match num_features ` +
          `(${num_features}), but got: ${input[1]}.`,
        {
          why: otherCount(num_features, input[1]),
          facts: { num_features, channels: input[1] },
          needs: { num_features: input[1] },
        },
      ),
    () =>
      (training || !tracks) &&
      product(input.slice(2)) === 1 &&
      refusal(
        "ValueError",
        "one value",
        `Expected more than 1 spatial element when training, got input size ${torchSize(input)}`,
        { why: t("one pixel has no spread"), facts: { input: shape } },
      ),
    () =>
      elements(shape) > 0 &&
      tracks &&
      countProblem("running_mean", input[0] * input[1], input[0] * num_features),
    () => elements(shape) === 0 && tracks && training && emptyProblem(num_features, input),
    () => affine && input[0] === 0 && input[1] > 0 && noPicture(),
  );
  return why || shape;
}

export function groupNormConstruction({ num_groups, num_channels }) {
  if (num_groups === 0) {
    return atConstruction("ZeroDivisionError", "norm groups", "integer modulo by zero", {
      why: t("the channels form at least 1 group"),
    });
  }
  if (num_channels % num_groups) {
    return atConstruction(
      "ValueError",
      "norm groups",
      `num_channels (${num_channels}) must be divisible by num_groups (${num_groups})`,
      {
        why: uneven(num_channels, num_groups),
        facts: { num_channels, num_groups },
      },
    );
  }
  return null;
}

export function groupNormShape({ num_groups, num_channels, affine }, [shape]) {
  const sizes = [Math.floor((shape[0] * shape[1]) / num_groups), num_groups, ...shape.slice(2)];
  const why = firstOf(
    () => shape.length < 2 && noChannels(shape),
    () => sizes[0] * product(sizes.slice(2)) === 1 && oneInGroup(shape, sizes),
    () => shape[1] % num_groups !== 0 && unevenGroups(shape, num_groups),
    () => affine && shape[1] !== num_channels && otherChannels(shape, num_channels),
  );
  return why || shape;
}

function noChannels(shape) {
  return runtime(
    "input rank",
    `Expected at least 2 dimensions for input tensor but received ${shape.length}`,
    { why: t("the second dimension is the channels"), facts: { input: shape } },
  );
}

function oneInGroup(shape, sizes) {
  return refusal(
    "ValueError",
    "one value",
    `Expected more than 1 value per channel when training, got input size ${listed(sizes)}`,
    { why: t("one value has no spread"), facts: { input: shape } },
  );
}

function unevenGroups(shape, num_groups) {
  return runtime(
    "norm groups",
    "Expected number of channels in input to be divisible by num_groups, but got input of shape " +
      `${listed(shape)} and num_groups=${num_groups}`,
    { why: uneven(shape[1], num_groups) },
  );
}

function otherChannels(shape, num_channels) {
  return runtime(
    "features",
    "Expected weight to be a vector of size equal to the number of channels in input, but got " +
      `weight of shape [${num_channels}] and input of shape ${listed(shape)}`,
    {
      why: otherCount(num_channels, shape[1]),
      facts: { num_channels, channels: shape[1] },
      needs: { num_channels: shape[1] },
    },
  );
}

export const normalizedShape = ({ normalized_shape: sizes }) =>
  Array.isArray(sizes) ? sizes : [sizes];

export function layerNormShape(module, [shape]) {
  const sizes = normalizedShape(module);
  if (sizes.length === 0) {
    return runtime(
      "normalized_shape",
      "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one " +
        "element, but got normalized_shape = []",
      { why: t("there must be something to normalize over") },
    );
  }
  const last = shape.slice(-sizes.length);
  if (shape.length >= sizes.length && last.every((size, axis) => size === sizes[axis]))
    return shape;
  return runtime(
    "normalized_shape",
    `Given normalized_shape=${listed(sizes)}, expected input with shape ` +
      `${listed(["*", ...sizes])}, but got input of size${listed(shape)}`,
    {
      why: t("the last dimensions must be {wanted}, and are {found}", {
        wanted: listed(sizes),
        found: listed(last),
      }),
      facts: { normalized_shape: sizes, input: shape },
      needs: { normalized_shape: last },
    },
  );
}

export function localResponseShape(_module, [shape]) {
  if (shape.length >= 3) return shape;
  const gap = " ".repeat(26); // PyTorch's own
  return refusal(
    "ValueError",
    "input rank",
    `Expected 3D or higher dimensionality${gap}input (got ${shape.length} dimensions)`,
    { why: t("the input is (N, C, H, W)"), facts: { input: shape } },
  );
}
