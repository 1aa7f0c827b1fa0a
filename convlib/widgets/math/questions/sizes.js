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
const GAPS = ["d · k for d · (k − 1)", "Between k taps there are k − 1 gaps, not k."];
const GAPLESS = ["dilation ignored", "Dilation moves the taps apart, so a window spans more."];
const BOTH_SIDES = ["both sides for one", "padding is the number on each side."];
const ONE_SIDE = ["padding counted once", "padding is on both sides, so it counts twice."];
const STRIDELESS = ["stride ignored", "The window moves in strides, so there are fewer windows."];
const UNPADDED = ["padding ignored", "The window moves over the padding too."];
const REMAINDER = ["stride − 1 as a rule", "It is a remainder, which may be less."];
export const SWAPPED = ["(width, height) for (height, width)", "PyTorch names the height first."];
const ADDED = ["added for multiplied", "Every row has a number for each column."];

// ---------------------------------------------------------------------------------- output size

const SIZE_HINT = "⌊(size + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1 on each axis.";
const SIZE_SLIPS = {
  ceil: ["ceil for floor", "PyTorch rounds down: a window that does not fit whole is left out."],
  product: GAPS,
  once: ONE_SIDE,
  strideless: STRIDELESS,
  first: ["the first window forgotten", "The quotient counts steps; the first window needs none."],
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
    slip(SIZE_SLIPS[name], ...before, ...axes.map((axis) => sizeSum(axis, name))),
  );

const formulas = (axes) => axes.map((axis, index) => ({ axis, letter: "HW"[index] }));

function rows(random, hard) {
  const axis = drawAxis(random, hard);
  if (travel(axis) < 0) return null;
  const channels = random.pick([1, 3, 8, 64]);
  return {
    code: layerCode(layerOf([axis, axis], channels, random.pick([8, 16, 32]))),
    input: [1, channels, axis.size, axis.size],
    ask: "How many rows does the output have?",
    answer: [outputSize(axis)],
    hint: SIZE_HINT,
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
    ask: "What are the height and the width of the output?",
    labels: ["height", "width"],
    answer,
    hint: SIZE_HINT,
    working: formulas(axes),
    slips: [slip(SWAPPED, ...answer.toReversed()), ...sizeSlips(axes)],
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
    ask: "What is the shape of the output?",
    answer: [images, planes, ...sizes],
    hint: `(N, C_out, H_out, W_out). ${SIZE_HINT}`,
    working: [["N", `${images}, as in the input`], ["C_out", `${planes}`], ...formulas(axes)],
    slips: [
      slip(
        ["in_channels for out_channels", "The layer gives out_channels planes."],
        images,
        channels,
        ...sizes,
      ),
      slip(SWAPPED, images, planes, ...sizes.toReversed()),
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
    ask: `Which padding keeps the ${size} rows?`,
    answer: [answer],
    hint: "Both sides together make up for dilation · (kernel − 1).",
    working: [
      ["both sides", `${d} × (${k} − 1)`],
      ["one side", `${2 * answer} / 2`],
      ...formulas([axis]),
    ],
    slips: [
      slip(BOTH_SIDES, `${d} × (${k} − 1)`),
      slip(GAPLESS, `(${k} − 1) / 2`),
      slip(GAPS, `⌊${d} × ${k} / 2⌋`),
      slip(["padding=1 as a rule", `Here it leaves ${outputSize(one)} rows.`], 1),
      slip(["the kernel's size", "The window sticks out by less than its size."], k),
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
  const leaves = ([name, why], padding) => {
    const other = padded(axis, padding);
    if (travel(other) < 0) return [];
    return [{ ...slip([name, why], padding), equations: [equation(sizeSum(other))] }];
  };
  return {
    code: layerCode({ ...layerOf([axis, axis], 16, 32), padding: "?" }),
    input: [1, 16, size, size],
    ask: `Which padding turns ${size} rows into ${size / 2}?`,
    choose: true,
    answer: [answer],
    hint: "Try each in the size formula. The floor forgives one row.",
    working: formulas([axis]),
    slips: [
      ...leaves(
        ["the stride alone", "The window does not reach past the edge, so rows are lost."],
        0,
      ),
      ...leaves(BOTH_SIDES, 2 * answer),
      ...leaves(["one too many", "That is enough for one row more."], answer + 1),
      ...leaves(GAPLESS, samePadding(kernel, 1)[0]),
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
    ask: "How many rows does it add above the input, and how many below?",
    labels: ["above", "below"],
    answer: [before, after],
    hint: "Together they make up for dilation · (kernel − 1). An odd row goes to the end.",
    working: [
      ["together", `${d} × (${k} − 1)`],
      ["above", `⌊${total} / 2⌋`],
      ["below", `${total} − ${before}`],
    ],
    slips: [
      slip(
        ["the odd row on top", "PyTorch puts it at the end: below, and on the right."],
        after,
        before,
      ),
      slip(["rounding up on both sides", "Together that is one row too many."], after, after),
      slip(["rounding down on both sides", "Together that is one row too few."], before, before),
      slip(GAPLESS, `⌊(${k} − 1) / 2⌋`, `⌈(${k} − 1) / 2⌉`),
      slip(GAPS, `⌊${d} × ${k} / 2⌋`, `⌈${d} × ${k} / 2⌉`),
      slip(["all of it on each side", "The two sides share it."], total, total),
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

const EVERY_GAP = "Every gap grows, not one.";

function span(random) {
  const { k, d, layer, span } = drawDilated(random);
  return {
    code: layerCode(layer),
    ask: "How many rows does one window span, from its first tap to its last?",
    answer: [span],
    hint: "Draw the taps: x · x · x. Count the gaps between them.",
    working: [["span", `${d} × (${k} − 1) + 1`]],
    slips: [
      slip(GAPS, `${d} × ${k}`),
      slip(GAPLESS, k),
      slip(
        ["the last tap forgotten", "Count the steps between taps, and one tap."],
        `${d} × (${k} − 1)`,
      ),
      slip(
        ["d rows skipped for d − 1", "Dilation is the step from tap to tap; 1 means no gap."],
        `(${d} + 1) × (${k} − 1) + 1`,
      ),
      slip(["k + d", EVERY_GAP], `${k} + ${d}`),
    ],
  };
}

function gap(random) {
  const { k, d, layer } = drawDilated(random);
  return {
    code: layerCode(layer),
    ask: "How many rows are skipped between two neighbouring taps?",
    answer: [d - 1],
    hint: "Dilation is the step from one tap to the next.",
    working: [["skipped", `${d} − 1`]],
    slips: [
      slip(["the step for the gap", "A step of 1 skips nothing, so a step of d skips d − 1."], d),
      slip(["all gaps together", "That is the whole window."], `(${d} − 1) × (${k} − 1)`),
      slip(["one too many", "Neither of the two taps counts."], `${d} + 1`),
    ],
  };
}

function weights(random) {
  const { k, layer, span } = drawDilated(random);
  return {
    code: layerCode(layer),
    ask: "How many weights does the layer have?",
    answer: [k * k],
    hint: "The pixels between the taps are skipped, not multiplied.",
    working: [["weights", `${k} × ${k}`]],
    slips: [
      slip(["the gaps counted too", "Only taps have weights."], `${span} × ${span}`),
      slip(["one side of the kernel", "The kernel has rows and columns."], k),
      slip(ADDED, `${k} + ${k}`),
    ],
  };
}

function wanted(random) {
  const { k, d, layer, span } = drawDilated(random);
  return {
    code: layerCode({ ...layer, dilation: "?" }),
    ask: `Which dilation makes one window span ${span} rows?`,
    answer: [d],
    hint: "The span is dilation · (kernel − 1) + 1.",
    working: [
      ["steps", `${k} − 1`],
      ["dilation", `(${span} − 1) / ${k - 1}`],
    ],
    slips: [
      slip(["the gap for the step", "dilation=1 means no gap: it is one more."], `${d} − 1`),
      slip(GAPS, `⌊${span} / ${k}⌋`),
      slip(["span − k", EVERY_GAP], `${span} − ${k}`),
      slip(["the last tap forgotten", "It takes up a row too."], `⌈${span} / (${k} − 1)⌉`),
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
    ask: "How many rows of the input does one output pixel see?",
    answer: [after(layers.length).size],
    hint:
      "Start with 1. Each layer adds dilation · (kernel − 1) · jump. " +
      "The jump is the product of the strides before it.",
    working: layers.map((layer, index) => [
      `layer ${index + 1}`,
      `${after(index).size} + ${reach(layer)} × ${jump(index)}`,
    ]),
    slips: [
      slip(
        ["strides ignored", "After a stride of 2, one step is two input pixels."],
        sum(reach, () => 1),
      ),
      slip(
        ["kernels added", "Neighbouring windows overlap: a layer adds kernel − 1 steps."],
        kernels.join(" + "),
      ),
      slip(
        ["a layer's own stride counted", "A stride spreads the layers after it only."],
        sum(reach, (index) => jump(index + 1)),
      ),
      slip(
        GAPLESS,
        sum(({ kernel }) => `(${kernel} − 1)`, jump),
      ),
      slip(
        GAPS,
        sum(({ kernel: k, dilation: d }) => `(${d} × ${k} − 1)`, jump),
      ),
      slip(["kernels multiplied", "Each layer adds to the field."], kernels.join(" × ")),
    ],
  };
}

function jump(random, hard) {
  const { layers, code } = drawStack(random, hard);
  const strides = layers.map(({ stride }) => stride);
  return {
    code,
    ask: "Go one row down in the output. How many rows does its receptive field go down?",
    answer: [receptiveField(layers).jump],
    hint: "One step in a layer's output is `stride` steps in its input.",
    working: [["jump", strides.join(" × ")]],
    slips: [
      slip(
        ["strides added", "Each stride multiplies the steps of the others."],
        strides.join(" + "),
      ),
      slip(["the last stride alone", "The layers before it stride too."], strides.at(-1)),
      slip(["the first stride alone", "The layers after it stride too."], strides[0]),
      slip(["no stride", "Only stride 1 leaves neighbours one pixel apart."], 1),
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
    ask: `How many outputs read the pixel in row ${pixel[0]}, column ${pixel[1]}?`,
    answer: [down * across],
    hint: "Count the rows of windows that meet its row, and the columns that meet its column.",
    working: [
      ["rows of windows", `${down}`],
      ["columns of windows", `${across}`],
      ["outputs", `${down} × ${across}`],
    ],
    slips: [
      slip(
        ["every tap meets every pixel", "So it is far from the edge, with stride 1."],
        `${kernel} × ${kernel}`,
      ),
      slip(UNPADDED, changed({ before: 0, after: 0 })),
      slip(STRIDELESS, changed({ stride: 1 })),
      slip(["dilation ignored", "A window reads under its taps only."], changed({ dilation: 1 })),
      slip(
        ["added for multiplied", "Every row of windows meets every column."],
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
    ask: "How many rows at the bottom of the input does no window read?",
    answer: [answer],
    hint: "Find where the last window ends.",
    working: [
      ["last window's start", `(${outputSize(axis)} − 1) × ${stride}`],
      ["its end", `${start} + ${kernel}`],
      ["rows after it", end],
      ...(p ? [["less the padding", `${left} − ${left - answer}`]] : []),
    ],
    slips: [
      slip(
        ["every row is read", "One more window would not fit, so the floor leaves rows out."],
        0,
      ),
      slip(["padding counted too", "The last of these rows are padding."], end),
      slip(REMAINDER, `${stride} − 1`),
      slip(
        ["the last window's start for its end", "It reads as many rows as the kernel has."],
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
    ask: `How many of the ${size * size} input pixels are read at all?`,
    answer: [read * read],
    hint: "The windows jump over rows, and over columns. First count the rows that are read.",
    working: [
      ["rows of windows", sizeSum(axis)],
      ["rows read", `${windows} × ${kernel}`],
      ["pixels read", `${read} × ${read}`],
    ],
    slips: [
      slip(["all of them", "No window reaches to the start of the next one."], `${size} × ${size}`),
      slip(["columns forgotten", "Columns are jumped over as well."], `${read} × ${size}`),
      slip(
        ["one pixel for each output", "A window reads a pixel under each tap."],
        `${windows} × ${windows}`,
      ),
      slip(["the unread ones", "Those are the others."], `${size} × ${size} − ${read} × ${read}`),
    ],
  };
}

export const pixelUsage = [count, unread, holes];

// ---------------------------------------------------------------------------------- transposed

const TRANSPOSED_HINT =
  "(size − 1) · stride − 2 · padding + dilation · (kernel − 1) + output_padding + 1";

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
    ask: "How many rows does the output have?",
    answer: [transposedSize(axis)],
    hint: TRANSPOSED_HINT,
    working: [["H_out", transposedSum(axis)]],
    slips: [
      slip(["the formula of Conv2d", "A transposed layer goes the other way."], sizeSum(axis)),
      slip(
        ["padding added", "Here padding cuts rows off: more padding, less output."],
        transposedSum(axis, { cut: ` + 2 × ${p}` }),
      ),
      slip(ONE_SIDE, transposedSum(axis, { cut: ` − ${p}` })),
      slip(
        ["output_padding ignored", "It adds rows at the bottom."],
        transposedSum(axis, { more: "" }),
      ),
      slip(["size · stride", "So it is only if the other terms cancel out."], `${size} × ${s}`),
      slip(
        ["size for size − 1", "From the first input to the last there are size − 1 steps."],
        transposedSum(axis, { steps: `${size} × ${s}` }),
      ),
      slip(GAPS, transposedSum(axis, { reach: ` + ${d} × ${k}` })),
    ],
  };
}

function back(random, hard) {
  const axis = { ...drawTransposed(random, hard), size: random.between(8, 32), extra: 0 };
  if (axis.stride === 1 || travel(axis) < 0) return null;
  const { size, stride, before } = axis;
  const small = outputSize(axis);
  const sum = transposedSum({ ...axis, size: small });
  const layer = plainLayer(axis);
  return {
    code: `${layerCode(layer)}\n${layerCode({ ...layer, output_padding: "?" }, "ConvTranspose2d")}`,
    input: [1, 1, size, size],
    ask:
      `The first layer turns ${size} rows into ${small}. ` +
      `Which output_padding gives the ${size} back?`,
    answer: [leftover(axis)],
    hint: `With output_padding=0 it is ${TRANSPOSED_HINT.replace(" + output_padding", "")}.`,
    working: [
      ["with 0", sum],
      ["missing", `${size} − ${evaluate(sum)}`],
    ],
    slips: [
      slip(["the exact inverse", `With 0 it gives ${evaluate(sum)} rows: the floor lost some.`], 0),
      slip(REMAINDER, `${stride} − 1`),
      slip(
        ["the multiple of the stride", "The kernel and the padding count too."],
        `${size} − ${small} × ${stride}`,
      ),
      slip(["the same as padding", "It goes to one side, and mends what the floor lost."], before),
      slip(["always 1", "It mends what the floor lost: a remainder of the stride."], 1),
    ],
    least: 0,
  };
}

function transposedWeight(random) {
  const groups = random.pick([1, 2, 4]);
  const [a, b] = [groups * random.between(1, 8), groups * random.between(1, 8)];
  const k = random.between(2, 5);
  const layer = { in_channels: a, out_channels: b, kernel_size: [k, k], groups };
  return {
    code: layerCode(layer, "ConvTranspose2d"),
    ask: "What is the shape of its weight?",
    // the weight of the convolution that it turns round, which leads from b channels to a
    answer: weightShape({ ...layer, in_channels: b, out_channels: a }),
    hint: "(in_channels, out_channels / groups, k_h, k_w): the other way round than Conv2d.",
    working: [
      ["in_channels", `${a}`],
      ["out_channels / groups", `${b} / ${groups}`],
    ],
    slips: [
      slip(
        ["the order of Conv2d", "A transposed layer stores in_channels first."],
        ...weightShape(layer),
      ),
      slip(
        ["groups forgotten", "An input plane feeds the outputs of its own group only."],
        a,
        b,
        k,
        k,
      ),
      slip(
        ["in_channels divided", "Here out_channels is divided by groups."],
        `${a} / ${groups}`,
        b,
        k,
        k,
      ),
    ],
  };
}

export const transposed = [enlarged, back, transposedWeight];
