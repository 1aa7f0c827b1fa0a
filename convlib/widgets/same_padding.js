/** SamePadding: where PyTorch and TensorFlow put the windows of a 'same' convolution, on one row. */
import { compare, windowCentres, windowStarts, withHalf } from "./math/alignment.js";
import { paddedSize } from "./math/arithmetic.js";
import { range } from "./math/lists.js";
import { listed } from "./math/text.js";
import { english, t } from "./math/words.js";
import { createCodeLines } from "./parts/controls.js";
import { createRoot, createVoice, el, setAttribute, setText } from "./parts/dom.js";
import { createSliders, ofNumber } from "./parts/sliders.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["width", "kernel_size", "stride"];
const SAME = english(
  "'same' means width ÷ stride outputs, rounded up. PyTorch has it for stride 1 " +
    "only; for a larger stride one pads by half the kernel. A dot marks the middle of each window.",
);

function draw(model, signal) {
  const { limits } = model.get("constants");
  const { read, write } = bind(model, TRAITS, repaint, signal);
  const sliders = createSliders({
    controls: [
      { ...ofNumber("width", limits.width), name: t("width") }, // no name of PyTorch
      ...["kernel_size", "stride"].map((name) => ofNumber(name, limits[name])),
    ],
    hint: t(SAME),
    read,
    write,
    signal,
  });
  const ours = createStrip("PyTorch", t("PyTorch's layer"), signal);
  const theirs = createStrip("TensorFlow", t("TensorFlow's layer, written in PyTorch"), signal);
  const verdict = el("p", "cv-agreement", { "aria-live": "polite" });
  const spoken = createVoice(); // of the strips; the verdict speaks for itself
  const strips = el("div", "cv-strips", {}, ours.element, theirs.element);

  function repaint() {
    const settings = read();
    const both = compare(settings);
    sliders.show(settings);
    strips.style.setProperty("--strip-columns", both.before + settings.width + both.after);
    const pytorch = ours.show(both.pytorch, both.before);
    const tensorflow = theirs.show(both.tensorflow, both.before);
    setText(verdict, both.verdict);
    setText(spoken, t("{pytorch}; {tensorflow}.", { pytorch, tensorflow }));
  }

  const root = createRoot(
    "cv-same",
    t("Same padding"),
    signal,
    el("p", "cv-heading", {}, t("Where 'same' puts the windows")),
    sliders.element,
    sliders.status,
    strips,
    verdict,
    ours.line,
    theirs.line,
    spoken,
  );
  repaint();
  return root;
}

/** A row with its windows, and its code: `show` paints both, and returns what is to be said. */
function createStrip(name, label, signal) {
  const title = el("strong", "", { "data-code": true }); // names alone
  const says = el("span", "cv-quiet");
  const row = el("div", "cv-align-strip", { role: "img" });
  const caption = el("figcaption", "", {}, title, says);
  const element = el("figure", "cv-alignment", {}, caption, el("div", "cv-scroll", {}, row));
  const code = createCodeLines(signal, label);

  /** `room`: columns before the input, in both strips. */
  function show(layer, room) {
    const { axis } = layer;
    const middles = listed(windowCentres(axis).map(withHalf));
    const facts = { name, before: axis.before, after: axis.after, middles };
    setText(title, layer.title);
    setText(says, t("zeros: {before} before, {after} after; middles: {middles}", facts));
    code.show(layer.code);
    const spoken = t("{name}, zeros: {before} before, {after} after, middles: {middles}", facts);
    setAttribute(row, "aria-label", spoken);
    row.style.setProperty("--windows", windowCentres(axis).length);
    row.replaceChildren(...stripPieces(axis, room));
    return spoken;
  }

  return { element, line: code.element, show };
}

/** The row with its zeros, the windows below it, and a dot in the middle of each. */
function stripPieces(axis, before) {
  const cells = range(paddedSize(axis)).map((position) => {
    const index = position - axis.before;
    const isInner = index >= 0 && index < axis.size;
    return piece(isInner ? "cv-in" : "cv-zero", index + before, 1, isInner ? String(index) : "0");
  });
  const windows = windowStarts(axis).map((start, output) =>
    piece("cv-align-window", start + before, axis.kernel, "", output),
  );
  const dots = windowCentres(axis).map((centre, output) =>
    piece("cv-dot", centre + before, 1, "", output),
  );
  return [...cells, ...windows, ...dots];
}

/** A part of a strip, `span` columns wide; the windows are stacked in lines of their own. */
function piece(className, column, span, text, stop = 0) {
  const element = el("span", className, {}, text);
  for (const [name, value] of Object.entries({ column, span, stop })) {
    element.style.setProperty(`--${name}`, value);
  }
  return element;
}

export default widget(draw);
