/** Python source, as far as it builds a network: from lines to modules in order. */

import { run } from "./execute.js";
import { Machine } from "./machine.js";
import { networkOf } from "./network.js";
import { parse } from "./statements.js";
import { tokenize } from "./tokens.js";
import { Trouble } from "./values.js";

/**
 * @param {import("./clean.js").Line[]} lines
 * @param {Record<string, *>} values what the reader has filled in
 * @param {number[] | null} input
 */
export function readSource(lines, values, input) {
  const machine = new Machine(values, input);
  const { statements, unclosed } = tokenize(lines);
  let modules = [];
  try {
    run(parse(statements), machine.top, machine);
    modules = networkOf(machine);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    machine.problem("", error.node?.at, error.message);
  }
  if (unclosed.length > 0 && modules.length > 0) {
    const [{ line, text }] = unclosed;
    machine.notes.add(
      `The bracket "${text}" of line ${line} is not closed: it is read as closed at the end.`,
    );
  }
  return {
    modules,
    unknowns: machine.unknowns.list(),
    input: machine.graph.input,
    problems: machine.problems,
    notes: [...machine.notes],
    loose: looseValues(machine),
  };
}

/** Lists and dicts that the text leaves for themselves: they may be a configuration. */
function looseValues(machine) {
  const named = [...machine.top.names.values()].filter(
    (value) => value instanceof Map || Array.isArray(value),
  );
  return [...machine.loose, ...named.map((value) => ({ value, line: 1 }))];
}
