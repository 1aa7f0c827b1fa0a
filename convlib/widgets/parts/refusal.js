/** How far a control goes, and what is said where it stops. */
import { sentences } from "../math/text.js";
import { t } from "../math/words.js";
import { el, setAttribute, setText } from "./dom.js";

/**
 * Walk a control to a value, or as far towards it as the rules allow.
 *
 * @template Settings
 * @param {object} way
 * @param {number} way.now  Where the control stands.
 * @param {number} way.target  Where it is to go.
 * @param {number} way.min
 * @param {number} way.max
 * @param {(value: number) => Settings} way.at  The settings with the control at a value.
 * @param {(settings: Settings) => import("../math/arithmetic.js").Refusal | null} way.forbids
 * @param {boolean} [way.past]  Whether it may go on behind a forbidden target, to the nearest value
 *   that is possible.
 * @returns {{ value: number, refused: number, why: import("../math/arithmetic.js").Refusal | null }}
 *   Where it arrives; and which value was refused and why, or null if it is there.
 */
export function walk({ now, target, min, max, at, forbids, past = false }) {
  const whyNot = (value) => forbids(at(value));
  const way = Math.sign(target - now);
  const end = past ? (way > 0 ? max : min) : target;
  const first = way > 0 ? Math.floor(now) + 1 : Math.ceil(now) - 1; // a ratio may be no whole number
  const ahead = [];
  for (let value = first; way && (end - value) * way >= 0; value += way) ahead.push(value);
  ahead.sort((a, b) => Math.abs(a - target) - Math.abs(b - target));
  const value = ahead.find((value) => !whyNot(value)) ?? now;
  const refused = past ? target : value + way;
  return { value, refused, why: value === target ? null : whyNot(refused) };
}

/**
 * What a status line says of a refused value.
 *
 * @param {string} name
 * @param {string | number} value
 * @param {import("../math/arithmetic.js").Refusal} why
 * @param {number | null} [next]  Where the control went instead.
 */
export function refusedValue(name, value, why, next = null) {
  const refused = t("{name}={value} is not possible: {rule}.", { name, value, rule: why.rule });
  const instead = next !== null && t("The next one that is: {value}.", { value: next });
  return { sentence: sentences([refused, instead]), why };
}

/** What it says of settings that a host without Python's checks sent. */
export const refusedSettings = (why) => ({
  sentence: t("these settings are not possible: {rule}.", why),
  why,
});

/** Say why a setting is refused; if PyTorch refuses it too, also in its words. */
export function showRefusal(element, sentence, { type, message }) {
  element.replaceChildren(sentence, ...(type ? [el("code", "", {}, `${type}: ${message}`)] : []));
}

/**
 * Let a status line say its hint, or in its place what is refused and why.
 *
 * @param {Element} status
 * @param {string} hint
 * @param {{ sentence: string, why: import("../math/arithmetic.js").Refusal } | null} [refused]
 */
export function showStatus(status, hint, refused) {
  setAttribute(status, "data-refused", Boolean(refused));
  if (refused) showRefusal(status, refused.sentence, refused.why);
  else setText(status, hint);
}
