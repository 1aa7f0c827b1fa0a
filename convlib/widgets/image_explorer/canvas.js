/** A picture on a canvas, with what lies over it, and what its colours mean. */

import { GREYS, toRgba } from "../math/image_paint.js";
import { halved, toPng } from "../math/image_png.js";
import { t } from "../math/words.js";
import { createChoices } from "../parts/controls.js";
import { el, inked, setAttribute, setText } from "../parts/dom.js";

/**
 * A figure with a title, the size of the picture, and the picture.
 *
 * @param {"input" | "output"} kind  The colour of the title.
 * @param {...Element} over  What lies over the picture, placed by `place`.
 */
export function createCanvas(kind, title, ...over) {
  const canvas = el("canvas", "cv-canvas", { role: "img" });
  const box = el("div", "cv-canvas-box", {}, canvas, ...over);
  const size = el("span", "cv-quiet");
  const name = el("strong", "", {}, inked(kind, title));
  const caption = el("figcaption", "cv-image-caption", {}, name, size);
  return {
    element: el("figure", `cv-image-${kind}`, {}, caption, el("div", "cv-easel", {}, box)),
    box,

    /**
     * @param {import("../math/image_pixels.js").Picture} picture
     * @param {Uint8ClampedArray} levels
     * @param {number[][]} table
     * @param {number} share  The picture's width, of the width of all.
     * @param {string} label  What the picture shows, in words.
     */
    show(picture, levels, table, share, label) {
      const { height, width } = picture;
      setText(size, `${height} × ${width}`);
      setAttribute(canvas, "aria-label", label);
      setAttribute(canvas, "width", width);
      setAttribute(canvas, "height", height);
      box.style.setProperty("--share", share);
      paint(canvas, picture, levels, table);
    },
  };
}

/** Where the book is built there is no context to paint with: a small picture stands behind. */
function paint(canvas, picture, levels, table = GREYS) {
  const context = canvas.getContext?.("2d");
  if (context) {
    const { height, width } = picture;
    context.putImageData(new ImageData(toRgba(picture, levels, table), width, height), 0, 0);
  } else {
    const address = toPng(halved({ ...picture, levels }), table);
    canvas.style.setProperty("background-image", `url(${address})`);
  }
}

/** Lay an element over these pixels of a picture. */
export function place(element, { height, width }, { row, column, rows, columns }) {
  const shares = {
    top: row / height,
    left: column / width,
    height: rows / height,
    width: columns / width,
  };
  for (const [name, share] of Object.entries(shares)) {
    element.style.setProperty(`--${name}`, `${(100 * share).toFixed(3)}%`);
  }
}

/** A button for each value of a setting, under a name; the one in force is pressed. */
export function createButtons({ setting, name, options, write, signal }) {
  const choices = options.map((value) => [t(value), { [setting]: value }]);
  const row = createChoices({ name, choices, onPick: write, look: "cv-looks", signal });
  return {
    element: row.element,
    show: (settings) => row.show((choice) => choice[setting] === settings[setting]),
  };
}

/** What the colours of the output mean, below it. */
export function createScale() {
  const bar = el("div", "cv-colours", { "aria-hidden": "true" });
  const ends = ["least", "middle", "most"].map(() => el("span"));
  const note = el("p", "cv-quiet");
  return {
    elements: [bar, el("div", "cv-colour-ends", {}, ...ends), note],
    show(look, texts, sentence) {
      setAttribute(bar, "data-look", look);
      texts.forEach((text, at) => {
        setText(ends[at], text);
      });
      setText(note, sentence);
    },
  };
}
