/**
 * ImageExplorer: a kernel on a photograph, or on a picture of the reader's own. It shows the picture
 * with its border, the output, and the sum behind one pixel of it.
 */
import { createButtons, createCanvas, createScale, place } from "./image_explorer/canvas.js";
import { createKernel, createPresets } from "./image_explorer/kernel.js";
import { createOwnPicture } from "./image_explorer/own_picture.js";
import { createReading } from "./image_explorer/reading.js";
import { problem } from "./math/arithmetic.js";
import { imageCode } from "./math/image_code.js";
import { axesOn, createFilter, windowOf, within } from "./math/image_filter.js";
import { resizeKernel } from "./math/image_kernels.js";
import { cutOff, GREYS, limitOf, pictureLevels, SIGNS, signLevels } from "./math/image_paint.js";
import { readPhoto, toGrey } from "./math/image_pixels.js";
import { only, range } from "./math/lists.js";
import { sign, withCommas } from "./math/text.js";
import { english, t } from "./math/words.js";
import {
  createCheck,
  createChoice,
  createCodeLine,
  createNumber,
  createTypedSlider,
} from "./parts/controls.js";
import { createRoot, createVoice, el, setAttribute, setText } from "./parts/dom.js";
import { createOperator } from "./parts/grid.js";
import { createLayerControls, plain, squareKernel } from "./parts/layer_controls.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const LAYER = ["kernel", "stride", "padding", "padding_mode", "dilation", "bias", "relu"];
const TRAITS = [...LAYER, "picture", "shown", "cursor"];
const HINT = english(
  "Click a picture, or drag over it. The arrow keys go on from there, with Shift by ten.",
);
const USUAL_PADDING = 8; // the slider's end; a field takes more

function draw(model, signal) {
  const { photo, ...constants } = model.get("constants");
  const photograph = inBoth(readPhoto(photo));
  let source = photograph; // or a picture of the reader's own: it is no trait, and stays here
  const filter = createFilter();
  const { read, write } = bind(model, TRAITS, repaint, signal);
  const forbids = (wanted) => problemOn(source.grey, wanted);
  const parts = createParts({ constants, write, forbids, onPicture: take, signal });
  let shown = null; // what was painted last: settings, padded, output, cursor

  function repaint() {
    const settings = read();
    const why = forbids(asLayer(settings));
    if (why) return parts.controls.reject(why); // only a host without Python's checks gets here
    const { padded, output } = filter(source[settings.picture], settings);
    const isNew = shown?.output !== output || shown.settings.shown !== settings.shown;
    shown = { settings, padded, output, cursor: within(output, settings.cursor) };
    if (isNew) showLayer(parts, shown);
    parts.pictures.point(shown);
    const planes = range(output.channels);
    const windows = planes.map((plane) => windowOf(padded, settings, shown.cursor, plane));
    setText(parts.spoken, parts.reading.show(shown.cursor, windows, settings));
  }

  /** Filter a picture of the reader's own, or the photograph again; return why not, or nothing. */
  function take(colour) {
    const next = colour ? inBoth(colour) : photograph;
    const why = problemOn(next.grey, asLayer(read()));
    if (why) {
      const facts = { height: next.grey.height, width: next.grey.width, why: why.rule };
      return t("The picture has {height} × {width} pixels: {why}.", facts);
    }
    source = next;
    repaint();
    return "";
  }

  const root = layOut(parts, constants.credit, signal);
  parts.own.listen(root);
  repaint();
  return root;
}

function createParts({ constants, write, forbids, onPicture, signal }) {
  const { limits, presets, pictures, looks, largest } = constants;
  const picture = createButtons({
    setting: "picture",
    name: t("picture"),
    options: pictures,
    write,
    signal,
  });
  const look = createButtons({
    setting: "shown",
    name: t("shown"),
    options: looks,
    write,
    signal,
  });
  return {
    controls: createLayerControls({
      controls: controlsOf(constants),
      hint: t(HINT),
      signal,
      onLayer: (wanted) => write(settled(wanted)),
      forbids,
    }),
    presets: createPresets({ presets, onPreset: write, signal }),
    picture,
    look,
    kernel: createKernel({ limits, onKernel: (kernel) => write({ kernel }), signal }),
    pictures: createPictures({ onPick: (cursor) => write({ cursor }), signal }),
    own: createOwnPicture({ most: largest, onPicture, signal }),
    reading: createReading(signal),
    code: createCodeLine(signal),
    spoken: createVoice(),
  };
}

/** Show what does not follow from the cursor. */
function showLayer(parts, shown) {
  const { settings } = shown;
  parts.pictures.show(shown);
  parts.controls.show(asLayer(settings));
  parts.presets.show(settings.kernel);
  parts.picture.show(settings);
  parts.look.show(settings);
  parts.kernel.show(settings.kernel);
  parts.code.show(imageCode(settings));
}

function layOut(parts, credit, signal) {
  const { input, output } = parts.pictures;
  const asked = [parts.picture.element, parts.own.element];
  input.element.append(el("div", "cv-canvas-foot", { "data-operated": true }, ...asked));
  const told = [...parts.pictures.scale.elements, parts.look.element];
  output.element.append(el("div", "cv-canvas-foot", {}, ...told));
  const stage = el(
    "div",
    "cv-pictures",
    {},
    input.element,
    createOperator("∗"),
    parts.kernel.element,
    parts.presets.element,
    createOperator("="),
    output.element,
  );
  return createRoot(
    "cv-image",
    t("Image explorer"),
    signal,
    stage,
    parts.controls.element,
    parts.controls.status,
    el("div", "cv-readings", {}, parts.reading.element),
    el("div", "cv-back", {}, parts.code.element),
    el("p", "cv-credit cv-quiet", {}, t(credit)),
    parts.spoken,
  );
}

const inBoth = (colour) => ({ colour, grey: toGrey(colour) });

// ---------------------------------------------------------------------------------- the settings

function controlsOf({ limits, padding_modes }) {
  const usual = { min: 0, max: USUAL_PADDING, most: limits.padding[1] };
  return [
    squareKernel(...limits.kernel_size),
    plain("stride", ...limits.stride),
    { ...plain("padding"), ...usual, create: createTypedSlider },
    { ...plain("padding_mode"), create: createChoice, options: padding_modes },
    plain("dilation", ...limits.dilation),
    { ...plain("bias", ...limits.bias), create: createNumber },
    { ...plain("relu"), create: createCheck },
  ];
}

/** The settings with the kernel's size as PyTorch names it, for the controls and the rules. */
const asLayer = (settings) => ({
  ...only(settings, LAYER), // the cursor goes its own way
  kernel_size: [settings.kernel.length, settings.kernel.length],
});

/** The way back: a kernel of the size that the controls ask for. */
const settled = ({ kernel_size: [size], ...settings }) =>
  size === settings.kernel.length
    ? settings
    : { ...settings, kernel: resizeKernel(settings.kernel, size) };

/** Why PyTorch would refuse the layer on this picture; its shorter side decides. */
function problemOn({ height, width }, layer) {
  const why = problem({ ...layer, input_size: Math.min(height, width) });
  return why && height !== width ? { rule: why.rule } : why; // the message names a square
}

// ---------------------------------------------------------------------------------- the pictures

/** The input with the window that the cursor reads, and the output with the cursor. */
function createPictures({ onPick, signal }) {
  const edge = el("div", "cv-edge", { "aria-hidden": "true" });
  const frame = el("div", "cv-window", { "aria-hidden": "true" });
  const cursor = el("button", "cv-cursor", { "data-operated": true, type: "button" });
  const input = createCanvas("input", t("Input"), edge, frame);
  const output = createCanvas("output", t("Output"), cursor);
  const scale = createScale();
  let now = null; // settings, padded, output, cursor

  follow(output.box, cursor, signal, ([y, x]) => {
    const { height, width } = now.output;
    onPick(within(now.output, [Math.floor(y * height), Math.floor(x * width)]));
  });
  follow(input.box, cursor, signal, ([y, x]) => {
    const axes = axesOn(now.padded, { ...now.settings, padding: 0 });
    const position = [y, x].map((share, side) => share * axes[side].size);
    onPick(
      within(
        now.output,
        position.map((at, side) => outputBelow(at, axes[side])),
      ),
    );
  });
  cursor.addEventListener(
    "keydown",
    (event) => {
      const next = walked(event, now.cursor);
      if (!next) return;
      event.preventDefault();
      onPick(within(now.output, next));
    },
    { signal },
  );

  return {
    input,
    output,
    scale,

    /** Draw both pictures. */
    show(shown) {
      now = shown;
      const { settings, padded, output: result } = shown;
      const { padding } = settings;
      const facts = { height: padded.height, width: padded.width };
      const label = t("The picture, {height} rows and {width} columns with its border", facts);
      const whole = Math.max(padded.height, padded.width); // of the room that all pictures have
      input.show(padded, pictureLevels(padded.values), GREYS, padded.width / whole, label);
      edge.hidden = padding === 0;
      const [rows, columns] = [padded.height, padded.width].map((size) => size - 2 * padding);
      place(edge, padded, { row: padding, column: padding, rows, columns });
      showOutput(output, scale, result, settings.shown, result.width / whole);
    },

    /** Move the cursor, and the window that belongs to it. */
    point(shown) {
      now = shown;
      const {
        settings,
        padded,
        output: result,
        cursor: [row, column],
      } = shown;
      const { stride, dilation, kernel } = settings;
      const span = dilation * (kernel.length - 1) + 1;
      const reach = { row: row * stride, column: column * stride, rows: span, columns: span };
      place(frame, padded, reach);
      place(cursor, result, { row, column, rows: 1, columns: 1 });
      const label = t("Cursor: output row {row}, column {column}", { row, column });
      setAttribute(cursor, "aria-label", label);
    },
  };
}

/** The output whose window has its middle nearest to a place. */
const outputBelow = (at, { kernel, dilation, stride }) =>
  Math.round((at - 0.5 - (dilation * (kernel - 1)) / 2) / stride);

/** As signs or as a picture, with the scale that belongs to it. */
function showOutput(output, scale, picture, look, share) {
  if (look === "signs") showSigns(output, scale, picture, share);
  else showPicture(output, scale, picture, share);
}

function showSigns(output, scale, picture, share) {
  const { values, channels, height, width } = picture;
  const limit = limitOf(values);
  const label = t(
    "The output, {height} rows and {width} columns: numbers from {least} to {most} in two colours",
    { height, width, least: sign(-limit), most: limit },
  );
  output.show(picture, signLevels(values, limit), SIGNS, share, label);
  const beyond = channels === 1 ? "" : t("In each of red, green and blue, grey is 0.");
  const look = channels === 1 ? "signs" : "greys";
  const end = withCommas(limit);
  scale.show(look, [`≤ −${end}`, "0", `≥ ${end}`], beyond);
}

function showPicture(output, scale, picture, share) {
  const { values, height, width } = picture;
  const facts = { height, width };
  const label = t("The output, {height} rows and {width} columns, as a picture", facts);
  output.show(picture, pictureLevels(values), GREYS, share, label);
  const { below, above } = cutOff(values);
  const percent = (part) => `${part > 0 && part < 0.01 ? "< 1" : Math.round(100 * part)} %`;
  const parts = { below: percent(below), above: percent(above) };
  const cut =
    below + above > 0
      ? t("Cut off: {below} are below 0, {above} above 255.", parts)
      : t("Nothing is cut off.");
  scale.show("greys", ["0", "", "255"], cut);
}

/** Tell where a pointer presses or drags over a picture, as shares of its height and width. */
function follow(box, cursor, signal, onPoint) {
  function tell(event) {
    cursor.focus({ preventScroll: true }); // then the arrow keys go on from here
    const { left, top, width, height } = box.getBoundingClientRect();
    onPoint([(event.clientY - top) / height, (event.clientX - left) / width]);
  }
  box.addEventListener(
    "mousedown",
    (event) => event.preventDefault(), // which would take the focus away again
    { signal },
  );
  box.addEventListener("pointerdown", tell, { signal });
  box.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerType === "mouse" && event.buttons === 1) tell(event);
    },
    { signal },
  );
}

/** Where a key leads: by one pixel, with Shift by ten. */
function walked({ key, shiftKey }, [row, column]) {
  const far = shiftKey ? 10 : 1;
  const ways = {
    ArrowUp: [row - far, column],
    ArrowDown: [row + far, column],
    ArrowLeft: [row, column - far],
    ArrowRight: [row, column + far],
  };
  return ways[key] ?? null;
}

export default widget(draw);
