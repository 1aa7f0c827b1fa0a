/** Where branches meet: add and mul number by number, cat along an axis. */
import { t } from "../words.js";
import { dimensionProblem, wrapped } from "./dimensions.js";
import { isRefusal, runtime } from "./refusal.js";

/** Two shapes, number by number; an axis of 1 is repeated. Also PyTorch's refusal. */
function broadcast(a, b) {
  const rank = Math.max(a.length, b.length);
  const [one, other] = [a, b].map((shape) => [...Array(rank - shape.length).fill(1), ...shape]);
  for (let axis = rank - 1; axis >= 0; axis--) {
    if (one[axis] !== other[axis] && one[axis] !== 1 && other[axis] !== 1) {
      return runtime(
        "sizes differ",
        `The size of tensor a (${one[axis]}) must match the size of tensor b (${other[axis]}) at ` +
          `non-singleton dimension ${axis}`,
        {
          why: t("{one} and {other} do not fit number by number", {
            one: one[axis],
            other: other[axis],
          }),
          facts: { a, b, axis, sizes: [one[axis], other[axis]] },
        },
      );
    }
  }
  return one.map((size, axis) => (size === 1 ? other[axis] : size));
}

export function pointwiseJoin(_module, shapes) {
  return shapes
    .slice(1)
    .reduce((all, shape) => (isRefusal(all) ? all : broadcast(all, shape)), shapes[0]);
}

export function catShape({ dim }, shapes) {
  const [first, ...others] = shapes;
  const why = dimensionProblem(dim, first.length);
  if (why) return why;
  const along = wrapped(dim, first.length);
  for (const [index, shape] of others.entries()) {
    const problem = catProblem(first, shape, along, index + 1);
    if (problem) return problem;
  }
  return first.with(
    along,
    shapes.reduce((sum, shape) => sum + shape[along], 0),
  );
}

function catProblem(first, shape, along, index) {
  if (shape.length !== first.length) {
    return runtime(
      "cat rank",
      `Tensors must have same number of dimensions: got ${first.length} and ${shape.length}`,
      { why: t("all have the same axes"), facts: { first, shape } },
    );
  }
  const axis = first.findIndex((size, at) => at !== along && size !== shape[at]);
  if (axis < 0) return null;
  return runtime(
    "cat sizes",
    `Sizes of tensors must match except in dimension ${along}. Expected size ${first[axis]} but ` +
      `got size ${shape[axis]} for tensor number ${index} in the list.`,
    {
      why: t("beside dimension {along} the sizes must agree: {one} and {other} do not", {
        along,
        one: first[axis],
        other: shape[axis],
      }),
      facts: { first, shape, axis, sizes: [first[axis], shape[axis]] },
    },
  );
}
