/**
 * What helps after a first wrong answer: on which side it lies, the slip that leads there, and
 * something to look at. It never gives the solution.
 */
import { outputSize } from "../arithmetic.js";
import { grade } from "./index.js";

const MOST_STOPS = 8; // so that all of them are drawn, to be counted
const MOST_CELLS = 24;

/**
 * @param {import("./index.js").Question} item
 * @param {number[]} given  A wrong answer.
 * @returns {{ lines: string[], sums: string[], axis: object | undefined }}  What to say; the sum
 *   that leads to the wrong answer; an axis whose stops can be counted.
 */
export function hintFor(item, given) {
  const { slip } = grade(item, given);
  const isWhole = slip && String(slip.value) === String(given);
  const axis = axisToCount(item, given);
  const lines = [sideOf(item, given), slip ? `Perhaps: ${slip.name}. ${slip.why}` : item.hint];
  if (axis) lines.push("Count the stops of the window:");
  return { lines, sums: isWhole ? slip.equations : [], axis };
}

/** Which numbers are wrong, and on which side they lie. */
function sideOf({ answer, choices, labels, places }, given) {
  if (choices) return `It is not ${given[0]}.`;
  const side = (index) => {
    if (given[index] === answer[index]) return "right";
    if (places) return "not there";
    return given[index] < answer[index] ? "too small" : "too large";
  };
  if (answer.length === 1) return `${given[0]} is ${side(0)}.`;
  const name = (index) => labels?.[index] ?? `number ${index + 1}`;
  return `${answer.map((_, index) => `${name(index)}: ${side(index)}`).join("; ")}.`;
}

/** The first axis whose size is wrong, if it is small enough to be counted. */
function axisToCount({ answer, code, working }, given) {
  if (code.includes("?")) return undefined; // its padding is what is asked
  const axes = working.filter((line) => line.axis).map((line) => line.axis);
  const first = answer.length - axes.length; // sizes come last
  const wrong = axes.find((_, index) => given[first + index] !== answer[first + index]);
  if (!wrong) return undefined;
  const isSmall = outputSize(wrong) <= MOST_STOPS && wrong.size + 2 * wrong.before <= MOST_CELLS;
  return isSmall ? wrong : undefined;
}
