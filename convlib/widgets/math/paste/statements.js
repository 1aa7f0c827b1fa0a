/**
 * Python's statements, from logical lines to a tree.
 *
 * Indentation is a help, not a law: it is often lost on the way. A line that does not parse becomes
 * a statement `broken`, which keeps its tokens.
 */

import { t } from "../words.js";
import { Parser } from "./expressions.js";
import { Trouble } from "./values.js";

const BLOCKS = new Set("class def if elif else for while with try except finally async".split(" "));
const SKIPPED = new Set("pass break continue global nonlocal del assert raise yield".split(" "));
const ASSIGNMENTS = new Set("+= -= *= /= //= %= **= |= &= >>= <<=".split(" "));
const MOST_DEPTH = 40;

/**
 * @param {import("./tokens.js").Statement[]} lines
 * @returns {object[]} statements
 */
export function parse(lines) {
  const state = { lines, position: 0, depth: 0 };
  const statements = [];
  while (state.position < lines.length) statements.push(...block(state, 0));
  return statements;
}

/** The statements from here on that stand at least `indent` deep. */
function block(state, indent, ends = () => false) {
  const statements = [];
  state.depth++;
  while (state.position < state.lines.length) {
    const line = state.lines[state.position];
    if (line.indent < indent || ends(line)) break;
    statements.push(statement(state, line));
  }
  state.depth--;
  return statements;
}

function statement(state, line) {
  state.position++;
  const { depth } = state;
  const parser = new Parser(line.tokens);
  try {
    const node =
      BLOCKS.has(line.tokens[0].text) && opensBlock(line.tokens)
        ? compound(parser, state, line)
        : simple(parser);
    node.tokens = line.tokens;
    return node;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    state.depth = depth;
    return { type: "broken", tokens: line.tokens, at: line.tokens[0], trouble: error };
  }
}

/** `class`, `if` and the like open a block with a colon; "class imbalance" is prose. */
const opensBlock = (tokens) => tokens.some((token) => token.type === "sign" && token.text === ":");

function compound(parser, state, line) {
  parser.take("async");
  const at = parser.token;
  const word = at.text;
  parser.position++;
  const node = { type: word, at, ...HEADS[word]?.(parser) };
  if (!parser.take(":")) parser.fail(t('"{sign}" is missing', { sign: ":" }));
  if (state.depth > MOST_DEPTH) parser.fail(t("blocks stand too deep in each other"));
  state.depth++;
  node.body = parser.done ? suite(state, line, node) : [simple(parser)];
  state.depth--;
  return node;
}

/** What stands between the word that opens a block and its colon. */
const HEADS = {
  class: (parser) => {
    const name = nameOf(parser);
    return { name, ...(parser.take("(") ? parser.call() : { args: [], keywords: [] }) };
  },
  def: (parser) => {
    const name = nameOf(parser);
    if (!parser.take("(")) parser.fail(t('"{sign}" is missing', { sign: "(" }));
    const parameters = parser.parameters(")");
    parser.close(")");
    if (parser.take("->")) parser.value();
    return { name, parameters };
  },
  if: (parser) => ({ test: parser.value() }),
  elif: (parser) => ({ test: parser.value() }),
  while: (parser) => ({ test: parser.value() }),
  for: (parser) => {
    const target = parser.target();
    if (!parser.take("in")) parser.fail(t('"{sign}" is missing', { sign: "in" }));
    return { target, iterable: parser.values() };
  },
  with: skipHead,
  except: skipHead,
};

function nameOf(parser) {
  if (parser.token?.type !== "name") parser.fail(t("a name is missing"));
  return parser.tokens[parser.position++].text;
}

/** `with torch.no_grad():`, `except ValueError:`: what they name changes nothing here. */
function skipHead(parser) {
  while (!parser.done && !(parser.is(":") && parser.position === parser.tokens.length - 1)) {
    parser.position++;
  }
  return {};
}

/** The lines under a head: those that stand deeper, or, where indentation is lost, those that fit. */
function suite(state, line, node) {
  const next = state.lines[state.position];
  if (next === undefined) return [];
  if (next.indent > line.indent) return block(state, line.indent + 1);
  if (next.indent < line.indent) return [];
  if (node.type === "class") return block(state, line.indent, endsClass);
  if (node.type === "def") return block(state, line.indent, endsFunction(state));
  return [statement(state, next)];
}

/** A class that lost its indentation goes on with its functions, each of which takes `self`. */
function endsClass(line) {
  const [first, , , self] = line.tokens;
  if (first.text === "def") return self?.text !== "self";
  return first.type !== "string" && first.text !== "@";
}

/** A function that lost its indentation ends before the next one, or after its `return`. */
function endsFunction(state) {
  return (line) => {
    const before = state.lines[state.position - 1];
    return (
      ["def", "class", "@"].includes(line.tokens[0].text) || before.tokens[0].text === "return"
    );
  };
}

function simple(parser) {
  const at = parser.token;
  const word = at.type === "name" ? at.text : "";
  if (word === "import" || word === "from") return imports(parser);
  if (word === "return") {
    parser.position++;
    return { type: "return", value: parser.done ? null : parser.values(), at };
  }
  if (SKIPPED.has(word) && followsWord(parser)) return { type: "skip", word, at };
  if (at.text === "@" && at.type === "sign") return { type: "skip", word: "@", at };
  const node = assignment(parser);
  if (!parser.done && !isRest(parser)) {
    parser.fail(t('"{token}" was not expected here', { token: parser.token.text }));
  }
  return node;
}

const followsWord = (parser) => parser.tokens.length === 1 || parser.tokens[1].type !== "sign";

/** Brackets, commas and semicolons that are left over end a line that was cut out of a longer one. */
function isRest(parser) {
  return parser.tokens.slice(parser.position).every((token) => ")]},;.".includes(token.text));
}

function assignment(parser) {
  const at = parser.token;
  let node = parser.values();
  if (ASSIGNMENTS.has(parser.token?.text)) {
    const sign = parser.tokens[parser.position++].text.slice(0, -1);
    return { type: "change", sign, target: node, value: parser.values(), at };
  }
  if (node.type !== "constant" && parser.take(":")) {
    const annotation = parser.value();
    // "first layer: nn.Conv2d(...)" says more than a type.
    if (annotation.type === "call") return { type: "expression", value: annotation, at };
    if (!parser.is("=")) return { type: "skip", word: ":", at };
  }
  const targets = [];
  while (parser.take("=")) {
    targets.push(node);
    node = parser.values();
  }
  return targets.length
    ? { type: "assign", targets, value: node, at }
    : { type: "expression", value: node, at };
}

/** `import torch.nn as nn`, `from torch import nn, Tensor`: names and what they stand for. */
function imports(parser) {
  const at = parser.token;
  const from = parser.take("from") ? dotted(parser) : "";
  if (!parser.take("import")) parser.fail(t('"{sign}" is missing', { sign: "import" }));
  parser.take("(");
  const names = [];
  while (!parser.done && parser.token.type === "name") {
    const path = dotted(parser);
    const alias = parser.take("as") ? nameOf(parser) : null;
    names.push({
      path: from ? `${from}.${path}` : path,
      name: alias ?? path,
      plain: !alias && !from,
    });
    if (!parser.take(",")) break;
  }
  return { type: "names", names, at };
}

function dotted(parser) {
  while (parser.take("."));
  if (parser.done || parser.is("import")) return "";
  let path = nameOf(parser);
  while (parser.take(".")) path += `.${nameOf(parser)}`;
  return path;
}
