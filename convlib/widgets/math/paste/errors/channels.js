/**
 * Why a layer met another number of channels than it takes: one small question for each cause.
 *
 * Facts: `C_in` channels are wanted, `channels` came; `x` is the input's shape with the batch
 * first, `weight` the weight's.
 */

const lastOf = (shape) => shape?.[shape.length - 1];

/** All axes of the input stand in the message: it is not cut off. */
const isWhole = ({ x, weight }) => Array.isArray(x) && x.length === weight?.length;

/** One axis each for a colour, or with opacity; two for grey with opacity. */
const isColours = (count) => [1, 2, 3, 4].includes(count);

/** The last axis has the channels that are wanted, or a picture's; the second is a height. */
export function areLast(facts) {
  if (!isWhole(facts)) return false;
  const { x, C_in, channels } = facts;
  const last = lastOf(x);
  if (!(channels > 4) || last === channels) return false;
  if (isColours(C_in)) return last === C_in || (isColours(last) && x[2] > 4);
  return last === C_in && (x.length === 3 || x[1] === x[2]);
}

/** The sides of the pictures of MNIST and CIFAR, whose batches are often without channels. */
const SIDES = [28, 32];

/** A batch of pictures without an axis of channels is read as one picture of many channels. */
export function areBatch({ x, weight, channels, C_in }) {
  if (C_in !== 1 || x?.[0] !== 1 || !(channels > 3)) return false;
  const isOther = channels === 4 || weight?.[0] === channels; // RGBA, or one filter a channel
  return !isOther || SIDES.includes(lastOf(x));
}

/** The first axis has the channels and the second the batch. */
export const areFirst = ({ x, channels, C_in }) => C_in === 3 && x?.[0] === 3 && channels > 4;

export const isGrey = ({ channels, C_in }) => channels === 1 && C_in === 3;

export const isColour = ({ channels, C_in }) => channels === 3 && C_in === 1;

/** RGBA, or grey with opacity. */
export const hasOpacity = ({ channels, C_in }) =>
  (channels === 4 && (C_in === 3 || C_in === 1)) || (channels === 2 && (C_in === 1 || C_in === 3));

/** One filter for one channel, laid over all of them: a blur or an edge filter. */
export const isOneKernel = ({ weight, groups, channels }) =>
  weight?.[0] === 1 && weight[1] === 1 && groups === 1 && channels > 1;

/** One filter for each channel, and groups were forgotten. */
export const isDepthwise = ({ weight, groups, channels }) =>
  weight?.[1] === 1 && weight[0] === channels && groups === 1 && channels > 1;

/** The weight was made for all channels, and is used in groups. */
export const isFullWeight = ({ weight, groups, channels }) =>
  groups > 1 && weight?.[1] === channels;

/** The input's channels do not split into the groups. */
export const doNotSplit = ({ groups, channels, weight }) =>
  groups > 1 && channels % groups !== 0 && !(weight?.[1] === 1 && weight[0] === groups);

/** With another number of groups it fits. */
export function fitsOtherGroups({ weight, groups, channels }) {
  if (!(groups > 1) || !weight || weight[1] < 1) return false;
  const other = channels / weight[1];
  const isLayer = weight[1] === 1 && weight[0] === groups;
  return Number.isInteger(other) && weight[0] % other === 0 && !isLayer;
}

/** Twice the channels are wanted: those of a skip connection are missing. */
export const lacksSkip = ({ C_in, channels }) => C_in === 2 * channels && channels > 4;

/** Twice the channels came: those of a skip connection are too many. */
export const hasSkip = ({ C_in, channels }) => channels === 2 * C_in && C_in > 4;

/** Channels that a layer gave, not a picture's. */
export const isLater = ({ channels, C_in }) => channels !== C_in;

// --- the numbers of a mend ---

const AXES = { 1: "0, 2, 1", 2: "0, 3, 1, 2", 3: "0, 4, 1, 2, 3" };
const AXES_OF_ONE = { 1: "1, 0", 2: "2, 0, 1", 3: "3, 0, 1, 2" };

/** The largest number that divides both. */
const commonDivisor = (a, b) => (b > 0 ? commonDivisor(b, a % b) : a);

/**
 * The numbers of this message in the forms that code needs.
 *
 * @param {object} facts
 * @returns {object}
 */
export function asCode({
  x,
  input,
  kernel,
  C_out,
  channels,
  groups,
  C_in,
  rows,
  columns,
  transposed,
  dims,
}) {
  const axes = dims ?? 2;
  const isOne = input?.length === axes + 1; // the message shows one picture as a batch of 1
  const repeated = (text) => Array(axes).fill(text).join(", ");
  return {
    kernel: kernel ?? "kernel_size",
    C_out: C_out ?? "C_out",
    function: `${transposed ? "conv_transpose" : "conv"}${axes}d`,
    expanded: `${isOne ? "" : "-1, "}${C_in}, ${repeated("-1")}`,
    channel_axis: isOne ? 0 : 1,
    first_channels: isOne ? `:${C_in}` : `:, :${C_in}`,
    ones: repeated("1"),
    sizes: x?.length > 2 ? x.slice(2).join(", ") : "H, W",
    mode: C_in === 1 ? "L" : "RGB",
    permutation: (isOne ? AXES_OF_ONE : AXES)[axes],
    permutation_of_one: AXES_OF_ONE[axes],
    divisor: commonDivisor(commonDivisor(channels ?? 1, rows ?? 1), groups ?? 1),
    other_groups: channels && columns ? channels / columns : "groups",
    divisible: rows && groups ? Math.ceil(rows / groups) * groups : "C_out",
  };
}
