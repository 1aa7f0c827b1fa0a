/**
 * DilationExplorer: above, one kernel whose taps spread over its input; below, a stack of such
 * layers, from the side and from above: which input pixels one output sees, and along how many
 * paths.
 */
import { axesOf, effectiveKernelSize, tapPosition, tapsOf } from "./math/arithmetic.js";
import { range } from "./math/lists.js";
import { fieldSize, levels, pathCounts, taps } from "./math/reach.js";
import { square } from "./math/text.js";
import { conv2dCode, sequentialCode } from "./math/torch_code.js";
import { createButton, createCodeLine, createPlayer, createSlider } from "./parts/controls.js";
import { createCountMap, showNumbers } from "./parts/count_map.js";
import { createRoot, createVoice, el, isNews, setAttribute, setText, svg } from "./parts/dom.js";
import { createOperator, createPanel, createStage } from "./parts/grid.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["kernel_size", "dilations", "dilation", "output_cell", "speed"];

const LIMITS = { kernel_size: [1, 5], dilation: [1, 4], layer: [1, 5] };
const MOST_LAYERS = 4;
const MOST_REACH = 9;
const MOST_FIELD = 19;
const STEPS = 3; // the window's places along each axis

const PRESETS = [
  [1, 1, 1],
  [2, 2, 2],
  [1, 2, 3],
  [1, 2, 5],
];

const LAYER_HINT = "Step or play: the window moves by one pixel, and so does every tap.";
const STACK_HINT = "Compare (2, 2, 2) with (1, 2, 3): the same field, but not the same pixels.";

// ---------------------------------------------------------------------------------- pure

/** Why the picture cannot show these settings, or null. */
export function forbids({ kernel_size, dilation, dilations }) {
  const reach = effectiveKernelSize(kernel_size, dilation);
  const field = fieldSize(kernel_size, dilations);
  const room = (most) => `but the picture has room for ${most}`;
  if (dilations.length === 0) return "a stack has at least one layer";
  if (dilations.length > MOST_LAYERS) {
    return `there would be ${dilations.length} layers, ${room(MOST_LAYERS)}`;
  }
  if (reach > MOST_REACH) return `the kernel would span ${reach} pixels, ${room(MOST_REACH)}`;
  if (field > MOST_FIELD) {
    return `the receptive field would be ${field} pixels, ${room(MOST_FIELD)}`;
  }
  return null;
}

/** The single layer, on an input that leaves its window STEPS places along each axis. */
function layerOf({ kernel_size: k, dilation }) {
  return {
    input_size: effectiveKernelSize(k, dilation) + STEPS - 1,
    kernel_size: [k, k],
    stride: 1,
    padding: 0,
    dilation,
    padding_mode: "zeros",
    bias: true,
  };
}

/** What one output sees along one axis, and in all. */
export function coverage(kernel, dilations) {
  const counts = pathCounts(kernel, dilations);
  const touched = counts.filter((count) => count > 0).length ** 2;
  return { counts, touched, all: counts.length ** 2 };
}

// ---------------------------------------------------------------------------------- the widget

/** One entry per slider: its range, the number it shows, and the settings it asks for. */
const LAYER_SLIDERS = ["kernel_size", "dilation"].map((name) => {
  const [min, max] = LIMITS[name];
  const at = (all, value) => ({ ...all, [name]: value });
  return { name, min, max, get: (all) => all[name], at };
});
const STACK_SLIDERS = range(MOST_LAYERS).map((place) => {
  const [min, max] = LIMITS.layer;
  const at = (all, value) => ({ ...all, dilations: all.dilations.with(place, value) });
  return { name: `layer ${place + 1}`, min, max, get: (all) => all.dilations[place], at };
});

function draw(model, signal) {
  // ---------------------------------------------------------------------------- the parts

  const layer = part(LAYER_SLIDERS, LAYER_HINT);
  const kernel = createPanel({ kind: "kernel", title: "Kernel", signal });
  const input = createPanel({ kind: "input", title: "Input", signal });
  const output = createPanel({
    kind: "output",
    title: "Output",
    signal,
    onPick: (row, column) => {
      player.stop();
      write({ output_cell: [row, column] });
    },
  });
  const player = createPlayer({
    step,
    onStop: repaint,
    onSpeed: (speed) => write({ speed }),
    signal,
  });

  const stack = part(STACK_SLIDERS, STACK_HINT);
  const presets = PRESETS.map(presetButton);
  const add = createButton({
    label: "Add a layer",
    onClick: () => ask([...read().dilations, 1]),
    signal,
  });
  const remove = createButton({
    label: "Remove the last",
    onClick: () => ask(read().dilations.slice(0, -1)),
    signal,
  });
  const side = el("div", "cv-side", { role: "img" });
  const line = createCountMap(); // one row of the input
  const plane = createCountMap();
  const across = el("code", "cv-numbers cv-across");
  const down = el("code", "cv-numbers cv-down");
  const above = el("div", "cv-above", { role: "img" }, across, down, plane.element);

  const stage = createStage(
    kernel.element,
    el("div", "cv-step", {}, createOperator("→"), input.element),
    el("div", "cv-step", {}, createOperator("→"), output.element),
  );
  const seen = el("div", "cv-field-seen", {}, side, above);
  const root = createRoot(
    "cv-dilation",
    "Dilation explorer",
    signal,
    el("p", "cv-heading", {}, "One kernel, spread out"),
    el("div", "cv-controls", { "data-operated": true }, ...layer.controls),
    layer.status,
    stage.element,
    player.element,
    layer.says,
    layer.code.element,
    layer.spoken,
    el(
      "div",
      "cv-lesson",
      {},
      el("p", "cv-heading", {}, "A stack of such layers"),
      el(
        "div",
        "cv-presets",
        { "data-operated": true, role: "group", "aria-label": "Examples" },
        ...presets.map((preset) => preset.element),
      ),
      el(
        "div",
        "cv-controls",
        { "data-operated": true, role: "group", "aria-label": "Dilation of each layer" },
        ...stack.controls,
      ),
      el("div", "cv-player", { "data-operated": true }, add, remove),
      stack.status,
      stack.says,
      el(
        "div",
        "cv-scroll",
        { tabindex: 0, role: "group", "aria-label": "What one output sees" },
        seen,
      ),
      stack.code.element,
      stack.spoken,
    ),
  );

  /** Sliders, a line that says why one stopped, a sentence, and the code. */
  function part(list, hint) {
    const sliders = list.map((control) =>
      createSlider({
        ...control,
        onInput: (value) => move(control, value),
        signal,
      }),
    );
    return {
      list,
      sliders,
      hint,
      controls: sliders.map((slider) => slider.element),
      status: el("p", "cv-status", { "data-operated": true, role: "status" }),
      says: el("div", "cv-says"),
      code: createCodeLine(signal),
      spoken: createVoice(),
    };
  }

  /** A button with a small picture of the field, and in it the pixels that the stack reads. */
  function presetButton(dilations) {
    const frame = svg("rect");
    const read = svg("path");
    const picture = svg("svg", { class: "cv-thumb", "aria-hidden": "true" }, frame, read);
    const seen = el("span", "cv-quiet");
    const element = createButton({ label: "", onClick: () => ask(dilations), signal });
    element.append(
      picture,
      el("span", "", {}, el("strong", "", {}, `(${dilations.join(", ")})`), seen),
    );
    return { element, dilations, picture, frame, read, seen };
  }

  // ---------------------------------------------------------------------------- the actions

  const { read, write } = bind(model, TRAITS, repaint, signal);

  /** Change the stack if there is room for it; else stay, and say why not. */
  function ask(dilations) {
    player.stop();
    const why = forbids({ ...read(), dilations });
    write(why ? {} : { dilations }, why && { where: stack, why });
  }

  /** A slider was moved: go there, or as far towards it as there is room. */
  function move(control, target) {
    const now = read();
    const from = control.get(now);
    const step = Math.sign(target - from);
    let value = from;
    while (value !== target && !forbids(control.at(now, value + step))) value += step;
    const where = LAYER_SLIDERS.includes(control) ? layer : stack;
    const why = value === target ? null : forbids(control.at(now, value + step));
    const { kernel_size, dilation, dilations } = control.at(now, value);
    player.stop();
    write(
      { kernel_size, dilation, dilations },
      why && { where, why: `${control.name} cannot be ${value + step}: ${why}` },
    );
  }

  /** Pick the next output in reading order; after the last one comes the first. */
  function step(by) {
    const [row, column] = read().output_cell;
    const next = (row * STEPS + column + by + STEPS ** 2) % STEPS ** 2;
    write({ output_cell: [Math.floor(next / STEPS), next % STEPS] });
  }

  // ---------------------------------------------------------------------------- the picture

  /** `refusal`: why the last control stopped, and in which part. */
  function repaint(refusal) {
    const now = read();
    for (const { list, sliders, status, hint } of [layer, stack]) {
      sliders.forEach((slider, index) => {
        const value = list[index].get(now);
        slider.element.hidden = value === undefined; // this layer is not there
        if (value === undefined) return;
        slider.show(value, (value) => !forbids(list[index].at(now, value)));
      });
      const refused = refusal?.where.status === status;
      setText(status, refused ? `${refusal.why}.` : hint);
      setAttribute(status, "data-refused", refused);
    }
    player.show(now.speed);
    showLayer(now);
    // A step above leaves the stack alone.
    if (!isNews(seen, now.kernel_size, now.dilation, now.dilations)) return;
    showPresets(now);
    showStack(now);
  }

  function showLayer(now) {
    const { kernel_size: k, dilation: d, output_cell } = now;
    const shown = layerOf(now);
    const n = shown.input_size;
    const reach = effectiveKernelSize(k, d);
    const read = tapsOf(shown, ...output_cell);

    kernel.grid.resize(k, k);
    read.forEach(({ weightCell }, index) =>
      kernel.grid.paint(...weightCell, {
        text: String(index + 1),
        spoken: `tap ${index + 1}`,
        marks: [],
      }),
    );
    input.grid.resize(n, n);
    const at = new Map(read.map(({ position }, index) => [position.join(), index + 1]));
    for (const row of range(n))
      for (const column of range(n)) {
        const tap = at.get(`${row},${column}`);
        input.grid.paint(row, column, {
          text: "",
          spoken: tap ? `read by tap ${tap}` : "not read",
          marks: ["core"],
        });
      }
    const [row, column] = output_cell;
    input.grid.outline({ row, column, rows: reach, columns: reach });
    // The taps glide to their new places, so that one sees the same weights move apart.
    input.grid.engrave(
      read.map(({ weightCell: [i, j] }, index) => ({
        row: i * d,
        column: j * d,
        text: String(index + 1),
      })),
    );
    output.grid.resize(STEPS, STEPS);
    for (const y of range(STEPS))
      for (const x of range(STEPS)) {
        const picked = y === row && x === column;
        output.grid.paint(y, x, {
          text: "",
          spoken: `window from row ${y}, column ${x} on`,
          marks: [picked && "picked"],
        });
      }
    output.grid.activate(row, column);

    setText(kernel.size, square(k));
    setText(input.size, `${square(n)}, window ${square(reach)}`);
    setText(output.size, square(STEPS));
    stage.fit(n + k + STEPS, n);

    if (isNews(layer.says, k, d)) {
      const share = Math.round((100 * k * k) / reach ** 2);
      layer.says.replaceChildren(
        equation(
          "effective size",
          "dilation · (kernel_size − 1) + 1",
          `${d} · (${k} − 1) + 1`,
          reach,
        ),
        el(
          "p",
          "",
          {},
          `The window spans ${square(reach)} = ${reach ** 2} pixels and reads ` +
            `${k * k} of them (${share} %).`,
        ),
      );
    }
    layer.code.show(conv2dCode(shown));
    if (player.isPlaying()) return; // a voice cannot keep up with a film
    const [rows, columns] = axesOf(shown).map((axis, side) =>
      range(k)
        .map((tap) => tapPosition(axis, output_cell[side], tap))
        .join(", "),
    );
    setText(
      layer.spoken,
      `Output row ${row}, column ${column} reads rows ${rows} and columns ` +
        `${columns}: ${k * k} of the ${reach ** 2} pixels under the window.`,
    );
  }

  function showPresets({ kernel_size, dilation, dilations: now }) {
    const widest = Math.max(...PRESETS.map((dilations) => fieldSize(kernel_size, dilations)));
    for (const { element, dilations, picture, frame, read, seen } of presets) {
      const possible = !forbids({ kernel_size, dilation, dilations });
      const { counts, touched, all } = coverage(kernel_size, dilations);
      const size = counts.length;
      const hit = range(size).filter((position) => counts[position] > 0);
      const start = (size - widest) / 2; // all to one scale, each in the middle
      setAttribute(picture, "viewBox", `${start} ${start} ${widest} ${widest}`);
      setAttribute(frame, "width", size);
      setAttribute(frame, "height", size);
      setAttribute(read, "d", hit.flatMap((y) => hit.map((x) => `M${x} ${y}h1v1h-1z`)).join(""));
      setText(seen, possible ? `${touched} of ${all}` : "no room");
      setAttribute(element, "aria-pressed", String(now.join() === dilations.join()));
    }
  }

  function showStack({ kernel_size: k, dilations }) {
    const { counts, touched, all } = coverage(k, dilations);
    const field = counts.length;
    plane.show(counts, counts);
    showNumbers(across, [range(field)]);
    showNumbers(
      down,
      range(field).map((row) => [row]),
    );
    setAttribute(
      above,
      "aria-label",
      "From above, paths to each pixel: its row's times its " +
        `column's. Rows and columns alike: ${counts.join(", ")}`,
    );
    seen.style.setProperty("--columns", field);
    seen.style.setProperty("--digits", String(Math.max(...counts) ** 2).length);
    showSide(k, dilations, counts);

    const share = Math.round((100 * touched) / all);
    const sum = dilations.reduce((total, dilation) => total + dilation, 0);
    const verdict =
      `One output sees a field of ${square(field)} and reads ${touched} of its ` +
      `${all} pixels (${share} %).`;
    stack.says.replaceChildren(
      equation(
        "receptive field",
        "(kernel_size − 1) · sum of dilations + 1",
        `(${k} − 1) · ${dilations.length > 1 ? `(${dilations.join(" + ")})` : sum} + 1`,
        field,
      ),
      el(
        "p",
        "",
        {},
        el("strong", "", {}, verdict),
        touched < all ? " The rest it steps over: gridding." : "",
      ),
      el(
        "p",
        "cv-quiet",
        {},
        "The number at a pixel counts the paths from the output to it: " +
          "those of its row times those of its column.",
      ),
    );
    stack.code.show(
      sequentialCode(
        dilations.map((dilation) => conv2dCode(layerOf({ kernel_size: k, dilation }))),
      ),
    );
    setText(stack.spoken, `Dilations ${dilations.join(", ")}: ${verdict}`);
  }

  /** The stack from the side: the output on top, then what each layer reads for it. */
  function showSide(k, dilations, counts) {
    const GAP = 1.8; // between two levels, in cells
    const found = levels(k, dilations);
    const height = dilations.length * GAP + 0.5;
    const y = (level) => level * GAP + 0.5;
    const wires = found
      .slice(0, -1)
      .map((level, index) =>
        [...level.keys()]
          .flatMap((from) =>
            taps(from, k, dilations.at(-1 - index)).map(
              (to) => `M${from + 0.5} ${y(index)}L${to + 0.5} ${y(index + 1)}`,
            ),
          )
          .join(""),
      );
    const dots = found
      .slice(0, -1)
      .map((level, index) => [...level.keys()].map((x) => `M${x + 0.5} ${y(index)}h0`).join("")); // round line ends
    const picture = svg(
      "svg",
      { viewBox: `0 0 ${counts.length} ${height}` },
      ...wires.map((d) => svg("path", { d })),
      ...dots.map((d, index) => svg("path", { d, class: index ? "cv-dots" : "cv-out" })),
    );
    const labels = dilations.toReversed().map((dilation, index) => {
      const label = el("span", "cv-reach-band", {}, `d = ${dilation}`);
      label.style.setProperty("--level", (index + 0.5) * GAP + 0.5);
      return label;
    });
    line.show([1], counts);
    side.replaceChildren(picture, line.element, ...labels);
    setAttribute(
      side,
      "aria-label",
      `From the side, paths to each pixel of a row: ${counts.join(", ")}`,
    );
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

  repaint();
  return root;
}

export default widget(draw);
