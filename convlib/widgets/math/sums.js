/** Sums as people write them: read and worked out, so that what is shown is what is computed. */

const BRACKETS = { "(": (value) => value, "⌊": Math.floor, "⌈": Math.ceil };

/** The value of a number, or of a text such as `⌊(7 + 2 × 1 − 3) / 2⌋ + 1`. */
export function evaluate(sum) {
  const tokens = String(sum).match(/\d+|\S/g);

  function atom() {
    const token = tokens.shift();
    if (token === "−") return -atom();
    if (!(token in BRACKETS)) return Number(token);
    const value = BRACKETS[token](total());
    tokens.shift(); // the closing bracket
    return value;
  }

  function product() {
    let value = atom();
    while (tokens[0] === "×" || tokens[0] === "/") {
      value = tokens.shift() === "×" ? value * atom() : value / atom();
    }
    return value;
  }

  function total() {
    let value = product();
    while (tokens[0] === "+" || tokens[0] === "−") {
      value += tokens.shift() === "+" ? product() : -product();
    }
    return value;
  }

  return total();
}

/** A number as a sum writes it, a negative one in brackets. */
export const term = (value) => (value < 0 ? `(−${-value})` : String(value));

/** `2 × 3 = 6`; a single number stays alone. */
export const equation = (sum) =>
  /[+×/−⌊⌈]/.test(sum) ? `${sum} = ${term(evaluate(sum))}` : `${sum}`;
