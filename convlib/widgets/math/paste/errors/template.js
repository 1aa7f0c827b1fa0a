/**
 * A sentence with gaps, as the texts have it, in both directions.
 *
 * Python's `refuse` puts facts into `Given groups={groups}, weight of size {weight}`; here the
 * same template finds them in a message, and puts them into the sentences that explain it.
 */

import { squeeze } from "./squeeze.js";
import { readValue, valueAt, writeValue } from "./values.js";

/** The part of a template to look for first has at least this many characters. */
const ANCHOR = 12;
/** So many places in the text are tried, from the last one. */
const PLACES = 8;
/** A gap holds at most this many characters; one that lists keys, many more. */
const GAP = 300;
/** Before the part that was found first, a gap that is longer must be one value. */
const SHORT_GAP = 30;
const LONG_GAP = 60_000;
const LISTS_KEYS = new Set(["missing", "unexpected", "got"]);
/** Gaps that hold the rest of the line. */
const PHRASES = new Set(["found", "status"]);

const FIELD = /\{\{(.*?)\}\}|\{(\w+(?:\[\d+\])?)(!r)?\}/g;

/**
 * Cut a template into its fixed parts and its gaps.
 *
 * @param {string} template
 * @returns {{ fixed: string[], gaps: { name: string, quoted: boolean, set: string | undefined }[] }}
 *   one fixed part more than gaps; a gap with a `set` is a Python set, whose order is not fixed
 */
export function parse(template) {
  const fixed = [];
  const gaps = [];
  let from = 0;
  for (const found of template.matchAll(FIELD)) {
    fixed.push(template.slice(from, found.index));
    gaps.push({ name: found[2] ?? "", quoted: Boolean(found[3]), set: found[1] });
    from = found.index + found[0].length;
  }
  fixed.push(template.slice(from));
  return { fixed, gaps };
}

/**
 * Put facts into a line of code; one that is missing keeps its name.
 *
 * @param {string} template
 * @param {Object<string, any>} facts
 * @returns {string}
 */
export function formatCode(template, facts) {
  const { fixed, gaps } = parse(template);
  return fixed
    .map((part, i) => part + (gaps[i] ? (fill(gaps[i], facts) ?? gaps[i].name) : ""))
    .join("");
}

/**
 * Put facts into the gaps of a template.
 *
 * @param {string} template
 * @param {Object<string, any>} facts
 * @returns {string | null} null if a fact is missing
 */
export function format(template, facts) {
  const { fixed, gaps } = parse(template);
  const texts = gaps.map((gap) => fill(gap, facts));
  if (texts.includes(null)) return null;
  return fixed.map((part, i) => part + (texts[i] ?? "")).join("");
}

function fill({ name, quoted, set }, facts) {
  if (set !== undefined) return `{${set}}`;
  const [, base, index] = /^(\w+?)(?:\[(\d+)\])?$/.exec(name);
  const value = facts[name] ?? (index === undefined ? undefined : facts[base]?.[index]);
  if (value === undefined || value === null) return null;
  return quoted ? `'${value}'` : writeValue(value);
}

/**
 * Prepare a template for `find`.
 *
 * @param {string} template
 * @returns {{ fixed: string[], gaps: object[], anchors: { part: number, skip: number, probe: string }[] }}
 */
export function compile(template) {
  const { fixed, gaps } = parse(template.trim());
  const low = fixed.map((part) => squeeze(part).toLowerCase());
  const anchors = low.flatMap((part, index) => {
    const skip = part.search(/[a-z]/);
    const length = part.length - skip;
    if (skip < 0 || length < ANCHOR) return [];
    return [{ part: index, skip, probe: part.slice(skip, skip + ANCHOR) }];
  });
  if (anchors.length === 0) {
    const part = low.findIndex((text) => text.length === Math.max(...low.map((t) => t.length)));
    anchors.push({ part, skip: 0, probe: low[part] });
  }
  return { fixed: low, gaps, anchors };
}

/**
 * Find a template in a text, whole or in part.
 *
 * @param {ReturnType<compile>} template
 * @param {ReturnType<import("./squeeze.js").layOpen>} paste
 * @returns {{ start: number, end: number, score: number, whole: boolean, facts: object }[]}
 *   `score` counts the characters of the template that were met; `whole`: no gap is left
 */
export function find(template, paste) {
  const found = [];
  for (const { part, skip, probe } of template.anchors) {
    let at = paste.low.length;
    for (let turn = 0; turn < PLACES && at >= 0; turn++) {
      at = paste.low.lastIndexOf(probe, at - 1);
      if (at < 0) break;
      found.push(follow(template, paste, at, part, skip));
      if (at === 0) break;
    }
  }
  return found;
}

/** Follow a template through the text, both ways from the fixed part `part`. */
function follow(template, paste, start, part, skip) {
  const facts = {};
  const before = followBack(template, paste, start, part, skip, facts);
  const after = followOn(template, paste, start, part, skip, facts);
  return {
    start: before.at,
    end: after.at,
    score: before.score + after.score,
    whole: before.whole && after.whole,
    facts,
  };
}

/** Towards the end: until the text differs, or the template is over. */
function followOn({ fixed, gaps }, paste, start, part, skip, facts) {
  let at = start;
  let score = 0;
  for (let i = part; ; i++) {
    const wanted = i === part ? fixed[i].slice(skip) : fixed[i];
    const met = commonLength(paste.low, at, wanted);
    score += met;
    at += met;
    if (i === gaps.length) return { at, score, whole: met * 2 >= wanted.length };
    if (met < wanted.length) return { at, score, whole: false };
    const end = gapEnd(gaps[i], fixed[i + 1], paste, at);
    const isCut = end === at || (end === paste.tight.length && fixed[i + 1] !== "");
    keep(gaps[i], paste, at, end, facts, isCut);
    at = end;
    if (isCut) return { at, score, whole: false };
  }
}

/** Towards the beginning; values in the middle of a message are short. */
function followBack({ fixed, gaps }, paste, start, part, skip, facts) {
  const { low } = paste;
  let at = start;
  let score = 0;
  for (let i = part; ; i--) {
    const wanted = i === part ? fixed[i].slice(0, skip) : fixed[i];
    const met = low.slice(Math.max(0, at - wanted.length), at) === wanted;
    if (met) {
      score += wanted.length;
      at -= wanted.length;
    }
    if (!met || i === 0) return { at, score, whole: met };
    const first = gapStart(fixed[i - 1], paste, at);
    if (first === at) return { at, score, whole: false };
    keep(gaps[i - 1], paste, first, at, facts, false);
    at = first;
  }
}

function commonLength(text, at, wanted) {
  if (text.startsWith(wanted, at)) return wanted.length;
  let count = 0;
  while (count < wanted.length && text[at + count] === wanted[count]) count++;
  return count;
}

/** Where a gap ends: before the next fixed part, or after the value that can stand there. */
function gapEnd({ name, set }, next, paste, at) {
  const { low, tight } = paste;
  const longest = LISTS_KEYS.has(name) ? LONG_GAP : GAP;
  const window = tight.slice(at, at + longest);
  if (set !== undefined) return at + (/^\{[^}]*\}?/.exec(window)?.[0].length ?? 0);
  if (next !== "") {
    const value = valueAt(window).length;
    if (value > 0 && low.startsWith(next, at + value)) return at + value;
    const distance = low.slice(at, at + longest + next.length).indexOf(next);
    if (distance >= 0) return at + distance;
  }
  const value = valueAt(window);
  if (/^(?:torch\.Size\()?[[('"]/.test(value)) return at + value.length;
  if (LISTS_KEYS.has(name)) return at + Math.max(0, window.lastIndexOf("'"));
  // The next words are cut off, or other ones follow: a number is sure, and a type's beginning.
  if (next !== "" && !/^-?\d/.test(window) && !name.endsWith("_tensor")) return at;
  return pieceEnd(paste, at, at + longest, PHRASES.has(name) ? /\n/ : /\s/);
}

/** Where the piece that starts at `at` ends: before a space of the paste. */
function pieceEnd({ open, places, tight }, at, last, space) {
  let end = at;
  while (end < Math.min(last, tight.length)) {
    end++;
    if (space.test(open.slice(places[end - 1] + 1, places[end]))) break;
  }
  return end;
}

/** Read the gap's value into the facts. A number at the end of a cut text may lack digits. */
function keep({ name, set }, { open, tight, places }, at, end, facts, isCut) {
  if (set !== undefined || at === end) return;
  const text = tight.slice(at, end);
  const written = open.slice(places[at], places[end - 1] + 1).replace(/\s+/g, " ");
  const value = valueIn(text, written);
  if (!(isCut && typeof value === "number")) facts[name] = value;
}

/** A number, a list, or a word, which keeps its spaces: "tuple of ints". */
function valueIn(text, written) {
  if (/^\d+(?: \d+)+$/.test(written)) return written.split(" ").map(Number); // as PyTorch 1.0 does
  const value = readValue(text);
  return typeof value === "string" ? written.replace(/^['"](.*)['"]$/, "$1") : value;
}

/** Where a gap starts that ends at `end`: after the fixed part before it, or with the value. */
function gapStart(before, { low, tight }, end) {
  const from = Math.max(0, end - 120);
  const window = tight.slice(from, end);
  const place = before === "" ? -1 : low.slice(from, end).lastIndexOf(before);
  const start = place + before.length;
  const length = window.length - start;
  if (place >= 0 && (length <= SHORT_GAP || valueAt(window.slice(start)).length === length)) {
    return from + start;
  }
  return (
    end - (/(?:\[[^[\]]*\]+|\([^()]*\)|'[^']*'|(?:[\w.<>-]|::)+)$/.exec(window)?.[0].length ?? 0)
  );
}
