/** From sizes back to settings, along one axis: pure functions, no DOM. */
import { axesOf, effectiveKernelSize, outputSize, travel, unreadIndices } from "./arithmetic.js";
import { range } from "./lists.js";

/**
 * @typedef {object} Bounds  The largest number to try of each setting.
 * @property {number} max_kernel_size
 * @property {number} max_stride
 * @property {number} max_padding
 * @property {number} max_dilation
 *
 * @typedef {object} Setting
 * @property {number} kernel_size
 * @property {number} stride
 * @property {number} padding
 * @property {number} dilation
 */

/** Every setting whose window fits, with its output size; the order is that of shapes.solve. */
function candidates(input, bounds) {
  const upTo = (most) => range(most).map((index) => index + 1);
  return upTo(bounds.max_dilation)
    .flatMap((dilation) =>
      upTo(bounds.max_stride).flatMap((stride) =>
        upTo(bounds.max_kernel_size).flatMap((kernel) =>
          range(bounds.max_padding + 1).map((padding) => {
            const axis = { size: input, kernel, stride, dilation, before: padding, after: padding };
            const setting = { kernel_size: kernel, stride, padding, dilation };
            return { setting, travel: travel(axis), output: outputSize(axis) };
          }),
        ),
      ),
    )
    .filter(
      ({ setting, travel }) =>
        // a single tap has no gaps to widen
        travel >= 0 && (setting.kernel_size > 1 || setting.dilation === 1),
    );
}

/** Every setting within the bounds that turns one size into another. @returns {Setting[]} */
export function solve(input, output, bounds) {
  return candidates(input, bounds)
    .filter((candidate) => candidate.output === output)
    .map(({ setting }) => setting);
}

/**
 * Why there is no setting: the sizes next to the wanted one that can be had, how far the window
 * would have to travel for each stride, and how far it can.
 */
export function whyNone(input, output, bounds) {
  const all = candidates(input, bounds);
  const sizes = [...new Set(all.map((candidate) => candidate.output))].sort((a, b) => a - b);
  const travels = [...new Set(all.map((candidate) => candidate.travel))].sort((a, b) => a - b);
  return {
    below: sizes.findLast((size) => size < output) ?? null,
    above: sizes.find((size) => size > output) ?? null,
    travels,
    needs: range(bounds.max_stride).map((index) => {
      const stride = index + 1;
      return { stride, from: (output - 1) * stride, to: output * stride - 1 };
    }),
  };
}

/** All input sizes that share an axis's output size: as many as the stride, if none is below 1. */
export function inputsWithSameOutput(axis) {
  const { kernel, stride, dilation, before, after } = axis;
  const padding = before + after;
  const smallest =
    (outputSize(axis) - 1) * stride + effectiveKernelSize(kernel, dilation) - padding;
  return range(stride)
    .map((extra) => smallest + extra)
    .filter((size) => size >= 1);
}

/**
 * The square layer with these settings, as arithmetic.js wants it.
 *
 * @returns {import("./arithmetic.js").Layer}
 */
export function layerOf({ input_size, kernel_size: k, stride, padding, dilation }) {
  const steps = { stride, padding, dilation };
  return { input_size, kernel_size: [k, k], ...steps, padding_mode: "zeros", bias: true };
}

/** How many cells of an input a layer with this setting reads. */
export function readCount(setting, input) {
  const [axis] = axesOf(layerOf({ ...setting, input_size: input }));
  return input - unreadIndices(axis, "zeros").length;
}
