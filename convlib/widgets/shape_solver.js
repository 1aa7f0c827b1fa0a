/**
 * ShapeSolver: the floor of the output-size formula as geometry on one axis, and the way back from
 * two sizes to every layer that connects them.
 */
import {
  axesOf,
  effectiveKernelSize,
  leftover,
  outputSize,
  problem,
  tapPosition,
  travel,
  unreadIndices,
} from "./math/arithmetic.js";
import { range, runs } from "./math/lists.js";
import { inputsWithSameOutput, solve, whyNone } from "./math/solver.js";
import { many, speak } from "./math/text.js";
import { conv2dCode } from "./math/torch_code.js";
import { axisStrip } from "./parts/axis_strip.js";
import { createButton, createCodeLine, createNumber, createSlider } from "./parts/controls.js";
import { createRoot, createVoice, el, isNews, setAttribute, setText } from "./parts/dom.js";
import { createFormula } from "./parts/formula.js";
import { createLayerControls, plain, squareKernel } from "./parts/layer_controls.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const LAYER = ["input_size", "kernel_size", "stride", "padding", "dilation"];
const BOUNDS = ["max_kernel_size", "max_stride", "max_padding", "max_dilation"];
const TRAITS = [...LAYER, "target", ...BOUNDS];

export const CONTROLS = [
  plain("input_size", 1, 256, createNumber),
  squareKernel(1, 11),
  plain("stride", 1, 4),
  plain("padding", 0, 6),
  plain("dilation", 1, 4),
];
export const MOST_TARGET = 512;

/** The square layer that the traits describe, as arithmetic.js wants it. */
export function layerOf({ input_size, kernel_size: k, stride, padding, dilation }) {
  const steps = { stride, padding, dilation };
  return { input_size, kernel_size: [k, k], ...steps, padding_mode: "zeros", bias: true };
}

const EXAMPLES = [
  ["10 → 4", { input_size: 10, kernel_size: 3, stride: 2, padding: 0, dilation: 1 }],
  ["54.25?", { input_size: 224, kernel_size: 11, stride: 4, padding: 0, dilation: 1 }],
  ["even 'same'", { input_size: 10, kernel_size: 4, stride: 1, padding: "same", dilation: 1 }],
  ["32 → 16", { input_size: 32, kernel_size: 3, stride: 2, padding: 1, dilation: 1, target: 16 }],
  ["64 → 40", { input_size: 64, kernel_size: 3, stride: 1, padding: 1, dilation: 1, target: 40 }],
];
const HINT = "One axis of the layer: height and width each work like this.";

function draw(model, signal) {
  // ---------------------------------------------------------------------------- the parts

  const code = createCodeLine(signal);
  const controls = createLayerControls({
    controls: CONTROLS,
    same: true,
    hint: HINT,
    signal,
    onLayer: (layer) => write({ ...layer, kernel_size: layer.kernel_size[0] }),
  });
  const examples = EXAMPLES.map(([label, settings]) =>
    createButton({ label, onClick: () => write(settings), signal }),
  );
  const sizes = el("p", "cv-sizes");
  const strip = el("div", "");
  const formula = createFormula("H");
  const notes = el("div", "");
  const sharing = el("div", "cv-choices", {
    "data-operated": true,
    role: "group",
    "aria-label": "Input sizes",
  });

  const target = createNumber({
    name: "target",
    min: 1,
    max: MOST_TARGET,
    onInput: (target) => write({ target }),
    signal,
  });
  const bounds = BOUNDS.map((name) => {
    const { min, max } = CONTROLS.find((control) => `max_${control.name}` === name);
    return createSlider({
      name,
      min,
      max,
      onInput: (value) => write({ [name]: value }),
      signal,
    });
  });
  const limits = el("summary", "");
  const title = el("p", "cv-title");
  const answer = el("div", "cv-reached");
  const back = el(
    "div",
    "cv-back",
    {},
    el(
      "div",
      "",
      {},
      target.element,
      target.refusal,
      el("details", "", { "data-operated": true }, limits, ...bounds.map((bound) => bound.element)),
    ),
    el("div", "", {}, title, answer),
  );
  const spoken = createVoice();

  const root = createRoot(
    "cv-solver",
    "Shape solver",
    signal,
    code.element,
    controls.element,
    controls.status,
    el(
      "div",
      "cv-choices",
      { "data-operated": true, role: "group", "aria-label": "Examples" },
      el("span", "cv-quiet", {}, "Try"),
      ...examples,
    ),
    sizes,
    strip,
    el(
      "div",
      "cv-readings",
      {},
      el("div", "cv-scroll", {}, formula.element),
      el("div", "", {}, notes, sharing),
    ),
    back,
    spoken,
  );

  // ---------------------------------------------------------------------------- the actions

  const { read, write } = bind(model, TRAITS, repaint, signal);

  // ---------------------------------------------------------------------------- the picture

  function repaint() {
    const traits = read();
    const layer = layerOf(traits);
    const why = problem(layer);
    if (why) return controls.reject(why);
    const [axis] = axesOf(layer);

    code.show(conv2dCode(layer));
    controls.show(layer);
    const sentence = describe(axis);
    if (isNews(strip, layer)) {
      // a new target alone leaves the axis as it is
      sizes.replaceChildren(
        "input ",
        inked("input", axis.size),
        " → output ",
        inked("output", outputSize(axis)),
      );
      strip.replaceChildren(axisStrip(axis, sentence));
      formula.show(axis);
      notes.replaceChildren(...notesOf(axis, layer.padding).map((text) => el("p", "", {}, text)));
    }
    showSharing(axis);
    const found = showAnswer(traits);
    setText(spoken, `${sentence} ${found}`);
  }

  /** Chips for all inputs with this output; made anew only if they differ, so that focus stays. */
  function showSharing(axis) {
    const inputs = inputsWithSameOutput(axis);
    const heading = `Inputs that give ${outputSize(axis)}:`;
    if (isNews(sharing, heading, inputs)) {
      sharing.replaceChildren(
        el("span", "", {}, heading),
        ...inputs.map((input_size) =>
          createButton({ label: String(input_size), onClick: () => write({ input_size }), signal }),
        ),
      );
    }
    [...sharing.querySelectorAll("button")].forEach((button, index) =>
      setAttribute(button, "aria-pressed", String(inputs[index] === axis.size)),
    );
  }

  /** The settings that give the wanted size, or why there is none. Returns it as a sentence. */
  function showAnswer(traits) {
    const { input_size: n, target: m } = traits;
    target.show(m);
    bounds.forEach((bound, index) => bound.show(traits[BOUNDS[index]], () => true));
    setText(
      limits,
      `up to kernel_size ${traits.max_kernel_size}, stride ${traits.max_stride}, ` +
        `padding ${traits.max_padding}, dilation ${traits.max_dilation}`,
    );

    const settings = m === null ? [] : solve(n, m, traits);
    const reason = m === null || settings.length ? null : reasonOf(n, m, traits);
    const sentence =
      m === null
        ? `Which layers turn ${n} into another size?`
        : reason
          ? `No setting within the bounds turns ${n} into ${m}.`
          : countSentence(settings, n, m, traits.max_dilation);
    setText(title, sentence);
    setAttribute(back, "data-operated", m === null); // a question, and the ways to ask it
    if (
      isNews(
        answer,
        n,
        m,
        BOUNDS.map((name) => traits[name]),
      )
    ) {
      const hadFocus = answer.contains(document.activeElement);
      answer.replaceChildren(
        ...(reason
          ? reasonParts(reason)
          : m === null
            ? [
                targets("Type the size that you want as the target, or try", [
                  ...new Set([n, Math.ceil(n / 2)]),
                ]),
              ]
            : settingTable(settings, n, traits.max_dilation)),
      );
      if (hadFocus) target.element.querySelector("input").focus();
    }
    [...answer.querySelectorAll("li button")].forEach((button, index) =>
      setAttribute(button, "aria-pressed", String(isShown(settings[index], traits))),
    );
    return m === null ? "" : [sentence, ...(reason?.sentences ?? [])].join(" ");
  }

  function settingTable(settings, n, most) {
    const rows = settings.map((setting) => {
      const [axis] = axesOf(layerOf({ ...setting, input_size: n }));
      const read = n - unreadIndices(axis, "zeros").length;
      const reads = read === n ? "all" : `${read} of ${n}`;
      const shown = { ...setting };
      if (setting.kernel_size === 1 && most > 1) shown.dilation = `1–${most}`;
      const spoken = Object.entries(shown)
        .map(([name, value]) => `${name} ${value}`)
        .join(", ");
      const button = el(
        "button",
        "cv-setting",
        {
          type: "button",
          "aria-label": `${spoken}: reads ${reads}`,
        },
        [...Object.values(shown), reads].join("\t"),
      );
      button.addEventListener("click", () => write(setting), { signal });
      return el("li", "", {}, button);
    });
    const heads = ["kernel_\u200bsize", "stride", "padding", "dilation", "input read"];
    return [
      el(
        "div",
        "cv-setting cv-quiet",
        { "aria-hidden": "true" },
        ...heads.map((head) => el("span", "", {}, head)),
      ),
      el("ul", "", {}, ...rows),
    ];
  }

  function reasonParts({ sentences, nearest }) {
    return [...sentences.map((text) => el("p", "", {}, text)), targets("Nearest:", nearest)];
  }

  function targets(heading, sizes) {
    return el(
      "div",
      "cv-choices",
      { "data-operated": true },
      el("span", "", {}, heading),
      ...sizes.map((size) =>
        createButton({ label: String(size), onClick: () => write({ target: size }), signal }),
      ),
    );
  }

  repaint();
  return root;
}

const inked = (kind, number) => el("strong", `cv-${kind}-ink`, {}, String(number));
const cells = (count) => many(count, "cell");

/** The strip in one sentence. */
function describe(axis) {
  const { size, before, after } = axis;
  const stops = outputSize(axis);
  const start = (stop) => speak(tapPosition(axis, stop, 0) - before); // as the strip counts
  const more = stops > 4 ? ` and so on to ${start(stops - 1)}` : "";
  const padding = before + after ? `, padded by ${before} before and ${after} after` : "";
  const cut = leftover(axis);
  return (
    `Input ${size}${padding}. The window spans ` +
    `${cells(effectiveKernelSize(axis.kernel, axis.dilation))} and stops at ` +
    `${range(Math.min(stops, 4)).map(start).join(", ")}${more}: output size ${stops}.` +
    (cut ? ` The last ${cells(cut)} of the padded axis ${cut > 1 ? "are" : "is"} never read.` : "")
  );
}

/** What the strip shows, in sentences. */
export function notesOf(axis, padding) {
  const { stride, before, after, size } = axis;
  const cut = leftover(axis);
  const lost = unreadIndices(axis, "zeros");
  const steps = outputSize(axis) - 1;
  const rest = cut ? `, and ${cut} left over` : " exactly";
  const notes = [
    `${
      travel(axis) === 0
        ? "The window fills the whole axis."
        : `The window can travel ${cells(travel(axis))}: ${many(steps, "step")} of ` +
          `${stride}${rest}.`
    } The next stop (✗) would hang over the end by ${stride - cut}.`,
  ];
  if (padding === "same") {
    notes.push(
      before === after
        ? `'same' adds ${before} on each side.`
        : `'same' adds ${before} before and ${after} after: the extra cell goes to the end, ` +
            "which is the bottom and the right of an image.",
    );
  }
  if (lost.length === 0) {
    notes.push(
      cut ? "Only padding is left over: every input cell is read." : "Every input cell is read.",
    );
  } else {
    notes.push(
      `${lost.length} of ${size} input cells ${lost.length > 1 ? "are" : "is"} never ` +
        `read: ${list(lost)}.`,
    );
  }
  return notes;
}

/** A single tap has no gaps: all its dilations make the same layer, and one line of the table. */
export function countSentence(settings, input, output, mostDilation) {
  const single = settings.filter((setting) => setting.kernel_size === 1).length;
  const count = settings.length + single * (mostDilation - 1);
  return `${count} setting${count === 1 ? " turns" : "s turn"} ${input} into ${output}.`;
}

function isShown(setting, traits) {
  return Object.entries(setting).every(
    ([name, value]) => traits[name] === value || (name === "dilation" && traits.kernel_size === 1),
  );
}

/** Why no setting gives a size: what travel each stride would need, and what travels there are. */
export function reasonOf(input, output, bounds) {
  const { below, above, travels, needs } = whyNone(input, output, bounds);
  const wanted = needs.map(
    ({ stride, from, to }) =>
      `${from === to ? from : `${from}${to === from + 1 ? " or" : " to"} ${to}`} at stride ${stride}`,
  );
  const sentences =
    travels.length === 0
      ? ["No window within the bounds fits into this input."]
      : [
          `For ${output} outputs the window must travel this many cells: ${wanted.join(", or ")}.`,
          `Within the bounds it can travel ${list(travels)}.`,
        ];
  return { sentences, nearest: [below, above].filter((size) => size !== null) };
}

/** 1, 2, 3, 5 as "1 to 3, 5". */
function list(numbers) {
  return runs(numbers)
    .map(([from, to]) =>
      from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from} to ${to}`,
    )
    .join(", ");
}

export default widget(draw);
