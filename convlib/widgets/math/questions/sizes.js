/**
 * Questions on sizes: each function draws one from `random`, or gives null where the numbers drawn
 * make no layer or too easy a question. `hard` allows dilation. See questions.js for the fields.
 */
import {
  effectiveKernelSize,
  leftover,
  outputSize,
  readers,
  samePadding,
  travel,
  unreadIndices,
} from "../arithmetic.js";
import { receptiveField, transposedSize, weightShape } from "../counts.js";
import { range } from "../lists.js";
import { equation, evaluate } from "../sums.js";
import { moduleCode, options, python } from "../torch_code.js";
import { english, plural, t } from "../words.js";

/** A wrong turn; `sums` gives the wrong answer, number by number. */
export function slip([name, why], ...sums) {
  const equations = sums.map(equation).filter((text) => text.includes("="));
  return { name, why, value: sums.map(evaluate), equations };
}

/** `Conv2d(8, 16, 3, stride=2)`; a `?` among the settings is what is asked. */
export function layerCode({ in_channels, out_channels, kernel_size, ...rest }, name = "Conv2d") {
  const numbers = [in_channels, out_channels, python(merged(kernel_size))];
  return moduleCode(name, numbers, options(rest)).replace("torch.nn.", "").replace("'?'", "?");
}

/** A pair of equal numbers as one number. */
const merged = (pair) => (pair[0] === pair[1] ? pair[0] : pair);

/** The layer that has these axes. */
function layerOf(axes, in_channels, out_channels) {
  const both = (name) => merged(axes.map((axis) => axis[name]));
  return {
    in_channels,
    out_channels,
    kernel_size: axes.map(({ kernel }) => kernel),
    stride: both("stride"),
    padding: both("before"),
    dilation: both("dilation"),
  };
}

/** A square layer from one channel to one. */
const plainLayer = (axis) => layerOf([axis, axis], 1, 1);

const padded = (axis, padding) => ({ ...axis, before: padding, after: padding });

function drawAxis(random, hard) {
  const axis = {
    size: random.pick([28, 32, 56, 112, 224, ...range(12).map(() => random.between(6, 40))]),
    kernel: random.pick([2, 3, 3, 3, 4, 5, 7]),
    stride: random.pick([1, 2, 2, 2, 3, 4]),
    dilation: hard ? random.pick([1, 2, 2, 3]) : 1,
  };
  return padded(axis, random.pick([0, 0, 1, 1, 2, 3]));
}

// Wrong turns that many questions share: what was done, and the rule it breaks.
const GAPS = [
  english("d · k for d · (k − 1)"),
  english("Between k taps there are k − 1 gaps, not k."),
];
const GAPLESS = [
  english("dilation ignored"),
  english("Dilation moves the taps apart, so a window spans more."),
];
const BOTH_SIDES = [english("both sides for one"), english("padding is the number on each side.")];
const ONE_SIDE = [
  english("padding counted once"),
  english("padding is on both sides, so it counts twice."),
];
const STRIDELESS = [
  english("stride ignored"),
  english("The window moves in strides, so there are fewer windows."),
];
const UNPADDED = [english("padding ignored"), english("The window moves over the padding too.")];
const REMAINDER = [
  english("stride − 1 as a rule"),
  english("It is a remainder, which may be less."),
];
export const SWAPPED = [
  english("(width, height) for (height, width)"),
  english("PyTorch names the height first."),
];
const ADDED = [english("added for multiplied"), english("Every row has a number for each column.")];

/** One of these in the reader's language. */
export const told = ([name, why]) => [t(name), t(why)];

// ---------------------------------------------------------------------------------- output size

const SIZE_HINT = english(
  "⌊(size + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1 on each axis.",
);
const SIZE_SLIPS = {
  ceil: [
    english("ceil for floor"),
    english("PyTorch rounds down: a window that does not fit whole is left out."),
  ],
  product: GAPS,
  once: ONE_SIDE,
  strideless: STRIDELESS,
  first: [
    english("the first window forgotten"),
    english("The quotient counts steps; the first window needs none."),
  ],
  gapless: GAPLESS,
  unpadded: UNPADDED,
};

/** The size of the output as a sum, with one of the slips or without. */
function sizeSum({ size, kernel: k, stride: s, dilation: d, before: p }, name) {
  const sides = { once: ` + ${p}`, unpadded: "" }[name] ?? ` + 2 × ${p}`;
  const span =
    { product: `${d} × ${k}`, gapless: k }[name] ?? (d === 1 ? k : `(${d} × (${k} − 1) + 1)`);
  const steps = `${size}${p ? sides : ""} − ${span}`;
  const first = name === "first" ? "" : " + 1";
  if (s === 1 || name === "strideless") return steps + first;
  const [left, right] = name === "ceil" ? "⌈⌉" : "⌊⌋";
  return `${left}(${steps}) / ${s}${right}${first}`;
}

const sizeSlips = (axes, ...before) =>
  Object.keys(SIZE_SLIPS).map((name) =>
    slip(told(SIZE_SLIPS[name]), ...before, ...axes.map((axis) => sizeSum(axis, name))),
  );

const formulas = (axes) => axes.map((axis, index) => ({ axis, letter: "HW"[index] }));

function rows(random, hard) {
  const axis = drawAxis(random, hard);
  if (travel(axis) < 0) return null;
  const channels = random.pick([1, 3, 8, 64]);
  return {
    code: layerCode(layerOf([axis, axis], channels, random.pick([8, 16, 32]))),
    input: [1, channels, axis.size, axis.size],
    ask: t("How many rows does the output have?"),
    answer: [outputSize(axis)],
    hint: t(SIZE_HINT),
    working: formulas([axis]),
    slips: sizeSlips([axis]),
  };
}

function drawAxes(random, hard) {
  const first = drawAxis(random, hard);
  const { size, kernel, before } = drawAxis(random, hard);
  const axes = [first, hard ? padded({ ...first, size, kernel }, before) : { ...first, size }];
  return axes.every((axis) => travel(axis) >= 0) ? axes : null;
}

function sides(random, hard) {
  const axes = drawAxes(random, hard);
  if (!axes) return null;
  const channels = random.pick([1, 3, 8, 64]);
  const answer = axes.map(outputSize);
  return {
    code: layerCode(layerOf(axes, channels, random.pick([8, 16, 32]))),
    input: [1, channels, ...axes.map(({ size }) => size)],
    ask: t("What are the height and the width of the output?"),
    labels: [t("height"), t("width")],
    answer,
    hint: t(SIZE_HINT),
    working: formulas(axes),
    slips: [slip(told(SWAPPED), ...answer.toReversed()), ...sizeSlips(axes)],
  };
}

function shape(random, hard) {
  const axes = drawAxes(random, hard);
  if (!axes) return null;
  const images = random.pick([1, 4, 8]);
  const [channels, planes] = [random.pick([3, 16, 64]), random.pick([8, 32, 128])];
  const sizes = axes.map(outputSize);
  return {
    code: layerCode(layerOf(axes, channels, planes)),
    input: [images, channels, ...axes.map(({ size }) => size)],
    ask: t("What is the shape of the output?"),
    answer: [images, planes, ...sizes],
    hint: t("(N, C_out, H_out, W_out). {rule}", { rule: t(SIZE_HINT) }),
    working: [
      ["N", t("{numbers}, as in the input", { numbers: images })],
      ["C_out", `${planes}`],
      ...formulas(axes),
    ],
    slips: [
      slip(
        [t("in_channels for out_channels"), t("The layer gives out_channels planes.")],
        images,
        channels,
        ...sizes,
      ),
      slip(told(SWAPPED), images, planes, ...sizes.toReversed()),
      ...sizeSlips(axes, images, planes),
    ],
  };
}

export const outputSizes = [rows, sides, shape];

// ---------------------------------------------------------------------------------- padding

function keep(random, hard) {
  const [k, d] = [random.pick([3, 5, 7, 9]), hard ? random.pick([1, 2, 3, 4]) : 1];
  const size = random.pick([28, 32, 56]);
  const [answer] = samePadding(k, d);
  const axis = padded({ size, kernel: k, stride: 1, dilation: d }, answer);
  const one = padded(axis, 1);
  return {
    code: layerCode({ ...layerOf([axis, axis], 8, 8), padding: "?" }),
    input: [1, 8, size, size],
    ask: t("Which padding keeps the {size} rows?", { size }),
    answer: [answer],
    hint: t("Both sides together make up for dilation · (kernel − 1)."),
    working: [
      [t("both sides"), `${d} × (${k} − 1)`],
      [t("one side"), `${2 * answer} / 2`],
      ...formulas([axis]),
    ],
    slips: [
      slip(told(BOTH_SIDES), `${d} × (${k} − 1)`),
      slip(told(GAPLESS), `(${k} − 1) / 2`),
      slip(told(GAPS), `⌊${d} × ${k} / 2⌋`),
      slip(
        [
          t("padding=1 as a rule"),
          plural("Here it leaves {count} row.", "Here it leaves {count} rows.", outputSize(one)),
        ],
        1,
      ),
      slip([t("the kernel's size"), t("The window sticks out by less than its size.")], k),
    ],
  };
}

function halve(random, hard) {
  const kernel = random.pick([2, 3, 3, 4, 5, 7]);
  const dilation = hard ? random.pick([1, 1, 2]) : 1;
  const size = random.pick([16, 28, 32, 56, 64, 112, 224]);
  // With stride 2, one more on each side is one more window: so there is one answer.
  const answer = Math.ceil(effectiveKernelSize(kernel, dilation) / 2) - 1;
  const axis = padded({ size, kernel, stride: 2, dilation }, answer);
  const leaves = (turn, padding) => {
    const other = padded(axis, padding);
    if (travel(other) < 0) return [];
    return [{ ...slip(turn, padding), equations: [equation(sizeSum(other))] }];
  };
  return {
    code: layerCode({ ...layerOf([axis, axis], 16, 32), padding: "?" }),
    input: [1, 16, size, size],
    ask: t("Which padding turns {size} rows into {half}?", { size, half: size / 2 }),
    choose: true,
    answer: [answer],
    hint: t("Try each in the size formula. The floor forgives one row."),
    working: formulas([axis]),
    slips: [
      ...leaves(
        [t("the stride alone"), t("The window does not reach past the edge, so rows are lost.")],
        0,
      ),
      ...leaves(told(BOTH_SIDES), 2 * answer),
      ...leaves([t("one too many"), t("That is enough for one row more.")], answer + 1),
      ...leaves(told(GAPLESS), samePadding(kernel, 1)[0]),
    ],
    least: 0,
  };
}

function same(random, hard) {
  const k = random.pick([2, 3, 4, 4, 5, 6]);
  const d = random.pick(hard ? [1, 2, 3] : [1, 1, 2]);
  const [before, after] = samePadding(k, d);
  const total = before + after;
  const axis = { kernel: k, stride: 1, dilation: d };
  return {
    code: layerCode({ ...layerOf([axis, axis], 4, 4), padding: "same" }),
    ask: t("How many rows does it add above the input, and how many below?"),
    labels: [t("above"), t("below")],
    answer: [before, after],
    hint: t("Together they make up for dilation · (kernel − 1). An odd row goes to the end."),
    working: [
      [t("together"), `${d} × (${k} − 1)`],
      [t("above"), `⌊${total} / 2⌋`],
      [t("below"), `${total} − ${before}`],
    ],
    slips: [
      slip(
        [t("the odd row on top"), t("PyTorch puts it at the end: below, and on the right.")],
        after,
        before,
      ),
      slip([t("rounding up on both sides"), t("Together that is one row too many.")], after, after),
      slip(
        [t("rounding down on both sides"), t("Together that is one row too few.")],
        before,
        before,
      ),
      slip(told(GAPLESS), `⌊(${k} − 1) / 2⌋`, `⌈(${k} − 1) / 2⌉`),
      slip(told(GAPS), `⌊${d} × ${k} / 2⌋`, `⌈${d} × ${k} / 2⌉`),
      slip([t("all of it on each side"), t("The two sides share it.")], total, total),
    ],
    least: 0,
  };
}

export const padding = [keep, halve, same];

// ---------------------------------------------------------------------------------- dilation

function drawDilated(random) {
  const [kernel, dilation] = [random.between(2, 7), random.between(2, 6)];
  const layer = {
    in_channels: 1,
    out_channels: 1,
    kernel_size: [kernel, kernel],
    dilation,
    bias: false,
  };
  return { k: kernel, d: dilation, layer, span: effectiveKernelSize(kernel, dilation) };
}

const EVERY_GAP = english("Every gap grows, not one.");

function span(random) {
  const { k, d, layer, span } = drawDilated(random);
  return {
    code: layerCode(layer),
    ask: t("How many rows does one window span, from its first tap to its last?"),
    answer: [span],
    hint: t("Draw the taps: x · x · x. Count the gaps between them."),
    working: [[t("span"), `${d} × (${k} − 1) + 1`]],
    slips: [
      slip(told(GAPS), `${d} × ${k}`),
      slip(told(GAPLESS), k),
      slip(
        [t("the last tap forgotten"), t("Count the steps between taps, and one tap.")],
        `${d} × (${k} − 1)`,
      ),
      slip(
        [t("d rows skipped for d − 1"), t("Dilation is the step from tap to tap; 1 means no gap.")],
        `(${d} + 1) × (${k} − 1) + 1`,
      ),
      slip([t("k + d"), t(EVERY_GAP)], `${k} + ${d}`),
    ],
  };
}

function gap(random) {
  const { k, d, layer } = drawDilated(random);
  return {
    code: layerCode(layer),
    ask: t("How many rows are skipped between two neighbouring taps?"),
    answer: [d - 1],
    hint: t("Dilation is the step from one tap to the next."),
    working: [[t("skipped"), `${d} − 1`]],
    slips: [
      slip(
        [t("the step for the gap"), t("A step of 1 skips nothing, so a step of d skips d − 1.")],
        d,
      ),
      slip([t("all gaps together"), t("That is the whole window.")], `(${d} − 1) × (${k} − 1)`),
      slip([t("one too many"), t("Neither of the two taps counts.")], `${d} + 1`),
    ],
  };
}

function weights(random) {
  const { k, layer, span } = drawDilated(random);
  return {
    code: layerCode(layer),
    ask: t("How many weights does the layer have?"),
    answer: [k * k],
    hint: t("The pixels between the taps are skipped, not multiplied."),
    working: [[t("weights"), `${k} × ${k}`]],
    slips: [
      slip([t("the gaps counted too"), t("Only taps have weights.")], `${span} × ${span}`),
      slip([t("one side of the kernel"), t("The kernel has rows and columns.")], k),
      slip(told(ADDED), `${k} + ${k}`),
    ],
  };
}

function wanted(random) {
  const { k, d, layer, span } = drawDilated(random);
  return {
    code: layerCode({ ...layer, dilation: "?" }),
    ask: t("Which dilation makes one window span {span} rows?", { span }),
    answer: [d],
    hint: t("The span is dilation · (kernel − 1) + 1."),
    working: [
      [t("steps"), `${k} − 1`],
      ["dilation", `(${span} − 1) / ${k - 1}`],
    ],
    slips: [
      slip([t("the gap for the step"), t("dilation=1 means no gap: it is one more.")], `${d} − 1`),
      slip(told(GAPS), `⌊${span} / ${k}⌋`),
      slip([t("span − k"), t(EVERY_GAP)], `${span} − ${k}`),
      slip([t("the last tap forgotten"), t("It takes up a row too.")], `⌈${span} / (${k} − 1)⌉`),
    ],
  };
}

export const dilation = [span, gap, weights, wanted];

// ---------------------------------------------------------------------------------- stacks

function drawStack(random, hard) {
  const layers = range(hard ? 3 : random.between(2, 3)).map(() => ({
    kernel: random.pick(hard ? [1, 3, 3, 5, 7] : [3, 3, 3, 5]),
    stride: random.pick([1, 1, 2, 2, 3]),
    dilation: hard ? random.pick([1, 1, 2]) : 1,
  }));
  const lines = layers.map(
    ({ kernel, ...rest }) =>
      `  ${layerCode({ in_channels: 8, out_channels: 8, kernel_size: [kernel, kernel], ...rest })},`,
  );
  return { layers, code: ["Sequential(", ...lines, ")"].join("\n") };
}

function field(random, hard) {
  const { layers, code } = drawStack(random, hard);
  const after = (count) => receptiveField(layers.slice(0, count));
  const jump = (index) => after(index).jump;
  const reach = ({ kernel: k, dilation: d }) => (d === 1 ? `(${k} − 1)` : `${d} × (${k} − 1)`);
  const sum = (reach, jump) =>
    layers.reduce((text, layer, index) => `${text} + ${reach(layer)} × ${jump(index)}`, "1");
  const kernels = layers.map(({ kernel }) => kernel);
  return {
    code,
    ask: t("How many rows of the input does one output pixel see?"),
    answer: [after(layers.length).size],
    hint: t(
      "Start with 1. Each layer adds dilation · (kernel − 1) · jump. " +
        "The jump is the product of the strides before it.",
    ),
    working: layers.map((layer, index) => [
      t("layer {number}", { number: index + 1 }),
      `${after(index).size} + ${reach(layer)} × ${jump(index)}`,
    ]),
    slips: [
      slip(
        [t("strides ignored"), t("After a stride of 2, one step is two input pixels.")],
        sum(reach, () => 1),
      ),
      slip(
        [t("kernels added"), t("Neighbouring windows overlap: a layer adds kernel − 1 steps.")],
        kernels.join(" + "),
      ),
      slip(
        [t("a layer's own stride counted"), t("A stride spreads the layers after it only.")],
        sum(reach, (index) => jump(index + 1)),
      ),
      slip(
        told(GAPLESS),
        sum(({ kernel }) => `(${kernel} − 1)`, jump),
      ),
      slip(
        told(GAPS),
        sum(({ kernel: k, dilation: d }) => `(${d} × ${k} − 1)`, jump),
      ),
      slip([t("kernels multiplied"), t("Each layer adds to the field.")], kernels.join(" × ")),
    ],
  };
}

function jump(random, hard) {
  const { layers, code } = drawStack(random, hard);
  const strides = layers.map(({ stride }) => stride);
  return {
    code,
    ask: t("Go one row down in the output. How many rows does its receptive field go down?"),
    answer: [receptiveField(layers).jump],
    hint: t("One step in a layer's output is a whole stride in its input."),
    working: [[t("jump"), strides.join(" × ")]],
    slips: [
      slip(
        [t("strides added"), t("Each stride multiplies the steps of the others.")],
        strides.join(" + "),
      ),
      slip([t("the last stride alone"), t("The layers before it stride too.")], strides.at(-1)),
      slip([t("the first stride alone"), t("The layers after it stride too.")], strides[0]),
      slip([t("no stride"), t("Only stride 1 leaves neighbours one pixel apart.")], 1),
    ],
  };
}

export const receptiveFields = [field, jump];

// ---------------------------------------------------------------------------------- pixels

function count(random, hard) {
  const size = random.between(5, 8);
  const kernel = random.pick([2, 3, 3, 4]);
  const stride = random.pick([1, 1, 2]);
  const dilation = hard ? random.pick([1, 1, 2]) : 1;
  const axis = padded({ size, kernel, stride, dilation }, random.pick([0, 1, 1, 2]));
  const place = () => random.pick([0, 0, 1, random.between(0, size - 1), size - 1]);
  const pixel = [place(), place()];
  const uses = (axis) => pixel.map((index) => readers(axis, index, "zeros").length);
  const changed = (change) => {
    const other = { ...axis, ...change };
    return travel(other) < 0 ? 0 : uses(other).join(" × ");
  };
  if (travel(axis) < 0) return null;
  const [down, across] = uses(axis);
  return {
    code: layerCode(plainLayer(axis)),
    input: [1, 1, size, size],
    picture: { size, pixel },
    ask: t("How many outputs read the pixel in row {row}, column {column}?", {
      row: pixel[0],
      column: pixel[1],
    }),
    answer: [down * across],
    hint: t("Count the rows of windows that meet its row, and the columns that meet its column."),
    working: [
      [t("rows of windows"), `${down}`],
      [t("columns of windows"), `${across}`],
      [t("outputs"), `${down} × ${across}`],
    ],
    slips: [
      slip(
        [t("every tap meets every pixel"), t("So it is far from the edge, with stride 1.")],
        `${kernel} × ${kernel}`,
      ),
      slip(told(UNPADDED), changed({ before: 0, after: 0 })),
      slip(told(STRIDELESS), changed({ stride: 1 })),
      slip(
        [t("dilation ignored"), t("A window reads under its taps only.")],
        changed({ dilation: 1 }),
      ),
      slip(
        [t("added for multiplied"), t("Every row of windows meets every column.")],
        `${down} + ${across}`,
      ),
    ],
    least: 0,
  };
}

function unread(random, hard) {
  const draft = {
    ...drawAxis(random),
    size: random.between(7, 20),
    stride: random.pick([2, 3, 4]),
  };
  const axis = hard ? draft : padded(draft, 0);
  const { size, before: p, kernel, stride } = axis;
  if (travel(axis) < 0 || kernel < stride || leftover(axis) === 0) return null; // no row is lost
  const rows = size + 2 * p;
  const start = (outputSize(axis) - 1) * stride;
  const answer = unreadIndices(axis, "zeros").length;
  const end = `${rows} − ${start + kernel}`;
  const left = leftover(axis);
  return {
    code: layerCode(plainLayer(axis)),
    input: [1, 1, size, size],
    ask: t("How many rows at the bottom of the input does no window read?"),
    answer: [answer],
    hint: t("Find where the last window ends."),
    working: [
      [t("last window's start"), `(${outputSize(axis)} − 1) × ${stride}`],
      [t("its end"), `${start} + ${kernel}`],
      [t("rows after it"), end],
      ...(p ? [[t("less the padding"), `${left} − ${left - answer}`]] : []),
    ],
    slips: [
      slip(
        [t("every row is read"), t("One more window would not fit, so the floor leaves rows out.")],
        0,
      ),
      slip([t("padding counted too"), t("The last of these rows are padding.")], end),
      slip(told(REMAINDER), `${stride} − 1`),
      slip(
        [t("the last window's start for its end"), t("It reads as many rows as the kernel has.")],
        `${rows} − ${start}`,
      ),
    ],
    least: 0,
  };
}

function holes(random) {
  const stride = random.between(2, 4);
  const kernel = random.between(1, stride - 1);
  const size = random.between(5, 12);
  const axis = padded({ size, kernel, stride, dilation: 1 }, 0);
  const windows = outputSize(axis);
  const read = size - unreadIndices(axis, "zeros").length;
  return {
    code: layerCode(plainLayer(axis)),
    input: [1, 1, size, size],
    ask: t("How many of the {count} input pixels are read at all?", { count: size ** 2 }),
    answer: [read * read],
    hint: t("The windows jump over rows, and over columns. First count the rows that are read."),
    working: [
      [t("rows of windows"), sizeSum(axis)],
      [t("rows read"), `${windows} × ${kernel}`],
      [t("pixels read"), `${read} × ${read}`],
    ],
    slips: [
      slip(
        [t("all of them"), t("No window reaches to the start of the next one.")],
        `${size} × ${size}`,
      ),
      slip([t("columns forgotten"), t("Columns are jumped over as well.")], `${read} × ${size}`),
      slip(
        [t("one pixel for each output"), t("A window reads a pixel under each tap.")],
        `${windows} × ${windows}`,
      ),
      slip(
        [t("the unread ones"), t("Those are the others.")],
        `${size} × ${size} − ${read} × ${read}`,
      ),
    ],
  };
}

export const pixelUsage = [count, unread, holes];

// ---------------------------------------------------------------------------------- transposed

function drawTransposed(random, hard) {
  const stride = random.between(1, 4);
  const axis = {
    size: random.pick([7, 14, random.between(3, 20)]),
    kernel: random.between(2, 5),
    stride,
    dilation: hard ? random.pick([1, 1, 2]) : 1,
    extra: random.between(0, stride - 1),
  };
  return padded(axis, random.between(0, 2));
}

/** The transposed size as a sum; `change` replaces some of its terms. */
function transposedSum({ size, kernel: k, stride: s, dilation: d, before: p, extra }, change) {
  const terms = {
    steps: `(${size} − 1) × ${s}`,
    cut: p ? ` − 2 × ${p}` : "",
    reach: d === 1 ? ` + (${k} − 1)` : ` + ${d} × (${k} − 1)`,
    more: extra ? ` + ${extra}` : "",
    ...change,
  };
  return `${terms.steps}${terms.cut}${terms.reach}${terms.more} + 1`;
}

function enlarged(random, hard) {
  const axis = drawTransposed(random, hard);
  const { size, kernel: k, stride: s, dilation: d, before: p, extra } = axis;
  if (transposedSize(axis) < 1) return null;
  const layer = { ...layerOf([axis, axis], 4, 2), output_padding: extra };
  return {
    code: layerCode(layer, "ConvTranspose2d"),
    input: [1, 4, size, size],
    ask: t("How many rows does the output have?"),
    answer: [transposedSize(axis)],
    hint: t("(size − 1) · stride − 2 · padding + dilation · (kernel − 1) + output_padding + 1"),
    working: [["H_out", transposedSum(axis)]],
    slips: [
      slip(
        [t("the formula of Conv2d"), t("A transposed layer goes the other way.")],
        sizeSum(axis),
      ),
      slip(
        [t("padding added"), t("Here padding cuts rows off: more padding, less output.")],
        transposedSum(axis, { cut: ` + 2 × ${p}` }),
      ),
      slip(told(ONE_SIDE), transposedSum(axis, { cut: ` − ${p}` })),
      slip(
        [t("output_padding ignored"), t("It adds rows at the bottom.")],
        transposedSum(axis, { more: "" }),
      ),
      slip(
        [t("size · stride"), t("So it is only if the other terms cancel out.")],
        `${size} × ${s}`,
      ),
      slip(
        [t("size for size − 1"), t("From the first input to the last there are size − 1 steps.")],
        transposedSum(axis, { steps: `${size} × ${s}` }),
      ),
      slip(told(GAPS), transposedSum(axis, { reach: ` + ${d} × ${k}` })),
    ],
  };
}

function back(random, hard) {
  const axis = { ...drawTransposed(random, hard), size: random.between(8, 32), extra: 0 };
  if (axis.stride === 1 || travel(axis) < 0) return null;
  const { size } = axis;
  const small = outputSize(axis);
  const sum = transposedSum({ ...axis, size: small });
  const layer = plainLayer(axis);
  return {
    code: `${layerCode(layer)}\n${layerCode({ ...layer, output_padding: "?" }, "ConvTranspose2d")}`,
    input: [1, 1, size, size],
    ask: t(
      "The first layer turns {size} rows into {small}. " +
        "Which output_padding gives the {size} back?",
      { size, small },
    ),
    answer: [leftover(axis)],
    hint: t(
      "With output_padding=0 it is " +
        "(size − 1) · stride − 2 · padding + dilation · (kernel − 1) + 1.",
    ),
    working: [
      [t("with 0"), sum],
      [t("missing"), `${size} − ${evaluate(sum)}`],
    ],
    slips: backSlips(axis, small, evaluate(sum)),
    least: 0,
  };
}

/** `given` is the number of rows that output_padding=0 gives. */
function backSlips({ size, stride, before }, small, given) {
  return [
    slip(
      [
        t("the exact inverse"),
        t("With 0 it gives {rows} rows: the floor lost some.", { rows: given }),
      ],
      0,
    ),
    slip(told(REMAINDER), `${stride} − 1`),
    slip(
      [t("the multiple of the stride"), t("The kernel and the padding count too.")],
      `${size} − ${small} × ${stride}`,
    ),
    slip(
      [t("the same as padding"), t("It goes to one side, and mends what the floor lost.")],
      before,
    ),
    slip([t("always 1"), t("It mends what the floor lost: a remainder of the stride.")], 1),
  ];
}

function transposedWeight(random) {
  const groups = random.pick([1, 2, 4]);
  const [a, b] = [groups * random.between(1, 8), groups * random.between(1, 8)];
  const k = random.between(2, 5);
  const layer = { in_channels: a, out_channels: b, kernel_size: [k, k], groups };
  return {
    code: layerCode(layer, "ConvTranspose2d"),
    ask: t("What is the shape of its weight?"),
    // the weight of the convolution that it turns round, which leads from b channels to a
    answer: weightShape({ ...layer, in_channels: b, out_channels: a }),
    hint: t("(in_channels, out_channels / groups, k_h, k_w): the other way round than Conv2d."),
    working: [
      ["in_channels", `${a}`],
      ["out_channels / groups", `${b} / ${groups}`],
    ],
    slips: [
      slip(
        [t("the order of Conv2d"), t("A transposed layer stores in_channels first.")],
        ...weightShape(layer),
      ),
      slip(
        [t("groups forgotten"), t("An input plane feeds the outputs of its own group only.")],
        a,
        b,
        k,
        k,
      ),
      slip(
        [t("in_channels divided"), t("Here out_channels is divided by groups.")],
        `${a} / ${groups}`,
        b,
        k,
        k,
      ),
    ],
  };
}

export const transposed = [enlarged, back, transposedWeight];
