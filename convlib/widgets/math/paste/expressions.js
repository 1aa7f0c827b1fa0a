/**
 * Python's expressions: from tokens to a tree.
 *
 * A missing last bracket is put in, and words that lost their underscore are joined before `=`
 * (`kernel size=3`). Whatever else does not fit is a Trouble with its place.
 *
 * @typedef {{ type: string, at: import("./tokens.js").Token }} Node with parts by type, see below
 */

import { t } from "../words.js";
import { Trouble } from "./values.js";

const MAX_DEPTH = 60;

/** Operators between two values, from loose to tight; all but `**` bind to the left. */
const LEVELS = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"]];
const COMPARISONS = new Set(["<", ">", "==", "!=", "<=", ">=", "in", "is", "not"]);
const KEYWORDS = new Set("and or not if else for in is lambda".split(" "));

export class Parser {
  /** @param {import("./tokens.js").Token[]} tokens */
  constructor(tokens, position = 0) {
    this.tokens = tokens;
    this.position = position;
    this.depth = 0;
  }

  get token() {
    return this.tokens[this.position];
  }

  get done() {
    return this.position >= this.tokens.length;
  }

  /** The token at hand, or the last one where the text has ended: a place to name. */
  get place() {
    return this.token ?? this.tokens.at(-1);
  }

  is(text) {
    const { token } = this;
    return token !== undefined && token.type !== "string" && token.text === text;
  }

  take(text) {
    if (!this.is(text)) return null;
    return this.tokens[this.position++];
  }

  /** Take a closing bracket; the end of the text stands for it. */
  close(text) {
    if (!this.take(text) && !this.done)
      this.fail(t('"{sign}" is missing before "{token}"', { sign: text, token: this.token.text }));
  }

  fail(why) {
    throw new Trouble(why, { at: this.place });
  }

  /** Between two items, neither a comma nor the closing bracket stands. */
  failBefore(end) {
    this.fail(t('"," or "{end}" is missing before "{token}"', { end, token: this.token.text }));
  }

  /** One or more values: with a comma they are a tuple. */
  values() {
    const first = this.starred();
    if (!this.is(",")) return first;
    const items = [first];
    while (this.take(",")) {
      if (this.done || this.is("=") || this.is(")")) break;
      items.push(this.starred());
    }
    return { type: "tuple", items, at: first.at };
  }

  starred() {
    const star = this.take("*");
    return star ? { type: "star", value: this.value(), at: star } : this.value();
  }

  value() {
    if (++this.depth > MAX_DEPTH) this.fail(t("brackets stand too deep in each other"));
    const node = this.is("lambda") ? this.lambda() : this.conditional();
    this.depth--;
    return node;
  }

  lambda() {
    const at = this.take("lambda");
    const parameters = this.parameters(":");
    if (!this.take(":")) this.fail(t('"{sign}" is missing after lambda', { sign: ":" }));
    return { type: "lambda", parameters, body: this.value(), at };
  }

  conditional() {
    const node = this.either();
    const at = this.is("if") && this.take("if");
    if (!at) return node;
    const test = this.either();
    if (!this.take("else")) this.fail(t('"{sign}" is missing', { sign: "else" }));
    return { type: "conditional", test, yes: node, no: this.value(), at };
  }

  either() {
    let left = this.both();
    while (this.is("or")) left = { type: "or", at: this.take("or"), left, right: this.both() };
    return left;
  }

  both() {
    let left = this.negation();
    while (this.is("and"))
      left = { type: "and", at: this.take("and"), left, right: this.negation() };
    return left;
  }

  negation() {
    let turns = 0;
    const at = this.token;
    while (this.take("not")) turns++;
    const node = this.comparison();
    return turns % 2
      ? { type: "not", value: node, at }
      : turns
        ? { type: "truth", value: node, at }
        : node;
  }

  comparison() {
    const first = this.binary(0);
    const rest = [];
    while (!this.done && this.token.type !== "string" && COMPARISONS.has(this.token.text)) {
      const at = this.token;
      let sign = this.tokens[this.position++].text;
      if (sign === "is" && this.take("not")) sign = "is not";
      if (sign === "not" && this.take("in")) sign = "not in";
      rest.push({ sign, right: this.binary(0), at });
    }
    return rest.length ? { type: "compare", first, rest, at: first.at } : first;
  }

  binary(level) {
    if (level === LEVELS.length) return this.unary();
    let left = this.binary(level + 1);
    while (!this.done && this.token.type === "sign" && LEVELS[level].includes(this.token.text)) {
      const at = this.tokens[this.position++];
      left = { type: "binary", sign: at.text, left, right: this.binary(level + 1), at };
    }
    return left;
  }

  unary() {
    const signs = [];
    while (this.is("-") || this.is("+") || this.is("~")) signs.push(this.tokens[this.position++]);
    let node = this.power();
    for (const at of signs.reverse()) node = { type: "unary", sign: at.text, value: node, at };
    return node;
  }

  power() {
    const base = this.postfix();
    const at = this.take("**");
    if (!at) return base;
    if (++this.depth > MAX_DEPTH) this.fail(t("powers stand too deep in each other"));
    const right = this.unary();
    this.depth--;
    return { type: "binary", sign: "**", left: base, right, at };
  }

  postfix() {
    this.take("await");
    let node = this.atom();
    for (;;) {
      const at = this.token;
      if (this.take(".")) {
        if (this.token?.type !== "name") {
          this.fail(t('a name is missing after "{sign}"', { sign: "." }));
        }
        node = { type: "attribute", object: node, name: this.tokens[this.position++].text, at };
      } else if (this.is("(") && canBeCalled(node)) {
        this.position++;
        node = { type: "call", callee: node, ...this.call(), at: node.at };
      } else if (this.is("[") && canBeCalled(node)) {
        this.position++;
        node = { type: "item", object: node, key: this.subscript(), at: node.at };
        this.close("]");
      } else return node;
      node.to = this.tokens[this.position - 1];
    }
  }

  /** What stands between a call's brackets, and the bracket that ends it. */
  call() {
    const args = [];
    const keywords = [];
    let disorder = null;
    while (!this.done && !this.is(")")) {
      const at = this.token;
      const name = this.keyword();
      if (name) keywords.push({ name, value: this.value(), at });
      else if (this.take("**")) keywords.push({ name: null, value: this.value(), at });
      else {
        if (keywords.length > 0 && keywords.every(({ name: word }) => word) && !this.is("*")) {
          disorder ??= this.token;
        }
        args.push(this.argument());
      }
      if (this.take("->")) continue; // Linear (400 -> 120), an old print
      if (!this.take(",") && !this.is(")") && !this.done) {
        this.failBefore(")");
      }
    }
    this.close(")");
    return { args, keywords, disorder };
  }

  argument() {
    const node = this.starred();
    return this.is("for") || this.is("async") ? this.comprehension(node, "list") : node;
  }

  /** `name=`, also where the name lost its underscores: `kernel size=`. */
  keyword() {
    let end = this.position;
    const words = [];
    while (this.tokens[end]?.type === "name" && this.tokens[end].text !== "lambda") {
      words.push(this.tokens[end++].text);
    }
    if (words.length === 0 || this.tokens[end]?.text !== "=" || this.tokens[end].type !== "sign") {
      return null;
    }
    this.position = end + 1;
    return words.join("_");
  }

  subscript() {
    const first = this.slice();
    if (!this.is(",")) return first;
    const items = [first];
    while (this.take(",")) if (!this.is("]")) items.push(this.slice());
    return { type: "tuple", items, at: first.at };
  }

  slice() {
    const at = this.place;
    const parts = [null, null, null];
    let part = 0;
    if (!this.is(":")) parts[0] = this.starred();
    while (this.take(":")) {
      part++;
      if (!this.is(":") && !this.is("]") && !this.is(",") && !this.done) parts[part] = this.value();
    }
    return part === 0 ? parts[0] : { type: "slice", parts, at };
  }

  atom() {
    const at = this.token;
    if (at === undefined) this.fail(t("the text ends where a value was expected"));
    this.position++;
    if (at.type === "number") return { type: "constant", value: at.value, at };
    if (at.type === "string") return this.strings(at);
    if (at.type === "name" && !KEYWORDS.has(at.text)) return { type: "name", name: at.text, at };
    if (at.text === "(") return this.group(at);
    if (at.text === "[") return this.list(at);
    if (at.text === "{") return this.dict(at);
    if (at.text === "...") return { type: "constant", value: null, at };
    this.position--;
    return this.fail(t('"{token}" was not expected here', { token: at.text }));
  }

  strings(at) {
    const parts = [at];
    while (this.token?.type === "string") parts.push(this.tokens[this.position++]);
    const value = parts.map((part) => part.value).join("");
    return { type: "constant", value, formatted: parts.some((part) => part.formatted), at };
  }

  group(at) {
    if (this.take(")")) return { type: "tuple", items: [], at };
    let node = this.starred();
    if (this.take(":=")) node = { type: "walrus", name: node.name, value: this.value(), at };
    if (this.is("for")) node = this.comprehension(node, "list");
    else if (this.is(",")) {
      const items = [node];
      while (this.take(",")) if (!this.is(")") && !this.done) items.push(this.starred());
      node = { type: "tuple", items, at };
    }
    this.close(")");
    return { ...node, grouped: true };
  }

  list(at) {
    const items = [];
    while (!this.done && !this.is("]")) {
      items.push(this.starred());
      if (this.is("for")) {
        const node = this.comprehension(items[0], "list");
        this.close("]");
        return node;
      }
      if (!this.take(",") && !this.is("]") && !this.done) {
        this.failBefore("]");
      }
    }
    this.close("]");
    return { type: "list", items, at };
  }

  dict(at) {
    const entries = [];
    while (!this.done && !this.is("}")) {
      if (this.take("**")) entries.push([null, this.value()]);
      else {
        const key = this.value();
        if (this.take(":")) entries.push([key, this.value()]);
        else entries.push([key, key]);
        if (this.is("for")) {
          const node = this.comprehension(entries[0], "dict");
          this.close("}");
          return node;
        }
      }
      if (!this.take(",") && !this.is("}") && !this.done) {
        this.failBefore("}");
      }
    }
    this.close("}");
    return { type: "dict", entries, at };
  }

  comprehension(element, kind) {
    const loops = [];
    const at = this.token;
    while (this.take("for")) {
      const target = this.target();
      if (!this.take("in")) this.fail(t('"{sign}" is missing', { sign: "in" }));
      const loop = { target, iterable: this.either(), tests: [] };
      while (this.take("if")) loop.tests.push(this.either());
      loops.push(loop);
    }
    return { type: "comprehension", element, kind, loops, at };
  }

  /** What a loop or an assignment fills: `a`, `a, b`, `(i, (a, b))`. */
  target() {
    const items = [];
    const at = this.token;
    let comma = false;
    do {
      if (this.is("in") || this.done) break;
      this.take("*");
      items.push(this.postfix());
      comma ||= this.is(",");
    } while (this.take(","));
    return comma ? { type: "tuple", items, at } : items[0];
  }

  /** A function's parameters up to `end`: `self, in_ch: int = 3, *args, **kwargs`. */
  parameters(end) {
    const list = [];
    while (!this.done && !this.is(end)) {
      const stars = this.take("**") ?? this.take("*");
      const at = this.token;
      if (at?.type === "name") {
        this.position++;
        const parameter = { name: at.text, stars: stars?.text.length ?? 0, at };
        if (end !== ":" && this.take(":")) this.value();
        if (this.take("=")) parameter.default = this.value();
        list.push(parameter);
      } else if (!stars && !this.take("/")) {
        this.fail(t('"{token}" is no parameter', { token: this.place.text }));
      }
      if (!this.take(",") && !this.is(end) && !this.done) this.fail(t("a comma is missing"));
    }
    return list;
  }
}

/** Whether a bracket after a value calls or indexes it: `3 (4)` does not. */
const canBeCalled = (node) => node.type !== "constant" || typeof node.value === "string";
