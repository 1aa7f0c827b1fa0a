/**
 * What one output of a stack of dilated layers sees, along one axis. All layers have the same
 * kernel, stride 1 and no padding; `dilations` runs from the layer at the input to the last.
 *
 * @typedef {object} Room  What the picture has room for.
 * @property {number} most_layers
 * @property {number} most_field  Pixels that the whole stack may span.
 */
import { receptiveField } from "./counts.js";
import { addUp, range } from "./lists.js";
import { t } from "./words.js";

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
  const total = addUp(dilations);
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
function pathCounts(kernel, dilations) {
  const input = levels(kernel, dilations).at(-1);
  return range(fieldSize(kernel, dilations)).map((position) => input.get(position) ?? 0);
}

/** What one output sees along one axis, and in all. */
export function coverage(kernel, dilations) {
  const counts = pathCounts(kernel, dilations);
  const touched = counts.filter((count) => count > 0).length ** 2;
  return { counts, touched, all: counts.length ** 2 };
}

/**
 * Why the picture cannot show these settings, or null.
 *
 * @param {Room} room
 * @returns {import("./arithmetic.js").Refusal | null}
 */
export function forbids({ kernel_size, dilations }, { most_layers, most_field }) {
  const layers = dilations.length;
  const field = fieldSize(kernel_size, dilations);
  const facts = { layers, most_layers, field, most_field };
  if (layers === 0) return { rule: t("a stack has at least one layer") };
  if (layers > most_layers) {
    return {
      rule: t("there would be {layers} layers, but the picture has room for {most_layers}", facts),
    };
  }
  if (field > most_field) {
    return {
      rule: t(
        "the receptive field would be {field} pixels, but the picture has room for {most_field}",
        facts,
      ),
    };
  }
  return null;
}

/**
 * The stack from the side, from the output down: on each level the positions that count, and the
 * wires [from, to] that lead from them to the next level.
 */
export function sideView(kernel, dilations) {
  const found = levels(kernel, dilations);
  return found.slice(0, -1).map((level, index) => {
    const dilation = dilations.at(-1 - index);
    const positions = [...level.keys()];
    const wires = positions.flatMap((from) => taps(from, kernel, dilation).map((to) => [from, to]));
    return { dilation, positions, wires };
  });
}
