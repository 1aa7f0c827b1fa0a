/**
 * DilatedStack: dilated layers, one after the other, from the side and from above: which input pixels
 * one output sees, and along how many paths.
 */
import { range } from "./math/lists.js";
import { coverage, fieldSize, forbids, sideView } from "./math/reach.js";
import { listed, square } from "./math/text.js";
import { layerCode, sequentialCode } from "./math/torch_code.js";
import { english, phrase, t } from "./math/words.js";
import { createButton, createCodeLines } from "./parts/controls.js";
import { createCountMap, showNumbers } from "./parts/count_map.js";
import { createRoot, createVoice, el, setAttribute, setText, svg } from "./parts/dom.js";
import { createSliders, ofNumber } from "./parts/sliders.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["kernel_size", "dilations"];
const PRESETS = [
  [1, 1, 1],
  [2, 2, 2],
  [1, 2, 3],
  [1, 2, 5],
];
const GAP = 1.8; // between two levels of the stack, in cells
const HINT = english("Compare (2, 2, 2) with (1, 2, 3): the same field, but not the same pixels.");
const PATHS = english(
  "The number at a pixel counts the paths from the output to it: " +
    "those of its row times those of its column.",
);

function draw(model, signal) {
  const constants = model.get("constants");
  const why = (settings) => forbids(settings, constants);
  const { read, write } = bind(model, TRAITS, repaint, signal);
  const picture = createPicture();
  const presets = createPresets(ask, signal);
  const sliders = createSliders({
    controls: controlsOf(constants),
    hint: t(HINT),
    forbids: why,
    read,
    write,
    signal,
  });
  const buttons = createButtons(() => read().dilations, ask, signal);
  const words = createWords(signal);

  /** Change the stack if there is room for it; else stay, and say why not. */
  function ask(dilations) {
    const refusal = why({ ...read(), dilations });
    if (refusal) write({}, { sentence: t("{rule}.", refusal), why: refusal });
    else write({ dilations });
  }

  /** `refused`: why the last control stopped. */
  function repaint(refused) {
    const now = read();
    sliders.show(now, refused);
    presets.show(now, why);
    picture.show(now);
    words.show(now);
  }

  setAttribute(sliders.element, "role", "group");
  setAttribute(sliders.element, "aria-label", t("Kernel, and dilation of each layer"));
  const parts = [presets.element, sliders.element, buttons, sliders.status];
  const hold = el("div", "cv-hold", {}, picture.element, el("div", "cv-touched", {}, ...parts));
  const root = createRoot(
    "cv-dilated",
    t("Dilated stack"),
    signal,
    el("p", "cv-heading", {}, t("A stack of dilated layers")),
    el("div", "cv-layout", {}, hold, ...words.elements),
    words.spoken,
  );
  repaint();
  return root;
}

// ---------------------------------------------------------------------------------- the controls

/** The kernel of all layers, and the dilation of each; a layer that is not there has none. */
function controlsOf({ limits, most_layers }) {
  const layers = range(most_layers).map((place) => {
    const [min, max] = limits.dilations;
    const at = (all, value) => ({ ...all, dilations: all.dilations.with(place, value) });
    return {
      name: t("layer {number}", { number: place + 1 }),
      min,
      max,
      get: (all) => all.dilations[place],
      at,
    };
  });
  return [ofNumber("kernel_size", limits.kernel_size), ...layers];
}

/** One layer more, one less. */
function createButtons(dilations, ask, signal) {
  const buttons = [
    [t("Add a layer"), () => ask([...dilations(), 1])],
    [t("Remove the last"), () => ask(dilations().slice(0, -1))],
  ].map(([label, onClick]) => createButton({ label, onClick, signal }));
  return el("div", "cv-rows", { "data-operated": true }, ...buttons);
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
  const names = { "data-operated": true, role: "group", "aria-label": t("Examples") };
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
  setText(
    seen,
    why({ ...now, dilations }) ? t("no room") : t("{touched} of {all}", { touched, all }),
  );
  setAttribute(element, "aria-pressed", String(now.dilations.join() === dilations.join()));
}

// ---------------------------------------------------------------------------------- the picture

/** What one output of the stack sees: from the side, and from above. */
function createPicture() {
  const side = el("div", "cv-side", { role: "img" });
  const line = createCountMap(); // one row of the input
  const plane = createCountMap();
  const across = el("code", "cv-numbers cv-across");
  const down = el("code", "cv-numbers cv-down");
  const above = el("div", "cv-above", { role: "img" }, across, down, plane.element);
  const seen = el("div", "cv-field-seen", {}, side, above);
  const names = { tabindex: 0, role: "group", "aria-label": t("What one output sees") };
  const element = el("div", "cv-picture cv-scroll", names, seen);

  function show({ kernel_size, dilations }) {
    const { counts } = coverage(kernel_size, dilations);
    const places = range(counts.length);
    const numbers = listed(counts);
    plane.show(counts, counts);
    showNumbers(across, [places]);
    showNumbers(
      down,
      places.map((row) => [row]),
    );
    setAttribute(
      above,
      "aria-label",
      t(
        "From above, paths to each pixel: its row's times its column's. " +
          "Rows and columns alike: {numbers}",
        { numbers },
      ),
    );
    seen.style.setProperty("--columns", counts.length);
    seen.style.setProperty("--rows", counts.length + 1 + dilations.length * GAP + 0.5);
    seen.style.setProperty("--digits", String(Math.max(...counts) ** 2).length);
    line.show([1], counts);
    side.replaceChildren(...sidePicture(kernel_size, dilations, counts.length, line.element));
    setAttribute(
      side,
      "aria-label",
      t("From the side, paths to each pixel of a row: {numbers}", { numbers }),
    );
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

// ---------------------------------------------------------------------------------- the words

/** The receptive field worked out, what of it is read, and the layers as code. */
function createWords(signal) {
  const says = el("div", "cv-says");
  const code = createCodeLines(signal);
  const spoken = createVoice();
  return {
    elements: [el("p", "cv-note cv-quiet", {}, t(PATHS)), says, code.element],
    spoken,
    show({ kernel_size: k, dilations }) {
      const verdict = verdictOn(k, dilations);
      says.replaceChildren(...wordsOf(k, dilations, verdict));
      const line = (dilation) => layerCode({ kernel_size: [k, k], dilation });
      code.show(sequentialCode(dilations.map(line)));
      const facts = { dilations: listed(dilations), verdict };
      setText(spoken, t("Dilations {dilations}: {verdict}", facts));
    },
  };
}

function verdictOn(kernel, dilations) {
  const { counts, touched, all } = coverage(kernel, dilations);
  const share = Math.round((100 * touched) / all);
  return t(
    "One output sees a field of {field} and reads {touched} of its {all} pixels ({share} %).",
    { field: square(counts.length), touched, all, share },
  );
}

function wordsOf(kernel, dilations, verdict) {
  const { touched, all } = coverage(kernel, dilations);
  const sum = dilations.length > 1 ? `(${dilations.join(" + ")})` : dilations[0];
  const equation = phrase(
    "{name} = (kernel_size − 1) · sum of dilations + 1 = {numbers} = {field}",
    {
      name: el("strong", "", {}, t("receptive field")),
      numbers: `(${kernel} − 1) · ${sum} + 1`,
      field: el("strong", "cv-output-ink", {}, String(fieldSize(kernel, dilations))),
    },
  );
  const strong = el("strong", "", {}, verdict);
  const judged =
    touched < all
      ? phrase("{verdict} The rest it steps over: gridding.", { verdict: strong })
      : [strong];
  return [el("p", "", {}, ...equation), el("p", "", {}, ...judged)];
}

export default widget(draw);
