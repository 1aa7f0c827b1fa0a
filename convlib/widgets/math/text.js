/** Numbers as text, to look at and to listen to; and what joins texts, in the reader's language. */
import { english, t } from "./words.js";

const LAST = { and: english("{first} and {last}"), or: english("{first} or {last}") };

/** A number to look at, with a real minus sign. */
export const sign = (value) => (value < 0 ? `−${-value}` : String(value));

/** A large number to look at, its thousands apart: 9,408. */
export const withCommas = new Intl.NumberFormat("en").format;

/** A number to listen to. */
export const speak = (value) => (value < 0 ? t("minus {n}", { n: -value }) : String(value));

/** A size along both axes. */
export const square = (size) => `${size} × ${size}`;

/** 1, 2, 3: members of one list. */
export const listed = (items) => items.join(t(", "));

/** 1; 1 and 2; 1, 2 and 3. @param {"and" | "or"} [last] */
export const inWords = (items, last = "and") =>
  items.length < 2
    ? items.join("")
    : t(LAST[last], { first: listed(items.slice(0, -1)), last: items.at(-1) });

/** 5 × 5, padded to 7 × 7: facts about one thing, without those that are missing. */
export const clauses = (facts) =>
  chained(facts, (fact, more) => t("{fact}, {more}", { fact, more }));

/** One sentence after the other, without those that are missing. */
export const sentences = (texts) =>
  chained(texts, (sentence, next) => t("{sentence} {next}", { sentence, next }));

/** The first text with each of the others added; "" if there is none. */
function chained(texts, add) {
  const [first = "", ...others] = texts.filter(Boolean);
  return others.reduce(add, first);
}

/** 3 − 1 + 2: numbers with their signs between them. */
export const signedSum = (numbers) =>
  numbers
    .map((number, index) => {
      if (index === 0) return sign(number);
      return `${number < 0 ? "−" : "+"} ${Math.abs(number)}`;
    })
    .join(" ");
