/**
 * Python's tokens, with their places. Nothing is an error here: a sign that Python does not know is
 * a token of its own, a string without an end stops at the end of its line.
 *
 * @typedef {{ type: "name" | "number" | "string" | "sign", text: string, value?: *, line: number,
 *   column: number, end: number, spaced: boolean }} Token `value`: of a number or a string.
 *   `spaced`: a space stands before it.
 * @typedef {{ indent: number, tokens: Token[] }} Statement one logical line
 */

import { Float } from "./values.js";

const SIGNS = "**= //= ... >>= <<= ** // -> := == != <= >= += -= *= /= %= |= &= << >>".split(" ");
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /0[xX][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const QUOTE = /[rRbBfFuU]{0,2}("""|'''|"|')/y;
const OPEN = { "(": ")", "[": "]", "{": "}" };

/** Words that begin a statement: a bracket still open before them has lost its end. */
const STARTS = new Set(["def", "class", "return", "import", "with", "while", "try", "raise"]);

/**
 * Cut lines into statements: a bracket that is open, or a backslash, joins lines.
 * @param {import("./clean.js").Line[]} lines
 * @returns {{ statements: Statement[], unclosed: Token[], unmatched: Token[] }} with the brackets
 *   that have no end, and the ends that have no bracket
 */
export function tokenize(lines) {
  const state = { statements: [], current: null, open: [], unclosed: [], unmatched: [], quote: "" };
  for (const line of lines) readLine(line, state);
  closeAll(state);
  return state;
}

function readLine(line, state) {
  const { text } = line;
  let position = 0;
  if (state.quote) position = endOfQuote(text, 0, state);
  const indent = indentation(text, position);
  if (state.open.length > 0 && startsStatement(text, indent.end)) closeAll(state);
  position = indent.end;
  if (!state.current) state.current = { indent: indent.width, tokens: [] };
  let joined = false;
  while (position < text.length) {
    const sign = text[position];
    if (sign === "#") break;
    if (sign === "\\" && /^\s*$/.test(text.slice(position + 1, position + 20))) {
      joined = true;
      break;
    }
    if (sign === " " || sign === "\t" || sign === "\f") position++;
    else if (sign === ";" && state.open.length === 0) {
      const { indent: width } = state.current;
      endStatement(state);
      state.current = { indent: width, tokens: [] };
      position++;
    } else position = readToken(line, position, state);
  }
  if (state.open.length === 0 && !joined && !state.quote) endStatement(state);
}

function endStatement(state) {
  if (state.current && state.current.tokens.length > 0) state.statements.push(state.current);
  state.current = null;
}

function closeAll(state) {
  state.unclosed = state.unclosed.concat(state.open);
  state.open = [];
  endStatement(state);
}

function indentation(text, from) {
  let width = 0;
  let end = from;
  for (; end < text.length; end++) {
    if (text[end] === " ") width++;
    else if (text[end] === "\t") width += 8 - (width % 8);
    else break;
  }
  return { width, end };
}

/** Whether a line can only be the start of a statement: `self.x = ...`, `def`, `class`. */
function startsStatement(text, position) {
  const word = /[@\w.]{1,80}/y;
  word.lastIndex = position;
  const [first] = word.exec(text) ?? [""];
  if (first.startsWith("@")) return true;
  if (first.startsWith("self."))
    return /^ *=(?!=)/.test(text.slice(word.lastIndex, word.lastIndex + 40));
  return STARTS.has(first);
}

function readToken(line, position, state) {
  const { text } = line;
  const token = { line: line.line, column: line.column + position };
  token.spaced = position > 0 && /\s/.test(text[position - 1]);
  const add = (type, length, more) => {
    const written = text.slice(position, position + length);
    state.current.tokens.push({
      type,
      text: written,
      ...token,
      end: token.column + length,
      ...more,
    });
    return position + length;
  };
  const quote = matchAt(QUOTE, text, position);
  if (quote && !isApostrophe(text, position, quote[0]))
    return readString(line, position, quote, state, add);
  const name = matchAt(NAME, text, position);
  if (name) return add("name", name[0].length);
  const number = matchAt(NUMBER, text, position);
  if (number) return add("number", number[0].length, { value: numberValue(number[0]) });
  const sign = findSign(text, position);
  const end = add("sign", sign.length);
  countBracket(sign, state);
  return end;
}

function countBracket(sign, state) {
  const token = state.current.tokens.at(-1);
  if (sign in OPEN) state.open.push(token);
  else if (sign === ")" || sign === "]" || sign === "}") {
    if (state.open.length > 0 && OPEN[state.open.at(-1).text] === sign) state.open.pop();
    else state.unmatched.push(token);
  }
}

const matchAt = (expression, text, position) => {
  expression.lastIndex = position;
  return expression.exec(text);
};

const findSign = (text, position) =>
  SIGNS.find((sign) => text.startsWith(sign, position)) ?? text[position];

/** The apostrophe of "don't" begins no string. */
const isApostrophe = (text, position, opening) =>
  opening === "'" && position > 0 && /[\p{L}\p{N}]/u.test(text[position - 1]);

function numberValue(text) {
  const digits = text.replaceAll("_", "");
  if (/^0[xX]/.test(digits)) return Number.parseInt(digits, 16);
  return /[.eE]/.test(digits) ? new Float(Number(digits)) : Number(digits);
}

function readString(line, position, quote, state, add) {
  const { text } = line;
  const start = position + quote[0].length;
  const mark = quote[1];
  if (mark.length === 3) {
    const end = text.indexOf(mark, start);
    if (end < 0) state.quote = mark;
    const stop = end < 0 ? text.length : end;
    return add("string", Math.min(stop + 3, text.length) - position, {
      value: text.slice(start, stop),
    });
  }
  let end = start;
  while (end < text.length && text[end] !== mark) end += text[end] === "\\" ? 2 : 1;
  const value = text.slice(start, end);
  const formatted = /f/i.test(quote[0]);
  return add("string", Math.min(end + 1, text.length) - position, { value, formatted });
}

/** Where a string over several lines ends: after its mark, or with this line. */
function endOfQuote(text, from, state) {
  const end = text.indexOf(state.quote, from);
  if (end < 0) return text.length;
  state.quote = "";
  return end + 3;
}
