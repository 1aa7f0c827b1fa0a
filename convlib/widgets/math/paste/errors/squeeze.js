/**
 * Text as a terminal, a notebook or a forum shows it, without what the way there did to it.
 *
 * A message may be broken over lines, even in the middle of a word, and each line may have a
 * prefix. So messages are compared without any white space.
 */

/** A longer text keeps its last characters: that is where a traceback says what happened. */
const LONGEST = 200_000;

/** What stands before a line: pytest's "E   ", a prompt, a quotation, the rank of a process. */
const PREFIX = /^(?:E(?=\s)|>>>|\.\.\.(?=\s)|[>#+|]|\[rank ?\d+\]:?)\s*/;

/** The lines that a box around the text is drawn with, and characters that show nothing. */
const UNSEEN = /[\u2500-\u257f\u200b-\u200f\u2060\ufeff\u00ad`]/g;

/** Characters that forums and East Asian keyboards put in the place of others. */
const OTHERS = new Map([
  ["\u2018", "'"],
  ["\u2019", "'"],
  ["\u201c", '"'],
  ["\u201d", '"'],
  ["\u00d7", "x"],
  ["\u2212", "-"],
  ["\u3010", "["],
  ["\u3011", "]"],
  ["\u3000", " "],
]);

/** A character as PyTorch writes it: full-width signs become ASCII. */
function plain(character) {
  const code = character.charCodeAt(0);
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  return OTHERS.get(character) ?? character;
}

/** Take all prefixes off a line. */
function bare(line) {
  let rest = line.trim();
  for (let turn = 0; turn < 4 && PREFIX.test(rest); turn++) rest = rest.replace(PREFIX, "");
  return rest;
}

/**
 * Lay a text open.
 *
 * @param {string} text
 * @returns {string} the same lines, without prefixes and frames, in PyTorch's characters
 */
export function clean(text) {
  return text
    .slice(-LONGEST)
    .replace(/\\n|\\t|\r/g, "\n")
    .replace(UNSEEN, "")
    .replace(/[\u0080-\uffff]/g, plain)
    .split("\n")
    .map(bare)
    .join("\n");
}

/**
 * A text to compare: no white space, and one kind of quotes.
 *
 * @param {string} text
 * @returns {string}
 */
export const squeeze = (text) => text.replace(/\s+/g, "").replaceAll('"', "'");

/**
 * The same for a whole paste, which remembers where each character stood.
 *
 * @param {string} text
 * @returns {{ open: string, tight: string, low: string, places: Int32Array }}
 *   `open` the text as `clean` leaves it, `tight` without white space, `low` in small letters,
 *   `places` for each character of `tight` its place in `open`
 */
export function layOpen(text) {
  const open = clean(text);
  const tight = squeeze(open);
  const places = new Int32Array(tight.length + 1);
  let count = 0;
  for (let i = 0; i < open.length; i++) {
    if (open[i].trim() !== "") places[count++] = i;
  }
  places[count] = open.length;
  return { open, tight, low: tight.toLowerCase(), places };
}
