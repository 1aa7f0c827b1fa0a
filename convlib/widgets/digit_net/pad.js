/** DigitNet's image: 8 × 8 cells to draw on with a mouse, a finger, or keys. */
import { FULL, SIDE, way } from "../math/digit_net.js";
import { shapeText } from "../math/digit_story.js";
import { table } from "../math/lists.js";
import { t } from "../math/words.js";
import { el, setAttribute, takeFocus } from "../parts/dom.js";

/**
 * @param {object} options
 * @param {(cells: number[][]) => void} options.onMark  The tool was in these cells.
 * @param {(row: number, column: number, ink: number) => void} options.onInk  A key gave the ink.
 * @param {AbortSignal} options.signal
 */
export function createPad({ onMark, onInk, signal }) {
  const dots = table([SIDE, SIDE], createDot);
  const lines = dots.map((line) => el("div", "cv-pad-row", { role: "row" }, ...line));
  const frame = el("div", "cv-read", { "aria-hidden": "true" });
  const grid = el("div", "cv-pad", { role: "grid", "aria-label": t("Image: draw here") }, ...lines);
  listenToHands(grid, onMark, signal);
  grid.addEventListener("keydown", press, { signal });

  function press(event) {
    const { dot } = event.target.dataset;
    if (!dot || event.altKey || event.metaKey || event.ctrlKey) return;
    const at = dot.split(",").map(Number);
    const next = moved(at, event.key);
    if (next) takeStop(dots[next[0]][next[1]]);
    else if (event.key === " " || event.key === "Enter") onMark([at]);
    else if (/^[0-8]$/.test(event.key)) onInk(...at, (Number(event.key) * FULL) / 8);
    else return;
    event.preventDefault();
  }

  function takeStop(dot) {
    for (const other of dots.flat()) setAttribute(other, "tabindex", other === dot ? "0" : "-1");
    takeFocus(dot);
  }

  const name = el(
    "figcaption",
    "cv-layer-name",
    {},
    el("strong", "", {}, t("image")),
    el("span", "", { "data-operated": true }, t("draw here")),
    el("span", "cv-quiet", {}, shapeText("input")),
  );
  const box = el("div", "cv-pad-frame", {}, grid, frame);
  return {
    element: el("figure", "cv-pad-box", {}, name, box),

    /** @param {number[][]} image @param {object | null} read  The block that is read of it. */
    show(image, read) {
      image.forEach((line, row) =>
        line.forEach((ink, column) => {
          const dot = dots[row][column];
          setAttribute(dot, "style", ink ? `--ink: ${(100 * ink) / FULL}%` : false);
          const label = t("row {row}, column {column}: ink {ink}", { row, column, ink });
          setAttribute(dot, "aria-label", label);
        }),
      );
      frame.hidden = !read;
      for (const name of ["top", "left", "size"]) {
        if (read) frame.style.setProperty(`--${name}`, read[name]);
      }
    },
  };
}

function createDot(row, column) {
  const tabindex = row || column ? "-1" : "0";
  return el("div", "cv-dot", { role: "gridcell", tabindex, "data-dot": `${row},${column}` });
}

/** The cell that an arrow key leads to; null for other keys. */
function moved([row, column], key) {
  const last = SIDE - 1;
  return (
    {
      ArrowUp: [Math.max(row - 1, 0), column],
      ArrowDown: [Math.min(row + 1, last), column],
      ArrowLeft: [row, Math.max(column - 1, 0)],
      ArrowRight: [row, Math.min(column + 1, last)],
      Home: [row, 0],
      End: [row, last],
    }[key] ?? null
  );
}

/** One stroke from the touch to the release, also where the hand leaves the grid. */
function listenToHands(grid, onMark, signal) {
  let last = null; // the cell that the stroke came to

  function cellOf(event) {
    const { left, top, width, height } = grid.getBoundingClientRect();
    const inside = (at) => Math.min(Math.max(Math.floor(at * SIDE), 0), SIDE - 1);
    return [inside((event.clientY - top) / height), inside((event.clientX - left) / width)];
  }

  const listeners = {
    pointerdown(event) {
      if (event.button !== 0) return;
      grid.setPointerCapture(event.pointerId);
      last = cellOf(event);
      onMark([last]);
    },
    pointermove(event) {
      if (!last) return;
      const cell = cellOf(event);
      const cells = way(last, cell);
      last = cell;
      if (cells.length) onMark(cells);
    },
    lostpointercapture() {
      last = null;
    },
  };
  for (const [name, listener] of Object.entries(listeners)) {
    grid.addEventListener(name, listener, { signal });
  }
}
