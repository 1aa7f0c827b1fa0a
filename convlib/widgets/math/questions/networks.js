/**
 * Questions on the layers around a convolution, and on layers that do the same as others, in the
 * manner of sizes.js.
 */
import { receptiveField } from "../counts.js";
import { range } from "../lists.js";
import { windows } from "../modules/pooling.js";
import { evaluate } from "../sums.js";
import { moduleCode } from "../torch_code.js";
import { layerCode, SWAPPED, slip } from "./sizes.js";

/** Layers one after the other, each on its line. */
const inARow = (layers) => `Sequential(\n${layers.map((layer) => `    ${layer},\n`).join("")})`;

const square = (side) => [side, side];
const poolCode = (kernel, settings = {}) =>
  moduleCode("MaxPool2d", [kernel], settings, {}).replace("torch.nn.", "");

const ONE_SIDE = ["one side for two", "Rows and columns both count."];
const ADDED = ["added for multiplied", "Every row has one for each column."];
const EACH_IMAGE = ["all images counted", "The question is about one image."];

// ---------------------------------------------------------------------------------- pooling

const POOL_HINT = "⌊(size + 2 · padding − kernel) / stride⌋ + 1; ceil_mode rounds up.";

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
    ask: "How many rows does the output have?",
    answer: [answer],
    hint: POOL_HINT,
    working: [
      ["stride", given ? `${stride}` : `${stride}, the kernel's size: it is left out`],
      ["windows", windowSum(axis)],
      ...(begun > answer ? [["less one that starts outside", `${begun} − 1`]] : []),
    ],
    slips: poolSlips(axis, given, begun),
  };
}

function poolSlips(axis, given, begun) {
  const { ceil } = axis;
  return [
    slip(
      given
        ? ["stride ignored", "The window moves in strides, so there are fewer windows."]
        : ["stride 1", "Left out, the stride of a pooling layer is its kernel's size."],
      windowSum(axis, { stride: 1 }),
    ),
    slip(
      ceil
        ? ["floor for ceil", "ceil_mode=True rounds up."]
        : ["ceil for floor", "Without ceil_mode a window that does not fit is left out."],
      windowSum(axis, { ceil: !ceil }),
    ),
    slip(["padding ignored", "The window moves over it, too."], windowSum(axis, { sides: "" })),
    slip(
      ["the first window forgotten", "The quotient counts steps; the first needs none."],
      windowSum(axis, { first: "" }),
    ),
    slip(["a window outside", "A window that starts behind the image is left out."], begun),
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

/** The layers as code, and the rows of an image after them; `unpooled`: as if none pooled. */
function through(layers, size) {
  const [modules, working] = [[], []];
  let [rows, unpooled] = [size, size];
  for (const { channels, out, kernel, padding, pool } of layers) {
    const kernel_size = square(kernel);
    const layer = { in_channels: channels, out_channels: out, kernel_size, padding };
    modules.push(layerCode(layer), poolCode(pool));
    const sum = `${rows}${padding ? ` + 2 × ${padding}` : ""} − ${kernel} + 1`;
    const after = `⌊${evaluate(sum)} / ${pool}⌋`;
    working.push(["rows after Conv2d", sum], ["after pooling", after]);
    rows = evaluate(after);
    unpooled += 2 * padding - kernel + 1;
  }
  return { modules, working, rows, unpooled };
}

function inFeatures(random, hard) {
  const { first, layers } = drawFeatures(random, hard);
  const [size, images] = [random.pick([12, 20, 28, 32]), random.pick([2, 4, 8])];
  const { modules, working, rows, unpooled } = through(layers, size);
  if (rows < 2) return null;
  const { out } = layers.at(-1);
  const numbers = `${out} × ${rows} × ${rows}`;
  return {
    code: inARow([...modules, "Flatten()"]),
    input: [images, first, size, size],
    ask: "Which in_features does a Linear after it need?",
    answer: [evaluate(numbers)],
    hint: "Channels times height times width of what comes out of the last layer but Flatten.",
    working: [...working, ["in_features", numbers]],
    slips: [
      slip(["channels forgotten", "All channels lie in the row."], `${rows} × ${rows}`),
      slip(
        ["the batch counted", "Flatten keeps the batch: one row for each image."],
        `${images} × ${numbers}`,
      ),
      slip(ONE_SIDE, `${out} × ${rows}`),
      slip(
        ["pooling forgotten", "Pooling makes fewer rows."],
        `${out} × ${unpooled} × ${unpooled}`,
      ),
      slip(["the image's size", "The layers change it."], `${out} × ${size} × ${size}`),
      slip(
        ["in_channels for out_channels", "The last layer gives out_channels planes."],
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
    ask:
      "A U-Net halves with these layers, and doubles as often. " +
      `To how many rows do you pad the ${rows}, at least, so that its halves meet?`,
    answer: [evaluate(answer)],
    hint: "Each halving must leave no rest.",
    working: [
      ["all halvings", range(depth).fill(2).join(" × ")],
      ["next multiple", answer],
    ],
    slips: [
      slip(
        ["halvings added", "Each halving halves what the one before left."],
        `⌈${rows} / ${2 * depth}⌉ × ${2 * depth}`,
      ),
      slip(["an even number", "Every later halving must leave no rest, too."], `⌈${rows} / 2⌉ × 2`),
      slip(["rounded down", "Padding adds rows."], `⌊${rows} / ${unit}⌋ × ${unit}`),
      slip(["the next power of two", "A multiple is enough."], 2 ** Math.ceil(Math.log2(rows))),
      slip(["the rows to add", "The question is how many there are then."], -rows & (unit - 1)),
    ],
  };
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
    ask:
      `The layer has weight ${weight} and bias ${bias}. BatchNorm has weight ${gamma}, ` +
      `bias ${addend}, running_mean ${mean} and running_var ${root ** 2}; leave eps out. ` +
      "One layer does the same. What are its weight and its bias?",
    labels: ["weight", "bias"],
    answer: [evaluate(w), evaluate(b)],
    hint: "The factor is BatchNorm's weight over the root of running_var.",
    working: [
      ["factor", `${gamma} / ${root}`],
      ["weight", w],
      ["bias", b],
    ],
    slips: [
      slip(
        ["the mean forgotten", "The mean is taken away first."],
        w,
        `${bias} × ${factor} + ${addend}`,
      ),
      slip(
        ["the bias not multiplied", "The factor multiplies what is left of the bias."],
        w,
        `${bias} − ${mean} + ${addend}`,
      ),
      slip(
        ["the mean not multiplied", "It is taken away before the factor."],
        w,
        `${bias} × ${factor} − ${mean} + ${addend}`,
      ),
      slip(
        ["variance for its root", "It is divided by the root of the variance."],
        `${weight} × ${gamma} / ${root ** 2}`,
        `(${bias} − ${mean}) × ${gamma} / ${root ** 2} + ${addend}`,
      ),
      slip(["the weight left alone", "The factor multiplies it, too."], weight, b),
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
    ask: "One layer gives the same numbers. What are its kernel_size and its stride?",
    labels: ["kernel_size", "stride"],
    answer: [size, jump],
    hint: "The second kernel lays copies of the first, one stride of the first layer apart.",
    working: [
      ["stride", stride],
      ["kernel_size", `${k1} + ${s1} × (${k2} − 1)`],
    ],
    slips: [
      slip(["stride ignored", "The copies lie s₁ pixels apart."], `${k1} + ${k2} − 1`, stride),
      slip(["sizes added", "The copies overlap."], `${k1} + ${k2}`, stride),
      slip(["sizes multiplied", "The copies overlap."], `${k1} × ${k2}`, stride),
      slip(
        [
          "the second stride for the first",
          "The copies lie as far apart as the first layer steps.",
        ],
        `${k1} + ${s2} × (${k2} − 1)`,
        stride,
      ),
      slip(
        ["strides added", "The second layer steps over steps of the first."],
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
    ask:
      `The first layer has the weights ${a}, ${b}, the second ${c}, ${d}. ` +
      "Which weights has the one layer that gives the same numbers?",
    answer: sums.map(evaluate),
    hint: "Each weight of the second layer lays a copy of the first's. Where they overlap, add.",
    working: sums.map((sum, index) => [`weight ${index}`, sum]),
    slips: [
      slip(["turned round", "The first weights meet the first pixel."], ...sums.toReversed()),
      slip(
        ["weights added", "A copy is multiplied by the weight that lays it."],
        ...(apart ? [a, b, c, d] : [a, `${b} + ${c}`, d]),
      ),
      slip(
        ["a copy forgotten", "Where two copies overlap, both count."],
        ...(apart ? [] : [sums[0], `${b} × ${c}`, sums[2]]),
      ),
      slip(
        ["the second layer's copies", "With a stride it matters which layer steps."],
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
    ask: "Flatten lays this input in a row for it. What is the shape of the weight of a Conv2d that does the same?",
    answer: [out, channels, height, width],
    hint: "Each output of the Linear is a filter that is as large as the map.",
    working: [
      ["filters", `${out}, one for each output`],
      ["planes, rows, columns", `${channels}, ${height}, ${width}, as in the input`],
    ],
    slips: [
      slip(["in_channels first", "Filters come first."], channels, out, height, width),
      slip(
        ["all numbers as channels", "That is a 1 × 1 layer, on a map of one pixel."],
        out,
        `${channels} × ${height} × ${width}`,
        1,
        1,
      ),
      slip(["one pixel", "A filter reads the whole map."], out, channels, 1, 1),
      slip(SWAPPED, out, channels, width, height),
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
    ask: `It was a Linear for maps of ${kernel} × ${kernel}. At how many places does it give an answer here?`,
    answer: [down * across],
    hint: "It answers at each place where its window fits.",
    working: [
      ["rows", `${height} − ${kernel} + 1`],
      ["columns", `${width} − ${kernel} + 1`],
      ["places", `${down} × ${across}`],
    ],
    slips: [
      slip(["one answer", "So it is only if the map is as large as the kernel."], 1),
      slip(
        ["the first place forgotten", "The difference counts steps; the first needs none."],
        `(${height} − ${kernel}) × (${width} − ${kernel})`,
      ),
      slip(
        ["side by side", "The window moves by one pixel."],
        `⌊${height} / ${kernel}⌋ × ⌊${width} / ${kernel}⌋`,
      ),
      slip(["every pixel", "The window must fit."], `${height} × ${width}`),
      slip(ADDED, `${down} + ${across}`),
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
    ask: "How many patches does it make of one image?",
    answer: [rows * columns],
    hint: "The windows lie side by side. What does not fill a patch is left out.",
    working: [
      ["down", down],
      ["across", across],
      ["patches", `${rows} × ${columns}`],
    ],
    slips: [
      slip(["one side for two", "Patches lie across, too."], rows),
      slip(EACH_IMAGE, `${images} × ${rows} × ${columns}`),
      slip(
        ["rounded up", "What does not fill a patch is left out."],
        `⌈${height} / ${side}⌉ × ⌈${width} / ${side}⌉`,
      ),
      slip(ADDED, `${rows} + ${columns}`),
      slip(
        ["the pixels of a patch", "The question is how many patches there are."],
        `${side} × ${side}`,
      ),
    ],
  };
}

export const compose = [oneLayer, rowOfWeights, fullKernel, answers, patches];
