/** The controls a widget is made of: sliders, choices, buttons, and a player. */
import { range } from "../math/lists.js";
import { el, later, setAttribute, setText } from "./dom.js";

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
  const values = range(max - min + 1).map((index) => min + index);
  const input = el("input", "cv-range", { type: "range", min, max, step: 1, "aria-label": name });
  const now = el("span", "cv-value");
  const ticks = values.map((value) => el("span", "cv-tick", {}, String(value)));
  const scale = el(
    "span",
    "cv-scale",
    {
      "aria-hidden": "true",
      "data-crowded": ticks.length > 10,
    },
    ...ticks,
  );
  const element = control(name, now, input, scale);
  input.addEventListener("input", () => onInput(Number(input.value)), { signal });

  return {
    element,

    /**
     * @param {number} value
     * @param {(value: number) => boolean} isLegal  Marks the scale.
     * @param {string} [word]  Set if a word stands in place of the number.
     */
    show(value, isLegal, word) {
      input.value = String(value);
      setText(now, word ?? String(value));
      setAttribute(input, "aria-valuetext", word ?? String(value));
      setAttribute(element, "data-word", word !== undefined);
      ticks.forEach((tick, index) => {
        setAttribute(tick, "data-legal", String(isLegal(values[index])));
        setAttribute(tick, "data-current", String(values[index] === value && !word));
      });
    },
  };
}

/** A labelled field for a whole number; what lies beyond its range becomes the nearest inside. */
export function createNumber({ name, min, max, onInput, signal }) {
  const input = el("input", "cv-number", { type: "number", min, max, step: 1, "aria-label": name });
  let shown = null; // null: an empty field
  input.addEventListener(
    "change",
    () => {
      if (input.value === "") input.value = shown ?? "";
      else onInput(Math.min(Math.max(Math.round(Number(input.value)), min), max));
    },
    { signal },
  );
  return {
    element: control(name, "", input, el("span", "cv-scale", {}, `${min} to ${max}`)),
    show(value) {
      shown = value;
      input.value = value ?? "";
    },
  };
}

/** A labelled drop-down list. */
export function createChoice({ name, options, onInput, signal }) {
  const items = options.map((option) => el("option", "", { value: option }, option));
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
  return el("div", "cv-control", {}, el("label", "", {}, head, ...parts));
}

/** A push button; a `title` names one whose label is a sign. */
export function createButton({ label, title, onClick, signal }) {
  const names = title ? { title, "aria-label": title } : {};
  const element = el("button", "cv-button", { type: "button", ...names }, label);
  element.addEventListener("click", onClick, { signal });
  return element;
}

/** A button that copies the text `read` returns, and says so. */
export function createCopyButton({ label = "Copy", read, signal }) {
  let cancel = () => {};
  const element = createButton({ label, onClick: copy, signal });
  element.setAttribute("aria-live", "polite");

  async function copy() {
    const done = await write(read());
    if (signal.aborted) return;
    setText(element, done ? "Copied" : "Select and press Ctrl+C");
    cancel();
    cancel = later(() => setText(element, label), 1600, signal);
  }

  return element;
}

/** A line of code with a button that copies it. */
export function createCodeLine(signal) {
  const code = el("code", "cv-code");
  const copy = createCopyButton({ read: () => code.textContent, signal });
  return {
    element: el("div", "cv-line", {}, code, copy),
    show(text) {
      setText(code, text);
    },
  };
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
 * Play, pause, step back and forth, and speed.
 *
 * @param {object} options
 * @param {(by: 1 | -1) => void} options.step
 * @param {() => void} options.onStop
 * @param {(speed: number) => void} options.onSpeed  Steps per second.
 * @param {AbortSignal} options.signal
 */
export function createPlayer({ step, onStop, onSpeed, signal }) {
  let cancel = null; // stops the timer; null while paused
  let speed = 1;
  const back = createButton({ label: "‹", title: "Step back", onClick: () => once(-1), signal });
  const play = createButton({ label: "Play", onClick: () => (cancel ? stop() : start()), signal });
  const next = createButton({ label: "›", title: "Step", onClick: () => once(1), signal });
  play.classList.add("cv-play");
  const rate = createSlider({ name: "speed", min: 1, max: 8, onInput: onSpeed, signal });
  rate.element.classList.add("cv-speed");
  const element = el(
    "div",
    "cv-player",
    { role: "group", "aria-label": "Playback" },
    back,
    play,
    next,
    rate.element,
  );

  function once(by) {
    stop();
    step(by);
  }

  function start() {
    setText(play, "Pause");
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
    setText(play, "Play");
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
