/**
 * ChannelsExplorer: a convolution over a few channels with all its numbers: what each plane gives,
 * their sum, and the bias.
 *
 * A control or a pick writes traits, and every change of a trait repaints all from the traits.
 */
import { groupOf, inputsOf } from "./math/channels.js";
import { key, only, range } from "./math/lists.js";
import { describe, fitPick, planesProblem } from "./math/planes.js";
import { layerSentence, pickedSentence, sentenceOf } from "./math/planes_story.js";
import { term } from "./math/sums.js";
import { clauses, sign, speak } from "./math/text.js";
import { english, phrase, t } from "./math/words.js";
import { createCheck, createChoices, createCodeLine } from "./parts/controls.js";
import { createRoot, createVoice, el, inked, setAttribute, setText } from "./parts/dom.js";
import { createOperator, createPanel } from "./parts/grid.js";
import { createLayerControls, plain } from "./parts/layer_controls.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const LAYER = ["in_channels", "out_channels", "groups", "input_size", "kernel_size", "bias"];
const TRAITS = [...LAYER, "powers", "picked"];
const numberChoices = () => [
  [t("small"), { powers: false }],
  ["1, 10, 100", { powers: true }],
];
const HINT = english("Pick an input, a weight or an output: all that it touches lights up.");

function draw(model, signal) {
  const { limits } = model.get("constants");
  const { read, write: send } = bind(model, TRAITS, repaint, signal);
  const code = createCodeLine(signal);
  const picture = createPicture((...picked) => write({ picked }), limits, signal);
  const controls = createLayerControls({
    controls: LAYER.map((name) =>
      name === "bias" ? { ...plain(name), create: createCheck } : plain(name, ...limits[name]),
    ),
    past: true,
    hint: t(HINT),
    signal,
    onLayer: write,
    forbids: planesProblem,
  });
  const numbers = createChoices({
    name: t("Numbers"),
    title: t("Numbers"),
    choices: numberChoices(),
    onPick: write,
    signal,
  });
  const reading = el("p", "cv-title");
  const about = el("p", "");
  const spoken = createVoice();

  /** The pick moves along to the nearest number that is there. */
  function write(values) {
    const wanted = { ...read(), ...values };
    send({ ...values, picked: fitPick(wanted.picked, wanted) });
  }

  function repaint() {
    const traits = read();
    const why = planesProblem(traits);
    if (why) return controls.reject(why); // only a host without Python's checks can get here
    const shown = describe(traits);
    code.show(shown.code);
    picture.show(shown);
    controls.show(only(traits, LAYER));
    numbers.show(({ powers }) => powers === traits.powers);
    const { text, facts } = pickedSentence(shown);
    const cell = inked(inkOf(shown.picked[0]), facts.cell);
    reading.replaceChildren(...phrase(text, { ...facts, cell }));
    setText(about, layerSentence(shown.layer));
    setText(spoken, sentenceOf(shown));
  }

  const story = el("div", "cv-story", {}, reading, about);
  const operated = [numbers.element, controls.element, controls.status];
  const parts = [code.element, picture.element, story, ...operated, spoken];
  const root = createRoot("cv-channels", t("Channels explorer"), signal, ...parts);
  repaint();
  return root;
}

const inkOf = (kind) => (kind === "weight" ? "kernel" : kind);

// ---------------------------------------------------------------------------------- the picture

/** A row for each input channel, the sum of what they give, and the output channels. */
function createPicture(onPick, { in_channels: [, most_in], out_channels: [, most_out] }, signal) {
  let shown = null;
  const rows = range(most_in).map((channel) => {
    const onWeight = (row, column) => {
      const [output] = shown.shown;
      onPick("weight", output, inputsOf(shown.layer, output).indexOf(channel), row, column);
    };
    return createRow(channel, (...at) => onPick("input", channel, ...at), onWeight, signal);
  });
  const outputs = range(most_out).map((channel) =>
    createPanel({
      kind: "output",
      title: t("output {channel}", { channel }),
      onPick: (...at) => onPick("output", channel, ...at),
      signal,
    }),
  );
  const sum = el("div", "cv-sum");
  const planes = el("div", "cv-planes", {}, ...rows.map((row) => row.element));
  const made = el("div", "cv-made", {}, ...outputs.map((panel) => panel.element));
  const stage = el("div", "cv-stage", {}, planes, sum, createOperator("→"), made);
  return {
    element: stage,
    show(picture) {
      shown = picture;
      const { in_channels, out_channels, input_size, kernel_size } = picture.layer;
      stage.style.setProperty("--size", input_size);
      stage.style.setProperty("--taps", kernel_size);
      stage.style.setProperty("--planes", Math.max(in_channels, out_channels));
      rows.forEach((row) => {
        row.show(picture);
      });
      outputs.forEach((panel, channel) => {
        showOutput(panel, channel, picture);
      });
      showSum(sum, picture);
    },
  };
}

/** One input channel: its plane, the kernel that the filter has for it, and what they give. */
function createRow(channel, onPixel, onWeight, signal) {
  const name = { title: t("channel {channel}", { channel }), onPick: onPixel };
  const input = createPanel({ kind: "input", ...name, signal });
  const kernel = createPanel({ kind: "kernel", title: t("Kernel"), onPick: onWeight, signal });
  const times = createOperator("×");
  const products = el("div", "cv-product");
  const given = el("strong", "cv-given");
  const parts = [input.element, times, kernel.element, products, given];
  const element = el("div", "cv-plane", {}, ...parts);
  return {
    element,
    show(picture) {
      element.hidden = channel >= picture.layer.in_channels;
      if (element.hidden) return;
      showInput(input, channel, picture);
      const plane = picture.planes.find((each) => each.input === channel);
      setAttribute(element, "data-idle", !plane);
      for (const part of [times, kernel.element]) part.hidden = !plane;
      if (!plane) {
        const group = groupOf(channel, picture.layer.in_channels, picture.layer.groups);
        const facts = { group, output: picture.shown[0] };
        setText(products, t("group {group}: output {output} does not read it", facts));
        return setText(given, "");
      }
      showKernel(kernel, plane, picture);
      products.replaceChildren(...productLines(plane));
      setText(given, `= ${sign(plane.sum)}`);
    },
  };
}

function showInput({ grid }, channel, { layer, picked, inputs, shown, touched }) {
  const [kind, ...at] = picked;
  grid.resize(layer.input_size, layer.input_size);
  inputs[channel].forEach((line, row) => {
    for (const [column, number] of line.entries()) {
      const place = key([channel, row, column]);
      const isPicked = kind === "input" && key(at) === place;
      const isTouched = touched.input.has(place) && !isPicked;
      grid.paint(row, column, {
        text: sign(number),
        spoken: spokenCell(row, column, number, isTouched),
        marks: [isPicked && "picked", isTouched && "tap", long(number)],
      });
    }
  });
  grid.activate(...(kind === "input" && at[0] === channel ? at.slice(1) : [0, 0]));
  const isRead = inputsOf(layer, shown[0]).includes(channel);
  const [, row, column] = shown;
  const k = layer.kernel_size;
  grid.outline(isRead ? { row, column, rows: k, columns: k } : null);
}

function showKernel({ grid, name }, { input, kernel }, { layer, picked, shown, touched }) {
  const [output] = shown;
  const index = inputsOf(layer, output).indexOf(input);
  const [kind, ...at] = picked;
  const title = `weight[${output}, ${index}]`;
  setText(name, title);
  grid.rename("kernel", title);
  grid.resize(layer.kernel_size, layer.kernel_size);
  kernel.forEach((line, i) => {
    for (const [j, weight] of line.entries()) {
      const isPicked = kind === "weight" && key(at) === key([output, index, i, j]);
      const isIdle = !touched.weight.has(key([input, i, j]));
      grid.paint(i, j, {
        text: sign(weight),
        spoken: spokenCell(i, j, weight),
        marks: [isPicked && "picked", isIdle && "idle"],
      });
    }
  });
  grid.activate(...(kind === "weight" && at[1] === index ? at.slice(2) : [0, 0]));
}

/** A line for each row of the kernel. */
function productLines({ products }) {
  return products.map((line, row) =>
    el(
      "div",
      "",
      {},
      ...line.flatMap(({ value, weight }, column) => [
        row + column ? " + " : "",
        inked("input", value),
        "×",
        inked("kernel", term(weight)),
      ]),
    ),
  );
}

/** The sum over the planes, the bias, and the number that it makes. */
function showSum(element, picture) {
  const { shown, planes, total } = picture;
  const title = inked("output", `output[${shown.join(", ")}]`);
  const lines = planes.map(({ input, sum }) =>
    entry(t("channel {channel}", { channel: input }), sign(sum)),
  );
  if (picture.layer.bias)
    lines.push(entry(t("bias {bias}", { bias: shown[0] }), sign(picture.bias)));
  const result = el(
    "div",
    "cv-result",
    {},
    el("span", "", {}, t("sum")),
    inked("output", sign(total)),
  );
  element.replaceChildren(title, ...lines, result);
}

function entry(name, number) {
  return el("div", "", {}, el("span", "cv-quiet", {}, name), number);
}

function showOutput({ element, grid }, channel, { layer, picked, outputs, shown, touched }) {
  element.hidden = channel >= layer.out_channels;
  if (element.hidden) return;
  const [kind, ...at] = picked;
  const plane = outputs[channel];
  grid.resize(plane.length, plane.length);
  plane.forEach((line, row) => {
    for (const [column, number] of line.entries()) {
      const place = key([channel, row, column]);
      const isPicked = kind === "output" && key(at) === place;
      const isFed = kind !== "output" && touched.output.has(place);
      grid.paint(row, column, {
        text: sign(number),
        spoken: spokenCell(row, column, number, isFed),
        marks: [
          isPicked && "picked",
          isFed && "fed",
          !isPicked && key(shown) === place && "shown",
          long(number),
        ],
      });
    }
  });
  grid.activate(...(kind === "output" && at[0] === channel ? at.slice(1) : [0, 0]));
}

/** A number with its place, and whether the pick touches it. */
function spokenCell(row, column, number, isTouched = false) {
  const facts = { row, column, value: speak(number) };
  return clauses([t("row {row}, column {column}: {value}", facts), isTouched && t("touched")]);
}

/** Long numbers are written smaller. */
function long(number) {
  const { length } = sign(number);
  if (length > 3) return "longer";
  return length === 3 && "long";
}

export default widget(draw);
