/** One dilated kernel on an input that leaves its window a few places along each axis. */
import { axesOf, effectiveKernelSize, tapPosition } from "./arithmetic.js";
import { range } from "./lists.js";
import { t } from "./words.js";

/**
 * Why the picture cannot show a kernel, or null.
 *
 * @param {{ kernel_size: number, dilation: number }} settings
 * @param {{ most_reach: number }} room  Pixels that the kernel may span.
 * @returns {import("./arithmetic.js").Refusal | null}
 */
export function forbids({ kernel_size, dilation }, { most_reach }) {
  const reach = effectiveKernelSize(kernel_size, dilation);
  if (reach <= most_reach) return null;
  const facts = { count: reach, most: most_reach };
  return {
    rule: t("the kernel would span {count} pixels, but the picture has room for {most}", facts),
  };
}

/**
 * The layer, on an input that leaves its window `steps` places along each axis.
 *
 * @returns {import("./arithmetic.js").Layer}
 */
export function layerOf({ kernel_size: k, dilation }, steps) {
  return {
    input_size: effectiveKernelSize(k, dilation) + steps - 1,
    kernel_size: [k, k],
    stride: 1,
    padding: 0,
    dilation,
    padding_mode: "zeros",
    bias: true,
  };
}

/** The rows and the columns that one output of a layer reads. */
export function readPlaces(layer, output) {
  return axesOf(layer).map((axis, side) =>
    range(axis.kernel).map((tap) => tapPosition(axis, output[side], tap)),
  );
}
