/**
 * TwoLayers: two kernels, and the one that does the same. Pick a weight of the second to see the
 * copy of the first that it lays down.
 */
import { key, range } from "./math/lists.js";
import { clauses, sign, speak, square } from "./math/text.js";
import {
  codeOf,
  covered,
  firstWeight,
  joined,
  joinedSize,
  notesOf,
  secondWeight,
  sentenceOf,
  sumOf,
} from "./math/two_layers.js";
import { english, phrase, t } from "./math/words.js";
import { createCodeLine } from "./parts/controls.js";
import { createRoot, createVoice, el, inked, setText } from "./parts/dom.js";
import { createOperator, createPanel, createStage } from "./parts/grid.js";
import { createLayerControls, plain } from "./parts/layer_controls.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const SETTINGS = ["first", "second", "stride"];
const LABELS = { first: english("first"), second: english("second") }; // beside PyTorch's names
const TRAITS = [...SETTINGS, "picked"];
const HINT = english("Pick a weight of the second kernel to see the copy that it lays down.");

function draw(model, signal) {
  const { limits } = model.get("constants");
  const state = bind(model, TRAITS, repaint, signal);
  const code = createCodeLine(signal);
  const controls = createLayerControls({
    controls: SETTINGS.map((name) => createControl(name, limits[name])),
    hint: t(HINT),
    signal,
    onLayer: write,
    forbids: () => null, // any two kernels make one
  });
  const panels = createPanels((row, column) => write({ picked: [row, column] }), signal);
  const reading = el("div", "cv-scroll");
  const notes = el("div", "");
  const spoken = createVoice();

  function write(values) {
    const { picked, second } = { ...state.read(), ...values };
    state.write({ ...values, picked: picked.map((at) => Math.min(at, second - 1)) });
  }

  function repaint() {
    const { picked, ...pair } = state.read();
    code.show(codeOf(pair));
    controls.show(pair);
    panels.show(pair, picked);
    showReading(reading, pair, picked);
    notes.replaceChildren(...notesOf(pair).map((sentence) => el("p", "", {}, sentence)));
    setText(spoken, sentenceOf(pair, picked));
  }

  const readings = el("div", "cv-readings", {}, reading, notes);
  const parts = [code.element, controls.element, controls.status, panels.element];
  const root = createRoot("cv-two-layers", t("Two layers"), signal, ...parts, readings, spoken);
  repaint();
  return root;
}

function createControl(name, ends) {
  return { ...plain(name, ...ends), name: name in LABELS ? t(LABELS[name]) : name };
}

// ---------------------------------------------------------------------------------- the picture

function createPanels(onPick, signal) {
  const first = createPanel({ kind: "input", title: t("First kernel"), signal });
  const second = createPanel({ kind: "kernel", title: t("Second kernel"), onPick, signal });
  const one = createPanel({ kind: "output", title: t("The one kernel"), signal });
  const stage = createStage(
    first.element,
    el("div", "cv-step", {}, createOperator("∗"), second.element),
    el("div", "cv-step", {}, createOperator("="), one.element),
  );
  return {
    element: stage.element,
    show(pair, picked) {
      const size = joinedSize(pair);
      for (const [panel, side] of [
        [first, pair.first],
        [second, pair.second],
        [one, size],
      ]) {
        setText(panel.size, square(side));
        panel.grid.resize(side, side);
      }
      showKernel(first.grid, pair.first, firstWeight, () => ["core"]);
      const isPicked = (cell) => key(cell) === key(picked);
      const marks = (cell) => ["core", isPicked(cell) && "picked"];
      showKernel(second.grid, pair.second, secondWeight, marks);
      second.grid.activate(...picked);
      const values = joined(pair);
      const under = new Set(covered(pair, picked).map(key));
      const weight = (row, column) => values[row][column];
      const where = (cell) => [under.has(key(cell)) ? "fed" : "idle"];
      showKernel(one.grid, size, weight, where, t("under the copy"));
      stage.fit(pair.first + pair.second + size, size);
    },
  };
}

/** The numbers of a kernel; `told` is said of a cell whose first mark is "fed". */
function showKernel(grid, size, weight, marksOf, told) {
  for (const row of range(size)) {
    for (const column of range(size)) {
      const marks = marksOf([row, column]);
      const value = weight(row, column);
      const said = t("row {row}, column {column}: {value}", { row, column, value: speak(value) });
      const spoken = clauses([said, marks[0] === "fed" && told]);
      grid.paint(row, column, { text: sign(value), spoken, marks });
    }
  }
}

/** What the picked weight lays down, and how each number there comes about. */
function showReading(reading, pair, picked) {
  const weight = sign(secondWeight(...picked));
  const named = t("second[{place}] = {weight}", { place: picked.join(", "), weight });
  const title = phrase("{named} lays down {weight} × the first kernel", {
    named: inked("kernel", named),
    weight,
  });
  const lines = covered(pair, picked).map((cell) => {
    const name = inked("output", t("one[{place}]", { place: cell.join(", ") }));
    return el("div", "", {}, name, ` = ${sumOf(pair, cell)}`);
  });
  reading.replaceChildren(
    el("div", "cv-title", {}, ...title),
    el("div", "cv-product", {}, ...lines),
  );
}

export default widget(draw);
