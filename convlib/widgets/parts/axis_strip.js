/**
 * One padded axis as a strip of cells, with every stop of the window below it, and the next stop,
 * which does not fit. A long axis is shown without its middle.
 */
import {
  effectiveKernelSize,
  leftover,
  outputSize,
  paddedSize,
  tapPosition,
  unreadPositions,
} from "../math/arithmetic.js";
import { range } from "../math/lists.js";
import { el } from "./dom.js";

const MOST_COLUMNS = 34; // more positions than this are cut in two
const HEAD = 12;
const TAIL = 20;
const MOST_STOPS = 8; // more stops than this are shown without their middle
const FEW_STOPS = 3;

/** What of an axis is shown: pieces of positions [from, to), and the numbers of the stops. */
export function stripPlan(axis) {
  const stops = outputSize(axis);
  const length = tapPosition(axis, stops, axis.kernel - 1) + 1; // to the end of the next stop
  const pieces =
    length <= MOST_COLUMNS
      ? [[0, length]]
      : [
          [0, HEAD],
          [length - TAIL, length],
        ];
  const shown =
    stops <= MOST_STOPS
      ? [range(stops)]
      : [range(FEW_STOPS), range(FEW_STOPS).map((index) => stops - FEW_STOPS + index)];
  return { pieces, shown };
}

/** Whether the index is written even where there is little room: every fifth, and the last. */
function isNumbered(index, last) {
  return index === last || (index % 5 === 0 && last - index > 2);
}

/** The strip as an element; to a screen reader it is one picture with a name. */
export function axisStrip(axis, spoken) {
  const { pieces, shown } = stripPlan(axis);
  const padded = paddedSize(axis);
  const unread = new Set(unreadPositions(axis));
  const end = padded - leftover(axis);
  const strip = el("div", "cv-strip", { role: "img", "aria-label": spoken });

  // Column 1 holds the numbers of the stops; between two pieces one column stays free.
  const starts = pieces.map(
    (_, index) => 2 + pieces.slice(0, index).reduce((sum, [from, to]) => sum + to - from + 1, 0),
  );
  const columns = starts.at(-1) + pieces.at(-1)[1] - pieces.at(-1)[0] - 2;
  strip.style.setProperty("--positions", columns);

  /** Put an element over the positions [from, to), once in each piece that shows some of them. */
  function lay(row, from, to, make, lastRow = "auto") {
    pieces.forEach(([first, last], index) => {
      const [a, b] = [Math.max(from, first), Math.min(to, last)];
      if (a >= b) return;
      const part = make();
      const column = starts[index] - first;
      part.style.gridArea = `${row} / ${column + a} / ${lastRow} / ${column + b}`;
      strip.append(part);
    });
  }

  function label(row, text, className) {
    const part = el("span", className, {}, text);
    part.style.gridArea = `${row} / 1`;
    strip.append(part);
  }

  const size = (from, to, text, kind) =>
    lay(1, from, to, () => el("span", `cv-extent cv-${kind}`, {}, text));
  if (axis.before) size(0, axis.before, `+${axis.before}`, "padding");
  size(axis.before, axis.before + axis.size, String(axis.size), "input");
  if (axis.after) size(axis.before + axis.size, padded, `+${axis.after}`, "padding");

  for (const position of range(padded)) {
    const index = position - axis.before;
    const inside = index >= 0 && index < axis.size;
    const numbered = inside && isNumbered(index, axis.size - 1);
    const marks = [
      inside ? "core" : "zero",
      unread.has(position) && "unread",
      unread.has(position) && (position >= end ? "floor" : "gap"),
      numbered && "fifth",
    ];
    lay(2, position, position + 1, () =>
      el(
        "span",
        "cv-input cv-position",
        { "data-marks": marks.filter(Boolean).join(" ") },
        numbered || (inside && axis.size <= 100) ? String(index) : "",
      ),
    );
  }
  if (end < padded) lay(3, end, padded, () => el("span", "cv-cut", {}, "never read"));

  let row = 4;
  shown.forEach((stops, part) => {
    if (part > 0) label(row++, "⋮", "cv-more");
    for (const stop of stops) {
      label(row, String(stop), "cv-stop cv-output-ink");
      window(row++, stop, "");
    }
  });
  label(row, "✗", "cv-stop");
  window(row, outputSize(axis), "cv-ghost");
  // A wall at the end: no window may stand beyond it.
  lay(2, padded, padded + 1, () => el("span", "cv-wall"), row + 1);
  if (pieces.length > 1) {
    const gap = el("span", "cv-gap", {}, "⋯");
    gap.style.gridArea = `2 / ${starts[1] - 1}`;
    strip.append(gap);
  }

  function window(row, stop, kind) {
    const first = tapPosition(axis, stop, 0);
    const span = effectiveKernelSize(axis.kernel, axis.dilation);
    lay(row, first, first + span, () => el("span", `cv-window ${kind}`));
    for (const tap of range(axis.kernel)) {
      const position = tapPosition(axis, stop, tap);
      lay(row, position, position + 1, () => el("span", `cv-tap ${kind}`));
    }
  }

  return strip;
}
