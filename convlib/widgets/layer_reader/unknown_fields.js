/** A small field for each name that the text uses and does not say. */

import { readValue, writeValue } from "../math/paste/field_value.js";
import { t } from "../math/words.js";
import { el, isNews } from "../parts/dom.js";
import { createTextField } from "../parts/text_field.js";

/**
 * @param {(name: string, value: unknown) => void} onValue
 * @param {AbortSignal} signal
 */
export function createUnknownFields(onValue, signal) {
  const element = el("div", "cv-unknowns", {
    role: "group",
    "aria-label": t("Names without a value"),
  });
  let fields = new Map();

  function make({ name }) {
    const field = createTextField({
      name,
      signal,
      onInput: (text) => {
        const found = readValue(text);
        field.show(text, { why: found.why });
        if (!found.why) onValue(name, found.value);
      },
    });
    return [name, field];
  }

  return {
    element,

    /** @param {import("../math/paste/unknowns.js").Unknown[]} unknowns */
    show(unknowns, values) {
      element.hidden = unknowns.length === 0;
      if (!isNews(element, unknowns)) return; // the focus stays in its field
      fields = new Map(unknowns.map(make));
      const words = t("Fill in what the text does not say:");
      element.replaceChildren(
        el("span", "cv-quiet", {}, words),
        ...[...fields.values()].map((field) => field.element),
      );
      for (const { name, start } of unknowns) {
        fields.get(name).show(writeValue(name in values ? values[name] : start));
      }
    },
  };
}
