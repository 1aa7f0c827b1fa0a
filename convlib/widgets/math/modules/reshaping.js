/** Flatten, Unflatten, view, mean and Linear: what works on the numbers of an axis. */
import { t } from "../words.js";
import { negativeSize } from "./convolution.js";
import { dimensionProblem, wrapped } from "./dimensions.js";
import { firstOf, runtime } from "./refusal.js";
import { elements, listed, product } from "./sizes.js";

export function flattenShape({ start_dim, end_dim }, [shape]) {
  const rank = shape.length;
  const [start, end] = [wrapped(start_dim, rank), wrapped(end_dim, rank)];
  const why = firstOf(
    () => dimensionProblem(start_dim, rank),
    () => dimensionProblem(end_dim, rank),
    () =>
      start > end &&
      runtime("flatten", "flatten() has invalid args: start_dim cannot come after end_dim", {
        why: t("start_dim is dimension {start}, end_dim is dimension {end}", { start, end }),
        facts: { start_dim, end_dim },
      }),
  );
  if (why) return why;
  return [...shape.slice(0, start), product(shape.slice(start, end + 1)), ...shape.slice(end + 1)];
}

/** A list of sizes in which one -1 stands for what is left; null if it does not come out. */
function filledIn(sizes, count) {
  const open = sizes.indexOf(-1);
  const known = product(sizes.filter((size) => size !== -1));
  if (open < 0) return known === count ? sizes : null;
  return known > 0 && count % known === 0 ? sizes.with(open, count / known) : null;
}

export function unflattenShape({ dim, unflattened_size: sizes }, [shape]) {
  const rank = shape.length;
  if (sizes.length === 0) {
    return runtime("unflatten", "unflatten: sizes must be non-empty", { why: t("give the sizes") });
  }
  const why = dimensionProblem(dim, rank);
  if (why) return why;
  const axis = wrapped(dim, rank);
  if (sizes.filter((size) => size === -1).length > 1 || sizes.some((size) => size < -1)) {
    return runtime("unflatten", "unflatten got an unexpected error:", {
      why: t("one of the sizes may be -1, the others count"),
    });
  }
  const found = filledIn(sizes, shape[axis]);
  if (found) return [...shape.slice(0, axis), ...found, ...shape.slice(axis + 1)];
  return runtime(
    "unflatten",
    `unflatten: Provided sizes ${listed(sizes)} don't multiply up to the size of dim ${axis} ` +
      `(${shape[axis]}) in the input tensor`,
    {
      why: t("{sizes} do not make {size}", { sizes: listed(sizes), size: shape[axis] }),
      facts: { sizes, size: shape[axis] },
    },
  );
}

/** `x.view(...)` and `x.reshape(...)`. */
export function viewShape({ size: sizes }, [shape]) {
  const count = elements(shape);
  const open = sizes.filter((size) => size === -1).length;
  if (open > 1) {
    return runtime("view", "only one dimension can be inferred", { why: t("one -1 at most") });
  }
  return (
    filledIn(sizes, count) ??
    runtime("view", `shape '${listed(sizes)}' is invalid for input of size ${count}`, {
      why: t("{sizes} does not hold {count} numbers", { sizes: listed(sizes), count }),
      facts: { sizes, count, input: shape },
      needs: { size: [sizes[0], ...(shape.length > 1 ? [product(shape.slice(1))] : [])] },
    })
  );
}

/** `x.mean(dim)`: the mean over some axes, which go or stay as 1. */
export function meanShape({ dim, keepdim }, [shape]) {
  const rank = shape.length;
  const dims = Array.isArray(dim) ? dim : [dim];
  const why = firstOf(...dims.map((each) => () => dimensionProblem(each, rank)));
  if (why) return why;
  const axes = dims.map((each) => wrapped(each, rank));
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return keepdim ? kept : kept.filter((_, axis) => !axes.includes(axis));
}

export const linearConstruction = ({ in_features, out_features }) =>
  negativeSize([out_features, in_features]);

export function linearShape({ in_features, out_features }, [shape]) {
  const features = shape.at(-1);
  if (features === in_features) return [...shape.slice(0, -1), out_features];
  const rows = product(shape.slice(0, -1));
  const rest = product(shape.slice(1));
  const flat = shape.length > 2 && rest === in_features;
  return runtime(
    "linear size",
    `mat1 and mat2 shapes cannot be multiplied (${rows}x${features} and ` +
      `${in_features}x${out_features})`,
    {
      why: flat
        ? t("a Linear reads the last dimension, {features}; Flatten first, then there are {rest}", {
            features,
            rest,
          })
        : t("the layer reads {wanted} numbers, and {found} come in", {
            wanted: in_features,
            found: features,
          }),
      facts: { in_features, features, input: shape },
      needs: flat ? { flatten: true } : { in_features: features },
    },
  );
}
