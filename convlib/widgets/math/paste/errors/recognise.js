/** Which of all sentences a text holds. */

import { compile, find } from "./template.js";
import { areApart } from "./types.js";

/** With fewer characters in common, a text does not hold a sentence. */
const ENOUGH = 16;

const compiled = new WeakMap();

/**
 * All sentences of the texts, prepared once: PyTorch's of today, and those of older versions.
 *
 * @param {{ rules: Object<string, { torch: string, older?: string[] }> }} texts
 */
function sentences(texts) {
  if (!compiled.has(texts)) {
    const all = Object.entries(texts.rules).flatMap(([key, rule]) =>
      [rule.torch, ...(rule.older ?? [])].map((template) => ({
        key,
        template,
        raises: rule.raises,
        compiled: compile(template),
      })),
    );
    // A template that is one gap, as that of "layer type", says nothing.
    compiled.set(
      texts,
      all.filter(({ compiled }) => compiled.fixed.join("").length > 0),
    );
  }
  return compiled.get(texts);
}

/** The exception that a traceback names before the sentence. */
function exceptionBefore(paste, start) {
  const before = paste.tight.slice(Math.max(0, start - 40), start);
  return /(\w+(?:Error|Exception|Warning))\(?['"]?:?['"]?$/.exec(before)?.[1] ?? null;
}

const overlap = (a, b) => a.start < b.end && b.start < a.end;

/**
 * Say whether `a` is a better answer than `b`.
 *
 * Of two at one place, the one with more in common; else a whole sentence, and of whole ones the
 * last, because a traceback ends with the exception that stopped the program.
 */
function better(a, b) {
  if (overlap(a, b)) return a.score > b.score || (a.score === b.score && fitsBetter(a, b));
  if (a.whole !== b.whole) return a.whole;
  return a.whole ? a.start > b.start : a.score > b.score;
}

/** Two rules share a sentence: PyTorch raises it with another type, or for another shape. */
function fitsBetter(a, b) {
  const fits = (one) => (one.raises === one.exception) + (SHARED[one.key]?.(one.facts) ?? 0);
  return fits(a) > fits(b);
}

/** Of rules that share a sentence: when it is this one. */
const SHARED = {
  "device types": (facts) => (areApart(facts) ? 1 : -1),
  "gradient rank": ({ weight_ndim }) => (weight_ndim === 4 ? 1 : -1),
  "input rank too high": ({ input }) => (input?.length > 4 ? 1 : -1),
  "complex bias dtype": ({ input_tensor }) => (/Tensor|Type$/.test(input_tensor) ? 0.5 : -1),
  "ranks differ": () => 0.5,
  "weight size": () => 1,
};

/**
 * Every place where a text holds a sentence.
 *
 * @param {ReturnType<import("./squeeze.js").layOpen>} paste
 * @param {object} texts
 * @returns {object[]}
 */
export function findAll(paste, texts) {
  return sentences(texts).flatMap((sentence) =>
    find(sentence.compiled, paste)
      .filter((place) => place.whole || place.score >= ENOUGH)
      .map((place) => ({
        ...place,
        key: sentence.key,
        template: sentence.template,
        raises: sentence.raises,
        exception: exceptionBefore(paste, place.start),
      })),
  );
}

/** The best of them, or null. */
export function best(places) {
  return places.reduce((a, b) => (a === null || better(b, a) ? b : a), null);
}
