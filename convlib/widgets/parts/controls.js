/**
 * The controls a widget is made of: sliders, choices, buttons, and a player. What only answers to a
 * hand is marked `data-operated`, here and in the widgets: the book's pages hide it without a script.
 */
import { range } from "../math/lists.js";
import { sentences, withCommas } from "../math/text.js";
import { t } from "../math/words.js";
import { el, later, setAttribute, setText } from "./dom.js";
import { showRefusal } from "./refusal.js";

/**
 * A labelled slider over whole numbers, with its scale written below.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {number} options.min
 * @param {number} options.max
 * @param {(value: number) => void} options.onInput  Asked to move; the answer comes with `show`.
 * @param {AbortSignal} options.signal
 */
export function createSlider({ name, min, max, onInput, signal }) {
  const rail = createRange({ name, min, max, onInput, signal });
  const now = el("span", "cv-value");
  const element = control(name, now, rail.input, rail.scale);
  return {
    element,

    /**
     * @param {number} value
     * @param {(value: number) => boolean} isLegal  Marks the scale.
     * @param {string} [word]  Set if a word stands in place of the number.
     */
    show(value, isLegal, word) {
      rail.show(value, isLegal, word);
      setText(now, word ?? String(value));
      setAttribute(element, "data-word", word !== undefined);
    },
  };
}

/**
 * A slider over the usual values, and beside its name a field that takes every other one.
 *
 * @param {object} options  Those of `createSlider`, and:
 * @param {number} options.most  The largest number that may be typed.
 * @param {(value: number) => void} options.onType
 * @param {(value: number) => import("../math/arithmetic.js").Refusal | null} [options.forbids]
 */
export function createTypedSlider({ name, min, max, most, onInput, onType, forbids, signal }) {
  const rail = createRange({ name, min, max, onInput, signal });
  const field = createField({ name, min, max: most, onInput: onType, forbids, signal });
  const head = el("div", "cv-head", {}, el("span", "cv-name", {}, name), field.input);
  const marks = { "data-operated": true };
  const element = el("div", "cv-control", marks, head, rail.input, rail.scale);
  return {
    element,
    refusal: field.refusal,
    show(value, isLegal, word) {
      rail.show(value, isLegal, word);
      field.show(word === undefined ? value : null);
      setAttribute(field.input, "placeholder", word ?? false);
      setAttribute(element, "data-word", word !== undefined);
    },
  };
}

/** The slider itself and its scale; a value beyond its end stands at the end. */
function createRange({ name, min, max, onInput, signal }) {
  const values = range(max - min + 1).map((index) => min + index);
  const input = el("input", "cv-range", { type: "range", min, max, step: 1, "aria-label": name });
  const ticks = values.map((value) => el("span", "cv-tick", {}, String(value)));
  const marks = { "aria-hidden": "true", "data-crowded": ticks.length > 10 };
  const scale = el("span", "cv-scale", marks, ...ticks);
  input.addEventListener("input", () => onInput(Number(input.value)), { signal });
  return {
    input,
    scale,
    show(value, isLegal, word) {
      input.value = String(value);
      setAttribute(input, "aria-valuetext", word ?? String(value));
      ticks.forEach((tick, index) => {
        setAttribute(tick, "data-legal", String(isLegal(values[index])));
        setAttribute(tick, "data-current", String(values[index] === value && !word));
      });
    },
  };
}

/**
 * A labelled field for a whole number. What is typed is taken, or refused with the reason: then it
 * stays in the field, marked, and the picture stays what it was.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {number} options.min
 * @param {number} options.max
 * @param {(value: number) => void} options.onInput  Takes a number that nothing forbids; the answer
 *   comes with `show`.
 * @param {(value: number) => import("../math/arithmetic.js").Refusal | null} [options.forbids]  Why a
 *   whole number is not possible, beside the range.
 * @param {AbortSignal} options.signal
 * @returns {{ element: Element, refusal: Element, show: (value: number | null) => void }}  `refusal`
 *   is where the reason is written: to be put where there is room for a sentence.
 */
export function createNumber({ name, min, max, onInput, forbids, signal }) {
  const { input, refusal, show } = createField({ name, min, max, onInput, forbids, signal });
  const [from, to] = [min, max].map((end) => withCommas(end).replace("-", "−"));
  const ends = t("{from} to {to}", { from, to });
  const scale = el("span", "cv-scale", {}, ends);
  return { element: control(name, "", input, scale), refusal, show };
}

/** The field of `createNumber`, without its label. `aim` gives it another name, and a new number. */
export function createField({ name, min, max, onInput, forbids = () => null, signal }) {
  const input = el("input", "cv-number", { type: "number", min, max, step: 1, "aria-label": name });
  const refusal = el("div", "cv-refused", { "aria-live": "polite" });
  let shown = null; // the number last shown; null: an empty field
  input.addEventListener("change", take, { signal });

  function take() {
    const why = whyNot();
    if (why) return refuse(why);
    if (input.value === "") return put(shown); // nothing was typed
    shown = Number(input.value);
    accept();
    onInput(shown);
  }

  /** Why what stands in the field cannot be taken, or null. */
  function whyNot() {
    if (input.validity.badInput) return { rule: t("it is a whole number") };
    if (input.value === "") return null;
    const value = Number(input.value);
    if (!Number.isInteger(value)) return { rule: t("it is a whole number") };
    if (value >= min && value <= max) return forbids(value);
    const { type, message } = (value < min && forbids(value)) || {}; // PyTorch may forbid it too
    const ends = { from: withCommas(min), to: withCommas(max) };
    return { rule: t("it is a number from {from} to {to}", ends), type, message };
  }

  function refuse(why) {
    const refused =
      input.value === "" // a browser hides words
        ? t("This is not possible: {rule}.", why)
        : t("{name}={value} is not possible: {rule}.", {
            name,
            value: input.value,
            rule: why.rule,
          });
    const still =
      shown !== null && t("The picture still shows {name}={value}.", { name, value: shown });
    const sentence = sentences([refused, still]);
    setAttribute(input, "aria-invalid", "true");
    setAttribute(input, "aria-description", sentence);
    showRefusal(refusal, sentence, why);
  }

  function accept() {
    setAttribute(input, "aria-invalid", false);
    setAttribute(input, "aria-description", false);
    refusal.replaceChildren();
  }

  function put(value) {
    shown = value;
    accept();
    input.value = value ?? "";
  }

  /** A refused number stays as long as the field's own value and the reason do. */
  function show(value) {
    if (value !== shown || (isRefused() && !whyNot())) put(value);
    else if (isRefused()) refuse(whyNot());
  }

  function aim(other, value) {
    if (other !== name) {
      name = other;
      setAttribute(input, "aria-label", name);
      put(value);
    } else show(value);
  }

  /** As if it were typed. */
  function type(value) {
    input.value = value;
    take();
  }

  const reset = () => put(shown);
  const isRefused = () => input.getAttribute("aria-invalid") === "true";

  return { input, refusal, show, aim, type, reset, isRefused };
}

/** A labelled drop-down list; `wordOf` gives an option another text than its value. */
export function createChoice({ name, options, wordOf = String, onInput, signal }) {
  const items = options.map((option) => el("option", "", { value: option }, wordOf(option)));
  const select = el("select", "cv-select", { "aria-label": name }, ...items);
  select.addEventListener("change", () => onInput(select.value), { signal });
  return {
    element: control(name, "", select),
    show(value) {
      select.value = value;
    },
  };
}

/** A labelled check box. */
export function createCheck({ name, onInput, signal }) {
  const box = el("input", "cv-check", { type: "checkbox", "aria-label": name });
  box.addEventListener("change", () => onInput(box.checked), { signal });
  return {
    element: control(name, "", box),
    show(value) {
      box.checked = value;
    },
  };
}

function control(name, now, ...parts) {
  const head = el("span", "cv-head", {}, el("span", "cv-name", {}, name), now);
  return el("div", "cv-control", { "data-operated": true }, el("label", "", {}, head, ...parts));
}

/** A push button; a `title` names one whose label is a sign. */
export function createButton({ label, title, onClick, signal }) {
  const names = title ? { title, "aria-label": title } : {};
  const element = el(
    "button",
    "cv-button",
    { "data-operated": true, type: "button", ...names },
    label,
  );
  element.addEventListener("click", onClick, { signal });
  return element;
}

/**
 * Buttons in a row, if need be after a few words.
 *
 * @param {object} options
 * @param {string} options.name  What a screen reader calls the row.
 * @param {string} [options.title]  The words before it.
 * @param {[string, *][]} options.choices  What a button says, and what it picks.
 * @param {(picked: *) => void} options.onPick
 * @param {string} [options.look]  The class of the row.
 * @param {AbortSignal} options.signal
 */
export function createChoices({ name, title, choices, onPick, look = "cv-choices", signal }) {
  const buttons = choices.map(([label, value]) =>
    createButton({ label, onClick: () => onPick(value), signal }),
  );
  const group = { "data-operated": true, role: "group", "aria-label": name };
  const words = title ? [el("span", "cv-quiet", {}, title)] : [];
  return {
    element: el("div", look, group, ...words, ...buttons),

    /** Mark the buttons that pick what is there. */
    show(isThere) {
      buttons.forEach((button, index) =>
        setAttribute(button, "aria-pressed", String(isThere(choices[index][1]))),
      );
    },
  };
}

/** A button that copies the text `read` returns, and says so. */
export function createCopyButton({ label = t("Copy"), read, signal }) {
  let cancel = () => {};
  const element = createButton({ label, onClick: copy, signal });
  element.setAttribute("aria-live", "polite");

  async function copy() {
    const done = await write(read());
    if (signal.aborted) return;
    setText(element, done ? t("Copied") : t("Select and press Ctrl+C"));
    cancel();
    cancel = later(() => setText(element, label), 1600, signal);
  }

  return element;
}

/** A line of code with a button that copies it; a `label` above says what the code is. */
export function createCodeLine(signal, label) {
  const code = el("code", "cv-code");
  const copy = createCopyButton({ read: () => code.textContent, signal });
  const text = label ? el("div", "", {}, el("div", "cv-quiet", {}, label), code) : code;
  return {
    element: el("div", "cv-line", {}, text, copy),
    show(text) {
      setText(code, text);
    },
  };
}

/** The same for code that may take several lines. */
export function createCodeLines(signal, label) {
  const lines = createCodeLine(signal, label);
  lines.element.classList.add("cv-code-lines");
  return lines;
}

/** Put a text on the clipboard; a page without https has only the old way. */
async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", "cv-offscreen", { readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/**
 * A slider over the steps of a film, with a text that says where it stands.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {(step: number) => void} options.onInput
 * @param {AbortSignal} options.signal
 */
export function createScrubber({ name, onInput, signal }) {
  const input = el("input", "cv-range", { type: "range", min: 0, step: 1, "aria-label": name });
  const text = el("span", "cv-quiet cv-scrubbed");
  input.addEventListener("input", () => onInput(Number(input.value)), { signal });
  return {
    element: el("div", "cv-scrubber", { "data-operated": true }, input, text),
    show(step, length, label) {
      setAttribute(input, "max", length - 1);
      input.value = String(step);
      setAttribute(input, "aria-valuetext", label);
      setText(text, label);
    },
  };
}

/** Whether the reader wants pictures that stand still. */
const wantsStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Play, pause, step back and forth, and speed.
 *
 * @param {object} options
 * @param {() => void} [options.onStart]  Before the first step of a film.
 * @param {() => void} [options.onStill]  Instead of a film, for a reader who wants no motion.
 * @param {(by: 1 | -1) => void} options.step
 * @param {() => void} options.onStop
 * @param {(speed: number) => void} options.onSpeed  Steps per second.
 * @param {AbortSignal} options.signal
 */
export function createPlayer({ step, onStart = () => {}, onStill, onStop, onSpeed, signal }) {
  let cancel = null; // stops the timer; null while paused
  let speed = 1;
  const back = createButton({ label: "‹", title: t("Step back"), onClick: () => once(-1), signal });
  back.setAttribute("data-step", -1); // what an arrow key presses in full screen
  const play = createButton({ label: t("Play"), onClick: toggle, signal });
  const next = createButton({ label: "›", title: t("Step"), onClick: () => once(1), signal });
  next.setAttribute("data-step", 1);
  play.classList.add("cv-play");
  const rate = createSlider({ name: t("speed"), min: 1, max: 8, onInput: onSpeed, signal });
  rate.element.classList.add("cv-speed");
  const element = el(
    "div",
    "cv-player",
    { "data-operated": true, role: "group", "aria-label": t("Playback") },
    back,
    play,
    next,
    rate.element,
  );

  function once(by) {
    stop();
    step(by);
  }

  function toggle() {
    if (cancel) stop();
    else if (onStill && wantsStill()) onStill();
    else start();
  }

  function start() {
    onStart();
    setText(play, t("Pause"));
    wait();
  }

  function wait() {
    cancel = later(
      () => {
        step(1);
        wait();
      },
      1000 / speed,
      signal,
    );
  }

  function stop() {
    if (!cancel) return;
    cancel();
    cancel = null;
    setText(play, t("Play"));
    onStop();
  }

  return {
    element,
    stop,
    isPlaying: () => cancel !== null,
    show(value) {
      speed = value;
      rate.show(value, () => true);
    },
  };
}
