/**
 * LayerExplorer: one editable `nn.Conv2d`, with its input, kernel, output and arithmetic.
 *
 * The flow is one way. A control or a pick writes traits; whoever changes a trait, this view or
 * Python, the whole picture is painted again from the traits alone.
 */
import { createFilm } from "./layer_explorer/film.js";
import { createNumbers } from "./layer_explorer/numbers.js";
import { createPanels } from "./layer_explorer/panels.js";
import { axesOf, paddedSize, problem } from "./math/arithmetic.js";
import { firstStep, stillStep } from "./math/film.js";
import { describe, fitCells, picksOf } from "./math/layer_picture.js";
import { isSame, only } from "./math/lists.js";
import { changedNumber, numbersProblem, withNumbers } from "./math/numbers.js";
import { layerCode } from "./math/torch_code.js";
import { english, t } from "./math/words.js";
import { createCheck, createChoice, createCodeLine, createSlider } from "./parts/controls.js";
import { createRoot, createVoice, el, setText } from "./parts/dom.js";
import { createFormula } from "./parts/formula.js";
import { bothAxes, createLayerControls, plain } from "./parts/layer_controls.js";
import { dotProduct, pathsFrom, sizeNotes } from "./parts/readings.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

// Where the controls start from if the first settings of all are not possible.
const START = {
  input_size: 5,
  kernel_size: [3, 3],
  stride: 1,
  padding: 0,
  dilation: 1,
  padding_mode: "zeros",
  bias: true,
  weight: null,
  input_values: null,
};
const LAYER = Object.keys(START);
const TRAITS = [...LAYER, "output_cell", "input_cell", "weight_cell", "step", "fast", "speed"];
const HINT = english(
  "Pick an output cell to see the window it reads, an input cell to see every output it feeds. " +
    "Type a number on a cell of the input or the kernel to change it.",
);

function draw(model, signal) {
  const constants = model.get("constants");
  const forbids = (layer) => problem(layer) ?? beyond(layer, constants);
  let picture = describe(START); // of the last valid settings
  let settings = null; // these, as the traits say them

  const { read, write } = bind(model, TRAITS, repaint, signal);
  const code = createCodeLine(signal);
  const controls = createLayerControls({
    controls: controlsOf(constants),
    apart: true,
    same: true,
    hint: t(HINT),
    signal,
    onAsk: stop,
    onLayer: (wanted) => write({ ...wanted, ...fitCells(wanted, read()), step: null }),
    forbids,
  });
  controls.show(START);
  const edits = { onUse: stop, onNumber: changeNumber, onNumbers: pick, onDone: backToCell };
  const numbers = createNumbers(edits, constants.limits, controls.apart, signal);
  const film = createFilm(
    { onStep, onSeek: seek, onStart, onStill, onStop: repaint },
    write,
    signal,
  );
  const picks = { input: pickInput, kernel: pickWeight, output: pickOutput };
  const panels = createPanels(picks, numbers.begin, signal);
  const sizes = createSizes();
  const reading = el("div", "cv-scroll cv-sum");
  const spoken = createVoice();

  // ---------------------------------------------------------------------------- the actions

  function pickOutput(row, column) {
    pick({ output_cell: [row, column], input_cell: null });
  }

  /** A copy in the padding stands for the cell it copies; a padded zero stands for none. */
  function pickInput(y, x) {
    const { source } = picture.cells[y][x];
    if (source) pick({ input_cell: source });
  }

  function pickWeight(row, column) {
    pick({ weight_cell: [row, column], input_cell: null });
  }

  function stop() {
    film.stop();
  }

  function pick(values) {
    stop();
    write({ ...values, step: null });
  }

  function changeNumber(name, cell, value) {
    write({ [name]: changedNumber(settings, name, cell, value), step: null });
  }

  function backToCell() {
    panels[read().input_cell ? "input" : "kernel"].grid.focus();
  }

  /** The traits, with cells that are there. */
  const now = () => ({ ...read(), ...fitCells(picture.layer, read()) });

  /** From a picked input cell the first step leads back to the picked output. */
  function onStep(by) {
    const { input_cell } = read();
    if (input_cell) write({ input_cell: null });
    else seek(film.after(picture.layer, now(), by));
  }

  function seek(position) {
    write(film.traitsAt(picture.layer, now(), position));
  }

  /** Playing starts with the picked output. */
  function onStart() {
    const { fast, step, output_cell } = now();
    if (!fast && step === null) seek(firstStep(picture.layer, output_cell));
  }

  /** For a reader who wants no motion: one output at a time, and its sum in words. */
  function onStill() {
    const { fast } = now();
    if (fast) onStep(1);
    else seek(stillStep(picture.layer, now()));
    const { sentence } = dotProduct(picture.layer, now().output_cell);
    controls.tell(sentence);
    setText(spoken, sentence);
  }

  // ---------------------------------------------------------------------------- the picture

  function repaint() {
    const traits = read();
    const why = forbids(traits);
    if (why) return controls.reject(why); // only a host without Python's checks can get here
    showLayer(only(traits, LAYER));
    const { layer } = picture;
    const cells = fitCells(layer, traits);
    const scene = film.sceneOf(layer, { ...traits, ...cells });
    const shown = scene ? { ...cells, output_cell: scene.output } : cells;
    controls.show(settings);
    film.show(layer, { ...traits, ...shown });
    numbers.show(layer, settings, cells);
    panels.show(picture, { ...picksOf(layer, shown, scene), weight_cell: cells.weight_cell });

    const { input_cell, output_cell } = shown;
    const said = input_cell ? pathsFrom(layer, input_cell) : dotProduct(layer, output_cell, scene);
    reading.replaceChildren(said.element);
    if (!film.isPlaying()) setText(spoken, said.sentence); // a voice cannot keep up with a film
  }

  /** Draw what follows from the layer alone, if it is another one. */
  function showLayer(layer) {
    if (isSame(layer, settings)) return;
    settings = layer;
    picture = describe(withNumbers(layer));
    code.show(layerCode(layer));
    panels.showLayer(picture, forbids);
    sizes.show(picture);
  }

  const view = el("div", "cv-view", {}, panels.stage.element, film.element);
  const told = el("div", "cv-told", { "data-operated": true }, numbers.refusal, controls.status);
  const touched = [numbers.element, controls.element, told];
  const board = el("div", "cv-board", {}, code.element, view, reading, ...touched, sizes.element);
  const root = createRoot("cv-layer", t("Layer explorer"), signal, board, spoken);
  repaint();
  return root;
}

// ---------------------------------------------------------------------------------- the parts

function controlsOf({ limits, padding_modes }) {
  return [
    ...bothAxes("input_size", [t("input height"), t("input width")], ...limits.input_size),
    kernelSide(0, t("kernel height"), limits.kernel_size),
    kernelSide(1, t("kernel width"), limits.kernel_size),
    ...bothAxes("stride", [t("stride height"), t("stride width")], ...limits.stride),
    ...bothAxes("padding", [t("padding height"), t("padding width")], ...limits.padding),
    ...bothAxes("dilation", [t("dilation height"), t("dilation width")], ...limits.dilation),
    { ...plain("padding_mode"), create: createChoice, options: padding_modes },
    { ...plain("bias"), create: createCheck },
  ];
}

function kernelSide(side, name, [min, max]) {
  const at = (layer, value) => ({ ...layer, kernel_size: layer.kernel_size.with(side, value) });
  const get = (layer) => layer.kernel_size[side];
  return { name, min, max, create: createSlider, get, at };
}

/** Why the picture has no room for a layer that is legal, or cannot show its numbers; or null. */
function beyond(layer, { limits, most_span: most }) {
  const span = Math.max(...axesOf(layer).map(paddedSize));
  if (span > most) {
    return {
      rule: t("the padded input would span {span} cells, but the picture has room for {most}", {
        span,
        most,
      }),
    };
  }
  return (
    numbersProblem("weight", layer.weight, limits.weight, limits.kernel_size[1]) ??
    numbersProblem("input_values", layer.input_values, limits.input_values, limits.input_size[1])
  );
}

/** The formulas of the output's height and width, and sentences on what they hide. */
function createSizes() {
  const [height, width] = ["H", "W"].map(createFormula);
  const notes = el("p", "cv-notes");
  const formulas = el("div", "cv-scroll", {}, height.element, width.element);
  return {
    element: el("div", "cv-sizes", {}, formulas, notes),
    show({ layer, axes: [vertical, horizontal] }) {
      height.show(vertical);
      width.show(isSame(vertical, horizontal) ? null : horizontal);
      setText(notes, sizeNotes(layer));
    },
  };
}

export default widget(draw);
