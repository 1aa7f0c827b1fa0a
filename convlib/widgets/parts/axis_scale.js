/**
 * One axis of a layer to scale, whatever its size: the input between its padding, the first windows
 * and the last one, and the pixels that no window reads.
 */
import { effectiveKernelSize, outputSize, paddedSize, tapPosition } from "../math/arithmetic.js";
import { neverRead } from "../math/layer_answer.js";
import { listed } from "../math/text.js";
import { english, plural, t } from "../math/words.js";
import { el } from "./dom.js";

const MOST_RUNS = 40; // more gaps than this are one grey
const SIDES = {
  height: english("height"),
  width: english("width"),
  "height and width": english("height and width"),
};

/** A piece of the axis, from one position to another, in parts of the whole. */
function piece(className, from, to, whole, text = "") {
  const element = el("span", className, {}, text);
  element.style.setProperty("--from", String(from / whole));
  element.style.setProperty("--part", String((to - from) / whole));
  return element;
}

/** What stands beside the picture, in words. */
function axisNote(axis, name) {
  const lost = neverRead(axis);
  const pixels = lost.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const side = t(SIDES[name]);
  const windows = plural("{count} window", "{count} windows", outputSize(axis));
  if (pixels === 0) return t("{side}: {windows}, every pixel is read.", { side, windows });
  const where = lost
    .slice(0, 3)
    .map(([from, to]) => (from === to ? `${from}` : t("{from} to {to}", { from, to })));
  return t("{side}: {windows}. Never read: {pixels} ({where}).", {
    side,
    windows,
    pixels: plural("{count} pixel", "{count} pixels", pixels),
    where: listed(lost.length > 3 ? [...where, "…"] : where),
  });
}

/**
 * @param {import("../math/arithmetic.js").Axis} axis
 * @param {"height" | "width" | "height and width"} name
 */
export function axisScale(axis, name) {
  const whole = paddedSize(axis);
  const span = effectiveKernelSize(axis.kernel, axis.dilation);
  const last = outputSize(axis) - 1;
  const bar = el("div", "cv-scale-bar");
  bar.append(piece("cv-scale-input", axis.before, axis.before + axis.size, whole));
  for (const [from, to] of neverRead(axis).slice(0, MOST_RUNS)) {
    bar.append(piece("cv-scale-lost", axis.before + from, axis.before + to + 1, whole));
  }
  const windows = el("div", "cv-scale-windows");
  for (const stop of [...new Set([0, 1, last])].filter((index) => index <= last)) {
    const start = tapPosition(axis, stop, 0);
    windows.append(piece("cv-scale-window", start, start + span, whole));
  }
  const note = axisNote(axis, name);
  return el(
    "figure",
    "cv-axis-scale",
    { "aria-label": note },
    el("div", "cv-scale-picture", { "aria-hidden": "true" }, bar, windows),
    el("figcaption", "", {}, note),
  );
}
