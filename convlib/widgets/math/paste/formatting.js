/** Strings with holes, which networks use to name their layers: f"conv_{i}", "conv%d" % i. */

import { Parser } from "./expressions.js";
import { tokenize } from "./tokens.js";
import { isNumber, itemsOf, numberOf } from "./values.js";

const HOLE = /\{([^{}]{1,80}?)(?:![rsa])?(?::[^{}]{0,20})?\}/g;

/** f"conv_{i + 1}"; `evaluateHole` evaluates what stands in a hole. */
export function formatted(text, evaluateHole) {
  return text.replace(HOLE, (_, hole) => {
    const [statement] = tokenize([{ text: hole, line: 1, column: 1 }]).statements;
    return statement ? textOf(evaluateHole(new Parser(statement.tokens).value())) : "";
  });
}

/** "conv%d" % i, "%s_%d" % (name, i) */
export function percent(text, value) {
  const values = [...(itemsOf(value) ?? [value])];
  return text.replace(/%\d{0,3}[dsi]/g, () => textOf(values.shift()));
}

/** "conv{}".format(i), "{0}_{name}".format(i, name=n) */
export function format(text, args, keywords) {
  let next = 0;
  return text.replace(/\{(\w{0,40})(?::[^{}]{0,20})?\}/g, (_, key) => {
    if (key === "") return textOf(args[next++]);
    return textOf(/^\d+$/.test(key) ? args[Number(key)] : keywords.get(key));
  });
}

/** A value as `str` writes it, where a name may hold it. */
export function textOf(value) {
  if (typeof value === "string") return value;
  if (isNumber(value)) return String(numberOf(value));
  return value?.text ?? (typeof value === "boolean" ? String(value) : "");
}
