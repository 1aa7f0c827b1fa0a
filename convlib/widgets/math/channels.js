/**
 * How channels are wired: which input channels an output channel reads, what that costs, and what
 * a channel shuffle does to it. Pure functions, no DOM.
 *
 * A layer's settings have PyTorch's names; kernel_size is a pair.
 */
import { weightShape } from "./counts.js";
import { range } from "./lists.js";
import { t } from "./words.js";

/** Why the channels do not split into groups, as PyTorch's constructor says it; null if they do. */
export function groupsProblem({ in_channels, out_channels, groups }) {
  if (groups < 1) {
    return {
      type: "ValueError",
      message: "groups must be a positive integer",
      rule: t("the channels form at least 1 group"),
    };
  }
  for (const [name, value] of Object.entries({ in_channels, out_channels })) {
    if (value % groups) {
      return {
        type: "ValueError",
        message: `${name} must be divisible by groups`,
        rule: t("{name}={value} does not split into {groups} equal groups", {
          name,
          value,
          groups,
        }),
      };
    }
  }
  return null;
}

/** Multiply-accumulates for one image: every weight once at each of its `places` in the image. */
export function macCount(layer, places) {
  return weightShape(layer).reduce((product, size) => product * size, places);
}

/** Whether every input channel forms a group of its own. */
export function isDepthwise({ in_channels, out_channels, groups }) {
  return groups === in_channels && out_channels % in_channels === 0;
}

/** The group that one of `channels` channels belongs to. */
export function groupOf(channel, channels, groups) {
  return Math.floor(channel / (channels / groups));
}

/** The input channels that an output channel reads, in the order of its kernels. */
export function inputsOf({ in_channels, out_channels, groups }, output) {
  const size = in_channels / groups;
  const first = groupOf(output, out_channels, groups) * size;
  return range(size).map((index) => first + index);
}

/** What stands where after `nn.ChannelShuffle(groups)`: one of each group in turn. */
export function shuffle(channels, groups) {
  const size = channels / groups;
  return range(channels).map((place) => (place % groups) * size + Math.floor(place / groups));
}

/** The second of two stacked layers: as the first, from its outputs to as many again. */
export function secondLayer(layer) {
  return { ...layer, in_channels: layer.out_channels };
}

/**
 * The columns of channels in a picture, from the input to the output, and the wires between them:
 * `wires[c]` holds [from, to] pairs of places in column c and column c + 1.
 *
 * @param {object} layer
 * @param {"single" | "stacked" | "shuffled"} stack
 */
export function wiring(layer, stack) {
  const wiresOf = (layer) =>
    range(layer.out_channels).flatMap((to) => inputsOf(layer, to).map((from) => [from, to]));
  const { in_channels, out_channels, groups } = layer;
  const counts = [in_channels, out_channels];
  const wires = [wiresOf(layer)];
  if (stack === "shuffled") {
    counts.push(out_channels);
    wires.push(shuffle(out_channels, groups).map((from, to) => [from, to]));
  }
  if (stack !== "single") {
    counts.push(out_channels);
    wires.push(wiresOf(secondLayer(layer)));
  }
  return { counts, wires };
}

/** The places in every column from which a path leads to, or comes from, one place. */
export function connected({ counts, wires }, column, place) {
  const reached = counts.map(() => new Set());
  reached[column].add(place);
  for (let c = column; c > 0; c--) {
    for (const [from, to] of wires[c - 1]) if (reached[c].has(to)) reached[c - 1].add(from);
  }
  for (let c = column; c < wires.length; c++) {
    for (const [from, to] of wires[c]) if (reached[c].has(from)) reached[c + 1].add(to);
  }
  return reached;
}
