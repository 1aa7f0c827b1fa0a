/** Layers of one or of three axes: what this book's two axes say about them. */

import { sentences } from "../text.js";
import { english, t } from "../words.js";
import { isNumber, itemsOf, numberOf } from "./values.js";

const WHY = {
  1: english("nn.{name} works along one axis, this reader along two (height and width)"),
  3: english("nn.{name} works along three axes, this reader along two (height and width)"),
};
const INPUTS = { 1: "(N, C, L)", 3: "(N, C, D, H, W)" };

/**
 * @param {string} name `Conv1d`, `MaxPool3d`
 * @returns {{ why: string, note: string }}
 */
export function otherAxes(name, args, keywords) {
  const axes = /[13]/.exec(name)[0];
  const facts = { name, input: INPUTS[axes], rule: rule(name) };
  const shared = t("nn.{name} takes {input}. Each axis has the same rule as here: {rule}.", facts);
  return {
    why: t(WHY[axes], facts),
    note: sentences([shared, twin(name, axes, args, keywords)]),
  };
}

function rule(name) {
  if (name.includes("Transpose")) {
    return "output = (input - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1";
  }
  if (/Conv|Pool/.test(name) && !name.startsWith("Adaptive")) {
    return "output = floor((input + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1";
  }
  return name.startsWith("Adaptive") ? t("output_size is the output") : t("the size stays");
}

/** A layer along one axis is one in the plane whose height is 1. */
function twin(name, axes, args, keywords) {
  const kernel = keywords.get("kernel_size") ?? args[2];
  if (axes !== "1" || !/^Conv1d$/.test(name) || !isSize(kernel)) return "";
  const padding = keywords.get("padding") ?? args[4] ?? 0;
  const pad = isSize(padding) ? `, padding=(0, ${size(padding)})` : "";
  const code = `nn.Conv2d(..., kernel_size=(1, ${size(kernel)})${pad})`;
  return t("The same layer in the plane: {code} on (N, C, 1, L).", { code });
}

const size = (value) => numberOf(itemsOf(value)?.[0] ?? value);
const isSize = (value) => isNumber(itemsOf(value)?.[0] ?? value);
