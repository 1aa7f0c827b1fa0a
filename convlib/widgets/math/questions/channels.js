/** Questions on channels, weights and groups, in the manner of size_questions.js. */
import { groupOf, inputsOf } from "../channels.js";
import { parameterCount, weightShape } from "../counts.js";
import { range } from "../lists.js";
import { evaluate, term } from "../sums.js";
import { english, t } from "../words.js";
import { layerCode, SWAPPED, slip, told } from "./sizes.js";

const OWN_GROUP = [
  english("in_channels not divided by groups"),
  english("A filter reads the planes of its own group only."),
];
const ALL_FILTERS = english("The filters of all groups are stored.");
const ONE_GROUP = [english("all input planes"), english("So it is with groups=1 only.")];

// ---------------------------------------------------------------------------------- weights

function drawLayer(random, hard) {
  const groups = random.pick([1, 1, 2, 4, 8]);
  const kernel = random.pick([1, 3, 3, 5, 7]);
  return {
    in_channels: groups * random.pick([1, 2, 3, 4, 8]),
    out_channels: groups * random.pick([1, 2, 4, 8, 16]),
    kernel_size: [kernel, hard ? random.pick([1, 3, 5, kernel]) : kernel],
    groups,
  };
}

function shape(random, hard) {
  const layer = drawLayer(random, hard);
  const {
    in_channels: a,
    out_channels: b,
    kernel_size: [h, w],
    groups,
  } = layer;
  return {
    code: layerCode(layer),
    ask: t("What is the shape of its weight?"),
    answer: weightShape(layer),
    hint: t("(out_channels, in_channels / groups, k_h, k_w)"),
    working: [
      [t("filters"), t("{count}, one for each output plane", { count: b })],
      [t("planes of a filter"), `${a} / ${groups}`],
      [t("rows, columns"), `${h}, ${w}`],
    ],
    slips: [
      slip(told(OWN_GROUP), b, a, h, w),
      slip(
        [t("in_channels first"), t("Filters come first: one for each output plane.")],
        a / groups,
        b,
        h,
        w,
      ),
      slip([t("out_channels divided by groups"), t(ALL_FILTERS)], `${b} / ${groups}`, a, h, w),
      slip([t("both divided by groups"), t(ALL_FILTERS)], `${b} / ${groups}`, a / groups, h, w),
      slip(told(SWAPPED), b, a / groups, w, h),
    ],
  };
}

export const weightShapes = [shape];

function learned(random, hard) {
  const layer = { ...drawLayer(random, hard), bias: random.pick([true, true, false]) };
  const {
    in_channels: a,
    out_channels: b,
    kernel_size: [h, w],
    groups,
    bias,
  } = layer;
  const each = a / groups;
  const weights = `${b} × ${each} × ${h} × ${w}`;
  const withBias = (sum) => (bias ? `${sum} + ${b}` : sum);
  return {
    code: layerCode(layer),
    ask: t("How many parameters does it learn?"),
    answer: [parameterCount(layer)],
    hint: t(
      "out_channels · (in_channels / groups) · k_h · k_w, and one bias for each output plane.",
    ),
    working: [
      [t("planes of a filter"), `${a} / ${groups}`],
      [t("weights"), weights],
      bias
        ? [t("with biases"), `${evaluate(weights)} + ${b}`]
        : [t("biases"), t("none: bias=False")],
    ],
    slips: [
      slip(told(OWN_GROUP), withBias(`${b} × ${a} × ${h} × ${w}`)),
      bias
        ? slip([t("bias forgotten"), t("bias=True is the default.")], weights)
        : slip(
            [t("a bias that is not there"), t("bias=False leaves it out.")],
            `${weights} + ${b}`,
          ),
      slip(
        [
          t("one kernel for all planes"),
          t("Each plane that a filter reads has a kernel of its own."),
        ],
        withBias(`${b} × ${h} × ${w}`),
      ),
      slip(
        [t("a bias for each input plane"), t("A bias belongs to an output plane.")],
        bias ? `${weights} + ${a}` : 0,
      ),
      slip(
        [t("out_channels divided by groups"), t(ALL_FILTERS)],
        withBias(`${b / groups} × ${each} × ${h} × ${w}`),
      ),
      slip(
        [t("one side of the kernel"), t("The kernel has rows and columns.")],
        withBias(`${b} × ${each} × ${h}`),
      ),
      slip(
        [t("out_channels forgotten"), t("There is a filter for each output plane.")],
        withBias(`${each} × ${h} × ${w}`),
      ),
    ],
  };
}

export const parameters = [learned];

// ---------------------------------------------------------------------------------- groups

function drawGroups(random) {
  const [groups, each, filters] = [
    random.between(2, 8),
    random.between(1, 8),
    random.between(1, 8),
  ];
  const layer = {
    in_channels: groups * each,
    out_channels: groups * filters,
    kernel_size: [3, 3],
    groups,
  };
  return { groups, each, filters, layer, a: layer.in_channels, b: layer.out_channels };
}

function reads(random) {
  const { groups, each, layer, a, b } = drawGroups(random);
  return {
    code: layerCode(layer),
    ask: t("How many input planes does one output plane read?"),
    answer: [each],
    hint: t("groups says into how many equal parts the input planes are cut."),
    working: [[t("planes of a group"), `${a} / ${groups}`]],
    slips: [
      slip(told(ONE_GROUP), a),
      slip(
        [t("groups itself"), t("It says how many groups there are, not how large one is.")],
        groups,
      ),
      slip([t("outputs of a group"), t("The question is what goes in.")], `${b} / ${groups}`),
    ],
  };
}

function which(random) {
  const { groups, each, filters, layer, a, b } = drawGroups(random);
  const plane = random.between(0, b - 1);
  const group = groupOf(plane, b, groups);
  const planes = inputsOf(layer, plane);
  const [first, last] = [planes[0], planes.at(-1)];
  const planesOf = (group) => [group * each, (group + 1) * each - 1];
  return {
    code: layerCode(layer),
    ask: t("Planes count from 0. Which input planes does output plane {plane} read?", { plane }),
    labels: [t("first"), t("last")],
    answer: [first, last],
    hint: t("First find its group: a group has out_channels / groups output planes."),
    working: [
      [t("outputs of a group"), `${b} / ${groups}`],
      [t("inputs of a group"), `${a} / ${groups}`],
      [t("its group"), `⌊${plane} / ${filters}⌋`],
      [t("first plane"), `${group} × ${each}`],
      [t("last plane"), `${first} + ${each} − 1`],
    ],
    slips: [
      slip(told(ONE_GROUP), 0, a - 1),
      slip([t("one past the end"), t("That plane is not of this group.")], first, last + 1),
      slip([t("counted from 1"), t("The first plane is plane 0.")], first + 1, last + 1),
      slip(
        [t("groups in turn"), t("The outputs of a group stand side by side.")],
        ...planesOf(plane % groups),
      ),
      slip(
        [t("a group's inputs for its outputs"), t("Here an output plane is to be found.")],
        ...planesOf(Math.floor(plane / each)),
      ),
    ],
    least: 0,
  };
}

function depthwise(random) {
  const [planes, copies] = [random.between(3, 12), random.between(2, 4)];
  const plane = random.between(copies, planes * copies - 1);
  const layer = {
    in_channels: planes,
    out_channels: planes * copies,
    kernel_size: [3, 3],
    groups: planes,
  };
  return {
    code: layerCode(layer),
    ask: t("Planes count from 0. Which input plane does output plane {plane} read?", { plane }),
    answer: inputsOf(layer, plane),
    hint: t("Each input plane has its own filters, and their outputs stand side by side."),
    working: [
      [t("outputs of one input"), `${planes * copies} / ${planes}`],
      [t("input plane"), `⌊${plane} / ${copies}⌋`],
    ],
    slips: [
      slip(
        [t("inputs in turn"), t("The outputs of one input stand side by side.")],
        plane % planes,
      ),
      slip([t("counted from 1"), t("The first plane is plane 0.")], `⌊${plane} / ${copies}⌋ + 1`),
      slip([t("the same number"), t("There are more outputs than inputs.")], plane),
    ],
    least: 0,
  };
}

function legal(random) {
  const answer = random.between(2, 8);
  const [a, b] = [answer * random.between(2, 9), answer * random.between(2, 9)];
  const splits = (count) => (groups) => count % groups === 0;
  const [inner, outer] = [splits(a), splits(b)];
  const wrong = (name, fits, count) => {
    const found = range(11).slice(2).filter(fits);
    if (found.length === 0) return [];
    const groups = random.pick(found);
    const facts = { count, groups, remainder: count % groups };
    const why = t("{count} / {groups} leaves a remainder of {remainder}.", facts);
    return [slip([t(name), why], groups)];
  };
  return {
    code: layerCode({ in_channels: a, out_channels: b, kernel_size: [3, 3], groups: "?" }),
    ask: t("Which groups is allowed?"),
    choose: true,
    answer: [answer],
    hint: t("groups says into how many equal parts in_channels and out_channels are cut."),
    working: [
      ["in_channels", `${a} / ${answer}`],
      ["out_channels", `${b} / ${answer}`],
    ],
    slips: [
      ...wrong(
        english("it splits in_channels only"),
        (groups) => inner(groups) && !outer(groups),
        b,
      ),
      ...wrong(
        english("it splits out_channels only"),
        (groups) => outer(groups) && !inner(groups),
        a,
      ),
      ...wrong(english("it splits neither"), (groups) => !inner(groups) && !outer(groups), a),
    ],
  };
}

export const groups = [reads, legal, which, depthwise];

// ---------------------------------------------------------------------------------- channels

const ALL_PLANES = english("All planes count.");

function sum(random, hard) {
  const [planes, side] = [random.between(2, 3), hard ? 2 : 1];
  const draw = (min, max) =>
    range(planes).map(() => range(side).map(() => range(side).map(() => random.between(min, max))));
  const [input, weight, bias] = [draw(1, 9), draw(hard ? -1 : 1, 3), random.between(1, 5)];
  const products = (plane, kernel) =>
    plane
      .flat()
      .map((value, at) => `${value} × ${term(kernel.flat()[at])}`)
      .join(" + ");
  const sums = input.map((plane, at) => products(plane, weight[at]));
  const parts = sums.map((sum) => term(evaluate(sum)));
  const joined = parts.join(" + ");
  const flip = (kernel) => kernel.toReversed().map((line) => line.toReversed());
  const flipped = input.map((plane, at) => products(plane, flip(weight[at]))).join(" + ");
  return {
    code: layerCode({ in_channels: planes, out_channels: 1, kernel_size: [side, side] }),
    input: [1, planes, side, side],
    picture: { input, weight, bias },
    ask: t("What is the output?"),
    answer: [evaluate(`${joined} + ${bias}`)],
    hint: t("Multiply what lies on top of each other, and add it all up. Then the bias, once."),
    working: [
      ...sums.map((sum, at) => [t("plane {index}", { index: at }), sum]),
      [t("with the bias"), `${joined} + ${bias}`],
    ],
    slips: sumSlips(parts, flipped, bias),
  };
}

function sumSlips(parts, flipped, bias) {
  const planes = parts.length;
  const joined = parts.join(" + ");
  return [
    slip([t("bias forgotten"), t("The bias is added at the end.")], joined),
    slip(
      [t("mean for sum"), t("The planes are added up, not averaged.")],
      `(${joined}) / ${planes} + ${bias}`,
    ),
    slip(
      [t("a bias for each plane"), t("The bias is added once.")],
      `${joined} + ${planes} × ${bias}`,
    ),
    slip(
      [t("kernel flipped"), t("PyTorch does not turn the kernel round.")],
      `${flipped} + ${bias}`,
    ),
    slip([t("the last plane alone"), t(ALL_PLANES)], `${parts.at(-1)} + ${bias}`),
    slip([t("the first plane alone"), t(ALL_PLANES)], `${parts[0]} + ${bias}`),
  ];
}

function drawChannels(random) {
  const [a, b] = [random.between(2, 16), random.between(2, 32)];
  return { a, b, code: layerCode({ in_channels: a, out_channels: b, kernel_size: [3, 3] }) };
}

function planesOut(random) {
  const { a, b, code } = drawChannels(random);
  return {
    code,
    ask: t("How many planes does the output have?"),
    answer: [b],
    hint: t("A filter reads all input planes, and adds them up to one plane."),
    working: [[t("planes"), t("{count}, one for each filter", { count: b })]],
    slips: [
      slip(
        [t("one for each pair"), t("A filter adds up what it makes of the input planes.")],
        `${a} × ${b}`,
      ),
      slip([t("as many as go in"), t("There is one for each filter: out_channels.")], a),
    ],
  };
}

function kernels(random) {
  const { a, b, code } = drawChannels(random);
  return {
    code,
    ask: t("How many 3 × 3 kernels does it learn?"),
    answer: [a * b],
    hint: t("Every filter has its own kernel for every input plane."),
    working: [[t("kernels"), `${b} × ${a}`]],
    slips: [
      slip([t("one for each output plane"), t("A filter has a kernel for each input plane.")], b),
      slip([t("one for each input plane"), t("Each output plane has kernels of its own.")], a),
      slip(
        [t("added for multiplied"), t("Each output plane reads each input plane.")],
        `${a} + ${b}`,
      ),
    ],
  };
}

export const channels = [sum, planesOut, kernels];
