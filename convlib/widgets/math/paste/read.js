/**
 * The reader of pasted text: what kind of text it is, and what it says.
 *
 * @typedef {object} Reading
 * @property {"layer" | "network" | "error" | "nothing"} kind
 * @property {object[]} modules in order, as `math/modules.js` reads them, each with `line`; with
 *   `refusal` where PyTorch raises
 * @property {import("./unknowns.js").Unknown[]} unknowns names that the reader fills in
 * @property {number[] | null} input a shape that stands in the text
 * @property {{ text: string, line: number, column: number, why: string }[]} problems what is not
 *   understood, with its place
 * @property {string[]} notes what the answer does not say by itself
 * @property {string | null} error the text of an error message
 */

import { t } from "../words.js";
import { cleanLines, uncomment, unquote } from "./clean.js";
import { readConfig } from "./configs.js";
import { resolveLazy } from "./lazy.js";
import { partError } from "./message.js";
import { isPrinted, readPrinted } from "./printed.js";
import { readSource } from "./source.js";
import { isTable, readTable } from "./tables.js";
import { parseYaml } from "./yaml.js";

const MOST_LETTERS = 100_000;

/**
 * Read a pasted text. Nothing in it is run by the browser: see `machine.js`.
 *
 * @param {string} text
 * @param {Record<string, *>} [values] what the reader has filled in for the unknowns
 * @param {number[] | null} [input] the shape that goes in, where it is known
 * @returns {Reading}
 */
export function read(text, values = {}, input = null) {
  const part = text.slice(0, MOST_LETTERS);
  const { code, error } = partError(cleanLines(part));
  const reading = safely(() => readAny(code, values, input, part));
  reading.error = error;
  if (part.length < text.length) {
    reading.problems.push({
      text: "",
      line: code.at(-1)?.line ?? 1,
      column: 1,
      why: t("the text is longer than {letters} letters: the rest is not read", {
        letters: MOST_LETTERS,
      }),
    });
  }
  return { kind: kindOf(reading), ...reading };
}

/** A text that is deeper than JavaScript's stack is no network. */
function safely(action) {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const why = t("the text stands too deep in itself");
    const problem = { text: "", line: 1, column: 1, why };
    return { modules: [], unknowns: [], input: null, problems: [problem], notes: [], error: null };
  }
}

/** The text as it stands; else its comments; else what its strings quote. */
function readAny(lines, values, input, text) {
  const reading = readLines(lines, values, input, text);
  if (!isEmpty(reading)) return reading;
  for (const [mark, other] of [
    [/^\s{0,40}#/, uncomment],
    [/^\s{0,40}[rbf]?["']/i, unquote],
  ]) {
    if (!lines.some((line) => mark.test(line.text))) continue;
    const bare = readLines(other(lines), values, input, text);
    if (!isEmpty(bare)) return bare;
  }
  return reading;
}

const isEmpty = ({ modules }) => modules.length === 0;

function kindOf({ modules, error }) {
  if (error) return "error";
  if (modules.length === 0) return "nothing";
  return modules.length === 1 ? "layer" : "network";
}

function readLines(lines, values, input, text) {
  const code = lines.map((line) => line.text).join("\n");
  const found = { unknowns: [], input: null, error: null };
  const finish = (reading) => resolveLazy({ ...found, ...reading }, values, input);
  if (isTable(code)) return finish(readTable(lines, input));
  if (isPrinted(code)) return finish(readPrinted(lines));
  const { loose, ...source } = readSource(lines, values, input);
  if (!isEmpty(source)) return finish(source);
  const config = configOf(loose, text);
  return finish(isEmpty(config) ? source : { ...source, ...config });
}

/** The layers of dicts and lists that stand for themselves, or of YAML. */
function configOf(loose, text) {
  for (const { value, line } of loose) {
    const config = readConfig(value, line);
    if (!isEmpty(config)) return config;
  }
  return readConfig(parseYaml(cleanLines(text, { bullets: true })), 1);
}
