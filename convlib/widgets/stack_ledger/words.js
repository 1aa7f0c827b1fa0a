/** How StackLedger writes and says its numbers. */
import { countOf } from "../math/field.js";
import { fieldOf, seenFrom, shareOf } from "../math/ledger.js";
import { sources } from "../math/network.js";
import { listed, sign, withCommas } from "../math/text.js";
import { english, phrase, t } from "../math/words.js";
import { el } from "../parts/dom.js";

export const fraction = ([above, below]) => (below === 1 ? String(above) : `${above}/${below}`);
export const extent = ([least, most]) => (least === most ? String(most) : `${least}–${most}`);

/** A number for each axis; one where they are the same. */
export const both = ([one, other], between = " × ") =>
  one === other ? one : `${one}${between}${other}`;

/** A size along both axes. */
export const across = (sizes) =>
  [sizes].flat().length === 1 ? `${sizes} × ${sizes}` : sizes.join(" × ");

/** A shape without its batch: 64 × 112 × 112. */
export const shapeText = (shape) => (shape ? shape.slice(1).join(" × ") : "–");

/** Bytes in the unit that suits. */
export function bytes(count) {
  const units = ["B", "kB", "MB", "GB"];
  let at = 0;
  let value = count;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${value >= 100 || at === 0 ? Math.round(value) : value.toPrecision(2)} ${units[at]}`;
}

/** A layer's settings in short. */
export function brief(layer, row) {
  const parts = [SHORT[layer.kind]?.(layer) ?? windowText(layer)];
  const from = sources(layer, row);
  const isNext = from.length === 1 && from[0] === row - 1;
  if (!isNext) parts.push(`← ${listed(from.map((each) => (each < 0 ? t("image") : each)))}`);
  return parts.filter(Boolean).join(" ");
}

const SHORT = {
  Linear: ({ out_features }) => String(out_features),
  AdaptiveAvgPool2d: ({ output_size }) => toSize(output_size),
  AdaptiveMaxPool2d: ({ output_size }) => toSize(output_size),
  Dropout: ({ p }) => `p ${p}`,
  Dropout2d: ({ p }) => `p ${p}`,
  GroupNorm: ({ num_groups }) => t("{count} groups", { count: num_groups }),
  Upsample: ({ size, scale_factor, mode }) =>
    `${size ? toSize(size) : `× ${scale_factor}`} ${mode}`,
  PixelShuffle: ({ upscale_factor }) => `× ${upscale_factor}`,
  cat: ({ dim }) => t("along {dim}", { dim }),
  mean: ({ dim }) => t("over {dims}", { dims: listed([dim].flat()) }),
};

const toSize = (size) => t("to {size}", { size: across(size) });

function windowText(layer) {
  const { kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1 } = layer;
  if (kernel_size === undefined) return "";
  const parts = [across(kernel_size)];
  const put = (letter, value, usual) => {
    if (value !== usual) parts.push(`${letter}${Array.isArray(value) ? value.join("×") : value}`);
  };
  put("s", stride ?? kernel_size, 1);
  put("p", padding, 0);
  put("d", dilation, 1);
  put("g", groups, 1);
  if (layer.padding_mode && layer.padding_mode !== "zeros") parts.push(layer.padding_mode);
  if (layer.ceil_mode) parts.push("ceil");
  return parts.join(" ");
}

/** What the columns behind "more" say of a row: field, jump, start, corner, coverage. */
export function fieldTexts(rows, index) {
  const [vertical, horizontal] = [0, 1].map((axis) => axisTexts(rows, index, axis));
  if (!vertical || !horizontal) return ["?", "?", "?", "?", "?"];
  const names = ["field", "jump", "start"];
  const texts = names.map((name) => both([vertical[name], horizontal[name]]));
  const corner = vertical.corner === null ? "?" : `${vertical.corner} × ${horizontal.corner}`;
  return [...texts, corner, coverage(vertical.share, horizontal.share)];
}

function axisTexts(rows, index, axis) {
  const found = fieldOf(rows[index], axis);
  if (!found) return null;
  const corner = seenFrom(rows, index, 0, axis);
  return {
    field: extent(found.field),
    jump: fraction(found.jump),
    start: found.start === null ? "–" : sign(found.start),
    corner: corner && countOf(corner),
    share: shareOf(found),
  };
}

function coverage(one, other) {
  if (one === null || other === null) return "–";
  const percent = 100 * one * other;
  return `${percent > 99.5 && percent < 100 ? "> 99" : percent < 0.5 ? "< 1" : Math.round(percent)}%`;
}

const NO_FIELD = english(
  "Layer {row}, {kind}: output {output}, {parameters} parameters, {macs} multiply-accumulates.",
);
const SHORT_FIELD = english(
  "Layer {row}, {kind}: output {output}, receptive field {field}, {parameters} parameters, " +
    "{macs} multiply-accumulates.",
);
const FULL_FIELD = english(
  "Layer {row}, {kind}: output {output}, receptive field {field}, jump {jump}, start {start}, " +
    "the corner sees {corner}, coverage {share}, {parameters} parameters, " +
    "{macs} multiply-accumulates.",
);

/**
 * A row, to listen to.
 *
 * @param {boolean} more  Whether the columns behind "more" are shown: what stands in them alone is
 *   heard then.
 * @returns {(string | number | Element)[]}  The pieces of a sentence.
 */
export function sentence(rows, index, more) {
  const row = rows[index];
  const kind = row.module.text ?? row.module.kind;
  if (row.refusal) {
    const { message, why } = row.refusal;
    return phrase("Layer {row}, {kind}: it breaks. {why}.", {
      row: index,
      kind: el("span", "", { "data-code": true }, kind),
      why: message ? el("code", "", { lang: "en" }, message) : why, // PyTorch speaks English
    });
  }
  const [field, jump, start, corner, share] = fieldTexts(rows, index);
  const text = t(field === "?" ? NO_FIELD : more ? FULL_FIELD : SHORT_FIELD, {
    row: index,
    kind,
    output: spoken(row.output.slice(1)),
    field,
    jump,
    start: start === "–" ? t("none") : start,
    corner: spoken(corner.split(" × ")),
    share,
    parameters: withCommas(row.parameters),
    macs: withCommas(row.macs),
  });
  return [text];
}

/** Sizes to listen to: 64 by 112 by 112. */
const spoken = ([first = "", ...others]) =>
  others.reduce((one, other) => t("{one} by {other}", { one, other }), first);
