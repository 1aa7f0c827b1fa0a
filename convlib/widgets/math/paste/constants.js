/** The value of an expression that holds no names of its own: a printed or a configured setting. */

import { t } from "../words.js";
import { Float, Trouble, Tuple } from "./values.js";

const WORDS = new Map([
  ["True", true],
  ["true", true],
  ["False", false],
  ["false", false],
  ["None", null],
  ["null", null],
]);

/** A number, a list, a truth value; a name stands for itself, as a word. */
export function constant(tree) {
  switch (tree.type) {
    case "constant":
      return tree.value;
    case "name":
      return WORDS.has(tree.name) ? WORDS.get(tree.name) : tree.name;
    case "attribute":
      return `${constant(tree.object)}.${tree.name}`;
    case "tuple":
      return new Tuple(tree.items.map(constant));
    case "list":
      return tree.items.map(constant);
    case "dict":
      return new Map(tree.entries.map(([key, value]) => [constant(key), constant(value)]));
    case "unary": {
      const value = constant(tree.value);
      return value instanceof Float ? new Float(-value.value) : -value;
    }
    case "call":
      // torch.Size([1, 1])
      if (tree.args.length === 1) return constant(tree.args[0]);
  }
  throw new Trouble(t("this setting is not read"), tree);
}
