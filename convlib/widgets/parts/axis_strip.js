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
import { isNumbered, stripPlan } from "../math/strip_plan.js";
import { t } from "../math/words.js";
import { el } from "./dom.js";

const FIRST_STOP = 4; // the grid's row; above: the sizes, the cells, and what is never read

/** The strip as an element; to a screen reader it is one picture with a name. */
export function axisStrip(axis, spoken) {
  const { pieces, shown } = stripPlan(axis);
  const padded = paddedSize(axis);
  const board = createBoard(pieces, padded, spoken);
  const end = padded - leftover(axis);
  addSizes(board, axis);
  addCells(board, axis, pieces, end);
  if (end < padded) board.span(3, end, padded, el("span", "cv-cut", {}, t("never read")));

  let row = FIRST_STOP;
  shown.forEach((stops, part) => {
    if (part > 0) board.label(row++, "⋮", "cv-more");
    for (const stop of stops) {
      board.label(row, String(stop), "cv-stop cv-output-ink");
      addWindow(board, axis, row++, stop, "");
    }
  });
  board.label(row, "✗", "cv-stop");
  addWindow(board, axis, row, outputSize(axis), "cv-ghost");
  // A wall at the end: no window may stand beyond it.
  board.lay(2, padded, padded + 1, () => el("span", "cv-wall"), row + 1);
  return board.element;
}

/** A grid whose columns are positions; column 1 holds labels, and each cut has a column. */
function createBoard(pieces, padded, spoken) {
  const element = el("div", "cv-strip", { role: "img", "aria-label": spoken });
  const starts = pieces.map(
    (_, index) => 2 + pieces.slice(0, index).reduce((sum, [from, to]) => sum + to - from + 1, 0),
  );
  const columns = starts.at(-1) + pieces.at(-1)[1] - pieces.at(-1)[0] - 2;
  element.style.setProperty("--positions", columns);
  pieces.slice(1).forEach(([from], index) => {
    const row = from < padded ? 2 : 3; // behind the wall there are no cells
    put(el("span", "cv-gap", {}, "⋯"), `${row} / ${starts[index + 1] - 1}`);
  });

  function put(part, area) {
    part.style.gridArea = area;
    element.append(part);
  }

  /** The columns of the positions [from, to), once for each piece that shows some of them. */
  function columnsOf(from, to) {
    return pieces.flatMap(([first, last], index) => {
      const [a, b] = [Math.max(from, first), Math.min(to, last)];
      const column = starts[index] - first;
      return a < b ? [[column + a, column + b]] : [];
    });
  }

  return {
    element,
    label: (row, text, className) => put(el("span", className, {}, text), `${row} / 1`),

    /** Put an element over the positions [from, to), once in each piece that shows some. */
    lay(row, from, to, make, lastRow = "auto") {
      for (const [a, b] of columnsOf(from, to)) put(make(), `${row} / ${a} / ${lastRow} / ${b}`);
    },

    /** Put one element over all of them, across the cuts. */
    span(row, from, to, part) {
      const found = columnsOf(from, to);
      if (found.length) put(part, `${row} / ${found[0][0]} / auto / ${found.at(-1)[1]}`);
    },
  };
}

/** How long the input is, and its padding. */
function addSizes(board, axis) {
  const { before, size, after } = axis;
  const add = (from, to, text, kind) =>
    board.span(1, from, to, el("span", `cv-extent cv-${kind}`, {}, text));
  if (before) add(0, before, `+${before}`, "padding");
  add(before, before + size, String(size), "input");
  if (after) add(before + size, paddedSize(axis), `+${after}`, "padding");
}

function addCells(board, axis, pieces, end) {
  const padded = paddedSize(axis);
  const unread = new Set(unreadPositions(axis));
  const shown = pieces.flatMap(([from, to]) =>
    range(Math.max(Math.min(to, padded) - from, 0)).map((offset) => from + offset),
  );
  for (const position of shown) {
    const index = position - axis.before;
    const isInside = index >= 0 && index < axis.size;
    const numbered = isInside && isNumbered(index, axis.size - 1);
    const marks = [
      isInside ? "core" : "zero",
      unread.has(position) && "unread",
      unread.has(position) && (position >= end ? "floor" : "gap"),
      numbered && "fifth",
    ];
    const text = numbered || (isInside && axis.size <= 100) ? String(index) : "";
    const isLast = index === axis.size - 1;
    const names = { "data-marks": marks.filter(Boolean).join(" "), "data-last": isLast };
    board.lay(2, position, position + 1, () => el("span", "cv-input cv-position", names, text));
  }
}

function addWindow(board, axis, row, stop, kind) {
  const first = tapPosition(axis, stop, 0);
  const span = effectiveKernelSize(axis.kernel, axis.dilation);
  board.lay(row, first, first + span, () => el("span", `cv-window ${kind}`));
  for (const tap of range(axis.kernel)) {
    const position = tapPosition(axis, stop, tap);
    board.lay(row, position, position + 1, () => el("span", `cv-tap ${kind}`));
  }
}
