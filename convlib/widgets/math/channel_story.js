/** What is picked in a picture of channels, what that lights, and what there is to say about it. */
import { connected, inputsOf, isDepthwise } from "./channels.js";
import { inWords } from "./text.js";
import { plural, t } from "./words.js";

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
    const weight = `weight[${first}, ${second}]`;
    const facts = { weight, input, output: first };
    return t("{weight} is the kernel from input {input} to output {output}.", facts);
  }
  const [inputs, outputs] = [namedInputs(from), namedOutputs(to)];
  if (kind === "input") {
    const facts = { input: first, outputs, count: to.size, all: layer.out_channels };
    return t("Input {input} reaches {outputs}: {count} of {all}.", facts);
  }
  if (kind === "hidden") {
    const facts = { hidden: first, inputs, outputs };
    return t("Hidden {hidden} reads {inputs} and reaches {outputs}.", facts);
  }
  const facts = { output: first, inputs, count: from.size, all: layer.in_channels };
  return stack === "single"
    ? t("Output {output} reads {inputs}: {count} of {all}.", facts)
    : t("Output {output} sees {inputs}: {count} of {all}.", facts);
}

const inOrder = (numbers) => inWords([...numbers].sort((a, b) => a - b));
const namedInputs = (numbers) =>
  plural("input {inputs}", "inputs {inputs}", numbers.size, { inputs: inOrder(numbers) });
const namedOutputs = (numbers) =>
  plural("output {outputs}", "outputs {outputs}", numbers.size, { outputs: inOrder(numbers) });

function layerSentence(layer) {
  const { in_channels, out_channels, groups } = layer;
  if (groups === 1) return t("One group: every output reads every input.");
  if (!isDepthwise(layer)) {
    return t("{groups} groups: 1/{groups} of the wires, so 1/{groups} of the weights.", { groups });
  }
  return plural(
    "Depthwise: each input has {count} kernel of its own, and no output mixes two inputs.",
    "Depthwise: each input has {count} kernels of its own, and no output mixes two inputs.",
    out_channels / in_channels,
  );
}

function stackSentence({ in_channels, out_channels, groups }, stack, graph) {
  if (groups === 1) return t("One group: every output sees every input.");
  if (stack === "stacked") {
    return t("Two layers with the same groups never mix: they are {groups} separate nets.", {
      groups,
    });
  }
  const seen = connected(graph, graph.counts.length - 1, 0)[0].size;
  if (seen === in_channels) return t("The shuffle mends it: every output sees every input.");
  if (out_channels === groups) {
    return t(
      "With one channel in each group there is nothing to shuffle: nothing mixes. " +
        "A 1 × 1 layer with groups=1 mends it.",
    );
  }
  return t(
    "The shuffle helps: each output sees {count} of {groups} groups. " +
      "It needs {groups} channels in each group to reach them all.",
    { count: seen / (in_channels / groups), groups },
  );
}
