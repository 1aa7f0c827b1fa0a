/**
 * Practice: one question after the other. Predict, check, and see how it is worked out. After a
 * wrong answer there is a hint that fits it, and a second try.
 *
 * The traits hold which question it is and what was answered; the question itself follows from
 * them. What is typed but not yet checked stays in the page, and so does a wrong first try.
 */
import { range } from "./math/lists.js";
import { hintFor } from "./math/questions/hints.js";
import {
  answerText,
  grade,
  pictureText,
  question,
  questionText,
  sheet,
} from "./math/questions/index.js";
import { sign } from "./math/text.js";
import { python } from "./math/torch_code.js";
import { english, phrase, t } from "./math/words.js";
import { axisStrip } from "./parts/axis_strip.js";
import { createButton, createChoice, createCopyButton, createNumber } from "./parts/controls.js";
import { createRoot, createVoice, el, setAttribute, setText } from "./parts/dom.js";
import { createFormula } from "./parts/formula.js";
import { createGrid, createOperator } from "./parts/grid.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["topic", "seed", "question", "answers"];
const SHEET = 10; // questions on a sheet
const TRAIL = 10; // marks of the last questions
const ROUNDED = { "⌊": english("floor of {sum}"), "⌈": english("ceiling of {sum}") };
const OPERATORS = { "×": english("times"), "−": english("minus"), "/": english("over") };

function draw(model, signal) {
  const { last_question, ...constants } = model.get("constants");
  let traits = null; // what is on the page
  let item = null; // the question there
  let tried = null; // a wrong first answer to it

  const state = bind(model, TRAITS, repaint, signal);
  const bar = createBar(constants, { go, restart }, signal);
  const task = createTask(signal);
  const form = createForm({ onAnswer, isAnswered: () => Boolean(given()) }, signal);
  const result = createResult();
  const tally = createTally();
  const share = createShare(() => traits, signal);
  const spoken = createVoice();

  /** What was answered to the question on the page. */
  function given() {
    return traits.answers[traits.question - 1];
  }

  function restart(change) {
    state.write({ ...change, question: 1, answers: [] });
    setText(spoken, questionText(item));
  }

  function go(by) {
    state.write({ question: Math.min(Math.max(1, traits.question + by), last_question) });
    const facts = { number: traits.question, question: questionText(item) };
    setText(spoken, t("Question {number}. {question}", facts));
  }

  /** Take an answer; once there is one, the same button leads on. */
  function onAnswer() {
    if (given()) {
      go(1);
      form.focus();
      return;
    }
    const { answer, complaint } = form.read();
    if (complaint) return result.complain(complaint);
    if (!tried && !grade(item, answer).right) {
      tried = answer;
      result.help(hintFor(item, answer));
      form.mark(item, answer);
      return;
    }
    const at = traits.question - 1;
    const count = Math.max(traits.answers.length, at + 1);
    const answers = range(count).map((i) => (i === at ? answer : (traits.answers[i] ?? null)));
    state.write({ answers });
  }

  function repaint() {
    const before = traits;
    traits = state.read();
    const isSame = ["topic", "seed", "question"].every((name) => before?.[name] === traits[name]);
    if (!isSame) {
      item = question(traits.topic, traits.seed, traits.question);
      tried = null;
      task.show(item);
      form.ask(item);
      share.show(traits);
    }
    bar.show(traits);
    form.show(given());
    if (given() || !tried) result.show(item, given());
    tally.show(traits);
  }

  const parts = [...bar.elements, task.element, form.element, ...result.elements, tally.element];
  const root = createRoot("cv-practice", t("Practice"), signal, ...parts, share.element, spoken);
  repaint();
  return root;
}

/** Which question it is, and of which set. */
function createBar({ topics, largest_seed: max }, { go, restart }, signal) {
  const topic = createChoice({
    name: t("topic"),
    options: topics,
    wordOf: t,
    onInput: (topic) => restart({ topic }),
    signal,
  });
  const seed = createNumber({
    name: t("set"),
    min: 0,
    max,
    onInput: (seed) => restart({ seed }),
    signal,
  });
  const [back, next] = [
    ["‹", t("Previous question"), -1],
    ["›", t("Next question"), 1],
  ].map(([label, title, by]) => createButton({ label, title, onClick: () => go(by), signal }));
  const title = el("strong", "cv-which");
  const turn = el("div", "cv-turn", {}, back, title, next);
  const bar = el("div", "cv-bar", { "data-operated": true }, turn, topic.element, seed.element);
  return {
    elements: [bar, seed.refusal],
    show(traits) {
      topic.show(traits.topic);
      seed.show(traits.seed);
      setText(title, t("Question {number}", { number: traits.question }));
      setAttribute(back, "disabled", traits.question === 1);
    },
  };
}

// ---------------------------------------------------------------------------------- the question

/** The layer, its input or a picture, and what is asked. */
function createTask(signal) {
  const code = el("code", "cv-code");
  const input = el("p", "cv-quiet");
  const drawing = el("div", "cv-picture", { "aria-hidden": "true" });
  const picture = el("div", "", { role: "img" }, drawing);
  const ask = el("p", "cv-ask");
  return {
    element: el("div", "cv-question", {}, code, input, picture, ask),
    show(item) {
      setText(code, item.code);
      const shape = item.input && answerText(item.input);
      setText(input, shape ? t("Input of shape {shape}", { shape }) : "");
      setText(ask, item.ask);
      picture.hidden = !item.picture;
      if (!item.picture) return;
      setAttribute(picture, "aria-label", pictureText(item.picture).join(" "));
      drawing.replaceChildren(...pictureParts(item.picture, signal));
    },
  };
}

/** A pixel to be counted, or planes with their kernels. */
function pictureParts({ size, pixel, input, weight, bias }, signal) {
  if (pixel) {
    const blank = range(size).map(() => range(size).map(() => ""));
    const isPixel = (row, column) => row === pixel[0] && column === pixel[1];
    return [numberGrid("input", blank, signal, isPixel)];
  }
  const planes = input.map((plane, index) =>
    el(
      "div",
      "cv-plane",
      {},
      el("span", "cv-quiet", {}, t("plane {index}", { index })),
      numberGrid("input", plane, signal),
      createOperator("∗"),
      numberGrid("kernel", weight[index], signal),
    ),
  );
  return [...planes, el("div", "cv-kernel-ink", {}, t("bias {bias}", { bias }))];
}

const GRIDS = { input: english("input"), kernel: english("kernel") };

function numberGrid(kind, values, signal, isPicked = () => false) {
  const { element, resize, paint } = createGrid({ kind, label: t(GRIDS[kind]), signal });
  resize(values.length, values[0].length);
  values.forEach((line, row) => {
    for (const [column, value] of line.entries()) {
      const marks = [isPicked(row, column) ? "picked" : "core"];
      paint(row, column, { text: sign(value), spoken: String(value), marks });
    }
  });
  return element;
}

// ---------------------------------------------------------------------------------- the answer

/** Where the answer goes: fields for numbers, or choices; and the hint. */
function createForm({ onAnswer, isAnswered }, signal) {
  const submit = el("button", "cv-button cv-submit", { type: "submit" });
  const hint = createHint(signal);
  const answer = el("div", "cv-answer", { role: "group" });
  const buttons = el("div", "cv-buttons", {}, submit, hint.button);
  const element = el("form", "", { "data-operated": true }, answer, buttons, hint.text);
  let inputs = []; // where the answer goes
  let choices = false;

  const listen = (target, type, act) => target.addEventListener(type, act, { signal });
  listen(element, "submit", (event) => {
    event.preventDefault();
    onAnswer();
  });
  listen(element, "keydown", (event) => enter(event, element));
  listen(element, "click", (event) => {
    // a checked choice stays; disabled, it would lose the focus
    if (event.target.type === "radio" && isAnswered()) event.preventDefault();
  });
  listen(answer, "input", (event) => {
    setAttribute(event.target, "aria-invalid", false);
    if (!choices) spread(event.target, inputs);
  });

  return {
    element,
    read: () => (choices ? readChoice(inputs) : readNumbers(inputs)),
    /** Mark what is wrong, and go there for the second try. */
    mark({ answer }, tried) {
      if (choices) return;
      const wrong = inputs.filter((_, index) => tried[index] !== answer[index]);
      for (const input of wrong) setAttribute(input, "aria-invalid", "true");
      wrong[0].focus();
      wrong[0].select();
    },
    focus() {
      // a finger would call up the keyboard, which hides the question
      if (matchMedia("(pointer: fine)").matches) inputs[0]?.focus({ preventScroll: true });
    },
    ask(item) {
      choices = Boolean(item.choices);
      inputs = choices ? choiceInputs(item) : numberInputs(item);
      setAttribute(answer, "aria-label", item.ask);
      setAttribute(answer, "data-choices", choices);
      answer.replaceChildren(...(choices ? choiceParts(inputs) : numberParts(inputs, item)));
      hint.ask(item.hint);
    },
    show(given) {
      setText(submit, given ? t("Next question") : t("Check"));
      hint.button.hidden = Boolean(given);
      setAttribute(element, "data-checked", Boolean(given));
      fill(inputs, choices, given);
    },
  };
}

/** A button that shows and hides a hint. */
function createHint(signal) {
  const text = el("p", "cv-hint");
  const button = createButton({ label: t("Hint"), onClick: () => show(text.hidden), signal });

  function show(isShown) {
    text.hidden = !isShown;
    setAttribute(button, "aria-expanded", String(isShown));
  }

  return {
    button,
    text,
    ask(hint) {
      setText(text, hint);
      show(false);
    },
  };
}

/**
 * Enter checks: JupyterLab keeps it from the form. While a character is composed, it ends that;
 * Safari says so by the key's code alone.
 */
function enter(event, form) {
  const isComposing = event.isComposing || event.keyCode === 229;
  if (event.key !== "Enter" || event.target.tagName !== "INPUT" || isComposing) return;
  event.preventDefault();
  if (!event.repeat) form.requestSubmit();
}

const choiceInputs = ({ choices }) =>
  choices.map((value) => el("input", "", { type: "radio", name: "choice", value }));

const choiceParts = (inputs) =>
  inputs.map((input) => el("label", "cv-option", {}, input, input.value));

function numberInputs({ answer: { length }, labels }) {
  const name = (index) =>
    labels?.[index] ??
    (length > 1
      ? t("number {index} of {count}", { index: index + 1, count: length })
      : t("answer"));
  return range(length).map((index) =>
    el("input", "cv-field", {
      inputmode: "numeric",
      autocomplete: "off",
      "aria-label": name(index),
    }),
  );
}

/** The fields as a tuple in brackets; a single one stands alone. */
function numberParts(inputs, { labels }) {
  const bracket = (sign) =>
    inputs.length > 1 ? [el("span", "", { "aria-hidden": "true" }, sign)] : [];
  const parts = inputs.flatMap((input, index) => {
    const label = el("span", "cv-quiet", {}, labels?.[index] ?? "");
    const part = el("label", "cv-answer-part", {}, label, input);
    return [...bracket(index === 0 ? "(" : ","), part];
  });
  return [...parts, ...bracket(")")];
}

/** The answer as it stands, or a complaint if it is not one yet. */
function readChoice(inputs) {
  const chosen = inputs.find((input) => input.checked);
  if (chosen) return { answer: [Number(chosen.value)] };
  inputs[0].focus();
  return { complaint: t("Choose one.") };
}

function readNumbers(inputs) {
  // a Chinese keyboard may write wide digits
  const texts = inputs.map((input) => input.value.normalize("NFKC").trim());
  const wrong = texts.findIndex((text) => !/^\d{1,9}$/.test(text));
  if (wrong < 0) return { answer: texts.map(Number) };
  const text = texts[wrong];
  setAttribute(inputs[wrong], "aria-invalid", text === "" ? false : "true");
  inputs[wrong].focus();
  const isLong = /^\d+$/.test(text);
  const complaint = isLong
    ? t("Write a whole number of at most 9 digits.")
    : t("Write a whole number.");
  return { complaint };
}

/** Text with a comma or a space fills the fields one after the other. */
function spread(input, inputs) {
  const at = inputs.indexOf(input);
  const parts = input.value.normalize("NFKC").split(/[\s,、×x()[\]]+/);
  if (parts.length === 1) return;
  const numbers = parts.filter(Boolean);
  input.value = "";
  numbers.forEach((number, index) => {
    if (inputs[at + index]) inputs[at + index].value = number;
  });
  const ended = parts.at(-1) === "" && numbers.length > 0 ? 1 : 0;
  const last = at + Math.max(numbers.length - 1, 0) + ended;
  inputs[Math.min(last, inputs.length - 1)].focus();
}

/** Put in what was answered, and keep it; without an answer what was typed stays. */
function fill(inputs, choices, given) {
  inputs.forEach((input, index) => {
    input.readOnly = Boolean(given);
    if (!given) return;
    setAttribute(input, "aria-invalid", false);
    if (choices) input.checked = Number(input.value) === given[0];
    else input.value = String(given[index] ?? "");
  });
}

// ---------------------------------------------------------------------------------- the result

/** Whether the answer is right, which slip leads to it, and how it is worked out. */
function createResult() {
  const verdict = el("div", "cv-verdict", { role: "status" });
  const working = el("div", "cv-working");
  const title = el("summary", "", {}, t("How it is worked out"));
  const solution = el("details", "cv-solution", { "data-operated": true }, title, working);

  function show(item, given) {
    solution.hidden = !given;
    if (!given) {
      setAttribute(verdict, "data-right", false);
      verdict.replaceChildren();
      return;
    }
    const { right, slip } = grade(item, given);
    setAttribute(verdict, "data-right", String(right));
    verdict.replaceChildren(...verdictParts(item, given, right, slip));
    solution.open = !right;
    working.replaceChildren(...item.working.flatMap(workingParts));
  }

  return {
    elements: [verdict, solution],
    show,
    complain(text) {
      setAttribute(verdict, "data-right", false);
      verdict.replaceChildren(text);
    },
    help(hint) {
      setAttribute(verdict, "data-right", "false");
      verdict.replaceChildren(...helpParts(hint));
    },
  };
}

/** A hint after the first try: what was wrong, the sum that leads there, and what to count. */
function helpParts({ lines, sums, axis }) {
  const [side, ...more] = lines;
  const parts = [el("p", "", {}, el("strong", "", {}, t("Not yet. {side}", { side })))];
  parts.push(...sums.map((text) => el("p", "", {}, sum(text))));
  parts.push(...more.map((text) => el("p", "", {}, text)));
  if (axis) {
    const spoken = t("Each line below the row of {size} cells is one stop of the window.", {
      size: axis.size,
    });
    parts.push(el("div", "cv-scroll", {}, axisStrip(axis, spoken)));
  }
  return [...parts, el("p", "cv-quiet", {}, t("Try once more; then it is worked out."))];
}

function verdictParts(item, given, right, slip) {
  const facts = { answer: answerText(item.answer), given: answerText(given) };
  const text = right ? t("Right: {answer}.", facts) : t("It is {answer}, not {given}.", facts);
  const parts = [el("p", "", {}, el("strong", "", {}, text))];
  if (!right && !slip) parts.push(el("p", "", {}, t("No usual slip leads there.")));
  if (slip) {
    const name = el("strong", "", {}, slip.name);
    const facts = { slip: name, why: slip.why };
    parts.push(el("p", "", {}, ...phrase("Likely slip: {slip}. {why}", facts)));
    parts.push(...slip.equations.map((text) => el("p", "", {}, sum(text))));
  }
  return parts;
}

function workingParts(line) {
  if (!line.axis) return [el("span", "cv-quiet", {}, line[0]), sum(line[1])];
  const formula = createFormula(line.letter);
  formula.show(line.axis);
  return [el("div", "cv-scroll cv-wide", {}, formula.element)];
}

/** An equation, its result in bold. */
function sum(text) {
  const at = text.lastIndexOf("= ") + 2;
  const parts = at < 2 ? [text] : [text.slice(0, at), el("strong", "", {}, text.slice(at))];
  return el("span", "cv-sum-line", { role: "math", "aria-label": spokenSum(text) }, ...parts);
}

/** An equation to listen to. */
const spokenSum = (text) =>
  text
    .replaceAll(/([⌊⌈])([^⌋⌉]*)[⌋⌉]/g, (_, bracket, sum) => t(ROUNDED[bracket], { sum }))
    .replaceAll(/[×−/]/g, (sign) => t(OPERATORS[sign]));

/** A mark for each of the last questions, and how many were right. */
function createTally() {
  const trail = el("span", "cv-trail", { "aria-hidden": "true" });
  const score = el("span", "cv-quiet");
  const element = el("div", "cv-foot", {}, trail, score);
  const isRight = createGrader();

  function show(traits) {
    const results = traits.answers.map(
      (given, index) => given && isRight(traits, index + 1, given),
    );
    const done = results.filter((right) => right !== null);
    const count = Math.max(results.length, traits.question);
    const marks = range(count)
      .slice(-TRAIL)
      .map((index) => trailMark(results[index], index === traits.question - 1));
    trail.replaceChildren(...marks);
    element.hidden = done.length === 0;
    const facts = { right: done.filter(Boolean).length, all: done.length };
    setText(score, done.length ? t("{right} of {all} right", facts) : "");
  }

  return { element, show };
}

function trailMark(right, isHere) {
  const isOpen = right === undefined || right === null;
  const marks = { "data-right": isOpen ? false : String(right), "data-here": isHere };
  return el("span", "", marks, right ? "✓" : right === false ? "·" : "");
}

/** Grade each answer once. */
function createGrader() {
  const graded = new Map();
  return ({ topic, seed }, number, given) => {
    const key = [topic, seed, number, given].join();
    if (!graded.has(key)) graded.set(key, grade(question(topic, seed, number), given).right);
    return graded.get(key);
  };
}

/** The call that gives the same questions, and the questions on a sheet. */
function createShare(read, signal) {
  const call = el("code", "");
  const copy = createCopyButton({ read: () => call.textContent, signal });
  const copySheet = createCopyButton({
    label: t("Copy {count} questions", { count: SHEET }),
    read: () => sheet(read().topic, read().seed, SHEET),
    signal,
  });
  const title = el("span", "", {}, t("The same questions for everybody:"));
  const names = { "data-operated": true };
  return {
    element: el("div", "cv-foot cv-share", names, title, call, copy, copySheet),
    show({ topic, seed }) {
      setText(call, `Practice(${python(topic)}, seed=${seed})`);
    },
  };
}

export default widget(draw);
