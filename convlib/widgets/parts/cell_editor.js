/** A field, and buttons for one more and one less, that change the number of one cell. */
import { t } from "../math/words.js";
import { createButton, createField } from "./controls.js";
import { el, setAttribute, setText } from "./dom.js";

/**
 * @param {object} options
 * @param {number} options.min
 * @param {number} options.max
 * @param {() => void} options.onUse  A number is about to be changed.
 * @param {(value: number) => void} options.onInput  Takes a number; the answer comes with `show`.
 * @param {() => void} options.onDone  Enter or Escape: the focus may go back to the cell.
 * @param {AbortSignal} options.signal
 */
export function createCellEditor({ min, max, onUse, onInput, onDone, signal }) {
  let shown = 0;
  const title = el("span", "cv-name");
  const field = createField({ name: "number", min, max, onInput, signal });
  const step = (by) => () => {
    onUse();
    field.type(shown + by);
  };
  const less = createButton({ label: "−", title: t("One less"), onClick: step(-1), signal });
  const more = createButton({ label: "+", title: t("One more"), onClick: step(1), signal });
  const element = el(
    "div",
    "cv-cell-editor",
    { "data-operated": true, role: "group", "aria-label": t("Change a number") },
    title,
    less,
    field.input,
    more,
  );
  field.input.addEventListener("focus", onUse, { signal });
  field.input.addEventListener("keydown", leave, { signal });
  field.input.addEventListener("keyup", leaveIfTaken, { signal });

  function leave({ key }) {
    if (key !== "Escape") return;
    field.reset();
    onDone();
  }

  /** By the time the key comes up, the number was taken or refused. */
  function leaveIfTaken({ key }) {
    if (key === "Enter" && !field.isRefused()) onDone();
  }

  return {
    element,
    refusal: field.refusal,

    /** Let the next keys write into the field, in place of what is there. */
    begin() {
      field.input.focus();
      field.input.select();
    },

    /**
     * @param {string} name  As Python names the cell: `weight[0, 1]`.
     * @param {string} kind  Its colour.
     */
    show(name, kind, value) {
      shown = value;
      setText(title, name);
      setAttribute(title, "class", `cv-name cv-${kind}-ink`);
      field.aim(name, value);
    },
  };
}
