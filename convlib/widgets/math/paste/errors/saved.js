/** The message of load_state_dict: a head, and a line for each kind of difference. */

import { best } from "./recognise.js";

export const KEYS_OF_STATE = ["state_dict", "state shape", "state missing", "state unexpected"];

/** "conv1.weight", "conv1.bias" becomes a list of keys. */
function readKeys(text) {
  if (typeof text !== "string") return undefined;
  return text
    .split(",")
    .map((key) => key.replace(/['"\s{}[\]]/g, ""))
    .filter((key) => key !== "");
}

/**
 * Join what the lines say: one error with all its facts.
 *
 * @param {object[]} places every sentence found in the text
 * @param {object} chosen the best of them
 * @returns {object} `chosen`, with the facts of all lines
 */
export function joinLines(places, chosen) {
  const lines = Object.fromEntries(
    KEYS_OF_STATE.map((key) => [key, places.filter((place) => place.key === key)]),
  );
  const facts = {};
  const heads = best(lines.state_dict);
  // Many shapes may differ: the first layer of the list is the one to look at.
  const shapes = lines["state shape"].filter(({ facts }) => Array.isArray(facts.wanted));
  shapes.sort((a, b) => a.start - b.start || b.score - a.score);
  Object.assign(facts, heads?.facts, shapes[0]?.facts);
  facts.missing = readKeys(best(lines["state missing"])?.facts.missing);
  facts.unexpected = readKeys(best(lines["state unexpected"])?.facts.unexpected);
  const rule = facts.saved
    ? "state shape"
    : facts.unexpected
      ? "state unexpected"
      : "state missing";
  const found = facts.saved || facts.unexpected || facts.missing;
  return {
    ...chosen,
    key: "state_dict",
    rule: found ? rule : "state_dict",
    exception: heads?.exception ?? chosen.exception,
    facts,
  };
}
