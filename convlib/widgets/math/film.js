/**
 * The film that explains a layer, step by step: for each output its products one by one, the bias,
 * and the sum that drops into its cell. Steps count from 0, through all outputs in reading order.
 */
import { axesOf, BIAS, outputSize, tapsOf } from "./arithmetic.js";
import { addUp } from "./lists.js";
import { sentences, sign, speak } from "./text.js";
import { t } from "./words.js";

/** Rows and columns of the output. */
export const outputsOf = (layer) => axesOf(layer).map(outputSize);

/** Steps for one output. */
export function stepsEach({ kernel_size: [height, width], bias }) {
  return height * width + Number(bias) + 1;
}

/** Steps of the whole film. */
export function filmLength(layer) {
  const [height, width] = outputsOf(layer);
  return height * width * stepsEach(layer);
}

/** The first step of an output. */
export function firstStep(layer, [row, column]) {
  return (row * outputsOf(layer)[1] + column) * stepsEach(layer);
}

/** The last step of an output: its sum stands in its cell. */
export function lastStep(layer, cell) {
  return firstStep(layer, cell) + stepsEach(layer) - 1;
}

/** The step at which the next output is there: of the picked one, if the film has not begun. */
export function stillStep(layer, { step, output_cell }) {
  if (step === null) return lastStep(layer, output_cell);
  const each = stepsEach(layer);
  const next = step % each === each - 1 ? step + each : step - (step % each) + each - 1;
  return next % filmLength(layer);
}

/**
 * What one step shows.
 *
 * @returns {{ output: [number, number], lit: number, hasBias: boolean, isDone: boolean, sum: number,
 *   taps: object[] }}  `lit` products of the output's taps are there, and add up to `sum`.
 */
export function sceneAt(layer, step) {
  const each = stepsEach(layer);
  const width = outputsOf(layer)[1];
  const number = Math.floor(step / each);
  const output = [Math.floor(number / width), number % width];
  const taps = tapsOf(layer, ...output);
  const phase = step % each;
  const lit = Math.min(phase + 1, taps.length);
  const hasBias = layer.bias && phase >= taps.length;
  const products = taps.slice(0, lit).map(({ value, weight }) => value * weight);
  const sum = addUp(products, hasBias ? BIAS : 0);
  return { output, lit, hasBias, isDone: phase === each - 1, sum, taps };
}

/** The product that a scene adds: which of how many, and its numbers, written in one way. */
function productOf({ lit, taps }, write) {
  const { value, weight } = taps[lit - 1];
  return {
    number: lit,
    count: taps.length,
    value: write(value),
    weight: write(weight),
    product: write(value * weight),
  };
}

/** One step in words. */
export function stepSentence(scene) {
  const [row, column] = scene.output;
  const sum = speak(scene.sum);
  if (scene.isDone) {
    return t("The sum, {sum}, is output row {row}, column {column}.", { sum, row, column });
  }
  if (scene.hasBias) return t("Plus the bias, {bias}: the sum is {sum}.", { bias: BIAS, sum });
  const product = t(
    "For output row {row}, column {column}, product {number} of {count}: " +
      "{value} times {weight} is {product}.",
    { row, column, ...productOf(scene, speak) },
  );
  return sentences([product, scene.lit > 1 && t("The sum so far is {sum}.", { sum })]);
}

/** One step as a label. */
export function stepLabel(scene) {
  if (scene.isDone) return `output[${scene.output.join(", ")}] = ${sign(scene.sum)}`;
  if (scene.hasBias) return t("and the bias, {bias}", { bias: BIAS });
  const facts = productOf(scene, sign);
  return t("{number} of {count}: {value} × {weight} = {product}", facts);
}
