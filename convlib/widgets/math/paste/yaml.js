/** The part of YAML that configurations of networks are written in: maps, lists, and flow values. */

import { constant } from "./constants.js";
import { Parser } from "./expressions.js";
import { tokenize } from "./tokens.js";
import { Trouble } from "./values.js";

const KEY = /^"?([A-Za-z_][\w.\- ]{0,80})"?:(?: |$)/;
const MOST_DEPTH = 20;

/**
 * @param {import("./clean.js").Line[]} lines
 * @returns {*} maps, lists and plain values; null where the text is no YAML
 */
export function parseYaml(lines) {
  const rows = [];
  for (const { text, line } of lines) {
    const plain = text.replace(/(?:^|[ \t])#.*$/, "").trimEnd();
    if (!plain.trim() || /^(?:---|\.\.\.)$/.test(plain)) continue;
    rows.push({ indent: plain.length - plain.trimStart().length, text: plain.trim(), line });
  }
  if (rows.length === 0 || !rows.some(({ text }) => KEY.test(text) || text.startsWith("- ")))
    return null;
  const state = { rows, position: 0 };
  const value = block(state, rows[0].indent, 0);
  return state.position === rows.length ? value : null;
}

function block(state, indent, depth) {
  if (depth > MOST_DEPTH) return null;
  const { text } = state.rows[state.position];
  if (/^[[{]/.test(text)) return flow(state, text);
  return text.startsWith("- ") ? list(state, indent, depth) : map(state, indent, depth);
}

function list(state, indent, depth) {
  const items = [];
  for (;;) {
    const row = state.rows[state.position];
    if (row?.indent !== indent || !row.text.startsWith("- ")) return items;
    const rest = row.text.slice(2).trim();
    if (KEY.test(rest)) {
      // A map that begins behind its dash stands as deep as its first key.
      state.rows[state.position] = { ...row, indent: indent + 2, text: rest };
      items.push(map(state, indent + 2, depth + 1));
    } else {
      items.push(placed(flow(state, rest), row.line));
    }
  }
}

function map(state, indent, depth) {
  const entries = placed(new Map(), state.rows[state.position].line);
  for (;;) {
    const row = state.rows[state.position];
    const key = row?.indent === indent ? KEY.exec(row.text) : null;
    if (!key) return entries;
    const rest = row.text.slice(key[0].length).trim();
    if (rest) {
      entries.set(key[1], flow(state, rest));
      continue;
    }
    state.position++;
    const next = state.rows[state.position];
    const deeper =
      next && (next.indent > indent || (next.indent === indent && next.text.startsWith("- ")));
    entries.set(key[1], deeper ? block(state, next.indent, depth + 1) : null);
  }
}

/** A value in its line, or over several lines inside brackets. */
function flow(state, start) {
  const parts = [start];
  state.position++;
  let open = depthOf(start);
  while (open > 0 && state.position < state.rows.length) {
    const { text: more } = state.rows[state.position++];
    open += depthOf(more);
    parts.push(more);
  }
  const text = parts.join(" ");
  const { statements } = tokenize([{ text, line: 1, column: 1 }]);
  try {
    const parser = new Parser(statements[0]?.tokens ?? []);
    const value = constant(parser.value());
    return parser.done ? value : start;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return start;
  }
}

function depthOf(text) {
  let depth = 0;
  for (const sign of text) depth += "([{".includes(sign) ? 1 : ")]}".includes(sign) ? -1 : 0;
  return depth;
}

/** A list or a map that knows its line. */
function placed(value, line) {
  if (value !== null && typeof value === "object") value.line = line;
  return value;
}
