/**
 * What one output of a network sees of its image, along one axis. Sets of pixels are runs: lists of
 * [first, last], rising and apart. Pure functions, no DOM.
 *
 * @typedef {[number, number][]} Runs
 *
 * @typedef {object} Step  How one row of a network reads the row before, along one axis.
 * @property {"window" | "spread" | "same" | "adaptive" | "all" | "one" | "unknown"} type  A window
 *   slides; a spread is a window turned round, as in a transposed convolution; an adaptive window
 *   fits its place; all reads the whole axis, one its only position.
 * @property {number} [kernel]
 * @property {number} [stride]
 * @property {number} [dilation]
 * @property {number} [before]  Padding in front.
 * @property {string} [mode]  What stands in the padding.
 */
import { range } from "./lists.js";
import { pair } from "./modules/sizes.js";

const SAME = { type: "same" };
const UNKNOWN = { type: "unknown" };
const MOST_KINDS = 4096; // outputs of a row that see different things

// ---------------------------------------------------------------------------------- sets of pixels

/** Bring runs into order, and join those that touch. */
export function united(runs) {
  if (runs.length < 2) return runs;
  const found = [];
  for (const [first, last] of runs.toSorted((a, b) => a[0] - b[0])) {
    const open = found.at(-1);
    if (open && first <= open[1] + 1) open[1] = Math.max(open[1], last);
    else found.push([first, last]);
  }
  return found;
}

const moved = (runs, by) => runs.map(([first, last]) => [first + by, last + by]);

/** What of the runs lies within 0 to size - 1. */
export const within = (runs, size) =>
  runs
    .map(([first, last]) => [Math.max(first, 0), Math.min(last, size - 1)])
    .filter(([first, last]) => first <= last);

/** Number of pixels in all runs. */
export const countOf = (runs) => runs.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** Pixels from the first to the last. */
export const span = (runs) => (runs.length ? runs.at(-1)[1] - runs[0][0] + 1 : 0);

// ---------------------------------------------------------------------------------- one row

const windowStep = (kernel, stride = 1, before = 0, dilation = 1, mode = "zeros") => ({
  type: "window",
  kernel,
  stride,
  before,
  dilation,
  mode,
});
const spreadStep = (kernel, stride, before = 0, dilation = 1) => ({
  type: "spread",
  kernel,
  stride,
  before,
  dilation,
});

/** Padding in front of an axis. */
function paddingBefore({ padding, kernel_size, dilation }, axis) {
  if (padding === "valid") return 0;
  if (padding !== "same") return pair(padding)[axis];
  return Math.floor((pair(dilation)[axis] * (pair(kernel_size)[axis] - 1)) / 2);
}

const STEPS = {
  Conv2d: (module, axis) =>
    windowStep(
      pair(module.kernel_size)[axis],
      pair(module.stride)[axis],
      paddingBefore(module, axis),
      pair(module.dilation)[axis],
      module.padding_mode,
    ),
  ConvTranspose2d: (module, axis) =>
    spreadStep(
      pair(module.kernel_size)[axis],
      pair(module.stride)[axis],
      pair(module.padding)[axis],
      pair(module.dilation)[axis],
    ),
  MaxPool2d: pool,
  AvgPool2d: pool,
  AdaptiveAvgPool2d: adaptive,
  AdaptiveMaxPool2d: adaptive,
  ZeroPad2d: sides,
  ConstantPad2d: sides,
  ReflectionPad2d: (module, axis) => ({ ...sides(module, axis), mode: "reflect" }),
  ReplicationPad2d: (module, axis) => ({ ...sides(module, axis), mode: "replicate" }),
  CircularPad2d: (module, axis) => ({ ...sides(module, axis), mode: "circular" }),
  Upsample: upsampled,
  UpsamplingNearest2d: upsampled,
  UpsamplingBilinear2d: upsampled,
  PixelShuffle: ({ upscale_factor: factor }) => spreadStep(factor, factor),
  PixelUnshuffle: ({ downscale_factor: factor }) => windowStep(factor, factor),
  InstanceNorm2d: whole,
  GroupNorm: whole,
  LayerNorm: whole,
  other: ({ pointwise }) => (pointwise ? SAME : UNKNOWN),
};

function pool(module, axis) {
  const [kernel, stride] = [module.kernel_size, module.stride].map((size) => pair(size)[axis]);
  return windowStep(kernel, stride, pair(module.padding)[axis], pair(module.dilation ?? 1)[axis]);
}

/** The windows of an adaptive pooling are alike only where they divide the input. */
function adaptive(_module, _axis, size, after) {
  if (after > 0 && size % after === 0) return windowStep(size / after, size / after);
  return { type: "adaptive", size, after };
}

function sides({ padding }, axis) {
  const [left, , top] = Array.isArray(padding) ? padding : [padding, padding, padding];
  return windowStep(1, 1, axis === 0 ? top : left);
}

/** Every output reads all of the axis. */
function whole(_module, _axis, size, after) {
  return after === 1 ? windowStep(size, size) : { type: "all", size };
}

/** Nearest repeats a pixel; bilinear is a transposed convolution with a triangle as its kernel. */
function upsampled({ kind, mode = "nearest", align_corners }, _axis, size, after) {
  const factor = after / size;
  const isSmooth = mode === "bilinear" || kind === "UpsamplingBilinear2d";
  if (!Number.isInteger(factor)) return UNKNOWN;
  if (!isSmooth) return mode.startsWith("nearest") ? spreadStep(factor, factor) : UNKNOWN;
  if (align_corners || kind === "UpsamplingBilinear2d") return UNKNOWN;
  return spreadStep(2 * factor - (factor % 2), factor, Math.floor(factor / 2));
}

/**
 * How a row reads its input along an axis: 0 is the height, 1 the width.
 *
 * @param {object} module  With all its settings.
 * @param {number[]} input  The shape that it reads.
 * @param {number[]} output
 * @returns {Step}
 */
export function stepOf(module, input, output, axis) {
  const isImage = (shape) => shape.length >= 4;
  if (!isImage(input)) return SAME;
  const size = input.at(axis - 2);
  if (!isImage(output)) return windowStep(size, size); // Flatten, mean: all positions at once
  const after = output.at(axis - 2);
  if (module.kind === "mean") return after === 1 ? windowStep(size, size) : SAME;
  if (size === 1 && after > 1 && ["add", "mul"].includes(module.kind)) return { type: "one" };
  return STEPS[module.kind]?.(module, axis, size, after) ?? SAME;
}

/** The input positions that a set of output positions reads, as if the input had no end. */
export function reads(step, runs) {
  const exact = EXACT[step.type];
  if (exact) return exact(step, runs);
  const taps = range(step.kernel);
  const found =
    step.type === "window"
      ? runs.flatMap((run) => windowReads(step, taps, run))
      : runs.flatMap((run) => spreadReads(step, taps, run));
  return united(found);
}

const EXACT = {
  same: (_step, runs) => runs,
  one: (_step, runs) => (runs.length ? [[0, 0]] : []),
  all: ({ size }, runs) => (runs.length ? [[0, size - 1]] : []),
  adaptive: ({ size, after }, runs) =>
    united(
      within(runs, after).map(([first, last]) => [
        Math.floor((first * size) / after),
        Math.ceil(((last + 1) * size) / after) - 1,
      ]),
    ),
};

function windowReads({ kernel, stride, before, dilation }, taps, [first, last]) {
  const start = first * stride - before;
  if (dilation === 1 && (stride <= kernel || first === last)) {
    return kernel ? [[start, last * stride - before + kernel - 1]] : [];
  }
  if (stride === 1) {
    return taps.map((tap) => [start + tap * dilation, last - before + tap * dilation]);
  }
  return range(last - first + 1).flatMap((place) =>
    taps.map((tap) => {
      const position = start + place * stride + tap * dilation;
      return [position, position];
    }),
  );
}

function spreadReads({ stride, before, dilation }, taps, [first, last]) {
  return taps
    .map((tap) => before - tap * dilation)
    .map((by) => [Math.ceil((first + by) / stride), Math.floor((last + by) / stride)])
    .filter(([low, high]) => low <= high);
}

/** Where positions in a padding come from: nowhere, or from a copied pixel. */
export function landed(step, runs, size) {
  const inside = within(runs, size);
  const mode = step.mode ?? "zeros";
  if (mode === "zeros" || countOf(inside) === countOf(runs)) return inside;
  const outside = runs
    .flatMap(([first, last]) => range(last - first + 1).map((place) => first + place))
    .filter((position) => position < 0 || position >= size);
  const copied = outside.map((position) => sourceOf(mode, position, size));
  return united([...inside, ...copied.map((position) => [position, position])]);
}

function sourceOf(mode, position, size) {
  if (mode === "reflect") return position < 0 ? -position : 2 * (size - 1) - position;
  if (mode === "replicate") return position < 0 ? 0 : size - 1;
  return (position + size) % size;
}

// ---------------------------------------------------------------------------------- all rows

/**
 * What the outputs of a row see of an endless image: they repeat, and output o + period sees what
 * output o sees, `move` pixels further on. After plain layers the period is 1; a transposed layer
 * of stride s has s kinds of outputs.
 *
 * @typedef {{ period: number, move: number, fields: Runs[] }} Fields
 */

/** The fields of the image itself: each pixel sees itself. */
export const IMAGE = { period: 1, move: 1, fields: [[[0, 0]]] };

const divisor = (a, b) => (b === 0 ? a : divisor(b, a % b));

/** What an output of a row sees. */
function fieldAt({ period, move, fields }, position) {
  const turn = Math.floor(position / period);
  return moved(fields[position - turn * period], turn * move);
}

/**
 * The fields of a row, from those of the row it reads; null where they cannot be told.
 *
 * @param {Step} step
 * @param {Fields | null} before
 * @returns {Fields | null}
 */
export function fieldsAfter(step, before) {
  if (before && step.type === "same") return before;
  if (!before || !["window", "spread"].includes(step.type)) return null;
  const { period, move } = before;
  const spreads = step.type === "spread";
  const next = spreads ? period * step.stride : period / divisor(period, step.stride);
  if (next > MOST_KINDS) return null;
  const steps = spreads ? next / step.stride : next * step.stride;
  return {
    period: next,
    move: (move * steps) / period,
    fields: range(next).map((output) => united(fieldsOf(before, reads(step, [[output, output]])))),
  };
}

function fieldsOf(before, runs) {
  return runs.flatMap(([first, last]) => {
    if (before.period === 1) return sweep(before, first, last);
    return range(last - first + 1).flatMap((place) => fieldAt(before, first + place));
  });
}

/** The fields of neighbours that are alike: one run moves over the image. */
function sweep(before, first, last) {
  const field = before.fields[0];
  const isSolid = field.length === 1 && span(field) >= before.move;
  if (!isSolid) return range(last - first + 1).flatMap((place) => fieldAt(before, first + place));
  return [[field[0][0] + first * before.move, field[0][1] + last * before.move]];
}

/** The fields of a join: what any of its paths sees. Their outputs must be equally far apart. */
export function fieldsJoined(all) {
  const [first, ...others] = all;
  return others.reduce((one, other) => {
    if (!one || !other || one.move * other.period !== other.move * one.period) return null;
    const period = (one.period * other.period) / divisor(one.period, other.period);
    if (period > MOST_KINDS) return null;
    return {
      period,
      move: (one.move * period) / one.period,
      fields: range(period).map((output) =>
        united([...fieldAt(one, output), ...fieldAt(other, output)]),
      ),
    };
  }, first);
}
