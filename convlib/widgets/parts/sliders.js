/** Sliders that go as far as there is room, and a line that says why one stopped. */
import { t } from "../math/words.js";
import { createSlider } from "./controls.js";
import { el, setAttribute } from "./dom.js";
import { refusedSettings, showStatus, walk } from "./refusal.js";

/**
 * @template Settings
 * @typedef {object} Control  What one slider sets.
 * @property {string} name
 * @property {number} min
 * @property {number} max
 * @property {(settings: Settings) => number | undefined} get  Where it stands; undefined hides it.
 * @property {(settings: Settings, value: number) => Settings} at  The settings that it asks for.
 */

/** The control of a setting that is one number. */
export function ofNumber(name, [min, max]) {
  const at = (settings, value) => ({ ...settings, [name]: value });
  return { name, min, max, get: (settings) => settings[name], at };
}

/**
 * @template Settings
 * @param {object} options
 * @param {Control<Settings>[]} options.controls
 * @param {string} options.hint  What the line says while nothing is refused.
 * @param {(settings: Settings) => import("../math/arithmetic.js").Refusal | null} [options.forbids]
 *   Why settings are not possible; without it, all are.
 * @param {() => Settings} options.read
 * @param {(settings: Settings, refused: object | null) => void} options.write  Gets what to hand to
 *   `show` if a slider stopped early.
 * @param {AbortSignal} options.signal
 */
export function createSliders({ controls, hint, forbids = () => null, read, write, signal }) {
  const sliders = controls.map((control) =>
    createSlider({ ...control, onInput: (value) => move(control, value), signal }),
  );
  const parts = sliders.map((slider) => slider.element);
  const status = el("p", "cv-status", { "data-operated": true, role: "status" });

  /** Go there, or as far towards it as there is room. */
  function move(control, target) {
    const settings = read();
    const at = (value) => control.at(settings, value);
    const now = control.get(settings);
    const { value, refused, why } = walk({ ...control, now, target, at, forbids });
    const facts = { name: control.name, value: refused, rule: why?.rule };
    write(at(value), why && { sentence: t("{name} cannot be {value}: {rule}.", facts), why });
  }

  return {
    element: el("div", "cv-controls", { "data-operated": true }, ...parts),
    status,

    /** @param {{ sentence: string, why: object } | null} [refused]  Why the last change stopped. */
    show(settings, refused) {
      sliders.forEach((slider, index) => {
        const { get, at } = controls[index];
        const value = get(settings);
        setAttribute(slider.element, "hidden", value === undefined);
        if (value !== undefined) slider.show(value, (value) => !forbids(at(settings, value)));
      });
      const why = forbids(settings);
      showStatus(status, hint, refused ?? (why && refusedSettings(why)));
    },
  };
}
