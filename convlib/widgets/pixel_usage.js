/**
 * PixelUsage: how often a layer reads each pixel of its input, and by which paths; and the same
 * paths read backwards, as the gradient of the input, which is a transposed convolution.
 */
import {
  axesOf,
  effectiveKernelSize,
  fedBy,
  outputSize,
  paddedSize,
  problem,
  readers,
  weightValue,
} from "./math/arithmetic.js";
import { byCell, key, range } from "./math/lists.js";
import { many, sign, speak, square } from "./math/text.js";
import { conv2dCode, options } from "./math/torch_code.js";
import { inputGradient, outputPadding, usage, weightName, whyUnread } from "./math/usage.js";
import { createButton, createCodeLine } from "./parts/controls.js";
import { createRoot, createVoice, el, inked, setAttribute, setText } from "./parts/dom.js";
import { createOperator, createPanel, createStage } from "./parts/grid.js";
import { createLayerControls, plain, squareKernel } from "./parts/layer_controls.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const LAYER = ["input_size", "kernel_size", "stride", "padding", "dilation"];
const TRAITS = [...LAYER, "cell", "view"];

export const CONTROLS = [
  plain("input_size", 1, 8),
  squareKernel(1, 5),
  plain("stride", 1, 4),
  plain("padding", 0, 3),
  plain("dilation", 1, 3),
];

/** The layer that the traits describe, as arithmetic.js wants it. */
export function layerOf({ input_size, kernel_size: k, stride, padding, dilation }) {
  const steps = { stride, padding, dilation };
  return { input_size, kernel_size: [k, k], ...steps, padding_mode: "zeros", bias: false };
}

/** The layer as a line of PyTorch: the convolution, or the transposed one that runs it back. */
export function codeOf(layer, backwards) {
  if (!backwards) return conv2dCode(layer);
  const settings = options({ ...layer, output_padding: outputPadding(layer) });
  return `torch.nn.ConvTranspose2d(1, 1, kernel_size=(${layer.kernel_size.join(", ")})${settings})`;
}

const VIEWS = [
  ["usage", "use counts"],
  ["gradient", "gradient"],
];
const EXAMPLES = [
  ["edges", { input_size: 8, kernel_size: 3, stride: 1, padding: 1, dilation: 1, cell: [0, 0] }],
  ["no edges", { input_size: 8, kernel_size: 3, stride: 1, padding: 2, dilation: 1, cell: [0, 0] }],
  ["floor", { input_size: 8, kernel_size: 3, stride: 2, padding: 0, dilation: 1, cell: [4, 4] }],
  ["holes", { input_size: 8, kernel_size: 1, stride: 2, padding: 0, dilation: 1, cell: [2, 2] }],
  ["gridding", { input_size: 7, kernel_size: 3, stride: 2, padding: 0, dilation: 2, cell: [2, 2] }],
];
const HINT = "Pick a pixel of the input to see every output it feeds, and through which weight.";

function draw(model, signal) {
  // ---------------------------------------------------------------------------- the parts

  const code = createCodeLine(signal);
  const controls = createLayerControls({
    controls: CONTROLS,
    hint: HINT,
    signal,
    onLayer: (layer) => write({ ...layer, kernel_size: layer.kernel_size[0] }),
  });
  const examples = EXAMPLES.map(([label, settings]) =>
    createButton({ label, onClick: () => write(settings), signal }),
  );
  const views = VIEWS.map(([view, label]) =>
    createButton({ label, onClick: () => write({ view }), signal }),
  );

  const input = createPanel({ kind: "input", title: "input", onPick: pick, signal });
  const kernel = createPanel({ kind: "kernel", title: "Kernel", signal });
  const output = createPanel({ kind: "output", title: "output", signal });
  const arrows = range(2).map(() => createOperator(""));
  const legend = el("ul", "cv-legend", { "aria-label": "How many pixels are read how often" });
  const reading = el("div", "cv-scroll");
  const notes = el("div", "");
  const spoken = createVoice();

  const stage = createStage(
    input.element,
    el("div", "cv-step", {}, arrows[0], kernel.element),
    el("div", "cv-step", {}, arrows[1], output.element),
  );
  const root = createRoot(
    "cv-usage",
    "Pixel usage",
    signal,
    code.element,
    controls.element,
    controls.status,
    el(
      "div",
      "cv-bar",
      { "data-operated": true },
      el(
        "div",
        "cv-choices",
        { role: "group", "aria-label": "View" },
        el("span", "cv-quiet", {}, "Show"),
        ...views,
      ),
      el(
        "div",
        "cv-choices",
        { role: "group", "aria-label": "Examples" },
        el("span", "cv-quiet", {}, "Try"),
        ...examples,
      ),
    ),
    stage.element,
    legend,
    el("div", "cv-readings", {}, reading, notes),
    spoken,
  );

  // ---------------------------------------------------------------------------- the actions

  const state = bind(model, TRAITS, repaint, signal);

  function write(values) {
    const { cell, input_size } = { ...state.read(), ...values };
    state.write({ ...values, cell: cell.map((at) => Math.min(at, input_size - 1)) });
  }

  function pick(row, column) {
    write({ cell: [row, column] });
  }

  // ---------------------------------------------------------------------------- the picture

  function repaint() {
    const traits = state.read();
    const layer = layerOf(traits);
    const why = problem(layer);
    if (why) return controls.reject(why);
    const cell = traits.cell.map((at) => Math.min(at, layer.input_size - 1));
    const backwards = traits.view === "gradient";
    const axes = axesOf(layer);
    const picture = {
      layer,
      axes,
      cell,
      backwards,
      counts: usage(layer),
      unread: whyUnread(axes[0]),
      paths: fedBy(layer, ...cell),
    };

    code.show(codeOf(layer, backwards));
    controls.show(layer);
    views.forEach((button, index) =>
      setAttribute(button, "aria-pressed", String(VIEWS[index][0] === traits.view)),
    );
    showTitles(picture);
    showInput(picture);
    showKernel(picture);
    showOutput(picture);
    showLegend(picture);
    showReading(picture);
    notes.replaceChildren(...notesOf(picture).map((sentence) => el("p", "", {}, sentence)));
  }

  function showTitles({ layer, axes, backwards }) {
    const [n, k] = [layer.input_size, layer.kernel_size[0]];
    const [padded, out] = [paddedSize(axes[0]), outputSize(axes[0])];
    const span = effectiveKernelSize(k, layer.dilation);
    setText(input.name, backwards ? "Gradient of the input" : "Input: times read");
    setText(input.size, square(n) + (padded > n ? `, padded to ${square(padded)}` : ""));
    setText(kernel.size, square(k) + (span > k ? `, spread over ${square(span)}` : ""));
    setText(output.name, backwards ? "Gradient of the output" : "Output: who reads it");
    setText(output.size, square(out) + (backwards ? " ones" : ""));
    for (const arrow of arrows) setText(arrow, backwards ? "←" : "→");
    // The kernel's cells have their own size, and its title needs room.
    stage.fit(padded + Math.max(1.2 * k, 3.5) + out, padded);
  }

  function showInput({ layer, cell, backwards, counts, unread }) {
    const { input_size: n, padding } = layer;
    const numbers = backwards ? inputGradient(layer) : counts;
    const most = Math.max(...numbers.flat().map(Math.abs));
    input.grid.element.style.setProperty("padding", `calc(${padding} * var(--cell))`);
    input.grid.resize(n, n);
    numbers.forEach((line, row) =>
      line.forEach((number, column) => {
        const reasons = [unread[row], unread[column]];
        const never = reasons.includes("floor") ? "floor" : (reasons[0] ?? reasons[1]);
        const said = backwards ? `gradient ${speak(number)}` : `read ${times(number)}`;
        input.grid.paint(row, column, {
          text: sign(number),
          spoken: `row ${row}, column ${column}: ${never ? "never read" : said}`,
          level: most && Math.abs(number) / most,
          marks: [
            "core",
            never ? "unread" : "heat",
            never,
            number < 0 && "negative",
            key([row, column]) === key(cell) && "picked",
          ],
        });
      }),
    );
    input.grid.activate(...cell);
  }

  function showKernel({ layer, backwards, paths }) {
    const [height, width] = layer.kernel_size;
    const used = byCell(paths, (path) => path.weightCell);
    kernel.grid.resize(height, width);
    for (const i of range(height)) {
      for (const j of range(width)) {
        const name = weightName([i, j], width);
        const weight = weightValue(i, j);
        kernel.grid.paint(i, j, {
          text: name,
          corner: backwards ? sign(weight) : "",
          spoken: `weight ${name}${backwards ? ` = ${speak(weight)}` : ""}`,
          marks: [used.has(key([i, j])) ? "used" : "idle"],
        });
      }
    }
  }

  function showOutput({ layer, axes, paths }) {
    const through = byCell(paths, (path) => path.output);
    const size = outputSize(axes[0]);
    output.grid.resize(size, size);
    for (const row of range(size)) {
      for (const column of range(size)) {
        const path = through.get(key([row, column]))?.[0];
        const name = path ? weightName(path.weightCell, layer.kernel_size[1]) : "";
        output.grid.paint(row, column, {
          text: name,
          spoken: `row ${row}, column ${column}: ${path ? `through weight ${name}` : "not fed"}`,
          marks: [path ? "fed" : "idle"],
        });
      }
    }
  }

  /** Every count that occurs, with the number of pixels; and the two kinds of never. */
  function showLegend({ layer, backwards, counts, unread }) {
    const all = counts.flat();
    const most = Math.max(...all);
    const entry = (marks, level, text, label) => {
      const style = level ? `--level: ${level}%` : false;
      const swatch = el("span", "cv-cell", { "data-marks": marks, style }, text);
      return el("li", "", {}, swatch, label);
    };
    const kinds = [...new Set(all)].sort((a, b) => a - b).filter((count) => count > 0);
    const read = backwards
      ? []
      : kinds.map((count) => {
          const here = all.filter((other) => other === count).length;
          return entry("heat", (100 * count) / most, String(count), many(here, "pixel"));
        });
    const square = (isMember) => unread.filter(isMember).length ** 2;
    const beforeEnd = square((reason) => reason !== "floor");
    const lost = [
      ["floor", layer.input_size ** 2 - beforeEnd, "past the last window"],
      ["gap", beforeEnd - square((reason) => reason === null), "in a gap"],
    ]
      .filter(([, number]) => number > 0)
      .map(([kind, number, where]) =>
        entry(`unread ${kind}`, 0, "0", `${many(number, "pixel")}, ${where}`),
      );
    legend.replaceChildren(...read, ...lost);
    legend.hidden = read.length + lost.length === 0;
  }

  function showReading({ layer, axes, cell, backwards, paths }) {
    const width = layer.kernel_size[1];
    const name = (path) => weightName(path.weightCell, width);
    const [rows, columns] = axes.map((axis, index) => readers(axis, cell[index], "zeros").length);
    const total = paths.reduce((sum, path) => sum + path.weight, 0);
    const place = `[${cell.join(", ")}]`;
    const title = backwards
      ? [inked("input", `gradient${place}`), ` = ${sign(total)}`]
      : [inked("input", `input${place}`), ` is read ${times(paths.length)}`];
    const lines = [];
    if (paths.length === 0) {
      lines.push(
        backwards
          ? "No path leads back to it: its gradient is always 0."
          : "No window reads it: any number there changes nothing.",
      );
    } else if (backwards) {
      const signed = paths.map(({ weight }, index) =>
        index === 0 ? sign(weight) : `${weight < 0 ? "−" : "+"} ${Math.abs(weight)}`,
      );
      lines.push(inked("kernel", paths.map(name).join(" + ")));
      if (paths.length > 1) lines.push(`= ${signed.join(" ")}`);
    } else {
      lines.push(`${rows} down × ${columns} across`);
    }
    const items = paths.map((path) =>
      el(
        "li",
        "",
        {},
        inked("output", `output[${path.output.join(", ")}]`),
        " through ",
        inked("kernel", name(path)),
        el("span", "cv-quiet", {}, ` = weight[${path.weightCell.join(", ")}]`),
      ),
    );
    reading.replaceChildren(
      el("div", "cv-title", {}, ...title),
      ...lines.map((line) => el("div", "", {}, line)),
      ...(items.length && !backwards
        ? [el("ul", "cv-paths", { tabindex: 0, "aria-label": "Outputs fed" }, ...items)]
        : []),
    );

    const where = `Row ${cell[0]}, column ${cell[1]}`;
    const said = paths.map(
      (path) =>
        `output row ${path.output[0]}, column ${path.output[1]} through weight ${name(path)}`,
    );
    setText(
      spoken,
      backwards
        ? `${where} has gradient ${speak(total)}` +
            (paths.length
              ? `, the sum of weights ${paths.map(name).join(", ")}.`
              : ": it is never read.")
        : `${where} is read ${times(paths.length)}` +
            (paths.length ? `: ${said.join("; ")}.` : "."),
    );
  }

  repaint();
  return root;
}

const times = (count) => (count === 0 ? "never" : count === 1 ? "once" : `${count} times`);

/** What the whole picture says, in sentences. */
export function notesOf({ layer, axes, backwards, counts }) {
  const { input_size: n, padding, dilation, stride } = layer;
  const [k] = layer.kernel_size;
  const all = counts.flat();
  const total = all.reduce((sum, count) => sum + count, 0);
  const read = all.filter((count) => count > 0).length;
  const outputs = outputSize(axes[0]) ** 2;
  const least = Math.min(...all);

  if (backwards) {
    const extra = outputPadding(layer);
    return [
      "The gradient of the sum of all outputs: each output sends back a 1. On its way it is " +
        "multiplied by a weight, and a pixel adds up what arrives. This is the transposed " +
        "convolution of an image of ones.",
      stride === 1 &&
        dilation === 1 &&
        k > 1 &&
        "In the output the letters stand turned by 180°: running back is a convolution with the " +
          "turned kernel.",
      extra > 0 &&
        `output_padding=${extra} gives back the ${many(extra, "cell")} at the end that the ` +
          "floor cut off.",
    ].filter(Boolean);
  }
  return [
    read === n * n ? "Every pixel is read." : `${read} of ${n * n} pixels are read.`,
    least === Math.max(...all) && least > 0
      ? `Every pixel counts the same.`
      : stride === 1 &&
        read === n * n &&
        `Padding ${dilation * (k - 1)} on each side would make every pixel count the same.`,
    `${many(outputs, "output")} × ${many(k * k, "weight")} = ${many(outputs * k * k, "read")}` +
      (padding > 0 ? `: ${total} of pixels, ${outputs * k * k - total} of padding.` : "."),
  ].filter(Boolean);
}

export default widget(draw);
