/**
 * TransposedExplorer: each input stamps its multiple of the kernel into the output, overlaps add up,
 * and the padding cuts the border off. Read backwards, the same picture is the convolution.
 *
 * A control or a pick writes traits, and every change of a trait repaints all from the traits.
 */
import { effectiveKernelSize, weightValue } from "./math/arithmetic.js";
import { byCell, key, only, range } from "./math/lists.js";
import { clauses, sign, speak, square } from "./math/text.js";
import { describe, fitPicks, isKept, problem } from "./math/transposed.js";
import {
  addsUp,
  namesOf,
  notesOf,
  productsOf,
  sentenceOf,
  shownFactors,
  sizeEquation,
  stampsOf,
  titleOf,
  totalOf,
} from "./math/transposed_story.js";
import { english, phrase, t } from "./math/words.js";
import { createChoices, createCodeLine } from "./parts/controls.js";
import { createRoot, createVoice, el, inked, setAttribute, setText } from "./parts/dom.js";
import { createOperator, createPanel } from "./parts/grid.js";
import { createLayerControls, plain } from "./parts/layer_controls.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const LAYER = ["input_size", "kernel_size", "stride", "padding", "output_padding", "dilation"];
const TRAITS = [...LAYER, "ones", "backwards", "input_cell", "output_cell"];

const shownChoices = () => [
  [t("numbers"), { ones: false }],
  [t("ones"), { ones: true }],
];
const wayChoices = () => [
  [t("forwards"), { backwards: false }],
  [t("backwards"), { backwards: true }],
];
const PLAIN = { padding: 0, output_padding: 0, dilation: 1 };
const exampleChoices = () => [
  [t("checkerboard"), { ...PLAIN, input_size: 4, kernel_size: 3, stride: 2, ones: true }],
  [t("no checkerboard"), { ...PLAIN, input_size: 4, kernel_size: 4, stride: 2, ones: true }],
  [t("gaps"), { ...PLAIN, input_size: 4, kernel_size: 2, stride: 3, ones: true }],
  [t("doubling"), { ...PLAIN, input_size: 4, kernel_size: 4, stride: 2, padding: 1 }],
  [
    "output_padding",
    { ...PLAIN, input_size: 3, kernel_size: 3, stride: 2, padding: 1, output_padding: 1 },
  ],
];
const MOST_IN_A_ROW = 15; // columns of cells
const MOST_TERMS = 9; // of a sum in one line
const HINT = english(
  "Pick an input: its stamp. Pick an output: what adds up there. Stronger colour: more stamps.",
);

function draw(model, signal) {
  const { limits, most_span } = model.get("constants");
  const forbids = (layer) => problem(layer, most_span);
  const { read, write: send } = bind(model, TRAITS, repaint, signal);
  const code = createCodeLine(signal);
  const picture = createPicture(write, signal);
  const bar = createBar(write, signal);
  const controls = createLayerControls({
    controls: LAYER.map((name) => plain(name, ...limits[name])),
    hint: t(HINT),
    signal,
    onLayer: write,
    forbids,
  });
  const reading = createReading();
  const notes = el("div", "cv-notes");
  const spoken = createVoice();

  /** Picks move along to the nearest cell that is there. */
  function write(values) {
    const wanted = { ...read(), ...values };
    if (!forbids(wanted)) send({ ...values, ...fitPicks(wanted) });
  }

  function repaint() {
    const traits = read();
    const why = forbids(traits);
    if (why) return controls.reject(why); // only a host without Python's checks can get here
    const shown = describe(traits);
    code.show(shown.code);
    picture.show(shown);
    bar.show(traits);
    controls.show(only(traits, LAYER));
    reading.show(shown);
    showNotes(notes, shown);
    setText(spoken, sentenceOf(shown));
  }

  const readings = el("div", "cv-readings", {}, reading.element, notes);
  const parts = [code.element, picture.element, bar.element, controls.element, controls.status];
  const root = createRoot(
    "cv-transposed",
    t("Transposed explorer"),
    signal,
    ...parts,
    readings,
    spoken,
  );
  repaint();
  return root;
}

/** Which way to read, which numbers to see, and examples to load. */
function createBar(write, signal) {
  const row = (name, title, choices) =>
    createChoices({ name, title, choices, onPick: write, signal });
  const ways = row(t("Direction"), t("Read it"), wayChoices());
  const numbers = row(t("Numbers"), t("Show"), shownChoices());
  const examples = row(t("Examples"), t("Try"), exampleChoices());
  return {
    element: el("div", "cv-bar", {}, ways.element, numbers.element, examples.element),
    show({ ones, backwards }) {
      ways.show((way) => way.backwards === backwards);
      numbers.show((shown) => shown.ones === ones);
    },
  };
}

// ---------------------------------------------------------------------------------- the picture

/** The small plane, the kernel, and the large plane with its stamps. */
function createPicture(write, signal) {
  const small = createPanel({
    kind: "input",
    title: t("Input"),
    onPick: (row, column) => write({ input_cell: [row, column], output_cell: null }),
    signal,
  });
  const kernel = createPanel({ kind: "kernel", title: t("Kernel"), signal });
  const large = createPanel({ kind: "output", title: t("Output"), onPick: pickLarge, signal });
  const arrow = createOperator("→");
  const times = createOperator("×");
  const side = el("div", "cv-side", {}, small.element, times, kernel.element);
  const element = el("div", "cv-stage", {}, side, arrow, large.element);
  large.element.classList.add("cv-large");
  let shown = null;

  /** What is cut off, or padding, is no output. */
  function pickLarge(row, column) {
    if (!isKept(shown.axis, [row, column])) return;
    const { before } = shown.axis;
    write({ output_cell: [row - before, column - before] });
  }

  return {
    element,
    show(picture) {
      shown = picture;
      const { layer, backwards } = picture;
      setText(arrow, backwards ? "←" : "→");
      showTitles({ small, kernel, large }, picture);
      showSmall(small.grid, picture);
      showKernel(kernel.grid, picture);
      showLarge(large.grid, picture);
      fitStage(element, picture.small.length, layer.kernel_size, picture.large.length);
    },
  };
}

/** Few cells stand in one row; with more, the kernel stands below the small plane. */
function fitStage(stage, small, kernel, large) {
  for (const [name, value] of Object.entries({ small, kernel, large })) {
    stage.style.setProperty(`--${name}`, value);
  }
  setAttribute(stage, "data-row", small + kernel + large <= MOST_IN_A_ROW);
}

function showTitles({ small, kernel, large }, picture) {
  const { axis, backwards, out, full } = picture;
  const names = namesOf(picture);
  for (const [panel, [kind, title]] of [
    [small, names.small],
    [large, names.large],
  ]) {
    panel.grid.rename(kind, title);
    setAttribute(panel.name, "class", `cv-${kind}-ink`);
    setText(panel.name, title);
  }
  const span = effectiveKernelSize(axis.kernel, axis.dilation);
  const spread = span > axis.kernel && t("spread over {size}", { size: square(span) });
  setText(small.size, square(picture.small.length));
  setText(kernel.size, clauses([square(axis.kernel), spread]));
  const border = backwards
    ? t("padded to {size}", { size: square(picture.large.length) })
    : t("cut out of {size}", { size: square(full) });
  setText(large.size, clauses([square(out), axis.before && border]));
}

function showSmall(grid, { small, picked, paths }) {
  const met = picked.kind === "large" ? byCell(paths, (path) => path.small) : null;
  grid.resize(small.length, small.length);
  small.forEach((line, row) => {
    for (const [column, number] of line.entries()) {
      const path = met?.get(key([row, column]))?.[0];
      const isPicked = !met && key(picked.cell) === key([row, column]);
      grid.paint(row, column, {
        text: sign(number),
        spoken: spokenCell([row, column], number),
        corner: path ? `×${sign(path.weight)}` : "",
        marks: [isPicked && "picked", path && "fed", wide(number)],
      });
    }
  });
  grid.activate(...(met ? [0, 0] : picked.cell));
}

/** The kernel; weights that do not meet the picked cell step back. */
function showKernel(grid, { layer, axis, picked, paths }) {
  const used = byCell(paths, (path) => path.weightCell);
  grid.resize(axis.kernel, axis.kernel);
  for (const i of range(axis.kernel)) {
    for (const j of range(axis.kernel)) {
      const weight = layer.ones ? 1 : weightValue(i, j);
      const isIdle = picked.kind === "large" && !used.has(key([i, j]));
      const spoken = spokenCell([i, j], weight);
      grid.paint(i, j, { text: sign(weight), spoken, marks: [isIdle && "idle"] });
    }
  }
}

/** The full result: the output in a dashed line, and around it what is cut off, or padding. */
function showLarge(grid, picture) {
  const { axis, out, large } = picture;
  const size = large.length;
  const box = grid.element;
  grid.resize(size, size, { top: axis.before, left: axis.before, rows: out, columns: out });
  box.style.setProperty("--before", axis.before);
  box.style.setProperty("--out", out);
  setAttribute(box, "data-cut", size > out);
  const most = Math.max(...picture.counts) ** 2;
  const tapped = new Set(picture.paths.map(({ position }) => key(position)));
  large.forEach((line, y) => {
    for (const x of line.keys()) grid.paint(y, x, largePaint(picture, y, x, most, tapped));
  });
  grid.activate(...startOf(picture).map((at) => at + axis.before));
  showStamp(grid, picture);
}

const spokenCell = ([row, column], number) =>
  t("row {row}, column {column}: {value}", { row, column, value: speak(number) });

const startOf = ({ picked }) => (picked.kind === "large" ? picked.cell : [0, 0]);

function largePaint({ axis, backwards, large, counts, full, picked }, y, x, most, tapped) {
  const number = large[y][x];
  const count = counts[y] * counts[x];
  const isKeptHere = isKept(axis, [y, x]);
  const isTapped = picked.kind === "small" && tapped.has(key([y, x]));
  const isPicked =
    picked.kind === "large" && key(picked.cell.map((at) => at + axis.before)) === key([y, x]);
  const isExtra = !backwards && isKeptHere && Math.max(y, x) >= full - axis.before;
  const place = [y, x].map((at) => at - axis.before);
  const spoken = isKeptHere ? spokenCell(place, number) : spokenBorder(backwards, number);
  return {
    text: sign(number),
    spoken: clauses([spoken, stampsOf(count)]),
    level: isKeptHere && count ? (0.7 * count) / most : 0,
    marks: [
      isKeptHere ? "heat" : backwards ? "zero" : "cut",
      count === 0 && isKeptHere && "empty",
      isExtra && "extra",
      isTapped && "tap",
      isPicked && "picked",
      wide(number),
    ],
  };
}

function spokenBorder(backwards, number) {
  const value = speak(number);
  return backwards ? t("padding: {value}", { value }) : t("cut off: {value}", { value });
}

/** The frame lies around the picked stamp, and carries what it adds to each cell. */
function showStamp(grid, { axis, backwards, picked, paths, number }) {
  if (picked.kind === "large") return grid.outline(null);
  const [row, column] = picked.cell.map((at) => at * axis.stride);
  const reach = effectiveKernelSize(axis.kernel, axis.dilation);
  grid.outline({ row, column, rows: reach, columns: reach });
  const added = (product) => `${product < 0 ? "−" : "+"}${Math.abs(product)}`;
  const texts = paths.map(({ position: [y, x], weight }) => ({
    row: y - row,
    column: x - column,
    text: backwards ? `×${sign(weight)}` : added(number * weight),
  }));
  grid.engrave(texts);
}

const wide = (number) => sign(number).length > 3 && "wide";

// ---------------------------------------------------------------------------------- the readings

/** The picked cell: its number, and each product that it is made of, or that it makes. */
function createReading() {
  const title = el("div", "cv-title");
  const total = el("div", "cv-total");
  const list = el("ul", "cv-paths", { tabindex: 0, "aria-label": t("Products") });
  return {
    element: el("div", "", {}, title, total, list),
    show(picture) {
      const { text, facts } = titleOf(picture);
      const kind = namesOf(picture)[picture.picked.kind][0];
      const products = productsOf(picture);
      title.replaceChildren(...phrase(text, { ...facts, cell: inked(kind, facts.cell) }));
      list.replaceChildren(...products.map((each) => productItem(each, addsUp(picture))));
      list.hidden = products.length === 0;
      list.style.setProperty("--item", addsUp(picture) ? "20em" : "9em");
      const { sum, result } = totalOf(products);
      total.hidden = !addsUp(picture) || products.length < 2 || products.length > MOST_TERMS;
      total.replaceChildren(`${sum} = `, el("strong", "cv-output-ink", {}, sign(result)));
    },
  };
}

/** A summand with its two factors; or what a stamp adds somewhere. */
function productItem({ from, to, weight, factors, product, isCut }, isSummand) {
  const number = el("strong", "", {}, sign(product));
  if (isSummand) {
    const named = [inked("input", from), " × ", inked("kernel", weight)];
    return el("li", "", {}, ...named, ` = ${shownFactors(factors)} = `, number);
  }
  const place = isCut ? el("span", "cv-quiet", {}, to) : inked("output", to);
  return el("li", "", {}, number, " → ", place);
}

function showNotes(notes, picture) {
  const { sum, result } = sizeEquation(picture);
  const size = el(
    "p",
    "",
    {},
    el("strong", "", {}, t("size out")),
    ` = ${sum} = `,
    el("strong", "cv-output-ink", {}, String(result)),
  );
  const sentences = notesOf(picture).map((sentence) => el("p", "", {}, sentence));
  notes.replaceChildren(...sentences, size);
}

export default widget(draw);
