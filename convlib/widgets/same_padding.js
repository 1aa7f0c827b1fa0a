/** SamePadding: where PyTorch and TensorFlow put the windows of a 'same' convolution, on one row. */
import { compare, windowCentres, windowStarts, withHalf } from "./math/alignment.js";
import { paddedSize } from "./math/arithmetic.js";
import { range } from "./math/lists.js";
import { createCodeLine } from "./parts/controls.js";
import { createRoot, createVoice, el, setAttribute, setText } from "./parts/dom.js";
import { createSliders, ofNumber } from "./parts/sliders.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["width", "kernel_size", "stride"];
const SAME =
  "'same' means width ÷ stride outputs, rounded up. PyTorch has it for stride 1 " +
  "only; for a larger stride one pads by half the kernel. A dot marks the middle of each window.";

function draw(model, signal) {
  const { limits } = model.get("constants");
  const { read, write } = bind(model, TRAITS, repaint, signal);
  const sliders = createSliders({
    controls: TRAITS.map((name) => ofNumber(name, limits[name])),
    hint: SAME,
    read,
    write,
    signal,
  });
  const pytorch = createStrip("PyTorch", "PyTorch's layer", signal);
  const tensorflow = createStrip("TensorFlow", "TensorFlow's layer, written in PyTorch", signal);
  const verdict = el("p", "cv-agreement", { "aria-live": "polite" });
  const spoken = createVoice(); // of the strips; the verdict speaks for itself
  const strips = el("div", "cv-strips", {}, pytorch.element, tensorflow.element);

  function repaint() {
    const settings = read();
    const both = compare(settings);
    sliders.show(settings);
    strips.style.setProperty("--strip-columns", both.before + settings.width + both.after);
    const said = [
      pytorch.show(both.pytorch, both.before),
      tensorflow.show(both.tensorflow, both.before),
    ];
    setText(verdict, both.verdict);
    setText(spoken, `${said.join("; ")}.`);
  }

  const root = createRoot(
    "cv-same",
    "Same padding",
    signal,
    el("p", "cv-heading", {}, "Where 'same' puts the windows"),
    sliders.element,
    sliders.status,
    strips,
    verdict,
    pytorch.line,
    tensorflow.line,
    spoken,
  );
  repaint();
  return root;
}

/** A row with its windows, and its code: `show` paints both, and returns what is to be said. */
function createStrip(name, label, signal) {
  const title = el("strong");
  const says = el("span", "cv-quiet");
  const row = el("div", "cv-align-strip", { role: "img" });
  const caption = el("figcaption", "", {}, title, says);
  const element = el("figure", "cv-alignment", {}, caption, el("div", "cv-scroll", {}, row));
  const code = createCodeLine(signal, label);

  function show(layer, before) {
    const { axis } = layer;
    const middles = windowCentres(axis).map(withHalf).join(", ");
    const said = `zeros: ${axis.before} before, ${axis.after} after; middles: ${middles}`;
    setText(title, layer.title);
    setText(says, said);
    code.show(layer.code);
    const spoken = `${name}, ${said.replace(";", ",")}`;
    setAttribute(row, "aria-label", spoken);
    row.style.setProperty("--windows", windowCentres(axis).length);
    row.replaceChildren(...stripPieces(axis, before));
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
