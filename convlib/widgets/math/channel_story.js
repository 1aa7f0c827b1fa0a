/** What is picked in a picture of channels, what that lights, and what there is to say about it. */
import { connected, inputsOf, isDepthwise } from "./channels.js";
import { inWords } from "./text.js";

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

const list = (numbers) => inWords([...numbers].sort((a, b) => a - b));
const counting = (numbers, noun) => `${noun}${numbers.size === 1 ? "" : "s"} ${list(numbers)}`;

/** What the picture says, in sentences. */
export function story(layer, stack, picked, graph) {
  const about = stack === "single" ? layerSentence(layer) : stackSentence(layer, stack, graph);
  return [pickedSentence(layer, stack, picked, graph), about];
}

function pickedSentence(layer, stack, [kind, first, second], graph) {
  const lit = litPlaces(graph, layer, [kind, first, second]);
  const [from, to] = [lit[0], lit.at(-1)];
  if (kind === "weight") {
    const input = inputsOf(layer, first)[second];
    return `weight[${first}, ${second}] is the kernel from input ${input} to output ${first}.`;
  }
  if (kind === "input") {
    const reached = `${counting(to, "output")}: ${to.size} of ${layer.out_channels}`;
    return `Input ${first} reaches ${reached}.`;
  }
  const inputs = counting(from, "input");
  if (kind === "hidden") {
    return `Hidden ${first} reads ${inputs} and reaches ${counting(to, "output")}.`;
  }
  const verb = stack === "single" ? "reads" : "sees";
  return `Output ${first} ${verb} ${inputs}: ${from.size} of ${layer.in_channels}.`;
}

function layerSentence(layer) {
  const { in_channels, out_channels, groups } = layer;
  if (groups === 1) return "One group: every output reads every input.";
  if (!isDepthwise(layer)) {
    return `${groups} groups: 1/${groups} of the wires, so 1/${groups} of the weights.`;
  }
  return (
    `Depthwise: each input has ${out_channels / in_channels} kernel` +
    `${out_channels === in_channels ? "" : "s"} of its own, and no output mixes two inputs.`
  );
}

function stackSentence({ in_channels, out_channels, groups }, stack, graph) {
  if (groups === 1) return "One group: every output sees every input.";
  if (stack === "stacked") {
    return `Two layers with the same groups never mix: they are ${groups} separate nets.`;
  }
  const seen = connected(graph, graph.counts.length - 1, 0)[0].size;
  if (seen === in_channels) return "The shuffle mends it: every output sees every input.";
  if (out_channels === groups) {
    return (
      "With one channel in each group there is nothing to shuffle: nothing mixes. " +
      "A 1 × 1 layer with groups=1 mends it."
    );
  }
  return (
    `The shuffle helps: each output sees ${seen / (in_channels / groups)} of ` +
    `${groups} groups. It needs ${groups} channels in each group to reach them all.`
  );
}
