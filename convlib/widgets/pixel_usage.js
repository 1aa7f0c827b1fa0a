/**
 * PixelUsage: how often a layer reads each pixel of its input, and by which paths; and the same
 * paths read backwards, as the gradient of the input, which is a transposed convolution.
 */
import {
  effectiveKernelSize,
  outputSize,
  paddedSize,
  problem,
  weightValue,
} from "./math/arithmetic.js";
import { byCell, key, range } from "./math/lists.js";
import { clauses, sign, speak, square } from "./math/text.js";
import { describe, layerOf, tally, weightName } from "./math/usage.js";
import { gradientOf, linesOf, nameOf, notesOf, sentenceOf, times } from "./math/usage_story.js";
import { english, phrase, plural, t } from "./math/words.js";
import { createChoices, createCodeLine } from "./parts/controls.js";
import { createRoot, createVoice, el, inked, setText } from "./parts/dom.js";
import { createOperator, createPanel, createStage } from "./parts/grid.js";
import { createLayerControls, plain, squareKernel } from "./parts/layer_controls.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const LAYER = ["input_size", "kernel_size", "stride", "padding", "dilation"];
const TRAITS = [...LAYER, "cell", "view"];

const VIEWS = [
  [english("use counts"), "usage"],
  [english("gradient"), "gradient"],
];
const EXAMPLES = [
  [
    english("edges"),
    { input_size: 8, kernel_size: 3, stride: 1, padding: 1, dilation: 1, cell: [0, 0] },
  ],
  [
    english("no edges"),
    { input_size: 8, kernel_size: 3, stride: 1, padding: 2, dilation: 1, cell: [0, 0] },
  ],
  [
    english("floor"),
    { input_size: 8, kernel_size: 3, stride: 2, padding: 0, dilation: 1, cell: [4, 4] },
  ],
  [
    english("holes"),
    { input_size: 8, kernel_size: 1, stride: 2, padding: 0, dilation: 1, cell: [2, 2] },
  ],
  [
    english("gridding"),
    { input_size: 7, kernel_size: 3, stride: 2, padding: 0, dilation: 2, cell: [2, 2] },
  ],
];
const HINT = english(
  "Pick a pixel of the input to see every output it feeds, and through which weight.",
);
const named = (choices) => choices.map(([name, value]) => [t(name), value]);

function draw(model, signal) {
  const state = bind(model, TRAITS, repaint, signal);
  const code = createCodeLine(signal);
  const controls = createLayerControls({
    controls: controlsOf(model.get("constants")),
    hint: t(HINT),
    signal,
    onLayer: (layer) => write({ ...layer, kernel_size: layer.kernel_size[0] }),
  });
  const bar = createBar(write, signal);
  const panels = createPanels((row, column) => write({ cell: [row, column] }), signal);
  const legend = el("ul", "cv-legend", { "aria-label": t("How many pixels are read how often") });
  const reading = el("div", "cv-scroll");
  const notes = el("div", "");
  const spoken = createVoice();

  function write(values) {
    const { cell, input_size } = { ...state.read(), ...values };
    state.write({ ...values, cell: cell.map((at) => Math.min(at, input_size - 1)) });
  }

  function repaint() {
    const traits = state.read();
    const why = problem(layerOf(traits));
    if (why) return controls.reject(why);
    const picture = describe(traits);
    code.show(picture.code);
    controls.show(picture.layer);
    bar.show(traits.view);
    panels.show(picture);
    showLegend(legend, picture);
    showReading(reading, picture);
    setText(spoken, sentenceOf(picture));
    notes.replaceChildren(...notesOf(picture).map((sentence) => el("p", "", {}, sentence)));
  }

  const readings = el("div", "cv-readings", {}, reading, notes);
  const touched = [bar.element, controls.element, controls.status];
  const hold = el("div", "cv-hold", {}, panels.element, legend, ...touched);
  const parts = [code.element, hold, readings, spoken];
  const root = createRoot("cv-usage", t("Pixel usage"), signal, ...parts);
  repaint();
  return root;
}

// ---------------------------------------------------------------------------------- the parts

function controlsOf({ limits }) {
  const steps = ["stride", "padding", "dilation"].map((name) => plain(name, ...limits[name]));
  return [plain("input_size", ...limits.input_size), squareKernel(...limits.kernel_size), ...steps];
}

/** The two views, and examples to load. */
function createBar(write, signal) {
  const views = createChoices({
    name: t("View"),
    title: t("Show"),
    choices: named(VIEWS),
    onPick: (view) => write({ view }),
    signal,
  });
  const examples = createChoices({
    name: t("Examples"),
    title: t("Try"),
    choices: named(EXAMPLES),
    onPick: write,
    signal,
  });
  return {
    element: el("div", "cv-bar", {}, views.element, examples.element),
    show: (view) => views.show((each) => each === view),
  };
}

function createPanels(onPick, signal) {
  const input = createPanel({ kind: "input", title: t("input"), onPick, signal });
  const kernel = createPanel({ kind: "kernel", title: t("Kernel"), signal });
  const output = createPanel({ kind: "output", title: t("output"), signal });
  const arrows = range(2).map(() => createOperator(""));
  const stage = createStage(
    input.element,
    el("div", "cv-step", {}, arrows[0], kernel.element),
    el("div", "cv-step", {}, arrows[1], output.element),
  );
  const panels = { input, kernel, output, stage };
  return {
    element: stage.element,
    show(picture) {
      for (const arrow of arrows) setText(arrow, picture.backwards ? "←" : "→");
      showTitles(panels, picture);
      showInput(input, picture);
      showKernel(kernel, picture);
      showOutput(output, picture);
    },
  };
}

// ---------------------------------------------------------------------------------- the picture

function showTitles({ input, kernel, output, stage }, { layer, axes: [axis], backwards }) {
  const [n, k] = [layer.input_size, axis.kernel];
  const [padded, out] = [paddedSize(axis), outputSize(axis)];
  const span = effectiveKernelSize(k, layer.dilation);
  const isPadded = padded > n && t("padded to {size}", { size: square(padded) });
  const isSpread = span > k && t("spread over {size}", { size: square(span) });
  setText(input.name, backwards ? t("Gradient of the input") : t("Input: times read"));
  setText(input.size, clauses([square(n), isPadded]));
  setText(kernel.size, clauses([square(k), isSpread]));
  setText(output.name, backwards ? t("Gradient of the output") : t("Output: who reads it"));
  setText(output.size, backwards ? t("{size} ones", { size: square(out) }) : square(out));
  // The kernel's cells have their own size, and its title needs room.
  stage.fit(padded + Math.max(1.2 * k, 3.5) + out, padded);
}

function showInput({ grid }, { layer, cell, backwards, numbers, unread }) {
  const { input_size: n, padding } = layer;
  const most = Math.max(...numbers.flat().map(Math.abs));
  grid.element.style.setProperty("padding", `calc(${padding} * var(--cell))`);
  grid.resize(n, n);
  numbers.forEach((line, row) => {
    for (const [column, number] of line.entries()) {
      const reasons = [unread[row], unread[column]];
      const never = reasons.includes("floor") ? "floor" : (reasons[0] ?? reasons[1]);
      const facts = { row, column, gradient: speak(number), times: times(number) };
      const said = backwards
        ? t("row {row}, column {column}: gradient {gradient}", facts)
        : t("row {row}, column {column}: read {times}", facts);
      const isPicked = key([row, column]) === key(cell);
      const heat = never ? "unread" : "heat";
      grid.paint(row, column, {
        text: sign(number),
        spoken: never ? t("row {row}, column {column}: never read", facts) : said,
        level: most && Math.abs(number) / most,
        marks: ["core", heat, never, number < 0 && "negative", isPicked && "picked"],
      });
    }
  });
  grid.activate(...cell);
}

function showKernel({ grid }, { layer, backwards, paths }) {
  const [height, width] = layer.kernel_size;
  const used = byCell(paths, (path) => path.weightCell);
  grid.resize(height, width);
  for (const i of range(height)) {
    for (const j of range(width)) {
      const name = weightName([i, j], width);
      const weight = weightValue(i, j);
      grid.paint(i, j, {
        text: name,
        corner: backwards ? sign(weight) : "",
        spoken: backwards
          ? t("weight {name} = {value}", { name, value: speak(weight) })
          : t("weight {name}", { name }),
        marks: [used.has(key([i, j])) ? "used" : "idle"],
      });
    }
  }
}

function showOutput({ grid }, picture) {
  const through = byCell(picture.paths, (path) => path.output);
  const size = outputSize(picture.axes[0]);
  grid.resize(size, size);
  for (const row of range(size)) {
    for (const column of range(size)) {
      const path = through.get(key([row, column]))?.[0];
      const name = path ? nameOf(picture, path) : "";
      grid.paint(row, column, {
        text: name,
        spoken: path
          ? t("row {row}, column {column}: through weight {name}", { row, column, name })
          : t("row {row}, column {column}: not fed", { row, column }),
        marks: [path ? "fed" : "idle"],
      });
    }
  }
}

/** Every count that occurs, with the number of pixels; and the two kinds of never. */
function showLegend(legend, picture) {
  const { most, read, floor, gap } = tally(picture);
  const entry = (marks, level, text, label) => {
    const style = level ? `--level: ${level}%` : false;
    const swatch = el("span", "cv-cell", { "data-marks": marks, style }, text);
    return el("li", "", {}, swatch, label);
  };
  const counts = picture.backwards ? [] : read;
  const entries = counts.map(([count, here]) => {
    const pixels = plural("{count} pixel", "{count} pixels", here);
    return entry("heat", (100 * count) / most, String(count), pixels);
  });
  if (floor) {
    const past = plural(
      "{count} pixel, past the last window",
      "{count} pixels, past the last window",
      floor,
    );
    entries.push(entry("unread floor", 0, "0", past));
  }
  if (gap) {
    const within = plural("{count} pixel, in a gap", "{count} pixels, in a gap", gap);
    entries.push(entry("unread gap", 0, "0", within));
  }
  legend.replaceChildren(...entries);
  legend.hidden = entries.length === 0;
}

/** The picked pixel: its number, how it comes about, and the outputs it feeds. */
function showReading(reading, picture) {
  const { cell, backwards, paths } = picture;
  const place = `[${cell.join(", ")}]`;
  const title = backwards
    ? [inked("input", `gradient${place}`), ` = ${sign(gradientOf(picture))}`]
    : phrase("{cell} is read {times}", {
        cell: inked("input", `input${place}`),
        times: times(paths.length),
      });
  const lines = linesOf(picture).map(({ text, ink }) =>
    el("div", "", {}, ink ? inked(ink, text) : text),
  );
  reading.replaceChildren(el("div", "cv-title", {}, ...title), ...lines);
  if (backwards || paths.length === 0) return;
  const items = paths.map((path) => {
    const parts = phrase("{output} through {weight} {place}", {
      output: inked("output", `output[${path.output.join(", ")}]`),
      weight: inked("kernel", nameOf(picture, path)),
      place: el("span", "cv-quiet", {}, `= weight[${path.weightCell.join(", ")}]`),
    });
    return el("li", "", {}, ...parts);
  });
  const names = { tabindex: 0, "aria-label": t("Outputs fed") };
  reading.append(el("ul", "cv-paths", names, ...items));
}

export default widget(draw);
