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
import { speak } from "./text.js";
import { plural } from "./words.js";

const MOST_RUNS = 12; // of numbers that a sentence lists

const cells = (count) => plural("{count} cell", "{count} cells", count);

/** The strip in one sentence. */
export function stripSentence(axis) {
  const { size, before, after } = axis;
  const stops = outputSize(axis);
  const start = (stop) => speak(tapPosition(axis, stop, 0) - before); // as the strip counts
  const more = stops > 4 ? ` and so on to ${start(stops - 1)}` : "";
  const padding = before + after ? `, padded by ${before} before and ${after} after` : "";
  const cut = leftover(axis);
  return (
    `Input ${size}${padding}. The window spans ` +
    `${cells(effectiveKernelSize(axis.kernel, axis.dilation))} and stops at ` +
    `${range(Math.min(stops, 4)).map(start).join(", ")}${more}: output size ${stops}.` +
    (cut ? ` The last ${cells(cut)} of the padded axis ${cut > 1 ? "are" : "is"} never read.` : "")
  );
}

/** What the strip shows, in sentences. */
export function notesOf(axis, padding) {
  const { stride, before, after, size } = axis;
  const cut = leftover(axis);
  const lost = unreadIndices(axis, "zeros");
  const steps = outputSize(axis) - 1;
  const rest = cut ? `, and ${cut} left over` : " exactly";
  const notes = [
    `${
      travel(axis) === 0
        ? "The window fills the whole axis."
        : `The window can travel ${cells(travel(axis))}: ${plural("{count} step", "{count} steps", steps)} of ` +
          `${stride}${rest}.`
    } The next stop (✗) would hang over the end by ${stride - cut}.`,
  ];
  if (padding === "same") {
    notes.push(
      before === after
        ? `'same' adds ${before} on each side.`
        : `'same' adds ${before} before and ${after} after: the extra cell goes to the end, ` +
            "which is the bottom and the right of an image.",
    );
  }
  if (lost.length === 0) {
    notes.push(
      cut ? "Only padding is left over: every input cell is read." : "Every input cell is read.",
    );
  } else {
    notes.push(
      `${lost.length} of ${size} input cells ${lost.length > 1 ? "are" : "is"} never ` +
        `read: ${list(lost)}.`,
    );
  }
  return notes;
}

/** A single tap has no gaps: all its dilations make the same layer, and one line of the table. */
export function countSentence(settings, input, output, mostDilation) {
  const single = settings.filter((setting) => setting.kernel_size === 1).length;
  const count = settings.length + single * (mostDilation - 1);
  return `${count} setting${count === 1 ? " turns" : "s turn"} ${input} into ${output}.`;
}

/** Why no setting gives a size: what travel each stride would need, and what travels there are. */
export function reasonOf(input, output, bounds) {
  const { below, above, travels, needs } = whyNone(input, output, bounds);
  const wanted = needs.map(
    ({ stride, from, to }) =>
      `${from === to ? from : `${from}${to === from + 1 ? " or" : " to"} ${to}`} at stride ${stride}`,
  );
  const sentences =
    travels.length === 0
      ? ["No window within the bounds fits into this input."]
      : [
          `For ${output} outputs the window must travel this many cells: ${wanted.join(", or ")}.`,
          `Within the bounds it can travel ${list(travels)}.`,
        ];
  return { sentences, nearest: [below, above].filter((size) => size !== null) };
}

/** 1, 2, 3, 5 as "1 to 3, 5"; a long list ends with its last numbers. */
function list(numbers) {
  const parts = runs(numbers).map(([from, to]) =>
    from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from} to ${to}`,
  );
  if (parts.length <= MOST_RUNS) return parts.join(", ");
  return `${parts.slice(0, MOST_RUNS - 1).join(", ")} and so on to ${parts.at(-1)}`;
}
