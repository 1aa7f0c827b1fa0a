/**
 * What a picture of groups shows beside the wires: where its controls lead, what the layer costs,
 * and how high each channel stands.
 *
 * @typedef {Record<string, number[]>} Room  The values of each setting that the picture has room for.
 */
import { groupOf, groupsProblem, isDepthwise, macCount, secondLayer } from "./channels.js";
import { parameterCount, weightShape } from "./counts.js";
import { range } from "./lists.js";
import { moduleCode, sequentialCode } from "./torch_code.js";
import { english, t } from "./words.js";

const GAP = 0.4; // between two groups, in rows

/** What each slider shows, and what it asks for; the ratio of the channels may be no whole number. */
export const MOVES = {
  in_channels: { get: (layer) => layer.in_channels, at: moveInputs },
  out_channels: plain("out_channels"),
  groups: plain("groups"),
  multiplier: {
    label: english("multiplier"),
    get: (layer) => layer.out_channels / layer.in_channels,
    at: (layer, value) => ({ ...layer, out_channels: value * layer.in_channels }),
    most: 4,
  },
};

function plain(name) {
  return { get: (layer) => layer[name], at: (layer, value) => ({ ...layer, [name]: value }) };
}

/** A depthwise layer stays one when its channels change. */
function moveInputs(layer, value) {
  if (!isDepthwise(layer) || layer.groups === 1) return { ...layer, in_channels: value };
  const out_channels = (value * layer.out_channels) / layer.in_channels;
  return { ...layer, in_channels: value, out_channels, groups: value };
}

/** What a slider is called: PyTorch's name, or a word of ours. */
export const labelOf = (name) => ("label" in MOVES[name] ? t(MOVES[name].label) : name);

/** How far a slider goes. */
export const mostOf = (name, room) => MOVES[name].most ?? Math.max(...room[name]);

/**
 * Why a layer cannot be shown: PyTorch's reasons first, then the size of the picture.
 *
 * @param {Room} room
 * @returns {import("./arithmetic.js").Refusal | null}
 */
export function problem(layer, room) {
  const why = groupsProblem(layer);
  if (why) return why;
  for (const name of ["in_channels", "out_channels"]) {
    const most = mostOf(name, room);
    if (layer[name] > most) {
      const facts = { name, value: layer[name], most };
      return { rule: t("{name}={value}, but the picture has room for {most}", facts) };
    }
  }
  return null;
}

/** One group for each input channel, and a whole number of outputs for each group. */
export function depthwise(layer, room) {
  const { in_channels, out_channels } = layer;
  const most = Math.floor(mostOf("out_channels", room) / in_channels);
  const multiplier = Math.min(Math.max(Math.round(out_channels / in_channels), 1), most);
  return { ...layer, groups: in_channels, out_channels: multiplier * in_channels };
}

/** The layer as the counting functions take it. */
const counted = (layer) => ({
  ...layer,
  kernel_size: [layer.kernel_size, layer.kernel_size],
  bias: true,
});

/** The shape of the layer's weight. */
export const shapeOf = (layer) => weightShape(counted(layer));

/** Parameters and multiply-accumulates of a stack, with these groups. */
export function costs(layer, stack, groups = layer.groups) {
  const first = counted({ ...layer, groups });
  const layers = stack === "single" ? [first] : [first, secondLayer(first)];
  const total = (count) => layers.reduce((sum, each) => sum + count(each), 0);
  const parameters = total(parameterCount);
  const biases = total((each) => each.out_channels);
  return {
    shapes: layers.map(weightShape),
    weights: parameters - biases,
    biases,
    parameters,
    macs: total((each) => macCount(each, layer.input_size ** 2)),
  };
}

export function codeOf(layer, stack) {
  const { in_channels, out_channels, kernel_size, groups } = layer;
  const settings = { kernel_size, padding: (kernel_size - 1) / 2, groups };
  const conv = (channels) => moduleCode("Conv2d", [channels, out_channels], settings);
  const modules = [conv(in_channels)];
  if (stack === "shuffled") modules.push(moduleCode("ChannelShuffle", [groups]));
  if (stack !== "single") modules.push(conv(out_channels));
  return sequentialCode(modules);
}

/**
 * The height of every channel, counted in rows: a group's channels stand together, in the middle
 * of its band, in every column. `tops` are the heights at which the bands begin.
 */
export function placeRows(counts, groups) {
  const band = Math.max(...counts) / groups;
  const columns = counts.map((count) =>
    range(count).map((channel) => {
      const size = count / groups;
      const group = groupOf(channel, count, groups);
      return group * (band + GAP) + (band - size) / 2 + (channel % size) + 0.5;
    }),
  );
  const tops = range(groups).map((group) => group * (band + GAP));
  return { band, tops, columns, height: groups * band + (groups - 1) * GAP };
}
