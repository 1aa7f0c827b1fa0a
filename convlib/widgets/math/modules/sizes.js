/** Sizes and shapes as PyTorch takes and writes them. */

/** Both axes of a size that is one number or a pair. */
export function pair(size) {
  if (!Array.isArray(size)) return [size, size];
  return size.length === 1 ? [size[0], size[0]] : size;
}

/** A setting with its number along one axis changed. Two equal numbers become one. */
export function withAxis(size, axis, number) {
  return oneIfEqual(pair(size).with(axis, number));
}

/** A pair, or the one number if both are equal. */
export const oneIfEqual = ([one, other]) => (one === other ? one : [one, other]);

/** A shape as PyTorch's C++ writes it: [1, 3, 224, 224]. */
export const listed = (shape) => `[${shape.join(", ")}]`;

/** Sizes of an image as PyTorch's messages write them: 224 x 224. */
export const across = (sizes) => sizes.join(" x ");

export const product = (numbers) => numbers.reduce((all, number) => all * number, 1);

export const elements = (shape) => product(shape);

/** A shape with the sizes of its last axes replaced. */
export const withLast = (shape, sizes) => [
  ...shape.slice(0, shape.length - sizes.length),
  ...sizes,
];

/** The place of the channels: the third axis from the end. */
export const channelsOf = (shape) => shape.at(-3);

/** A single image as a batch of one. */
export const batched = (shape) => (shape.length === 3 ? [1, ...shape] : shape);
