/** DigitNet's maps of one layer: colours, one cell to pick, and the block that is read. */
import { SHAPES, step } from "../math/digit_net.js";
import { KINDS, placeOf, shapeText } from "../math/digit_story.js";
import { range } from "../math/lists.js";
import { sign, square } from "../math/text.js";
import { t } from "../math/words.js";
import { el, isNews, setAttribute, setText, svg, takeFocus } from "../parts/dom.js";

const LEVELS = 8; // of colour, by a number's share of the largest in the layer

/**
 * @param {object} options
 * @param {string} options.layer
 * @param {(picked: [string, number, number, number]) => void} options.onPick
 * @param {AbortSignal} options.signal
 */
export function createLayer({ layer, onPick, signal }) {
  const [channels, rows, columns] = SHAPES[layer];
  const maps = range(channels).map((channel) => createMap(layer, channel));
  const most = el("span", "", {});
  const bar = el("span", "cv-ramp", { "aria-hidden": "true" });
  const scale = el("div", "cv-map-scale", { "aria-hidden": "true" }, "0", bar, most);
  const head = el(
    "figcaption",
    "cv-layer-name",
    {},
    el("strong", "", {}, layer),
    el("span", "", {}, t(KINDS[layer])),
    el("span", "cv-quiet", {}, shapeText(layer)),
  );
  const facts = { layer, count: channels, size: square(rows) };
  const names = { role: "grid", "aria-label": t("{layer}: {count} maps of {size}", facts) };
  const boxes = el("div", "cv-maps", names, ...maps.map((map) => map.element));
  const element = el("figure", "cv-layer", { "data-layer": layer }, head, boxes, scale);
  boxes.addEventListener("click", point, { signal });
  boxes.addEventListener("pointermove", drag, { signal });
  boxes.addEventListener("keydown", press, { signal });

  function point(event) {
    const channel = maps.findIndex((map) => map.element.contains(event.target));
    if (channel < 0) return;
    const { left, top, width, height } = maps[channel].element.getBoundingClientRect();
    const inside = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    const row = inside((event.clientY - top) / height, rows);
    onPick([layer, channel, row, inside((event.clientX - left) / width, columns)]);
  }

  /** A finger that moves is scrolling the page. */
  function drag(event) {
    if (event.pointerType === "mouse" && event.buttons === 1) point(event);
  }

  function press(event) {
    const channel = maps.findIndex((map) => map.cursor === event.target);
    if (channel < 0 || event.altKey || event.metaKey) return;
    const at = [layer, channel, ...maps[channel].at()];
    const isHere = event.key === "Enter" || event.key === " ";
    const next = isHere ? at : step(at, event.key);
    if (!next) return;
    event.preventDefault();
    maps[next[1]].moveTo(next.slice(2));
    maps.forEach((map, index) => {
      if (index !== next[1]) setAttribute(map.cursor, "tabindex", "-1");
    });
    takeFocus(maps[next[1]].cursor);
    onPick(next);
  }

  return {
    element,

    /**
     * @param {number[][][]} values @param {number[][][] | undefined} sums  Before ReLU.
     * @param {object} picked @param {object} read  The block that the picked number reads.
     */
    show(values, sums, picked, read) {
      const largest = Math.max(0, ...values.flat(2));
      setText(most, sign(largest));
      const isHere = picked[0] === layer;
      const stop = isHere ? picked[1] : 0;
      maps.forEach((map, channel) => {
        map.paint(values[channel], sums?.[channel], largest);
        map.pick(isHere && picked[1] === channel ? picked.slice(2) : null, channel === stop);
        map.frame(read.layer === layer && read.channels.includes(channel) ? read : null);
      });
    },
  };
}

/** One map: a drawing, the cell that is picked or that Tab reaches, and the frame of the block. */
function createMap(layer, channel) {
  const [, rows, columns] = SHAPES[layer];
  const shapes = range(LEVELS).map((level) =>
    svg("path", { style: `--level: ${(100 * (level + 1)) / LEVELS}%` }),
  );
  const cut = svg("path", { class: "cv-cut" });
  const drawing = svg("svg", { viewBox: `0 0 ${columns} ${rows}` }, ...shapes, cut);
  const frame = el("div", "cv-read", { hidden: true });
  const picture = el("div", "cv-picture", { "aria-hidden": "true" }, drawing, frame);
  const cursor = el("div", "cv-cursor", { role: "gridcell", tabindex: "-1" });
  const row = el("div", "", { role: "row" }, cursor);
  const names = {
    role: "rowgroup",
    "aria-label": t("{layer}, map {index}", { layer, index: channel }),
  };
  const element = el("div", "cv-one-map", names, picture, row);
  element.style.setProperty("--rows", rows);
  let at = [0, 0];
  let shown = []; // the numbers

  function moveTo(next) {
    at = next;
    cursor.style.setProperty("--row", at[0]);
    cursor.style.setProperty("--column", at[1]);
    const place = placeOf([layer, channel, ...at]);
    const value = shown[at[0]]?.[at[1]];
    setAttribute(cursor, "aria-label", t("{place}: {value}", { place, value }));
  }

  return {
    element,
    cursor,
    moveTo,
    at: () => at,

    paint(values, sums, largest) {
      if (!isNews(drawing, values, sums, largest)) return;
      shown = values;
      const squares = shapes.map(() => "");
      let minus = "";
      values.forEach((row, y) =>
        row.forEach((value, x) => {
          const level = Math.ceil((LEVELS * value) / (largest || 1)) - 1;
          if (level >= 0) squares[level] += `M${x} ${y}h1v1h-1z`;
          if (sums?.[y][x] < 0) minus += `M${x + 0.25} ${y + 0.5}h.5`;
        }),
      );
      shapes.forEach((shape, level) => setAttribute(shape, "d", squares[level]));
      setAttribute(cut, "d", minus);
    },

    pick(place, isStop) {
      setAttribute(cursor, "aria-selected", String(place !== null));
      setAttribute(cursor, "tabindex", isStop ? "0" : "-1");
      moveTo(place ?? at);
    },

    frame(read) {
      frame.hidden = !read;
      for (const name of ["top", "left", "size"]) {
        if (read) frame.style.setProperty(`--${name}`, read[name]);
      }
    },
  };
}
