/** What is picked in a picture of channels, what that lights, and what there is to say about it. */
import { connected, inputsOf, isDepthwise } from "./channels.js";

/**
 * The pick, moved to the nearest thing that the picture has.
 *
 * @param {[string, ...number[]]} picked  "input", "hidden" or "output" and a channel; or "weight",
 *   an output, and the number of one of its kernels.
 */
export function fitPick(picked, layer, stack) {
  let [kind, ...at] = picked;
  if (kind === (stack === "single" ? "hidden" : "weight")) [kind, at] = ["output", at.slice(0, 1)];
  const ends =
    kind === "input"
      ? [layer.in_channels]
      : kind === "output" || kind === "hidden"
        ? [layer.out_channels]
        : [layer.out_channels, layer.in_channels / layer.groups];
  return [kind, ...at.map((index, axis) => Math.min(index, ends[axis] - 1))];
}

/** For each column the places to light. */
export function litPlaces(graph, layer, [kind, first, second]) {
  const last = graph.counts.length - 1;
  if (kind === "weight") return [new Set([inputsOf(layer, first)[second]]), new Set([first])];
  return connected(graph, { input: 0, hidden: 1, output: last }[kind], first);
}

const list = (numbers) => {
  const all = [...numbers].sort((a, b) => a - b);
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
};
const counting = (numbers, noun) => `${noun}${numbers.size === 1 ? "" : "s"} ${list(numbers)}`;

/** What the picture says, in sentences. */
export function story(layer, stack, [kind, first, second], graph) {
  const { in_channels, out_channels, groups } = layer;
  const lit = litPlaces(graph, layer, [kind, first, second]);
  const from = lit[0];
  const to = lit.at(-1);
  const sentences = [];
  if (kind === "weight") {
    const input = inputsOf(layer, first)[second];
    sentences.push(
      `weight[${first}, ${second}] is the kernel from input ${input} to output ${first}.`,
    );
  } else if (kind === "input") {
    sentences.push(
      `Input ${first} reaches ${counting(to, "output")}: ` + `${to.size} of ${out_channels}.`,
    );
  } else if (kind === "hidden") {
    sentences.push(
      `Hidden ${first} reads ${counting(from, "input")} and reaches ` +
        `${counting(to, "output")}.`,
    );
  } else {
    sentences.push(
      `Output ${first} ${stack === "single" ? "reads" : "sees"} ` +
        `${counting(from, "input")}: ${from.size} of ${in_channels}.`,
    );
  }
  if (stack === "single") {
    if (groups === 1) sentences.push("One group: every output reads every input.");
    else if (isDepthwise(layer)) {
      sentences.push(
        `Depthwise: each input has ${out_channels / in_channels} kernel` +
          `${out_channels === in_channels ? "" : "s"} of its own, and no output mixes two inputs.`,
      );
    } else
      sentences.push(`${groups} groups: 1/${groups} of the wires, so 1/${groups} of the weights.`);
    return sentences;
  }
  const seen = connected(graph, graph.counts.length - 1, 0)[0].size;
  if (groups === 1) sentences.push("One group: every output sees every input.");
  else if (stack === "stacked") {
    sentences.push(`Two layers with the same groups never mix: they are ${groups} separate nets.`);
  } else if (seen === in_channels) {
    sentences.push("The shuffle mends it: every output sees every input.");
  } else if (out_channels === groups) {
    sentences.push(
      "With one channel in each group there is nothing to shuffle: nothing mixes. " +
        "A 1 × 1 layer with groups=1 mends it.",
    );
  } else {
    sentences.push(
      `The shuffle helps: each output sees ${seen / (in_channels / groups)} of ` +
        `${groups} groups. It needs ${groups} channels in each group to reach them all.`,
    );
  }
  return sentences;
}
