/**
 * Practice questions: pure functions, no DOM. A topic, a seed and a number always give the same
 * question, so that a set can be handed out by its seed.
 *
 * @typedef {object} Slip  A usual wrong turn, and where it leads in this question.
 * @property {string} name  What was done (for what should have been done).
 * @property {string} why  The rule it breaks.
 * @property {string[]} equations  The wrong turn's own arithmetic.
 * @property {number[]} value  The wrong answer; it differs from the right one.
 *
 * @typedef {object} Question
 * @property {string} code  The layer; a `?` stands for what is asked.
 * @property {number[]} [input]  The shape of the input.
 * @property {object} [picture]  Numbers to look at: see `pictureText`.
 * @property {string} ask
 * @property {string[]} [labels]  What each number of the answer is.
 * @property {number[]} answer
 * @property {boolean} [places]  Its numbers are places, so none is too small or too large.
 * @property {number[]} [choices]  To choose one of; without it the answer is typed.
 * @property {string} hint
 * @property {([string, string] | { axis: object, letter: string })[]} working  Lines that lead to
 *   the answer: a label and an equation, or an axis for the output-size formula.
 * @property {Slip[]} slips
 */
import { equation } from "../sums.js";
import { t } from "../words.js";
import { channels, groups, parameters, weightShapes } from "./channels.js";
import { foreignWeights } from "./foreign.js";
import { layerState } from "./layer_state.js";
import { compose, network } from "./networks.js";
import { numberTypes } from "./number_types.js";
import {
  dilation,
  outputSizes,
  padding,
  pixelUsage,
  receptiveFields,
  transposed,
} from "./sizes.js";

/** For each topic its kinds of question, which take turns, the simplest first. */
const KINDS = {
  output_size: outputSizes,
  padding,
  dilation,
  channels,
  weight_shape: weightShapes,
  parameters,
  groups,
  receptive_field: receptiveFields,
  pixel_usage: pixelUsage,
  transposed,
  network,
  compose,
  layer_state: layerState,
  number_types: numberTypes,
  foreign_weights: foreignWeights,
};
const IN_TURN = Object.keys(KINDS);

/** What can be practised; "mixed" goes through all the others in turn. */
export const TOPICS = [...IN_TURN, "mixed"];

/** @returns {Question} */
export function question(topic, seed, number) {
  if (topic === "mixed") {
    const turn = number - 1;
    const round = Math.floor(turn / IN_TURN.length);
    return question(IN_TURN[turn % IN_TURN.length], seed, round + 1);
  }
  if (!IN_TURN.includes(topic)) {
    return {
      code: "",
      ask: t("No topic is called {topic}.", { topic }),
      answer: [],
      hint: "",
      working: [],
      slips: [],
    };
  }
  const kinds = KINDS[topic];
  const draw = kinds[(number - 1) % kinds.length];
  const random = createRandom(`${number} ${seed} ${topic}`);
  for (;;) {
    const draft = draw(random, number > 2 * kinds.length); // harder after two rounds
    const slips = draft ? distinct(draft) : [];
    if (slips.length < 2) continue;
    const choices = draft.choose && [draft.answer, ...slips.slice(0, 3).map(({ value }) => value)];
    return {
      ...draft,
      choices: choices?.flat().sort((a, b) => a - b),
      working: draft.working.map((line) => (line.axis ? line : [line[0], equation(line[1])])),
      slips,
    };
  }
}

/** The slips whose wrong answer is possible, wrong, and not that of a more usual slip. */
function distinct({ answer, slips, least = 1 }) {
  const seen = new Set([String(answer)]);
  return slips.filter(({ value }) => {
    const known = seen.has(String(value));
    seen.add(String(value));
    return !known && value.every((number) => Number.isInteger(number) && number >= least);
  });
}

/**
 * Compare an answer with the right one. A slip explains it if it leads to just this answer, or
 * else if each number is either right or what the slip leads to.
 *
 * @param {Question} question
 * @param {number[]} given
 * @returns {{ right: boolean, slip: Slip | undefined }}
 */
export function grade({ answer, slips }, given) {
  const right = String(given) === String(answer);
  const explains = ({ value }) =>
    given.every((number, index) => number === answer[index] || number === value[index]);
  const exact = slips.find(({ value }) => String(value) === String(given));
  return { right, slip: right ? undefined : (exact ?? slips.find(explains)) };
}

/**
 * Random numbers that depend on `key` alone: hashed with FNV-1a, it starts a xorshift generator
 * (Marsaglia 2003, doi:10.18637/jss.v008.i14).
 */
function createRandom(key) {
  let state = 0x811c9dc5;
  for (const letter of key) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193);
  state ||= 1; // 0 would stay 0
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 8; i++) next(); // so that like keys lead to unlike numbers

  const between = (min, max) => min + (next() % (max - min + 1));
  return { between, pick: (list) => list[between(0, list.length - 1)] };
}

// ---------------------------------------------------------------------------------- as text

/** The first questions of a set for a sheet of paper, the answers at the end. */
export function sheet(topic, seed, count) {
  const questions = Array.from({ length: count }, (_, i) => question(topic, seed, i + 1));
  const answers = questions.map(({ answer }, i) => `${i + 1}. ${answerText(answer)}`);
  return [
    `Practice('${topic}', seed=${seed})`,
    ...questions.map((item, i) => `${i + 1}. ${questionText(item)}`),
    [t("Answers"), ...answers].join("\n"),
  ].join("\n\n");
}

/** All that a question shows, as lines. */
export function questionText({ code, input, picture, ask, choices }) {
  const lines = [code];
  if (input) lines.push(t("Input: {shape}", { shape: answerText(input) }));
  if (picture) lines.push(...pictureText(picture));
  lines.push(choices ? `${ask} ${choices.join(", ")}` : ask);
  return lines.join("\n");
}

/** One number, or several as Python writes a tuple. */
export function answerText(answer) {
  return answer.length === 1 ? String(answer[0]) : `(${answer.join(", ")})`;
}

/** A picture is an input with a marked pixel, `{ size, pixel }`, or `{ input, weight, bias }`. */
export function pictureText({ size, pixel, input, weight, bias }) {
  if (pixel) {
    const [row, column] = pixel;
    const facts = { row, column, size };
    return [t("Marked: row {row}, column {column} of {size} × {size} pixels.", facts)];
  }
  const grid = (plane) => plane.map((line) => line.join(" ")).join(" / ");
  const planes = input.map((plane, index) => {
    const facts = { index, input: grid(plane), weight: grid(weight[index]) };
    return t("Plane {index}: input {input}, weight {weight}.", facts);
  });
  return [...planes, t("Bias: {bias}.", { bias })];
}
