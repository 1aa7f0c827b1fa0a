/** Questions on weights that come from elsewhere, in the manner of sizes.js. */
import { range } from "../lists.js";
import { evaluate, term } from "../sums.js";
import { english, t } from "../words.js";
import { layerCode, SWAPPED, slip } from "./sizes.js";

// ---------------------------------------------------------------------------------- axes

const AXES = [english("out"), english("in"), english("k_h"), english("k_w")];
const COMMON = ["k_h k_w in out", "out k_h k_w in", "k_h k_w out in", "in k_h k_w out"];

/** Four axes in another order than PyTorch's. */
function drawOrder(random, hard) {
  if (!hard) return random.pick(COMMON).split(" ");
  const left = [...AXES];
  return AXES.map(() => left.splice(random.between(0, left.length - 1), 1)[0]);
}

function axes(random, hard) {
  const order = drawOrder(random, hard);
  const answer = AXES.map((axis) => order.indexOf(axis));
  if (answer.every((place, index) => place === index)) return null;
  const sizes = { out: 32, in: random.pick([8, 16]), k_h: 3, k_w: random.pick([5, 7]) };
  const [o, i, h, w] = answer;
  return {
    code:
      `w.shape == (${order.map((axis) => sizes[axis]).join(", ")})  ` + `# (${order.join(", ")})`,
    ask: t("Which four numbers does w.transpose take, so that w fits Conv2d?"),
    labels: AXES.map((axis) => t(axis)),
    places: true,
    answer,
    hint: t("Conv2d wants (out, in, k_h, k_w). Where does each of them stand now? Count from 0."),
    working: AXES.map((axis, index) => [t(axis), t("stands at {place}", { place: answer[index] })]),
    slips: [
      slip(
        [t("where each axis goes"), t("transpose is told where each axis comes from.")],
        ...order.map((axis) => AXES.indexOf(axis)),
      ),
      slip(
        [t("in and out exchanged"), t("Conv2d has out first; ConvTranspose2d has in first.")],
        i,
        o,
        h,
        w,
      ),
      slip([t(SWAPPED[0]), t("The height comes before the width.")], o, i, w, h),
      slip([t("counted from 1"), t("The first axis is axis 0.")], o + 1, i + 1, h + 1, w + 1),
      slip([t("left as it is"), t("So w keeps the order it has.")], 0, 1, 2, 3),
    ],
    least: 0,
  };
}

// ---------------------------------------------------------------------------------- ONNX

function pads(random) {
  const [top, left, bottom, right] = range(4).map(() => random.between(0, 3));
  return {
    code: `Conv, pads=[${[top, left, bottom, right].join(", ")}]`,
    ask: t("An ONNX file says so. Which four numbers does torch's pad take for the same border?"),
    labels: [t("left"), t("right"), t("top"), t("bottom")],
    answer: [left, right, top, bottom],
    hint: t("ONNX: all beginnings, then all ends. pad begins with the last axis."),
    working: [
      [t("beginnings"), t("top {top}, left {left}", { top, left })],
      [t("ends"), t("bottom {bottom}, right {right}", { bottom, right })],
      [t("pad"), `(${[left, right, top, bottom].join(", ")})`],
    ],
    slips: [
      slip(
        [t("copied as they are"), t("ONNX has both beginnings first.")],
        top,
        left,
        bottom,
        right,
      ),
      slip(
        [t("rows first"), t("pad begins with the last axis: the columns.")],
        top,
        bottom,
        left,
        right,
      ),
      slip(
        [t("beginnings first"), t("pad has the two sides of an axis side by side.")],
        left,
        top,
        right,
        bottom,
      ),
    ],
    least: 0,
  };
}

/** A layer that pads by its word, and the sums behind it. */
function drawAutoPad(random, hard) {
  const stride = random.pick(hard ? [2, 3, 4] : [1, 2, 2]);
  const kernel = random.between(Math.max(2, stride), 7);
  const size = random.between(6, 32);
  const isUpper = random.pick([true, false]);
  const needed = `(${Math.ceil(size / stride)} − 1) × ${stride} + ${kernel}`;
  return { stride, kernel, size, isUpper, needed, total: evaluate(needed) - size };
}

/** Padding above and below: an odd row goes to the end, or else to the beginning. */
function halves(total, isUpper) {
  const parts = [`⌊${total} / 2⌋`, `⌈${total} / 2⌉`];
  return isUpper ? parts : parts.toReversed();
}

function autoPad(random, hard) {
  const drawn = drawAutoPad(random, hard);
  const { stride: s, kernel: k, size, isUpper, needed, total } = drawn;
  if (total < 1) return null;
  const [above, below] = halves(total, isUpper);
  return {
    code: `Conv, auto_pad=SAME_${isUpper ? "UPPER" : "LOWER"}, kernel_shape=[${k}, ${k}], strides=[${s}, ${s}]`,
    input: [1, 3, size, size],
    ask: t("How many rows of padding are put above the image, and how many below?"),
    labels: [t("above"), t("below")],
    answer: [evaluate(above), evaluate(below)],
    hint: t(
      "⌈size / stride⌉ rows come out. UPPER puts an odd row at the end, LOWER at the beginning.",
    ),
    working: [
      [t("rows out"), `⌈${size} / ${s}⌉`],
      [t("rows they read"), needed],
      [t("padding"), `${evaluate(needed)} − ${size}`],
      [t("above"), above],
      [t("below"), below],
    ],
    slips: autoPadSlips(drawn, [above, below]),
    least: 0,
  };
}

function autoPadSlips({ kernel: k, isUpper, total }, [above, below]) {
  return [
    slip(
      [
        t("the odd row on the other side"),
        isUpper ? t("UPPER puts it at the end.") : t("LOWER puts it at the beginning."),
      ],
      below,
      above,
    ),
    slip(
      [t("stride ignored"), t("With a stride, the last window may need less.")],
      ...halves(k - 1, isUpper),
    ),
    slip(
      [t("half of the kernel on each side"), t("Only as much as the windows need is added.")],
      `⌊${k} / 2⌋`,
      `⌊${k} / 2⌋`,
    ),
    slip([t("all of it on each side"), t("The two sides share it.")], total, total),
  ];
}

// ---------------------------------------------------------------------------------- channels

function grey(random, hard) {
  const weights = range(3).map(() => random.between(hard ? -3 : 1, 9));
  const sum = weights.map(term).join(" + ");
  if (evaluate(sum) < 1 || evaluate(sum) % 3) return null; // the mean is a whole number too
  const shown = weights.map((weight) => String(weight).replace("-", "−")).join(", ");
  return {
    code: layerCode({ in_channels: 3, out_channels: 1, kernel_size: [1, 1], bias: false }),
    ask: t(
      "Its weights are {weights}, and it reads a grey plane three times. " +
        "Which weight gives Conv2d(1, 1, 1) the same output?",
      { weights: shown },
    ),
    answer: [evaluate(sum)],
    hint: t("Let the grey pixel be 1, and work out what the layer gives."),
    working: [[t("weight"), sum]],
    slips: [
      slip([t("mean for sum"), t("The output adds the three planes up.")], `(${sum}) / 3`),
      slip([t("the first weight alone"), t("All three planes count.")], weights[0]),
      slip([t("the largest weight"), t("All three planes count.")], Math.max(...weights)),
      slip([t("the last weight alone"), t("All three planes count.")], weights[2]),
    ],
  };
}

function pruned(random, hard) {
  const side = hard ? 3 : 2;
  const kernel = range(side * side).map(() => random.between(0, 4));
  const bias = random.between(2, 6);
  const sum = kernel.join(" + ");
  if (evaluate(sum) < 2) return null;
  return {
    code: [
      layerCode({ in_channels: 8, out_channels: 8, kernel_size: [3, 3] }),
      "ReLU()",
      layerCode({ in_channels: 8, out_channels: 1, kernel_size: [side, side] }),
    ].join("\n"),
    ask: t(
      "A filter of the first layer is all zeros, its bias is {bias}. The kernel that reads its " +
        "plane is {kernel}. The filter is taken out: how much must the last bias grow?",
      { bias, kernel: kernel.join(", ") },
    ),
    answer: [bias * evaluate(sum)],
    hint: t("Its plane holds the bias everywhere. What does the kernel make of such a plane?"),
    working: [
      [t("sum of the kernel"), sum],
      [t("constant"), `${bias} × ${evaluate(sum)}`],
    ],
    slips: [
      slip([t("zeros leave nothing"), t("The bias of the filter is still there.")], 0),
      slip([t("the bias alone"), t("The next layer multiplies it by the kernel.")], bias),
      slip([t("the kernel alone"), t("The kernel multiplies what the plane holds.")], sum),
      slip(
        [t("added for multiplied"), t("Each weight meets the bias.")],
        `${bias} + ${evaluate(sum)}`,
      ),
    ],
    least: 0,
  };
}

// ---------------------------------------------------------------------------------- one call

const ALL_FILTERS = english("The filters of all pictures are stored, one after the other.");
const OWN_PICTURE = english("A group is one picture: its filters read its channels only.");

function ownFilters(random) {
  const [images, channels] = [random.between(2, 8), random.between(2, 8)];
  const [out, size, k] = [random.between(2, 8), random.pick([16, 32]), random.pick([1, 3, 5])];
  const [filters, planes] = [`${images} × ${out}`, `${images} × ${channels}`];
  return {
    code:
      `x.shape == (${images}, ${channels}, ${size}, ${size})  # (N, C, H, W)\n` +
      `w.shape == (${images}, ${out}, ${channels}, ${k}, ${k})  # (N, out, C, k_h, k_w)`,
    ask: t(
      "Each picture has own filters. For one call, which groups and which weight (?, ?, k_h, k_w)?",
    ),
    labels: ["groups", t("first"), t("second")],
    answer: [images, images * out, channels],
    hint: t("The pictures stand side by side as channels, each in a group of its own."),
    working: [
      ["groups", t("{count}, one for each picture", { count: images })],
      [t("filters"), filters],
      [t("planes of a filter"), t("{count}, those of its picture", { count: channels })],
    ],
    slips: [
      slip([t("filters of one picture"), t(ALL_FILTERS)], images, out, channels),
      slip([t("all channels for each filter"), t(OWN_PICTURE)], images, filters, planes),
      slip([t("a group for each channel"), t(OWN_PICTURE)], channels, filters, channels),
      slip([t("no groups"), t(OWN_PICTURE)], 1, filters, channels),
    ],
  };
}

function sliced(random, hard) {
  const [step, k] = [random.between(2, 4), random.between(1, 5)];
  const [stride, padding] = [hard ? random.between(1, 2) : 1, random.between(0, 2)];
  const own = [k, stride, padding];
  const [rows, moved, border] = own.map((number) => `${number} × ${step}`);
  const in_channels = random.between(1, 3) * step ** 2;
  const layer = { in_channels, out_channels: 16, kernel_size: [k, k], stride, padding };
  return {
    code: `PixelUnshuffle(${step})\n${layerCode(layer)}`,
    ask: t("One layer does the same. Which kernel_size, stride and padding has it?"),
    labels: ["kernel_size", "stride", "padding"],
    answer: [rows, moved, border].map(evaluate),
    hint: t(
      "A channel of PixelUnshuffle({step}) keeps one row of {step}: a step there is {step} rows.",
      { step },
    ),
    working: [
      ["kernel_size", rows],
      ["stride", moved],
      ["padding", border],
    ],
    slips: slicedSlips(own, [rows, moved, border], step),
    least: 0,
  };
}

/** `rows`, `moved` and `border` are what the layer's own numbers become in one layer. */
function slicedSlips(own, [rows, moved, border], step) {
  const [k, stride, padding] = own;
  return [
    slip([t("the layer's own numbers"), t("They count pixels of the slices.")], ...own),
    slip(
      [t("padding as it is"), t("A row of a slice's border is several rows.")],
      rows,
      moved,
      padding,
    ),
    slip([t("kernel as it is"), t("The slices together have more taps.")], k, moved, border),
    slip(
      [t("stride as it is"), t("The window moves by a pixel of a slice.")],
      rows,
      stride,
      border,
    ),
    slip(
      [t("added for multiplied"), t("Each pixel of a slice is a step of the image.")],
      ...own.map((number) => `${number} + ${step}`),
    ),
  ];
}

export const foreignWeights = [axes, grey, pads, sliced, ownFilters, autoPad, pruned];
