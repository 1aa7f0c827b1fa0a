/** Backwards: which images a network takes, and what tiles of a large image need. Pure functions. */
import { fieldOf, filledIn, tableOf } from "./ledger.js";
import { isRefusal } from "./modules/refusal.js";
import { outputShape } from "./modules.js";
import { sources } from "./network.js";

/** Whether a network takes square images of a size. Numbers that follow from what comes in do. */
export function takes({ in_channels, batch = 1, layers }, size) {
  const image = [batch, in_channels, size, size];
  const outputs = [];
  for (const [row, layer] of layers.entries()) {
    const inputs = sources(layer, row).map((each) => (each < 0 ? image : outputs[each]));
    const output =
      layer.kind === "other" ? layer.output : outputShape(filledIn(layer, inputs[0]), inputs);
    if (!output || isRefusal(output)) return false;
    outputs.push(output);
  }
  return true;
}

/**
 * Which square images a network takes, among sizes up to `most`.
 *
 * @returns {{ smallest: number | null, rule: { step: number, rest: number } | null, sizes: number[] }}
 *   `rule`: from the smallest on, it takes every size that leaves `rest` when divided by `step`,
 *   and no other; null if no rule holds, or only one size fits.
 */
export function sizesOf(network, most = 256) {
  const sizes = [];
  for (let size = 1; size <= most; size++) if (takes(network, size)) sizes.push(size);
  if (sizes.length === 0) return { smallest: null, rule: null, sizes };
  const [smallest, next] = sizes;
  const step = next === undefined ? null : next - smallest;
  const steady = step !== null && sizes.every((size, index) => size === smallest + index * step);
  const isWhole = steady && smallest + sizes.length * step > most;
  return { smallest, rule: isWhole ? { step, rest: smallest % step } : null, sizes };
}

/**
 * Pixels that a tile needs around it, so that its outputs are those of the whole image: as far as
 * the field of an output reaches over the pixels that it stands for. null where it cannot be told.
 */
export function marginOf(network) {
  const rows = tableOf(network);
  const sides = [0, 1].map((axis) => {
    const found = rows.at(-1).refusal ? null : fieldOf(rows.at(-1), axis);
    if (!found || found.start === null) return null;
    const { period, fields, move } = rows.at(-1).fields[axis];
    const each = fields.map((field, output) => {
      const own = (output * move) / period;
      return Math.max(own - field[0][0], field.at(-1)[1] - (own + Math.max(move / period, 1) - 1));
    });
    return Math.ceil(Math.max(0, ...each));
  });
  return sides.includes(null) ? null : sides;
}
