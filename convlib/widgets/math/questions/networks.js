/**
 * Questions on the layers around a convolution, and on layers that do the same as others, in the
 * manner of sizes.js.
 */
import { receptiveField } from "../counts.js";
import { range } from "../lists.js";
import { windows } from "../modules/pooling.js";
import { evaluate } from "../sums.js";
import { moduleCode } from "../torch_code.js";
import { english, t } from "../words.js";
import { layerCode, SWAPPED, slip, told } from "./sizes.js";

/** Layers one after the other, each on its line. */
const inARow = (layers) => `Sequential(\n${layers.map((layer) => `    ${layer},\n`).join("")})`;

const square = (side) => [side, side];
const poolCode = (kernel, settings = {}) =>
  moduleCode("MaxPool2d", [kernel], settings, {}).replace("torch.nn.", "");

const ONE_SIDE = [english("one side for two"), english("Rows and columns both count.")];
const ADDED = [english("added for multiplied"), english("Every row has one for each column.")];
const EACH_IMAGE = [english("all images counted"), english("The question is about one image.")];

// ---------------------------------------------------------------------------------- pooling

const POOL_HINT = english("⌊(size + 2 · padding − kernel) / stride⌋ + 1; ceil_mode rounds up.");

/** The number of windows as a sum, with some of its terms replaced. */
function windowSum({ size, kernel, stride, padding, ceil }, change = {}) {
  const terms = {
    sides: padding ? ` + 2 × ${padding}` : "",
    stride,
    ceil,
    first: " + 1",
    ...change,
  };
  const [left, right] = terms.ceil ? "⌈⌉" : "⌊⌋";
  return `${left}(${size}${terms.sides} − ${kernel}) / ${terms.stride}${right}${terms.first}`;
}

function pooled(random, hard) {
  const kernel = random.pick([2, 2, 3, 3, 4]);
  const given = random.pick([undefined, 1, 2, 2, 3]);
  const axis = {
    size: random.between(6, 40),
    kernel,
    stride: given ?? kernel,
    padding: hard ? random.pick([0, 1]) : 0,
    dilation: 1,
    ceil: random.pick([false, true]),
  };
  const { size, stride, padding, ceil } = axis;
  const answer = windows(axis, ceil);
  const begun = evaluate(windowSum(axis));
  const named = { ...(given && { stride }), ...(padding && { padding }) };
  return {
    code: poolCode(kernel, { ...named, ...(ceil && { ceil_mode: true }) }),
    input: [1, 8, size, size],
    ask: t("How many rows does the output have?"),
    answer: [answer],
    hint: t(POOL_HINT),
    working: [
      [
        "stride",
        given ? `${stride}` : t("{stride}, the kernel's size: it is left out", { stride }),
      ],
      [t("windows"), windowSum(axis)],
      ...(begun > answer ? [[t("less one that starts outside"), `${begun} − 1`]] : []),
    ],
    slips: poolSlips(axis, given, begun),
  };
}

function poolSlips(axis, given, begun) {
  const { ceil } = axis;
  return [
    slip(
      given
        ? [t("stride ignored"), t("The window moves in strides, so there are fewer windows.")]
        : [t("stride 1"), t("Left out, the stride of a pooling layer is its kernel's size.")],
      windowSum(axis, { stride: 1 }),
    ),
    slip(
      ceil
        ? [t("floor for ceil"), t("ceil_mode=True rounds up.")]
        : [t("ceil for floor"), t("Without ceil_mode a window that does not fit is left out.")],
      windowSum(axis, { ceil: !ceil }),
    ),
    slip(
      [t("padding ignored"), t("The window moves over it, too.")],
      windowSum(axis, { sides: "" }),
    ),
    slip(
      [t("the first window forgotten"), t("The quotient counts steps; the first needs none.")],
      windowSum(axis, { first: "" }),
    ),
    slip([t("a window outside"), t("A window that starts behind the image is left out.")], begun),
  ];
}

// ---------------------------------------------------------------------------------- Linear

/** A convolution and a pooling layer, or two of each. */
function drawFeatures(random, hard) {
  const layers = [];
  let channels = random.pick([1, 3]);
  const first = channels;
  for (const _ of range(hard ? 2 : 1)) {
    const kernel = random.pick([3, 5]);
    const padding = random.pick([0, (kernel - 1) / 2]);
    const out = random.pick([4, 8, 16]);
    layers.push({ channels, out, kernel, padding, pool: random.pick([2, 2, 3]) });
    channels = out;
  }
  return { first, layers };
}

/**
 * The layers as code, and the rows of an image after them; `unpooled`: as if none pooled. Null if a
 * window does not fit.
 */
function through(layers, size) {
  const [modules, working] = [[], []];
  let [rows, unpooled] = [size, size];
  for (const { channels, out, kernel, padding, pool } of layers) {
    const kernel_size = square(kernel);
    const layer = { in_channels: channels, out_channels: out, kernel_size, padding };
    modules.push(layerCode(layer), poolCode(pool));
    const sum = `${rows}${padding ? ` + 2 × ${padding}` : ""} − ${kernel} + 1`;
    if (evaluate(sum) < 1) return null; // the window does not fit
    const after = `⌊${evaluate(sum)} / ${pool}⌋`;
    working.push([t("rows after Conv2d"), sum], [t("after pooling"), after]);
    rows = evaluate(after);
    unpooled += 2 * padding - kernel + 1;
  }
  return { modules, working, rows, unpooled };
}

function inFeatures(random, hard) {
  const { first, layers } = drawFeatures(random, hard);
  const [size, images] = [random.pick([12, 20, 28, 32]), random.pick([2, 4, 8])];
  const passed = through(layers, size);
  if (!passed || passed.rows < 2) return null;
  const { modules, working, rows, unpooled } = passed;
  const { out } = layers.at(-1);
  const numbers = `${out} × ${rows} × ${rows}`;
  return {
    code: inARow([...modules, "Flatten()"]),
    input: [images, first, size, size],
    ask: t("Which in_features does a Linear after it need?"),
    answer: [evaluate(numbers)],
    hint: t("Channels times height times width of what comes out of the last layer but Flatten."),
    working: [...working, ["in_features", numbers]],
    slips: [
      slip([t("channels forgotten"), t("All channels lie in the row.")], `${rows} × ${rows}`),
      slip(
        [t("the batch counted"), t("Flatten keeps the batch: one row for each image.")],
        `${images} × ${numbers}`,
      ),
      slip(told(ONE_SIDE), `${out} × ${rows}`),
      slip(
        [t("pooling forgotten"), t("Pooling makes fewer rows.")],
        `${out} × ${unpooled} × ${unpooled}`,
      ),
      slip([t("the image's size"), t("The layers change it.")], `${out} × ${size} × ${size}`),
      slip(
        [t("in_channels for out_channels"), t("The last layer gives out_channels planes.")],
        `${first} × ${rows} × ${rows}`,
      ),
    ],
  };
}

// ---------------------------------------------------------------------------------- joins

function meeting(random, hard) {
  const depth = random.between(2, hard ? 5 : 3);
  const rows = random.between(30, hard ? 600 : 120);
  const unit = 2 ** depth;
  if (rows % unit === 0) return null;
  const answer = `⌈${rows} / ${unit}⌉ × ${unit}`;
  return {
    code: inARow(range(depth).map(() => poolCode(2))),
    input: [1, 1, rows, rows],
    ask: t(
      "A U-Net halves with these layers, and doubles as often. " +
        "To how many rows do you pad the {rows}, at least, so that its halves meet?",
      { rows },
    ),
    answer: [evaluate(answer)],
    hint: t("Each halving must leave no rest."),
    working: [
      [t("all halvings"), range(depth).fill(2).join(" × ")],
      [t("next multiple"), answer],
    ],
    slips: meetingSlips(rows, depth),
  };
}

function meetingSlips(rows, depth) {
  const unit = 2 ** depth;
  return [
    slip(
      [t("halvings added"), t("Each halving halves what the one before left.")],
      `⌈${rows} / ${2 * depth}⌉ × ${2 * depth}`,
    ),
    slip(
      [t("an even number"), t("Every later halving must leave no rest, too.")],
      `⌈${rows} / 2⌉ × 2`,
    ),
    slip([t("rounded down"), t("Padding adds rows.")], `⌊${rows} / ${unit}⌋ × ${unit}`),
    slip([t("the next power of two"), t("A multiple is enough.")], 2 ** Math.ceil(Math.log2(rows))),
    slip([t("the rows to add"), t("The question is how many there are then.")], -rows & (unit - 1)),
  ];
}

// ---------------------------------------------------------------------------------- BatchNorm

function folded(random) {
  const [weight, bias, factor] = [random.between(1, 6), random.between(0, 6), random.between(2, 4)];
  const [mean, root, addend] = [random.between(1, 6), random.between(2, 4), random.between(0, 12)];
  const gamma = factor * root;
  const [w, b] = [`${weight} × ${factor}`, `(${bias} − ${mean}) × ${factor} + ${addend}`];
  if (evaluate(b) < 0) return null;
  return {
    code: "Conv2d(1, 1, 1)\nBatchNorm2d(1).eval()",
    ask: t(
      "The layer has weight {weight} and bias {bias}. BatchNorm has weight {gamma}, " +
        "bias {addend}, running_mean {mean} and running_var {variance}; leave eps out. " +
        "One layer does the same. What are its weight and its bias?",
      { weight, bias, gamma, addend, mean, variance: root ** 2 },
    ),
    labels: [t("weight"), t("bias")],
    answer: [evaluate(w), evaluate(b)],
    hint: t("The factor is BatchNorm's weight over the root of running_var."),
    working: [
      [t("factor"), `${gamma} / ${root}`],
      [t("weight"), w],
      [t("bias"), b],
    ],
    slips: [
      slip(
        [t("the mean forgotten"), t("The mean is taken away first.")],
        w,
        `${bias} × ${factor} + ${addend}`,
      ),
      slip(
        [t("the bias not multiplied"), t("The factor multiplies what is left of the bias.")],
        w,
        `${bias} − ${mean} + ${addend}`,
      ),
      slip(
        [t("the mean not multiplied"), t("It is taken away before the factor.")],
        w,
        `${bias} × ${factor} − ${mean} + ${addend}`,
      ),
      slip(
        [t("variance for its root"), t("It is divided by the root of the variance.")],
        `${weight} × ${gamma} / ${root ** 2}`,
        `(${bias} − ${mean}) × ${gamma} / ${root ** 2} + ${addend}`,
      ),
      slip([t("the weight left alone"), t("The factor multiplies it, too.")], weight, b),
    ],
    least: 0,
  };
}

export const network = [pooled, inFeatures, meeting, folded];

// ---------------------------------------------------------------------------------- two as one

function oneLayer(random) {
  const layers = range(2).map(() => ({
    kernel: random.pick([1, 2, 3, 3, 4, 5]),
    stride: random.pick([1, 1, 2, 2, 3]),
    dilation: 1,
  }));
  const { size, jump } = receptiveField(layers);
  const [{ kernel: k1, stride: s1 }, { kernel: k2, stride: s2 }] = layers;
  const stride = `${s1} × ${s2}`;
  const code = ({ kernel, stride }) =>
    layerCode({ in_channels: 8, out_channels: 8, kernel_size: square(kernel), stride });
  return {
    code: inARow(layers.map(code)),
    ask: t("One layer gives the same numbers. What are its kernel_size and its stride?"),
    labels: ["kernel_size", "stride"],
    answer: [size, jump],
    hint: t("The second kernel lays copies of the first, one stride of the first layer apart."),
    working: [
      ["stride", stride],
      ["kernel_size", `${k1} + ${s1} × (${k2} − 1)`],
    ],
    slips: [
      slip(
        [t("stride ignored"), t("The copies lie s₁ pixels apart.")],
        `${k1} + ${k2} − 1`,
        stride,
      ),
      slip([t("sizes added"), t("The copies overlap.")], `${k1} + ${k2}`, stride),
      slip([t("sizes multiplied"), t("The copies overlap.")], `${k1} × ${k2}`, stride),
      slip(
        [
          t("the second stride for the first"),
          t("The copies lie as far apart as the first layer steps."),
        ],
        `${k1} + ${s2} × (${k2} − 1)`,
        stride,
      ),
      slip(
        [t("strides added"), t("The second layer steps over steps of the first.")],
        size,
        `${s1} + ${s2}`,
      ),
    ],
  };
}

function rowOfWeights(random, hard) {
  const [a, b, c, d] = range(4).map(() => random.between(1, 5));
  const stride = hard ? random.pick([1, 2]) : 1;
  const apart = stride === 2;
  const layer = { in_channels: 1, out_channels: 1, kernel_size: [1, 2], bias: false };
  const steps = apart ? { stride: [1, 2] } : {};
  const middle = apart ? [`${b} × ${c}`, `${a} × ${d}`] : [`${b} × ${c} + ${a} × ${d}`];
  const sums = [`${a} × ${c}`, ...middle, `${b} × ${d}`];
  return {
    code: `${layerCode({ ...layer, ...steps })}\n${layerCode(layer)}`,
    ask: t(
      "The first layer has the weights {a}, {b}, the second {c}, {d}. " +
        "Which weights has the one layer that gives the same numbers?",
      { a, b, c, d },
    ),
    answer: sums.map(evaluate),
    hint: t("Each weight of the second layer lays a copy of the first's. Where they overlap, add."),
    working: sums.map((sum, index) => [t("weight {index}", { index }), sum]),
    slips: [
      slip([t("turned round"), t("The first weights meet the first pixel.")], ...sums.toReversed()),
      slip(
        [t("weights added"), t("A copy is multiplied by the weight that lays it.")],
        ...(apart ? [a, b, c, d] : [a, `${b} + ${c}`, d]),
      ),
      slip(
        [t("a copy forgotten"), t("Where two copies overlap, both count.")],
        ...(apart ? [] : [sums[0], `${b} × ${c}`, sums[2]]),
      ),
      slip(
        [t("the second layer's copies"), t("With a stride it matters which layer steps.")],
        ...(apart ? [sums[0], sums[2], sums[1], sums[3]] : []),
      ),
    ].filter(({ value }) => value.length > 0),
  };
}

// ---------------------------------------------------------------------------------- Linear

function fullKernel(random, hard) {
  const [channels, out] = [random.pick([8, 16, 32, 64]), random.pick([10, 100, 128])];
  const height = random.between(3, 7);
  const width = hard ? random.between(3, 7) : height;
  const features = channels * height * width;
  return {
    code: `Linear(${features}, ${out})`,
    input: [1, channels, height, width],
    ask: t(
      "Flatten lays this input in a row for it. What is the shape of the weight of a Conv2d that does the same?",
    ),
    answer: [out, channels, height, width],
    hint: t("Each output of the Linear is a filter that is as large as the map."),
    working: [
      [t("filters"), t("{count}, one for each output", { count: out })],
      [
        t("planes, rows, columns"),
        t("{numbers}, as in the input", { numbers: [channels, height, width].join(", ") }),
      ],
    ],
    slips: [
      slip([t("in_channels first"), t("Filters come first.")], channels, out, height, width),
      slip(
        [t("all numbers as channels"), t("That is a 1 × 1 layer, on a map of one pixel.")],
        out,
        `${channels} × ${height} × ${width}`,
        1,
        1,
      ),
      slip([t("one pixel"), t("A filter reads the whole map.")], out, channels, 1, 1),
      slip(told(SWAPPED), out, channels, width, height),
    ],
  };
}

function answers(random) {
  const [channels, kernel] = [random.pick([8, 16, 64]), random.between(3, 7)];
  const [height, width] = [kernel + random.between(1, 6), kernel + random.between(1, 6)];
  const [down, across] = [height - kernel + 1, width - kernel + 1];
  const layer = { in_channels: channels, out_channels: 10, kernel_size: square(kernel) };
  return {
    code: layerCode(layer),
    input: [1, channels, height, width],
    ask: t(
      "It was a Linear for maps of {kernel} × {kernel}. " +
        "At how many places does it give an answer here?",
      { kernel },
    ),
    answer: [down * across],
    hint: t("It answers at each place where its window fits."),
    working: [
      [t("rows"), `${height} − ${kernel} + 1`],
      [t("columns"), `${width} − ${kernel} + 1`],
      [t("places"), `${down} × ${across}`],
    ],
    slips: [
      slip([t("one answer"), t("So it is only if the map is as large as the kernel.")], 1),
      slip(
        [t("the first place forgotten"), t("The difference counts steps; the first needs none.")],
        `(${height} − ${kernel}) × (${width} − ${kernel})`,
      ),
      slip(
        [t("side by side"), t("The window moves by one pixel.")],
        `⌊${height} / ${kernel}⌋ × ⌊${width} / ${kernel}⌋`,
      ),
      slip([t("every pixel"), t("The window must fit.")], `${height} × ${width}`),
      slip(told(ADDED), `${down} + ${across}`),
    ],
  };
}

// ---------------------------------------------------------------------------------- patches

function patches(random, hard) {
  const side = random.pick([2, 4, 8, 14, 16, 32]);
  const image = () => side * random.between(2, 16) + (hard ? random.between(0, side - 1) : 0);
  const [height, width, images] = [image(), image(), random.pick([2, 4])];
  const [down, across] = [`⌊${height} / ${side}⌋`, `⌊${width} / ${side}⌋`];
  const [rows, columns] = [down, across].map(evaluate);
  const layer = { in_channels: 3, out_channels: 64, kernel_size: square(side), stride: side };
  return {
    code: layerCode(layer),
    input: [images, 3, height, width],
    ask: t("How many patches does it make of one image?"),
    answer: [rows * columns],
    hint: t("The windows lie side by side. What does not fill a patch is left out."),
    working: [
      [t("down"), down],
      [t("across"), across],
      [t("patches"), `${rows} × ${columns}`],
    ],
    slips: [
      slip([t("one side for two"), t("Patches lie across, too.")], rows),
      slip(told(EACH_IMAGE), `${images} × ${rows} × ${columns}`),
      slip(
        [t("rounded up"), t("What does not fill a patch is left out.")],
        `⌈${height} / ${side}⌉ × ⌈${width} / ${side}⌉`,
      ),
      slip(told(ADDED), `${rows} + ${columns}`),
      slip(
        [t("the pixels of a patch"), t("The question is how many patches there are.")],
        `${side} × ${side}`,
      ),
    ],
  };
}

export const compose = [oneLayer, rowOfWeights, fullKernel, answers, patches];
