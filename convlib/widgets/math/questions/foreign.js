/** Questions on weights that come from elsewhere, in the manner of sizes.js. */
import { range } from "../lists.js";
import { evaluate, term } from "../sums.js";
import { layerCode, SWAPPED, slip } from "./sizes.js";

// ---------------------------------------------------------------------------------- axes

const AXES = ["out", "in", "k_h", "k_w"];
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
    ask: "Which four numbers does w.transpose take, so that w fits Conv2d?",
    labels: AXES,
    places: true,
    answer,
    hint: "Conv2d wants (out, in, k_h, k_w). Where does each of them stand now? Count from 0.",
    working: AXES.map((axis, index) => [axis, `stands at ${answer[index]}`]),
    slips: [
      slip(
        ["where each axis goes", "transpose is told where each axis comes from."],
        ...order.map((axis) => AXES.indexOf(axis)),
      ),
      slip(
        ["in and out exchanged", "Conv2d has out first; ConvTranspose2d has in first."],
        i,
        o,
        h,
        w,
      ),
      slip([SWAPPED[0], "The height comes before the width."], o, i, w, h),
      slip(["counted from 1", "The first axis is axis 0."], o + 1, i + 1, h + 1, w + 1),
      slip(["left as it is", "So w keeps the order it has."], 0, 1, 2, 3),
    ],
    least: 0,
  };
}

// ---------------------------------------------------------------------------------- ONNX

function pads(random) {
  const [top, left, bottom, right] = range(4).map(() => random.between(0, 3));
  return {
    code: `Conv, pads=[${[top, left, bottom, right].join(", ")}]`,
    ask: "An ONNX file says so. Which four numbers does torch's pad take for the same border?",
    labels: ["left", "right", "top", "bottom"],
    answer: [left, right, top, bottom],
    hint: "ONNX: all beginnings, then all ends. pad begins with the last axis.",
    working: [
      ["beginnings", `top ${top}, left ${left}`],
      ["ends", `bottom ${bottom}, right ${right}`],
      ["pad", `(${[left, right, top, bottom].join(", ")})`],
    ],
    slips: [
      slip(["copied as they are", "ONNX has both beginnings first."], top, left, bottom, right),
      slip(["rows first", "pad begins with the last axis: the columns."], top, bottom, left, right),
      slip(
        ["beginnings first", "pad has the two sides of an axis side by side."],
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
  const { stride: s, kernel: k, size, isUpper, needed, total } = drawAutoPad(random, hard);
  if (total < 1) return null;
  const [above, below] = halves(total, isUpper);
  const [word, side] = isUpper ? ["UPPER", "the end"] : ["LOWER", "the beginning"];
  return {
    code: `Conv, auto_pad=SAME_${word}, kernel_shape=[${k}, ${k}], strides=[${s}, ${s}]`,
    input: [1, 3, size, size],
    ask: "How many rows of padding are put above the image, and how many below?",
    labels: ["above", "below"],
    answer: [evaluate(above), evaluate(below)],
    hint: "⌈size / stride⌉ rows come out. UPPER puts an odd row at the end, LOWER at the beginning.",
    working: [
      ["rows out", `⌈${size} / ${s}⌉`],
      ["rows they read", needed],
      ["padding", `${evaluate(needed)} − ${size}`],
      ["above", above],
      ["below", below],
    ],
    slips: [
      slip(["the odd row on the other side", `${word} puts it at ${side}.`], below, above),
      slip(
        ["stride ignored", "With a stride, the last window may need less."],
        ...halves(k - 1, isUpper),
      ),
      slip(
        ["half of the kernel on each side", "Only as much as the windows need is added."],
        `⌊${k} / 2⌋`,
        `⌊${k} / 2⌋`,
      ),
      slip(["all of it on each side", "The two sides share it."], total, total),
    ],
    least: 0,
  };
}

// ---------------------------------------------------------------------------------- channels

function grey(random, hard) {
  const weights = range(3).map(() => random.between(hard ? -3 : 1, 9));
  const sum = weights.map(term).join(" + ");
  if (evaluate(sum) < 1 || evaluate(sum) % 3) return null; // the mean is a whole number too
  const shown = weights.map((weight) => String(weight).replace("-", "−")).join(", ");
  return {
    code: layerCode({ in_channels: 3, out_channels: 1, kernel_size: [1, 1], bias: false }),
    ask:
      `Its weights are ${shown}, and it reads a grey plane three times. ` +
      "Which weight gives Conv2d(1, 1, 1) the same output?",
    answer: [evaluate(sum)],
    hint: "Let the grey pixel be 1, and work out what the layer gives.",
    working: [["weight", sum]],
    slips: [
      slip(["mean for sum", "The output adds the three planes up."], `(${sum}) / 3`),
      slip(["the first weight alone", "All three planes count."], weights[0]),
      slip(["the largest weight", "All three planes count."], Math.max(...weights)),
      slip(["the last weight alone", "All three planes count."], weights[2]),
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
    ask:
      `A filter of the first layer is all zeros, its bias is ${bias}. The kernel that reads its ` +
      `plane is ${kernel.join(", ")}. The filter is taken out: how much must the last bias grow?`,
    answer: [bias * evaluate(sum)],
    hint: "Its plane holds the bias everywhere. What does the kernel make of such a plane?",
    working: [
      ["sum of the kernel", sum],
      ["constant", `${bias} × ${evaluate(sum)}`],
    ],
    slips: [
      slip(["zeros leave nothing", "The bias of the filter is still there."], 0),
      slip(["the bias alone", "The next layer multiplies it by the kernel."], bias),
      slip(["the kernel alone", "The kernel multiplies what the plane holds."], sum),
      slip(["added for multiplied", "Each weight meets the bias."], `${bias} + ${evaluate(sum)}`),
    ],
    least: 0,
  };
}

// ---------------------------------------------------------------------------------- one call

const ALL_FILTERS = "The filters of all pictures are stored, one after the other.";
const OWN_PICTURE = "A group is one picture: its filters read its channels only.";

function ownFilters(random) {
  const [images, channels] = [random.between(2, 8), random.between(2, 8)];
  const [out, size, k] = [random.between(2, 8), random.pick([16, 32]), random.pick([1, 3, 5])];
  const [filters, planes] = [`${images} × ${out}`, `${images} × ${channels}`];
  return {
    code:
      `x.shape == (${images}, ${channels}, ${size}, ${size})  # (N, C, H, W)\n` +
      `w.shape == (${images}, ${out}, ${channels}, ${k}, ${k})  # (N, out, C, k_h, k_w)`,
    ask: "Each picture has own filters. For one call, which groups and which weight (?, ?, k_h, k_w)?",
    labels: ["groups", "first", "second"],
    answer: [images, images * out, channels],
    hint: "The pictures stand side by side as channels, each in a group of its own.",
    working: [
      ["groups", `${images}, one for each picture`],
      ["filters", filters],
      ["planes of a filter", `${channels}, those of its picture`],
    ],
    slips: [
      slip(["filters of one picture", ALL_FILTERS], images, out, channels),
      slip(["all channels for each filter", OWN_PICTURE], images, filters, planes),
      slip(["a group for each channel", OWN_PICTURE], channels, filters, channels),
      slip(["no groups", OWN_PICTURE], 1, filters, channels),
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
    ask: "One layer does the same. Which kernel_size, stride and padding has it?",
    labels: ["kernel_size", "stride", "padding"],
    answer: [rows, moved, border].map(evaluate),
    hint: `A channel of PixelUnshuffle(${step}) keeps one row of ${step}: a step there is ${step} rows.`,
    working: [
      ["kernel_size", rows],
      ["stride", moved],
      ["padding", border],
    ],
    slips: [
      slip(["the layer's own numbers", "They count pixels of the slices."], ...own),
      slip(
        ["padding as it is", "A row of a slice's border is several rows."],
        rows,
        moved,
        padding,
      ),
      slip(["kernel as it is", "The slices together have more taps."], k, moved, border),
      slip(["stride as it is", "The window moves by a pixel of a slice."], rows, stride, border),
      slip(
        ["added for multiplied", "Each pixel of a slice is a step of the image."],
        ...own.map((number) => `${number} + ${step}`),
      ),
    ],
    least: 0,
  };
}

export const foreignWeights = [axes, grey, pads, sliced, ownFilters, autoPad, pruned];
