/**
 * Pasted text without what surrounds code: prompts, fences, marks of a diff, full-width signs.
 *
 * Each line remembers where it stood, so that a problem can be named with its place.
 *
 * @typedef {{ text: string, line: number, column: number }} Line `line` and `column` count from 1:
 *   the place of the first letter of `text` in what was pasted.
 */

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#39;": "'" };

/** One sign for one sign, so that columns hold. */
const SIGNS = {
  "\u3000": " ",
  "\u00a0": " ",
  "\u3001": ",",
  "\u3002": ".",
  "\u201c": '"',
  "\u201d": '"',
  "\u2018": "'",
  "\u2019": "'",
  "\u2212": "-",
  "\u2013": "-",
  "\u3010": "[",
  "\u3011": "]",
  "\u300c": '"',
  "\u300d": '"',
  "`": " ",
};

/** What may stand before a line of code. Each is short and anchored: it is tried once per line. */
const PREFIXES = [
  /\[rank\d{1,6}\]: ?/y, //           torchrun
  /\(\w{1,40} pid=\d{1,9}\) /y, //    ray
  />>> ?/y, //                        Python's prompt
  /\.\.\.(?: |$)/y, //                and its continuation
  / {0,3}(?:In|Out) ?\[\d{0,6}\]: ?/y, //  IPython's
  / {1,12}\.\.\.: ?/y,
  /E {1,8}(?=\S)/y, //                pytest's error
  /-{1,8}> {0,8}\d{1,6} /y, //        IPython's traceback
  /\+(?=[ \t\w#@)]|$)/y, //           a diff
  /> ?/y, //                          a quotation, pytest's arrow
  /\$ /y,
];

/** Marks of a list: they are dropped where what follows looks like code. */
const BULLET = /[ \t]{0,40}(?:[-*\u2022]|\d{1,3}[.)])[ \t]{1,8}(?=[`A-Z]|self\.|nn\.|torch\.|F\.)/y;

const NUMBERED = /[ \t]{0,12}\d{1,6}[:|]?(?= |$)/y;
const ARROW = /^-{1,8}> {0,8}\d{1,6} /m;
const DIFF = /^(?:@@ |diff --git |\+[ \t]*[\w#(])/m;

/**
 * Clean a pasted text.
 * @param {string} text
 * @param {{ bullets?: boolean }} [options] `bullets: true` keeps the dashes of a list, as YAML has
 * @returns {Line[]}
 */
export function cleanLines(text, { bullets = false } = {}) {
  const numbered = ARROW.test(text);
  const diff = DIFF.test(text);
  const lines = [];
  text.split(/\r\n|\r|\n/).forEach((raw, index) => {
    const line = index + 1;
    if (/^\s{0,40}(?:```|~~~)/.test(raw)) return;
    if (diff && /^(?:-|@@|diff --git)/.test(raw) && !raw.startsWith("->")) return;
    for (const [part, offset] of splitDump(raw)) {
      const plain = plainSigns(part);
      const start = numbered && !ARROW.test(plain) ? matchEnd(NUMBERED, plain, 0) : 0;
      const skipped = skipPrefixes(plain, start, bullets);
      lines.push({ text: plain.slice(skipped), line, column: offset + skipped + 1 });
    }
  });
  return lines;
}

/** Lines that begin with `#`, read as code: for text that holds nothing but comments. */
export function uncomment(lines) {
  return lines.map(({ text, line, column }) => {
    const length = matchEnd(/[ \t]*#+ ?/y, text, 0);
    return { text: text.slice(length), line, column: column + length };
  });
}

/** What strings quote, read as code: the lines of a notebook's file, a docstring. */
export function unquote(lines) {
  return lines.map(({ text, line, column }) => {
    const length = matchEnd(/[ \t]*[rRbBfFuU]?(?:"""|'''|"|')/y, text, 0);
    const inner = text.slice(length).replace(/(?:\\n)?["']{1,3},?\s{0,40}$/, "");
    return { text: inner, line, column: column + length };
  });
}

/** A line whose ends were written as `\n` or `<br>` is several. */
function* splitDump(raw) {
  const dumped = /\\n[ \\()]/.test(raw) && !/["']\\n["']/.test(raw);
  const separator = dumped ? /\\n|<br ?\/?>/g : /<br ?\/?>/g;
  let start = 0;
  for (const match of raw.matchAll(separator)) {
    yield [raw.slice(start, match.index), start];
    start = match.index + match[0].length;
  }
  yield [raw.slice(start), start];
}

function plainSigns(text) {
  const ascii = text.replace(/[\u3000-\u3011\u2010-\u2212\u00a0`\uff01-\uff5e]/g, (sign) => {
    const code = sign.charCodeAt(0);
    if (code >= 0xff01) return String.fromCharCode(code - 0xfee0);
    return SIGNS[sign] ?? sign;
  });
  return ascii.replace(/&(?:lt|gt|amp|quot|#39);/g, (entity) => ENTITIES[entity]);
}

function skipPrefixes(text, start, bullets) {
  let position = start;
  for (let round = 0; round < 4; round++) {
    const before = position;
    for (const prefix of PREFIXES) position = matchEnd(prefix, text, position);
    if (position === before) break;
  }
  return bullets ? position : matchEnd(BULLET, text, position);
}

/** Where a sticky expression ends that begins at `position`; `position` if it is not there. */
function matchEnd(expression, text, position) {
  expression.lastIndex = position;
  return expression.test(text) ? expression.lastIndex : position;
}
