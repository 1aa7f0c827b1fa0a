/** Questions on what a layer keeps: how large its first weights are, and what its state holds. */
import { range } from "../lists.js";
import { product } from "../modules/sizes.js";
import { layerCode, slip } from "./sizes.js";

const OWN_GROUP = "An output reads the planes of its own group only.";

// ---------------------------------------------------------------------------------- first weights

function drawLayer(random, hard) {
  const groups = random.pick([1, 1, 2, 4]);
  const height = random.pick([1, 3, 3, 5]);
  const layer = {
    in_channels: groups * random.pick([1, 2, 3, 4, 8, 9, 16]),
    out_channels: groups * random.pick([1, 2, 4, 8, 16]),
    kernel_size: [height, hard ? random.between(1, 7) : height],
    groups,
  };
  return { layer, each: layer.in_channels / groups };
}

function fanIn(random, hard) {
  const { layer, each } = drawLayer(random, hard);
  const { in_channels: a, out_channels: b, kernel_size, groups } = layer;
  const [h, w] = kernel_size;
  return {
    code: layerCode(layer),
    ask: "What is its fan-in: how many products does one output number add up?",
    answer: [each * h * w],
    hint: "Multiply all numbers of the weight's shape but the first.",
    working: [
      ["planes of a filter", `${a} / ${groups}`],
      ["products", `${each} × ${h} × ${w}`],
    ],
    slips: [
      slip(["in_channels not divided by groups", OWN_GROUP], `${a} × ${h} × ${w}`),
      slip(["planes forgotten", "A filter has a kernel for each plane it reads."], `${h} × ${w}`),
      slip(
        ["out_channels for in_channels", "An output adds up what goes in."],
        `${b} × ${h} × ${w}`,
      ),
      slip(["the whole weight", "One output has one filter."], `${b} × ${each} × ${h} × ${w}`),
      slip(["the bias counted", "The bias is added, not multiplied."], `${each} × ${h} × ${w} + 1`),
    ],
  };
}

/** A slip that ends in the root of `square`; none if that is no whole number. */
function rooted(why, square) {
  const root = Math.sqrt(square);
  return Number.isInteger(root) ? [slip(why, root)] : [];
}

function bound(random, hard) {
  const { layer, each } = drawLayer(random, hard);
  const { in_channels: a, out_channels: b, kernel_size, groups } = layer;
  const taps = product(kernel_size);
  const fan = each * taps;
  const answer = Math.sqrt(fan);
  if (!Number.isInteger(answer) || answer < 2) return null;
  return {
    code: layerCode(layer),
    ask: "Its first weights lie between −1/n and 1/n. Which n?",
    answer: [answer],
    hint: "n · n is the fan-in: in_channels / groups · k_h · k_w.",
    working: [
      ["fan-in", `${a} / ${groups} × ${kernel_size.join(" × ")}`],
      ["n · n is that, so n", `${fan} / ${answer}`],
    ],
    slips: [
      slip(
        ["the root forgotten", "The bound is one over the root of the fan-in."],
        `${each} × ${kernel_size.join(" × ")}`,
      ),
      ...rooted(["groups ignored", OWN_GROUP], a * taps),
      ...rooted(["the kernel alone", "Each plane that is read has a kernel of its own."], taps),
      ...rooted(["out_channels for in_channels", "An output adds up what goes in."], b * taps),
      slip(["half of it", "A root is not a half."], `${fan} / 2`),
    ],
  };
}

// ---------------------------------------------------------------------------------- state_dict

/** Layers with the number of arrays that each keeps. */
function drawStack(random) {
  const planes = random.pick([4, 8, 16]);
  const block = (given) => {
    const bias = random.pick([true, false]);
    const layer = { in_channels: given, out_channels: planes, kernel_size: [3, 3], bias };
    return [
      { code: layerCode(layer), arrays: bias ? 2 : 1, isPlain: true },
      ...(random.pick([true, false]) ? [{ code: `BatchNorm2d(${planes})`, arrays: 5 }] : []),
      { code: "ReLU()", arrays: 0 },
    ];
  };
  return range(random.between(1, 3)).flatMap((index) => block(index === 0 ? 3 : planes));
}

function entries(random) {
  const layers = drawStack(random);
  const norms = layers.filter(({ arrays }) => arrays === 5);
  const plain = layers.filter(({ isPlain }) => isPlain);
  const counts = layers.map(({ arrays }) => arrays);
  const sum = counts.join(" + ");
  return {
    code: ["Sequential(", ...layers.map(({ code }) => `  ${code},`), ")"].join("\n"),
    ask: "How many arrays does its state_dict hold?",
    answer: [counts.reduce((all, count) => all + count)],
    hint:
      "Conv2d: weight, and bias unless it is False. BatchNorm2d: weight, bias, running_mean, " +
      "running_var, num_batches_tracked. Settings are not in it.",
    working: [["layer by layer", sum]],
    slips: [
      slip(
        ["a bias for each Conv2d", "bias=False leaves it out."],
        `${plain.length} × 2 + ${norms.length} × 5`,
      ),
      slip(
        ["only what is learned", "BatchNorm2d also keeps what it has counted: three arrays more."],
        counts.map((count) => Math.min(count, 2)).join(" + "),
      ),
      slip(
        ["one for each layer with weights", "Each array has its own name."],
        `${plain.length} + ${norms.length}`,
      ),
      slip(["one for each layer", "Each array has its own name."], layers.length),
      slip(["weights alone", "A bias is an array too."], plain.length),
    ],
  };
}

export const layerState = [fanIn, entries, bound];
