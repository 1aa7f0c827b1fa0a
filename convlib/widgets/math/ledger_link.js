/** A network as StackLedger takes it, for a link that opens its table with the same rows. */

/**
 * StackLedger's settings for a network.
 *
 * @param {import("./modules.js").Module[]} modules
 * @param {number[]} input  (N, C, H, W)
 * @param {Record<string, string[]>} room  For each kind of row the settings that it has.
 * @returns {object | null}  null for what has no row, and for a shape that is no batch of images
 */
export function ledgerSettings(modules, input, room) {
  if (input.length !== 4) return null;
  if (modules.some(({ kind, refusal }) => refusal || !Object.hasOwn(room, kind))) return null;
  const [batch, in_channels, ...input_size] = input;
  const layers = modules.map((module) => rowOf(module, room[module.kind]));
  return { preset: null, layers, in_channels, input_size, batch };
}

function rowOf(module, names) {
  const kept = ["kind", "from", ...names].filter((name) => module[name] !== undefined);
  return Object.fromEntries(kept.map((name) => [name, module[name]]));
}
