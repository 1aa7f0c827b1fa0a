/**
 * Practice: one question after the other. Predict, check, and see how it is worked out.
 *
 * The traits hold which question it is and what was answered; the question itself follows from
 * them. What is typed but not yet checked stays in the page.
 */
import { range } from "./math/lists.js";
import {
  answerText,
  grade,
  pictureText,
  question,
  questionText,
  sheet,
  TOPICS,
} from "./math/questions/index.js";
import { sign } from "./math/text.js";
import { python } from "./math/torch_code.js";
import { createButton, createChoice, createCopyButton, createNumber } from "./parts/controls.js";
import { createRoot, createVoice, el, setAttribute, setText } from "./parts/dom.js";
import { createFormula } from "./parts/formula.js";
import { createGrid, createOperator } from "./parts/grid.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["topic", "seed", "question", "answers"];
const SHEET = 10; // questions on a sheet
const TRAIL = 10; // marks of the last questions
const LAST = 9999; // question
const SPOKEN = {
  "⌊": "floor of ",
  "⌈": "ceiling of ",
  "⌋": "",
  "⌉": "",
  "×": "times",
  "−": "minus",
  "/": "over",
};

function draw(model, signal) {
  let traits = null; // what is on the page
  let item = null; // the question there
  let inputs = []; // where its answer goes
  const graded = new Map(); // which answers are right

  // ---------------------------------------------------------------------------- the parts

  const topic = createChoice({
    name: "topic",
    options: TOPICS,
    onInput: (topic) => restart({ topic }),
    signal,
  });
  const seed = createNumber({
    name: "set",
    min: 0,
    max: 999999,
    onInput: (seed) => restart({ seed }),
    signal,
  });
  const back = createButton({
    label: "‹",
    title: "Previous question",
    onClick: () => go(-1),
    signal,
  });
  const next = createButton({ label: "›", title: "Next question", onClick: () => go(1), signal });
  const title = el("strong", "cv-which");

  const code = el("code", "cv-code");
  const given = el("p", "cv-quiet");
  const drawing = el("div", "cv-picture", { "aria-hidden": "true" });
  const picture = el("div", "", { role: "img" }, drawing);
  const ask = el("p", "cv-ask");
  const answer = el("div", "cv-answer", { role: "group" });
  const submit = el("button", "cv-button cv-submit", { type: "submit" });
  const hint = createButton({ label: "Hint", onClick: toggleHint, signal });
  const hintText = el("p", "cv-hint");
  const form = el(
    "form",
    "",
    { "data-operated": true },
    answer,
    el("div", "cv-buttons", {}, submit, hint),
    hintText,
  );
  form.addEventListener("submit", check, { signal });
  form.addEventListener("keydown", enter, { signal });
  form.addEventListener("click", keepChoice, { signal });
  answer.addEventListener("input", spread, { signal });

  const verdict = el("div", "cv-verdict", { role: "status" });
  const working = el("div", "cv-working");
  const solution = el(
    "details",
    "cv-solution",
    { "data-operated": true },
    el("summary", "", {}, "How it is worked out"),
    working,
  );

  const trail = el("span", "cv-trail", { "aria-hidden": "true" });
  const score = el("span", "cv-quiet");
  const tally = el("div", "cv-foot", {}, trail, score);
  const call = el("code", "");
  const copy = createCopyButton({ read: () => call.textContent, signal });
  const copySheet = createCopyButton({
    label: `Copy ${SHEET} questions`,
    read: () => sheet(traits.topic, traits.seed, SHEET),
    signal,
  });
  const spoken = createVoice();

  const root = createRoot(
    "cv-practice",
    "Practice",
    signal,
    el(
      "div",
      "cv-bar",
      { "data-operated": true },
      el("div", "cv-turn", {}, back, title, next),
      topic.element,
      seed.element,
    ),
    seed.refusal,
    el("div", "cv-question", {}, code, given, picture, ask),
    form,
    verdict,
    solution,
    tally,
    el(
      "div",
      "cv-foot cv-share",
      { "data-operated": true },
      el("span", "", {}, "The same questions for everybody:"),
      call,
      copy,
      copySheet,
    ),
    spoken,
  );

  // ---------------------------------------------------------------------------- the actions

  const state = bind(model, TRAITS, repaint, signal);

  function restart(change) {
    state.write({ ...change, question: 1, answers: [] });
    setText(spoken, questionText(item));
  }

  function go(by) {
    state.write({ question: Math.min(Math.max(1, traits.question + by), LAST) });
    setText(spoken, `${title.textContent}. ${questionText(item)}`);
  }

  /** The answer as it stands; null and a complaint if it is not one yet. */
  function read() {
    if (item.choices) {
      const chosen = inputs.find((input) => input.checked);
      if (!chosen) complain("Choose one.", inputs[0]);
      return chosen ? [Number(chosen.value)] : null;
    }
    // a Chinese keyboard may write wide digits
    const texts = inputs.map((input) => input.value.normalize("NFKC").trim());
    const unread = texts.findIndex((text) => !/^\d{1,9}$/.test(text));
    if (unread >= 0) complain("Write a whole number.", inputs[unread]);
    return unread >= 0 ? null : texts.map(Number);
  }

  function complain(text, input) {
    setAttribute(verdict, "data-right", false);
    verdict.replaceChildren(text);
    input.focus();
  }

  function check(event) {
    event.preventDefault();
    const at = traits.question - 1;
    if (traits.answers[at]) {
      go(1);
      // a finger would call up the keyboard, which hides the question
      if (matchMedia("(pointer: fine)").matches) inputs[0]?.focus({ preventScroll: true });
      return;
    }
    const answer = read();
    if (!answer) return;
    const count = Math.max(traits.answers.length, at + 1);
    state.write({
      answers: range(count).map((i) => (i === at ? answer : (traits.answers[i] ?? null))),
    });
  }

  /** Enter checks: JupyterLab keeps it from the form. While a character is composed, it ends that. */
  function enter(event) {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) form.requestSubmit();
  }

  /** A checked choice stays; disabled, it would lose the focus. */
  function keepChoice(event) {
    if (event.target.type === "radio" && traits.answers[traits.question - 1])
      event.preventDefault();
  }

  /** Text with a comma or a space fills the fields one after the other. */
  function spread(event) {
    const at = inputs.indexOf(event.target);
    const parts = event.target.value.normalize("NFKC").split(/[\s,、×x()[\]]+/);
    if (item.choices || parts.length === 1) return;
    const numbers = parts.filter(Boolean);
    event.target.value = "";
    numbers.forEach((number, index) => {
      if (inputs[at + index]) inputs[at + index].value = number;
    });
    const ended = parts.at(-1) === "" && numbers.length > 0 ? 1 : 0;
    const last = at + Math.max(numbers.length - 1, 0) + ended;
    inputs[Math.min(last, inputs.length - 1)].focus();
  }

  function toggleHint() {
    showHint(hintText.hidden);
  }

  // ---------------------------------------------------------------------------- the picture

  function repaint() {
    const before = traits;
    traits = state.read();
    const same = ["topic", "seed", "question"].every((name) => before?.[name] === traits[name]);
    if (!same) showQuestion();
    showAnswer();
    showScore();
  }

  function showQuestion() {
    item = question(traits.topic, traits.seed, traits.question);
    topic.show(traits.topic);
    seed.show(traits.seed);
    setText(title, `Question ${traits.question}`);
    setAttribute(back, "disabled", traits.question === 1);
    setText(code, item.code);
    setText(given, item.input ? `Input of shape ${answerText(item.input)}` : "");
    showPicture();
    setText(ask, item.ask);
    showFields();
    setText(hintText, item.hint);
    showHint(false);
    setText(call, `Practice(${python(traits.topic)}, seed=${traits.seed})`);
  }

  function showHint(shown) {
    hintText.hidden = !shown;
    setAttribute(hint, "aria-expanded", String(shown));
  }

  function showPicture() {
    picture.hidden = !item.picture;
    if (!item.picture) return;
    const { size, pixel, input, weight, bias } = item.picture;
    setAttribute(picture, "aria-label", pictureText(item.picture).join(" "));
    if (pixel) {
      const marked = ([row, column]) => row === pixel[0] && column === pixel[1];
      const blank = range(size).map(() => range(size).map(() => ""));
      drawing.replaceChildren(grid("input", blank, marked));
      return;
    }
    const planes = input.map((plane, index) =>
      el(
        "div",
        "cv-plane",
        {},
        el("span", "cv-quiet", {}, `plane ${index}`),
        grid("input", plane),
        createOperator("∗"),
        grid("kernel", weight[index]),
      ),
    );
    drawing.replaceChildren(...planes, el("div", "cv-kernel-ink", {}, `bias ${bias}`));
  }

  function grid(kind, values, isMarked = () => false) {
    const { element, resize, paint } = createGrid({ kind, label: kind, signal });
    resize(values.length, values[0].length);
    values.forEach((line, row) =>
      line.forEach((value, column) => {
        const marks = [isMarked([row, column]) ? "picked" : "core"];
        paint(row, column, { text: sign(value), spoken: String(value), marks });
      }),
    );
    return element;
  }

  function showFields() {
    const {
      answer: { length },
      choices,
      labels,
    } = item;
    setAttribute(answer, "aria-label", item.ask);
    setAttribute(answer, "data-choices", Boolean(choices));
    if (choices) {
      inputs = choices.map((value) => el("input", "", { type: "radio", name: "choice", value }));
      answer.replaceChildren(
        ...inputs.map((input) => el("label", "cv-option", {}, input, input.value)),
      );
      return;
    }
    const name = (index) =>
      labels?.[index] ?? (length > 1 ? `number ${index + 1} of ${length}` : "");
    inputs = range(length).map((index) =>
      el("input", "cv-field", {
        inputmode: "numeric",
        autocomplete: "off",
        "aria-label": name(index) || "answer",
      }),
    );
    const bracket = (sign) => (length > 1 ? [el("span", "", { "aria-hidden": "true" }, sign)] : []);
    const parts = inputs.flatMap((input, index) => [
      ...bracket(index === 0 ? "(" : ","),
      el("label", "cv-answer-part", {}, el("span", "cv-quiet", {}, labels?.[index] ?? ""), input),
    ]);
    answer.replaceChildren(...parts, ...bracket(")"));
  }

  function showAnswer() {
    const given = traits.answers[traits.question - 1];
    setText(submit, given ? "Next question" : "Check");
    hint.hidden = Boolean(given);
    setAttribute(form, "data-checked", Boolean(given));
    solution.hidden = !given;
    if (!given) {
      setAttribute(verdict, "data-right", false);
      verdict.replaceChildren();
      for (const input of inputs) input.readOnly = false;
      return;
    }
    inputs.forEach((input, index) => {
      if (item.choices) input.checked = Number(input.value) === given[0];
      else input.value = String(given[index] ?? "");
      input.readOnly = true;
    });
    const { right, slip } = grade(item, given);
    setAttribute(verdict, "data-right", String(right));
    solution.open = !right;
    const text = right
      ? `Right: ${answerText(given)}.`
      : `It is ${answerText(item.answer)}, not ${answerText(given)}.`;
    verdict.replaceChildren(el("p", "", {}, el("strong", "", {}, text)));
    if (!right && !slip) verdict.append(el("p", "", {}, "No usual slip leads there."));
    if (slip) {
      verdict.append(
        el("p", "", {}, "Likely slip: ", el("strong", "", {}, slip.name), `. ${slip.why}`),
        ...slip.equations.map((text) => el("p", "", {}, sum(text))),
      );
    }
    working.replaceChildren(
      ...item.working.flatMap((line) => {
        if (!line.axis) return [el("span", "cv-quiet", {}, line[0]), sum(line[1])];
        const formula = createFormula(line.letter);
        formula.show(line.axis);
        return [el("div", "cv-scroll cv-wide", {}, formula.element)];
      }),
    );
  }

  /** An equation, its result in bold. */
  function sum(text) {
    const at = text.lastIndexOf("= ") + 2;
    const said = text.replaceAll(/[⌊⌈⌋⌉×−/]/g, (sign) => SPOKEN[sign]);
    const parts = at < 2 ? [text] : [text.slice(0, at), el("strong", "", {}, text.slice(at))];
    return el("span", "cv-sum-line", { role: "math", "aria-label": said }, ...parts);
  }

  function showScore() {
    const results = traits.answers.map((given, index) => given && isRight(index + 1, given));
    const done = results.filter((right) => right !== null);
    const count = Math.max(results.length, traits.question);
    const marks = range(count)
      .slice(-TRAIL)
      .map((index) =>
        el(
          "span",
          "",
          {
            "data-right": results[index] == null ? false : String(results[index]),
            "data-here": index === traits.question - 1,
          },
          results[index] ? "✓" : results[index] === false ? "·" : "",
        ),
      );
    trail.replaceChildren(...marks);
    tally.hidden = done.length === 0;
    setText(score, done.length ? `${done.filter(Boolean).length} of ${done.length} right` : "");
  }

  function isRight(number, given) {
    const key = [traits.topic, traits.seed, number, given].join();
    if (!graded.has(key)) {
      graded.set(key, grade(question(traits.topic, traits.seed, number), given).right);
    }
    return graded.get(key);
  }

  repaint();
  return root;
}

export default widget(draw);
