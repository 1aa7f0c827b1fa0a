/** DilationExplorer: one kernel whose taps spread over its input, and the window they move in. */
import { effectiveKernelSize, tapsOf } from "./math/arithmetic.js";
import { key, range } from "./math/lists.js";
import { forbids, layerOf, readPlaces } from "./math/spread.js";
import { listed, square } from "./math/text.js";
import { layerCode } from "./math/torch_code.js";
import { english, phrase, t } from "./math/words.js";
import { createCodeLines, createPlayer } from "./parts/controls.js";
import { createRoot, createVoice, el, isNews, setText } from "./parts/dom.js";
import { createOperator, createPanel, createStage } from "./parts/grid.js";
import { createSliders, ofNumber } from "./parts/sliders.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["kernel_size", "dilation", "output_cell", "speed"];
const HINT = english("Step or play: the window moves by one pixel, and so does every tap.");

function draw(model, signal) {
  const constants = model.get("constants");
  const { steps, limits } = constants;
  const { read, write } = bind(model, TRAITS, repaint, signal);
  const picture = createPicture(steps, pick, signal);
  const player = createPlayer({
    step,
    onStop: repaint,
    onSpeed: (speed) => write({ speed }),
    signal,
  });
  const sliders = createSliders({
    controls: ["kernel_size", "dilation"].map((name) => ofNumber(name, limits[name])),
    hint: t(HINT),
    forbids: (settings) => forbids(settings, constants),
    read,
    write: change,
    signal,
  });
  const says = el("div", "cv-says");
  const code = createCodeLines(signal);
  const spoken = createVoice();

  function pick(row, column) {
    change({ output_cell: [row, column] });
  }

  function change(settings, refused) {
    player.stop();
    write(settings, refused);
  }

  /** Pick the next output in reading order; after the last one comes the first. */
  function step(by) {
    const [row, column] = read().output_cell;
    const next = (row * steps + column + by + steps ** 2) % steps ** 2;
    write({ output_cell: [Math.floor(next / steps), next % steps] });
  }

  /** `refused`: why the last control stopped. */
  function repaint(refused) {
    const now = read();
    const layer = layerOf(now, steps);
    sliders.show(now, refused);
    player.show(now.speed);
    picture.show(now, layer);
    code.show(layerCode(layer));
    if (isNews(says, now.kernel_size, now.dilation)) says.replaceChildren(...wordsOf(now));
    // A voice cannot keep up with a film.
    if (!player.isPlaying()) setText(spoken, sentenceOf(now, layer));
  }

  const heading = el("p", "cv-heading", {}, t("One kernel, spread out"));
  const touched = [player.element, sliders.element, sliders.status];
  const hold = el("div", "cv-hold", {}, picture.element, ...touched);
  const parts = [heading, hold, says, code.element, spoken];
  const root = createRoot("cv-dilation", t("Dilation explorer"), signal, ...parts);
  repaint();
  return root;
}

/** The kernel, its taps on the input, and the output. */
function createPicture(steps, onPick, signal) {
  const kernel = createPanel({ kind: "kernel", title: t("Kernel"), signal });
  const input = createPanel({ kind: "input", title: t("Input"), signal });
  const output = createPanel({ kind: "output", title: t("Output"), signal, onPick });
  const stage = createStage(
    kernel.element,
    el("div", "cv-step", {}, createOperator("→"), input.element),
    el("div", "cv-step", {}, createOperator("→"), output.element),
  );

  function show({ kernel_size: k, dilation, output_cell }, layer) {
    const n = layer.input_size;
    const reach = effectiveKernelSize(k, dilation);
    const taps = tapsOf(layer, ...output_cell);
    showKernel(kernel.grid, k, taps);
    showInput(input.grid, layer, taps, output_cell);
    showOutput(output.grid, steps, output_cell);
    setText(kernel.size, square(k));
    setText(input.size, t("{size}, window {window}", { size: square(n), window: square(reach) }));
    setText(output.size, square(steps));
    stage.fit(n + k + steps, n);
  }

  return { element: stage.element, show };
}

function showKernel(grid, size, taps) {
  grid.resize(size, size);
  taps.forEach(({ weightCell }, index) => {
    const tap = index + 1;
    grid.paint(...weightCell, { text: String(tap), spoken: t("tap {tap}", { tap }), marks: [] });
  });
}

function showInput(grid, { input_size: n, dilation, kernel_size: [k] }, taps, [row, column]) {
  const tapAt = new Map(taps.map(({ position }, index) => [key(position), index + 1]));
  grid.resize(n, n);
  for (const y of range(n)) {
    for (const x of range(n)) {
      const tap = tapAt.get(key([y, x]));
      const spoken = tap ? t("read by tap {tap}", { tap }) : t("not read");
      grid.paint(y, x, { text: "", spoken, marks: ["core"] });
    }
  }
  const reach = effectiveKernelSize(k, dilation);
  grid.outline({ row, column, rows: reach, columns: reach });
  // The taps glide to their new places, so that one sees the same weights move apart.
  const engraved = taps.map(({ weightCell: [i, j] }, index) => ({
    row: i * dilation,
    column: j * dilation,
    text: String(index + 1),
  }));
  grid.engrave(engraved);
}

function showOutput(grid, steps, [row, column]) {
  grid.resize(steps, steps);
  for (const y of range(steps)) {
    for (const x of range(steps)) {
      const isPicked = y === row && x === column;
      const spoken = t("window from row {row}, column {column} on", { row: y, column: x });
      grid.paint(y, x, { text: "", spoken, marks: [isPicked && "picked"] });
    }
  }
  grid.activate(row, column);
}

/** How far the kernel reaches, and how much of that it reads. */
function wordsOf({ kernel_size: k, dilation: d }) {
  const reach = effectiveKernelSize(k, d);
  const share = Math.round((100 * k * k) / reach ** 2);
  const equation = phrase("{name} = dilation · (kernel_size − 1) + 1 = {numbers} = {reach}", {
    name: el("strong", "", {}, t("effective size")),
    numbers: `${d} · (${k} − 1) + 1`,
    reach: el("strong", "cv-output-ink", {}, String(reach)),
  });
  const facts = { window: square(reach), all: reach ** 2, read: k * k, share };
  const sentence = t(
    "The window spans {window} = {all} pixels and reads {read} of them ({share} %).",
    facts,
  );
  return [el("p", "", {}, ...equation), el("p", "", {}, sentence)];
}

/** What the picked output reads. */
function sentenceOf({ kernel_size: k, dilation, output_cell: [row, column] }, layer) {
  const [rows, columns] = readPlaces(layer, [row, column]).map(listed);
  const all = effectiveKernelSize(k, dilation) ** 2;
  return t(
    "Output row {row}, column {column} reads rows {rows} and columns {columns}: " +
      "{read} of the {all} pixels under the window.",
    { row, column, rows, columns, read: k * k, all },
  );
}

export default widget(draw);
