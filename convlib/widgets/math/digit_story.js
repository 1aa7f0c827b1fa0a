/** What DigitNet says: which digit is read, and how a picked number came about. */
import { before, isPool, SHAPES } from "./digit_net.js";
import { listed, sign, signedSum, speak } from "./text.js";
import { english, plural, t } from "./words.js";

/** What kind of number each layer holds, beside its name. */
export const KINDS = {
  conv1: english("+ ReLU"),
  pool1: english("max of 4"),
  conv2: english("+ ReLU"),
  pool2: english("max of 4"),
};

/** The shape of a layer's maps: 4 × 8 × 8. */
export const shapeText = (layer) => SHAPES[layer].join(" × ");

/** @param {number | null} label  What the digit is; null for a drawing. */
export function truthOf(label, digit) {
  if (label === null) return t("your drawing");
  return label === digit
    ? t("right: it is a {digit}", { digit: label })
    : t("wrong: it is a {digit}", { digit: label });
}

/** Where a number stands, as words. */
export function placeOf([layer, channel, row, column]) {
  if (layer === "linear") return t("the score of {digit}", { digit: channel });
  const facts = { layer, index: channel, row, column };
  return t("{layer}, map {index}, row {row}, column {column}", facts);
}

/** Where it stands, as code. */
export function codeOf([layer, ...place]) {
  return `${layer}[${(layer === "linear" ? place.slice(0, 1) : place).join(", ")}]`;
}

/**
 * The lines that work out a number, each with what it is about.
 *
 * @param {object} sum  That of `sumOf`.
 * @returns {[string, string][]}
 */
export function linesOf([layer], sum) {
  if (isPool(layer)) {
    const numbers = sum.window.flat().map(sign).join(", ");
    return [[t("the largest stays"), `max(${numbers}) = ${sign(sum.value)}`]];
  }
  const sums = sum.planes.map((plane) => plane.sum);
  const planes = sum.before - sum.bias;
  const lines = [[t("with the bias"), `${signedSum([planes, sum.bias])} = ${sign(sum.before)}`]];
  if (sums.length > 1) lines.unshift([t("all planes"), `${signedSum(sums)} = ${sign(planes)}`]);
  if (layer !== "linear") {
    lines.push(["ReLU", `max(0, ${sign(sum.before)}) = ${sign(sum.value)}`]);
  }
  return lines;
}

/** What stands around the picked number, in a sentence. */
export function introOf(picked) {
  const [layer, channel] = picked;
  const source = before(layer);
  if (isPool(layer)) {
    const facts = { index: channel, layer: source };
    return t("It looks at 2 × 2 numbers of map {index} of {layer}.", facts);
  }
  if (source === "input") return t("It reads 3 × 3 cells of the image through one kernel.");
  const facts = { layer: source, count: SHAPES[source][0] };
  return layer === "linear"
    ? t("It reads all of {layer}: {count} maps of 2 × 2, each with its own 4 weights.", facts)
    : t(
        "It reads 3 × 3 numbers of all {count} maps of {layer}, each through its own kernel.",
        facts,
      );
}

/** All of it, to listen to. */
export function spokenOf({ picked, sum, reading, label }) {
  const { scores, digit } = reading;
  const order = scores.map((_, index) => index).sort((a, b) => scores[b] - scores[a]);
  const next = order.find((index) => index !== digit);
  return t(
    "The network reads {digit}, {truth}. Its score is {score}; next comes {next} with {other}. " +
      "Picked: {place}. {sum}",
    {
      digit,
      truth: truthOf(label, digit),
      score: speak(scores[digit]),
      next,
      other: speak(scores[next]),
      place: placeOf(picked),
      sum: spokenSum(picked, sum),
    },
  );
}

function spokenSum([layer], sum) {
  const value = speak(sum.value);
  if (isPool(layer)) {
    const numbers = listed(sum.window.flat().map(speak));
    return t("The largest of {numbers} is {value}.", { numbers, value });
  }
  const planes = listed(sum.planes.map((plane) => speak(plane.sum)));
  const facts = { planes, bias: speak(sum.bias), sum: speak(sum.before), value };
  if (layer === "linear") return t("Sum of planes {planes}, bias {bias}: {sum}.", facts);
  return plural(
    "Sum of plane {planes}, bias {bias}: {sum}, after ReLU {value}.",
    "Sum of planes {planes}, bias {bias}: {sum}, after ReLU {value}.",
    sum.planes.length,
    facts,
  );
}
