/** Questions on number types: how much memory they take, and what whole numbers do at their end. */

import { weightShape } from "../counts.js";
import { range } from "../lists.js";
import { evaluate } from "../sums.js";
import { t } from "../words.js";
import { layerCode, slip } from "./sizes.js";

const TYPES = { float16: 16, bfloat16: 16, float32: 32, float64: 64 };

// ---------------------------------------------------------------------------------- memory

function weightBytes(random, hard) {
  const type = random.pick(Object.keys(TYPES));
  const groups = hard ? random.pick([1, 2, 4]) : 1;
  const layer = {
    in_channels: groups * random.pick([1, 3, 8, 16]),
    out_channels: groups * random.pick([4, 8, 16]),
    kernel_size: [3, 3].map(() => random.pick([1, 3, 3, 5])),
    groups,
  };
  return {
    code: `${layerCode(layer).slice(0, -1)}, dtype=${type})`,
    ask: t("How many bytes does its weight take?"),
    hint: t(
      "The weight's shape: (out, in / groups, k_h, k_w). " +
        "Then the bytes of one number: its bits over 8.",
    ),
    ...memory(weightShape(layer), type),
  };
}

function imageBytes(random) {
  const type = random.pick(Object.keys(TYPES));
  const side = random.pick([8, 16, 32, 64]);
  const shape = [random.pick([1, 2, 4, 8]), random.pick([1, 3, 8, 16]), side, side];
  return {
    code: `zeros(${shape.join(", ")}, dtype=${type})`,
    ask: t("How many bytes does this batch take?"),
    hint: t("Multiply all numbers of the shape. Then the bytes of one number: its bits over 8."),
    ...memory(shape, type),
  };
}

/** What is common to both: an array's numbers, times the bytes of one. */
function memory(shape, type) {
  const bytes = TYPES[type] / 8;
  const numbers = shape.join(" × ");
  const as = (other) => `${numbers} × ${other}`;
  return {
    answer: [evaluate(as(bytes))],
    working: [
      [t("bytes of one number"), `${TYPES[type]} / 8`],
      [t("bytes"), as(bytes)],
    ],
    slips: [
      slip(
        [
          t("numbers for bytes"),
          t("A number of type {type} takes {bytes} bytes.", { type, bytes }),
        ],
        numbers,
      ),
      slip([t("bits for bytes"), t("A byte has 8 bits.")], as(TYPES[type])),
      slip([t("float32 as a habit"), t("Here it is {type}.", { type })], as(4)),
      slip(
        [t("the first axis forgotten"), t("All axes count.")],
        `${shape.slice(1).join(" × ")} × ${bytes}`,
      ),
    ],
  };
}

// ---------------------------------------------------------------------------------- wrapping

function wrapped(random, hard) {
  const pixels = range(random.between(2, hard ? 4 : 3)).map(() => random.between(60, 255));
  const sum = pixels.join(" + ");
  const total = evaluate(sum);
  const turns = Math.floor(total / 256);
  if (turns === 0) return null;
  const code = `x = tensor([[[${JSON.stringify(pixels).replaceAll(",", ", ")}]]], dtype=uint8)`;
  return {
    code: `${code}\nconv2d(x, ones_like(x))`,
    ask: t("All weights are 1. What is the output?"),
    answer: [total % 256],
    hint: t("A byte holds 0 to 255. After 255 it starts again at 0: 256 is lost each time."),
    working: [
      [t("the sum"), sum],
      [t("times round"), `⌊${total} / 256⌋`],
      [t("what is left"), `${total} − ${turns} × 256`],
    ],
    slips: [
      slip([t("the true sum"), t("It does not fit into a byte.")], sum),
      slip([t("the largest byte"), t("A sum that is too large starts again at 0.")], 255),
      slip(
        [t("255 taken off for 256"), t("0 is a value too: there are 256.")],
        `${total} − ${turns} × 255`,
      ),
      slip([t("taken off once"), t("It goes round more than once.")], `${total} − 256`),
    ],
    least: 0,
  };
}

export const numberTypes = [weightBytes, wrapped, imageBytes];
