/** Sizes that belong to a layer's channels, to its transpose, or to a stack: pure functions. */
import { effectiveKernelSize } from "./arithmetic.js";

/** [C_out, C_in / groups, k_h, k_w]: a filter has one kernel for each channel of its group. */
export function weightShape({ in_channels, out_channels, kernel_size, groups = 1 }) {
  return [out_channels, in_channels / groups, ...kernel_size];
}

/** The numbers a layer learns: its weights, and one bias for each output channel. */
export function parameterCount(layer) {
  const weights = weightShape(layer).reduce((product, size) => product * size, 1);
  return weights + (layer.bias ? layer.out_channels : 0);
}

/** Output size of a transposed convolution along one axis. */
export function transposedSize({ size, kernel, stride, dilation, before, after, extra }) {
  return (size - 1) * stride - before - after + effectiveKernelSize(kernel, dilation) + extra;
}

/**
 * What one output of a stack of layers sees along one axis.
 *
 * @param {{ kernel: number, stride: number, dilation: number }[]} layers  First to last.
 * @returns {{ size: number, jump: number }}  Pixels it sees, and the distance between the fields
 *   of two neighbouring outputs.
 */
export function receptiveField(layers) {
  return layers.reduce(
    ({ size, jump }, { kernel, stride, dilation }) => ({
      size: size + (effectiveKernelSize(kernel, dilation) - 1) * jump,
      jump: jump * stride,
    }),
    { size: 1, jump: 1 },
  );
}
