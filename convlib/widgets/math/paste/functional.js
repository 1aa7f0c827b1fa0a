/** `torch.nn.functional`: functions that are layers without an object, and their arguments' order. */

import { t } from "../words.js";
import { makeLayer, parametersOf } from "./layers.js";
import { itemsOf, Opaque, Tensor, Trouble } from "./values.js";

const WITH_WEIGHT = {
  conv2d: {
    kind: "Conv2d",
    names: ["weight", "bias", "stride", "padding", "dilation", "groups"],
  },
  conv_transpose2d: {
    kind: "ConvTranspose2d",
    names: ["weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"],
  },
  linear: { kind: "Linear", names: ["weight", "bias"] },
};

/** A function, the layer it is, and its arguments where their order or names differ. */
const FUNCTIONS = {
  relu: ["ReLU"],
  relu_: ["ReLU"],
  relu6: ["ReLU6"],
  leaky_relu: ["LeakyReLU"],
  elu: ["ELU"],
  selu: ["SELU"],
  celu: ["CELU"],
  gelu: ["GELU"],
  silu: ["SiLU"],
  mish: ["Mish"],
  glu: ["GLU"],
  softplus: ["Softplus"],
  softsign: ["Softsign"],
  sigmoid: ["Sigmoid"],
  logsigmoid: ["LogSigmoid"],
  tanh: ["Tanh"],
  hardswish: ["Hardswish"],
  hardsigmoid: ["Hardsigmoid"],
  hardtanh: ["Hardtanh"],
  softmax: ["Softmax"],
  log_softmax: ["LogSoftmax"],
  dropout: ["Dropout", ["p", "training", "inplace"]],
  dropout2d: ["Dropout2d", ["p", "training", "inplace"]],
  feature_dropout: ["Dropout2d", ["p", "training", "inplace"]],
  alpha_dropout: ["AlphaDropout", ["p", "training", "inplace"]],
  max_pool2d: [
    "MaxPool2d",
    ["kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices"],
  ],
  avg_pool2d: ["AvgPool2d"],
  adaptive_avg_pool2d: ["AdaptiveAvgPool2d"],
  adaptive_max_pool2d: ["AdaptiveMaxPool2d"],
  interpolate: ["Upsample"],
  upsample: ["Upsample"],
  pixel_shuffle: ["PixelShuffle"],
  pixel_unshuffle: ["PixelUnshuffle"],
  channel_shuffle: ["ChannelShuffle"],
  layer_norm: ["LayerNorm", ["normalized_shape", "weight", "bias", "eps"]],
  group_norm: ["GroupNorm", ["num_groups", "weight", "bias", "eps"]],
  local_response_norm: ["LocalResponseNorm"],
};

const PADS = {
  constant: "ZeroPad2d",
  reflect: "ReflectionPad2d",
  replicate: "ReplicationPad2d",
  circular: "CircularPad2d",
};
const DROPPED = new Set(["training", "weight", "antialias"]);

/** Whether `torch.nn.functional.NAME` or `torch.NAME` is a layer. */
export const isFunction = (name) =>
  Object.hasOwn(FUNCTIONS, name) || Object.hasOwn(WITH_WEIGHT, name) || name === "pad";

/**
 * The layer that a function is, and the tensors it reads.
 * @param {string} name @param {Array} args without the input @param {Map<string, *>} keywords
 */
export function functionLayer(name, args, keywords, node, machine) {
  if (name === "pad") return padLayer(args, keywords, node);
  if (Object.hasOwn(WITH_WEIGHT, name))
    return weightLayer(WITH_WEIGHT[name], args, keywords, node, machine);
  const [kind, order] = FUNCTIONS[name];
  const names = order ?? parametersOf(kind);
  const named = new Map();
  args.forEach((value, index) => names[index] && named.set(names[index], value));
  for (const [key, value] of keywords) if (key !== "input") named.set(key, value);
  for (const key of DROPPED) named.delete(key);
  if (kind === "GroupNorm" || kind === "LayerNorm") named.delete("bias");
  return makeLayer(kind, [], named, machine.knowAll);
}

/** `F.pad(x, (left, right, top, bottom), mode)`; two sizes pad the width alone. */
function padLayer(args, keywords, node) {
  const sides = itemsOf(args[0] ?? keywords.get("pad"));
  const mode = args[1] ?? keywords.get("mode") ?? "constant";
  if (!sides || sides.length > 4 || !sides.every(Number.isInteger)) {
    throw new Trouble(t("the sizes of this padding are not known"), node);
  }
  return { kind: PADS[mode] ?? "ZeroPad2d", padding: [...sides, 0, 0].slice(0, 4) };
}

/** `F.conv2d(x, w)`: the sizes of the layer are those of its weight. */
function weightLayer({ kind, names }, args, keywords, node, machine) {
  const given = new Map(keywords);
  args.forEach((value, index) => names[index] && given.set(names[index], value));
  const shape = weightOf(given.get("weight"), machine, node);
  const bias = given.get("bias") ?? null;
  given.delete("weight");
  given.delete("input");
  given.set("bias", bias !== null && bias !== false);
  if (kind === "Linear") return makeLayer(kind, [shape[1], shape[0]], given, machine.knowAll);
  if (shape.length !== 4) {
    throw new Trouble(t("the weight has 4 axes, not {count}", { count: shape.length }), node);
  }
  const groups = Number(machine.knowAll(given.get("groups") ?? 1, "groups"));
  const [first, second, ...kernel] = shape;
  const channels = kind === "Conv2d" ? [second * groups, first] : [first, second * groups];
  return { ...makeLayer(kind, [...channels, kernel], given, machine.knowAll), functional: true };
}

function weightOf(value, machine, node) {
  if (value === undefined) throw new Trouble(t("the weight is missing"), node);
  if (value instanceof Tensor) {
    if (value.shape) return value.shape;
    throw new Trouble(t("the weight's shape is not known"), node);
  }
  const shape = itemsOf(value instanceof Opaque ? machine.know(value, "weight") : value);
  if (!shape?.every(Number.isInteger)) throw new Trouble(t("the weight's shape is needed"), node);
  return shape;
}
