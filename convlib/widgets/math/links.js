/**
 * A link to what somebody sees: a widget's name and its settings in the fragment of an address,
 * `#layer_explorer={"stride":2}`. What a link asks for is checked before a widget sees it, since
 * anybody can write one.
 */
import { isSame } from "./lists.js";
import { t } from "./words.js";

/** Traits that Python alone states. */
const FIXED = ["constants", "texts", "presets"];
const MOST_LETTERS = 20_000; // of a text, or of a list written out

/** @param {string} name  The widget's module. */
export function toFragment(name, settings) {
  return `${name}=${encodeURIComponent(JSON.stringify(settings))}`;
}

/** @returns {{ name: string, settings: object } | null} null if it is no link to a widget */
export function fromFragment(fragment) {
  const [, name, text] = /^#?([a-z_]+)=(.*)$/.exec(fragment) ?? [];
  if (!name) return null;
  try {
    const settings = JSON.parse(decodeURIComponent(text));
    return kindOf(settings) === "object" ? { name, settings } : null;
  } catch {
    return null;
  }
}

/**
 * What each widget of a page is to take of a link, the one to look at last. A setting that went to
 * another widget is for that one, along with those that both have; so is the whole link, where its
 * own widget is not on the page.
 *
 * @param {{ name: string, settings: object }} link
 * @param {Record<string, Record<string, string>>} moved  By the widgets' names: what each once had,
 *   and the widget that has it now. Python states it, in `moved` of a widget's class.
 * @param {(name: string) => object | undefined} stateOf  All traits of a widget of the page.
 * @returns {{ name: string, settings: object }[]}
 */
export function partsOf({ name, settings }, moved, stateOf) {
  const gone = Object.hasOwn(moved, name) ? moved[name] : {};
  const pick = (isPicked) => Object.fromEntries(Object.entries(settings).filter(isPicked));
  const parts = [{ name, settings: pick(([setting]) => !Object.hasOwn(gone, setting)) }];
  for (const heir of new Set(Object.values(gone))) {
    const isMeant = Object.keys(settings).some((setting) => gone[setting] === heir);
    if (!isMeant && stateOf(name)) continue;
    parts.push({
      name: heir,
      settings: pick(([setting]) => Object.hasOwn(stateOf(heir) ?? {}, setting)),
    });
  }
  return parts.filter((part) => stateOf(part.name));
}

/** The settings that differ from those a page starts with; a preset stands for what it brings. */
export function changed(start, now) {
  const preset = now("preset") === start.preset ? {} : broughtBy(start, now("preset"));
  const before = isSame(preset.layers, now("layers")) ? { ...start, ...preset } : start;
  const names = Object.keys(start).filter((name) => !FIXED.includes(name));
  return Object.fromEntries(
    names.filter((name) => !isSame(before[name], now(name))).map((name) => [name, now(name)]),
  );
}

/**
 * A link's settings, with those that its preset brings. A link that says the layers too says all
 * that differs from the page's own settings.
 */
export const whole = (state, settings) =>
  "layers" in settings ? settings : { ...broughtBy(state, settings.preset), ...settings };

/** The settings that a preset of a widget stands for. */
function broughtBy({ presets = {}, ...state }, name) {
  if (!Object.hasOwn(presets, name)) return {};
  const settings = Object.entries(presets[name]).filter(([each]) => Object.hasOwn(state, each));
  return Object.fromEntries(settings);
}

/**
 * Why a link's settings cannot be taken; null if they can. A setting has to be one of the widget's,
 * of the kind that it has now, and within the limits that Python states.
 *
 * @param {object} state  all traits of the widget, as the page carries them
 * @param {object} settings
 * @returns {string | null}
 */
export function whyNot(state, settings) {
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(state, name) || FIXED.includes(name))
      return t("there is no setting {name}", { name });
    const isUnknown = name === "preset" && value !== null && !Object.hasOwn(state.presets, value);
    if (isUnknown || !alike(state[name], value))
      return t("{name} cannot be {value}", { name, value: shortly(value) });
    const [from, to] = state.constants?.limits?.[name] ?? [];
    const numbers = [value].flat(3).filter((each) => typeof each === "number");
    const isWithin = (number) => Number.isInteger(number) && number >= from && number <= to;
    if (from !== undefined && !numbers.every(isWithin)) {
      const facts = { name, from, to, value: shortly(value) };
      return t("{name} is from {from} to {to}, not {value}", facts);
    }
  }
  return null;
}

const kindOf = (value) => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);

/** Kinds that may stand for each other: one number for both axes, a word for a number, nothing. */
const SOME = ["number", "list", "string", "null"];

function alike(now, value) {
  const kinds = [kindOf(now), kindOf(value)];
  if (JSON.stringify(value).length > MOST_LETTERS) return false;
  if (typeof value === "number" && !Number.isInteger(value)) return false;
  if (typeof now === "string" && typeof value === "string") return true;
  return kinds[0] === kinds[1] || kinds.every((kind) => SOME.includes(kind));
}

const shortly = (value) => JSON.stringify(value).slice(0, 60);
