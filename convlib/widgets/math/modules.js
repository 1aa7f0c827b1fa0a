/**
 * The modules of torch.nn that a network of images is made of: the settings of each, the shape that
 * it puts out or PyTorch's refusal, its weights and its work. Pure functions, no DOM.
 *
 * @typedef {object} Module  A layer as plain JSON, named as in PyTorch. A size is a number or a
 *   pair, height before width; `null` is None; absent settings have PyTorch's default.
 * @property {string} kind  The name of its class; or "add", "mul", "cat", "view", "mean".
 * @property {string} [name]  Its name in the network.
 * @property {number[]} [from]  The rows it reads; -1 is the network's input.
 * @property {boolean} [training]  Judge it as in training; as in eval() if left out.
 *
 * @typedef {number[]} Shape  [N, C, H, W], [C, H, W] or [N, F].
 * @typedef {import("./modules/refusal.js").Refusal} Refusal
 */
import {
  convConstruction,
  convShape,
  convWeightShape,
  transposedConstruction,
  transposedShape,
} from "./modules/convolution.js";
import { catShape, pointwiseJoin } from "./modules/joins.js";
import {
  batchNormShape,
  featuresConstruction,
  groupNormConstruction,
  groupNormShape,
  instanceNormShape,
  layerNormShape,
  localResponseShape,
  normalizedShape,
} from "./modules/normalization.js";
import { padShape } from "./modules/padding.js";
import {
  dropoutConstruction,
  featureDropoutShape,
  gluShape,
  preluShape,
  sameShape,
  softmax2dShape,
  softmaxShape,
} from "./modules/pointwise.js";
import {
  adaptiveAvgShape,
  adaptiveMaxShape,
  avgPoolShape,
  maxPoolShape,
} from "./modules/pooling.js";
import {
  flattenShape,
  linearConstruction,
  linearShape,
  meanShape,
  unflattenShape,
  viewShape,
} from "./modules/reshaping.js";
import {
  channelShuffleShape,
  pixelShuffleShape,
  pixelUnshuffleShape,
  upsampleShape,
} from "./modules/resizing.js";
import { product } from "./modules/sizes.js";

const INPLACE = ["inplace", false];
const PLACE = [
  ["device", null],
  ["dtype", null],
];
const AFFINE = [
  ["eps", 1e-5],
  ["momentum", 0.1],
];

const conv = {
  weight: convWeightShape,
  bias: ({ bias, out_channels }) => (bias ? [out_channels] : null),
};

/** A norm's weight and bias: one number each for every feature. */
function scaled(features, affine = "affine") {
  return {
    weight: (module) => (module[affine] ? features(module) : null),
    bias: (module) => (module[affine] && module.bias ? features(module) : null),
  };
}

const activation = (...parameters) => ({ parameters, output: sameShape });
const softmax = { parameters: [["dim", null]], output: softmaxShape };
const padded = (mode, ...more) => ({
  parameters: [["padding"], ...more],
  output: (module, shapes) => padShape(module, shapes, mode),
});
const upsample = (mode) => ({
  parameters: [
    ["size", null],
    ["scale_factor", null],
  ],
  output: (module, shapes) =>
    upsampleShape({ align_corners: mode === "bilinear" || null, ...module, mode }, shapes),
});
const byFeatures = ({ num_features }) => [num_features];

/**
 * Every kind: `parameters` in the order of PyTorch's call, a name and its default, if it has one;
 * `construction` and `output` check in PyTorch's order; `weight` and `bias` are shapes.
 */
export const MODULES = {
  Conv2d: {
    parameters: [
      ["in_channels"],
      ["out_channels"],
      ["kernel_size"],
      ["stride", 1],
      ["padding", 0],
      ["dilation", 1],
      ["groups", 1],
      ["bias", true],
      ["padding_mode", "zeros"],
      ...PLACE,
    ],
    construction: convConstruction,
    output: convShape,
    ...conv,
  },
  ConvTranspose2d: {
    parameters: [
      ["in_channels"],
      ["out_channels"],
      ["kernel_size"],
      ["stride", 1],
      ["padding", 0],
      ["output_padding", 0],
      ["groups", 1],
      ["bias", true],
      ["dilation", 1],
      ["padding_mode", "zeros"],
      ...PLACE,
    ],
    construction: transposedConstruction,
    output: transposedShape,
    ...conv,
  },
  MaxPool2d: {
    parameters: [
      ["kernel_size"],
      ["stride", null],
      ["padding", 0],
      ["dilation", 1],
      ["return_indices", false],
      ["ceil_mode", false],
    ],
    output: maxPoolShape,
  },
  AvgPool2d: {
    parameters: [
      ["kernel_size"],
      ["stride", null],
      ["padding", 0],
      ["ceil_mode", false],
      ["count_include_pad", true],
      ["divisor_override", null],
    ],
    output: avgPoolShape,
  },
  AdaptiveAvgPool2d: { parameters: [["output_size"]], output: adaptiveAvgShape },
  AdaptiveMaxPool2d: {
    parameters: [["output_size"], ["return_indices", false]],
    output: adaptiveMaxShape,
  },

  BatchNorm2d: {
    parameters: [
      ["num_features"],
      ...AFFINE,
      ["affine", true],
      ["track_running_stats", true],
      ...PLACE,
      ["bias", true],
    ],
    construction: featuresConstruction,
    output: batchNormShape,
    ...scaled(byFeatures),
  },
  InstanceNorm2d: {
    parameters: [
      ["num_features"],
      ...AFFINE,
      ["affine", false],
      ["track_running_stats", false],
      ...PLACE,
      ["bias", true],
    ],
    construction: featuresConstruction,
    output: instanceNormShape,
    ...scaled(byFeatures),
  },
  GroupNorm: {
    parameters: [
      ["num_groups"],
      ["num_channels"],
      ["eps", 1e-5],
      ["affine", true],
      ...PLACE,
      ["bias", true],
    ],
    construction: groupNormConstruction,
    output: groupNormShape,
    ...scaled(({ num_channels }) => [num_channels]),
  },
  LayerNorm: {
    parameters: [
      ["normalized_shape"],
      ["eps", 1e-5],
      ["elementwise_affine", true],
      ["bias", true],
      ...PLACE,
    ],
    output: layerNormShape,
    ...scaled(normalizedShape, "elementwise_affine"),
  },
  LocalResponseNorm: {
    parameters: [["size"], ["alpha", 1e-4], ["beta", 0.75], ["k", 1]],
    output: localResponseShape,
  },

  ReLU: activation(INPLACE),
  ReLU6: activation(INPLACE),
  LeakyReLU: activation(["negative_slope", 0.01], INPLACE),
  PReLU: {
    parameters: [["num_parameters", 1], ["init", 0.25], ...PLACE],
    output: preluShape,
    weight: ({ num_parameters }) => [num_parameters],
  },
  RReLU: activation(["lower", 1 / 8], ["upper", 1 / 3], INPLACE),
  ELU: activation(["alpha", 1], INPLACE),
  SELU: activation(INPLACE),
  CELU: activation(["alpha", 1], INPLACE),
  GELU: activation(["approximate", "none"]),
  SiLU: activation(INPLACE),
  Mish: activation(INPLACE),
  Sigmoid: activation(),
  Tanh: activation(),
  Softplus: activation(["beta", 1], ["threshold", 20]),
  Softsign: activation(),
  Softshrink: activation(["lambd", 0.5]),
  Hardshrink: activation(["lambd", 0.5]),
  Tanhshrink: activation(),
  Threshold: activation(["threshold"], ["value"], INPLACE),
  LogSigmoid: activation(),
  Hardswish: activation(INPLACE),
  Hardsigmoid: activation(INPLACE),
  Hardtanh: activation(["min_val", -1], ["max_val", 1], INPLACE),
  GLU: { parameters: [["dim", -1]], output: gluShape },
  Softmax: softmax,
  LogSoftmax: softmax,
  Softmin: softmax,
  Softmax2d: { parameters: [], output: softmax2dShape },

  Dropout: { ...activation(["p", 0.5], INPLACE), construction: dropoutConstruction },
  AlphaDropout: { ...activation(["p", 0.5], INPLACE), construction: dropoutConstruction },
  Dropout2d: {
    parameters: [["p", 0.5], INPLACE],
    construction: dropoutConstruction,
    output: featureDropoutShape,
  },
  Identity: activation(),

  Flatten: {
    parameters: [
      ["start_dim", 1],
      ["end_dim", -1],
    ],
    output: flattenShape,
  },
  Unflatten: { parameters: [["dim"], ["unflattened_size"]], output: unflattenShape },
  Linear: {
    parameters: [["in_features"], ["out_features"], ["bias", true], ...PLACE],
    construction: linearConstruction,
    output: linearShape,
    weight: ({ in_features, out_features }) => [out_features, in_features],
    bias: ({ bias, out_features }) => (bias ? [out_features] : null),
  },

  Upsample: {
    parameters: [
      ["size", null],
      ["scale_factor", null],
      ["mode", "nearest"],
      ["align_corners", null],
      ["recompute_scale_factor", null],
    ],
    output: upsampleShape,
  },
  UpsamplingNearest2d: upsample("nearest"),
  UpsamplingBilinear2d: upsample("bilinear"),
  PixelShuffle: { parameters: [["upscale_factor"]], output: pixelShuffleShape },
  PixelUnshuffle: { parameters: [["downscale_factor"]], output: pixelUnshuffleShape },
  ChannelShuffle: { parameters: [["groups"]], output: channelShuffleShape },

  ZeroPad2d: padded("constant"),
  ConstantPad2d: padded("constant", ["value"]),
  ReflectionPad2d: padded("reflect"),
  ReplicationPad2d: padded("replicate"),
  CircularPad2d: padded("circular"),

  // What a network's forward writes without a module.
  add: { parameters: [], output: pointwiseJoin, joins: true },
  mul: { parameters: [], output: pointwiseJoin, joins: true },
  cat: { parameters: [["dim", 0]], output: catShape, joins: true },
  view: { parameters: [["size"]], output: viewShape },
  mean: { parameters: [["dim"], ["keepdim", false]], output: meanShape },
};

/** A module with the settings that it leaves out. A pooling layer's stride is its kernel's size. */
export function complete(module) {
  const defaults = MODULES[module.kind].parameters.filter((parameter) => parameter.length > 1);
  const full = { ...Object.fromEntries(defaults), ...module };
  if (full.stride === null) full.stride = full.kernel_size;
  return full;
}

/** Why PyTorch does not make this module; null if it does. */
export const constructionProblem = (module) =>
  MODULES[module.kind].construction?.(complete(module)) ?? null;

/**
 * The shape that a module puts out, or PyTorch's refusal.
 *
 * @param {Module} module
 * @param {Shape[]} shapes  One for each input; a layer has one.
 * @returns {Shape | Refusal}
 */
export function outputShape(module, shapes) {
  return constructionProblem(module) ?? MODULES[module.kind].output(complete(module), shapes);
}

/** The shape of the weight; null if there is none. */
export const weightShape = (module) => MODULES[module.kind].weight?.(complete(module)) ?? null;

/** The shape of the bias; null if there is none. */
export const biasShape = (module) => MODULES[module.kind].bias?.(complete(module)) ?? null;

/** The numbers a module learns. */
export function parameterCount(module) {
  return [weightShape(module), biasShape(module)].reduce(
    (sum, shape) => sum + (shape ? product(shape) : 0),
    0,
  );
}

/**
 * Multiply-accumulates of one image; a bias is none. A transposed layer uses its weights once at
 * each pixel that comes in, a plain one at each that goes out.
 */
export function macCount(module, inputShape, output) {
  const weight = weightShape(module);
  if (module.kind === "Conv2d") return product(weight) * product(output.slice(-2));
  if (module.kind === "ConvTranspose2d") return product(weight) * product(inputShape.slice(-2));
  if (module.kind === "Linear") return product(weight) * product(inputShape.slice(1, -1));
  return 0;
}
