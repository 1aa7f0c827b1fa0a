/** The kernel: a field for each weight, that is typed into, dragged or stepped with the arrow keys. */
import { short, stepOf, stepped, sumSentence } from "../math/image_kernels.js";
import { isSame, table, withCell } from "../math/lists.js";
import { sentences, sign } from "../math/text.js";
import { english, t } from "../math/words.js";
import { createChoices } from "../parts/controls.js";
import { el, inked, setAttribute, setText } from "../parts/dom.js";

const PIXELS = 8; // of a drag, for one step
const NAMES = {
  identity: english("identity"),
  box: english("box"),
  gaussian: english("Gaussian"),
  sharpen: english("sharpen"),
  sobel_x: english("Sobel x"),
  sobel_y: english("Sobel y"),
  laplacian: english("Laplacian"),
  emboss: english("emboss"),
};

/**
 * @param {object} options
 * @param {{ weight: [number, number] }} options.limits
 * @param {(kernel: number[][]) => void} options.onKernel
 * @param {AbortSignal} options.signal
 */
export function createKernel({ limits, onKernel, signal }) {
  const grid = el("div", "cv-weights", { role: "group", "aria-label": t("Kernel") });
  const sum = el("p", "cv-quiet cv-weights-note");
  const refusal = el("p", "cv-refused", { "aria-live": "polite" });
  const hint = el("p", "cv-quiet cv-weights-note", { "data-operated": true });
  setText(hint, t("Type a weight, or drag it up and down."));
  const name = el("strong", "", {}, inked("kernel", t("Kernel")));
  const caption = el("figcaption", "cv-image-caption", {}, name);
  const element = el("figure", "cv-image-kernel", {}, caption, grid, sum, hint, refusal);
  let kernel = []; // as it is shown
  let fields = [];

  function change(row, column, weight) {
    onKernel(withCell(kernel, [row, column], weight));
  }

  /** Take what was typed, or say why not: then it stays in the field, marked. */
  function take(row, column) {
    const field = fields[row][column];
    const [low, high] = limits.weight;
    const value = Number(field.value);
    const isNumber = !field.validity.badInput && field.value !== "";
    if (isNumber && value >= low && value <= high) return change(row, column, value);
    const rule = t("a weight is a number from {low} to {high}", { low: sign(low), high });
    const refused = isNumber
      ? t("{typed} is not possible: {rule}.", { typed: field.value, rule })
      : t("This is not possible: {rule}.", { rule });
    const weight = sign(short(kernel[row][column]));
    const still = t("The kernel still has {weight} there.", { weight });
    setText(refusal, sentences([refused, still]));
    setAttribute(field, "aria-invalid", "true");
    setAttribute(field, "aria-description", rule);
  }

  function createField(row, column) {
    const [min, max] = limits.weight;
    const label = t("weight, row {row}, column {column}", { row, column });
    const attributes = { type: "number", min, max, step: "any", "aria-label": label };
    const field = el("input", "cv-weight", attributes);
    field.addEventListener("change", () => take(row, column), { signal });
    const way = {
      read: () => kernel[row][column],
      write: (weight) => change(row, column, weight),
      stepped: (weight, steps) => stepped(weight, steps, stepOf(kernel), limits.weight),
    };
    stepByKey(field, way, signal);
    drag(field, way, signal);
    return field;
  }

  function resize(size) {
    if (fields.length === size) return;
    fields = table([size, size], createField);
    grid.replaceChildren(...fields.flat());
    grid.style.setProperty("--size", size);
  }

  return {
    element,
    show(shown) {
      const isNew = !isSame(shown, kernel);
      kernel = shown;
      resize(kernel.length);
      if (!isNew) return;
      fields.flat().forEach((field, at) => {
        const weight = kernel.flat()[at];
        const text = String(short(weight));
        if (field.value !== text) field.value = text;
        setAttribute(field, "aria-invalid", false);
        setAttribute(field, "aria-description", false);
        setAttribute(field, "data-sign", weight > 0 ? "positive" : weight < 0 ? "negative" : false);
      });
      setText(refusal, "");
      setText(sum, sumSentence(kernel));
    },
  };
}

/** The arrow keys go by one, or by a tenth in a kernel of fractions. */
function stepByKey(field, { read, write, stepped }, signal) {
  const step = (event) => {
    const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!steps) return;
    event.preventDefault();
    write(stepped(read(), steps));
  };
  field.addEventListener("keydown", step, { signal });
}

/** A pointer that goes up with a weight makes it larger. A mere click is for typing. */
function drag(field, { read, write, stepped }, signal) {
  let start = null; // where the drag began, and with which weight
  const listen = (type, listener) => field.addEventListener(type, listener, { signal });
  listen("pointerdown", (event) => {
    start = { y: event.clientY, weight: read() };
    field.setPointerCapture(event.pointerId);
  });
  listen("pointermove", (event) => {
    if (!start) return;
    const weight = stepped(start.weight, Math.round((start.y - event.clientY) / PIXELS));
    if (weight !== read()) write(weight);
  });
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
    listen(type, () => {
      start = null;
    });
  }
}

/** A button for each preset; that of the kernel shown is pressed. */
export function createPresets({ presets, onPreset, signal }) {
  const choices = presets.map((preset) => [t(NAMES[preset.name]), preset]);
  const name = t("Known kernels");
  const row = createChoices({ name, choices, onPick: onPreset, look: "cv-presets", signal });
  return {
    element: row.element,
    show: (kernel) => row.show((preset) => isSame(preset.kernel, kernel)),
  };
}
