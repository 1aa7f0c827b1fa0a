/** What DigitNet says: which digit is read, and how a picked number came about. */
import { before, isPool, SHAPES } from "./digit_net.js";
import { sign, signedSum, speak } from "./text.js";

/** What kind of number each layer holds, beside its name. */
export const KINDS = {
  conv1: "+ ReLU",
  pool1: "max of 4",
  conv2: "+ ReLU",
  pool2: "max of 4",
};

/** The shape of a layer's maps: 4 × 8 × 8. */
export const shapeText = (layer) => SHAPES[layer].join(" × ");

/** @param {number | null} label  What the digit is; null for a drawing. */
export function truthOf(label, digit) {
  if (label === null) return "your drawing";
  return label === digit ? `right: it is a ${label}` : `wrong: it is a ${label}`;
}

/** Where a number stands, as words. */
export function placeOf([layer, channel, row, column]) {
  if (layer === "linear") return `the score of ${channel}`;
  return `${layer}, map ${channel}, row ${row}, column ${column}`;
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
    return [["the largest stays", `max(${numbers}) = ${sign(sum.value)}`]];
  }
  const sums = sum.planes.map((plane) => plane.sum);
  const planes = sum.before - sum.bias;
  const lines = [["with the bias", `${signedSum([planes, sum.bias])} = ${sign(sum.before)}`]];
  if (sums.length > 1) lines.unshift(["all planes", `${signedSum(sums)} = ${sign(planes)}`]);
  if (layer !== "linear") {
    lines.push(["ReLU", `max(0, ${sign(sum.before)}) = ${sign(sum.value)}`]);
  }
  return lines;
}

/** What stands around the picked number, in a sentence. */
export function introOf(picked) {
  const [layer, channel] = picked;
  const source = before(layer);
  if (isPool(layer)) return `It looks at 2 × 2 numbers of map ${channel} of ${source}.`;
  if (source === "input") return "It reads 3 × 3 cells of the image through one kernel.";
  const planes = SHAPES[source][0];
  if (layer === "linear") {
    return `It reads all of ${source}: ${planes} maps of 2 × 2, each with its own 4 weights.`;
  }
  return `It reads 3 × 3 numbers of all ${planes} maps of ${source}, each through its own kernel.`;
}

/** All of it, to listen to. */
export function spokenOf({ picked, sum, reading, label }) {
  const { scores, digit } = reading;
  const order = scores.map((_, index) => index).sort((a, b) => scores[b] - scores[a]);
  const next = order.find((index) => index !== digit);
  const read =
    `The network reads ${digit}, ${truthOf(label, digit)}. ` +
    `Its score is ${speak(scores[digit])}; next comes ${next} with ${speak(scores[next])}.`;
  return `${read} Picked: ${placeOf(picked)}. ${spokenSum(picked, sum)}`;
}

function spokenSum([layer], sum) {
  if (isPool(layer)) {
    return `The largest of ${sum.window.flat().map(speak).join(", ")} is ${speak(sum.value)}.`;
  }
  const planes = sum.planes.map((plane) => speak(plane.sum)).join(", ");
  const names = sum.planes.length > 1 ? `planes ${planes}` : `plane ${planes}`;
  const end = layer === "linear" ? "" : `, after ReLU ${speak(sum.value)}`;
  return `Sum of ${names}, bias ${speak(sum.bias)}: ${speak(sum.before)}${end}.`;
}
