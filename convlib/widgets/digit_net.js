/**
 * DigitNet: a digit on 8 × 8 cells, all maps of a trained network that reads it, and the sum of any
 * number in them.
 *
 * A hand writes traits, and every change of a trait repaints all from the traits.
 */

import { createBars } from "./digit_net/bars.js";
import { createLayer } from "./digit_net/layer.js";
import { createPad } from "./digit_net/pad.js";
import { createSquare } from "./digit_net/square.js";
import { createWorking } from "./digit_net/working.js";
import {
  EMPTY,
  fitPick,
  forward,
  imageOf,
  isImage,
  LAYERS,
  marked,
  nextMisread,
  readBy,
  readDigit,
  step,
  sumOf,
} from "./math/digit_net.js";
import { spokenOf } from "./math/digit_story.js";
import { withCell } from "./math/lists.js";
import { english, t } from "./math/words.js";
import { createButton, createCodeLine, createNumber } from "./parts/controls.js";
import { createRoot, createVoice, el, setAttribute, setText } from "./parts/dom.js";
import { showStatus } from "./parts/refusal.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["digit", "drawing", "picked", "tool"];
const HINT = english(
  "Draw on the image, with keys too: arrows, space, and 0 to 8 for the ink. " +
    "Pick a cell of a map, or a bar: its sum stands below.",
);
const LEGEND = english(
  "The stronger the colour, the larger the number. – is a sum below 0: ReLU makes it 0. " +
    "The orange frames are what the picked number reads.",
);

function draw(model, signal) {
  const { weights, digits, tools, code: lines } = model.get("constants");
  const { read, write } = bind(model, TRAITS, repaint, signal);
  let image = EMPTY;
  let maps = null; // of the image

  const pick = (picked) => write({ picked });
  const pad = createPad({
    onMark: (cells) => {
      const { tool } = read();
      write({ drawing: cells.reduce((now, cell) => marked(now, ...cell, tool), image) });
    },
    onInk: (row, column, ink) => write({ drawing: withCell(image, [row, column], ink) }),
    signal,
  });
  const layers = LAYERS.slice(0, -1).map((layer) => createLayer({ layer, onPick: pick, signal }));
  const bars = createBars(pick, signal);
  const misread = () => nextMisread(weights, digits, read().digit);
  const hand = createTools({ digits, tools, misread, write }, signal);
  const status = el("p", "cv-status", { "data-operated": true, role: "status" });
  const working = createWorking((key) => pick(step(fitPick(read().picked), key)), signal);
  const code = createCodeLine(signal);
  code.show(lines);
  const spoken = createVoice();

  function repaint() {
    const { digit, drawing, picked: wanted, tool } = read();
    const picked = fitPick(wanted);
    const [label, signs] = digits[digit]?.split?.(" ") ?? [];
    if (!picked || !signs || (drawing !== null && !isImage(drawing)) || !tools.includes(tool)) {
      // only a host without Python's checks can get here
      const sentence = t("These settings are not possible.");
      return showStatus(status, t(HINT), { sentence, why: { rule: "" } });
    }
    const next = drawing ?? imageOf(signs);
    if (!maps || String(next) !== String(image)) maps = forward(weights, next);
    image = next;
    show({ picked, digit, tool, label: drawing ? null : Number(label) });
  }

  function show({ picked, digit, tool, label }) {
    const [block, reading] = [readBy(picked), readDigit(maps)];
    const sum = sumOf(weights, maps, picked);
    pad.show(image, block.layer === "input" ? block : null);
    layers.forEach((layer, index) => {
      const name = LAYERS[index];
      layer.show(maps[name], maps.sums[name], picked, block);
    });
    bars.show(reading, label, picked);
    hand.show(digit, tool, label === null);
    showStatus(status, t(HINT));
    working.show(picked, sum);
    setText(spoken, spokenOf({ picked, sum, reading, label }));
  }

  const shown = layers.map((layer) => layer.element);
  const kernels = createKernels(weights);
  const columns = [pad.element, hand.element, kernels, ...shown, bars.element];
  const stage = el("div", "cv-net", {}, ...columns);
  const legend = el("p", "cv-legend cv-quiet", {}, t(LEGEND));
  const parts = [stage, legend, status, working.element, code.element, spoken];
  const root = createRoot("cv-digits", t("A network that reads a digit"), signal, ...parts);
  repaint();
  return root;
}

/** The four kernels of the first layer, each beside its map. */
function createKernels(weights) {
  const squares = weights["conv1.weight"].map(([kernel]) => createSquare("kernel", kernel));
  const name = el(
    "figcaption",
    "cv-layer-name",
    {},
    el("strong", "cv-kernel-ink", {}, t("kernels")),
    el("span", "", {}, t("of {layer}", { layer: "conv1" })),
  );
  return el("figure", "cv-kernels", {}, name, el("div", "cv-maps", {}, ...squares));
}

/** Digits of the test set, the pen, the eraser, and an empty sheet. */
function createTools({ digits, tools, misread, write }, signal) {
  const last = digits.length - 1;
  const go = (digit) => write({ digit, drawing: null });
  const button = (label, onClick, title) => createButton({ label, title, onClick, signal });
  let now = 0;
  const field = createNumber({ name: t("test digit"), min: 0, max: last, onInput: go, signal });
  const steps = [
    button("‹", () => go(now ? now - 1 : last), t("Digit before")),
    button("›", () => go(now < last ? now + 1 : 0), t("Next digit")),
  ];
  const hands = tools.map((tool) => button(t(tool), () => write({ tool })));
  const rows = [
    [field.element, ...steps, button(t("next misread"), () => go(misread()))],
    [...hands, button(t("clear"), () => write({ drawing: EMPTY }))],
  ];
  const parts = rows.map((row) => el("div", "cv-choices", {}, ...row));
  return {
    element: el("div", "cv-tools", { "data-operated": true }, ...parts, field.refusal),
    show(digit, tool, isDrawn) {
      now = digit;
      field.show(isDrawn ? null : digit);
      hands.forEach((hand, index) => {
        setAttribute(hand, "aria-pressed", String(tools[index] === tool));
      });
    },
  };
}

export default widget(draw);
