/**
 * What a module's check answers where PyTorch refuses.
 *
 * @typedef {object} Refusal
 * @property {"RuntimeError" | "ValueError" | "TypeError" | "IndexError" | "NotImplementedError"} type
 * @property {string} message  The first line of PyTorch's error, in its English.
 * @property {string} rule  The key of the rule that was broken.
 * @property {string} why  The rule in short, with this call's numbers, in the reader's language.
 * @property {Record<string, unknown>} facts  The numbers of this call.
 * @property {Record<string, unknown>} [needs]  Settings with which it would work.
 * @property {"construction" | "call"} when
 */
import { t } from "../words.js";

/** A refusal at the call of a module. */
export function refusal(type, rule, message, { why = "", facts = {}, needs, when = "call" } = {}) {
  return { type, rule, message, why, facts, ...(needs && { needs }), when };
}

export const runtime = (rule, message, more) => refusal("RuntimeError", rule, message, more);

/** A refusal when the module is made. */
export const atConstruction = (type, rule, message, more) =>
  refusal(type, rule, message, { ...more, when: "construction" });

export const isRefusal = (answer) => answer !== null && !Array.isArray(answer);

/** The first refusal that one of these checks answers, in PyTorch's order; null if there is none. */
export function firstOf(...checks) {
  for (const check of checks) {
    const why = check();
    if (why) return why;
  }
  return null;
}

/** Why channels do not form groups. */
export const uneven = (channels, groups) =>
  t("{channels} channels do not split into {groups} equal groups", { channels, groups });
