/**
 * Runs the pasted Python as far as it builds a network: names, functions, classes, loops. It knows
 * these few things and nothing of the world: no files, no modules, no attributes of JavaScript.
 */

import { t } from "../words.js";
import { attributeOf } from "./attributes.js";
import { otherAxes } from "./axes.js";
import { callNode, callValue, forward, forwardOfTorch, initialize, kindOf } from "./calls.js";
import { evaluate, items } from "./evaluate.js";
import { Parser } from "./expressions.js";
import { isFunction } from "./functional.js";
import { Graph, joinLayer } from "./graph.js";
import { isLayer, plain } from "./layers.js";
import { unknownLayer } from "./remarks.js";
import { globalName, isTorch } from "./torch.js";
import { fromJson, Unknowns } from "./unknowns.js";
import {
  Exhausted,
  itemsOf,
  Module,
  Name,
  numberOf,
  Opaque,
  Tensor,
  Trouble,
  Tuple,
} from "./values.js";

/** Words that a print shows without quotes, and the arguments that take them. */
const PRINTED = new Set(
  "same valid zeros reflect replicate circular nearest bilinear bicubic none tanh".split(" "),
);
const WORDY = new Set(["padding", "padding_mode", "mode", "approximate"]);

const MOST_STEPS = 100_000;
const MOST_CALLS = 60;
/** Nobody reads more. */
const MOST_PROBLEMS = 100;
const MOST_ITEMS = 10_000;
const MOST_MODULES = 5000;

export class Machine {
  /**
   * @param {Record<string, *>} values what the reader has filled in
   * @param {number[] | null} input the shape that goes in
   */
  constructor(values, input) {
    this.unknowns = new Unknowns(values);
    this.graph = new Graph(input);
    this.problems = [];
    this.notes = new Set();
    this.made = [];
    this.classes = [];
    this.loose = [];
    this.called = new Set();
    this.reached = new Set();
    this.steps = 0;
    this.depth = 0;
    this.loops = 0;
    this.calls = 0;
    this.use = null;
    this.hints = new Map();
    this.top = { names: new Map(), parent: null };
    this.self = new Module("self", null);
    this.top.names.set("self", this.self);
  }

  step(node) {
    if (++this.steps > MOST_STEPS)
      throw new Exhausted(t("this runs too long to be a network"), node);
  }

  // ------------------------------------------------------------------------------- names

  lookUp(node, scope) {
    for (let level = scope; level; level = level.parent) {
      if (level.names.has(node.name)) return this.settle(level.names.get(node.name));
    }
    const known = globalName(node.name);
    return known === undefined ? this.settle(new Opaque(node.name, node)) : known;
  }

  /** The reader's value of something open, if there is one. */
  settle(value) {
    if (!(value instanceof Opaque) || !this.unknowns.has(value.text)) return value;
    const given = this.unknowns.values[value.text];
    if (given === null || typeof given !== "object") return value;
    return fromJson(given);
  }

  /** The value of something open, as the argument at hand: the reader's, or a start. */
  know(value, argument, bare = argument !== null) {
    if (!(value instanceof Opaque)) return value;
    if (value.ofTensor && this.following)
      throw new Trouble(t("it depends on the input's shape"), value.node);
    if (argument === "inplace" && value.text === "inplace") return true;
    if (PRINTED.has(value.text) && WORDY.has(argument)) return value.text;
    const use = argument ?? this.use ?? "";
    const otherwise = value.otherwise ?? this.hints.get(value.text);
    return this.unknowns.value(value.text, use, bare, otherwise);
  }

  /** The digits of a name that holds a number, for the text of what depends on it. */
  numberText(name, scope) {
    for (let level = scope; level; level = level.parent) {
      const value = level.names.get(name);
      if (Number.isInteger(value)) return String(value);
      if (value instanceof Opaque) return value.text;
    }
    return undefined;
  }

  assign(target, value, scope) {
    if (target.type === "name") {
      scope.names.set(target.name, value);
      if (value instanceof Module) value.label ??= target.name;
    } else if (itemsOf(target.items) ?? target.items) {
      const values =
        value instanceof Opaque ? this.openItems(value, target.items) : this.iterate(value, target);
      target.items.forEach((part, index) => this.assign(part, values[index], scope));
    } else if (target.type === "attribute") {
      this.setAttribute(evaluate(target.object, scope, this), target.name, value, target);
    } else if (target.type === "item") {
      const object = evaluate(target.object, scope, this);
      const key = evaluate(target.key, scope, this);
      if (object instanceof Map) object.set(key, value);
      else if (object instanceof Module) this.adopt(object, String(key), value);
      else if (Array.isArray(object) && Number.isInteger(key))
        object[key < 0 ? object.length + key : key] = value;
    }
  }

  /** `N, C, H, W = x.shape` of a shape that is not known. */
  openItems = (value, targets) =>
    targets.map((_, index) => new Opaque(`${value.text}[${index}]`, value.node, value.ofTensor));

  setAttribute(object, name, value, node) {
    if (!(object instanceof Module)) return;
    if (value instanceof Module) this.adopt(object, name, value);
    else object.attributes.set(name, value);
    if (value instanceof Opaque) this.noticeUnknownLayer(value, node);
  }

  /** A module becomes a child of another. */
  adopt(parent, name, child) {
    if (!(child instanceof Module)) {
      if (child instanceof Opaque) this.noticeUnknownLayer(child, child.node);
      return;
    }
    child.owner ??= parent;
    parent.children.set(name, child);
  }

  bring(path, name, plain, scope) {
    if (plain) {
      const [first] = path.split(".");
      if (isTorch(first)) scope.names.set(first, new Name(first));
    } else if (isTorch(path)) scope.names.set(name, globalName(path) ?? new Name(path));
  }

  // ---------------------------------------------------------------------------- problems

  trouble(error, node, scope) {
    const at = error.node?.at ?? node.at ?? node.tokens?.[0];
    if (node.type === "broken") this.rescue(node, scope, error);
    else this.problem(this.textOf(node, at), at, error.message);
    for (const target of node.targets ?? []) {
      if (target.type === "name") scope.names.set(target.name, new Opaque(target.name, target));
    }
  }

  problem(text, at, why) {
    const problem = { text, line: at?.line ?? 1, column: at?.column ?? 1, why };
    const same = (other) =>
      other.line === problem.line && other.column === problem.column && other.why === why;
    if (this.problems.length >= MOST_PROBLEMS) return;
    if (!this.problems.some(same)) this.problems.push(problem);
  }

  /** The words of a statement, from a token on. */
  textOf(node, at) {
    const tokens = node.tokens ?? [at];
    return tokens
      .slice(0, 40)
      .map((token, index) => (index > 0 && token?.spaced ? " " : "") + (token?.text ?? ""))
      .join("");
  }

  /** `summary(model, (3, 224, 224))` tells the input's shape. */
  noticeInput(value) {
    const shape = itemsOf(value);
    if (!shape?.every(Number.isInteger)) return;
    this.graph.input ??= shape.length === 3 ? [1, ...shape] : [...shape];
  }

  /** A call in a module's place whose code is not here: a layer that cannot be counted. */
  noticeUnknownLayer(value, node) {
    if (!value.isCall || value.ofTensor || this.seen?.has(value)) return;
    this.seen ??= new Set();
    this.seen.add(value);
    const name = value.text.split("(")[0];
    if (/Loss$|^(?:nn\.|torch\.nn\.)?(?:Parameter|init\.)/.test(name)) return;
    this.problem(value.text, value.node?.at ?? node?.at, unknownLayer(name));
  }

  /** A line that is no Python: the layers in it are read, and it is named if it is more than prose. */
  rescue(node, scope, error) {
    const { tokens } = node;
    let found = 0;
    for (let index = 0; index < tokens.length; index++) {
      const parser = this.layerAt(tokens, index);
      if (!parser) continue;
      const start = new Parser(tokens, index);
      try {
        const value = start.postfix();
        this.expression(node, evaluate(value, scope, this));
        index = start.position - 1;
        found++;
      } catch (inner) {
        if (!(inner instanceof Trouble) || inner instanceof Exhausted) throw inner;
        this.problem(
          this.textOf({ tokens: tokens.slice(index) }, tokens[index]),
          inner.node?.at ?? tokens[index],
          inner.message,
        );
        return;
      }
    }
    if (found === 0 && looksLikeCode(tokens)) {
      this.problem(this.textOf(node), error.node?.at ?? tokens[0], error.message);
    }
  }

  /** Whether a layer's call begins at a token, or its bare name, as in "-> ReLU". */
  layerAt(tokens, index) {
    const before = tokens[index - 1]?.text;
    if (tokens[index].type !== "name" || before === ".") return false;
    let last = index;
    while (tokens[last + 1]?.text === "." && tokens[last + 2]?.type === "name") last += 2;
    const name = tokens[last].text;
    const called = tokens[last + 1]?.text === "(";
    const known =
      globalName(name)?.path?.startsWith("torch.nn.") ||
      (called && isFunction(name) && last > index);
    return Boolean(known && (called || (before === "->" && isLayer(name))));
  }

  // ------------------------------------------------------------------------------- calls

  callNode = (node, scope) => callNode(this, node, scope);

  call(called, args, keywords, node) {
    this.step(node);
    if (++this.calls > MOST_CALLS) throw new Trouble(t("functions call each other too deep"), node);
    try {
      return callValue(this, called, args, keywords, node);
    } finally {
      this.calls--;
    }
  }

  initialize = (object, made, args, keywords, node) =>
    initialize(this, object, made, args, keywords, node);

  forward = (module, args, keywords, node) => forward(this, module, args, keywords, node);

  forwardOfTorch = (module, inputs, node) => forwardOfTorch(this, module, inputs, node);

  /** A layer of one or of three axes: what it has in common with those of two. */
  otherAxes(name, value, args, keywords) {
    const { why, note } = otherAxes(name, args, keywords);
    this.problem(value.text, value.node.at, why);
    this.notes.add(note);
  }

  /** Two tensors, or a tensor and a number. */
  join = (node, left, right) => joinLayer(this.graph, node, left, right);

  taken(text) {
    this.notes.add(t("What {code} gives is taken for the input.", { code: text }));
  }

  /** Values for what a value leaves open, inside lists too. */
  knowAll = (value, argument) => {
    const list = itemsOf(value);
    if (!list) return this.know(value, argument);
    const known = list.map((item) => this.know(item, argument));
    return value instanceof Tuple ? new Tuple(known) : known;
  };

  plain = (value) => plain(this.knowAll(value, null));

  remember(module) {
    if (this.made.length >= MOST_MODULES)
      throw new Exhausted(t("more than {most} layers", { most: MOST_MODULES }), module.node);
    this.made.push(module);
    return module;
  }

  // ------------------------------------------------------------------------------- the rest

  attribute(object, name, node, scope) {
    return this.settle(attributeOf(object, name, node, this, scope));
  }

  truth(value, node) {
    if (value instanceof Opaque) return this.openTruth(value);
    if (value instanceof Tensor)
      throw new Trouble(t("which way it goes depends on the numbers in the picture"), node);
    if (value instanceof Map) return value.size > 0;
    const list = itemsOf(value);
    if (list) return list.length > 0;
    if (value === null || value === "" || value === undefined) return false;
    return typeof value === "object" && !("value" in value) ? true : numberOf(value) !== 0;
  }

  /** `if use_bn:` of a name that is not in the text. */
  openTruth(value) {
    if (value.isCall || value.text.endsWith(")")) return false;
    return Boolean(this.know(value, "condition"));
  }

  iterate(value, node) {
    if (value instanceof Opaque) {
      const known = this.know(value, "items");
      return itemsOf(known) ?? [known];
    }
    if (value instanceof Map) return [...value.keys()];
    if (value instanceof Module) return [...value.children.values()];
    if (typeof value === "string") return [...value];
    const list = itemsOf(value);
    if (!list) throw new Trouble(t("this is no list"), node);
    if (list.length > MOST_ITEMS)
      throw new Trouble(t("more than {most} items", { most: MOST_ITEMS }), node);
    return list;
  }

  whole(value, node) {
    const number = this.know(value, null);
    if (typeof number === "boolean" || Number.isInteger(number)) return Number(number);
    throw new Trouble(t("a whole number is needed here"), node);
  }

  /** What a statement leaves behind that is nothing but a value. */
  expression(node, value) {
    if (value instanceof Opaque) this.noticeUnknownLayer(value, node);
    if (Array.isArray(value) || value instanceof Map || value instanceof Tuple) {
      this.loose.push({ value, line: node.at.line });
    }
    const kind = kindOf(value);
    if (kind && node.type === "broken") this.call(value, [], new Map(), { at: node.at });
  }

  items = (nodes, scope) => items(nodes, scope, this);
}

/** Brackets, dots and equal signs make code of a line; words and full stops are prose. */
const looksLikeCode = (tokens) =>
  tokens.some(({ type, text }) => type === "sign" && ["=", "(", "[", "{"].includes(text)) &&
  !tokens.some(({ text }) => text === "Error");
