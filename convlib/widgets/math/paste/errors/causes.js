/**
 * The causes of each error, the likeliest first.
 *
 * A row holds the cause's name among the texts, the question that makes it likely, and the
 * further numbers that its sentences show. All causes whose question is answered with yes are
 * named, in this order; the last row of a table needs no question.
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
  hasManyAxes,
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
  mapSides,
  mostPadding,
  reachesFar,
  rowsOfView,
  smallerAndLarger,
  spareAxis,
  vectorSizes,
  windowOfPooling,
} from "./sizes.js";
import {
  areApart,
  areBatchNorm,
  firstKey,
  hasMissing,
  hasOtherShape,
  hasPrefix,
  hasUnexpected,
  isArray,
  isByte,
  isColourFile,
  isDouble,
  isDoubleLayer,
  isFloat,
  isGreyFile,
  isHalfInput,
  isHalfLayer,
  isInputBehind,
  isList,
  isNone,
  isOtherHead,
  isWhole,
  lacksPrefix,
  prefixInFile,
  prefixInModel,
  whereTheyAre,
} from "./types.js";

const always = () => true;

const CHANNELS = [
  ["channels last", areLast, asCode],
  ["batch as channels", areBatch, asCode],
  ["channels first", areFirst, asCode],
  ["one kernel", isOneKernel, asCode],
  ["grey", isGrey, asCode],
  ["opacity", hasOpacity, asCode],
  ["depthwise", isDepthwise, asCode],
  ["colour", isColour, asCode],
  ["full weight", isFullWeight, asCode],
  ["groups", doNotSplit, asCode],
  ["other groups", fitsOtherGroups, asCode],
  ["skip missing", lacksSkip, asCode],
  ["skip too many", hasSkip, asCode],
  ["other layer", isLater, asCode],
  ["other layer", ({ channels }) => channels === undefined, asCode],
];

const AXES = [
  ["frames", (facts) => hasFrames(facts) && !hasSpareAxis(facts), framesFolded],
  ["spare axis", hasSpareAxis, spareAxis],
  ["many axes", hasManyAxes],
  ["vectors", areVectors, vectorSizes],
  ["flattened picture", areFlattened, flattenedPicture],
  ["one picture", isOnePicture],
  ["one axis", hasOneAxis],
  ["batch of grey", isBatchOfGrey],
  ["no batch", isUnbatched],
  ["axes", ({ input }) => !Array.isArray(input)],
];

const NUMBER_TYPES = [
  ["input elsewhere", isInputBehind, whereTheyAre],
  ["layer elsewhere", areApart, whereTheyAre],
  ["byte", isByte],
  ["whole numbers", isWhole],
  ["half layer", isHalfLayer],
  ["half input", isHalfInput],
  ["double layer", isDoubleLayer],
  ["double input", isDouble],
  ["number type", always],
];

const NOT_COMPUTED = [
  ["half not computed", isHalfInput],
  ["not computed", always],
];

const ARGUMENT = [
  ["array", isArray],
  ["list", isList],
  ["none", isNone],
  ["float", isFloat],
  ["argument", always],
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
  ["join", always, smallerAndLarger],
];

/** @type {Object<string, [string, (facts: object) => boolean, ((facts: object) => object)?][]>} */
export const CAUSES = {
  channels: CHANNELS,
  "transposed channels": CHANNELS,
  "input rank": AXES,
  "ranks differ": AXES,
  "gradient rank": AXES,
  "pool rank": AXES,
  "batchnorm rank": AXES,
  "too small": TOO_SMALL,
  "too few filters": [
    ["one kernel in groups", ({ weight }) => weight?.[0] === 1, asCode],
    ["few filters", always, asCode],
  ],
  "filters per group": [["filters", always, asCode]],
  "output too small": [["padding cuts", always]],
  "pool output": [
    ["fixed window", hasFixedWindow, windowOfPooling],
    ["narrow map", always, mapOfPooling],
  ],
  "pool padding": [["pool padding", always, mostPadding]],
  "weight dtype": NUMBER_TYPES,
  "complex weight dtype": NUMBER_TYPES,
  "bias dtype": NUMBER_TYPES,
  "matrix dtype": NUMBER_TYPES,
  dtype: NOT_COMPUTED,
  "dilated dtype": NOT_COMPUTED,
  "transposed dtype": NOT_COMPUTED,
  "gradient dtype": NOT_COMPUTED,
  "reflect dtype": NOT_COMPUTED,
  "replicate dtype": NOT_COMPUTED,
  "not computed": NOT_COMPUTED,
  devices: [["apart", always]],
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
    ["unequal pictures", always],
  ],
  broadcast_shape: [
    ["grey statistics", ({ given, wanted }) => given?.[0] === 1 && wanted?.[0] === 3],
    ["other layer", always],
  ],
  linear: [
    ["not flattened", isNotFlat, batchOfRows],
    ["map not flattened", (facts) => !isNotFlat(facts) && looksNotFlat(facts)],
    ["in_features", always, mapSides],
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
    ["other shape", hasOtherShape],
    ["bias in file", areBatchNorm, firstKey],
    ["unexpected keys", hasUnexpected, firstKey],
    ["missing keys", hasMissing, firstKey],
    ["other model", always],
  ],
};
