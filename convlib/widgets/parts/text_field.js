/** Fields for text: one line, or a box that grows with what is pasted into it. */
import { el, setAttribute, setText } from "./dom.js";

/**
 * One line of text with a name, and a place for what is wrong with it.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {string} [options.placeholder]
 * @param {(text: string) => void} options.onInput
 * @param {AbortSignal} options.signal
 */
export function createTextField({ name, placeholder = "", onInput, signal }) {
  const input = el("input", "cv-text", {
    type: "text",
    placeholder,
    "aria-label": name,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  const wrong = el("span", "cv-wrong", { role: "status" });
  input.addEventListener("input", () => onInput(input.value), { signal });
  return {
    element: el(
      "label",
      "cv-text-field",
      { "data-operated": true },
      el("span", "cv-name", {}, name),
      input,
      wrong,
    ),

    /** Show a text, what stands there while it is empty, and why it is not understood. */
    show(text, { placeholder: hint = placeholder, why = "" } = {}) {
      if (input.value !== text) input.value = text;
      setAttribute(input, "placeholder", hint);
      setAttribute(input, "aria-invalid", why !== "" && "true");
      setText(wrong, why);
    },
  };
}

const FEWEST_LINES = 2;
const MOST_LINES = 12;

/** A box for several lines of text. */
export function createTextBox({ name, onInput, signal }) {
  const area = el("textarea", "cv-box", {
    "data-operated": true,
    "aria-label": name,
    rows: FEWEST_LINES,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  area.addEventListener("input", () => onInput(area.value), { signal });
  return {
    element: area,
    show(text) {
      if (area.value !== text) area.value = text;
      const lines = text.split("\n", MOST_LINES).length;
      setAttribute(area, "rows", Math.max(lines, FEWEST_LINES));
    },
  };
}
