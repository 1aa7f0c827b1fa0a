/** The controls of one layer: they go as far as PyTorch's rules allow, and say which one stops them. */
import { problem } from "../math/arithmetic.js";
import { range } from "../math/lists.js";
import { createButton, createSlider } from "./controls.js";
import { el, setAttribute, setText, showRefusal } from "./dom.js";

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
 * @param {(layer: import("../math/arithmetic.js").Layer) => object | null} [options.forbids]  Why a layer
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

  const parts = controls.map((control) =>
    control.create({ ...control, onInput: (value) => move(control, value), signal }),
  );
  const sameButton = createButton({ label: "same", onClick: toggleSame, signal });
  if (same) parts[controls.findIndex(({ name }) => name === "padding")].element.append(sameButton);
  const element = el("div", "cv-controls", {}, ...parts.map((part) => part.element));
  const status = el("p", "cv-status", { role: "status" });

  /**
   * Go to this layer if it is possible; else stay, and say which rule forbids it. `asked` is the
   * change in the words of the control.
   */
  function ask(wanted, asked) {
    const why = forbids(wanted);
    if (why) refuse(asked, why);
    else onLayer(wanted);
  }

  /** Go to the value, or as far towards it as the rules allow. */
  function move(control, target) {
    if (!layer) return;
    onAsk();
    const start = control.get(layer);
    const asked = (value) => ({ [control.name]: value });
    const whyNot = (value) => forbids(control.at(layer, value));
    if (!whyNot(target) || typeof start !== "number") {
      return ask(control.at(layer, target), asked(target));
    }
    const way = Math.sign(target - start);
    let value = target;
    while (value !== start && whyNot(value)) value -= way;
    const why = whyNot(value + way);
    onLayer(control.at(layer, value));
    refuse(asked(value + way), why);
  }

  /** To 'same', or back to the last number; where that no longer fits, to the first that does. */
  function toggleSame() {
    if (!layer) return;
    onAsk();
    const { max } = controls.find(({ name }) => name === "padding");
    const fits = (padding) => forbids({ ...layer, padding }) === null;
    const number = [lastNumber, ...range(max + 1)].find(fits) ?? lastNumber;
    const padding = layer.padding === "same" ? number : "same";
    ask({ ...layer, padding }, { padding });
  }

  function refuse(change, why) {
    const asked = Object.entries(change).map(
      ([name, value]) => `${name}=${typeof value === "string" ? `'${value}'` : value}`,
    );
    show(layer);
    say(`${asked.join(", ")} is not possible: ${why.rule}.`, why);
  }

  function say(sentence, why) {
    setAttribute(status, "data-refused", true);
    showRefusal(status, sentence, why);
  }

  /** For a layer that a host without Python's checks sent. */
  function reject(why) {
    say("These settings are not possible.", why);
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
    setAttribute(status, "data-refused", false);
    setText(status, hint);
  }

  return { element, status, show, reject };
}
