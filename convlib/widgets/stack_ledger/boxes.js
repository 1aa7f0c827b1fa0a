/** StackLedger's picture of the whole network: boxes that shrink and thicken, row by row. */
import { t } from "../math/words.js";
import { el, isNews, setAttribute, svg } from "../parts/dom.js";
import { shapeText } from "./words.js";

const WIDE = 720;
const HIGH = 120;
const GAP = 3;

/**
 * @param {object} options
 * @param {(row: number) => void} options.onPick
 */
export function createBoxes({ onPick, signal }) {
  const drawing = svg("svg", { role: "img", viewBox: `0 0 ${WIDE} ${HIGH}` });
  const element = el("figure", "cv-boxes", {}, drawing);
  drawing.addEventListener(
    "click",
    (event) => {
      const row = event.target.closest("[data-row]")?.dataset.row;
      if (row !== undefined) onPick(Number(row));
    },
    { signal },
  );
  return {
    element,
    show({ records, rows, layers, picked, image }) {
      const shown = records.filter((record) => "row" in record && rows[record.row]);
      const shapes = shown.map(({ row }) => rows[row].output);
      if (isNews(drawing, shapes, shown, picked, image)) {
        const boxes = placed([image, ...shapes.map((shape) => shape ?? null)]);
        drawing.replaceChildren(
          ...boxes.map((each, index) => drawn(each, shown[index - 1], picked)),
        );
      }
      setAttribute(drawing, "aria-label", labelOf(rows, layers, image));
    },
  };
}

function labelOf(rows, layers, image) {
  const last = rows.at(-1);
  const facts = { image: shapeText(image), count: layers.length };
  if (last.refusal) {
    return t("The network: from {image} through {count} layers; it breaks at row {row}", {
      ...facts,
      row: rows.length - 1,
    });
  }
  return t("The network: from {image} through {count} layers; {output}", {
    ...facts,
    output: shapeText(last.output),
  });
}

/**
 * Where each shape stands. Its height is the square root of the map's, so that a small map is still
 * seen beside a large one; its thickness is the logarithm of the channels.
 */
function placed(shapes) {
  const heights = shapes.filter((shape) => shape?.length >= 4).map((shape) => shape.at(-2));
  const largest = Math.max(1, ...heights);
  const thickness = shapes.map((shape) => (shape ? 4 + 3 * Math.log2(1 + shape[1]) : 14));
  const room = WIDE - GAP * shapes.length;
  const scale = Math.min(2, room / thickness.reduce((sum, each) => sum + each, 0));
  let x = 0;
  return shapes.map((shape, index) => {
    const width = thickness[index] * scale;
    const size = shape?.length >= 4 ? shape.at(-2) : 1;
    const height = Math.max(4, (HIGH - 4) * Math.sqrt(size / largest));
    x += width + GAP;
    return { x: x - width - GAP, y: (HIGH - height) / 2, width, height, shape };
  });
}

function drawn({ x, y, width, height, shape }, record, picked) {
  const title = svg("title");
  const text = shapeText(shape);
  title.textContent = record ? `${record.row}: ${text}` : t("image: {shape}", { shape: text });
  if (!shape) return broken(x, width, record, title);
  const isPicked = record && record.row === picked;
  const kind = record ? "cv-box" : "cv-box cv-box-image";
  const place = { x, y, width: Math.max(width, 1), height };
  const more = { "data-row": record ? record.row : null, "data-picked": Boolean(isPicked) };
  return svg("rect", { class: kind, ...place, ...more }, title);
}

/** A join that breaks is drawn broken: a jagged line through the room of the box. */
function broken(x, width, record, title) {
  const middle = x + width / 2;
  const steps = [0, 1, 2, 3, 4, 5, 6].map(
    (step) => `${middle + (step % 2 ? 5 : -5)} ${(HIGH * step) / 6}`,
  );
  return svg(
    "path",
    { class: "cv-break", d: `M${steps.join("L")}`, "data-row": record.row },
    title,
  );
}
