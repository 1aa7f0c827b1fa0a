/**
 * StackLedger: a network as a table. The row that is picked can be edited, and is drawn: what one of
 * its outputs sees of the image.
 */
import { added, NEW_LAYERS, orderProblem, removed, shifted } from "./math/edits.js";
import { recordsOf } from "./math/folds.js";
import { inputShape, problemIn, tableOf } from "./math/ledger.js";
import { withAxis } from "./math/modules/sizes.js";
import { networkCode } from "./math/network_code.js";
import { inWords, withCommas } from "./math/text.js";
import { english, t } from "./math/words.js";
import { createButton, createChoice, createCodeLines, createNumber } from "./parts/controls.js";
import { createRoot, createVoice, el, setAttribute, setText } from "./parts/dom.js";
import { showStatus, walk } from "./parts/refusal.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";
import { createBoxes } from "./stack_ledger/boxes.js";
import { createEditor, numberOf } from "./stack_ledger/editor.js";
import { createInverse } from "./stack_ledger/inverse.js";
import { createTable, createTableOptions } from "./stack_ledger/table.js";
import { createViews } from "./stack_ledger/views.js";
import { bytes, sentence, shapeText } from "./stack_ledger/words.js";
import { createWorking } from "./stack_ledger/working.js";

const TRAITS = [
  "preset",
  "in_channels",
  "input_size",
  "layers",
  "batch",
  "picked",
  "breaks",
  "presets",
  "limits",
  "defaults",
];
const OWN = "your own";
const HINT = english(
  "Pick a row to edit it and to see what one of its outputs sees. Norms and activations change " +
    "no size: they stand in the row above them.",
);

function draw(model, signal) {
  const view = { more: false, folded: true, apart: false, opened: new Set() };
  const shown = { network: null, rows: [] }; // the last network that was drawn
  const { read, write } = bind(model, TRAITS, (refusal) => repaint(refusal), signal);
  const trouble = createTrouble({ onKeep: (wanted) => actions.keep(wanted), signal });
  const refuse = (why) => repaint(why);
  const actions = createActions({ read, write, shown, refuse, offer: trouble.offer });
  const parts = createParts({
    constants: {
      presets: model.get("presets"),
      limits: model.get("limits"),
      photos: model.get("constants"),
    },
    actions,
    onPick: (picked) => write({ picked }),
    toggle(name) {
      view[name] = !view[name];
      repaint();
    },
    open(first) {
      view.opened.add(first);
      repaint();
    },
    signal,
  });

  function repaint(refusal) {
    const state = read();
    const { network, problem, rows } = update(shown, state);
    const picked = Math.min(state.picked, network.layers.length - 1);
    const records = recordsOf(network.layers, rows, { ...view, picked });
    trouble.show(problem, refusal); // before the fields, which may offer to show what they refuse
    parts.image.show(state, view);
    parts.show({ ...view, ...network, records, rows, picked, image: inputShape(network) }, refusal);
  }

  repaint();
  return rootOf(parts, trouble, signal);
}

/** All that the widget shows, apart from what breaks. */
function createParts({ constants, actions, onPick, toggle, open, signal }) {
  const { limits } = constants;
  const { edit: onEdit, forbids } = actions;
  const [onMore, onFold] = ["more", "folded"].map((name) => () => toggle(name));
  const parts = {
    image: createImage({ ...constants, actions, toggle, signal }),
    boxes: createBoxes({ onPick, signal }),
    options: createTableOptions({ onMore, onFold, signal }),
    table: createTable({ onPick, onOpen: open, signal }),
    total: el("p", "cv-total"),
    editor: createEditor({ limits, onEdit, forbids, actions, signal }),
    status: el("p", "cv-status", { "data-operated": true, role: "status" }),
    views: createViews(constants.photos),
    working: createWorking(),
    inverse: createInverse({ signal }),
    code: createCodeLines(signal),
    spoken: createVoice(),
  };
  parts.code.element.classList.add("cv-listing");
  setAttribute(parts.code.element.firstChild, "tabindex", "0"); // a long listing is scrolled

  function show(scene, refusal) {
    const { rows, layers, picked } = scene;
    for (const name of ["boxes", "options", "table", "editor", "views", "inverse", "working"]) {
      parts[name].show(scene);
    }
    setText(parts.total, totals(rows, scene));
    showStatus(parts.status, t(HINT), refusal);
    const reached = rows.filter((row) => row.output);
    parts.code.show(networkCode(reached, layers));
    speak(
      parts.spoken,
      rows[picked] ? sentence(rows, picked, scene.more) : [t("This row is not reached.")],
    );
  }

  return { ...parts, show };
}

/** Say what is news; an unchanged live region stays silent. */
function speak(voice, pieces) {
  const next = el("span", "", {}, ...pieces);
  if (next.textContent !== voice.textContent) voice.replaceChildren(next);
}

function rootOf(parts, trouble, signal) {
  const { image, boxes, options, table, editor, views, working, inverse, code } = parts;
  return createRoot(
    "cv-ledger",
    t("Stack ledger"),
    signal,
    image.element,
    boxes.element,
    options.element,
    el("div", "cv-scroll", { tabindex: 0, role: "group", "aria-label": t("Table") }, table.element),
    parts.total,
    trouble.element,
    editor.element,
    parts.status,
    el("div", "cv-readings", {}, views.element, working.element),
    inverse.element,
    code.element,
    parts.spoken,
  );
}

/** Take a state in, if it differs from what is drawn. */
function update(shown, { in_channels, input_size, layers, batch = 1, defaults }) {
  const full = layers.map((layer) => withDefaults(layer, defaults));
  const network = { in_channels, input_size, layers: full, batch };
  const news = JSON.stringify(network);
  if (shown.news !== news) {
    Object.assign(shown, { news, network, rows: tableOf(network) });
    shown.problem = problemIn(network, shown.rows);
  }
  return shown;
}

/** A layer with the settings that it leaves out. A pooling layer's stride is its kernel's size. */
function withDefaults(layer, defaults) {
  const full = { ...defaults[layer.kind], ...layer };
  if (full.stride === null) full.stride = full.kernel_size;
  return full;
}

function totals(rows, { batch }) {
  const sum = (name) => rows.reduce((all, row) => all + row[name], 0);
  const facts = {
    parameters: withCommas(sum("parameters")),
    macs: withCommas(sum("macs")),
    outputs: bytes(sum("memory")),
    stored: bytes(4 * sum("parameters")),
    batch,
  };
  if (batch === 1) {
    return t(
      "All layers: {parameters} parameters, {macs} multiply-accumulates, {outputs} of outputs, " +
        "{stored} of parameters.",
      facts,
    );
  }
  return t(
    "All layers: {parameters} parameters, {macs} multiply-accumulates, {outputs} of outputs " +
      "(of one image; memory for {batch}), {stored} of parameters.",
    facts,
  );
}

// ---------------------------------------------------------------------------------- the actions

/** What a reader can do. Each leads to a network that PyTorch takes, or is refused with the reason. */
function createActions({ read, write, shown, refuse, offer }) {
  /** A network in place of the one that is shown. */
  const asked = (change) => ({ ...shown.network, ...change });
  const isFree = () => read().breaks; // a network that breaks may be edited into another one
  const whyNot = (wanted) => orderProblem(wanted.layers) ?? (isFree() ? null : problemIn(wanted));

  function ask(wanted, action, picked = read().picked) {
    const why = whyNot(wanted);
    if (why)
      refuse({ ...impossible(action, placed(why, read().picked)), wanted: { ...wanted, picked } });
    else write({ ...wanted, preset: presetOf(wanted.layers, read()), picked });
  }

  /** The network with one number changed. `row` is null for the image. */
  function at(name, axis, value) {
    const change = (now) => (axis === null ? value : withAxis(now, axis, value));
    if (name in IMAGE) return asked({ [name]: change(shown.network[name]) });
    const { picked } = read();
    const layer = shown.network.layers[picked];
    const next = { ...layer, [name]: change(layer[name]) };
    return asked({ layers: shown.network.layers.with(picked, next) });
  }

  function now(name, axis) {
    const { network } = shown;
    const value = name in IMAGE ? network[name] : network.layers[read().picked][name];
    return numberOf(value, axis ?? 0);
  }

  /** A single step goes on to the next number that is possible. */
  function stepped(name, axis, value) {
    const start = now(name, axis);
    const [min, max] = read().limits[name];
    if (start === null || Math.abs(value - start) !== 1) return null;
    const way = { now: start, target: value, min, max: Math.min(max, start + MOST_STEPS) };
    const found = walk({
      ...way,
      min: Math.max(min, start - MOST_STEPS),
      at: (next) => at(name, axis, next),
      forbids: whyNot,
      past: true,
    });
    return found.value === start ? null : found.value;
  }

  return {
    load(name) {
      const { layers, in_channels, input_size } = read().presets[name] ?? {};
      const image = { layers, in_channels, input_size, breaks: false };
      if (layers) write({ preset: name, ...image, picked: 0 });
      else write({ preset: null });
    },
    forbids(name, axis, value) {
      const wanted = at(name, axis, value);
      const why = whyNot(wanted);
      if (!why || stepped(name, axis, value) !== null) return null;
      if (why.type) offer({ ...wanted, picked: read().picked });
      return placed(why, read().picked);
    },
    edit(name, axis, value) {
      const isNumber = typeof value === "number";
      const legal = !whyNot(at(name, axis, value));
      const next = legal || !isNumber ? value : (stepped(name, axis, value) ?? value);
      ask(at(name, axis, next), isNumber ? { name, value } : { name });
    },
    keep(wanted) {
      write({ ...wanted, preset: null, breaks: true });
    },
    ...rowActions({ read, shown, asked, ask, refuse }),
  };
}

const IMAGE = { in_channels: 1, input_size: 1, batch: 1 };
const MOST_STEPS = 4096;

/** What changes the list of rows. */
function rowActions({ read, shown, asked, ask, refuse }) {
  const move = (by) => {
    const { picked } = read();
    ask(
      asked({ layers: shifted(shown.network.layers, picked, by) }),
      { what: t("This order") },
      picked + by,
    );
  };
  return {
    up: () => move(-1),
    down: () => move(1),
    add(kind) {
      const { picked, limits } = read();
      const { layers } = shown.network;
      if (layers.length === limits.layers[1]) {
        const rule = t("the table has room for {most}", { most: limits.layers[1] });
        return refuse(impossible({ what: t("One more layer") }, { rule }));
      }
      const channels = shown.rows[picked]?.output?.[1] ?? 1;
      const layer = withDefaults({ kind, ...NEW_LAYERS[kind](channels, picked) }, read().defaults);
      ask(
        asked({ layers: added(layers, picked, layer) }),
        { what: t("A {kind} here", { kind }) },
        picked + 1,
      );
    },
    remove() {
      const { picked } = read();
      const { layers } = shown.network;
      if (layers.length === 1) {
        return refuse(
          impossible({ what: t("An empty table") }, { rule: t("a stack has at least one layer") }),
        );
      }
      const left = removed(layers, picked);
      ask(
        asked({ layers: left }),
        { what: t("Without this layer") },
        Math.min(picked, left.length - 1),
      );
    },
  };
}

/** Only the image may differ from the preset's own. */
function presetOf(layers, { preset, presets }) {
  const text = (list) => JSON.stringify(list.map(inOrder));
  return preset && text(layers) === text(presets[preset].layers) ? preset : null;
}

/** The settings of a layer by their names: Python and this page write them in other orders. */
const inOrder = (layer) =>
  Object.entries(layer).toSorted(([one], [other]) => (one < other ? -1 : 1));

/** A refusal with the row that it is about, if that is another than the picked one. */
function placed(why, picked) {
  if (why.row === undefined || why.row === picked) return why;
  return { ...why, rule: t("layer {row}, a {kind}: {rule}", why) };
}

/** A refusal of what a reader asked for: a setting by its name, or anything in words. */
function impossible(asked, why) {
  const facts = { ...asked, rule: why.rule };
  const sentence =
    "value" in asked
      ? t("{name}={value} is not possible: {rule}.", facts)
      : "name" in asked
        ? t("{name} is not possible: {rule}.", facts)
        : t("{what} is not possible: {rule}.", facts);
  return { sentence, why };
}

// ---------------------------------------------------------------------------------- small parts

/** The preset and the image. */
function createImage({ presets, limits, actions, toggle, signal }) {
  const preset = createChoice({
    name: t("preset"),
    options: [OWN, ...Object.keys(presets)],
    wordOf: (name) => (name === OWN ? t("your own") : name),
    onInput: (name) => actions.load(name === OWN ? null : name),
    signal,
  });
  const field = (label, name, axis) =>
    createNumber({
      name: label,
      min: limits[name][0],
      max: limits[name][1],
      onInput: (value) => actions.edit(name, axis, value),
      forbids: (value) => actions.forbids(name, axis, value),
      signal,
    });
  const channels = field("in_channels", "in_channels", null);
  const size = field("input_size", "input_size", null);
  const height = field(t("input height"), "input_size", 0);
  const width = field(t("input width"), "input_size", 1);
  const batch = field(t("batch"), "batch", null);
  const fields = [channels, size, height, width, batch];
  const onClick = () => toggle("apart");
  const apart = createButton({ label: t("height ≠ width"), onClick, signal });
  const note = el("p", "cv-quiet cv-note");
  const controls = [preset, ...fields].map((each) => each.element);
  const refusals = el("div", "cv-refusals", {}, ...fields.map(({ refusal }) => refusal));
  return {
    element: el(
      "div",
      "",
      {},
      el("div", "cv-controls", { "data-operated": true }, ...controls, apart),
      note,
      refusals,
    ),
    show(state, view) {
      const isPair = view.apart || Array.isArray(state.input_size);
      preset.show(state.preset ?? OWN);
      channels.show(state.in_channels);
      batch.show(state.batch ?? 1);
      size.element.hidden = isPair;
      height.element.hidden = !isPair;
      width.element.hidden = !isPair;
      if (isPair)
        [height, width].forEach((each, axis) => each.show(numberOf(state.input_size, axis)));
      else size.show(state.input_size);
      setAttribute(apart, "aria-pressed", String(view.apart));
      setText(note, state.preset ? t(presets[state.preset].note) : "");
      note.hidden = !state.preset;
    },
  };
}

/** What breaks: PyTorch's sentence, why, and what the row would need. */
function createTrouble({ onKeep, signal }) {
  let wanted = null;
  const text = el("p", "");
  const message = el("code", "");
  const needs = el("p", "");
  const keep = createButton({
    label: t("Show it broken"),
    onClick: () => onKeep(wanted),
    signal,
  });
  const box = el("div", "cv-trouble", {}, text, message, needs);

  /** Offer to show a network although PyTorch refuses it. */
  function offer(network) {
    wanted = network;
    keep.hidden = !wanted;
  }

  return {
    offer,
    element: el("div", "", {}, box, keep),
    show(problem, refused) {
      box.hidden = !problem;
      offer(refused?.why.type ? refused.wanted : null);
      if (!problem) return;
      setText(text, t("Row {row}, a {kind}, breaks: {rule}.", problem));
      setText(message, problem.type ? `${problem.type}: ${problem.message}` : "");
      const wants = Object.entries(problem.needs ?? {});
      const what = inWords(wants.map(needText), "or");
      setText(needs, what && t("It would need {what}.", { what }));
    },
  };
}

function needText([name, value]) {
  if (name === "flatten") return t("a Flatten before it");
  return `${name}=${Array.isArray(value) ? shapeText([0, ...value]) : value}`;
}

export default widget(draw);
