/** What there is to say of one axis, and of the settings that connect two sizes. */
import {
  effectiveKernelSize,
  leftover,
  outputSize,
  tapPosition,
  travel,
  unreadIndices,
} from "./arithmetic.js";
import { range, runs } from "./lists.js";
import { whyNone } from "./solver.js";
import { listed, sentences, speak } from "./text.js";
import { plural, t } from "./words.js";

const MOST_RUNS = 12; // of numbers that a sentence lists
const MOST_STOPS = 4; // that a sentence lists

const cells = (count) => plural("{count} cell", "{count} cells", count);

/** The strip in one sentence. */
export function stripSentence(axis) {
  const { size, kernel, dilation, before, after } = axis;
  const cut = leftover(axis);
  return sentences([
    before + after
      ? t("Input {size}, padded by {before} before and {after} after.", { size, before, after })
      : t("Input {size}.", { size }),
    t("The window spans {cells} and stops at {stops}: output size {output}.", {
      cells: cells(effectiveKernelSize(kernel, dilation)),
      stops: spokenStops(axis),
      output: outputSize(axis),
    }),
    cut &&
      plural(
        "The last {cells} of the padded axis is never read.",
        "The last {cells} of the padded axis are never read.",
        cut,
        { cells: cells(cut) },
      ),
  ]);
}

/** Where the first windows start, and the last one, as the strip counts. */
function spokenStops(axis) {
  const count = outputSize(axis);
  const start = (stop) => speak(tapPosition(axis, stop, 0) - axis.before);
  const items = listed(range(Math.min(count, MOST_STOPS)).map(start));
  if (count <= MOST_STOPS) return items;
  return t("{items} and so on to {last}", { items, last: start(count - 1) });
}

/** What the strip shows, in sentences. */
export function notesOf(axis, padding) {
  const by = axis.stride - leftover(axis);
  return [
    sentences([
      travelNote(axis),
      t("The next stop (✗) would hang over the end by {cells}.", { cells: by }),
    ]),
    padding === "same" && sameNote(axis),
    lostNote(axis),
  ].filter(Boolean);
}

function travelNote(axis) {
  const { stride } = axis;
  const cut = leftover(axis);
  if (travel(axis) === 0) return t("The window fills the whole axis.");
  const facts = {
    cells: cells(travel(axis)),
    steps: plural("{count} step", "{count} steps", outputSize(axis) - 1),
    stride,
    cut,
  };
  return cut
    ? t("The window can travel {cells}: {steps} of {stride}, and {cut} left over.", facts)
    : t("The window can travel {cells}: {steps} of {stride} exactly.", facts);
}

function sameNote({ before, after }) {
  if (before === after) return t("'same' adds {before} on each side.", { before });
  return t(
    "'same' adds {before} before and {after} after: the extra cell goes to the end, " +
      "which is the bottom and the right of an image.",
    { before, after },
  );
}

function lostNote(axis) {
  const lost = unreadIndices(axis, "zeros");
  if (lost.length) {
    return plural(
      "{count} of {size} input cells is never read: {cells}.",
      "{count} of {size} input cells are never read: {cells}.",
      lost.length,
      { size: axis.size, cells: shortList(lost) },
    );
  }
  return leftover(axis)
    ? t("Only padding is left over: every input cell is read.")
    : t("Every input cell is read.");
}

/** A single tap has no gaps: all its dilations make the same layer, and one line of the table. */
export function countSentence(settings, input, output, mostDilation) {
  const single = settings.filter((setting) => setting.kernel_size === 1).length;
  const count = settings.length + single * (mostDilation - 1);
  return plural(
    "{count} setting turns {input} into {output}.",
    "{count} settings turn {input} into {output}.",
    count,
    { input, output },
  );
}

/** Why no setting gives a size: what travel each stride would need, and what travels there are. */
export function reasonOf(input, output, bounds) {
  const { below, above, travels, needs } = whyNone(input, output, bounds);
  const wanted = needs
    .map(needOf)
    .reduce((need, other) => t("{need}, or {other}", { need, other }));
  const why =
    travels.length === 0
      ? [t("No window within the bounds fits into this input.")]
      : [
          t("For {output} outputs the window must travel this many cells: {needs}.", {
            output,
            needs: wanted,
          }),
          t("Within the bounds it can travel {cells}.", { cells: shortList(travels) }),
        ];
  return { sentences: why, nearest: [below, above].filter((size) => size !== null) };
}

/** The travel that one stride needs. */
function needOf(need) {
  if (need.from === need.to) return t("{from} at stride {stride}", need);
  if (need.to === need.from + 1) return t("{from} or {to} at stride {stride}", need);
  return t("{from} to {to} at stride {stride}", need);
}

/** 1, 2, 3, 5 as "1 to 3, 5"; a long list ends with its last numbers. */
function shortList(numbers) {
  const parts = runs(numbers).map(([from, to]) => {
    if (from === to) return String(from);
    return to === from + 1 ? listed([from, to]) : t("{from} to {to}", { from, to });
  });
  if (parts.length <= MOST_RUNS) return listed(parts);
  const items = listed(parts.slice(0, MOST_RUNS - 1));
  return t("{items} and so on to {last}", { items, last: parts.at(-1) });
}
