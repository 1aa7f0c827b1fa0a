/**
 * PaddingAtlas: which input cell each border cell copies, for the four padding modes on one
 * picture; and below it, where PyTorch and TensorFlow put the windows of a 'same' convolution.
 */
import { compare, windowCentres, windowStarts, withHalf } from "./math/alignment.js";
import { paddedSize } from "./math/arithmetic.js";
import {
  borderOf,
  copySentence,
  inside,
  limitSentence,
  MODES,
  pictureValue,
  tone,
} from "./math/borders.js";
import { range } from "./math/lists.js";
import { speak } from "./math/text.js";
import { createCodeLine, createSlider } from "./parts/controls.js";
import { createRoot, createVoice, el, isNews, setAttribute, setText } from "./parts/dom.js";
import { createGrid } from "./parts/grid.js";
import { showRefusal } from "./parts/refusal.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["input_size", "padding", "cell", "width", "kernel_size", "stride"];
const HINT =
  "Pick a border cell to see which input cell it copies, in every mode. " +
  "Pick an input cell to see all its copies.";
const SAME =
  "'same' means width ÷ stride outputs, rounded up. PyTorch has it for stride 1 " +
  "only; for a larger stride one pads by half the kernel. A dot marks the middle of each window.";

function draw(model, signal) {
  const { limits } = model.get("constants");
  const widest = limits.padding[1]; // there is always room for it, so that the input stands still
  let pointed = null; // the cell under the mouse, shown in place of the picked one

  const state = bind(model, TRAITS, repaint, signal);
  const sliders = createSliders(limits, write, signal);
  const panels = Object.keys(MODES).map((mode) =>
    createModePanel({ mode, widest, onPick: pick, onPoint: point, signal }),
  );
  const alignment = createAlignment(signal);
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
    const place = `Row ${speak(picked[0])}, column ${speak(picked[1])}. `;
    const said = panels.map((panel) => panel.show(input_size, padding, picked, !pointed));
    return place + said.join(" ");
  }

  function repaint() {
    const traits = state.read();
    sliders.show(traits);
    setText(spoken, showBorders());
    const columns = alignment.show(traits);
    if (columns) root.style.setProperty("--strip-columns", columns);
  }

  const root = createRoot(
    "cv-atlas",
    "Padding atlas",
    signal,
    el("p", "cv-heading", {}, "What the border is made of"),
    sliders.row("input_size", "padding"),
    el("p", "cv-status", { "data-operated": true }, HINT),
    el("div", "cv-modes", {}, ...panels.map((panel) => panel.element)),
    el(
      "div",
      "cv-framework",
      {},
      el("p", "cv-heading", {}, "Where 'same' puts the windows"),
      el("p", "cv-quiet", {}, SAME),
      sliders.row("width", "kernel_size", "stride"),
      ...alignment.elements,
    ),
    spoken,
  );
  repaint();
  return root;
}

/** A slider for each number, in rows. */
function createSliders(limits, write, signal) {
  const sliders = Object.entries(limits).map(([name, [min, max]]) => {
    const onInput = (value) => write({ [name]: value });
    return [name, createSlider({ name, min, max, onInput, signal })];
  });
  const byName = Object.fromEntries(sliders);
  return {
    row(...names) {
      const elements = names.map((name) => byName[name].element);
      return el("div", "cv-controls", { "data-operated": true }, ...elements);
    },
    show(traits) {
      for (const [name, slider] of sliders) slider.show(traits[name], () => true);
    },
  };
}

// ---------------------------------------------------------------------------------- the borders

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
  const does = el("span", "", {}, MODES[mode].does);
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
    if (why) showRefusal(refusal, `It stops here: ${why.rule}.`, why);
    const says = copySentence(border, input_size);
    setText(reading, says);
    return `${mode}: ${says}${why ? ` PyTorch refuses this padding: ${why.rule}.` : ""}`;
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
  if (from === undefined) return "out of reach";
  if (from === null) return "0";
  const value = String(pictureValue(input_size, from));
  return isInner ? value : `${value}, a copy of row ${from[0]}, column ${from[1]}`;
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

// ---------------------------------------------------------------------------------- the alignment

/** The two strips, what they come to, and their code. */
function createAlignment(signal) {
  const pytorch = createStrip("PyTorch", "PyTorch's layer", signal);
  const tensorflow = createStrip("TensorFlow", "TensorFlow's layer, written in PyTorch", signal);
  const verdict = el("p", "cv-agreement", { "aria-live": "polite" });
  const strips = [pytorch.element, tensorflow.element];
  const code = [pytorch.line, tensorflow.line];
  return {
    elements: [...strips, verdict, ...code],

    /** Draw both, and return the columns they take; null if a pick above left them alone. */
    show({ width, kernel_size, stride }) {
      if (!isNews(verdict, width, kernel_size, stride)) return null;
      const both = compare({ width, kernel_size, stride });
      pytorch.show(both.pytorch, both.before);
      tensorflow.show(both.tensorflow, both.before);
      setText(verdict, both.verdict);
      return both.before + width + both.after;
    },
  };
}

function createStrip(name, label, signal) {
  const title = el("strong");
  const says = el("span", "cv-quiet");
  const row = el("div", "cv-align-strip", { role: "img" });
  const caption = el("figcaption", "", {}, title, says);
  const element = el("figure", "cv-alignment", {}, caption, el("div", "cv-scroll", {}, row));
  const code = createCodeLine(signal, label);

  function show(layer, before) {
    const { axis } = layer;
    const middles = windowCentres(axis).map(withHalf).join(", ");
    const said = `zeros: ${axis.before} before, ${axis.after} after; middles: ${middles}`;
    setText(title, layer.title);
    setText(says, said);
    code.show(layer.code);
    setAttribute(row, "aria-label", `${name}, ${said.replace(";", ",")}`);
    row.style.setProperty("--windows", windowCentres(axis).length);
    row.replaceChildren(...stripPieces(axis, before));
  }

  return { element, line: code.element, show };
}

/** The row with its zeros, the windows below it, and a dot in the middle of each. */
function stripPieces(axis, before) {
  const cells = range(paddedSize(axis)).map((position) => {
    const index = position - axis.before;
    const isInner = index >= 0 && index < axis.size;
    return piece(isInner ? "cv-in" : "cv-zero", index + before, 1, isInner ? String(index) : "0");
  });
  const windows = windowStarts(axis).map((start, output) =>
    piece("cv-align-window", start + before, axis.kernel, "", output),
  );
  const dots = windowCentres(axis).map((centre, output) =>
    piece("cv-dot", centre + before, 1, "", output),
  );
  return [...cells, ...windows, ...dots];
}

/** A part of a strip, `span` columns wide; the windows are stacked in lines of their own. */
function piece(className, column, span, text, stop = 0) {
  const element = el("span", className, {}, text);
  for (const [name, value] of Object.entries({ column, span, stop })) {
    element.style.setProperty(`--${name}`, value);
  }
  return element;
}

export default widget(draw);
