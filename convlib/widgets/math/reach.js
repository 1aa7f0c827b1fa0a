/**
 * What one output of a stack of dilated layers sees, along one axis. All layers have the same
 * kernel, stride 1 and no padding; `dilations` runs from the layer at the input to the last.
 */
import { receptiveField } from "./counts.js";
import { range } from "./lists.js";

/**
 * The positions that one output depends on, level by level: first the output itself, last the
 * input. Position 0 is the first input pixel of the receptive field, so every level has the same
 * coordinates. Each level maps a position to the number of paths from the output to it.
 *
 * @param {number} kernel
 * @param {number[]} dilations
 * @returns {Map<number, number>[]}
 */
export function levels(kernel, dilations) {
  const total = dilations.reduce((sum, dilation) => sum + dilation, 0);
  // Half of what lies before the centre may be half a position: for an even kernel a level's
  // positions stand between those of the next.
  const found = [new Map([[((kernel - 1) * total) / 2, 1]])];
  for (const dilation of dilations.toReversed()) {
    const below = new Map();
    for (const [position, paths] of found.at(-1)) {
      for (const next of taps(position, kernel, dilation)) {
        below.set(next, (below.get(next) ?? 0) + paths);
      }
    }
    found.push(below);
  }
  return found;
}

/** Where the taps of a window centred on a position stand. */
export function taps(centre, kernel, dilation) {
  const first = centre - (dilation * (kernel - 1)) / 2;
  return range(kernel).map((tap) => first + tap * dilation);
}

/** Pixels from the first to the last that one output sees: the receptive field. */
export function fieldSize(kernel, dilations) {
  return receptiveField(dilations.map((dilation) => ({ kernel, stride: 1, dilation }))).size;
}

/** Paths from one output to each pixel of its receptive field; 0 for a pixel it steps over. */
export function pathCounts(kernel, dilations) {
  const input = levels(kernel, dilations).at(-1);
  return range(fieldSize(kernel, dilations)).map((position) => input.get(position) ?? 0);
}
