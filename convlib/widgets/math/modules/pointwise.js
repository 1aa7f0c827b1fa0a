/** Activations and dropout: the shape stays; what they refuse. */
import { t } from "../words.js";
import { dimensionProblem, wrapped } from "./dimensions.js";
import { atConstruction, refusal, runtime } from "./refusal.js";

export const sameShape = (_module, [shape]) => shape;

export function dropoutConstruction({ p }) {
  if (p >= 0 && p <= 1) return null;
  return atConstruction(
    "ValueError",
    "probability",
    `dropout probability has to be between 0 and 1, but got ${p}`,
    { why: t("a probability is between 0 and 1"), facts: { p } },
  );
}

export function featureDropoutShape({ p, training = false }, [shape]) {
  if (!training || p === 0 || shape.length >= 2) return shape;
  return runtime("input rank", "Feature dropout requires at least 2 dimensions in the input", {
    why: t("whole channels are dropped"),
    facts: { input: shape },
  });
}

export function preluShape({ num_parameters }, [shape]) {
  const channels = shape.length > 1 ? shape[1] : 1;
  if (num_parameters === 1 || num_parameters === channels) return shape;
  return runtime(
    "features",
    "Mismatch of parameter numbers and input channel size. Found parameter numbers = " +
      `${num_parameters} and channel size = ${channels}.`,
    {
      why: t("one slope, or one for each of the {channels} channels", { channels }),
      facts: { num_parameters, channels },
      needs: { num_parameters: channels },
    },
  );
}

export const softmaxShape = ({ dim }, [shape]) =>
  (dim === null ? null : dimensionProblem(dim, shape.length)) ?? shape;

export function softmax2dShape(_module, [shape]) {
  if (shape.length === 3 || shape.length === 4) return shape;
  return refusal(
    "ValueError",
    "input rank",
    `Softmax2d: expected input to be 3D or 4D, got ${shape.length}D instead`,
    { why: t("the input is (N, C, H, W) or (C, H, W)"), facts: { input: shape } },
  );
}

export function gluShape({ dim }, [shape]) {
  const why = dimensionProblem(dim, shape.length);
  if (why) return why;
  const axis = wrapped(dim, shape.length);
  if (shape[axis] % 2) {
    return runtime(
      "glu",
      `Halving dimension must be even, but dimension ${axis} is size ${shape[axis]}`,
      { why: t("one half opens and closes the other"), facts: { size: shape[axis] } },
    );
  }
  return shape.with(axis, shape[axis] / 2);
}
