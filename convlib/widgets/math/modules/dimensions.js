/** A dimension that is counted from either end, as PyTorch checks it. */
import { plural } from "../words.js";
import { refusal } from "./refusal.js";

/** The refusal of a dimension that a shape does not have; null if it has it. */
export function dimensionProblem(dim, rank) {
  const most = Math.max(rank, 1);
  if (dim >= -most && dim < most) return null;
  return refusal(
    "IndexError",
    "dimension",
    `Dimension out of range (expected to be in range of [${-most}, ${most - 1}], but got ${dim})`,
    {
      why: plural(
        "the input has {rank} dimension, so there is no dimension {dim}",
        "the input has {rank} dimensions, so there is no dimension {dim}",
        rank,
        { rank, dim },
      ),
      facts: { dim, rank },
    },
  );
}

/** The dimension counted from the start. */
export const wrapped = (dim, rank) => (dim < 0 ? dim + rank : dim);
