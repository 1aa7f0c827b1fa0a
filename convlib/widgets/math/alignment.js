/** Where the windows of a 'same' convolution stand: PyTorch's way and TensorFlow's, on one axis. */
import { outputSize, samePadding, tapPosition } from "./arithmetic.js";
import { range } from "./lists.js";

/** The outputs that 'same' stands for: the input size over the stride, rounded up. */
export const sameSize = (size, stride) => Math.ceil(size / stride);

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
