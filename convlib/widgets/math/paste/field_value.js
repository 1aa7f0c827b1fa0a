/** What somebody types into a field for an unknown name: a number, a pair, a word, True or None. */

import { t } from "../words.js";

const WORDS = { True: true, true: true, False: false, false: false, None: null };

/**
 * @param {string} text
 * @returns {{ value: * } | { why: string }}
 */
export function readValue(text) {
  const trimmed = text.trim().slice(0, 200);
  if (trimmed === "") return { why: t("write a number") };
  if (trimmed in WORDS) return { value: WORDS[trimmed] };
  const inner = /^[([](.*)[)\]]$/.exec(trimmed)?.[1];
  const items = (inner ?? trimmed).split(/[,，]/).map((item) => item.trim());
  const numbers = items.filter(Boolean).map(Number);
  if (numbers.length > 0 && numbers.every(Number.isFinite)) {
    return { value: inner === undefined && numbers.length === 1 ? numbers[0] : numbers };
  }
  return { value: trimmed.replace(/^(["'])(.*)\1$/, "$2") };
}

/** A value as one types it. */
export function writeValue(value) {
  if (Array.isArray(value)) return `(${value.join(", ")})`;
  const word = Object.keys(WORDS).find((name) => WORDS[name] === value);
  return word ?? String(value);
}
