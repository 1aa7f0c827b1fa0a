/**
 * LayerExplorer: one editable `nn.Conv2d`, with its input, kernel, output and arithmetic.
 *
 * The flow is one way. A control or a pick writes traits; whoever changes a trait, this view or
 * Python, the whole picture is painted again from the traits alone.
 */
import {
  axesOf,
  BIAS,
  effectiveKernelSize,
  outputSize,
  paddedSize,
  problem,
  weightValue,
} from "./math/arithmetic.js";
import {
  columnsOf,
  describe,
  fitCells,
  inputCell,
  nextOutput,
  picksOf,
} from "./math/layer_picture.js";
import { byCell, key, range } from "./math/lists.js";
import { sign, speak } from "./math/text.js";
import { layerCode } from "./math/torch_code.js";
import {
  createCheck,
  createChoice,
  createCodeLine,
  createPlayer,
  createSlider,
} from "./parts/controls.js";
import { createRoot, createVoice, el, setText } from "./parts/dom.js";
import { createFormula } from "./parts/formula.js";
import { createOperator, createPanel, createStage } from "./parts/grid.js";
import { createLayerControls, plain } from "./parts/layer_controls.js";
import { dotProduct, pathsFrom, sizeNotes } from "./parts/readings.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const LAYER = [
  "input_size",
  "kernel_size",
  "stride",
  "padding",
  "dilation",
  "padding_mode",
  "bias",
];
const TRAITS = [...LAYER, "output_cell", "input_cell", "speed"];

// Where the controls start from if the first settings of all are not possible.
const START = {
  input_size: 5,
  kernel_size: [3, 3],
  stride: 1,
  padding: 0,
  dilation: 1,
  padding_mode: "zeros",
  bias: true,
};
const HINT =
  "Pick an output cell to see the window it reads. Pick an input cell to see every output it feeds.";

function draw(model, signal) {
  const constants = model.get("constants");
  const forbids = (layer) => problem(layer) ?? tooLarge(layer, constants.most_span);
  let picture = describe(START); // of the last valid settings
  let isDrawn = false;

  const { read, write } = bind(model, TRAITS, repaint, signal);
  const code = createCodeLine(signal);
  const controls = createLayerControls({
    controls: controlsOf(constants),
    same: true,
    hint: HINT,
    signal,
    onAsk: () => player.stop(),
    onLayer: (wanted) => write({ ...wanted, ...fitCells(wanted, read()) }),
    forbids,
  });
  controls.show(START);
  const player = createPlayer({
    step,
    onStop: repaint,
    onSpeed: (speed) => write({ speed }),
    signal,
  });
  const panels = createPanels(pickInput, pickOutput, signal);
  const sizes = createSizes();
  const reading = el("div", "cv-scroll");
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

  function pick(cells) {
    player.stop();
    write(cells);
  }

  /** From a picked input cell the first step leads back to the picked output. */
  function step(by) {
    const { output_cell, input_cell } = fitCells(picture.layer, read());
    const next = nextOutput(picture.layer, output_cell, input_cell ? 0 : by);
    write({ output_cell: next, input_cell: null });
  }

  // ---------------------------------------------------------------------------- the picture

  function repaint() {
    const traits = read();
    const why = forbids(traits);
    if (why) return controls.reject(why); // only a host without Python's checks can get here
    showLayer(Object.fromEntries(LAYER.map((name) => [name, traits[name]])));
    const { layer } = picture;
    const picks = picksOf(layer, fitCells(layer, traits));
    controls.show(layer);
    player.show(traits.speed);
    showInput(panels.input, picture, picks);
    showKernel(panels.kernel, layer, picks);
    showOutput(panels.output, picture, picks);

    const { output_cell, input_cell } = picks;
    const said = input_cell ? pathsFrom(layer, input_cell) : dotProduct(layer, output_cell);
    reading.replaceChildren(said.element);
    if (!player.isPlaying()) setText(spoken, said.sentence); // a voice cannot keep up with a film
  }

  /** Draw what follows from the layer alone, if it is another one. */
  function showLayer(layer) {
    if (isDrawn && JSON.stringify(layer) === JSON.stringify(picture.layer)) return;
    picture = describe(layer);
    isDrawn = true;
    code.show(layerCode(layer));
    showTitles(panels, picture);
    showWeights(panels.input.grid, layer);
    fitStage(panels.stage, picture, forbids);
    sizes.show(picture);
  }

  const readings = el("div", "cv-readings", {}, reading, sizes.element);
  const above = [code.element, controls.element, player.element, controls.status];
  const parts = [...above, panels.stage.element, readings, spoken];
  const root = createRoot("cv-layer", "Layer explorer", signal, ...parts);
  repaint();
  return root;
}

// ---------------------------------------------------------------------------------- the parts

function controlsOf({ limits, padding_modes }) {
  return [
    plain("input_size", ...limits.input_size),
    kernelSide(0, "kernel height", limits.kernel_size),
    kernelSide(1, "kernel width", limits.kernel_size),
    plain("stride", ...limits.stride),
    plain("padding", ...limits.padding),
    plain("dilation", ...limits.dilation),
    { ...plain("padding_mode"), create: createChoice, options: padding_modes },
    { ...plain("bias"), create: createCheck },
  ];
}

function kernelSide(side, name, [min, max]) {
  const at = (layer, value) => ({ ...layer, kernel_size: layer.kernel_size.with(side, value) });
  const get = (layer) => layer.kernel_size[side];
  return { name, min, max, create: createSlider, get, at };
}

/** Why the picture has no room for a layer that is legal, or null. */
function tooLarge(layer, most) {
  const span = Math.max(...axesOf(layer).map(paddedSize));
  if (span <= most) return null;
  return {
    rule: `the padded input would span ${span} cells, but the picture has room for ${most}`,
  };
}

function createPanels(onPickInput, onPickOutput, signal) {
  const input = createPanel({ kind: "input", title: "Input", onPick: onPickInput, signal });
  const kernel = createPanel({ kind: "kernel", title: "Kernel", signal });
  const output = createPanel({ kind: "output", title: "Output", onPick: onPickOutput, signal });
  const stage = createStage(
    input.element,
    el("div", "cv-step", {}, createOperator("∗"), kernel.element),
    el("div", "cv-step", {}, createOperator("="), output.element),
  );
  return { input, kernel, output, stage };
}

/** The formulas of the output's height and width, and sentences on what they hide. */
function createSizes() {
  const [height, width] = ["H", "W"].map(createFormula);
  const notes = el("p", "cv-notes");
  const formulas = el("div", "cv-scroll", {}, height.element, width.element);
  return {
    element: el("div", "", {}, formulas, notes),
    show({ layer, axes: [vertical, horizontal] }) {
      height.show(vertical);
      width.show(vertical.kernel === horizontal.kernel ? null : horizontal);
      setText(notes, sizeNotes(layer));
    },
  };
}

// ---------------------------------------------------------------------------------- the picture

function showTitles({ input, kernel, output }, { layer, axes, unvisited }) {
  const times = (sizes) => sizes.join(" × ");
  const list = (...parts) => parts.filter(Boolean).join(", ");
  const bare = times([layer.input_size, layer.input_size]);
  const padded = times(axes.map(paddedSize));
  const weights = times(layer.kernel_size);
  const reach = times(axes.map((axis) => effectiveKernelSize(axis.kernel, axis.dilation)));
  const isPadded = padded !== bare && `padded to ${padded}`;
  const isUnread = unvisited.flat().length > 0 && "hatched: never read";
  setText(input.size, list(bare, isPadded, isUnread));
  const isSpread = reach !== weights && `spread over ${reach}`;
  setText(kernel.size, list(weights, isSpread, layer.bias && `bias\xa0${BIAS}`));
  setText(output.size, times(axes.map(outputSize)));
}

/** Give the cells their size. 'same' puts cells around those that are there; they stay as large. */
function fitStage(stage, { layer, axes }, forbids) {
  const possible = [layer, { ...layer, padding: "same" }].filter((each) => !forbids(each));
  const columns = Math.max(...possible.map(columnsOf));
  stage.fit(layer.kernel_size[1] + columns, paddedSize(axes[1]));
}

/** The weights ride in the frame, so that they glide with it over the input. */
function showWeights(grid, { kernel_size: [height, width], dilation }) {
  const weights = range(height).flatMap((i) =>
    range(width).map((j) => ({
      row: i * dilation,
      column: j * dilation,
      text: `×${sign(weightValue(i, j))}`,
    })),
  );
  grid.engrave(weights);
}

/** The padded input: under the window of the picked output, or with one input cell picked. */
function showInput({ grid }, picture, picks) {
  const { layer, axes, cells } = picture;
  const { input_cell, output_cell } = picks;
  const [top, left] = axes.map((axis) => axis.before);
  const n = layer.input_size;
  grid.resize(...axes.map(paddedSize), { top, left, rows: n, columns: n });
  cells.forEach((line, y) => {
    for (const x of line.keys()) grid.paint(y, x, inputPaint(inputCell(picture, picks, y, x)));
  });
  if (input_cell) {
    grid.outline(null);
    grid.activate(input_cell[0] + top, input_cell[1] + left);
  } else {
    const [row, column] = output_cell.map((at) => at * layer.stride);
    const [rows, columns] = axes.map((axis) => effectiveKernelSize(axis.kernel, axis.dilation));
    grid.outline({ row, column, rows, columns });
  }
}

function inputPaint({ here, source, value, tap, isInside, isUnread, isCopied, isChosen }) {
  const what = isInside
    ? `row ${here[0]}, column ${here[1]}: ${value}`
    : source
      ? `padding, a copy of row ${source[0]}, column ${source[1]}: ${value}`
      : "padding: 0";
  const use = tap ? `, times ${speak(tap.weight)}` : "";
  return {
    text: String(value),
    spoken: what + use + (isUnread ? ", never read" : ""),
    marks: [
      isInside ? "core" : source ? "copy" : "zero",
      isUnread && "unread",
      tap && "tap",
      isCopied && "source",
      isChosen && (isInside ? "picked" : "echo"),
    ],
  };
}

/** The kernel; with an input cell picked, the weights it never meets step back. */
function showKernel({ grid }, { kernel_size: [height, width] }, { paths }) {
  const met = paths && byCell(paths, (path) => path.weightCell);
  grid.resize(height, width);
  for (const i of range(height)) {
    for (const j of range(width)) {
      const weight = weightValue(i, j);
      const marks = [met && !met.has(key([i, j])) && "idle"];
      const spoken = `row ${i}, column ${j}: ${speak(weight)}`;
      grid.paint(i, j, { text: sign(weight), spoken, marks });
    }
  }
}

/** The output; with an input cell picked, the outputs it does not feed step back. */
function showOutput({ grid }, { values }, { output_cell, paths }) {
  const fed = paths && byCell(paths, (path) => path.output);
  grid.resize(values.length, values[0].length);
  values.forEach((line, row) => {
    for (const [column, value] of line.entries()) {
      const at = key([row, column]);
      const weights = fed?.get(at)?.map((path) => path.weight);
      const isPicked = !fed && at === key(output_cell);
      const mark = fed && (weights ? "fed" : "idle");
      const named = `row ${row}, column ${column}: ${speak(value)}`;
      grid.paint(row, column, {
        text: sign(value),
        spoken: weights ? `${named}, fed through ${weights.map(speak).join(" and ")}` : named,
        corner: cornerOf(weights),
        marks: [mark, isPicked && "picked"],
      });
    }
  });
  grid.activate(...output_cell);
}

/** What stands in the corner of an output that is fed: its weight, or how many there are. */
function cornerOf(weights) {
  if (!weights) return "";
  return weights.length > 1 ? `${weights.length}×` : `×${sign(weights[0])}`;
}

export default widget(draw);
