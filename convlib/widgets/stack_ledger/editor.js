/** StackLedger's editor of the picked row. */
import { NEW_LAYERS } from "../math/edits.js";
import { t } from "../math/words.js";
import { createButton, createCheck, createChoice, createNumber } from "../parts/controls.js";
import { el, setAttribute, setText } from "../parts/dom.js";

// Settings that are one number for both axes, or one for each.
const SIZES = ["kernel_size", "stride", "padding", "output_padding", "dilation", "output_size"];
const NUMBERS = ["out_channels", "out_features", "num_groups", "groups", "upscale_factor"];
const CHECKS = ["bias", "ceil_mode", "affine"];
const WORDS = { padding_mode: ["zeros", "reflect", "replicate", "circular"] };
const ORDER = [
  "out_channels",
  "out_features",
  "num_groups",
  ...SIZES,
  "groups",
  "upscale_factor",
  "padding_mode",
  "bias",
  "ceil_mode",
  "affine",
];

/** The number of a size along an axis; null where a word stands in its place. */
export function numberOf(value, axis) {
  if (typeof value === "string") return null;
  return Array.isArray(value) ? value[axis] : value;
}

/**
 * @param {object} options
 * @param {Record<string, [number, number]>} options.limits
 * @param {(name: string, axis: number | null, value: unknown) => void} options.onEdit  `axis` is
 *   null for both.
 * @param {(name: string, axis: number | null, value: number) => object | null} options.forbids
 * @param {{ up, down, remove: () => void, add: (kind: string) => void }} options.actions
 * @param {AbortSignal} options.signal
 */
export function createEditor({ limits, onEdit, forbids, actions, signal }) {
  const kind = el("strong", "cv-kind", { "data-code": true });
  const move = (label, title, onClick) => createButton({ label, title, onClick, signal });
  const up = move("↑", t("Move the layer up"), actions.up);
  const down = move("↓", t("Move the layer down"), actions.down);
  const remove = createButton({ label: t("Remove"), onClick: actions.remove, signal });
  const same = createButton({
    label: "'same'",
    title: "padding='same'",
    onClick: () => onEdit("padding", null, "same"),
    signal,
  });
  const fields = ORDER.map((name) => createSetting({ name, limits, onEdit, forbids, signal }));
  const settings = el("div", "cv-settings", {}, ...fields.map(({ element }) => element));
  fields.find(({ name }) => name === "padding").element.append(same);
  const refusals = el("div", "cv-refusals", {}, ...fields.flatMap(({ refusals }) => refusals));
  const add = Object.keys(NEW_LAYERS).map((name) => {
    const button = createButton({ label: `+ ${name}`, onClick: () => actions.add(name), signal });
    setAttribute(button, "data-code", true);
    return button;
  });
  const element = el(
    "div",
    "cv-editor",
    { "data-operated": true, role: "group", "aria-label": t("The picked layer") },
    el("div", "cv-editor-head", {}, kind, up, down, remove),
    settings,
    refusals,
    el(
      "div",
      "cv-add",
      { role: "group", "aria-label": t("Add a layer below") },
      el("span", "cv-quiet", {}, t("Add below:")),
      ...add,
    ),
  );

  return {
    element,
    show({ layers, picked, apart }) {
      const layer = layers[picked];
      setText(kind, `${picked}  ${layer.text ?? layer.kind}${layer.name ? `  ${layer.name}` : ""}`);
      for (const field of fields) field.show(layer, apart);
      settings.hidden = fields.every((field) => field.element.hidden);
      same.hidden = layer.kind !== "Conv2d";
      same.setAttribute("aria-pressed", String(layer.padding === "same"));
      up.disabled = picked === 0;
      down.disabled = picked === layers.length - 1;
    },
  };
}

/** The control of one setting; hidden where a layer has no such setting. */
function createSetting({ name, limits, onEdit, forbids, signal }) {
  const control = createControl({ name, limits, onEdit, forbids, signal });
  return {
    name,
    element: control.element,
    refusals: control.refusals ?? [],
    show(layer, apart) {
      const has = name in layer && !(name === "padding" && layer.kind === "ZeroPad2d");
      control.element.hidden = !has;
      if (has) control.show(layer[name], apart);
    },
  };
}

function createControl({ name, limits, onEdit, forbids, signal }) {
  if (CHECKS.includes(name)) {
    return createCheck({ name, onInput: (value) => onEdit(name, null, value), signal });
  }
  if (name in WORDS) {
    const options = WORDS[name];
    return createChoice({ name, options, onInput: (value) => onEdit(name, null, value), signal });
  }
  const [min, max] = limits[name];
  const field = (label, axis) =>
    createNumber({
      name: label,
      min,
      max,
      onInput: (value) => onEdit(name, axis, value),
      forbids: (value) => forbids(name, axis, value),
      signal,
    });
  if (NUMBERS.includes(name)) {
    const number = field(name, null);
    return { ...number, refusals: [number.refusal] };
  }
  return createSize(
    field(name, null),
    field(t("{name} height", { name }), 0),
    field(t("{name} width", { name }), 1),
  );
}

/** One field for both axes, or one for each. */
function createSize(both, height, width) {
  const element = el("div", "cv-size", {}, ...[both, height, width].map((each) => each.element));
  return {
    element,
    refusals: [both, height, width].map((each) => each.refusal),
    show(value, apart) {
      const isPair = apart || Array.isArray(value);
      both.element.hidden = isPair;
      height.element.hidden = !isPair;
      width.element.hidden = !isPair;
      if (!isPair) both.show(numberOf(value, 0));
      else {
        height.show(numberOf(value, 0));
        width.show(numberOf(value, 1));
      }
    },
  };
}
