/**
 * LayerReader: a place to paste a line, a network or an error message, and the answer to it.
 *
 * What the text says is read in math/paste, what follows from it is computed in math; here and in
 * layer_reader/ it is only shown.
 */

import { layerPanel, shapeText } from "./layer_reader/layer_panel.js";
import { networkPanel } from "./layer_reader/network_panel.js";
import { errorPanel, refusalPanel } from "./layer_reader/refusal_panel.js";
import { createUnknownFields } from "./layer_reader/unknown_fields.js";
import { describeLayer } from "./math/layer_answer.js";
import { decode } from "./math/paste/errors.js";
import { read } from "./math/paste/read.js";
import { readShape } from "./math/paste/shape.js";
import { fillChannels, startShape } from "./math/paste/start.js";
import { english, phrase, t } from "./math/words.js";
import { createChoices } from "./parts/controls.js";
import { createRoot, createVoice, el, isNews, later, setText } from "./parts/dom.js";
import { bind } from "./parts/state.js";
import { createTextBox, createTextField } from "./parts/text_field.js";
import { widget } from "./parts/view.js";

const SETTINGS = ["text", "input_shape", "values"];
const SPEAK_AFTER = 700; // milliseconds without a key

const EXAMPLES = [
  [english("a line"), "Conv2d(64, 128, 3, stride=2, padding=1, groups=4)"],
  [english("with names"), "self.conv = nn.Conv2d(in_ch, out_ch, k, padding=(k - 1) // 2)"],
  [
    english("a network"),
    `nn.Sequential(
    nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(400, 10),
)`,
  ],
  [
    english("an error"),
    "RuntimeError: Given groups=1, weight of size [64, 3, 7, 7], expected input[1, 1, 224, 224] to have 3 channels, but got 1 channels instead",
  ],
];

/**
 * What the three settings say together.
 *
 * @param {{ text: string, input_shape: string, values: object }} settings
 * @param {object} texts
 * @returns {{ reading: object, error: object | null, shape: number[] | null, wrongShape: string }}
 */
export function understand({ text, input_shape, values }, texts) {
  const typed = input_shape.trim() === "" ? null : readShape(input_shape);
  const given = Array.isArray(typed) ? typed : null;
  const first = read(text, values, given?.includes(null) ? null : given);
  const { modules } = first;
  const known = given ?? first.input;
  const shape = known ? fillChannels(known, modules) : startShape(modules);
  // With the whole shape, a forward function is followed as it is called.
  const reading = modules.length === 0 ? first : read(text, values, shape);
  const isError = first.error !== null || modules.length === 0;
  const facts = given ? { input: shape } : {};
  return {
    reading,
    error: isError ? decode(first.error ?? text, texts, facts) : null,
    shape,
    wrongShape: typed === null || given ? "" : typed.why,
  };
}

/** The parts of the answer, and what a screen reader says. */
function answerTo({ reading, error, shape }, { texts, room }, onTry, signal) {
  const { modules } = reading;
  if (error) return errorPanel(error, signal);
  if (modules.length === 0) return nothing();
  if (modules.length > 1) return networkPanel(modules, shape, { texts, room: room.ledger }, signal);
  const { refusal } = describeLayer(modules[0], shape);
  if (!refusal) return layerPanel(modules[0], shape, room.small, onTry, signal);
  const answer = refusalPanel(refusal, { module: modules[0], inputs: [shape] }, texts, signal);
  const words =
    refusal.when === "construction" ? t("This layer is not made.") : t("This does not run.");
  return { ...answer, parts: [el("p", "cv-headline", {}, words), ...answer.parts] };
}

function nothing() {
  const words = t("Paste a line of PyTorch, the print of a model, or an error message.");
  return { parts: [el("p", "cv-quiet", {}, words)], spoken: words };
}

/** What was not understood, with its place, and what is good to know. */
function remarks({ problems, notes }) {
  const items = [
    ...problems.map(({ line, text, why }) =>
      el("li", "cv-problem", {}, ...problemWords(line, why, text.slice(0, 120))),
    ),
    ...notes.map((note) => el("li", "", {}, note)),
  ];
  return items.length === 0 ? [] : [el("ul", "cv-remarks", {}, ...items)];
}

const problemWords = (line, why, text) =>
  phrase("Line {line}: {why}. {code}", { line, why, code: el("code", "", {}, text) });

function draw(model, signal) {
  const texts = model.get("texts");
  const room = model.get("constants");
  const box = createTextBox({ name: t("Paste here"), onInput: (text) => write({ text }), signal });
  const field = createTextField({
    name: t("input shape"),
    onInput: (input_shape) => write({ input_shape }),
    signal,
  });
  const unknowns = createUnknownFields(
    (name, value) => write({ values: { ...model.get("values"), [name]: value } }),
    signal,
  );
  const examples = createChoices({
    name: t("Examples"),
    title: t("Try"),
    choices: EXAMPLES.map(([name, text]) => [t(name), text]),
    onPick: (text) => write({ text, input_shape: "", values: {} }),
    signal,
  });
  const answer = el("div", "cv-answer");
  const voice = createVoice();
  const root = createRoot(
    "cv-reader",
    t("Layer reader"),
    signal,
    el("p", "cv-title", {}, t("Paste a line, a network, or an error")),
    box.element,
    examples.element,
    el("div", "cv-inputs", {}, field.element, unknowns.element),
    answer,
    voice,
  );
  const { read: settings, write } = bind(model, SETTINGS, repaint, signal);
  let hush = () => {};

  function repaint() {
    const now = settings();
    const said = understand(now, texts);
    box.show(now.text);
    const hint = said.error ? "" : shapeText(said.shape);
    field.show(now.input_shape, { placeholder: hint, why: said.wrongShape });
    unknowns.show(said.reading.unknowns, now.values);
    if (!isNews(answer, now)) return;
    const isFirst = answer.childElementCount === 0;
    const { parts, spoken } = answerTo(said, { texts, room }, (text) => write({ text }), signal);
    answer.replaceChildren(...parts, ...(said.error ? [] : remarks(said.reading)));
    hush();
    if (!isFirst) hush = later(() => setText(voice, spoken), SPEAK_AFTER, signal);
  }

  repaint();
  return root;
}

export default widget(draw);
