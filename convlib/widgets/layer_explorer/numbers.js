/** Changing the numbers of the picture: one at a time, or a whole kernel or input at once. */
import { inputAt, weightAt } from "../math/arithmetic.js";
import { drawnNumbers } from "../math/numbers.js";
import { english, t } from "../math/words.js";
import { createCellEditor } from "../parts/cell_editor.js";
import { createButton } from "../parts/controls.js";
import { el, setAttribute } from "../parts/dom.js";

const RANDOM = { weight: [-3, 3], input_values: [0, 9] };
const PATTERNS = [
  ["weight", english("vertical edge")],
  ["weight", english("mean")],
  ["input_values", english("edge")],
];
const STANDARD = { weight: null, input_values: null };

/**
 * @param {object} edits
 * @param {() => void} edits.onUse
 * @param {(name: string, cell: number[], value: number) => void} edits.onNumber
 * @param {(values: object) => void} edits.onNumbers  Takes settings of whole grids.
 * @param {() => void} edits.onDone
 * @param {Record<string, [number, number]>} limits
 * @param {Element} apart  A switch that stands at the end.
 * @param {AbortSignal} signal
 */
export function createNumbers({ onUse, onNumber, onNumbers, onDone }, limits, apart, signal) {
  let target = null; // what the editor changes: a setting's name and a cell
  const [min, max] = limits.weight;
  const onInput = (value) => onNumber(...target, value);
  const editor = createCellEditor({ min, max, onUse, onInput, onDone, signal });
  const most = { weight: limits.kernel_size[1], input_values: limits.input_size[1] };
  const button = (label, values) =>
    createButton({ label, onClick: () => onNumbers(values()), signal });
  const random = (name) =>
    button(t("random"), () => ({ [name]: drawnNumbers(RANDOM[name], [most[name], most[name]]) }));
  const patterns = PATTERNS.map(([name, word]) => button(t(word), () => ({ [name]: word })));
  const [edges, mean, edge] = patterns;
  const element = el(
    "div",
    "cv-numbers",
    { "data-operated": true },
    editor.element,
    group("kernel", t("Kernel"), t("Kernel numbers"), edges, mean, random("weight")),
    group("input", t("Input"), t("Input numbers"), edge, random("input_values")),
    button(t("Reset"), () => STANDARD),
    apart,
  );
  return {
    element,
    refusal: editor.refusal,
    begin: editor.begin,
    show(layer, settings, { input_cell, weight_cell }) {
      target = input_cell ? ["input_values", input_cell] : ["weight", weight_cell];
      const [kind, name, at] = input_cell
        ? ["input", "input", inputAt]
        : ["kernel", "weight", weightAt];
      const cell = target[1];
      editor.show(`${name}[${cell.join(", ")}]`, kind, at(layer, ...cell));
      PATTERNS.forEach(([name, word], index) => {
        setAttribute(patterns[index], "aria-pressed", String(settings[name] === word));
      });
    },
  };
}

const group = (kind, name, label, ...buttons) =>
  el(
    "div",
    "cv-choices",
    { role: "group", "aria-label": label },
    el("span", `cv-${kind}-ink`, {}, name),
    ...buttons,
  );
