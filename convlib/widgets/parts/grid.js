/**
 * A grid of numbers in which one cell can be picked with pointer, touch or keyboard.
 *
 * The grid is one tab stop; the arrow keys, Home and End (with Ctrl: first and last cell) move the
 * pick, Enter and Space pick the cell in focus. Cells outside the `core` (a padding ring) are
 * shown but take no part in the keyboard's walk. Rows and columns carry their indices as headers,
 * so that a screen reader speaks them.
 */
import { sign } from "../math/text.js";
import { t } from "../math/words.js";
import { el, isNews, setAttribute, setText, takeFocus } from "./dom.js";

/**
 * @param {object} options
 * @param {"input" | "kernel" | "output"} options.kind  The colour.
 * @param {string} options.label  What a screen reader calls the grid.
 * @param {(row: number, column: number) => void} [options.onPick]  Without it the grid is a plain
 *   table.
 * @param {() => void} [options.onType]  A number is begun on the cell that was picked last: with the
 *   focus in a field, its first sign goes there.
 * @param {(row: number | null, column: number | null) => void} [options.onPoint]  The mouse is over
 *   a cell, or over none.
 * @param {AbortSignal} options.signal
 */
export function createGrid({ kind, label, onPick, onType, onPoint, signal }) {
  const element = el("div", `cv-grid cv-${kind}`, {
    role: onPick ? "grid" : "table",
    "aria-label": label,
  });
  const frame = el("div", "cv-frame", { "aria-hidden": "true", hidden: true });
  const box = el("div", "cv-grid-box", {}, element, frame);
  const top = el(
    "div",
    "cv-row",
    { role: "row" },
    createHeader("columnheader", unseen(t("index"))),
  );
  element.append(top);
  const stocks = createStocks(Boolean(onPick));
  const heads = [];
  const lines = []; // the rows
  const cellsOf = new WeakMap(); // the cells of each row
  const looks = new WeakMap(); // what each shows
  let cells = []; // [row][column]
  let core = { top: 0, left: 0 }; // what the headers count: top, left, rows, columns, ring
  let walked = {}; // the part that the keyboard walks: top, left, rows, columns
  let active = null; // the one cell in the tab order

  if (onPick) {
    element.addEventListener("click", pickTarget, { signal });
    element.addEventListener("pointerover", drag, { signal });
    element.addEventListener("keydown", walk, { signal });
  }
  if (onPoint) {
    element.addEventListener("pointerover", (event) => report(event.target, onPoint), { signal });
    element.addEventListener("pointerleave", () => onPoint(null, null), { signal });
  }

  function pickTarget(event) {
    report(event.target, onPick);
  }

  function report(target, listener) {
    const at = place(target);
    if (at) listener(...at);
  }

  /** The row and column of the cell that an event met; null beside the cells. */
  function place(target) {
    const cell = target.closest(".cv-cell");
    const row = lines.indexOf(cell?.parentNode);
    return cell && [row, cells[row].indexOf(cell)];
  }

  /** With the mouse, drag across the cells. A finger that moves is scrolling the page. */
  function drag(event) {
    if (event.pointerType === "mouse" && event.buttons === 1) pickTarget(event);
  }

  function walk(event) {
    const at = place(event.target);
    if (!at || event.altKey || event.metaKey) return;
    if (onType && /^[-\d]$/.test(event.key) && !event.ctrlKey) {
      onPick(...at);
      return onType();
    }
    const next = nextCell(event, at, walked);
    if (!next) return;
    event.preventDefault();
    activate(...next);
    takeFocus(active);
    onPick(...next);
  }

  /** Let Tab reach this cell. */
  function activate(row, column) {
    if (active === cells[row][column]) return;
    if (active) setAttribute(active, "tabindex", "-1");
    active = cells[row][column];
    setAttribute(active, "tabindex", "0");
  }

  function showHeader(header, index, length) {
    const isCounted = "ring" in core || (index >= 0 && index < length);
    const text = isCounted ? sign(index) : t("padding");
    if (header.textContent !== text) header.replaceChildren(isCounted ? text : unseen(text));
  }

  /** With a ring: hide what is not among `length` from `start`, but let it keep its room. */
  function hideOutside(part, at, start, length) {
    setAttribute(part, "data-outside", "ring" in core && (at < start || at >= start + length));
  }

  return {
    /** The grid, and the frame that can be laid over it. */
    element: box,

    /**
     * Make the grid fit. The headers count from the corner of the `core`. Cells that are there stay
     * at their place in the core, so that the focus and a screen reader's place survive, and only the
     * new ones have to be drawn.
     *
     * @param {{ top: number, left: number, rows: number, columns: number, ring?: number }} [newCore]
     *   What is inside the padding; all of the grid if left out. With a `ring`, the keyboard walks so
     *   many cells around the core and the headers count them, from below 0; what is outside is hidden.
     */
    resize(rows, columns, newCore = { top: 0, left: 0, rows, columns }) {
      if (!isNews(element, rows, columns, newCore)) return;
      const hadFocus = element.contains(document.activeElement);
      const { top: above, left: before } = core;
      core = newCore;
      const { ring = 0 } = core;
      walked = {
        top: core.top - ring,
        left: core.left - ring,
        rows: core.rows + 2 * ring,
        columns: core.columns + 2 * ring,
      };
      fit(heads, core.left - before, columns, top, stocks.heads);
      heads.forEach((head, x) => {
        showHeader(head, x - core.left, core.columns);
        hideOutside(head, x, walked.left, walked.columns);
      });
      fit(lines, core.top - above, rows, element, stocks.rows);
      cells = lines.map((line, y) => {
        showHeader(line.firstChild, y - core.top, core.rows);
        hideOutside(line, y, walked.top, walked.rows);
        if (!cellsOf.has(line)) cellsOf.set(line, []);
        const own = cellsOf.get(line);
        fit(own, core.left - before, columns, line, stocks.cells);
        own.forEach((cell, x) => hideOutside(cell, x, walked.left, walked.columns));
        return own;
      });
      if ("ring" in core) {
        // The stylesheet moves the headers beside what is seen.
        top.style.setProperty("--room", walked.top);
        for (const line of lines) line.firstChild.style.setProperty("--room", walked.left);
      }
      if (onPick) activate(walked.top, walked.left);
      const focused = document.activeElement;
      if (hadFocus && (!element.contains(focused) || focused.closest("[data-outside]"))) {
        active.focus({ preventScroll: true });
      }
    },

    /**
     * Show one cell.
     *
     * @param {object} look
     * @param {string} look.text
     * @param {string} look.spoken  The cell's name for a screen reader.
     * @param {(string | false | null)[]} look.marks  Words that the stylesheet knows.
     * @param {string} [look.corner]  A small text in the corner of the cell.
     * @param {number} [look.level]  0 to 1: how strong the cell's colour is, where one measures it.
     */
    paint(row, column, { text, spoken, marks, corner = "", level = 0 }) {
      const cell = cells[row][column];
      const words = marks.filter(Boolean).join(" ");
      const look = [text, spoken, words, corner, level].join();
      if (looks.get(cell) === look) return; // most cells: comparing is cheaper than reading the page
      looks.set(cell, look);
      setText(cell, text);
      setAttribute(cell, "aria-label", spoken);
      setAttribute(cell, "data-marks", words);
      setAttribute(cell, "data-corner", corner || false);
      setAttribute(cell, "style", level ? `--level: ${Math.round(100 * level)}%` : false);
      const isPicked = marks.includes("picked") || marks.includes("target");
      if (onPick) setAttribute(cell, "aria-selected", String(isPicked));
    },

    activate,

    /** Put the focus on the cell that Tab reaches. */
    focus() {
      takeFocus(active);
    },

    /** Give the grid another colour and another name. */
    rename(newKind, newLabel) {
      setAttribute(element, "class", `cv-grid cv-${newKind}`);
      setAttribute(element, "aria-label", newLabel);
    },

    /** Lay the frame around a block { row, column, rows, columns } of cells; null takes it away. */
    outline(block) {
      frame.hidden = !block;
      for (const [name, value] of Object.entries(block ?? {})) {
        frame.style.setProperty(`--${name}`, value);
      }
    },

    /** Write texts { row, column, text } into the frame's cells; as many as before can glide there. */
    engrave(texts) {
      if (!isNews(frame, texts)) return;
      if (frame.children.length !== texts.length) {
        frame.replaceChildren(...texts.map(() => el("span")));
      }
      texts.forEach(({ row, column, text }, index) => {
        const own = frame.children[index];
        own.style.setProperty("--row", row);
        own.style.setProperty("--column", column);
        setText(own, text);
      });
    },
  };
}

/** Where a key leads from a cell, inside the part that the keyboard walks; null for other keys. */
function nextCell({ key, ctrlKey }, [row, column], { top, left, rows, columns }) {
  const [bottom, right] = [top + rows - 1, left + columns - 1];
  const ways = {
    ArrowUp: [Math.max(row - 1, top), column],
    ArrowDown: [Math.min(row + 1, bottom), column],
    ArrowLeft: [row, Math.max(column - 1, left)],
    ArrowRight: [row, Math.min(column + 1, right)],
    Home: [ctrlKey ? top : row, left],
    End: [ctrlKey ? bottom : row, right],
    Enter: [row, column],
    " ": [row, column],
  };
  return ways[key] ?? null;
}

/**
 * Give a list of children of `parent` this length, and so many more (or fewer) in front. `stock`
 * makes children, and keeps those that are taken out: to put one in again is faster.
 */
function fit(list, more, length, parent, stock) {
  for (; more < 0 && list.length; more += 1) stock.put(list.shift());
  for (; more > 0 && list.length; more -= 1) {
    list.unshift(stock.take());
    list[1].before(list[0]);
  }
  while (list.length > length) stock.put(list.pop());
  while (list.length < length) {
    list.push(stock.take());
    parent.append(list.at(-1));
  }
}

/** Headers, rows and cells; cells that can be picked are cells of a grid, the others of a table. */
function createStocks(isPicked) {
  const cell = { role: isPicked ? "gridcell" : "cell", tabindex: isPicked ? "-1" : false };
  return {
    heads: createStock(() => createHeader("columnheader")),
    rows: createStock(() => el("div", "cv-row", { role: "row" }, createHeader("rowheader"))),
    cells: createStock(() => el("div", "cv-cell", cell)),
  };
}

/** Elements that were taken out, to be put in again. */
function createStock(create) {
  const kept = [];
  return {
    take: () => kept.pop() ?? create(),
    put(element) {
      element.remove();
      kept.push(element);
    },
  };
}

/** What stands before a row or above a column. */
function createHeader(role, content = "") {
  return el("div", "cv-header", { role }, content);
}

/** A word for a screen reader alone. */
function unseen(word) {
  return el("span", "cv-offscreen", {}, word);
}

/**
 * Grids side by side. The stylesheet gives them cells with which so many columns fit, or, where they
 * have to stand one above the other, the columns `across` the widest. `down` are the most rows.
 */
export function createStage(...children) {
  const element = el("div", "cv-stage", {}, ...children);
  return {
    element,
    fit(columns, across, down = across) {
      // Large pictures come in few sizes, so that a slider seldom changes that of every cell.
      const room = columns > 17 ? Math.ceil(columns / 6) * 6 : columns;
      element.style.setProperty("--columns", room);
      element.style.setProperty("--across", across);
      element.style.setProperty("--down", down);
    },
  };
}

/** A sign between two grids. */
export const createOperator = (sign) => el("div", "cv-operator", { "aria-hidden": "true" }, sign);

/** A grid as a figure: with its name, and beside it a quiet text that `size` holds. */
export function createPanel({ kind, title, onPick, onType, signal }) {
  const grid = createGrid({ kind, label: title, onPick, onType, signal });
  const name = el("strong", `cv-${kind}-ink`, {}, title);
  const size = el("span", "cv-quiet");
  const element = el(
    "figure",
    "cv-panel",
    {},
    el("figcaption", "cv-caption", {}, name, size),
    el("div", "cv-scroll", {}, grid.element),
  );
  return { element, grid, name, size };
}
