/** The answer where PyTorch refuses, whether the message was pasted or computed here. */

import { codeOf } from "../math/layer_answer.js";
import { layersThatSplit } from "../math/nearby_layers.js";
import { decode } from "../math/paste/errors.js";
import { sentences } from "../math/text.js";
import { phrase, t } from "../math/words.js";
import { createCopyButton } from "../parts/controls.js";
import { el } from "../parts/dom.js";
import { isInBook } from "./layer_panel.js";

/** Settings of a layer that a reader can change: what it would need of one is worth a line. */
const SETTINGS = ["in_features", "in_channels", "num_features"];

/**
 * What PyTorch says to a layer, why, and the mend.
 *
 * @param {import("../math/modules/refusal.js").Refusal} refusal
 * @param {{ module: object, inputs: number[][] }} row
 * @param {object} texts
 * @param {AbortSignal} signal
 * @returns {{ parts: Element[], spoken: string }}
 */
export function refusalPanel(refusal, row, texts, signal) {
  const message = `${refusal.type}: ${refusal.message}`;
  const decoded = withOwnNumbers(decode(message, texts, { input: row.inputs[0] }), row.module);
  const answer = decoded ? errorPanel(decoded, signal) : bare(message);
  const mend = decoded?.causes[0].mend ?? "";
  const needs = Object.entries(refusal.needs ?? {}).filter(
    ([name, value]) => SETTINGS.includes(name) && !mend.includes(String(value)),
  );
  const wanted = needs.map(([name, value]) =>
    el(
      "p",
      "cv-needs",
      {},
      ...phrase("It fits with {setting}.", { setting: el("code", "", {}, `${name}=${value}`) }),
    ),
  );
  return { parts: [...wanted, ...answer.parts], spoken: answer.spoken };
}

/** The sentence of uneven groups names no number, so its mend is an example; here the layer is known. */
function withOwnNumbers(decoded, module) {
  if (!["in_channels", "out_channels"].includes(decoded?.key)) return decoded;
  const [mend, other] = layersThatSplit(module).map(codeOf);
  if (!mend) return decoded;
  const [first, ...others] = decoded.causes;
  return { ...decoded, causes: [{ ...first, mend, other }, ...others] };
}

const bare = (message) => ({ parts: [el("code", "cv-message", {}, message)], spoken: message });

/**
 * What an error message means.
 *
 * @param {NonNullable<ReturnType<typeof decode>>} decoded
 * @param {AbortSignal} signal
 * @returns {{ parts: Element[], spoken: string }}
 */
export function errorPanel(decoded, signal) {
  const { exception, message, why, causes, section } = decoded;
  const [first, ...others] = causes;
  const parts = [
    el("code", "cv-message", {}, exception ? `${exception}: ${message}` : message),
    el("p", "cv-cause", {}, first.sentence),
    ...mends(first, signal),
  ];
  if (why) parts.push(el("p", "cv-why", {}, el("b", "", {}, t("The rule: ")), why));
  if (others.length > 0) parts.push(otherCauses(others, signal));
  parts.push(readMore(section));
  return { parts, spoken: sentences([first.sentence, why]) };
}

/** The code that mends it, with a button that copies it. */
function mends({ mend, other }, signal) {
  return [mend, other].filter(Boolean).map((code, index) => {
    const copy = createCopyButton({ read: () => code, signal });
    const name = index === 0 ? t("Mend it") : t("Or");
    const listing = el("code", "cv-code", {}, code);
    return el("div", "cv-line", {}, el("span", "cv-quiet", {}, name), listing, copy);
  });
}

function otherCauses(causes, signal) {
  const items = causes.map((cause) =>
    el("li", "", {}, cause.sentence, ...mends({ ...cause, other: "" }, signal)),
  );
  return el(
    "details",
    "cv-causes",
    { open: causes.length < 3 },
    el("summary", "", {}, t("If it is not that")),
    el("ol", "", {}, ...items),
  );
}

/** The section of the book; outside the book, its name alone. */
function readMore(section) {
  const words = t("The chapter on errors");
  const chapter = isInBook() ? el("a", "", { href: section }, words) : words;
  return el("p", "cv-quiet", {}, ...phrase("{chapter} raises it live.", { chapter }));
}
