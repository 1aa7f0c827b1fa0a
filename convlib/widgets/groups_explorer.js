/**
 * GroupsExplorer: the channels of an `nn.Conv2d` as nodes, its weight as the wires between them.
 *
 * A control or a pick writes traits, and every change of a trait repaints all from the traits.
 */
import { fitPick, litPlaces, story } from "./math/channel_story.js";
import { groupOf, inputsOf, isDepthwise, shuffle, wiring } from "./math/channels.js";
import {
  codeOf,
  costs,
  depthwise,
  labelOf,
  MOVES,
  mostOf,
  placeRows,
  problem,
  shapeOf,
} from "./math/groups.js";
import { range } from "./math/lists.js";
import { sentences, square, withCommas } from "./math/text.js";
import { english, phrase, t } from "./math/words.js";
import { createColumn } from "./parts/channel_column.js";
import { createButton, createChoice, createCodeLine, createSlider } from "./parts/controls.js";
import { createRoot, createVoice, el, setAttribute, setText, svg } from "./parts/dom.js";
import { createGrid, createStage } from "./parts/grid.js";
import { refusedSettings, refusedValue, showStatus, walk } from "./parts/refusal.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = [
  "in_channels",
  "out_channels",
  "groups",
  "kernel_size",
  "input_size",
  "stack",
  "picked",
];
const STACKS = {
  single: english("one layer"),
  stacked: english("two layers"),
  shuffled: english("two, shuffled"),
};
const COLUMNS = { input: english("input"), hidden: english("hidden"), output: english("output") };
const WIRES = 9; // as wide as so many cells are those of one layer, and of a stack
const STACK_WIRES = 14;
const HINT = english("Pick a channel or a weight: whatever is wired to it lights up.");

function draw(model, signal) {
  const { room } = model.get("constants");
  const forbids = (wanted) => problem(wanted, room);
  let layer = null;

  const { read, write } = bind(model, TRAITS, repaint, signal);
  const code = createCodeLine(signal);
  const controls = createControls(
    { room, forbids, onMove: move, onDepthwise: () => write(depthwise(layer, room)), write },
    signal,
  );
  const status = el("p", "cv-status", { "data-operated": true, role: "status" });
  const pick = (...picked) => write({ picked });
  const wires = createWiring(pick, signal);
  const weight = createWeight(pick, signal);
  const reading = el("div", "cv-story");
  const table = el("table", "cv-costs");
  const spoken = createVoice();

  /** Go to the value; if it is not legal, to the next legal one that lies that way. */
  function move(name, target) {
    const now = MOVES[name].get(layer);
    const at = (value) => MOVES[name].at(layer, value);
    const way = { now, target, min: 1, max: mostOf(name, room), at, forbids, past: true };
    const { value, why } = walk(way);
    if (!why) return write(at(value));
    const next = value === now ? null : value;
    write(next === null ? {} : at(next), refusedValue(labelOf(name), target, why, next));
  }

  function repaint(refused) {
    const { stack, picked, ...settings } = read();
    const isStack = stack in STACKS;
    const why = isStack ? forbids(settings) : { rule: t("there is no stack '{stack}'", { stack }) };
    if (why) {
      // only a host without Python's checks can get here
      return showStatus(status, t(HINT), refusedSettings(why));
    }
    layer = settings;
    const picture = describe(layer, stack, picked);
    code.show(codeOf(layer, stack));
    controls.show(layer, stack);
    showStatus(status, t(HINT), refused);
    wires.show(picture);
    weight.show(picture);
    fitStage(stage, picture);
    const said = story(layer, stack, picture.chosen, picture.graph);
    reading.replaceChildren(...said.map((sentence) => el("p", "", {}, sentence)));
    setText(spoken, sentences([...said, ...showCosts(table, layer, stack)]));
  }

  const stage = createStage(wires.element, weight.element);
  const numbers = el("div", "cv-scroll", {}, table);
  const readings = el("div", "cv-readings", {}, reading, numbers);
  const hold = el("div", "cv-hold", {}, stage.element, controls.element, status);
  const parts = [code.element, hold, readings, spoken];
  const root = createRoot("cv-groups", t("Groups explorer"), signal, ...parts);
  repaint();
  return root;
}

/** What the picture shows of a layer, or of a stack of two, with one thing picked. */
function describe(layer, stack, picked) {
  const graph = wiring(layer, stack);
  const chosen = fitPick(picked, layer, stack);
  const lit = litPlaces(graph, layer, chosen);
  const rows = placeRows(graph.counts, layer.groups);
  return { layer, stack, graph, chosen, lit, rows };
}

/** Tell the stylesheet how much room the picture takes, in cells: for the full screen. */
function fitStage(stage, { layer, stack, rows }) {
  const isSingle = stack === "single";
  const [, kernels] = shapeOf(layer);
  setAttribute(stage.element, "data-single", isSingle);
  stage.fit(isSingle ? kernels + WIRES : STACK_WIRES, kernels, rows.height);
}

// ---------------------------------------------------------------------------------- the controls

function createControls({ room, forbids, onMove, onDepthwise, write }, signal) {
  const sliders = createSliders(room, forbids, onMove, signal);
  const oneEach = createButton({ label: t("depthwise"), onClick: onDepthwise, signal });
  sliders.groups.element.append(oneEach);
  const [kernel, size] = ["kernel_size", "input_size"].map((name) =>
    createChoice({
      name,
      options: room[name].map(String),
      onInput: (value) => write({ [name]: Number(value) }),
      signal,
    }),
  );
  const stacks = createStacks(write, signal);
  const elements = [...Object.values(sliders), kernel, size, stacks].map((part) => part.element);
  return {
    element: el("div", "cv-controls", { "data-operated": true }, ...elements),
    show(layer, stack) {
      for (const slider of Object.values(sliders)) slider.show(layer);
      setAttribute(oneEach, "aria-pressed", String(isDepthwise(layer)));
      kernel.show(String(layer.kernel_size));
      size.show(String(layer.input_size));
      stacks.show(stack);
    },
  };
}

/** A slider for each move, by its name. */
function createSliders(room, forbids, onMove, signal) {
  const sliders = Object.entries(MOVES).map(([name, { get, at }]) => {
    const onInput = (value) => onMove(name, value);
    const ends = { min: 1, max: mostOf(name, room) };
    const slider = createSlider({ name: labelOf(name), ...ends, onInput, signal });
    const show = (layer) => {
      const value = get(layer);
      const isLegal = (value) => forbids(at(layer, value)) === null;
      const ratio = `${layer.out_channels} / ${layer.in_channels}`;
      slider.show(Math.floor(value), isLegal, Number.isInteger(value) ? undefined : ratio);
    };
    return [name, { element: slider.element, show }];
  });
  return Object.fromEntries(sliders);
}

/** One layer, two, or two with a shuffle between. */
function createStacks(write, signal) {
  const buttons = Object.entries(STACKS).map(([stack, label]) => {
    const button = createButton({ label: t(label), onClick: () => write({ stack }), signal });
    return [stack, button];
  });
  const names = { role: "group", "aria-label": t("stack") };
  const head = el("div", "cv-head", {}, el("span", "cv-name", {}, t("stack")));
  const segments = el("div", "cv-segments", {}, ...buttons.map(([, button]) => button));
  return {
    element: el("div", "cv-control cv-stacks", names, head, segments),
    show(stack) {
      for (const [name, button] of buttons) {
        setAttribute(button, "aria-pressed", String(name === stack));
      }
    },
  };
}

// ---------------------------------------------------------------------------------- the wires

/** Columns of channels, the wires between them, and light boxes that hold the groups. */
function createWiring(onPick, signal) {
  const columns = range(4).map(() => createColumn({ onPick, signal }));
  const lines = svg("svg", { "aria-hidden": "true", preserveAspectRatio: "none" });
  const bands = el("div", "", { "aria-hidden": "true" });
  const nodes = columns.map((column) => column.element);
  const element = el("div", "cv-wiring", {}, bands, lines, ...nodes);
  return {
    element,
    show(picture) {
      const { graph, rows } = picture;
      bands.replaceChildren(...bandParts(picture));
      element.style.setProperty("--rows", rows.height);
      setAttribute(element, "data-columns", graph.counts.length);
      columns.forEach((column, index) => {
        showColumn(column, index, picture);
      });
      lines.setAttribute("viewBox", `0 0 ${graph.counts.length - 1} ${rows.height}`);
      const paths = graph.wires.flatMap((pairs, column) => wirePaths(picture, pairs, column));
      lines.replaceChildren(...paths);
    },
  };
}

/** The columns [from, to] over which a set of boxes stands; a shuffle stands between two sets. */
const SPANS = {
  single: [[0, 1]],
  stacked: [[0, 2]],
  shuffled: [
    [0, 1],
    [2, 3],
  ],
};

function bandParts({ stack, graph, rows }) {
  const last = graph.counts.length - 1;
  return SPANS[stack].flatMap(([from, to], index) =>
    rows.tops.map((top, group) => {
      const band = el("div", "cv-band", {}, index ? "" : bandName(group));
      place(band, { from: from / last, to: to / last, top, rows: rows.band });
      return band;
    }),
  );
}

/** Its words are elements: where there is little room, the number stands alone. */
function bandName(group) {
  const parts = phrase("group {group}", { group });
  return el(
    "span",
    "cv-band-name",
    {},
    ...parts.map((part) => (part === group ? String(group) : el("span", "", {}, part))),
  );
}

function showColumn(column, index, { layer, stack, graph, chosen, lit, rows }) {
  const last = graph.counts.length - 1;
  column.element.hidden = index > last;
  if (index > last) return;
  const count = graph.counts[index];
  const isShuffled = stack === "shuffled" && index === 2;
  const kind = index === 0 ? "input" : index === last ? "output" : "hidden";
  place(column.element, { from: index / last });
  column.show({
    kind,
    title: isShuffled ? t("shuffled") : t(COLUMNS[kind]),
    channels: isShuffled ? shuffle(count, layer.groups) : range(count),
    groupAt: (at) => groupOf(at, count, layer.groups),
    heights: rows.columns[index],
    lit: lit[index],
    picked: chosen[0] === kind ? chosen[1] : null,
  });
}

/** One path for the wires that are lit and one for the others, between two columns. */
function wirePaths({ layer, graph, chosen, lit, rows }, pairs, column) {
  const isShuffle = graph.wires.length === 3 && column === 1;
  const [kind, output, index] = chosen;
  const only = kind === "weight" ? inputsOf(layer, output)[index] : null; // the one wire picked
  const isLit = ([from, to]) =>
    lit[column].has(from) && lit[column + 1].has(to) && (only === null || from === only);
  const line = ([from, to]) => {
    const [y0, y1] = [rows.columns[column][from], rows.columns[column + 1][to]];
    return `M${column} ${y0}C${column + 0.5} ${y0} ${column + 0.5} ${y1} ${column + 1} ${y1}`;
  };
  const path = (some, mark) => {
    const names = `cv-wire ${isShuffle ? "cv-moved" : ""} ${mark}`;
    return svg("path", { class: names, d: some.map(line).join("") });
  };
  const others = pairs.filter((pair) => !isLit(pair));
  return [path(others, ""), path(pairs.filter(isLit), "cv-lit")];
}

function place(element, values) {
  for (const [name, value] of Object.entries(values)) element.style.setProperty(`--${name}`, value);
}

// ---------------------------------------------------------------------------------- the weight

/** Row o holds the kernels of output o, each named by the input channel that it reads. */
function createWeight(onPick, signal) {
  const grid = createGrid({
    kind: "kernel",
    label: t("Weight: rows are outputs, columns its kernels"),
    signal,
    onPick: (row, column) => onPick("weight", row, column),
  });
  const shape = el("span", "cv-quiet");
  const name = el("strong", "cv-kernel-ink", {}, t("Weight"));
  const caption = el("figcaption", "cv-caption", {}, name, shape);
  const element = el("figure", "cv-panel", {}, caption, el("div", "cv-scroll", {}, grid.element));
  return {
    element,
    show(picture) {
      const { layer, stack, chosen, rows } = picture;
      element.hidden = stack !== "single";
      if (element.hidden) return;
      setText(shape, `(${shapeOf(layer).join(", ")})`);
      showKernels(grid, layer, chosen);
      alignRows(grid.element, rows.columns[1]);
    },
  };
}

function showKernels(grid, layer, [kind, first, second]) {
  const [outputs, inputs, k] = shapeOf(layer);
  grid.resize(outputs, inputs);
  grid.element.style.setProperty("--taps", k);
  const rows = grid.element.querySelectorAll(".cv-row"); // the headers are row 0
  for (const output of range(outputs)) {
    const inputsRead = inputsOf(layer, output);
    const isLit = kind === "input" ? inputsRead.includes(first) : output === first;
    setAttribute(rows[output + 1], "data-lit", isLit);
    inputsRead.forEach((input, index) => {
      const lit = kind === "input" ? input === first : output === first;
      const picked = kind === "weight" && output === first && index === second;
      grid.paint(output, index, {
        text: String(input),
        spoken: t(
          "weight {output}, {index}: a {k} by {k} kernel from input {input} to output {output}",
          { output, index, k, input },
        ),
        marks: [picked ? "picked" : lit && kind !== "weight" ? "lit" : "dim"],
      });
    });
  }
  grid.activate(kind === "input" ? 0 : first, kind === "weight" ? second : 0);
}

/** Let each row of the weight stand as high as its output channel. */
function alignRows(grid, heights) {
  grid.querySelectorAll(".cv-row").forEach((row, index) => {
    const above = index === 1 ? -0.5 : heights[index - 2]; // the headers are row 0
    row.style.setProperty("--above", index ? (heights[index - 1] - above - 1).toFixed(2) : 0);
  });
}

// ---------------------------------------------------------------------------------- the costs

/** A table of what the stack costs, beside one group. Returns it in sentences. */
function showCosts(table, layer, stack) {
  const now = costs(layer, stack);
  const full = costs(layer, stack, 1);
  const compared = layer.groups === 1 ? [now] : [now, full];
  const plain = (key) => compared.map((cost) => [withCommas(cost[key])]);
  const barred = (key) =>
    compared.map((cost) => [withCommas(cost[key]), costBar(cost[key] / full[key])]);
  const shapes = compared.map((cost) =>
    cost.shapes.map((numbers) => el("div", "", {}, `(${numbers.join(", ")})`)),
  );
  const heads = compared.map((_, index) =>
    el("th", "", { scope: "col" }, `groups=${index ? 1 : layer.groups}`),
  );
  const size = el("span", "cv-size", {}, square(layer.input_size));
  table.replaceChildren(
    el("tr", "", {}, el("td"), ...heads),
    costRow(t("weight shape"), shapes),
    costRow(t("weights"), barred("weights")),
    costRow(t("biases"), plain("biases")),
    costRow(t("parameters"), plain("parameters")),
    costRow(phrase("MACs on {size}", { size }), barred("macs")),
  );
  const both = (key) => ({ count: withCommas(now[key]), full: withCommas(full[key]) });
  return [
    t("{count} parameters; groups=1 has {full}.", both("parameters")),
    t("{count} multiply-accumulates; groups=1 has {full}.", both("macs")),
  ];
}

function costRow(name, cells) {
  const row = cells.map((cell) => el("td", "", {}, ...cell));
  return el("tr", "", {}, el("th", "", { scope: "row" }, ...[name].flat()), ...row);
}

function costBar(share) {
  const line = el("div", "cv-cost-bar", { "aria-hidden": "true" });
  line.style.setProperty("--share", share);
  return line;
}

export default widget(draw);
