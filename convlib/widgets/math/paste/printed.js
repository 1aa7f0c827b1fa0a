/**
 * The text of `print(model)`, of this and of older versions: nested, named, repeated, cut off.
 *
 * One walk over the letters with a stack of open brackets: nothing is tried twice, and depth costs
 * nothing.
 */

import { t } from "../words.js";
import { constant } from "./constants.js";
import { Parser } from "./expressions.js";
import { isLayer, makeLayer } from "./layers.js";
import { flattenNote, unknownLayer } from "./remarks.js";
import { tokenize } from "./tokens.js";
import { Trouble } from "./values.js";

/** Nobody reads more. */
const MOST_PROBLEMS = 100;
const MOST_LAYERS = 5000;
const MOST_DEPTH = 60;
const ENTRY =
  /\(([^()\n]{1,120})\): {0,4}(?:\((\d{1,4})-(\d{1,4})\): {0,4})?(?:(\d{1,5}) x )?(?=[A-Za-z_])/y;
const WORD = /[A-Za-z_][\w.]{0,120}/y;

/** Whether a text holds an entry of a printed model: `(conv1): Conv2d(`. */
export function isPrinted(text) {
  return /(?:^|[(\n)\]]) {0,80}\t{0,20}\([^()\s]{1,120}\): {0,4}(?:\d{1,5} x )?[A-Z][\w.]{0,120} ?\(/.test(
    text,
  );
}

/**
 * @param {import("./clean.js").Line[]} lines
 * @returns {{ modules: object[], problems: object[], notes: string[] }}
 */
export function readPrinted(lines) {
  const { text, placeOf } = joined(lines);
  const root = treeOf(text);
  const state = { modules: [], parents: [], problems: [], notes: new Set(), placeOf, text };
  const single = root.children.length === 1 && root.children[0].children.length > 0;
  const top = single && root.children[0].name === null ? root.children[0] : root;
  emit(top, "", 0, state);
  const modules = withFlatten(state);
  if (state.modules.length > 1 && state.parents.some((parents) => !parents.every(isSequence))) {
    state.notes.add(
      t(
        "A print shows the layers in the order in which they were made. What forward adds is not in it: functions, branches that join, another order.",
      ),
    );
  }
  return { modules, problems: state.problems.slice(0, MOST_PROBLEMS), notes: [...state.notes] };
}

/** The lines as one text, and where each letter stood. */
function joined(lines) {
  const starts = [];
  let length = 0;
  for (const line of lines) {
    starts.push(length);
    length += line.text.length + 1;
  }
  const placeOf = (position) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle] <= position) low = middle;
      else high = middle - 1;
    }
    return { line: lines[low].line, column: lines[low].column + position - starts[low] };
  };
  return { text: lines.map((line) => line.text).join("\n"), placeOf };
}

// ------------------------------------------------------------------------------------ the tree

const node = (kind, name, start, at) => ({
  kind,
  name,
  start,
  at,
  end: null,
  firstChild: null,
  repeat: null,
  children: [],
});

/** What stands in which brackets: a node for each entry, with the text of its settings. */
function treeOf(text) {
  const root = node("", null, 0, 0);
  const stack = [root];
  let position = 0;
  let pending = null;
  while (position < text.length) {
    const sign = text[position];
    if (sign === "(") {
      const entry = matchAt(ENTRY, text, position);
      if (entry) {
        pending = { name: entry[1], repeat: repeatOf(entry), at: position };
        position = readKind(text, ENTRY.lastIndex, stack, pending);
        continue;
      }
      stack.push(null);
    } else if (sign === ")") {
      if (stack.length > 1) close(stack, position);
    } else if (/[A-Za-z_]/.test(sign)) {
      position = readHeader(text, position, stack);
      continue;
    }
    position++;
  }
  while (stack.length > 1) close(stack, text.length);
  return root;
}

const matchAt = (expression, text, position) => {
  expression.lastIndex = position;
  return expression.exec(text);
};

function repeatOf([, name, first, last, times]) {
  const range = first ? [first, last] : /^(\d{1,4})-(\d{1,4})$/.exec(name)?.slice(1);
  if (!range || times === undefined) return null;
  return { first: Number(range[0]), last: Number(range[1]), times: Number(times) };
}

/** The kind after `(name): `, with its bracket; a kind without one is a leaf. */
function readKind(text, position, stack, { name, repeat, at }) {
  const [kind] = matchAt(WORD, text, position);
  const open = matchAt(/ ?\(/y, text, WORD.lastIndex);
  const made = { ...node(kind, name, 0, at), repeat };
  attach(made, stack);
  if (!open) {
    made.start = made.end = WORD.lastIndex;
    return WORD.lastIndex;
  }
  const start = WORD.lastIndex + open[0].length;
  made.start = start;
  stack.push(made);
  return start;
}

/** A word with a bracket outside of any entry's settings: `ResNet(`, or a bare layer. */
function readHeader(text, position, stack) {
  const [word] = matchAt(WORD, text, position);
  const end = position + word.length;
  const open = matchAt(/ ?\(/y, text, end);
  const holder = stack.at(-1);
  const inSettings =
    holder !== null &&
    holder.kind !== "" &&
    holder.children.length === 0 &&
    isLayer(lastWord(holder.kind));
  if (!open || holder === null || inSettings) return end;
  const start = end + open[0].length;
  const opensEntries = matchAt(/\s{0,200}\([^()\n]{1,120}\): /y, text, start);
  if (!opensEntries && !isLayer(word)) {
    stack.push(null);
    return start;
  }
  if (!opensEntries && holder.kind !== "") {
    stack.push(null);
    return start;
  }
  const made = node(word, null, start, position);
  attach(made, stack);
  stack.push(made);
  return start;
}

function attach(made, stack) {
  const parent = stack.findLast((open) => open !== null);
  parent.firstChild ??= made.at;
  parent.children.push(made);
}

function close(stack, position) {
  const open = stack.pop();
  if (open) open.end = position;
}

const isSequence = ({ kind }) => kind === "" || lastWord(kind) === "Sequential";
const lastWord = (kind) => kind.split(".").at(-1);

// ----------------------------------------------------------------------------------- the rows

/** Put a node's layers in a row, its own settings first. */
function emit(tree, path, depth, state, parents = []) {
  if (depth > MOST_DEPTH) {
    state.problems.push({
      text: tree.kind,
      ...state.placeOf(tree.at),
      why: t("brackets stand too deep in each other"),
    });
    return;
  }
  const kind = lastWord(tree.kind);
  if (tree.kind !== "" && (tree.children.length === 0 || isLayer(kind)))
    leaf(tree, kind, path, state, parents);
  for (const child of tree.children) {
    for (const name of namesOf(child)) {
      if (state.modules.length >= MOST_LAYERS) return;
      emit(child, path && name ? `${path}.${name}` : (name ?? path), depth + 1, state, [
        ...parents,
        tree,
      ]);
    }
  }
}

/** `(0-3): 4 x Block(` stands for four blocks. */
function namesOf({ name, repeat }) {
  if (!repeat) return [name];
  const count = Math.min(repeat.last - repeat.first + 1, repeat.times, MOST_LAYERS);
  return Array.from({ length: count }, (_, index) => String(repeat.first + index));
}

function leaf(tree, kind, path, state, parents) {
  const place = state.placeOf(tree.at);
  const written = state.text.slice(tree.at, Math.min(tree.end + 1, tree.at + 200));
  if (!isLayer(kind)) {
    if (/^(?:ModuleList|ModuleDict|ParameterList|Sequential)$|Loss$/.test(kind)) return;
    state.problems.push({
      text: written,
      ...place,
      why: unknownLayer(tree.kind),
    });
    return;
  }
  const end = tree.firstChild === null ? tree.end : Math.min(tree.firstChild, tree.end);
  try {
    const { args, keywords } = settings(state.text.slice(tree.start, end), kind);
    const layer = makeLayer(kind, args, keywords, (value) => value);
    const named = { ...layer, ...(path && { name: path }) };
    state.modules.push({ ...named, line: place.line, text: written });
    state.parents.push(parents);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    state.problems.push({ text: written, ...place, why: error.message });
  }
}

/** Settings as they are printed: words have no quotes, and old versions say some things otherwise. */
function settings(text, kind) {
  const { statements } = tokenize([{ text: text.replaceAll("\n", " "), line: 1, column: 1 }]);
  const tokens = statements[0]?.tokens ?? [];
  const arrow = tokens.findIndex((token) => token.text === "->");
  if (arrow === 1) return { args: [tokens[0].value, tokens[2]?.value], keywords: new Map() };
  const { args, keywords } = new Parser(tokens).call();
  const values = args.map(constant);
  const named = new Map(keywords.map(({ name, value }) => [name, constant(value)]));
  const inplace = values.indexOf("inplace");
  if (inplace >= 0) {
    values.splice(inplace, 1);
    named.set("inplace", true);
  }
  if (kind === "Upsample" && named.get("size") === null) named.delete("size");
  return { args: values, keywords: named };
}

// ------------------------------------------------------------------------------------ flatten

/**
 * Between a picture and a Linear of two different parts stands a flatten that only forward shows:
 * it is put in, and said.
 */
function withFlatten(state) {
  const rows = [];
  let picture = false;
  for (const [index, layer] of state.modules.entries()) {
    if (layer.kind === "Linear" && picture && !inSequence(state, index)) {
      rows.push({ kind: "Flatten", start_dim: 1, inserted: true, line: layer.line });
      state.notes.add(flattenNote());
    }
    if (/^(?:Conv|MaxPool|AvgPool|Adaptive|BatchNorm2d|Upsample)/.test(layer.kind)) picture = true;
    if (/^(?:Linear|Flatten)/.test(layer.kind)) picture = false;
    rows.push(layer);
  }
  return rows;
}

/** Whether a layer and the one before it stand in the same `nn.Sequential`. */
function inSequence({ parents }, index) {
  const before = parents[index - 1];
  const shared = parents[index].findLast((parent) => before.includes(parent));
  return lastWord(shared?.kind ?? "") === "Sequential";
}
