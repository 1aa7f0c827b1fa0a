/** Pictures of what an output sees: pixels along one axis, drawn along both. */
import { range, runs } from "../math/lists.js";
import { span } from "../math/stack.js";
import { el, setAttribute, setText, svg } from "./dom.js";

/** A figure with a title: a square part of the image, and shapes on it. */
export function createView(title) {
  const drawing = svg("svg", { role: "img" });
  const caption = el("span", "cv-quiet");
  return {
    element: el(
      "figure",
      "cv-view",
      {},
      drawing,
      el("figcaption", "", {}, el("strong", "", {}, title), caption),
    ),
    /** Show the pixels from `start` on, in both directions, and [class, path] pairs on them. */
    show([start = 0, length], text, shapes) {
      const side = Math.max(length, 1);
      const margin = side * 0.02;
      const corner = start - margin;
      const room = side + 2 * margin;
      setAttribute(drawing, "viewBox", `${corner} ${corner} ${room} ${room}`);
      setAttribute(drawing, "aria-label", `${title}: ${text}`);
      drawing.replaceChildren(...shapes.map(([name, d]) => svg("path", { class: name, d })));
      setText(caption, text);
    },
  };
}

const rectangle = ([x, width], [y, height]) => `M${x} ${y}h${width}v${height}h${-width}z`;

/** A square on the diagonal, from `start` in both directions. */
export const box = (start, length) => rectangle([start, length], [start, length]);

/** The square from the first of these pixels to the last. */
export const frame = (pixels) => (pixels.length ? box(pixels[0], span(pixels)) : "");

/** The lines between the pixels of a square, where they are not too close to be seen. */
export function ruling(pixels) {
  const length = span(pixels);
  if (length > 50) return "";
  return range(length)
    .slice(1)
    .map(
      (at) => `M${pixels[0] + at} ${pixels[0]}v${length}M${pixels[0]} ${pixels[0] + at}h${length}`,
    )
    .join("");
}

/** Every pixel whose row and column are among these; many narrow runs are drawn as one. */
export function cells(pixels) {
  const found = runs(pixels);
  const joined = found.length > 24 ? [[pixels[0], pixels.at(-1)]] : found;
  const drawn = joined.map(([first, last]) => [first, last - first + 1]);
  return drawn.flatMap((x) => drawn.map((y) => rectangle(x, y))).join("");
}
