/** Layers near one that PyTorch refuses to make, so that a mend has the reader's own numbers. */
import { range } from "./lists.js";

const MOST = 65_536; // channels

/**
 * Two layers whose channels split: one with the next larger numbers of channels, and one with the
 * next smaller number of groups.
 *
 * @param {import("./modules.js").Module} module  With channels that do not split into its groups.
 * @returns {import("./modules.js").Module[]}  None, if the module's numbers are no such channels.
 */
export function layersThatSplit(module) {
  const names = ["in_channels", "out_channels"];
  const channels = names.map((name) => module[name]);
  const { groups } = module;
  const isPossible = (number) => Number.isInteger(number) && number > 0 && number <= MOST;
  if (![...channels, groups].every(isPossible)) return [];
  const filled = channels.map((count) => Math.ceil(count / groups) * groups);
  const more = Object.fromEntries(names.map((name, index) => [name, filled[index]]));
  const divides = (number) => channels.every((count) => count % number === 0);
  const fewer = range(groups)
    .map((index) => groups - index)
    .find(divides);
  return [
    { ...module, ...more },
    { ...module, groups: fewer },
  ];
}
