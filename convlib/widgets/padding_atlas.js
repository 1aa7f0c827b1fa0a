/** PaddingAtlas: which input cell each border cell copies, for the four padding modes on one picture. */
import {
  borderOf,
  copySentence,
  inside,
  limitSentence,
  MODES,
  pictureValue,
  tone,
} from "./math/borders.js";
import { sentences, speak } from "./math/text.js";
import { english, t } from "./math/words.js";
import { createRoot, createVoice, el, setAttribute, setText } from "./parts/dom.js";
import { createGrid } from "./parts/grid.js";
import { showRefusal } from "./parts/refusal.js";
import { createSliders, ofNumber } from "./parts/sliders.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["input_size", "padding", "cell"];
const HINT = english(
  "Pick a border cell to see which input cell it copies, in every mode. " +
    "Pick an input cell to see all its copies.",
);

function draw(model, signal) {
  const { limits } = model.get("constants");
  const widest = limits.padding[1]; // there is always room for it, so that the input stands still
  let pointed = null; // the cell under the mouse, shown in place of the picked one

  const state = bind(model, TRAITS, repaint, signal);
  const sliders = createSliders({
    controls: ["input_size", "padding"].map((name) => ofNumber(name, limits[name])),
    hint: t(HINT),
    read: state.read,
    write,
    signal,
  });
  const panels = Object.keys(MODES).map((mode) =>
    createModePanel({ mode, widest, onPick: pick, onPoint: point, signal }),
  );
  const spoken = createVoice();

  function write(values) {
    state.write({ ...values, cell: inside({ ...state.read(), ...values }) });
  }

  function pick(cell) {
    pointed = null;
    write({ cell });
  }

  function point(cell) {
    pointed = cell;
    showBorders();
  }

  /** Paint the four borders with one cell picked in all; return what they say of it. */
  function showBorders() {
    const { input_size, padding, cell } = state.read();
    const picked = inside({ input_size, padding, cell: pointed ?? cell });
    const [row, column] = picked.map(speak);
    const said = panels.map((panel) => panel.show(input_size, padding, picked, !pointed));
    return sentences([t("Row {row}, column {column}.", { row, column }), ...said]);
  }

  function repaint() {
    sliders.show(state.read());
    setText(spoken, showBorders());
  }

  const root = createRoot(
    "cv-atlas",
    t("Padding atlas"),
    signal,
    el("p", "cv-heading", {}, t("What the border is made of")),
    el("div", "cv-top", {}, sliders.element, sliders.status),
    el("div", "cv-modes", {}, ...panels.map((panel) => panel.element)),
    spoken,
  );
  repaint();
  return root;
}

/** One mode's picture: `show` paints it and returns what it says. */
function createModePanel({ mode, widest, onPick, onPoint, signal }) {
  const cellAt = (row, column) => [row - widest, column - widest];
  const grid = createGrid({
    kind: "input",
    label: `padding_mode='${mode}'`,
    signal,
    onPick: (row, column) => onPick(cellAt(row, column)),
    onPoint: (row, column) => onPoint(row === null ? null : cellAt(row, column)),
  });
  const link = el("div", "cv-link", { "aria-hidden": "true" });
  grid.element.append(link);
  const limit = el("span", "cv-limit");
  const reading = el("p", "cv-copies");
  const refusal = el("p", "cv-refusal");
  const name = el("strong", "cv-input-ink", {}, mode);
  const does = el("span", "", {}, t(MODES[mode].does));
  const caption = el("figcaption", "cv-caption", {}, name, does, limit);
  const picture = el("div", "cv-scroll", {}, grid.element);

  function show(input_size, padding, picked, isPicked) {
    const border = borderOf(mode, input_size, padding, picked, widest);
    showBorder(grid, border, { input_size, padding, widest });
    if (isPicked) grid.activate(...picked.map((at) => at + widest));
    showLink(link, border.fromInput ? null : border.source, picked, widest);
    const { why } = border;
    setText(limit, limitSentence(mode, input_size, padding, why));
    setAttribute(limit, "data-refused", Boolean(why));
    refusal.hidden = !why;
    if (why) showRefusal(refusal, t("It stops here: {rule}.", why), why);
    const says = copySentence(border, input_size);
    setText(reading, says);
    return sentences([
      t("{title}: {text}", { title: mode, text: says }),
      why && t("PyTorch refuses this padding: {rule}.", why),
    ]);
  }

  return { element: el("figure", "cv-panel", {}, caption, picture, reading, refusal), show };
}

function showBorder(grid, { cells, fromInput }, { input_size: n, padding, widest }) {
  const across = n + 2 * widest;
  const core = { top: widest, left: widest, rows: n, columns: n };
  grid.resize(across, across, { ...core, ring: padding });
  for (const { y, x, from, isInner, isPicked, isLinked } of cells) {
    grid.paint(y, x, {
      text: from === undefined ? "" : String(from ? pictureValue(n, from) : 0),
      spoken: spokenCell(n, from, isInner),
      level: from && tone(n, from),
      marks: [
        isInner ? "core" : from ? "copy" : from === null ? "zero" : "beyond",
        isPicked && "picked",
        isLinked && isInner && "source",
        isLinked && !isInner && fromInput && "echo",
      ],
    });
  }
  grid.outline({ row: widest, column: widest, rows: n, columns: n });
}

function spokenCell(input_size, from, isInner) {
  if (from === undefined) return t("out of reach");
  if (from === null) return "0";
  const value = String(pictureValue(input_size, from));
  const [row, column] = from;
  return isInner
    ? value
    : t("{value}, a copy of row {row}, column {column}", { value, row, column });
}

/** An arrow from the input cell to its copy, with both numbers left free. */
function showLink(link, source, picked, widest) {
  link.hidden = !source;
  if (!source) return;
  const [down, right] = [picked[0] - source[0], picked[1] - source[1]];
  const values = {
    row: source[0] + widest,
    column: source[1] + widest,
    length: Math.hypot(down, right),
    angle: `${Math.atan2(down, right)}rad`,
  };
  for (const [name, value] of Object.entries(values)) link.style.setProperty(`--${name}`, value);
}

export default widget(draw);
