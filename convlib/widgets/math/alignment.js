/** Where the windows of a 'same' convolution stand: PyTorch's way and TensorFlow's, on one axis. */
import { outputSize, samePadding, tapPosition } from "./arithmetic.js";
import { range } from "./lists.js";
import { clauses, sign } from "./text.js";
import { layerCode, moduleCode, sequentialCode } from "./torch_code.js";
import { plural, t } from "./words.js";

/** The outputs that 'same' stands for: the input size over the stride, rounded up. */
const sameSize = (size, stride) => Math.ceil(size / stride);

/**
 * TensorFlow's padding='SAME' (tensorflow.org/api_docs/python/tf/nn, "Notes on padding"): just
 * enough zeros for the last window, and the odd one at the end.
 *
 * @returns {import("./arithmetic.js").Axis}
 */
export function tensorflowAxis(size, kernel, stride) {
  const last = (sameSize(size, stride) - 1) * stride;
  const total = Math.max(last + kernel - size, 0);
  const before = Math.floor(total / 2);
  return { size, kernel, stride, dilation: 1, before, after: total - before };
}

/**
 * PyTorch has padding='same' for stride 1 only. For other strides one number serves both sides:
 * half the kernel, and of the two halves of an even kernel the one that gives `sameSize` outputs.
 *
 * @returns {import("./arithmetic.js").Axis}
 */
export function pytorchAxis(size, kernel, stride) {
  const axis = (before, after) => ({ size, kernel, stride, dilation: 1, before, after });
  if (stride === 1) return axis(...samePadding(kernel, 1));
  const halves = [Math.floor((kernel - 1) / 2), Math.floor(kernel / 2)];
  const fits = (padding) => outputSize(axis(padding, padding)) === sameSize(size, stride);
  const padding = halves.find(fits);
  return axis(padding, padding);
}

/** First input index under each window; below 0 it lies in the padding. */
export function windowStarts(axis) {
  return range(outputSize(axis)).map((output) => tapPosition(axis, output, 0) - axis.before);
}

/** Middle of each window as an input index; halfway between two for an even kernel. */
export function windowCentres(axis) {
  return windowStarts(axis).map((start) => start + (axis.kernel - 1) / 2);
}

/** Both alignments of one row: their axes, their code, and how far they stand apart. */
export function compare({ width, kernel_size: k, stride }) {
  const [pytorch, tensorflow] = [pytorchAxis(width, k, stride), tensorflowAxis(width, k, stride)];
  const padding = stride === 1 ? "same" : pytorch.before;
  const layer = { kernel_size: [k, k], stride, padding };
  return {
    before: Math.max(pytorch.before, tensorflow.before),
    after: Math.max(pytorch.after, tensorflow.after),
    pytorch: {
      axis: pytorch,
      title: clauses(["PyTorch", `padding=${stride === 1 ? "'same'" : padding}`]),
      code: layerCode(layer),
    },
    tensorflow: {
      axis: tensorflow,
      title: clauses(["TensorFlow", "padding='SAME'"]),
      code: padThenConvolve(tensorflow, layer),
    },
    verdict: verdictOn(windowCentres(pytorch), windowCentres(tensorflow)),
  };
}

/** PyTorch code for zeros that may differ on the two sides: then a layer of their own adds them. */
function padThenConvolve({ before, after }, layer) {
  if (before === after) return layerCode({ ...layer, padding: before });
  const pad = moduleCode("ZeroPad2d", [`(${before}, ${after}, ${before}, ${after})`]);
  return sequentialCode([pad, layerCode({ ...layer, padding: 0 })]);
}

/** How far the windows stand apart: PyTorch needs as many zeros before the row, or more. */
function verdictOn(ours, theirs) {
  const shift = theirs[0] - ours[0];
  const outputs = plural("{count} output", "{count} outputs", ours.length);
  if (shift === 0) return t("Both give {outputs} from the same windows.", { outputs });
  return plural(
    "Both give {outputs}, but TensorFlow's windows stand {count} cell further right: " +
      "the same shape, other values.",
    "Both give {outputs}, but TensorFlow's windows stand {count} cells further right: " +
      "the same shape, other values.",
    shift,
    { outputs },
  );
}

/** Half a cell is written as a fraction. */
export function withHalf(value) {
  const whole = Math.trunc(value);
  return value === whole ? sign(value) : `${value < 0 ? "−" : ""}${Math.abs(whole) || ""}½`;
}
