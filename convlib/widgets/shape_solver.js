/**
 * ShapeSolver: the floor of the output-size formula as geometry on one axis, and the way back from
 * two sizes to every layer that connects them.
 */
import { axesOf, outputSize, problem } from "./math/arithmetic.js";
import { countSentence, notesOf, reasonOf, stripSentence } from "./math/axis_story.js";
import { inputsWithSameOutput, layerOf, readCount, solve } from "./math/solver.js";
import { listed, sentences } from "./math/text.js";
import { layerCode } from "./math/torch_code.js";
import { english, phrase, t } from "./math/words.js";
import { axisStrip } from "./parts/axis_strip.js";
import {
  createButton,
  createChoices,
  createCodeLine,
  createNumber,
  createSlider,
  createTypedSlider,
} from "./parts/controls.js";
import { createRoot, createVoice, el, inked, isNews, setAttribute, setText } from "./parts/dom.js";
import { createFormula } from "./parts/formula.js";
import { createLayerControls, plain, squareKernel } from "./parts/layer_controls.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const LAYER = ["input_size", "kernel_size", "stride", "padding", "dilation"];
const BOUNDS = ["max_kernel_size", "max_stride", "max_padding", "max_dilation"];
const TRAITS = [...LAYER, "target", ...BOUNDS];
const MOST_CHIPS = 8; // of input sizes with the same output

const EXAMPLES = [
  ["10 → 4", { input_size: 10, kernel_size: 3, stride: 2, padding: 0, dilation: 1 }],
  ["54.25?", { input_size: 224, kernel_size: 11, stride: 4, padding: 0, dilation: 1 }],
  [
    english("even 'same'"),
    { input_size: 10, kernel_size: 4, stride: 1, padding: "same", dilation: 1 },
  ],
  ["32 → 16", { input_size: 32, kernel_size: 3, stride: 2, padding: 1, dilation: 1, target: 16 }],
  ["64 → 40", { input_size: 64, kernel_size: 3, stride: 1, padding: 1, dilation: 1, target: 40 }],
];
const HINT = english("One axis of the layer: height and width each work like this.");

function draw(model, signal) {
  const constants = model.get("constants");
  const { read, write } = bind(model, TRAITS, repaint, signal);
  const code = createCodeLine(signal);
  const controls = createLayerControls({
    controls: controlsOf(constants),
    same: true,
    hint: t(HINT),
    signal,
    onLayer: (layer) => write({ ...layer, kernel_size: layer.kernel_size[0] }),
  });
  const row = (name, title, choices) =>
    createChoices({ name, title, choices, onPick: write, signal }).element;
  const named = EXAMPLES.map(([name, values]) => [t(name), values]);
  const examples = row(t("Examples"), t("Try"), named);
  const axisView = createAxisView(write, signal);
  const search = createSearch(constants, write, signal);
  const spoken = createVoice();

  function repaint() {
    const traits = read();
    const layer = layerOf(traits);
    const why = problem(layer);
    if (why) return controls.reject(why);
    code.show(layerCode(layer));
    controls.show(layer);
    const said = [axisView.show(layer), search.show(traits)];
    setText(spoken, sentences(said));
  }

  const touched = [controls.element, controls.status, examples];
  const hold = el("div", "cv-hold", {}, axisView.picture, ...touched);
  const parts = [code.element, hold, axisView.readings, search.element, spoken];
  const root = createRoot("cv-solver", t("Shape solver"), signal, ...parts);
  repaint();
  return root;
}

/** The controls of the layer: sliders over the usual values, fields for all others. */
function controlsOf({ limits, sliders }) {
  const typed = (control) => ({
    ...control,
    create: createTypedSlider,
    most: limits[control.name][1],
  });
  return [
    plain("input_size", ...limits.input_size, createNumber),
    typed(squareKernel(...sliders.kernel_size)),
    ...["stride", "padding", "dilation"].map((name) => typed(plain(name, ...sliders[name]))),
  ];
}

// ---------------------------------------------------------------------------------- the axis

/** The strip with its stops, the formula, and what follows from both. */
function createAxisView(write, signal) {
  const sizes = el("p", "cv-sizes");
  const strip = el("div", "");
  const formula = createFormula("H");
  const notes = el("div", "");
  const sharing = createSharing(write, signal);
  const side = el("div", "", {}, notes, sharing.element);
  const workings = el("div", "cv-scroll", {}, formula.element);

  /** Draw the layer; return what it shows as a sentence. */
  function show(layer) {
    const [axis] = axesOf(layer);
    const sentence = stripSentence(axis);
    if (isNews(strip, layer)) {
      // a new target alone leaves the axis as it is
      const [from, to] = [inked("input", axis.size), inked("output", outputSize(axis))];
      sizes.replaceChildren(...phrase("input {from} → output {to}", { from, to }));
      strip.replaceChildren(axisStrip(axis, sentence));
      formula.show(axis);
      notes.replaceChildren(...notesOf(axis, layer.padding).map((text) => el("p", "", {}, text)));
    }
    sharing.show(axis);
    return sentence;
  }

  const names = { tabindex: 0, role: "group", "aria-label": t("One axis") }; // it may scroll
  const picture = el("div", "cv-picture", names, sizes, strip);
  return { picture, readings: el("div", "cv-readings", {}, workings, side), show };
}

/** Chips for the inputs with this output; made anew only if they differ, so that focus stays. */
function createSharing(write, signal) {
  const names = { "data-operated": true, role: "group", "aria-label": t("Input sizes") };
  const element = el("div", "cv-choices", names);

  function show(axis) {
    const inputs = inputsWithSameOutput(axis);
    const heading = t("Inputs that give {output}:", { output: outputSize(axis) });
    const isLong = inputs.length > MOST_CHIPS;
    if (isNews(element, heading, inputs)) {
      const chips = (isLong ? [inputs[0], inputs.at(-1)] : inputs).map((input_size) =>
        createButton({ label: String(input_size), onClick: () => write({ input_size }), signal }),
      );
      const [from, to] = chips;
      const shown = isLong ? phrase("{from} to {to}", { from, to }) : chips;
      element.replaceChildren(el("span", "", {}, heading), ...shown);
    }
    for (const chip of element.querySelectorAll("button")) {
      setAttribute(chip, "aria-pressed", String(Number(chip.textContent) === axis.size));
    }
  }

  return { element, show };
}

// ---------------------------------------------------------------------------------- the way back

/** A target, how far to look, and the settings that give the target, or why there is none. */
function createSearch({ limits, sliders }, write, signal) {
  const [min, max] = limits.target;
  const target = createNumber({
    name: t("target"),
    min,
    max,
    onInput: (target) => write({ target }),
    signal,
  });
  const bounds = createBounds(sliders, write, signal);
  const title = el("p", "cv-title");
  const answer = el("div", "cv-reached");
  const asked = el("div", "", {}, target.element, target.refusal, bounds.element);
  const element = el("div", "cv-back", {}, asked, el("div", "", {}, title, answer));

  /** Return what was found as a sentence. */
  function show(traits) {
    const { input_size: n, target: m } = traits;
    target.show(m);
    bounds.show(traits);
    const found = search(traits);
    setText(title, found.sentence);
    setAttribute(element, "data-operated", m === null); // a question, and the ways to ask it
    if (isNews(answer, n, m, ...BOUNDS.map((name) => traits[name]))) {
      const hadFocus = answer.contains(document.activeElement);
      answer.replaceChildren(...answerParts(found, traits, write, signal));
      if (hadFocus) target.element.querySelector("input").focus();
    }
    [...answer.querySelectorAll("li button")].forEach((button, index) =>
      setAttribute(button, "aria-pressed", String(isShown(found.settings[index], traits))),
    );
    return m === null ? "" : sentences([found.sentence, ...(found.reason?.sentences ?? [])]);
  }

  return { element, show };
}

/** How far to look: a slider for each setting, folded under a line that says where they stand. */
function createBounds(sliders, write, signal) {
  const summary = el("summary", "");
  const controls = BOUNDS.map((name) => {
    const [min, max] = sliders[name.replace("max_", "")];
    return createSlider({ name, min, max, onInput: (value) => write({ [name]: value }), signal });
  });
  const elements = controls.map((control) => control.element);
  return {
    element: el("details", "", { "data-operated": true }, summary, ...elements),
    show(traits) {
      controls.forEach((control, index) => control.show(traits[BOUNDS[index]], () => true));
      const far = BOUNDS.map((name) => `${name.replace("max_", "")} ${traits[name]}`);
      setText(summary, t("up to {bounds}", { bounds: listed(far) }));
    },
  };
}

/** The settings that give the target, or the reason why there is none. */
function search(traits) {
  const { input_size: n, target: m } = traits;
  if (m === null) {
    const sentence = t("Which layers turn {input} into another size?", { input: n });
    return { settings: [], reason: null, sentence };
  }
  const settings = solve(n, m, traits);
  if (settings.length) {
    const sentence = countSentence(settings, n, m, traits.max_dilation);
    return { settings, reason: null, sentence };
  }
  const facts = { input: n, output: m };
  const sentence = t("No setting within the bounds turns {input} into {output}.", facts);
  return { settings, reason: reasonOf(n, m, traits), sentence };
}

function answerParts({ settings, reason }, traits, write, signal) {
  const { input_size: n, target, max_dilation } = traits;
  const targets = (title, sizes) => {
    const choices = sizes.map((size) => [String(size), { target: size }]);
    return createChoices({ name: t("Targets"), title, choices, onPick: write, signal }).element;
  };
  if (target === null) {
    const sizes = [...new Set([n, Math.ceil(n / 2)])];
    return [targets(t("Type the size that you want as the target, or try"), sizes)];
  }
  if (reason) {
    const sentences = reason.sentences.map((text) => el("p", "", {}, text));
    return [...sentences, targets(t("Nearest:"), reason.nearest)];
  }
  return settingTable(settings, n, max_dilation, write, signal);
}

/** A line for each setting, which loads it. */
function settingTable(settings, input, mostDilation, write, signal) {
  const rows = settings.map((setting) => {
    const count = readCount(setting, input);
    const reads = count === input ? t("all") : t("{count} of {all}", { count, all: input });
    const shown = { ...setting };
    if (setting.kernel_size === 1 && mostDilation > 1) shown.dilation = `1–${mostDilation}`;
    const words = Object.entries(shown).map(([name, value]) => `${name} ${value}`);
    const spoken = t("{setting}: reads {reads}", { setting: listed(words), reads });
    const names = { type: "button", "aria-label": spoken };
    const text = [...Object.values(shown), reads].join("\t");
    const button = el("button", "cv-setting", names, text);
    button.addEventListener("click", () => write(setting), { signal });
    return el("li", "", {}, button);
  });
  const settingNames = ["kernel_\u200bsize", "stride", "padding", "dilation"];
  const head = [
    ...settingNames.map((name) => el("span", "", { "data-code": true }, name)),
    el("span", "", {}, t("input read")),
  ];
  return [
    el("div", "cv-setting cv-quiet", { "aria-hidden": "true" }, ...head),
    el("ul", "", {}, ...rows),
  ];
}

/** Whether a setting is the layer on the axis. */
function isShown(setting, traits) {
  return Object.entries(setting).every(
    ([name, value]) => traits[name] === value || (name === "dilation" && traits.kernel_size === 1),
  );
}

export default widget(draw);
