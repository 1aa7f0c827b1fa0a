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
