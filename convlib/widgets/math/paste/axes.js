/** Layers of one or of three axes: what this book's two axes say about them. */

import { isNumber, itemsOf, numberOf } from "./values.js";

const AXES = { 1: "one axis", 3: "three axes" };
const INPUTS = { 1: "(N, C, L)", 3: "(N, C, D, H, W)" };

/**
 * @param {string} name `Conv1d`, `MaxPool3d`
 * @returns {{ why: string, note: string }}
 */
export function otherAxes(name, args, keywords) {
  const axes = /[13]/.exec(name)[0];
  const why = `nn.${name} works along ${AXES[axes]}, this reader along two (height and width)`;
  const shared = `nn.${name} takes ${INPUTS[axes]}. Each axis has the same rule as here: `;
  return {
    why,
    note: shared + [rule(name), twin(name, axes, args, keywords)].filter(Boolean).join(" "),
  };
}

function rule(name) {
  if (name.includes("Transpose")) {
    return "output = (input - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1.";
  }
  if (/Conv|Pool/.test(name) && !name.startsWith("Adaptive")) {
    return "output = floor((input + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1.";
  }
  return name.startsWith("Adaptive") ? "output_size is the output." : "the size stays.";
}

/** A layer along one axis is one in the plane whose height is 1. */
function twin(name, axes, args, keywords) {
  const kernel = keywords.get("kernel_size") ?? args[2];
  if (axes !== "1" || !/^Conv1d$/.test(name) || !isSize(kernel)) return "";
  const padding = keywords.get("padding") ?? args[4] ?? 0;
  const pad = isSize(padding) ? `, padding=(0, ${size(padding)})` : "";
  return `The same layer in the plane: nn.Conv2d(..., kernel_size=(1, ${size(kernel)})${pad}) on (N, C, 1, L).`;
}

const size = (value) => numberOf(itemsOf(value)?.[0] ?? value);
const isSize = (value) => isNumber(itemsOf(value)?.[0] ?? value);
