/** Python source, as far as it builds a network: from lines to modules in order. */

import { t } from "../words.js";
import { run } from "./execute.js";
import { isLayer } from "./layers.js";
import { Machine } from "./machine.js";
import { networkOf } from "./network.js";
import { parse } from "./statements.js";
import { tokenize } from "./tokens.js";
import { Tensor, Trouble } from "./values.js";

/**
 * @param {import("./clean.js").Line[]} lines
 * @param {Record<string, *>} values what the reader has filled in
 * @param {number[] | null} input
 */
export function readSource(lines, values, input) {
  const machine = new Machine(values, input);
  const { statements, unclosed } = tokenize(lines);
  machine.hints = hintsOf(statements);
  let modules = [];
  try {
    run(parse(statements), machine.top, machine);
    noticeTensor(machine);
    modules = networkOf(machine);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    machine.problem("", error.node?.at, error.message);
  }
  noticeLeftOut(statements, machine);
  if (unclosed.length > 0 && modules.length > 0) {
    const [{ line, text }] = unclosed;
    machine.notes.add(
      t('The bracket "{bracket}" of line {line} is not closed: it is read as closed at the end.', {
        bracket: text,
        line,
      }),
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

/** `k = 5` below or beside the line that uses it: Python would not see it, the reader does. */
function hintsOf(statements) {
  const hints = new Map();
  for (const { tokens } of statements) {
    tokens.forEach((token, index) => {
      const [sign, number] = [tokens[index + 1], tokens[index + 2]];
      if (
        token.type === "name" &&
        sign?.text === "=" &&
        number?.type === "number" &&
        !hints.has(token.text)
      ) {
        hints.set(token.text, number.value);
      }
    });
  }
  return hints;
}

/** A picture that the text makes and never hands on is the input all the same. */
function noticeTensor({ top, graph }) {
  for (const value of top.names.values()) {
    const isPicture =
      value instanceof Tensor && value.row === null && [3, 4].includes(value.shape?.length);
    if (isPicture) graph.input ??= value.shape;
  }
}

/** A layer's call in a line that has given no layer, nor a problem: it is named. */
function noticeLeftOut(statements, machine) {
  const lines = new Set(machine.problems.map(({ line }) => line));
  for (const { node } of machine.made) lines.add(node?.at?.line);
  for (const { tokens } of statements) {
    tokens.forEach((token, index) => {
      const called =
        tokens[index + 1]?.text === "(" && token.type === "name" && isLayer(token.text);
      if (
        !called ||
        lines.has(token.line) ||
        tokens[index - 1]?.text === "class" ||
        isTypeTest(tokens)
      )
        return;
      machine.notes.add(
        t("Line {line}: {name}(...) is not part of what is shown.", {
          line: token.line,
          name: token.text,
        }),
      );
    });
  }
}

/** `if isinstance(m, nn.Conv2d):` names a layer and makes none. */
const isTypeTest = (tokens) => tokens.some(({ text }) => text === "isinstance");
