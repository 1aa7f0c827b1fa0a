/**
 * LayerExplorer: one editable `nn.Conv2d`, with its input, kernel, output and arithmetic.
 *
 * The flow is one way. A control or a pick writes traits; whoever changes a trait, this view or
 * Python, the whole picture is painted again from the traits alone.
 */
import {
  axesOf,
  BIAS,
  convolve,
  effectiveKernelSize,
  fedBy,
  outputSize,
  PADDING_MODES,
  paddedInput,
  paddedSize,
  problem,
  tapsOf,
  unreadIndices,
  unreadPositions,
  weightValue,
} from "./math/arithmetic.js";
import { byCell, key, range } from "./math/lists.js";
import { sign, speak } from "./math/text.js";
import { conv2dCode } from "./math/torch_code.js";
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

const CONTROLS = [
  plain("input_size", 1, 8),
  kernelSide(0, "kernel height"),
  kernelSide(1, "kernel width"),
  plain("stride", 1, 4),
  plain("padding", 0, 3),
  plain("dilation", 1, 3),
  { ...plain("padding_mode"), create: createChoice, options: PADDING_MODES },
  { ...plain("bias"), create: createCheck },
];

const MOST_SPAN = 13; // cells of the padded input along an axis: what the picture has room for

/** Why the picture cannot show this layer, or null. */
function forbids(layer) {
  const why = problem(layer);
  if (why) return why;
  const span = Math.max(...axesOf(layer).map(paddedSize));
  return span > MOST_SPAN
    ? {
        rule: `the padded input would span ${span} cells, but the picture has room for ${MOST_SPAN}`,
      }
    : null;
}

/** The columns of the padded input and the output. */
function columnsOf(layer) {
  const [, axis] = axesOf(layer);
  return paddedSize(axis) + outputSize(axis);
}

function kernelSide(side, name) {
  const at = (layer, value) => ({ ...layer, kernel_size: layer.kernel_size.with(side, value) });
  const get = (layer) => layer.kernel_size[side];
  return { name, min: 1, max: 5, create: createSlider, get, at };
}

const HINT =
  "Pick an output cell to see the window it reads. Pick an input cell to see every output it feeds.";

function draw(model, signal) {
  let layer = START; // the settings in the picture: the last valid ones
  let picture = null; // what follows from the layer alone; see `describe`

  // ---------------------------------------------------------------------------- the parts

  const code = createCodeLine(signal);
  const controls = createLayerControls({
    controls: CONTROLS,
    same: true,
    hint: HINT,
    signal,
    onAsk: () => player.stop(),
    onLayer: (wanted) => write(fit(wanted)),
    forbids,
  });
  controls.show(START);

  const input = createPanel({ kind: "input", title: "Input", onPick: pickInput, signal });
  const kernel = createPanel({ kind: "kernel", title: "Kernel", signal });
  const output = createPanel({ kind: "output", title: "Output", onPick: pickOutput, signal });
  const player = createPlayer({
    step,
    onStop: repaint,
    onSpeed: (speed) => write({ speed }),
    signal,
  });

  const reading = el("div", "cv-scroll");
  const formulas = ["H", "W"].map(createFormula);
  const notes = el("p", "cv-notes");
  const spoken = createVoice();

  const stage = createStage(
    input.element,
    el("div", "cv-step", {}, createOperator("∗"), kernel.element),
    el("div", "cv-step", {}, createOperator("="), output.element),
  );
  const root = createRoot(
    "cv-layer",
    "Layer explorer",
    signal,
    code.element,
    controls.element,
    controls.status,
    stage.element,
    player.element,
    el(
      "div",
      "cv-readings",
      {},
      reading,
      el(
        "div",
        "",
        {},
        el("div", "cv-scroll", {}, ...formulas.map((formula) => formula.element)),
        notes,
      ),
    ),
    spoken,
  );

  // ---------------------------------------------------------------------------- the actions

  const { read, write } = bind(model, TRAITS, repaint, signal);

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

  /** Pick the next output in reading order; after the last one comes the first. */
  function step(by) {
    const [height, width] = axesOf(layer).map(outputSize);
    const { output_cell, input_cell } = fit(layer);
    const now = output_cell[0] * width + output_cell[1];
    const next = input_cell ? now : (now + by + height * width) % (height * width);
    write({ output_cell: [Math.floor(next / width), next % width], input_cell: null });
  }

  /** A layer's traits, with the picked cells brought inside it. */
  function fit(wanted) {
    const inside = (cell, shape) => cell.map((at, axis) => Math.min(at, shape[axis] - 1));
    const { output_cell, input_cell } = read();
    return {
      ...wanted,
      output_cell: inside(output_cell, axesOf(wanted).map(outputSize)),
      input_cell: input_cell && inside(input_cell, [wanted.input_size, wanted.input_size]),
    };
  }

  // ---------------------------------------------------------------------------- the picture

  function repaint() {
    const traits = read();
    const why = forbids(traits);
    if (why) return controls.reject(why); // only a host without Python's checks can get here
    const settings = Object.fromEntries(LAYER.map((name) => [name, traits[name]]));
    if (!picture || JSON.stringify(settings) !== JSON.stringify(layer)) {
      layer = settings;
      picture = describe(layer);
      code.show(conv2dCode(layer));
      showSizes();
      showWeights();
    }
    const { output_cell, input_cell } = fit(layer);
    const paths = input_cell ? fedBy(layer, ...input_cell) : null;
    controls.show(layer);
    player.show(traits.speed);
    showInput(output_cell, input_cell);
    showKernel(paths);
    showOutput(output_cell, paths);

    const said = input_cell ? pathsFrom(layer, input_cell) : dotProduct(layer, output_cell);
    reading.replaceChildren(said.element);
    if (!player.isPlaying()) setText(spoken, said.sentence); // a voice cannot keep up with a film
  }

  function showSizes() {
    const { axes, unvisited } = picture;
    const { input_size: n, kernel_size, dilation } = layer;
    const times = (sizes) => sizes.join(" × ");
    const padded = axes.map(paddedSize);
    const outputs = axes.map(outputSize);
    const reach = times(axes.map((axis) => effectiveKernelSize(axis.kernel, dilation)));
    const list = (...parts) => parts.filter(Boolean).join(", ");
    setText(
      input.size,
      list(
        times([n, n]),
        times(padded) !== times([n, n]) && `padded to ${times(padded)}`,
        unvisited.flat().length > 0 && "hatched: never read",
      ),
    );
    setText(
      kernel.size,
      list(
        times(kernel_size),
        reach !== times(kernel_size) && `spread over ${reach}`,
        layer.bias && `bias\xa0${BIAS}`,
      ),
    );
    setText(output.size, times(outputs));

    // 'same' puts cells around those that are there, and does not make them smaller.
    const same = { ...layer, padding: "same" };
    const columns = Math.max(...[layer, same].filter((each) => !forbids(each)).map(columnsOf));
    stage.fit(kernel_size[1] + columns, padded[1]);

    formulas[0].show(axes[0]);
    formulas[1].show(kernel_size[0] === kernel_size[1] ? null : axes[1]);
    setText(notes, sizeNotes(layer));
  }

  /** The weights ride in the frame, so that they glide with it over the input. */
  function showWeights() {
    const {
      kernel_size: [height, width],
      dilation,
    } = layer;
    input.grid.engrave(
      range(height).flatMap((i) =>
        range(width).map((j) => ({
          row: i * dilation,
          column: j * dilation,
          text: `×${sign(weightValue(i, j))}`,
        })),
      ),
    );
  }

  /** The padded input: under the window of the picked output, or with one input cell picked. */
  function showInput(output_cell, input_cell) {
    const { axes, cells, unread, unvisited } = picture;
    const [top, left] = axes.map((axis) => axis.before);
    const n = layer.input_size;
    const taps = input_cell ? [] : tapsOf(layer, ...output_cell);
    const tapAt = byCell(taps, (tap) => tap.position);
    const copied = byCell(
      taps.filter((tap) => tap.source),
      (tap) => tap.source,
    );

    input.grid.resize(...axes.map(paddedSize), { top, left, rows: n, columns: n });
    cells.forEach((line, y) =>
      line.forEach(({ source, value }, x) => {
        const here = [y - top, x - left];
        const inside = here.every((index) => index >= 0 && index < n);
        const never = inside
          ? here.some((index, axis) => unread[axis].includes(index))
          : [y, x].some((position, axis) => unvisited[axis].includes(position));
        const tap = tapAt.get(key([y, x]))?.[0];
        const chosen = input_cell && source && key(source) === key(input_cell);
        const what = inside
          ? `row ${here[0]}, column ${here[1]}: ${value}`
          : source
            ? `padding, a copy of row ${source[0]}, column ${source[1]}: ${value}`
            : "padding: 0";
        input.grid.paint(y, x, {
          text: String(value),
          spoken:
            what + (tap ? `, times ${speak(tap.weight)}` : "") + (never ? ", never read" : ""),
          marks: [
            inside ? "core" : source ? "copy" : "zero",
            never && "unread",
            tap && "tap",
            inside && !tap && copied.has(key(here)) && "source",
            chosen && (inside ? "picked" : "echo"),
          ],
        });
      }),
    );

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
    values.forEach((line, row) =>
      line.forEach((value, column) => {
        const through = fed?.get(key([row, column]))?.map((path) => path.weight);
        const named = `row ${row}, column ${column}: ${speak(value)}`;
        output.grid.paint(row, column, {
          text: sign(value),
          spoken: through ? `${named}, fed through ${through.map(speak).join(" and ")}` : named,
          corner: !through
            ? ""
            : through.length > 1
              ? `${through.length}×`
              : `×${sign(through[0])}`,
          marks: [
            fed && (through ? "fed" : "idle"),
            !fed && key([row, column]) === key(output_cell) && "picked",
          ],
        });
      }),
    );
    output.grid.activate(...output_cell);
  }

  repaint();
  return root;
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

export default widget(draw);
