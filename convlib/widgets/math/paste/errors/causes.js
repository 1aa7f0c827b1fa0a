/**
 * The causes of each error, the likeliest first.
 *
 * A row holds the cause's name among the texts, the question that makes it likely, and the
 * further numbers that its sentences show. All causes whose question is answered with yes are
 * named, in this order; a row whose question is null stands for none of the others.
 */

import {
  areBatch,
  areFirst,
  areLast,
  asCode,
  doNotSplit,
  fitsOtherGroups,
  hasOpacity,
  hasSkip,
  isColour,
  isDepthwise,
  isFullWeight,
  isGrey,
  isLater,
  isOneKernel,
  lacksSkip,
} from "./channels.js";
import {
  areFlattened,
  areMaps,
  areVectors,
  batchOfRows,
  differInBatch,
  differInChannels,
  dilationOfThree,
  flattenedPicture,
  framesFolded,
  hasFixedWindow,
  hasFrames,
  hasOneAxis,
  hasSpareAxis,
  isBatchOfGrey,
  isEmpty,
  isGreyPair,
  isHeightAgainstColours,
  isNotFlat,
  isOnePicture,
  isOtherBatch,
  isRgbaPair,
  isUnbatched,
  looksNotFlat,
  mapOfPooling,
  mostPadding,
  reachesFar,
  rowsOfView,
  smallerAndLarger,
  spareAxis,
  vectorSizes,
  windowOfPooling,
} from "./sizes.js";
import {
  borderOf,
  firstKey,
  hasOnlyOtherShape,
  hasOtherKeys,
  hasPrefix,
  inSmallLetters,
  isArray,
  isBias,
  isBorder,
  isByte,
  isColourFile,
  isDouble,
  isDoubleLayer,
  isFloat,
  isGreyFile,
  isHalfInput,
  isHalfLayer,
  isInputBehind,
  isLayerBehind,
  isList,
  isNone,
  isOtherHead,
  isWhole,
  isWordInCapitals,
  lacksKeys,
  lacksPrefix,
  prefixInFile,
  prefixInModel,
} from "./types.js";

const CHANNELS = [
  ["channels last", areLast, asCode],
  ["batch as channels", areBatch, asCode],
  ["channels first", areFirst, asCode],
  ["one kernel", isOneKernel, asCode],
  ["groups", doNotSplit, asCode],
  ["grey", isGrey, asCode],
  ["opacity", hasOpacity, asCode],
  ["depthwise", isDepthwise, asCode],
  ["colour", isColour, asCode],
  ["full weight", isFullWeight, asCode],
  ["other groups", fitsOtherGroups, asCode],
  ["skip missing", lacksSkip, asCode],
  ["skip too many", hasSkip, asCode],
  ["other layer", isLater, asCode],
  ["other layer", null, asCode],
];

const AXES = [
  ["frames", (facts) => hasFrames(facts) && !hasSpareAxis(facts), framesFolded],
  ["spare axis", hasSpareAxis, spareAxis],
  ["many axes", null],
  ["vectors", areVectors, vectorSizes],
  ["flattened picture", areFlattened, flattenedPicture],
  ["one picture", isOnePicture],
  ["one axis", hasOneAxis],
  ["batch of grey", isBatchOfGrey],
  ["no batch", isUnbatched],
  ["axes", ({ input }) => !Array.isArray(input)],
];

const NUMBER_TYPES = [
  ["byte", isByte],
  ["whole numbers", isWhole],
  ["half layer", isHalfLayer],
  ["half input", isHalfInput],
  ["double layer", isDoubleLayer],
  ["double input", isDouble],
  ["number type", null],
];

const DEVICES = [
  ["input elsewhere", isInputBehind],
  ["layer elsewhere", isLayerBehind],
  ["apart", null],
];

const WORDS = [
  ["capitals", isWordInCapitals, inSmallLetters],
  ["border word", isBorder, borderOf],
  ["other word", null],
];

const NOT_COMPUTED = [
  ["half not computed", isHalfInput],
  ["not computed", null],
];

const ARGUMENT = [
  ["array", isArray],
  ["list", isList],
  ["none", isNone],
  ["float", isFloat],
  ["argument", null],
];

const TOO_SMALL = [
  ["empty", isEmpty],
  ["dilated", reachesFar, dilationOfThree],
  ["too small", (facts) => !isEmpty(facts)],
];

const JOIN = [
  ["grey beside colour", isGreyPair],
  ["opacity beside colour", isRgbaPair],
  ["maps", areMaps, smallerAndLarger],
  ["join", null, smallerAndLarger],
];

/** @type {Object<string, [string, (facts: object) => boolean, ((facts: object) => object)?][]>} */
export const CAUSES = {
  channels: CHANNELS,
  "transposed channels": CHANNELS,
  "input rank": AXES,
  "input rank too high": AXES,
  "ranks differ": AXES,
  "same ranks differ": AXES,
  "gradient rank": AXES,
  "pool rank": AXES,
  "batchnorm rank": AXES,
  "too small": TOO_SMALL,
  "too few filters": [
    ["one kernel in groups", ({ weight }) => weight?.[0] === 1, asCode],
    ["few filters", null, asCode],
  ],
  "filters per group": [["filters", null, asCode]],
  "output too small": [["padding cuts", null]],
  "pool output": [
    ["fixed window", hasFixedWindow, windowOfPooling],
    ["narrow map", null, mapOfPooling],
  ],
  "pool padding": [["pool padding", null, mostPadding]],
  "weight dtype": NUMBER_TYPES,
  "complex weight dtype": NUMBER_TYPES,
  "bias dtype": NUMBER_TYPES,
  "complex bias dtype": NUMBER_TYPES,
  "matrix dtype": NUMBER_TYPES,
  dtype: NOT_COMPUTED,
  "dilated dtype": NOT_COMPUTED,
  "transposed dtype": NOT_COMPUTED,
  "gradient dtype": NOT_COMPUTED,
  "reflect dtype": NOT_COMPUTED,
  "replicate dtype": NOT_COMPUTED,
  "not computed": NOT_COMPUTED,
  devices: DEVICES,
  "device types": DEVICES,
  "padding word": WORDS,
  "layer padding": WORDS,
  "conv2d type": ARGUMENT,
  "conv_transpose2d type": ARGUMENT,
  "must be tensor": ARGUMENT,
  cat: JOIN,
  add: [
    ["height against colours", isHeightAgainstColours],
    ["opacity beside colour", isRgbaPair],
    ["shortcut channels", differInChannels],
    ["batches", differInBatch],
    ["shortcut sizes", (facts) => facts.dim !== 0 && facts.dim !== 1, smallerAndLarger],
  ],
  stack: [
    ["grey beside colour", ({ one, two }) => isGreyPair({ a: one?.[0], b: two?.[0] })],
    ["opacity beside colour", ({ one, two }) => isRgbaPair({ a: one?.[0], b: two?.[0] })],
    ["unequal pictures", null],
  ],
  broadcast_shape: [
    ["grey statistics", ({ given, wanted }) => given?.[0] === 1 && wanted?.[0] === 3],
    ["other layer", null],
  ],
  linear: [
    ["not flattened", isNotFlat, batchOfRows],
    ["map not flattened", (facts) => !isNotFlat(facts) && looksNotFlat(facts)],
    ["in_features", (facts) => !isNotFlat(facts)],
  ],
  "view size": [
    ["last batch", isOtherBatch, rowsOfView],
    ["view", (facts) => !isOtherBatch(facts) && Array.isArray(facts.shape), rowsOfView],
  ],
  state_dict: [
    ["prefix", hasPrefix, prefixInFile],
    ["no prefix", lacksPrefix, prefixInModel],
    ["colour file", isColourFile],
    ["grey file", isGreyFile],
    ["other head", isOtherHead],
    ["other shape", hasOnlyOtherShape],
    ["bias in file", isBias, firstKey],
    ["unexpected keys", hasOtherKeys, firstKey],
    ["missing keys", lacksKeys, firstKey],
    ["other model", null],
  ],
};
