/**
 * Configurations: layers as dicts, JSON or YAML (`{"type": "Conv2d", "in_channels": 3, ...}`), and
 * the rows of detectors (`[-1, 1, nn.Conv2d, [52, 3, 2, 1]]`).
 */

import { MODULES } from "../modules.js";
import { t } from "../words.js";
import { isLayer, makeLayer, parametersOf } from "./layers.js";
import { unknownLayer } from "./remarks.js";
import { itemsOf } from "./values.js";

const KIND_KEYS = [
  "type",
  "kind",
  "layer",
  "layer_type",
  "class",
  "class_name",
  "_target_",
  "op",
  "module",
  "name",
];
const SETTING_KEYS = ["params", "parameters", "args", "kwargs", "config", "settings", "options"];
const NAME_KEYS = new Set(["name", "id"]);
const MOST_DEPTH = 12;
const MOST_VISITS = 5000;
const BY_LOWER = new Map(
  Object.keys(MODULES)
    .filter(isLayer)
    .map((kind) => [kind.toLowerCase(), kind]),
);
const SHORT = {
  conv: "Conv2d",
  deconv: "ConvTranspose2d",
  maxpool: "MaxPool2d",
  avgpool: "AvgPool2d",
  bn: "BatchNorm2d",
  fc: "Linear",
};

/**
 * The layers of a configuration.
 * @param {*} value maps, lists and plain values
 * @param {number} line where it stands
 */
export function readConfig(value, line) {
  const state = { modules: [], problems: [], notes: new Set(), rows: [], visits: 0, line };
  walk(value, undefined, 0, state);
  return { modules: state.modules, problems: state.problems, notes: [...state.notes] };
}

function walk(value, name, depth, state) {
  if (
    depth > MOST_DEPTH ||
    ++state.visits > MOST_VISITS ||
    value === null ||
    typeof value !== "object"
  )
    return;
  if (value.line) state.line = value.line;
  const list = itemsOf(value);
  if (list && isRow(list)) detectorRow(list, state);
  else if (list) for (const item of list) walk(item, undefined, depth + 1, state);
  else if (value instanceof Map) {
    const kind = kindOf(value);
    if (kind) configured(kind, value, name, state);
    else if (typeof value.get("type") === "string") strange(value.get("type"), state);
    else for (const [key, item] of value) walk(item, nested(name, key), depth + 1, state);
  }
}

const GROUPS = new Set(["layers", "model", "network", "modules", "backbone", "head", "stages"]);

const nested = (name, key) => (GROUPS.has(key) ? name : name ? `${name}.${key}` : String(key));

/** The kind that a map names, or that its keys tell; null if it is no layer. */
function kindOf(map) {
  for (const key of KIND_KEYS) {
    const kind = kindOfWord(map.get(key));
    if (kind) return kind;
  }
  if (map.has("kernel_size") && map.has("out_channels")) return "Conv2d";
  return map.has("in_features") && map.has("out_features") ? "Linear" : null;
}

function kindOfWord(word) {
  if (typeof word !== "string") return null;
  const last = word.split(".").at(-1);
  const lower = last.toLowerCase().replaceAll("_", "");
  return BY_LOWER.get(lower) ?? (Object.hasOwn(SHORT, lower) ? SHORT[lower] : null);
}

function strange(word, state) {
  const why = unknownLayer(word);
  state.problems.push({ text: word, line: state.line, column: 1, why });
}

/** One layer as a map. */
function configured(kind, map, name, state) {
  const parameters = parametersOf(kind);
  const settings = new Map();
  const args = [];
  let own = name;
  for (const [key, value] of map) {
    if (SETTING_KEYS.includes(key) && value instanceof Map)
      for (const pair of value) settings.set(...pair);
    else if (SETTING_KEYS.includes(key) && itemsOf(value)) args.push(...itemsOf(value));
    else if (parameters.includes(key)) settings.set(key, value);
    else if (NAME_KEYS.has(key) && !kindOfWord(value)) own = String(value);
    else if (!KIND_KEYS.includes(key)) {
      state.problems.push({
        text: String(key),
        line: state.line,
        column: 1,
        why: t("{kind} has no setting of this name", { kind }),
      });
    }
  }
  push(withOpen(kind, args, settings), own, state);
}

/** A layer whose first setting is left out takes what comes in. */
function withOpen(kind, args, settings) {
  const [first] = parametersOf(kind);
  const open = isOpenKind(kind) && args.length === 0 && !settings.has(first);
  const layer = makeLayer(
    kind,
    args,
    open ? new Map([[first, 1], ...settings]) : settings,
    (value) => value,
  );
  return open ? { ...layer, [first]: null } : layer;
}

const isOpenKind = (kind) =>
  /^(?:Conv|ConvTranspose|BatchNorm|InstanceNorm)2d$|^Linear$/.test(kind);

function push(layer, name, state) {
  state.modules.push({ ...layer, ...(name && { name }), line: state.line });
}

// ----------------------------------------------------------------------------- rows of detectors

/** `[from, number, module, args]` */
const isRow = (list) =>
  list.length === 4 &&
  Number.isInteger(list[1]) &&
  typeof list[2] === "string" &&
  itemsOf(list[3]) !== undefined;

function detectorRow([from, times, word, args], state) {
  const kind = word === "Conv" || word === "Concat" ? word : kindOfWord(word);
  for (let count = 0; count < Math.min(times, 1000); count++) {
    const sources = (itemsOf(from) ?? [from]).map((row) => sourceOf(row, state));
    const before = state.modules.length;
    if (kind === "Conv") convolutionBlock(itemsOf(args), state);
    else if (kind === "Concat")
      state.modules.push({ kind: "cat", dim: itemsOf(args)[0] ?? 1, line: state.line });
    else if (kind) push(ofRow(kind, itemsOf(args)), undefined, state);
    else {
      strange(word, state);
      break;
    }
    const made = state.modules[before];
    if (sources.length > 1 || sources[0] !== before - 1) made.from = sources;
  }
  state.rows.push(state.modules.length - 1);
}

/** The row that a detector's row reads: -1 is the one above, others are counted from the start. */
const sourceOf = (row, { rows, modules }) =>
  row < 0 ? (row === -1 ? modules.length - 1 : (rows[rows.length + row] ?? -1)) : (rows[row] ?? -1);

function ofRow(kind, args) {
  if (!isOpenKind(kind)) return makeLayer(kind, args, new Map(), (value) => value);
  const layer = makeLayer(kind, [1, ...args], new Map(), (value) => value);
  return { ...layer, [parametersOf(kind)[0]]: null };
}

/** `Conv` of these files: a convolution without bias that keeps the size, BatchNorm2d, SiLU. */
function convolutionBlock([channels, kernel = 1, stride = 1, padding = null, groups = 1], state) {
  state.notes.add(
    t("Conv is read as Conv2d without bias, BatchNorm2d and SiLU, with padding k // 2."),
  );
  const settings = {
    in_channels: null,
    out_channels: channels,
    kernel_size: kernel,
    stride,
    padding: padding ?? kernel >> 1,
    groups,
    bias: false,
  };
  push({ kind: "Conv2d", ...settings }, undefined, state);
  push({ kind: "BatchNorm2d", num_features: channels }, undefined, state);
  push({ kind: "SiLU" }, undefined, state);
}
