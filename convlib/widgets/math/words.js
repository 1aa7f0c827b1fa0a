/**
 * The words that a widget shows and speaks, in the reader's language.
 *
 * They are written in English where they are used, and the English is the key of their translation
 * in `widgets/words/`. What has no translation stays English. A sentence is one key with its facts
 * in braces, never a sum of pieces: other languages order them in another way.
 */

let language = "en";
let words = {};
let forms = new Intl.PluralRules("en");

/**
 * Speak another language from now on.
 *
 * @param {string} tag  A BCP 47 tag: "zh-CN".
 * @param {Record<string, string | Record<string, string>>} catalogue  Its translations by the
 *   English; one for each plural form (`one`, `few`, `other` ...) where the language has several.
 */
export function setWords(tag, catalogue) {
  language = tag;
  words = catalogue;
  forms = new Intl.PluralRules(tag);
}

/** The language that is spoken now. */
export const spokenLanguage = () => language;

/**
 * A text in the reader's language, with its facts filled in.
 *
 * @example t("{read} of {all} pixels are read.", { read: 3, all: 9 })
 */
export const t = (text, facts = {}) => fill(words[text] ?? text, facts);

/**
 * A text that depends on a number, which is its fact `count`.
 *
 * @param {string} one  The English for 1.
 * @param {string} many  The English for other numbers, and the key of the translation.
 * @param {number} count
 * @param {object} [facts]  Further facts; `count` among them replaces how the number is written.
 */
export function plural(one, many, count, facts = {}) {
  const entry = words[many] ?? (count === 1 ? one : many);
  const text = typeof entry === "string" ? entry : (entry[forms.select(count)] ?? entry.other);
  return fill(text, { count, ...facts });
}

/** Mark a text that is handed to `t` later, from a table: so that it is found among the keys. */
export const english = (text) => text;

/**
 * A text split at its facts, where these are elements: its pieces and they, in their order.
 *
 * @example el("p", "", {}, ...phrase("sum so far: {sum}", { sum: el("strong", "", {}, 3) }))
 */
export const phrase = (text, facts) =>
  (words[text] ?? text)
    .split(/(\{\w+\})/)
    .filter((piece) => piece !== "")
    .map((piece) => facts[piece.slice(1, -1)] ?? piece);

const templates = new Map(); // each text split at its facts: a repaint fills hundreds

/** The facts in the places of their names; a name without a fact stays. */
function fill(text, facts) {
  if (!templates.has(text)) templates.set(text, text.split(/\{(\w+)\}/));
  const pieces = templates.get(text); // names stand at the odd places
  let filled = pieces[0];
  for (let at = 1; at < pieces.length; at += 2) {
    const name = pieces[at];
    filled += (name in facts ? facts[name] : `{${name}}`) + pieces[at + 1];
  }
  return filled;
}
