/**
 * PaddingAtlas: which input cell each border cell copies, for the four padding modes on one
 * picture; and below it, where PyTorch and TensorFlow put the windows of a 'same' convolution.
 */
import { pytorchAxis, tensorflowAxis, windowCentres, windowStarts } from "./math/alignment.js";
import { PADDING_MODES, paddedInput, paddedSize, problem } from "./math/arithmetic.js";
import { key, range } from "./math/lists.js";
import { many, sign, speak } from "./math/text.js";
import { conv2dCode, moduleCode, sequentialCode } from "./math/torch_code.js";
import { createCopyButton, createSlider } from "./parts/controls.js";
import { createRoot, createVoice, el, isNews, setAttribute, setText } from "./parts/dom.js";
import { createGrid } from "./parts/grid.js";
import { showRefusal } from "./parts/refusal.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["input_size", "padding", "cell", "width", "kernel_size", "stride"];

const LIMITS = {
  input_size: [1, 5],
  padding: [0, 3],
  width: [1, 10],
  kernel_size: [1, 7],
  stride: [1, 4],
};

const MOST = LIMITS.padding[1]; // the picture always has room for it, so that the input stands still

const WORDS = {
  zeros: { does: "zeros all around", limit: "no limit" },
  reflect: { does: "a mirror on the edge cell", limit: "padding < input_size" },
  replicate: { does: "the edge cell, repeated", limit: "no limit" },
  circular: { does: "goes on at the other side", limit: "padding ≤ input_size" },
};

const HINT =
  "Pick a border cell to see which input cell it copies, in every mode. " +
  "Pick an input cell to see all its copies.";
const SAME =
  "'same' means width ÷ stride outputs, rounded up. PyTorch has it for stride 1 " +
  "only; for a larger stride one pads by half the kernel. A dot marks the middle of each window.";

// ---------------------------------------------------------------------------------- pure

/** The layer whose border one mode shows: a 1 × 1 kernel fits into every picture. */
const layerOf = (input_size, padding, padding_mode) => ({
  input_size,
  kernel_size: [1, 1],
  stride: 1,
  padding,
  dilation: 1,
  padding_mode,
  bias: false,
});

/**
 * The input cell that each cell of the picture copies, in the widest border: null for a zero,
 * undefined where PyTorch refuses so much padding in this mode.
 *
 * @returns {(import("./math/arithmetic.js").Cell | null | undefined)[][]}
 */
function sourcesOf(input_size, mode) {
  let reach = MOST;
  while (problem(layerOf(input_size, reach, mode))) reach -= 1;
  const cells = paddedInput(layerOf(input_size, reach, mode));
  const short = MOST - reach;
  const across = range(input_size + 2 * MOST);
  return across.map((y) => across.map((x) => cells[y - short]?.[x - short]?.source));
}

/** The number in an input cell: the picture counts its cells from 1. */
const pictureValue = (input_size, [row, column]) => row * input_size + column + 1;

/** How dark an input cell is, in four steps from the first corner to the last. */
const tone = (input_size, [row, column]) =>
  0.22 * Math.round((2 * (row + column)) / Math.max(input_size - 1, 1));

// ---------------------------------------------------------------------------------- the widget

function draw(model, signal) {
  let pointed = null; // the cell under the mouse, shown in place of the picked one

  const sliders = Object.fromEntries(
    Object.entries(LIMITS).map(([name, [min, max]]) => {
      const onInput = (value) => write({ [name]: value });
      return [name, createSlider({ name, min, max, onInput, signal })];
    }),
  );
  const controls = (...names) =>
    el(
      "div",
      "cv-controls",
      { "data-operated": true },
      ...names.map((name) => sliders[name].element),
    );
  const panels = PADDING_MODES.map(modePanel);
  const pytorch = strip("PyTorch", "PyTorch's layer");
  const tensorflow = strip("TensorFlow", "TensorFlow's layer, written in PyTorch");
  const verdict = el("p", "cv-agreement", { "aria-live": "polite" });
  const spoken = createVoice();

  const root = createRoot(
    "cv-atlas",
    "Padding atlas",
    signal,
    el("p", "cv-heading", {}, "What the border is made of"),
    controls("input_size", "padding"),
    el("p", "cv-status", { "data-operated": true }, HINT),
    el("div", "cv-modes", {}, ...panels.map((panel) => panel.element)),
    el(
      "div",
      "cv-framework",
      {},
      el("p", "cv-heading", {}, "Where 'same' puts the windows"),
      el("p", "cv-quiet", {}, SAME),
      controls("width", "kernel_size", "stride"),
      pytorch.element,
      tensorflow.element,
      verdict,
      pytorch.line,
      tensorflow.line,
    ),
    spoken,
  );

  function modePanel(mode) {
    const grid = createGrid({
      kind: "input",
      label: `padding_mode='${mode}'`,
      signal,
      onPick: (row, column) => {
        pointed = null;
        write({ cell: cellAt(row, column) });
      },
      onPoint: (row, column) => {
        pointed = row === null ? null : cellAt(row, column);
        showBorders();
      },
    });
    const link = el("div", "cv-link", { "aria-hidden": "true" });
    grid.element.append(link);
    const limit = el("span", "cv-limit");
    const reading = el("p", "cv-copies");
    const refusal = el("p", "cv-refusal");
    const element = el(
      "figure",
      "cv-panel",
      {},
      el(
        "figcaption",
        "cv-caption",
        {},
        el("strong", "cv-input-ink", {}, mode),
        el("span", "", {}, WORDS[mode].does),
        limit,
      ),
      el("div", "cv-scroll", {}, grid.element),
      reading,
      refusal,
    );
    return { element, mode, grid, link, limit, reading, refusal };
  }

  function strip(name, label) {
    const title = el("strong");
    const says = el("span", "cv-quiet");
    const row = el("div", "cv-align-strip", { role: "img" });
    const element = el(
      "figure",
      "cv-alignment",
      {},
      el("figcaption", "", {}, title, says),
      el("div", "cv-scroll", {}, row),
    );
    const code = el("code", "cv-code");
    const line = el(
      "div",
      "cv-line",
      {},
      el("div", "", {}, el("div", "cv-quiet", {}, label), code),
      createCopyButton({ read: () => code.textContent, signal }),
    );
    return { element, line, name, title, code, says, row };
  }

  // ---------------------------------------------------------------------------- the actions

  const state = bind(model, TRAITS, repaint, signal);

  function write(values) {
    state.write({ ...values, cell: inside({ ...state.read(), ...values }) });
  }

  /** The picked cell, moved into the padded picture. */
  function inside({ input_size, padding, cell }) {
    return cell.map((at) => Math.min(Math.max(at, -padding), input_size + padding - 1));
  }

  function cellAt(row, column) {
    return [row - MOST, column - MOST];
  }

  // ---------------------------------------------------------------------------- the picture

  function repaint() {
    const traits = state.read();
    for (const [name, slider] of Object.entries(sliders)) slider.show(traits[name], () => true);
    setText(spoken, showBorders());
    showWindows(traits);
  }

  /** Paint the four borders with one cell picked in all; return what they say of it. */
  function showBorders() {
    const { input_size: n, padding, cell } = state.read();
    const picked = inside({ input_size: n, padding, cell: pointed ?? cell });
    const place = `Row ${speak(picked[0])}, column ${speak(picked[1])}. `;
    return place + panels.map((panel) => showBorder(panel, n, padding, picked)).join(" ");
  }

  function showBorder({ mode, grid, link, limit, reading, refusal }, n, padding, picked) {
    const why = problem(layerOf(n, padding, mode));
    const sources = sourcesOf(n, mode);
    const isWithin = (cell, border) => cell.every((at) => at >= -border && at < n + border);
    const isInput = (cell) => isWithin(cell, 0);
    const source = sources[picked[0] + MOST][picked[1] + MOST];
    const fromInput = isInput(picked);
    let copies = 0;

    grid.resize(sources.length, sources.length, {
      top: MOST,
      left: MOST,
      rows: n,
      columns: n,
      ring: padding,
    });
    sources.forEach((line, y) =>
      line.forEach((from, x) => {
        const here = cellAt(y, x);
        if (!isWithin(here, padding)) return; // hidden
        const inner = isInput(here);
        const isPicked = key(here) === key(picked);
        const linked = source && from && key(from) === key(source) && !isPicked;
        if (linked && fromInput) copies += 1;
        const value = from ? pictureValue(n, from) : 0;
        grid.paint(y, x, {
          text: from === undefined ? "" : String(value),
          spoken:
            from === undefined
              ? "out of reach"
              : inner
                ? String(value)
                : from
                  ? `${value}, a copy of row ${from[0]}, column ${from[1]}`
                  : "0",
          level: from && tone(n, from),
          marks: [
            inner ? "core" : from ? "copy" : from === null ? "zero" : "beyond",
            isPicked && "picked",
            linked && inner && "source",
            linked && !inner && fromInput && "echo",
          ],
        });
      }),
    );
    grid.outline({ row: MOST, column: MOST, rows: n, columns: n });
    if (!pointed) grid.activate(picked[0] + MOST, picked[1] + MOST);
    showLink(link, fromInput ? null : source, picked);

    const rule = WORDS[mode].limit;
    setText(
      limit,
      rule === "no limit"
        ? rule
        : `${rule}: ${padding} ${rule.includes("<") ? "<" : "≤"} ${n}${why ? " is false" : ""}`,
    );
    setAttribute(limit, "data-refused", Boolean(why));
    refusal.hidden = !why;
    if (why) showRefusal(refusal, `It stops here: ${why.rule}.`, why);
    const says = fromInput ? copiesIn(copies) : origin(source, n);
    setText(reading, says);
    return `${mode}: ${says}${why ? ` PyTorch refuses this padding: ${why.rule}.` : ""}`;
  }

  function copiesIn(count) {
    return count === 0
      ? "No copy in the border."
      : `${count} ${count === 1 ? "copy" : "copies"} in the border.`;
  }

  function origin(source, n) {
    if (source === undefined) return "Out of reach.";
    if (source === null) return "A zero: it copies nothing.";
    return `Copies ${pictureValue(n, source)}, from row ${source[0]}, column ${source[1]}.`;
  }

  /** An arrow from the input cell to its copy, with both numbers left free. */
  function showLink(link, source, picked) {
    link.hidden = !source;
    if (!source) return;
    const [down, right] = [picked[0] - source[0], picked[1] - source[1]];
    const values = {
      row: source[0] + MOST,
      column: source[1] + MOST,
      length: Math.hypot(down, right),
      angle: `${Math.atan2(down, right)}rad`,
    };
    for (const [name, value] of Object.entries(values)) link.style.setProperty(`--${name}`, value);
  }

  // ---------------------------------------------------------------------------- the alignment

  function showWindows({ width, kernel_size: k, stride }) {
    if (!isNews(verdict, width, k, stride)) return; // a pick above leaves the strips alone
    const axes = [pytorchAxis(width, k, stride), tensorflowAxis(width, k, stride)];
    const before = Math.max(...axes.map((axis) => axis.before));
    const after = Math.max(...axes.map((axis) => axis.after));
    root.style.setProperty("--strip-columns", before + width + after);
    const centres = axes.map(windowCentres);
    [pytorch, tensorflow].forEach((part, index) => showStrip(part, axes[index], before));

    const padding = stride === 1 ? "same" : axes[0].before;
    const layer = {
      input_size: width,
      kernel_size: [k, k],
      stride,
      padding,
      dilation: 1,
      padding_mode: "zeros",
      bias: true,
    };
    setText(pytorch.title, `PyTorch, padding=${stride === 1 ? "'same'" : padding}`);
    setText(tensorflow.title, "TensorFlow, padding='SAME'");
    setText(pytorch.code, conv2dCode(layer));
    setText(tensorflow.code, padThenConvolve(axes[1], layer));

    const shift = centres[1][0] - centres[0][0];
    const outputs = many(centres[0].length, "output");
    setText(
      verdict,
      shift === 0
        ? `Both give ${outputs} from the same windows.`
        : `Both give ${outputs}, but TensorFlow's windows stand ${number(Math.abs(shift))} ` +
            `cell${Math.abs(shift) === 1 ? "" : "s"} further ${shift > 0 ? "right" : "left"}: ` +
            "the same shape, other values.",
    );
  }

  function showStrip({ name, says, row }, axis, before) {
    const padded = range(paddedSize(axis)).map((position) => {
      const index = position - axis.before;
      const inner = index >= 0 && index < axis.size;
      return piece(inner ? "cv-in" : "cv-zero", index + before, 1, inner ? String(index) : "0");
    });
    const centres = windowCentres(axis);
    const windows = windowStarts(axis).map((start, output) =>
      piece("cv-align-window", start + before, axis.kernel, "", output),
    );
    const dots = centres.map((centre, output) => piece("cv-dot", centre + before, 1, "", output));
    row.replaceChildren(...padded, ...windows, ...dots);
    row.style.setProperty("--windows", centres.length);

    const zeros = `zeros: ${axis.before} before, ${axis.after} after`;
    const middles = `middles: ${centres.map(number).join(", ")}`;
    setText(says, `${zeros}; ${middles}`);
    setAttribute(row, "aria-label", `${name}, ${zeros}, ${middles}`);
  }

  /** A part of a strip, `span` columns wide; the windows are stacked in lines of their own. */
  function piece(className, column, span, text, stop = 0) {
    const element = el("span", className, {}, text);
    for (const [name, value] of Object.entries({ column, span, stop })) {
      element.style.setProperty(`--${name}`, value);
    }
    return element;
  }

  /** Half a cell is written as a fraction. */
  function number(value) {
    const whole = Math.trunc(value);
    return value === whole ? sign(value) : `${value < 0 ? "−" : ""}${Math.abs(whole) || ""}½`;
  }

  repaint();
  return root;
}

/** PyTorch code for zeros that may differ on the two sides: then a layer of their own adds them. */
function padThenConvolve({ before, after }, layer) {
  if (before === after) return conv2dCode({ ...layer, padding: before });
  const pad = moduleCode("ZeroPad2d", [`(${before}, ${after}, ${before}, ${after})`]);
  return sequentialCode([pad, conv2dCode({ ...layer, padding: 0 })]);
}

export default widget(draw);
