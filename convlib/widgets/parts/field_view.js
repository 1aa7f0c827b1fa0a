/** Pictures of what an output sees: pixels along both axes. Sets of pixels are runs. */
import { span } from "../math/field.js";
import { range } from "../math/lists.js";
import { t } from "../math/words.js";
import { el, setAttribute, setText, svg } from "./dom.js";

const MOST_RUNS = 24; // more are too narrow to be told apart

/** A figure with a title: a part of the image, and shapes on it. */
export function createView(title) {
  const drawing = svg("svg", { role: "img" });
  const caption = el("span", "cv-quiet");
  const figcaption = el("figcaption", "", {}, el("strong", "", {}, title), caption);
  return {
    element: el("figure", "cv-view", {}, drawing, figcaption),
    /** Show the pixels of these [start, length] along both axes, and [class, path] pairs on them. */
    show([vertical, horizontal], text, shapes) {
      const side = Math.max(vertical[1], horizontal[1], 1);
      const margin = side * 0.02;
      const corner = [horizontal, vertical].map(
        ([start, length]) => start - (side - length) / 2 - margin,
      );
      const room = side + 2 * margin;
      setAttribute(drawing, "viewBox", `${corner[0]} ${corner[1]} ${room} ${room}`);
      setAttribute(drawing, "aria-label", t("{title}: {text}", { title, text }));
      drawing.replaceChildren(...shapes.map(([name, d]) => svg("path", { class: name, d })));
      setText(caption, text);
    },
  };
}

/** The rectangle of these [start, length] along the height and the width. */
export const box = ([y, height], [x, width]) => `M${x} ${y}h${width}v${height}h${-width}z`;

/** [start, length] of all runs together. */
export const extent = (runs) => [runs[0]?.[0] ?? 0, span(runs)];

/** The rectangle around these pixels. */
export const frame = ([vertical, horizontal]) =>
  vertical.length && horizontal.length ? box(extent(vertical), extent(horizontal)) : "";

/** The lines between the pixels of a rectangle, where they are not too close to be seen. */
export function ruling([vertical, horizontal]) {
  const [top, height] = extent(vertical);
  const [left, width] = extent(horizontal);
  if (Math.max(height, width) > 50) return "";
  const across = range(height).slice(1);
  const down = range(width).slice(1);
  return (
    across.map((at) => `M${left} ${top + at}h${width}`).join("") +
    down.map((at) => `M${left + at} ${top}v${height}`).join("")
  );
}

/** Every pixel whose row and column are in these runs. */
export function cells(both) {
  const [rows, columns] = both.map((runs) =>
    (runs.length > MOST_RUNS ? [[runs[0][0], runs.at(-1)[1]]] : runs).map(([first, last]) => [
      first,
      last - first + 1,
    ]),
  );
  return rows.flatMap((y) => columns.map((x) => box(y, x))).join("");
}
