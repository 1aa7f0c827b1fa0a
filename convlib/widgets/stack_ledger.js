/**
 * StackLedger: a stack of layers as a table. The row that is picked can be edited, and is drawn:
 * what one of its outputs sees of the image.
 */
import {
  axisOf,
  isTransposed,
  LIMITS,
  ledger,
  MOST,
  newLayer,
  problemIn,
  SETTINGS,
  seenFrom,
  span,
  stackCode,
} from "./math/stack.js";
import { sign, square, withCommas } from "./math/text.js";
import { createButton, createCheck, createChoice, createCodeLine } from "./parts/controls.js";
import { createRoot, createVoice, el, setAttribute, setText, takeFocus } from "./parts/dom.js";
import { box, cells, createView, frame, ruling } from "./parts/field_view.js";
import { createFormula } from "./parts/formula.js";
import { showRefusal } from "./parts/refusal.js";
import { bind } from "./parts/state.js";
import { widget } from "./parts/view.js";

const TRAITS = ["preset", "in_channels", "input_size", "layers", "picked", "presets"];
const OWN = "your own";
const COLUMNS = [
  "layer",
  "output",
  "field",
  "jump",
  "start",
  "corner",
  "coverage",
  "parameters",
  "MACs",
];
const HINT =
  "Pick a row to edit it and to see what one of its outputs sees. Layers such as " +
  "BatchNorm2d and ReLU change no size and are left out.";

const fraction = ([above, below]) => (below === 1 ? String(above) : `${above}/${below}`);
const extent = ([least, most]) => (least === most ? String(most) : `${least}–${most}`);

function draw(model, signal) {
  let stack = {}; // what is drawn: the last valid settings
  let rows = []; // its table
  let picked = 0;

  const preset = createChoice({
    name: "preset",
    options: [OWN, ...Object.keys(model.get("presets"))],
    onInput: load,
    signal,
  });
  const image = ["in_channels", "input_size"].map((name) =>
    createNumber(name, (value) =>
      move(stack[name], value, name, (next) => ({ ...stack, [name]: next })),
    ),
  );
  const note = el("p", "cv-quiet cv-note");
  const status = el("p", "cv-status", { "data-operated": true, role: "status" });

  const body = el("div", "cv-body", { role: "rowgroup" });
  const head = el(
    "div",
    "cv-record cv-record-head",
    { role: "row" },
    ...COLUMNS.map((name) => el("div", "", { role: "columnheader" }, name)),
  );
  const table = el(
    "div",
    "cv-table",
    { role: "grid", "aria-label": "Layers" },
    el("div", "", { role: "rowgroup" }, head),
    body,
  );
  const total = el("p", "cv-total");

  const kind = el("strong", "cv-kind");
  const fields = Object.keys(LIMITS)
    .filter((name) => !(name in { in_channels: 1, input_size: 1 }))
    .map((name) => [name, createNumber(name, (value) => edit(name, value))]);
  const bias = createCheck({ name: "bias", onInput: (value) => edit("bias", value), signal });
  const up = createButton({
    label: "↑",
    title: "Move the layer up",
    onClick: () => shift(-1),
    signal,
  });
  const down = createButton({
    label: "↓",
    title: "Move the layer down",
    onClick: () => shift(1),
    signal,
  });
  const remove = createButton({ label: "Remove", onClick: removeLayer, signal });
  const add = Object.keys(SETTINGS).map((name) =>
    createButton({ label: `+ ${name}`, onClick: () => addLayer(name), signal }),
  );
  const editor = el(
    "div",
    "cv-editor",
    { "data-operated": true, role: "group", "aria-label": "The picked layer" },
    el("div", "cv-editor-head", {}, kind, up, down, remove),
    el("div", "cv-settings", {}, ...fields.map(([, field]) => field.element), bias.element),
    el(
      "div",
      "cv-add",
      { role: "group", "aria-label": "Add a layer below" },
      el("span", "cv-quiet", {}, "Add below:"),
      ...add,
    ),
  );

  const views = ["On the image", "Inside", "At the corner"].map(createView);
  const formula = createFormula("H");
  const transposed = el("p", ""); // the size of a ConvTranspose2d
  const lines = el("dl", "cv-lines");
  const code = createCodeLine(signal);
  code.element.classList.add("cv-listing");
  const spoken = createVoice();

  const root = createRoot(
    "cv-ledger",
    "Stack ledger",
    signal,
    el(
      "div",
      "cv-controls",
      { "data-operated": true },
      preset.element,
      ...image.map((field) => field.element),
    ),
    note,
    el("div", "cv-scroll", {}, table),
    total,
    editor,
    status,
    el(
      "div",
      "cv-readings",
      {},
      el("div", "cv-views", {}, ...views.map((view) => view.element)),
      el("div", "", {}, el("div", "cv-scroll", {}, formula.element, transposed), lines),
    ),
    code.element,
    spoken,
  );

  // ---------------------------------------------------------------------------- the actions

  const { read, write } = bind(model, TRAITS, repaint, signal);

  function load(name) {
    const { layers, in_channels, input_size } = read().presets[name] ?? {};
    if (layers) write({ preset: name, layers, in_channels, input_size, picked: 0 });
    else repaint();
  }

  /** Show another stack, if PyTorch would accept it; else stay, and say what forbids it. */
  function ask(wanted, action, row = picked) {
    const why = problemIn(wanted);
    if (why) refuse(action, why);
    else write({ ...wanted, preset: presetOf(wanted), picked: row });
  }

  function refuse(action, why) {
    repaint({ action, why });
  }

  /** Only the image may differ from the preset's own. */
  function presetOf({ layers }) {
    const { preset, presets } = read();
    return preset && JSON.stringify(layers) === JSON.stringify(presets[preset].layers)
      ? preset
      : null;
  }

  /** Go to the number; a single step goes on to the next legal one in its direction. */
  function move(now, target, name, at) {
    const [least, most] = LIMITS[name];
    const action = `${name}=${target}`;
    if (!Number.isInteger(target) || target < least || target > most) {
      return refuse(action, {
        rule: `the table has room for whole numbers from ${least} to ${most}`,
      });
    }
    const why = problemIn(at(target));
    if (!why || Math.abs(target - now) !== 1) return ask(at(target), action);
    let next = target;
    while (next >= least && next <= most && problemIn(at(next))) next += target - now;
    const found = next >= least && next <= most;
    write(found ? { ...at(next), preset: presetOf(at(next)) } : {}, { action, why });
  }

  function edit(name, value) {
    const at = (next) =>
      withLayers(
        stack.layers.with(picked, {
          ...stack.layers[picked],
          [name]: next,
        }),
      );
    if (name === "bias") ask(at(value), "bias");
    else move(stack.layers[picked][name], value, name, at);
  }

  const withLayers = (layers) => ({ ...stack, layers });

  function addLayer(kind) {
    if (stack.layers.length === MOST.layers) {
      return refuse("One more layer", { rule: `the table has room for ${MOST.layers}` });
    }
    const layer = newLayer(kind, rows[picked].channels);
    ask(withLayers(stack.layers.toSpliced(picked + 1, 0, layer)), `A ${kind} here`, picked + 1);
  }

  function removeLayer() {
    if (stack.layers.length === 1) {
      return refuse("An empty table", { rule: "a stack has at least one layer" });
    }
    const layers = stack.layers.toSpliced(picked, 1);
    ask(withLayers(layers), "Without this layer", Math.min(picked, layers.length - 1));
  }

  function shift(by) {
    const layers = stack.layers
      .toSpliced(picked, 1)
      .toSpliced(picked + by, 0, stack.layers[picked]);
    ask(withLayers(layers), "This order", picked + by);
  }

  // ---------------------------------------------------------------------------- the picture

  function repaint(refusal) {
    const { preset: name, presets, picked: row, ...settings } = read();
    const why = problemIn(settings);
    if (why) {
      // only a host without Python's checks can get here
      showStatus({ action: "This stack", why });
      return;
    }
    if (Object.keys(settings).some((name) => settings[name] !== stack[name])) {
      stack = settings;
      rows = ledger(stack);
    }
    picked = Math.min(row, stack.layers.length - 1);
    preset.show(name ?? OWN);
    image[0].show(stack.in_channels);
    image[1].show(stack.input_size);
    setText(note, name ? presets[name].note : "");
    note.hidden = !name;
    showStatus(refusal);
    showTable();
    showEditor();
    showViews();
    showWorking();
    code.show(stackCode(stack));
    setText(spoken, sentence(rows[picked]));
  }

  function showStatus(refused) {
    setAttribute(status, "data-refused", Boolean(refused));
    if (!refused) return setText(status, HINT);
    const { action, why } = refused;
    const where =
      why.row === undefined || why.row === picked ? "" : `layer ${why.row}, a ${why.kind}: `;
    showRefusal(status, `${action} is not possible: ${where}${why.rule}.`, why);
  }

  /** Rows are kept, so that the focus and a screen reader's place survive a repaint. */
  function showTable() {
    while (body.children.length > rows.length) body.lastChild.remove();
    while (body.children.length < rows.length) {
      body.append(
        el(
          "div",
          "cv-record",
          { role: "row" },
          ...COLUMNS.map((name) => el("div", "", { role: "gridcell", "data-name": name })),
        ),
      );
      body.lastChild.firstChild.append(el("span"), el("span"), el("span", "cv-quiet"));
    }
    const [parameters, macs] = ["parameters", "macs"].map((name) =>
      Math.max(1, ...rows.map((row) => row[name])),
    );
    rows.forEach((row, index) => {
      const record = body.children[index];
      const now = index === picked;
      setAttribute(record, "aria-selected", String(now));
      setAttribute(record, "tabindex", now ? "0" : "-1");
      const [layer, ...cellsLeft] = record.children;
      [index, stack.layers[index].kind, brief(stack.layers[index])].forEach((text, part) =>
        setText(layer.children[part], String(text)),
      );
      const texts = [
        `${row.channels} × ${square(row.size)}`,
        extent(row.field),
        fraction(row.jump),
        row.start === null ? "–" : sign(row.start),
        square(row.corner.length),
        coverage(row),
        withCommas(row.parameters),
        withCommas(row.macs),
      ];
      texts.forEach((text, column) => setText(cellsLeft[column], text));
      record.children[7].style.setProperty("--share", row.parameters / parameters);
      record.children[8].style.setProperty("--share", row.macs / macs);
    });
    const sum = (name) => withCommas(rows.reduce((all, row) => all + row[name], 0));
    setText(
      total,
      `All layers: ${sum("parameters")} parameters, ${sum("macs")} multiply-accumulates.`,
    );
  }

  body.addEventListener(
    "click",
    (event) => {
      const index = [...body.children].indexOf(event.target.closest(".cv-record"));
      if (index >= 0) write({ picked: index });
    },
    { signal },
  );
  body.addEventListener(
    "keydown",
    (event) => {
      const last = body.children.length - 1;
      const next = {
        ArrowUp: picked - 1,
        ArrowDown: picked + 1,
        Home: 0,
        End: last,
        Enter: picked,
        " ": picked,
      }[event.key];
      if (next === undefined || event.altKey || event.metaKey) return;
      event.preventDefault();
      const row = Math.min(Math.max(next, 0), last);
      takeFocus(body.children[row]);
      write({ picked: row });
    },
    { signal },
  );

  function showEditor() {
    const layer = stack.layers[picked];
    setText(kind, `${picked}  ${layer.kind}`);
    for (const [name, field] of fields) {
      field.element.hidden = !(name in layer);
      if (name in layer) field.show(layer[name]);
    }
    bias.element.hidden = !("bias" in layer);
    bias.show(Boolean(layer.bias));
    up.disabled = picked === 0;
    down.disabled = picked === stack.layers.length - 1;
  }

  /** What an output in the middle and one in the corner see: on the image, then enlarged. */
  function showViews() {
    const row = rows[picked];
    const sizes = rows.map((each) => each.in_size);
    const { first: widest, every } = row.widest;
    const output = Math.min(widest + every * Math.floor(row.size / 2 / every), row.size - 1);
    const middle = seenFrom(stack.layers.slice(0, picked + 1), sizes, output);
    const n = stack.input_size;
    const { first, seen, corner } = row;
    const start = Math.min(0, row.start ?? 0);
    const end = Math.max(n, (row.start ?? 0) + span(first));
    const real = ({ length }, all) => `${withCommas(length ** 2)} of ${withCommas(all ** 2)}`;

    views[0].show([start, end - start], `${square(n)} pixels`, [
      ["cv-image", box(0, n)],
      ["cv-nominal", frame(first)],
      ["cv-seen", cells(middle)],
      ["cv-seen", cells(corner)],
    ]);
    views[1].show([seen[0], span(seen)], `reads ${real(seen, row.field[1])}`, [
      ["cv-image", frame(seen)],
      ["cv-seen", cells(seen)],
      ["cv-pixels", ruling(seen)],
    ]);
    const inside = first.filter((pixel) => pixel >= 0 && pixel < n);
    views[2].show([first[0], span(first)], `reads ${real(corner, span(first))}`, [
      ["cv-image", frame(inside)],
      ["cv-seen", cells(corner)],
      ["cv-pixels", ruling(first)],
      ["cv-nominal", frame(first)],
    ]);
  }

  function showWorking() {
    const row = rows[picked];
    const layer = stack.layers[picked];
    const previous = rows[picked - 1] ?? { field: [1, 1], jump: [1, 1], start: 0 };
    const { kernel_size: k, stride, padding, dilation = 1, groups, output_padding: extra } = layer;
    const plain = !stack.layers.slice(0, picked + 1).some(isTransposed);
    const backwards = isTransposed(layer);
    const items = []; // [name, working]
    if (plain) {
      const jump = fraction(previous.jump);
      const apart = dilation > 1 ? `${dilation} · ` : "";
      items.push(
        [
          "field",
          `${extent(previous.field)} + ${apart}(${k} − 1) · ${jump} = ${extent(row.field)}`,
        ],
        ["jump", `${jump} · ${stride} = ${fraction(row.jump)}`],
        ["start", `${sign(previous.start)} − ${padding} · ${jump} = ${sign(row.start)}`],
      );
    } else {
      items.push(
        ["field", `traced back: ${extent(row.field)}`],
        [
          "jump",
          `${fraction(previous.jump)} ${backwards ? "/" : "·"} ${stride} = ${fraction(row.jump)}`,
        ],
      );
    }
    if (row.parameters) {
      const inner = groups > 1 ? `(${row.in_channels} / ${groups})` : row.in_channels;
      const weights = row.parameters - (layer.bias ? layer.out_channels : 0);
      const places = backwards ? row.in_size : row.size;
      items.push(
        [
          "parameters",
          `${layer.out_channels} · ${inner} · ${k} · ${k}` +
            `${layer.bias ? ` + ${layer.out_channels}` : ""} = ${withCommas(row.parameters)}`,
        ],
        ["MACs", `${withCommas(weights)} · ${places} · ${places} = ${withCommas(row.macs)}`],
      );
    }
    formula.show(backwards ? null : axisOf(layer, row.in_size));
    setText(
      transposed,
      backwards
        ? `H out = (${row.in_size} − 1) · ${stride} − 2 · ${padding} + ` +
            `${dilation} · (${k} − 1) + ${extra} + 1 = ${row.size}`
        : "",
    );
    lines.replaceChildren(
      ...items.flatMap(([name, text]) => [el("dt", "cv-quiet", {}, name), el("dd", "", {}, text)]),
    );
  }

  function sentence(row) {
    const { kind } = stack.layers[picked];
    return (
      `Layer ${picked}, ${kind}: output ${row.channels} by ${row.size} by ${row.size}, ` +
      `receptive field ${extent(row.field)}, jump ${fraction(row.jump)}, start ` +
      `${row.start === null ? "none" : sign(row.start)}, the corner sees ${row.corner.length} by ` +
      `${row.corner.length}, coverage ${coverage(row)}, ${withCommas(row.parameters)} parameters, ` +
      `${withCommas(row.macs)} multiply-accumulates.`
    );
  }

  // ---------------------------------------------------------------------------- small parts

  /** A labelled box for a whole number. */
  function createNumber(name, onInput) {
    const [min, max] = LIMITS[name];
    const box = el("input", "cv-number", { type: "number", min, max, step: 1, "aria-label": name });
    box.addEventListener("change", () => onInput(Number(box.value)), { signal });
    return {
      element: el(
        "div",
        "cv-control",
        { "data-operated": true },
        el("label", "", {}, el("span", "cv-head", {}, el("span", "cv-name", {}, name)), box),
      ),
      show(value) {
        box.value = String(value);
      },
    };
  }

  repaint();
  return root;
}

/** A layer's settings in short. */
function brief(layer) {
  const { kernel_size: k, stride, padding, dilation = 1, groups = 1 } = layer;
  const parts = [square(k)];
  if (stride > 1) parts.push(`s${stride}`);
  if (padding) parts.push(`p${padding}`);
  if (dilation > 1) parts.push(`d${dilation}`);
  if (groups > 1) parts.push(`g${groups}`);
  return parts.join(" ");
}

function coverage({ seen, field }) {
  if (field[1] === 0) return "–";
  const percent = 100 * (seen.length / field[1]) ** 2;
  return `${percent > 99.5 && percent < 100 ? "> 99" : percent < 0.5 ? "< 1" : Math.round(percent)}%`;
}

export default widget(draw);
