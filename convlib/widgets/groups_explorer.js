/**
 * GroupsExplorer: the channels of an `nn.Conv2d` as nodes, its weight as the wires between them.
 *
 * A control or a pick writes traits, and every change of a trait repaints all from the traits.
 */
import { fitPick, litPlaces, story } from "./math/channel_story.js";
import {
  groupOf,
  groupsProblem,
  inputsOf,
  isDepthwise,
  macCount,
  secondLayer,
  shuffle,
  wiring,
} from "./math/channels.js";
import { parameterCount, weightShape } from "./math/counts.js";
import { range } from "./math/lists.js";
import { square, withCommas } from "./math/text.js";
import { moduleCode, sequentialCode } from "./math/torch_code.js";
import { createColumn } from "./parts/channel_column.js";
import { createButton, createChoice, createCodeLine, createSlider } from "./parts/controls.js";
import { createRoot, createVoice, el, setAttribute, setText, svg } from "./parts/dom.js";
import { createGrid } from "./parts/grid.js";
import { showRefusal } from "./parts/refusal.js";
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
export const MOST = { in_channels: 8, out_channels: 12, groups: 8, multiplier: 4 };
const KERNELS = [1, 3, 5, 7];
const SIZES = [7, 14, 28, 56, 112, 224];
const STACKS = { single: "one layer", stacked: "two layers", shuffled: "two, shuffled" };
const GAP = 0.4; // between two groups, in rows
const HINT = "Pick a channel or a weight: whatever is wired to it lights up.";

// -------------------------------------------------------------------------------- the settings

/** What each slider asks for. A depthwise layer stays one when its channels change. */
export const MOVES = {
  in_channels(layer, value) {
    if (!isDepthwise(layer) || layer.groups === 1) return { ...layer, in_channels: value };
    const out_channels = (value * layer.out_channels) / layer.in_channels;
    return { ...layer, in_channels: value, out_channels, groups: value };
  },
  out_channels: (layer, value) => ({ ...layer, out_channels: value }),
  groups: (layer, value) => ({ ...layer, groups: value }),
  multiplier: (layer, value) => ({ ...layer, out_channels: value * layer.in_channels }),
};

/** Why a layer cannot be shown: PyTorch's reasons first, then the size of the picture. */
export function problem(layer) {
  const why = groupsProblem(layer);
  if (why) return why;
  const { in_channels, out_channels } = layer;
  const name = Object.keys({ in_channels, out_channels }).find((key) => layer[key] > MOST[key]);
  return name
    ? { rule: `${name}=${layer[name]}, but the picture has room for ${MOST[name]}` }
    : null;
}

/** The layer as the counting functions take it. */
const counted = (layer) => ({
  ...layer,
  kernel_size: [layer.kernel_size, layer.kernel_size],
  bias: true,
});

/** Parameters and multiply-accumulates of a stack, with these groups. */
export function costs(layer, stack, groups = layer.groups) {
  const first = counted({ ...layer, groups });
  const layers = stack === "single" ? [first] : [first, secondLayer(first)];
  const total = (count) => layers.reduce((sum, each) => sum + count(each), 0);
  const parameters = total(parameterCount);
  const biases = total((each) => each.out_channels);
  return {
    shapes: layers.map(weightShape),
    weights: parameters - biases,
    biases,
    parameters,
    macs: total((each) => macCount(each, layer.input_size ** 2)),
  };
}

export function codeOf(layer, stack) {
  const { in_channels, out_channels, kernel_size, groups } = layer;
  const settings = { kernel_size, padding: (kernel_size - 1) / 2, groups };
  const conv = (channels) =>
    moduleCode("Conv2d", [channels, out_channels], settings, { padding: 0, groups: 1 });
  const modules = [conv(in_channels)];
  if (stack === "shuffled") modules.push(moduleCode("ChannelShuffle", [groups]));
  if (stack !== "single") modules.push(conv(out_channels));
  return sequentialCode(modules);
}

// ---------------------------------------------------------------------------------- the widget

function draw(model, signal) {
  let layer = null;

  const code = createCodeLine(signal);
  const sliders = Object.keys(MOVES).map((name) =>
    createSlider({
      name,
      min: 1,
      max: MOST[name],
      signal,
      onInput: (value) => move(name, value),
    }),
  );
  const depthwise = createButton({ label: "depthwise", onClick: toDepthwise, signal });
  sliders[2].element.append(depthwise);
  const choice = (name, options) =>
    createChoice({
      name,
      options: options.map(String),
      signal,
      onInput: (value) => write({ ...layer, [name]: Number(value) }),
    });
  const kernel = choice("kernel_size", KERNELS);
  const size = choice("input_size", SIZES);
  const stacks = Object.keys(STACKS).map((stack) =>
    createButton({ label: STACKS[stack], onClick: () => write({ stack }), signal }),
  );
  const status = el("p", "cv-status", { "data-operated": true, role: "status" });

  const columns = range(4).map(() => createColumn({ onPick: pick, signal }));
  const lines = svg("svg", { "aria-hidden": "true", preserveAspectRatio: "none" });
  const bands = el("div", "", { "aria-hidden": "true" });
  const field = el("div", "cv-wiring", {}, bands, lines, ...columns.map((each) => each.element));
  const weight = createGrid({
    kind: "kernel",
    label: "Weight: rows are outputs, columns its kernels",
    signal,
    onPick: (row, column) => pick("weight", row, column),
  });
  const shape = el("span", "cv-quiet");
  const tensor = el(
    "figure",
    "cv-panel",
    {},
    el("figcaption", "cv-caption", {}, el("strong", "cv-kernel-ink", {}, "Weight"), shape),
    el("div", "cv-scroll", {}, weight.element),
  );
  const reading = el("div", "cv-story");
  const table = el("table", "cv-costs");
  const spoken = createVoice();

  const root = createRoot(
    "cv-groups",
    "Groups explorer",
    signal,
    code.element,
    el(
      "div",
      "cv-controls",
      { "data-operated": true },
      ...sliders.map((slider) => slider.element),
      kernel.element,
      size.element,
      el(
        "div",
        "cv-control cv-stacks",
        { role: "group", "aria-label": "stack" },
        el("div", "cv-head", {}, el("span", "cv-name", {}, "stack")),
        el("div", "cv-segments", {}, ...stacks),
      ),
    ),
    status,
    el("div", "cv-stage", {}, field, tensor),
    el("div", "cv-readings", {}, reading, el("div", "cv-scroll", {}, table)),
    spoken,
  );

  // ---------------------------------------------------------------------------- the actions

  const { read, write } = bind(model, TRAITS, repaint, signal);

  function pick(...picked) {
    write({ picked });
  }

  /** Go to the value; if it is not legal, to the next legal one that lies that way. */
  function move(name, target) {
    const at = (value) => MOVES[name](layer, value);
    const now = name === "multiplier" ? layer.out_channels / layer.in_channels : layer[name];
    const ahead = range(MOST[name])
      .map((index) => index + 1)
      .filter((value) => (value - now) * (target - now) > 0 && !problem(at(value)))
      .sort((a, b) => Math.abs(a - target) - Math.abs(b - target));
    const why = problem(at(target));
    if (!why) return write(at(target));
    const [nearest] = ahead;
    write(nearest === undefined ? {} : at(nearest), {
      asked: `${name}=${target} is not possible: ${why.rule}.`,
      nearest,
      why,
    });
  }

  /** One group for each input channel, and a whole number of outputs for each group. */
  function toDepthwise() {
    const { in_channels, out_channels } = layer;
    const most = Math.floor(MOST.out_channels / in_channels);
    const multiplier = Math.min(Math.max(Math.round(out_channels / in_channels), 1), most);
    write({ ...layer, groups: in_channels, out_channels: multiplier * in_channels });
  }

  // ---------------------------------------------------------------------------- the picture

  function repaint(refusal) {
    const { stack, picked, ...settings } = read();
    const why = stack in STACKS ? problem(settings) : { rule: `there is no stack '${stack}'` };
    if (why) {
      // only a host without Python's checks can get here
      return showStatus({ asked: `These settings are not possible: ${why.rule}.`, why });
    }
    layer = settings;
    const chosen = fitPick(picked, layer, stack);
    const graph = wiring(layer, stack);
    const lit = litPlaces(graph, layer, chosen);

    code.show(codeOf(layer, stack));
    showControls(stack);
    showStatus(refusal);
    const rows = placeRows(graph.counts, layer.groups);
    showBands(rows, stack);
    showNodes(graph, rows, lit, stack, chosen);
    showWires(graph, rows, lit, chosen);
    tensor.hidden = stack !== "single";
    if (!tensor.hidden) showWeight(rows, chosen);
    const sentences = story(layer, stack, chosen, graph);
    reading.replaceChildren(...sentences.map((sentence) => el("p", "", {}, sentence)));
    const cost = showCosts(stack);
    setText(spoken, [...sentences, cost].join(" "));
  }

  function showControls(stack) {
    const { in_channels, out_channels } = layer;
    const ratio = out_channels / in_channels;
    const values = [in_channels, out_channels, layer.groups, Math.floor(ratio)];
    Object.keys(MOVES).forEach((name, index) => {
      const isLegal = (value) => problem(MOVES[name](layer, value)) === null;
      const word =
        index === 3 && !Number.isInteger(ratio) ? `${out_channels} / ${in_channels}` : undefined;
      sliders[index].show(values[index], isLegal, word);
    });
    setAttribute(depthwise, "aria-pressed", String(isDepthwise(layer)));
    kernel.show(String(layer.kernel_size));
    size.show(String(layer.input_size));
    Object.keys(STACKS).forEach((name, index) =>
      setAttribute(stacks[index], "aria-pressed", String(name === stack)),
    );
  }

  function showStatus(refusal) {
    setAttribute(status, "data-refused", Boolean(refusal));
    if (!refusal) return setText(status, HINT);
    const { asked, nearest, why } = refusal;
    const instead = nearest === undefined ? "" : ` The next one that is: ${nearest}.`;
    showRefusal(status, asked + instead, why);
  }

  /** Light boxes that hold a group's channels together; a shuffle stands between two sets. */
  function showBands(rows, stack) {
    const spans = {
      single: [[0, 1]],
      stacked: [[0, 2]],
      shuffled: [
        [0, 1],
        [2, 3],
      ],
    }[stack];
    const last = rows.columns.length - 1;
    bands.replaceChildren(
      ...spans.flatMap(([from, to], index) =>
        range(layer.groups).map((group) => {
          const band = el(
            "div",
            "cv-band",
            {},
            index ? "" : el("span", "cv-band-name", {}, el("span", "", {}, "group "), `${group}`),
          );
          place(band, {
            from: from / last,
            to: to / last,
            top: group * (rows.band + GAP),
            rows: rows.band,
          });
          return band;
        }),
      ),
    );
    field.style.setProperty("--rows", rows.height);
    setAttribute(field, "data-columns", last + 1);
  }

  function showNodes({ counts }, rows, lit, stack, chosen) {
    const last = counts.length - 1;
    columns.forEach((column, index) => {
      column.element.hidden = index > last;
      if (index > last) return;
      const count = counts[index];
      const shuffled = stack === "shuffled" && index === 2;
      const kind = index === 0 ? "input" : index === last ? "output" : "hidden";
      place(column.element, { from: index / last });
      column.show({
        kind,
        title: shuffled ? "shuffled" : kind,
        channels: shuffled ? shuffle(count, layer.groups) : range(count),
        groupAt: (at) => groupOf(at, count, layer.groups),
        heights: rows.columns[index],
        lit: lit[index],
        picked: chosen[0] === kind ? chosen[1] : null,
      });
    });
  }

  /** One path for the wires that are lit and one for the others, between each two columns. */
  function showWires({ wires, counts }, rows, lit, chosen) {
    lines.setAttribute("viewBox", `0 0 ${counts.length - 1} ${rows.height}`);
    const paths = wires.flatMap((pairs, column) => {
      const shuffles = wires.length === 3 && column === 1;
      const isLit = ([from, to]) =>
        lit[column].has(from) &&
        lit[column + 1].has(to) &&
        (chosen[0] !== "weight" || from === inputsOf(layer, chosen[1])[chosen[2]]);
      const path = (some, mark) =>
        svg("path", {
          class: `cv-wire ${shuffles ? "cv-moved" : ""} ${mark}`,
          d: some
            .map(([from, to]) => {
              const [y0, y1] = [rows.columns[column][from], rows.columns[column + 1][to]];
              return `M${column} ${y0}C${column + 0.5} ${y0} ${column + 0.5} ${y1} ${column + 1} ${y1}`;
            })
            .join(""),
        });
      return [
        path(
          pairs.filter((pair) => !isLit(pair)),
          "",
        ),
        path(pairs.filter(isLit), "cv-lit"),
      ];
    });
    lines.replaceChildren(...paths);
  }

  /** Row o holds the kernels of output o, each named by the input channel that it reads. */
  function showWeight(rows, chosen) {
    const [outputs, inputs, k] = weightShape(counted(layer));
    setText(shape, `(${[outputs, inputs, k, k].join(", ")})`);
    weight.resize(outputs, inputs);
    const ys = rows.columns[1];
    const kernelRows = weight.element.querySelectorAll(".cv-row");
    kernelRows.forEach((row, index) => {
      const above = index === 1 ? -0.5 : ys[index - 2]; // the headers are row 0
      row.style.setProperty("--above", index ? (ys[index - 1] - above - 1).toFixed(2) : 0);
    });
    weight.element.style.setProperty("--taps", k);
    const [kind, first, second] = chosen;
    for (const output of range(outputs)) {
      const inputsRead = inputsOf(layer, output);
      setAttribute(
        kernelRows[output + 1],
        "data-lit",
        kind === "input" ? inputsRead.includes(first) : output === first,
      );
      inputsRead.forEach((input, index) => {
        const lit = kind === "input" ? input === first : output === first;
        const picked = kind === "weight" && output === first && index === second;
        weight.paint(output, index, {
          text: String(input),
          spoken:
            `weight ${output}, ${index}: a ${k} by ${k} kernel from input ${input} to ` +
            `output ${output}`,
          marks: [picked ? "picked" : lit && kind !== "weight" ? "lit" : "dim"],
        });
      });
    }
    weight.activate(kind === "input" ? 0 : first, kind === "weight" ? second : 0);
  }

  function showCosts(stack) {
    const now = costs(layer, stack);
    const full = costs(layer, stack, 1);
    const { groups, input_size: n } = layer;
    const shapes = (list) => list.map((numbers) => el("div", "", {}, `(${numbers.join(", ")})`));
    const bar = (value, most) => {
      const line = el("div", "cv-cost-bar", { "aria-hidden": "true" });
      line.style.setProperty("--share", value / most);
      return line;
    };
    const row = (name, ...cells) =>
      el(
        "tr",
        "",
        {},
        el("th", "", { scope: "row" }, name),
        ...cells.map((cell) => el("td", "", {}, ...cell)),
      );
    const compared = groups === 1 ? [now] : [now, full];
    const plain = (key) => compared.map((cost) => [withCommas(cost[key])]);
    const barred = (key) =>
      compared.map((cost) => [withCommas(cost[key]), bar(cost[key], full[key])]);
    table.replaceChildren(
      el(
        "tr",
        "",
        {},
        el("td"),
        ...compared.map((_, index) =>
          el("th", "", { scope: "col" }, `groups=${index ? 1 : groups}`),
        ),
      ),
      row("weight shape", ...compared.map((cost) => shapes(cost.shapes))),
      row("weights", ...barred("weights")),
      row("biases", ...plain("biases")),
      row("parameters", ...plain("parameters")),
      row(`MACs on ${square(n)}`, ...barred("macs")),
    );
    return (
      `${withCommas(now.parameters)} parameters; groups=1 has ${withCommas(full.parameters)}. ` +
      `${withCommas(now.macs)} multiply-accumulates; groups=1 has ${withCommas(full.macs)}.`
    );
  }

  repaint();
  return root;
}

// ------------------------------------------------------------------------------------ geometry

/**
 * The height of every channel, counted in rows: a group's channels stand together, in the middle
 * of its band, in every column.
 */
function placeRows(counts, groups) {
  const band = Math.max(...counts) / groups;
  const columns = counts.map((count) =>
    range(count).map((channel) => {
      const size = count / groups;
      const group = groupOf(channel, count, groups);
      return group * (band + GAP) + (band - size) / 2 + (channel % size) + 0.5;
    }),
  );
  return { band, columns, height: groups * band + (groups - 1) * GAP };
}

function place(element, values) {
  for (const [name, value] of Object.entries(values)) element.style.setProperty(`--${name}`, value);
}

export default widget(draw);
