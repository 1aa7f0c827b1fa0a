/** Numbers as text, to look at and to listen to. */

/** A number to look at, with a real minus sign. */
export const sign = (value) => (value < 0 ? `−${-value}` : String(value));

/** A large number to look at, its thousands apart: 9,408. */
export const withCommas = new Intl.NumberFormat("en").format;

/** A number to listen to. */
export const speak = (value) => (value < 0 ? `minus ${-value}` : String(value));

/** A size along both axes. */
export const square = (size) => `${size} × ${size}`;

/** 1 cell, 2 cells. */
export const many = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** 1; 1 and 2; 1, 2 and 3. */
export const inWords = (items, last = "and") =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;

/** 3 − 1 + 2: numbers with their signs between them. */
export const signedSum = (numbers) =>
  numbers
    .map((number, index) => {
      if (index === 0) return sign(number);
      return `${number < 0 ? "−" : "+"} ${Math.abs(number)}`;
    })
    .join(" ");
