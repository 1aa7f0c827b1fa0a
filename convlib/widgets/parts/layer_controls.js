/** The controls of one layer: they go as far as PyTorch's rules allow, and say which one stops them. */
import { problem } from "../math/arithmetic.js";
import { range } from "../math/lists.js";
import { oneIfEqual, pair, withAxis } from "../math/modules/sizes.js";
import { python } from "../math/torch_code.js";
import { t } from "../math/words.js";
import { createButton, createSlider } from "./controls.js";
import { el, setAttribute, setText } from "./dom.js";
import { refusedSettings, refusedValue, showStatus, walk } from "./refusal.js";

/** A control of one plain setting. */
export function plain(name, min, max, create = createSlider) {
  const at = (layer, value) => ({ ...layer, [name]: value });
  return { name, min, max, create, get: (layer) => layer[name], at };
}

/**
 * The controls of a setting of both axes: one for both, and one for each, of which either the first
 * or the others are shown.
 *
 * @param {string} name
 * @param {[string, string]} labels  Of the controls of the height and of the width.
 */
export function bothAxes(name, labels, min, max) {
  const side = (axis) => ({
    ...plain(name, min, max),
    name: labels[axis],
    setting: name,
    axis,
    get: (layer) => pair(layer[name])[axis],
    // From 'same' one number alone cannot be changed: the other is the last one there was.
    at: (layer, value, last) => ({
      ...layer,
      [name]: withAxis(layer[name] === "same" ? last : layer[name], axis, value),
    }),
  });
  return [{ ...plain(name, min, max), axis: null }, side(0), side(1)];
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
 * @param {boolean} [options.apart]  Offer a switch for height and width, between those controls that
 *   `bothAxes` made.
 * @param {boolean} [options.same]  Offer padding='same' beside the number.
 * @param {boolean} [options.past]  Go on behind a value that is not possible, to the nearest that is.
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
  apart = false,
  same = false,
  past = false,
  hint,
  onAsk = () => {},
  onLayer,
  forbids = problem,
  signal,
}) {
  let layer = null; // the valid layer in the picture
  let lastNumber = 0; // where the padding returns to from 'same'
  let isApart = false; // height and width have controls of their own

  const parts = controls.map((control) => {
    const onInput = (value) => move(control, value);
    const forbidsValue = (value) => forbids(control.at(layer, value, lastNumber));
    return control.create({ ...control, onInput, onType: onInput, forbids: forbidsValue, signal });
  });
  const sameButton = createButton({ label: "same", onClick: toggleSame, signal });
  const apartButton = createButton({ label: t("height ≠ width"), onClick: toggleApart, signal });
  const isShown = ({ axis }) => axis === undefined || (axis === null) !== isApart;
  const isPadding = ({ name, setting, axis }) => (setting ?? name) === "padding" && axis !== 1;
  const element = el(
    "div",
    "cv-controls",
    { "data-operated": true },
    ...parts.map((part) => part.element),
  );
  arrange();
  const line = el("p", "cv-status", { role: "status" });
  const refusals = parts.map((part) => part.refusal).filter(Boolean);
  const status = el("div", "", { "data-operated": true }, ...refusals, line);

  /** Go to the value, or as far towards it as the rules allow. */
  function move(control, target) {
    if (!layer) return;
    onAsk();
    const now = control.get(layer);
    const at = (value) => control.at(layer, value, lastNumber);
    if (typeof now !== "number") return ask(control.name, at(target), target);
    const { value, refused, why } = walk({ ...control, now, target, at, forbids, past });
    onLayer(at(value));
    if (why) refuse(control.name, refused, why, past && value !== now ? value : null);
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

  /** Let height and width go their own ways, or let the width follow the height. */
  function toggleApart() {
    if (!layer) return;
    onAsk();
    const names = controls.filter(({ axis }) => axis === null).map(({ name }) => name);
    const square = Object.fromEntries(names.map((name) => [name, pair(layer[name])[0]]));
    const isSquare = names.every((name) => oneIfEqual(pair(layer[name])) === square[name]);
    isApart = !isApart;
    if (isApart || isSquare) return show(layer);
    const wanted = { ...layer, ...square };
    const why = forbids(wanted);
    if (!why) return onLayer(wanted);
    show(layer);
    const sentence = t("The width cannot follow the height: {rule}.", why);
    showStatus(line, hint, { sentence, why });
  }

  /** Show the controls that go with the switch; 'same' stands at the first of the padding. */
  function arrange() {
    controls.forEach((control, index) => {
      const { element } = parts[index];
      element.hidden = !isShown(control);
      if (!same || !isPadding(control) || !isShown(control)) return;
      if (!element.contains(sameButton)) element.append(sameButton); // it keeps the focus
    });
    setAttribute(apartButton, "aria-pressed", String(isApart));
    setAttribute(element, "data-apart", isApart);
  }

  /** Go to this layer if it is possible; else stay, and say which rule forbids it. */
  function ask(name, wanted, value) {
    const why = forbids(wanted);
    if (why) refuse(name, value, why);
    else onLayer(wanted);
  }

  function refuse(name, value, why, next) {
    show(layer);
    showStatus(line, hint, refusedValue(name, python(value), why, next));
  }

  /** For a layer that a host without Python's checks sent. */
  function reject(why) {
    showStatus(line, hint, refusedSettings(why));
  }

  function show(shown) {
    layer = shown;
    if (layer.padding !== "same") lastNumber = layer.padding;
    isApart ||= controls.some(({ name, axis }) => axis === null && Array.isArray(layer[name]));
    if (apart) arrange();
    controls.forEach((control, index) => {
      if (!isShown(control)) return;
      const value = control.get(layer);
      const isLegal = (value) => forbids(control.at(layer, value, lastNumber)) === null;
      const last = pair(lastNumber)[control.axis ?? 0];
      if (value === "same") parts[index].show(last, isLegal, "'same'");
      else parts[index].show(value, isLegal);
    });
    setAttribute(sameButton, "aria-pressed", String(layer.padding === "same"));
    showStatus(line, hint);
  }

  /** Say something in place of the hint. */
  const tell = (sentence) => setText(line, sentence);

  return { element, status, apart: apartButton, show, reject, tell };
}
