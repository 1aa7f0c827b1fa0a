/**
 * LayerExplorer: one editable `nn.Conv2d`, with its input, kernel, output and arithmetic.
 *
 * The flow is one way. A control or a pick writes traits; whoever changes a trait, this view or
 * Python, the whole picture is painted again from the traits alone.
 */
import {
  BIAS, PADDING_MODES, axesOf, convolve, effectiveKernelSize, fedBy, outputSize, paddedInput,
  paddedSize, problem, range, tapsOf, unreadIndices, unreadPositions, weightValue,
} from "./arithmetic.js";
import { conv2dCode } from "./code.js";
import {
  createButton, createCheck, createChoice, createCopyButton, createPlayer, createSlider,
} from "./controls.js";
import { createRoot, el, setAttribute, setText } from "./dom.js";
import { sizeFormula } from "./formula.js";
import { createGrid } from "./grid.js";
import { byCell, dotProduct, key, pathsFrom, sign, sizeNotes, speak } from "./readings.js";
import { bind } from "./state.js";

const LAYER = [
  "input_size", "kernel_size", "stride", "padding", "dilation", "padding_mode", "bias",
];
const TRAITS = [...LAYER, "output_cell", "input_cell", "speed"];

// Where the controls start from if the first settings of all are not possible.
const START = {
  input_size: 5, kernel_size: [3, 3], stride: 1, padding: 0, dilation: 1, padding_mode: "zeros",
  bias: true,
};

/** One entry per slider: its range, the number it shows, and the layer it asks for. */
const SLIDERS = [
  plain("input_size", 1, 10),
  kernelSide(0, "kernel height"),
  kernelSide(1, "kernel width"),
  plain("stride", 1, 4),
  plain("padding", 0, 4),
  plain("dilation", 1, 4),
];

function plain(name, min, max) {
  const at = (layer, value) => ({ ...layer, [name]: value });
  return { name, min, max, get: (layer) => layer[name], at };
}

function kernelSide(side, name) {
  const at = (layer, value) => ({ ...layer, kernel_size: layer.kernel_size.with(side, value) });
  return { name, min: 1, max: 5, get: (layer) => layer.kernel_size[side], at };
}

const HINT =
  "Pick an output cell to see the window it reads. Pick an input cell to see every output it feeds.";

function render({ model, el: host, signal: hostSignal }) {
  const scope = new AbortController(); // ends every listener and timer below
  const { signal } = scope;
  let layer = START; // the settings in the picture: the last valid ones
  let picture = null; // what follows from the layer alone; see `describe`
  let lastNumber = 0; // where the padding returns to from 'same'
  let refusal = ""; // why the last control stopped

  // ---------------------------------------------------------------------------- the parts

  const code = el("code", "cv-code");
  const copy = createCopyButton({ read: () => code.textContent, signal });

  const same = createButton({ label: "same", onClick: toggleSame, signal });
  const sliders = SLIDERS.map((control) =>
    createSlider({ ...control, onInput: (value) => move(control, value), signal }),
  );
  sliders[SLIDERS.findIndex(({ name }) => name === "padding")].element.append(same);
  const mode = createChoice({
    name: "padding_mode", options: PADDING_MODES, signal,
    onInput: (padding_mode) => ask({ padding_mode }),
  });
  const bias = createCheck({ name: "bias", onInput: (bias) => ask({ bias }), signal });
  const status = el("p", "cv-status", { role: "status" });

  const input = panel("input", "Input", pickInput);
  const kernel = panel("kernel", "Kernel");
  const output = panel("output", "Output", pickOutput);
  const player = createPlayer({
    step, onStop: repaint, onSpeed: (speed) => write({ speed }), signal,
  });

  const reading = el("div", "cv-scroll");
  const formulas = el("div", "cv-scroll");
  const notes = el("p", "cv-notes");
  const spoken = el("div", "cv-offscreen", { "aria-live": "polite" });

  const root = createRoot("cv-layer", "Layer explorer", signal,
    el("div", "cv-line", {}, code, copy),
    el("div", "cv-controls", {},
      ...sliders.map((slider) => slider.element), mode.element, bias.element),
    status,
    el("div", "cv-stage", {}, input.element,
      el("div", "cv-step", {}, operator("∗"), kernel.element),
      el("div", "cv-step", {}, operator("="), output.element)),
    player.element,
    el("div", "cv-readings", {}, reading, el("div", "", {}, formulas, notes)),
    spoken,
  );

  function panel(kind, title, onPick) {
    const grid = createGrid({ kind, label: title, onPick, signal });
    const size = el("span", "cv-quiet");
    const caption = el("figcaption", "cv-caption", {},
      el("strong", `cv-${kind}-ink`, {}, title), size);
    const element = el("figure", "cv-panel", {}, caption,
      el("div", "cv-scroll", {}, grid.element));
    return { element, grid, size };
  }

  function operator(sign) {
    return el("div", "cv-operator", { "aria-hidden": "true" }, sign);
  }

  // ---------------------------------------------------------------------------- the actions

  const state = bind(model, TRAITS, () => {
    refusal = "";
    repaint();
  }, signal);

  function write(values) {
    state.write(values);
    repaint();
  }

  /**
   * Change the layer if PyTorch would accept it; else stay, and say which rule forbids it.
   * `asked` is the change in the words of the control.
   */
  function ask(change, asked = change) {
    player.stop();
    const wanted = { ...layer, ...change };
    const why = problem(wanted);
    refusal = why ? explain(asked, why) : "";
    if (why) repaint();
    else write(fit(wanted));
  }

  /** A slider was moved: go there, or as far towards it as the rules allow. */
  function move(control, target) {
    const start = control.get(layer);
    const asked = (value) => ({ [control.name]: value });
    const why = (value) => problem(control.at(layer, value));
    if (!why(target) || start === "same") return ask(control.at(layer, target), asked(target));
    const way = Math.sign(target - start);
    let value = start;
    while (!why(value + way)) value += way;
    player.stop();
    refusal = explain(asked(value + way), why(value + way));
    write(fit(control.at(layer, value)));
  }

  /** To 'same', or back to the last number; where that no longer fits, to the first that does. */
  function toggleSame() {
    if (layer.padding !== "same") return ask({ padding: "same" });
    const fits = (padding) => problem({ ...layer, padding }) === null;
    ask({ padding: [lastNumber, 0, 1, 2, 3, 4].find(fits) ?? lastNumber });
  }

  function explain(change, why) {
    const asked = Object.entries(change).map(([name, value]) =>
      `${name}=${typeof value === "string" ? `'${value}'` : value}`);
    return { sentence: `${asked.join(", ")} is not possible: ${why.rule}.`, why };
  }

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
    refusal = "";
    write(cells);
  }

  /** Pick the next output in reading order; after the last one comes the first. */
  function step(by) {
    const [height, width] = axesOf(layer).map(outputSize);
    const { output_cell, input_cell } = fit(layer);
    const now = output_cell[0] * width + output_cell[1];
    const next = input_cell ? now : (now + by + height * width) % (height * width);
    refusal = "";
    write({ output_cell: [Math.floor(next / width), next % width], input_cell: null });
  }

  /** A layer's traits, with the picked cells brought inside it. */
  function fit(wanted) {
    const inside = (cell, shape) => cell.map((at, axis) => Math.min(at, shape[axis] - 1));
    const { output_cell, input_cell } = state.read();
    return {
      ...wanted,
      output_cell: inside(output_cell, axesOf(wanted).map(outputSize)),
      input_cell: input_cell && inside(input_cell, [wanted.input_size, wanted.input_size]),
    };
  }

  // ---------------------------------------------------------------------------- the picture

  function repaint() {
    const traits = state.read();
    const why = problem(traits);
    if (why) { // only a host without Python's checks can get here
      showStatus({ sentence: "These settings are not possible.", why });
      return;
    }
    const settings = Object.fromEntries(LAYER.map((name) => [name, traits[name]]));
    if (!picture || JSON.stringify(settings) !== JSON.stringify(layer)) {
      layer = settings;
      picture = describe(layer);
      setText(code, conv2dCode(layer));
      showSizes();
    }
    const { output_cell, input_cell } = fit(layer);
    const paths = input_cell ? fedBy(layer, ...input_cell) : null;
    showControls(traits.speed);
    showStatus(refusal);
    showInput(output_cell, input_cell);
    showKernel(paths);
    showOutput(output_cell, paths);

    const read = input_cell ? pathsFrom(layer, input_cell) : dotProduct(layer, output_cell);
    reading.replaceChildren(read.element);
    if (!player.isPlaying()) setText(spoken, read.sentence); // a voice cannot keep up with a film
  }

  function showControls(speed) {
    if (layer.padding !== "same") lastNumber = layer.padding;
    SLIDERS.forEach((control, index) => {
      const value = control.get(layer);
      const isLegal = (value) => problem(control.at(layer, value)) === null;
      if (value === "same") sliders[index].show(lastNumber, isLegal, "'same'");
      else sliders[index].show(value, isLegal);
    });
    setAttribute(same, "aria-pressed", String(layer.padding === "same"));
    mode.show(layer.padding_mode);
    bias.show(layer.bias);
    player.show(speed);
  }

  function showStatus(refused) {
    setAttribute(status, "data-refused", Boolean(refused));
    if (!refused) return setText(status, HINT);
    const { sentence, why } = refused;
    status.replaceChildren(sentence, el("code", "", {}, `${why.type}: ${why.message}`));
  }

  function showSizes() {
    const { axes, unvisited } = picture;
    const { input_size: n, kernel_size, dilation } = layer;
    const times = (sizes) => sizes.join(" × ");
    const padded = axes.map(paddedSize);
    const outputs = axes.map(outputSize);
    const reach = times(axes.map((axis) => effectiveKernelSize(axis.kernel, dilation)));
    const list = (...parts) => parts.filter(Boolean).join(", ");
    setText(input.size, list(
      times([n, n]),
      times(padded) !== times([n, n]) && `padded to ${times(padded)}`,
      unvisited.flat().length > 0 && "hatched: never read",
    ));
    setText(kernel.size, list(
      times(kernel_size),
      reach !== times(kernel_size) && `spread over ${reach}`,
      layer.bias && `bias ${BIAS}`,
    ));
    setText(output.size, times(outputs));

    // The stylesheet chooses a cell size with which the grids fit side by side.
    root.style.setProperty("--input-columns", padded[1]);
    root.style.setProperty("--all-columns", padded[1] + kernel_size[1] + outputs[1]);

    const square = kernel_size[0] === kernel_size[1];
    formulas.replaceChildren(
      sizeFormula(axes[0], "H"), ...(square ? [] : [sizeFormula(axes[1], "W")]));
    setText(notes, sizeNotes(layer));
  }

  /** The padded input: under the window of the picked output, or with one input cell picked. */
  function showInput(output_cell, input_cell) {
    const { axes, cells, unread, unvisited } = picture;
    const [top, left] = axes.map((axis) => axis.before);
    const n = layer.input_size;
    const taps = input_cell ? [] : tapsOf(layer, ...output_cell);
    const tapAt = byCell(taps, (tap) => tap.position);
    const copied = byCell(taps.filter((tap) => tap.source), (tap) => tap.source);

    input.grid.resize(...axes.map(paddedSize), { top, left, rows: n, columns: n });
    cells.forEach((line, y) => line.forEach(({ source, value }, x) => {
      const here = [y - top, x - left];
      const inside = here.every((index) => index >= 0 && index < n);
      const never = inside
        ? here.some((index, axis) => unread[axis].includes(index))
        : [y, x].some((position, axis) => unvisited[axis].includes(position));
      const tap = tapAt.get(key([y, x]))?.[0];
      const chosen = input_cell && source && key(source) === key(input_cell);
      const what = inside ? `row ${here[0]}, column ${here[1]}: ${value}`
        : source ? `padding, a copy of row ${source[0]}, column ${source[1]}: ${value}`
        : "padding: 0";
      input.grid.paint(y, x, {
        text: String(value),
        spoken: what + (tap ? `, times ${speak(tap.weight)}` : "") + (never ? ", never read" : ""),
        corner: tap ? `×${sign(tap.weight)}` : "",
        marks: [
          inside ? "core" : source ? "copy" : "zero",
          never && "unread",
          tap && "tap",
          inside && !tap && copied.has(key(here)) && "source",
          chosen && (inside ? "picked" : "echo"),
        ],
      });
    }));

    if (input_cell) {
      input.grid.outline(null);
      input.grid.activate(input_cell[0] + top, input_cell[1] + left);
    } else {
      const [row, column] = output_cell.map((at) => at * layer.stride);
      const [rows, columns] = axes.map((axis) => effectiveKernelSize(axis.kernel, axis.dilation));
      input.grid.outline({ row, column, rows, columns });
    }
  }

  /** The kernel; with an input cell picked, the weights it never meets step back. */
  function showKernel(paths) {
    const met = paths && byCell(paths, (path) => path.weightCell);
    kernel.grid.resize(...layer.kernel_size);
    for (const i of range(layer.kernel_size[0])) {
      for (const j of range(layer.kernel_size[1])) {
        const weight = weightValue(i, j);
        kernel.grid.paint(i, j, {
          text: sign(weight),
          spoken: `row ${i}, column ${j}: ${speak(weight)}`,
          marks: [met && !met.has(key([i, j])) && "idle"],
        });
      }
    }
  }

  /** The output; with an input cell picked, the outputs it does not feed step back. */
  function showOutput(output_cell, paths) {
    const fed = paths && byCell(paths, (path) => path.output);
    const { values } = picture;
    output.grid.resize(values.length, values[0].length);
    values.forEach((line, row) => line.forEach((value, column) => {
      const through = fed?.get(key([row, column]))?.map((path) => path.weight);
      const named = `row ${row}, column ${column}: ${speak(value)}`;
      output.grid.paint(row, column, {
        text: sign(value),
        spoken: through ? `${named}, fed through ${through.map(speak).join(" and ")}` : named,
        corner: !through ? "" : through.length > 1 ? `${through.length}×` : `×${sign(through[0])}`,
        marks: [
          fed && (through ? "fed" : "idle"),
          !fed && key([row, column]) === key(output_cell) && "picked",
        ],
      });
    }));
    output.grid.activate(...output_cell);
  }

  // ---------------------------------------------------------------------------- start and end

  function cleanup() {
    scope.abort();
    root.remove();
  }

  repaint();
  host.append(root);
  hostSignal?.addEventListener("abort", cleanup, { once: true, signal });
  return cleanup;
}

/** All that can be said of a layer before a cell is picked. */
function describe(layer) {
  const axes = axesOf(layer);
  return {
    axes,
    cells: paddedInput(layer),
    values: convolve(layer),
    unread: axes.map((axis) => unreadIndices(axis, layer.padding_mode)), // input cells
    unvisited: axes.map(unreadPositions), // places on the padded input
  };
}

export default { render };
