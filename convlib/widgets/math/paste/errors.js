/**
 * An error message, as people paste it: what happened, why, and what to change.
 *
 * All sentences are in the texts that Python hands over, in English; here is only the reading.
 */

import { t } from "../words.js";
import { CAUSES } from "./errors/causes.js";
import { complete, shown, spoken } from "./errors/facts.js";
import { best, findAll } from "./errors/recognise.js";
import { joinLines, KEYS_OF_STATE } from "./errors/saved.js";
import { layOpen } from "./errors/squeeze.js";
import { format, formatCode } from "./errors/template.js";
import { codeLine, looksLikeError } from "./errors/traceback.js";
import { wrongArgument } from "./errors/types.js";

/** A text of which nothing is known: some exception, and no sentence of ours. */
const UNKNOWN = "unknown";

/**
 * Decode an error message.
 *
 * @param {string} text a message or a whole traceback, cut off or not, of any version
 * @param {{ rules: object, causes: object, dtypes: object }} texts `convlib.refusals.texts`
 * @param {Object<string, any>} [shapes] facts known from elsewhere: { input: [2, 3, 50, 50] }
 * @returns {{
 *   label: string, key: string, argument: string | null, facts: Object<string, any>,
 *   message: string, exception: string | null, why: string, fix: string,
 *   causes: { label: string, name: string, sentence: string, mend: string, other: string }[],
 *   sure: boolean, section: string, code: string | null } | null}
 *   null if the text is no error
 */
export function decode(text, texts, shapes = {}) {
  const paste = layOpen(text);
  const places = findAll(paste, texts);
  let place = best(places);
  if (place === null) {
    if (!looksLikeError(paste.open)) return null;
    place = { key: UNKNOWN, facts: {}, whole: true, template: lastLine(paste.open) };
  }
  if (KEYS_OF_STATE.includes(place.key)) place = joinLines(places, place);
  return explain(place, texts, shapes, paste);
}

/** Put the numbers of this message into the sentences. */
function explain(place, texts, shapes, paste) {
  const rule = texts.rules[place.rule ?? place.key];
  const found = { ...shapes, ...rule.facts, ...place.facts };
  const facts = complete(
    { ...found, ...wrongArgument({ ...found, marked: marked(paste) }) },
    texts.dtypes,
  );
  const causes = causesOf(place.key, rule, facts, texts);
  const argument = format(rule.argument ?? "", shown(facts));
  return {
    label: causes[0].label,
    key: place.key,
    argument: argument || facts.name || null,
    facts,
    message: messageOf(place, facts, paste),
    exception: place.exception ?? null,
    why: sentencesOf(rule.why, spoken(facts)),
    fix: sentencesOf(rule.fix, spoken(facts)),
    causes,
    sure: causes.length === 1,
    section: rule.section ?? "errors.html",
    code: codeLine(paste.open),
  };
}

/** PyTorch marks the types that do not fit: (!list!, Parameter). */
function marked(paste) {
  return /invalid types?:\s*(\([^\n]{0,500}\))/.exec(paste.open)?.[1];
}

/** The likeliest cause first. If several are left open, the first says so. */
function causesOf(key, rule, facts, texts) {
  const rows = likely(CAUSES[key] ?? [], facts);
  if (rows.length === 0) {
    const sentence = sentencesOf(rule.fix, spoken(facts));
    const mend = formatCode(rule.mend ?? "", shown(facts));
    return [{ label: rule.label, name: key, sentence, mend, other: "" }];
  }
  return rows.map(([name, , more], place) => {
    const cause = texts.causes[name];
    const found = { ...facts, ...more?.(facts) };
    const all = shown(found);
    const sentence =
      sentencesOf(cause.sentence, spoken(found)) || sentencesOf(rule.fix, spoken(found));
    return {
      label: cause.label,
      name,
      sentence: place === 0 && rows.length > 1 ? mostLikely(sentence) : sentence,
      mend: formatCode(cause.mend, all),
      other: formatCode(cause.other ?? "", all),
    };
  });
}

/** The rows whose question is answered with yes; one without a question, if there are none. */
function likely(rows, facts) {
  const answered = rows.filter(([, isLikely]) => isLikely?.(facts));
  return answered.length > 0 ? answered : rows.filter(([, isLikely]) => isLikely === null);
}

/** "The pictures are grey." becomes "Most likely: the pictures are grey." */
function mostLikely(sentence) {
  const small = sentence.replace(/^[A-Z](?=[a-z]* [ -~])/, (letter) => letter.toLowerCase());
  return t("Most likely: {sentence}", { sentence: small });
}

// Where a text parts into sentences, and where "stride = {stride}, but " ends, a part that can be
// left out: in English, and in the full-width signs of Chinese.
const END = /(?<=[.:] )(?=[A-Z(])|(?<=。|：(?=\())/;
const OPENING =
  /^(?:(?:[\w.[\]]+|\{\w+\}) = |\w+ (?:has the shape|的形状是) )\{[^}]+\}(?:(?:, but|:) |，但 ?|：)/;

/**
 * Put facts into sentences, in the reader's language; one whose numbers the message does not tell
 * is left out, or loses the part that shows them.
 *
 * @param {string} text  in English, from the tables
 * @param {Object<string, any>} facts
 */
function sentencesOf(text, facts) {
  const template = t(text);
  const whole = format(template, facts);
  if (whole !== null) return whole;
  return template
    .split(END)
    .filter(Boolean)
    .map((sentence) => {
      const short = sentence.replace(OPENING, "").replace(/^./, (letter) => letter.toUpperCase());
      return format(sentence, facts) ?? format(short, facts);
    })
    .filter((sentence) => sentence !== null)
    .join("")
    .trim();
}

/** A longer message is shown in part. */
const LONGEST_MESSAGE = 400;
/** Messages that hold lists of names are shown as they were written. */
const LISTS = ["state_dict", "conv2d type"];

/** The sentence recognised, in PyTorch's spacing; one that is cut off ends in three dots. */
function messageOf({ key, template, whole, start, end }, facts, { open, places }) {
  const sentence = whole && !LISTS.includes(key) ? format(template, shown(facts)) : null;
  if (sentence !== null) return sentence.trim();
  const met = open
    .slice(places[start], places[end - 1] + 1)
    .replace(/\s+/g, " ")
    .trim();
  const shortened = met.slice(0, LONGEST_MESSAGE);
  return whole && shortened === met ? met : `${shortened}…`;
}

function lastLine(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const named = lines.filter((line) => /\b\w{0,60}(?:Error|Exception)\b/.test(line));
  return (named.at(-1) ?? lines.at(-1)).slice(0, 400).replaceAll(/[{}]/g, "");
}
