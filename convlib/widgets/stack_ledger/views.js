/** StackLedger's three pictures: what outputs of the picked row see of the image. */
import { countOf, span, within } from "../math/field.js";
import { fieldOf, seenFrom } from "../math/ledger.js";
import { withCommas } from "../math/text.js";
import { t } from "../math/words.js";
import { el } from "../parts/dom.js";
import { box, cells, createView, extent, frame, ruling } from "../parts/field_view.js";
import { createPhoto } from "./photo.js";

/**
 * An output in the middle and one in the corner: on the image, then enlarged.
 *
 * @param {{ photo: object, credit: string }} constants  The photograph behind them.
 */
export function createViews({ photo, credit }) {
  const photograph = createPhoto(photo);
  const views = [t("On the image"), t("Inside"), t("At the corner")].map(createView);
  const unknown = el(
    "p",
    "cv-quiet",
    {},
    t("What one output sees cannot be told here from the settings alone."),
  );
  const thanks = el("p", "cv-credit cv-quiet", {}, t(credit));
  const element = el("div", "cv-views", {}, ...views.map((view) => view.element), unknown, thanks);
  return {
    element,
    show({ rows, picked, image }) {
      const size = image.slice(2);
      const axes = rows[picked]?.output
        ? [0, 1].map((axis) => axisOf(rows, picked, axis, size[axis]))
        : [];
      const known = axes.length > 0 && axes.every(Boolean);
      unknown.hidden = known;
      for (const view of views) view.element.hidden = !known;
      const address = known ? photograph.addressOf(image) : null;
      thanks.hidden = !address;
      if (known) showAll(views, axes, size, address);
    },
  };
}

/** What is seen along one axis; null where it cannot be told. */
function axisOf(rows, index, axis, size) {
  const found = fieldOf(rows[index], axis);
  const corner = seenFrom(rows, index, 0, axis);
  if (!found || !corner) return null;
  const { widest, first, jump } = found;
  const length = rows[index].output.length >= 4 ? rows[index].output.at(axis - 2) : 1;
  const steps = Math.floor(length / 2 / widest.every);
  const output = Math.min(widest.first + widest.every * steps, length - 1);
  const middle = seenFrom(rows, index, output, axis);
  const start = Math.min(0, found.start ?? 0);
  const end = Math.max(size, (found.start ?? 0) + span(first));
  return {
    ...found,
    corner,
    middle,
    whole: [start, end - start],
    inside: within(first, size),
    ahead: (widest.every * steps * jump[0]) / jump[1], // of what is seen: where the middle sees it
  };
}

function showAll(views, axes, [height, width], href) {
  const each = (name) => axes.map((axis) => axis[name]);
  const [seen, corner, middle, first] = ["seen", "corner", "middle", "first"].map(each);
  const count = (both) => both.reduce((product, runs) => product * countOf(runs), 1);
  const room = (both) => both.reduce((product, runs) => product * span(runs), 1);
  const reads = (some, all) =>
    t("reads {some} of {all}", { some: withCommas(some), all: withCommas(all) });
  const photoAt = ([y, x]) => href && { href, x: -x, y: -y, width, height };
  const sizes = t("{height} × {width} pixels", { height, width });
  views[0].show(each("whole"), sizes, photoAt([0, 0]), [
    ["cv-image", box([0, height], [0, width])],
    ["cv-nominal", frame(first)],
    ["cv-seen", cells(middle)],
    ["cv-seen", cells(corner)],
  ]);
  views[1].show(seen.map(extent), reads(count(seen), room(seen)), photoAt(each("ahead")), [
    ["cv-image", frame(seen)],
    ["cv-seen", cells(seen)],
    ["cv-pixels", ruling(seen)],
  ]);
  views[2].show(first.map(extent), reads(count(corner), room(first)), photoAt([0, 0]), [
    ["cv-image", frame(each("inside"))],
    ["cv-seen", cells(corner)],
    ["cv-pixels", ruling(first)],
    ["cv-nominal", frame(first)],
  ]);
}
