/** Pictures of what an output sees: pixels along both axes. Sets of pixels are runs. */
import { span } from "../math/field.js";
import { range } from "../math/lists.js";
import { t } from "../math/words.js";
import { el, setAttribute, setText, svg } from "./dom.js";

const MOST_RUNS = 24; // more are too narrow to be told apart
const FEW = 100; // pixels along a side, large enough to be seen as squares
const FRAMES = ["cv-nominal", "cv-seen"];

/** A figure with a title: a part of the image, with a photograph or without, and shapes on it. */
export function createView(title) {
  const shapesOnIt = svg("g");
  const drawing = svg("svg", { role: "img" }, shapesOnIt);
  const photograph = svg("image", { preserveAspectRatio: "none" });
  const caption = el("span", "cv-quiet");
  const figcaption = el("figcaption", "", {}, el("strong", "", {}, title), caption);
  const element = el("figure", "cv-view", {}, drawing, figcaption);

  /** It stays in the drawing from picture to picture, so that it is not loaded anew. */
  function showPhoto(photo, [vertical, horizontal]) {
    setAttribute(element, "data-photo", Boolean(photo));
    if (!photo) return photograph.remove();
    for (const [name, value] of Object.entries(photo)) setAttribute(photograph, name, value);
    setAttribute(photograph, "data-squares", Math.max(vertical[1], horizontal[1]) < FEW);
    const [top, bottom] = cutOff(vertical, photo.y, photo.height);
    const [left, right] = cutOff(horizontal, photo.x, photo.width);
    setAttribute(photograph, "clip-path", `inset(${top} ${right} ${bottom} ${left})`);
    if (!photograph.parentNode) drawing.prepend(photograph);
  }

  return {
    element,
    /**
     * Show the pixels of these [start, length] along both axes, and [class, path] pairs on them.
     *
     * @param {{ href: string, x: number, y: number, width: number, height: number } | null} photo
     *   What lies behind them, and where.
     */
    show(pixels, text, photo, shapes) {
      const [vertical, horizontal] = pixels;
      const side = Math.max(vertical[1], horizontal[1], 1);
      const margin = side * 0.02;
      const corner = [horizontal, vertical].map(
        ([start, length]) => start - (side - length) / 2 - margin,
      );
      const room = side + 2 * margin;
      setAttribute(drawing, "viewBox", `${corner[0]} ${corner[1]} ${room} ${room}`);
      setAttribute(drawing, "aria-label", t("{title}: {text}", { title, text }));
      showPhoto(photo, pixels);
      const paths = photo ? withHalos(shapes) : shapes;
      shapesOnIt.replaceChildren(...paths.map(([name, d]) => svg("path", { class: name, d })));
      setText(caption, text);
    },
  };
}

/** What of an axis of the photograph lies before and behind these pixels, in shares of it. */
const cutOff = ([start, length], first, size) =>
  [start - first, first + size - start - length].map(
    (pixels) => `${(100 * Math.max(pixels, 0)) / size}%`,
  );

/** On a photograph, light or dark as it may be, a line is seen beside one in the page's colour. */
const withHalos = (shapes) => [
  ...shapes.filter(([name]) => FRAMES.includes(name)).map(([, d]) => ["cv-halo", d]),
  ...shapes,
];

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
