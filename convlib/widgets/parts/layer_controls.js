/** The controls of one layer: they go as far as PyTorch's rules allow, and say which one stops them. */
import { problem } from "../math/arithmetic.js";
import { range } from "../math/lists.js";
import { createButton, createSlider } from "./controls.js";
import { el, setAttribute } from "./dom.js";
import { showStatus, walk } from "./refusal.js";

/** A control of one plain setting. */
export function plain(name, min, max, create = createSlider) {
  const at = (layer, value) => ({ ...layer, [name]: value });
  return { name, min, max, create, get: (layer) => layer[name], at };
}

/** A control of the size of a square kernel. */
export function squareKernel(min, max) {
  const at = (layer, size) => ({ ...layer, kernel_size: [size, size] });
  const get = (layer) => layer.kernel_size[0];
  return { name: "kernel_size", min, max, create: createSlider, get, at };
}

/**
 * @param {object} options
 * @param {object[]} options.controls  Made by `plain` and the like.
 * @param {boolean} [options.same]  Offer padding='same' beside the number.
 * @param {string} options.hint  Stands below while nothing is refused.
 * @param {() => void} [options.onAsk]  A control was used, whatever comes of it.
 * @param {(layer: import("../math/arithmetic.js").Layer) => void} options.onLayer  Takes a valid layer;
 *   the answer comes with `show`.
 * @param {(layer: import("../math/arithmetic.js").Layer) => import("../math/arithmetic.js").Refusal | null} [options.forbids]  Why a layer
 *   is not possible; PyTorch's rules alone if left out.
 * @param {AbortSignal} options.signal
 */
export function createLayerControls({
  controls,
  same = false,
  hint,
  onAsk = () => {},
  onLayer,
  forbids = problem,
  signal,
}) {
  let layer = null; // the valid layer in the picture
  let lastNumber = 0; // where the padding returns to from 'same'

  const parts = controls.map((control) => {
    const onInput = (value) => move(control, value);
    const forbidsValue = (value) => forbids(control.at(layer, value));
    return control.create({ ...control, onInput, onType: onInput, forbids: forbidsValue, signal });
  });
  const sameButton = createButton({ label: "same", onClick: toggleSame, signal });
  if (same) parts[controls.findIndex(({ name }) => name === "padding")].element.append(sameButton);
  const element = el(
    "div",
    "cv-controls",
    { "data-operated": true },
    ...parts.map((part) => part.element),
  );
  const line = el("p", "cv-status", { role: "status" });
  const refusals = parts.map((part) => part.refusal).filter(Boolean);
  const status = el("div", "", { "data-operated": true }, ...refusals, line);

  /** Go to the value, or as far towards it as the rules allow. */
  function move(control, target) {
    if (!layer) return;
    onAsk();
    const now = control.get(layer);
    const at = (value) => control.at(layer, value);
    if (typeof now !== "number") return ask(control.name, at(target), target);
    const { value, refused, why } = walk({ ...control, now, target, at, forbids });
    onLayer(at(value));
    if (why) refuse(control.name, refused, why);
  }

  /** To 'same', or back to the last number; where that no longer fits, to the first that does. */
  function toggleSame() {
    if (!layer) return;
    onAsk();
    const { max } = controls.find(({ name }) => name === "padding");
    const fits = (padding) => forbids({ ...layer, padding }) === null;
    const number = [lastNumber, ...range(max + 1)].find(fits) ?? lastNumber;
    const padding = layer.padding === "same" ? number : "same";
    ask("padding", { ...layer, padding }, padding);
  }

  /** Go to this layer if it is possible; else stay, and say which rule forbids it. */
  function ask(name, wanted, value) {
    const why = forbids(wanted);
    if (why) refuse(name, value, why);
    else onLayer(wanted);
  }

  function refuse(name, value, why) {
    show(layer);
    const asked = `${name}=${typeof value === "string" ? `'${value}'` : value}`;
    showStatus(line, hint, { sentence: `${asked} is not possible: ${why.rule}.`, why });
  }

  /** For a layer that a host without Python's checks sent. */
  function reject(why) {
    showStatus(line, hint, { sentence: `these settings are not possible: ${why.rule}.`, why });
  }

  function show(shown) {
    layer = shown;
    if (layer.padding !== "same") lastNumber = layer.padding;
    controls.forEach((control, index) => {
      const value = control.get(layer);
      const isLegal = (value) => forbids(control.at(layer, value)) === null;
      if (value === "same") parts[index].show(lastNumber, isLegal, "'same'");
      else parts[index].show(value, isLegal);
    });
    setAttribute(sameButton, "aria-pressed", String(layer.padding === "same"));
    showStatus(line, hint);
  }

  return { element, status, show, reject };
}
