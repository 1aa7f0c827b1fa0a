/** Questions on what a layer keeps: how large its first weights are, and what its state holds. */
import { range } from "../lists.js";
import { product } from "../modules/sizes.js";
import { english, t } from "../words.js";
import { layerCode, slip } from "./sizes.js";

const OWN_GROUP = english("An output reads the planes of its own group only.");

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
    ask: t("What is its fan-in: how many products does one output number add up?"),
    answer: [each * h * w],
    hint: t("Multiply all numbers of the weight's shape but the first."),
    working: [
      [t("planes of a filter"), `${a} / ${groups}`],
      [t("products"), `${each} × ${h} × ${w}`],
    ],
    slips: [
      slip([t("in_channels not divided by groups"), t(OWN_GROUP)], `${a} × ${h} × ${w}`),
      slip(
        [t("planes forgotten"), t("A filter has a kernel for each plane it reads.")],
        `${h} × ${w}`,
      ),
      slip(
        [t("out_channels for in_channels"), t("An output adds up what goes in.")],
        `${b} × ${h} × ${w}`,
      ),
      slip(
        [t("the whole weight"), t("One output has one filter.")],
        `${b} × ${each} × ${h} × ${w}`,
      ),
      slip(
        [t("the bias counted"), t("The bias is added, not multiplied.")],
        `${each} × ${h} × ${w} + 1`,
      ),
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
    ask: t("Its first weights lie between −1/n and 1/n. Which n?"),
    answer: [answer],
    hint: t("n · n is the fan-in: in_channels / groups · k_h · k_w."),
    working: [
      [t("fan-in"), `${a} / ${groups} × ${kernel_size.join(" × ")}`],
      [t("n · n is that, so n"), `${fan} / ${answer}`],
    ],
    slips: [
      slip(
        [t("the root forgotten"), t("The bound is one over the root of the fan-in.")],
        `${each} × ${kernel_size.join(" × ")}`,
      ),
      ...rooted([t("groups ignored"), t(OWN_GROUP)], a * taps),
      ...rooted(
        [t("the kernel alone"), t("Each plane that is read has a kernel of its own.")],
        taps,
      ),
      ...rooted(
        [t("out_channels for in_channels"), t("An output adds up what goes in.")],
        b * taps,
      ),
      slip([t("half of it"), t("A root is not a half.")], `${fan} / 2`),
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
    ask: t("How many arrays does its state_dict hold?"),
    answer: [counts.reduce((all, count) => all + count)],
    hint: t(
      "Conv2d: weight, and bias unless it is False. BatchNorm2d: weight, bias, running_mean, " +
        "running_var, num_batches_tracked. Settings are not in it.",
    ),
    working: [[t("layer by layer"), sum]],
    slips: [
      slip(
        [t("a bias for each Conv2d"), t("bias=False leaves it out.")],
        `${plain.length} × 2 + ${norms.length} × 5`,
      ),
      slip(
        [
          t("only what is learned"),
          t("BatchNorm2d also keeps what it has counted: three arrays more."),
        ],
        counts.map((count) => Math.min(count, 2)).join(" + "),
      ),
      slip(
        [t("one for each layer with weights"), t("Each array has its own name.")],
        `${plain.length} + ${norms.length}`,
      ),
      slip([t("one for each layer"), t("Each array has its own name.")], layers.length),
      slip([t("weights alone"), t("A bias is an array too.")], plain.length),
    ],
  };
}

export const layerState = [fanIn, entries, bound];
