/**
 * DilationExplorer: above, one kernel whose taps spread over its input; below, a stack of such
 * layers, from the side and from above: which input pixels one output sees, and along how many
 * paths.
 */
import { effectiveKernelSize, tapsOf } from "./math/arithmetic.js";
import { key, range } from "./math/lists.js";
import { coverage, fieldSize, forbids, layerOf, readPlaces, sideView } from "./math/reach.js";
import { square } from "./math/text.js";
import { layerCode, sequentialCode } from "./math/torch_code.js";
import { createButton, createCodeLine, createPlayer, createSlider } from "./parts/controls.js";
import { createCountMap, showNumbers } from "./parts/count_map.js";
import { createRoot, createVoice, el, isNews, setAttribute, setText, svg } from "./parts/dom.js";
import { createOperator, createPanel, createStage } from "./parts/grid.js";
import { showStatus, walk } from "./parts/refusal.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["kernel_size", "dilations", "dilation", "output_cell", "speed"];
const PRESETS = [
  [1, 1, 1],
  [2, 2, 2],
  [1, 2, 3],
  [1, 2, 5],
];
const GAP = 1.8; // between two levels of the stack, in cells

const LAYER_HINT = "Step or play: the window moves by one pixel, and so does every tap.";
const STACK_HINT = "Compare (2, 2, 2) with (1, 2, 3): the same field, but not the same pixels.";

function draw(model, signal) {
  const constants = model.get("constants");
  const { steps } = constants;
  const why = (settings) => forbids(settings, constants);
  const { read, write } = bind(model, TRAITS, repaint, signal);

  const layerPart = createPart(layerSliders(constants), LAYER_HINT, move, signal);
  const picture = createLayerPicture(steps, pick, signal);
  const player = createPlayer({
    step,
    onStop: repaint,
    onSpeed: (speed) => write({ speed }),
    signal,
  });
  const stackPart = createPart(stackSliders(constants), STACK_HINT, move, signal);
  const presets = createPresets(ask, signal);
  const stack = createStackPicture();
  const buttons = [
    ["Add a layer", () => ask([...read().dilations, 1])],
    ["Remove the last", () => ask(read().dilations.slice(0, -1))],
  ].map(([label, onClick]) => createButton({ label, onClick, signal }));

  // ---------------------------------------------------------------------------- the actions

  function pick(row, column) {
    player.stop();
    write({ output_cell: [row, column] });
  }

  /** Change the stack if there is room for it; else stay, and say why not. */
  function ask(dilations) {
    player.stop();
    const refusal = why({ ...read(), dilations });
    const refused = { part: stackPart, sentence: `${refusal?.rule}.`, why: refusal };
    write(refusal ? {} : { dilations }, refusal && refused);
  }

  /** A slider was moved: go there, or as far towards it as there is room. */
  function move(part, control, target) {
    const settings = read();
    const at = (value) => control.at(settings, value);
    const now = control.get(settings);
    const arrived = walk({ ...control, now, target, at, forbids: why });
    const { kernel_size, dilation, dilations } = at(arrived.value);
    player.stop();
    const sentence = `${control.name} cannot be ${arrived.refused}: ${arrived.why?.rule}.`;
    const refused = arrived.why && { part, sentence, why: arrived.why };
    write({ kernel_size, dilation, dilations }, refused);
  }

  /** Pick the next output in reading order; after the last one comes the first. */
  function step(by) {
    const [row, column] = read().output_cell;
    const next = (row * steps + column + by + steps ** 2) % steps ** 2;
    write({ output_cell: [Math.floor(next / steps), next % steps] });
  }

  // ---------------------------------------------------------------------------- the picture

  /** `refused`: why the last control stopped, and in which part. */
  function repaint(refused) {
    const now = read();
    for (const part of [layerPart, stackPart]) part.show(now, why, refused);
    player.show(now.speed);
    picture.show(now, layerPart);
    // A voice cannot keep up with a film.
    if (!player.isPlaying()) setText(layerPart.spoken, layerSentence(now, steps));
    // A step above leaves the stack alone.
    if (!isNews(stack.element, now.kernel_size, now.dilation, now.dilations)) return;
    presets.show(now, why);
    stack.show(now);
    showStackWords(stackPart, now, steps);
  }

  const touched = [player.element, layerPart.controls, layerPart.status];
  const above = el("div", "cv-hold", {}, picture.element, ...touched);
  const below = lesson(stackPart, presets, buttons, stack);
  const root = createRoot(
    "cv-dilation",
    "Dilation explorer",
    signal,
    el("p", "cv-heading", {}, "One kernel, spread out"),
    above,
    layerPart.says,
    layerPart.code.element,
    layerPart.spoken,
    below,
  );
  repaint();
  return root;
}

/** The lower half of the widget. */
function lesson(part, presets, buttons, stack) {
  setAttribute(part.controls, "role", "group");
  setAttribute(part.controls, "aria-label", "Dilation of each layer");
  const names = { tabindex: 0, role: "group", "aria-label": "What one output sees" };
  return el(
    "div",
    "cv-lesson",
    {},
    el("p", "cv-heading", {}, "A stack of such layers"),
    presets.element,
    part.controls,
    el("div", "cv-player", { "data-operated": true }, ...buttons),
    part.status,
    part.says,
    el("div", "cv-scroll", names, stack.element),
    part.code.element,
    part.spoken,
  );
}

// ---------------------------------------------------------------------------------- the controls

/** One entry per slider: its range, the number it shows, and the settings it asks for. */
function layerSliders({ limits }) {
  return ["kernel_size", "dilation"].map((name) => {
    const [min, max] = limits[name];
    const at = (all, value) => ({ ...all, [name]: value });
    return { name, min, max, get: (all) => all[name], at };
  });
}

function stackSliders({ limits, most_layers }) {
  return range(most_layers).map((place) => {
    const [min, max] = limits.layer;
    const at = (all, value) => ({ ...all, dilations: all.dilations.with(place, value) });
    return { name: `layer ${place + 1}`, min, max, get: (all) => all.dilations[place], at };
  });
}

/** Sliders, a line that says why one stopped, a sentence, and the code. */
function createPart(list, hint, onMove, signal) {
  const sliders = list.map((control) => {
    const onInput = (value) => onMove(part, control, value);
    return createSlider({ ...control, onInput, signal });
  });
  const status = el("p", "cv-status", { "data-operated": true, role: "status" });
  const part = {
    controls: el(
      "div",
      "cv-controls",
      { "data-operated": true },
      ...sliders.map((slider) => slider.element),
    ),
    status,
    says: el("div", "cv-says"),
    code: createCodeLine(signal),
    spoken: createVoice(),
    show(now, why, refused) {
      sliders.forEach((slider, index) => {
        const value = list[index].get(now);
        slider.element.hidden = value === undefined; // this layer is not there
        if (value === undefined) return;
        slider.show(value, (value) => !why(list[index].at(now, value)));
      });
      showStatus(status, hint, refused?.part === part ? refused : null);
    },
  };
  return part;
}

/** Buttons with a small picture of the field, and in it the pixels that the stack reads. */
function createPresets(onPick, signal) {
  const buttons = PRESETS.map((dilations) => {
    const frame = svg("rect");
    const read = svg("path");
    const picture = svg("svg", { class: "cv-thumb", "aria-hidden": "true" }, frame, read);
    const seen = el("span", "cv-quiet");
    const element = createButton({ label: "", onClick: () => onPick(dilations), signal });
    const name = el("strong", "", {}, `(${dilations.join(", ")})`);
    element.append(picture, el("span", "", {}, name, seen));
    return { element, dilations, picture, frame, read, seen };
  });
  const names = { "data-operated": true, role: "group", "aria-label": "Examples" };
  return {
    element: el("div", "cv-presets", names, ...buttons.map((button) => button.element)),
    show(now, why) {
      const sizes = PRESETS.map((dilations) => fieldSize(now.kernel_size, dilations));
      for (const button of buttons) showPreset(button, now, Math.max(...sizes), why);
    },
  };
}

function showPreset({ element, dilations, picture, frame, read, seen }, now, widest, why) {
  const { counts, touched, all } = coverage(now.kernel_size, dilations);
  const size = counts.length;
  const hit = range(size).filter((position) => counts[position] > 0);
  const start = (size - widest) / 2; // all to one scale, each in the middle
  setAttribute(picture, "viewBox", `${start} ${start} ${widest} ${widest}`);
  setAttribute(frame, "width", size);
  setAttribute(frame, "height", size);
  setAttribute(read, "d", hit.flatMap((y) => hit.map((x) => `M${x} ${y}h1v1h-1z`)).join(""));
  setText(seen, why({ ...now, dilations }) ? "no room" : `${touched} of ${all}`);
  setAttribute(element, "aria-pressed", String(now.dilations.join() === dilations.join()));
}

// ---------------------------------------------------------------------------------- one layer

/** The kernel, its taps on the input, and the output: `show` fills in the part's words as well. */
function createLayerPicture(steps, onPick, signal) {
  const kernel = createPanel({ kind: "kernel", title: "Kernel", signal });
  const input = createPanel({ kind: "input", title: "Input", signal });
  const output = createPanel({ kind: "output", title: "Output", signal, onPick });
  const stage = createStage(
    kernel.element,
    el("div", "cv-step", {}, createOperator("→"), input.element),
    el("div", "cv-step", {}, createOperator("→"), output.element),
  );

  function show(now, part) {
    const { kernel_size: k, dilation: d, output_cell } = now;
    const layer = layerOf(now, steps);
    const n = layer.input_size;
    const reach = effectiveKernelSize(k, d);
    const taps = tapsOf(layer, ...output_cell);
    showKernel(kernel.grid, k, taps);
    showInput(input.grid, layer, taps, output_cell);
    showOutput(output.grid, steps, output_cell);
    setText(kernel.size, square(k));
    setText(input.size, `${square(n)}, window ${square(reach)}`);
    setText(output.size, square(steps));
    stage.fit(n + k + steps, n);
    part.code.show(layerCode(layer));
    if (isNews(part.says, k, d)) part.says.replaceChildren(...layerWords(k, d, reach));
  }

  return { element: stage.element, show };
}

function showKernel(grid, size, taps) {
  grid.resize(size, size);
  taps.forEach(({ weightCell }, index) => {
    const tap = index + 1;
    grid.paint(...weightCell, { text: String(tap), spoken: `tap ${tap}`, marks: [] });
  });
}

function showInput(grid, { input_size: n, dilation, kernel_size: [k] }, taps, [row, column]) {
  const tapAt = new Map(taps.map(({ position }, index) => [key(position), index + 1]));
  grid.resize(n, n);
  for (const y of range(n)) {
    for (const x of range(n)) {
      const tap = tapAt.get(key([y, x]));
      const spoken = tap ? `read by tap ${tap}` : "not read";
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
      const spoken = `window from row ${y}, column ${x} on`;
      grid.paint(y, x, { text: "", spoken, marks: [isPicked && "picked"] });
    }
  }
  grid.activate(row, column);
}

function layerWords(k, d, reach) {
  const share = Math.round((100 * k * k) / reach ** 2);
  const letters = "dilation · (kernel_size − 1) + 1";
  const sentence =
    `The window spans ${square(reach)} = ${reach ** 2} pixels and reads ` +
    `${k * k} of them (${share} %).`;
  return [
    equation("effective size", letters, `${d} · (${k} − 1) + 1`, reach),
    el("p", "", {}, sentence),
  ];
}

function layerSentence(now, steps) {
  const { kernel_size: k, dilation, output_cell } = now;
  const [rows, columns] = readPlaces(layerOf(now, steps), output_cell);
  return (
    `Output row ${output_cell[0]}, column ${output_cell[1]} reads rows ${rows.join(", ")} and ` +
    `columns ${columns.join(", ")}: ${k * k} of the ${effectiveKernelSize(k, dilation) ** 2} ` +
    "pixels under the window."
  );
}

// ---------------------------------------------------------------------------------- the stack

/** What one output of the stack sees: from the side, and from above. */
function createStackPicture() {
  const side = el("div", "cv-side", { role: "img" });
  const line = createCountMap(); // one row of the input
  const plane = createCountMap();
  const across = el("code", "cv-numbers cv-across");
  const down = el("code", "cv-numbers cv-down");
  const above = el("div", "cv-above", { role: "img" }, across, down, plane.element);
  const element = el("div", "cv-field-seen", {}, side, above);

  function show({ kernel_size, dilations }) {
    const { counts } = coverage(kernel_size, dilations);
    const places = range(counts.length);
    const numbers = counts.join(", ");
    const said = "From above, paths to each pixel: its row's times its column's. Rows and columns";
    plane.show(counts, counts);
    showNumbers(across, [places]);
    showNumbers(
      down,
      places.map((row) => [row]),
    );
    setAttribute(above, "aria-label", `${said} alike: ${numbers}`);
    element.style.setProperty("--columns", counts.length);
    element.style.setProperty("--digits", String(Math.max(...counts) ** 2).length);
    line.show([1], counts);
    side.replaceChildren(...sidePicture(kernel_size, dilations, counts.length, line.element));
    setAttribute(side, "aria-label", `From the side, paths to each pixel of a row: ${numbers}`);
  }

  return { element, show };
}

/** The stack from the side: the output on top, then what each layer reads for it. */
function sidePicture(kernel, dilations, columns, line) {
  const view = sideView(kernel, dilations);
  const y = (level) => level * GAP + 0.5;
  const wires = view.map((level, index) =>
    level.wires
      .map(([from, to]) => `M${from + 0.5} ${y(index)}L${to + 0.5} ${y(index + 1)}`)
      .join(""),
  );
  const dots = view.map(
    (level, index) => level.positions.map((x) => `M${x + 0.5} ${y(index)}h0`).join(""), // round ends
  );
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${columns} ${dilations.length * GAP + 0.5}` },
    ...wires.map((d) => svg("path", { d })),
    ...dots.map((d, index) => svg("path", { d, class: index ? "cv-dots" : "cv-out" })),
  );
  const labels = view.map(({ dilation }, index) => {
    const label = el("span", "cv-reach-band", {}, `d = ${dilation}`);
    label.style.setProperty("--level", (index + 0.5) * GAP + 0.5);
    return label;
  });
  return [picture, line, ...labels];
}

function showStackWords(part, { kernel_size: k, dilations }, steps) {
  const { counts, touched, all } = coverage(k, dilations);
  const field = counts.length;
  const share = Math.round((100 * touched) / all);
  const sum = dilations.length > 1 ? `(${dilations.join(" + ")})` : dilations[0];
  const letters = "(kernel_size − 1) · sum of dilations + 1";
  const verdict =
    `One output sees a field of ${square(field)} and reads ${touched} of its ` +
    `${all} pixels (${share} %).`;
  const gridding = touched < all ? " The rest it steps over: gridding." : "";
  const paths =
    "The number at a pixel counts the paths from the output to it: " +
    "those of its row times those of its column.";
  part.says.replaceChildren(
    equation("receptive field", letters, `(${k} − 1) · ${sum} + 1`, field),
    el("p", "", {}, el("strong", "", {}, verdict), gridding),
    el("p", "cv-quiet", {}, paths),
  );
  const layers = dilations.map((dilation) => layerOf({ kernel_size: k, dilation }, steps));
  part.code.show(sequentialCode(layers.map((layer) => layerCode(layer))));
  setText(part.spoken, `Dilations ${dilations.join(", ")}: ${verdict}`);
}

function equation(name, letters, numbers, result) {
  return el(
    "p",
    "",
    {},
    el("strong", "", {}, name),
    ` = ${letters} = ${numbers} = `,
    el("strong", "cv-output-ink", {}, String(result)),
  );
}

export default widget(draw);
