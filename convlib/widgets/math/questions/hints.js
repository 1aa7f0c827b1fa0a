/**
 * What helps after a first wrong answer: on which side it lies, the slip that leads there, and
 * something to look at. It never gives the solution.
 */
import { outputSize } from "../arithmetic.js";
import { english, t } from "../words.js";
import { grade } from "./index.js";

const MOST_STOPS = 8; // so that all of them are drawn, to be counted
const MOST_CELLS = 24;

// What is said of a number that is the whole answer, and of one among several.
const ALONE = {
  small: english("{number} is too small."),
  large: english("{number} is too large."),
};
const AMONG = {
  right: english("{name}: right"),
  absent: english("{name}: not there"),
  small: english("{name}: too small"),
  large: english("{name}: too large"),
};

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
  const more = slip ? t("Perhaps: {slip}. {why}", { slip: slip.name, why: slip.why }) : item.hint;
  const lines = [sideOf(item, given), more];
  if (axis) lines.push(t("Count the stops of the window:"));
  return { lines, sums: isWhole ? slip.equations : [], axis };
}

/** Which numbers are wrong, and on which side they lie. */
function sideOf({ answer, choices, labels, places }, given) {
  if (choices) return t("It is not {number}.", { number: given[0] });
  const side = (index) => {
    if (given[index] === answer[index]) return "right";
    if (places) return "absent";
    return given[index] < answer[index] ? "small" : "large";
  };
  if (answer.length === 1) return t(ALONE[side(0)], { number: given[0] });
  const name = (index) => labels?.[index] ?? t("number {index}", { index: index + 1 });
  const sides = answer.map((_, index) => t(AMONG[side(index)], { name: name(index) }));
  return t("{sides}.", { sides: sides.join(t("; ")) });
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
