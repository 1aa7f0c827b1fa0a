/** The shape that goes in, where the text does not say it: one that the modules take. */
import { isRefusal } from "../modules/refusal.js";
import { MODULES } from "../modules.js";
import { trace } from "../network.js";

/** Sides of a square picture, in the order in which they are tried: the usual ones first. */
const SIDES = [
  224, 32, 28, 64, 96, 128, 256, 299, 227, 512, 84, 105, 112, 416, 640, 56, 16, 8, 4, 1,
];
const FEW_CHANNELS = 4; // up to so many, a layer sees a picture: it is large
const INNER_SIDE = 56; // of the maps between layers

/** The number of channels or features that a module was made for; null if it takes any. */
export const wanted = ({ in_channels, num_features, num_channels, in_features }) =>
  in_channels ?? num_features ?? num_channels ?? in_features ?? null;

/** Fill the channels that a short form leaves open with those that the first module wants. */
export function fillChannels(shape, modules) {
  const channels = modules.map(wanted).find((count) => count !== null) ?? 3;
  return shape.map((size) => size ?? channels);
}

/**
 * A shape to begin with, the first that goes through all modules.
 *
 * @param {import("../modules.js").Module[]} modules
 * @returns {number[]}
 */
export function startShape(modules) {
  const first = modules.find((module) => wanted(module) !== null);
  const channels = first ? wanted(first) : 3;
  if (first && "in_features" in first && modules.indexOf(first) === 0) return [1, channels];
  const usual = channels <= FEW_CHANNELS ? SIDES : [INNER_SIDE, ...SIDES];
  const shapes = usual.map((side) => [1, channels, side, side]);
  return shapes.find((shape) => passes(modules, shape)) ?? shapes[0];
}

function passes(modules, shape) {
  if (modules.some(({ kind, refusal }) => refusal || !(kind in MODULES))) return false;
  return trace(modules, shape).every((row) => !row.refusal && !isRefusal(row.output));
}
