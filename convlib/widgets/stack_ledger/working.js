/** StackLedger's working: how the numbers of the picked row come about. */
import { fieldOf } from "../math/ledger.js";
import { isSame } from "../math/lists.js";
import { pair, product } from "../math/modules/sizes.js";
import { sign, withCommas } from "../math/text.js";
import { english, t } from "../math/words.js";
import { el, setText } from "../parts/dom.js";
import { createFormula } from "../parts/formula.js";
import { both, extent, fraction } from "./words.js";

const IMAGE_FIELD = { field: [1, 1], jump: [1, 1], start: 0 };
const FIELD = english("field");
const JUMP = english("jump");
const WINDOWS = ["Conv2d", "MaxPool2d", "AvgPool2d"];

export function createWorking() {
  const formulas = ["H", "W"].map((name) => createFormula(name));
  const transposed = ["H", "W"].map(() => el("p", "", { "data-code": true })); // of a ConvTranspose2d
  const lines = el("dl", "cv-lines");
  const room = el("div", "cv-scroll", {}, ...formulas.map(({ element }) => element), ...transposed);
  return {
    element: el("div", "", {}, room, lines),
    show({ rows, picked }) {
      const row = rows[picked];
      const axes = row?.output ? [0, 1].map((axis) => axisOf(row, axis)) : [null, null];
      const isBack = row?.module.kind === "ConvTranspose2d";
      const alike = isSame(axes[0], axes[1]);
      const shown = alike ? [axes[0], null] : axes;
      formulas.forEach((formula, axis) => formula.show(isBack ? null : shown[axis]));
      transposed.forEach((line, axis) => {
        setText(line, isBack && shown[axis] ? backwards("HW"[axis], shown[axis]) : "");
      });
      const items = row?.output ? [...fieldItems(rows, picked), ...costItems(row)] : [];
      lines.replaceChildren(
        ...items.flatMap(([name, text]) => [
          el("dt", "cv-quiet", {}, t(name)),
          el("dd", "", {}, text),
        ]),
      );
    },
  };
}

/** One axis of a window; null for other layers. */
function axisOf({ module, input, output }, axis) {
  if (![...WINDOWS, "ConvTranspose2d"].includes(module.kind) || module.ceil_mode) return null;
  const at = (name, usual) => pair(module[name] ?? usual)[axis];
  const [kernel, stride, dilation] = [at("kernel_size"), at("stride"), at("dilation", 1)];
  const total = dilation * (kernel - 1);
  const words = { same: Math.floor(total / 2), valid: 0 };
  const before = words[module.padding] ?? at("padding");
  const after = module.padding === "same" ? total - before : before;
  const sizes = { size: input.at(axis - 2), kernel, stride, dilation, before, after };
  return { ...sizes, extra: at("output_padding", 0), result: output.at(axis - 2) };
}

function backwards(name, { size, kernel, stride, dilation, before, extra, result }) {
  return (
    `${name} out = (${size} − 1) · ${stride} − 2 · ${before} + ` +
    `${dilation} · (${kernel} − 1) + ${extra} + 1 = ${result}`
  );
}

/** How field, jump and start follow from the row that is read. */
function fieldItems(rows, picked) {
  const { module, from, fields } = rows[picked];
  if (fields.some((each) => !each)) return [];
  const axes = [0, 1].map((axis) => ({
    now: fieldOf(rows[picked], axis),
    previous: from[0] < 0 ? IMAGE_FIELD : fieldOf(rows[from[0]], axis),
    steps: axisOf(rows[picked], axis),
  }));
  const write = (line) => both(axes.map(line), ", ");
  const isPlain =
    WINDOWS.includes(module.kind) && axes.every(({ steps, now }) => steps && now.jump[1] === 1);
  if (!isPlain) {
    return [
      [FIELD, write(({ now }) => t("traced back: {field}", { field: extent(now.field) }))],
      [JUMP, write(({ now, previous, steps }) => jumpLine(module, now, previous, steps))],
    ];
  }
  return [
    [FIELD, write(fieldLine)],
    [JUMP, write(({ now, previous, steps }) => jumpLine(module, now, previous, steps))],
    [english("start"), write(startLine)],
  ];
}

function fieldLine({ now, previous, steps }) {
  const apart = steps.dilation > 1 ? `${steps.dilation} · ` : "";
  const added = `${apart}(${steps.kernel} − 1) · ${fraction(previous.jump)}`;
  return `${extent(previous.field)} + ${added} = ${extent(now.field)}`;
}

function jumpLine({ kind }, now, previous, steps) {
  if (!steps) return fraction(now.jump);
  const by = kind === "ConvTranspose2d" ? "/" : "·";
  return `${fraction(previous.jump)} ${by} ${steps.stride} = ${fraction(now.jump)}`;
}

function startLine({ now, previous, steps }) {
  if (now.start === null || previous.start === null) return "–";
  const before = `${steps.before} · ${fraction(previous.jump)}`;
  return `${sign(previous.start)} − ${before} = ${sign(now.start)}`;
}

/** How parameters and MACs come about. */
function costItems(row) {
  const { weight, bias, parameters, macs, module } = row;
  if (!weight) return [];
  const items = [
    [
      english("parameters"),
      `${factors(module, weight)}${bias ? ` + ${product(bias)}` : ""} = ${withCommas(parameters)}`,
    ],
  ];
  if (macs) {
    const places = placesOf(row).map((size) => ` · ${size}`);
    items.push([
      english("MACs"),
      `${withCommas(product(weight))}${places.join("")} = ${withCommas(macs)}`,
    ]);
  }
  return items;
}

function factors({ kind, in_channels, out_channels, groups = 1 }, weight) {
  if (groups === 1 || !kind.startsWith("Conv")) {
    const kernel = weight.slice(2);
    const [out, into] = kind === "ConvTranspose2d" ? [weight[1], weight[0]] : weight;
    return [out, into, ...kernel].filter((each) => each !== undefined).join(" · ");
  }
  return `${out_channels} · (${in_channels} / ${groups}) · ${weight.slice(2).join(" · ")}`;
}

/** Where the weights are used: a transposed layer at its input, others at their output. */
function placesOf({ module, input, output }) {
  if (module.kind === "Linear") return input.slice(1, -1);
  return (module.kind === "ConvTranspose2d" ? input : output).slice(-2);
}
