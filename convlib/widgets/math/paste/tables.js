/**
 * Tables of torchsummary and torchinfo. They print the output of each layer and its parameters, and
 * not its settings: the settings are those that give these numbers.
 */

import { outputShape, parameterCount } from "../modules.js";
import { t } from "../words.js";
import { isLayer, makeLayer } from "./layers.js";
import { flattenNote, unknownLayer } from "./remarks.js";

const NUMBER = /^[\d,]{1,20}$/;
const RULE = /^[ \t]{0,40}[-=\u2500\u2501\u2550_]{12,}/;
const HEAD = /Layer \(type|Output Shape.{0,80}Param/;
const KERNELS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 16];
const STRIDES = [1, 2, 3, 4, 5, 8, 14, 16, 32];

/** Whether a text holds such a table. */
export const isTable = (text) =>
  HEAD.test(text) ||
  /^[ \u2502]{0,60}[\u251c\u2514]\u2500/m.test(text) ||
  /^[ \t]{0,40}[A-Z]\w{1,40}-\d{1,5} {1,40}\[-1, /m.test(text);

/**
 * @param {import("./clean.js").Line[]} lines
 * @param {number[] | null} input
 */
export function readTable(lines, input) {
  const state = { modules: [], problems: [], notes: new Set(), input: null, rows: [] };
  const start = lines.findIndex((line) => HEAD.test(line.text));
  const columns = start < 0 ? null : columnsOf(lines[start].text);
  for (const line of lines.slice(start + 1)) {
    if (
      /^[ \t]{0,40}(?:Total|Trainable|Non-trainable|Input size|Forward|Params size|Estimated)/.test(
        line.text,
      )
    )
      continue;
    const row = rowOf(line, columns);
    if (row) state.rows.push(row);
  }
  state.rows.forEach((row, index) => addRow(row, index, state, input));
  if (state.modules.length > 0 && !state.input && !input) {
    state.notes.add(
      t("The table does not hold the input: with its shape, the first layer's stride is found."),
    );
  }
  if (state.modules.length > 0) {
    state.notes.add(
      t(
        "A table holds no kernel sizes, strides and paddings: they are chosen so that its numbers come out.",
      ),
    );
  }
  return {
    modules: state.modules,
    problems: state.problems,
    notes: [...state.notes],
    input: state.input,
  };
}

/** The columns of torchinfo's head, in their order. */
function columnsOf(head) {
  const names = {
    "Input Shape": "input",
    "Output Shape": "output",
    "Param #": "parameters",
    "Kernel Shape": "kernel",
    "Mult-Adds": "macs",
  };
  return Object.entries(names)
    .map(([words, name]) => ({ name, at: head.indexOf(words) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name);
}

/** A row: its layer, and what stands in its columns; null for a rule or a line of text. */
function rowOf(line, columns) {
  if (RULE.test(line.text) || !line.text.trim()) return null;
  const head =
    /^([\s\u2502\u251c\u2514\u2500|+`-]{0,80})([A-Za-z_]\w{0,80})(?: \(([^()]{1,80})\))?(?:: ?([\d-]{1,12})|-(\d{1,6}))?/.exec(
      line.text,
    );
  if (!head) return null;
  const [all, tree, kind, variable, , index] = head;
  const cells = cellsOf(line.text.slice(all.length));
  const shapes = cells.filter((cell) => Array.isArray(cell));
  if (cells.length === 0 && shapes.length === 0) return null;
  const named = columns ?? ["output", "parameters"];
  const row = {
    kind,
    depth: tree.replace(/[^\u2502\u251c\u2514|+`]/g, "").length + tree.length / 100,
    line,
  };
  row.name = variable ?? (index ? `${kind}-${index}` : undefined);
  named.forEach((name, at) => {
    row[name] = cells[at];
  });
  return Array.isArray(row.output) ? row : null;
}

/** The cells of a row: shapes in brackets, numbers, `--` for none. */
function cellsOf(text) {
  const cells = [];
  for (const [word] of text.matchAll(/\[[^\][\n]{0,80}\]|[\d,]{1,20}|-{2,3}|\([^()\n]{1,40}\)/g)) {
    if (word.startsWith("["))
      cells.push(
        word
          .slice(1, -1)
          .split(",")
          .map((size) => Number(size)),
      );
    else if (word.startsWith("--")) cells.push(0);
    else if (NUMBER.test(word)) cells.push(Number(word.replaceAll(",", "")));
  }
  return cells;
}

// ---------------------------------------------------------------------------------- the layers

const holderNote = (kind) =>
  t("{kind} holds the rows above it: it is no row of its own.", { kind });

function addRow(row, index, state, input) {
  const next = state.rows[index + 1];
  const given = row.input ?? state.last ?? input;
  if (index === 0 && Array.isArray(row.input)) state.input = row.input;
  if (
    next &&
    next.depth > row.depth &&
    row.depth !== undefined &&
    state.rows.some((other) => other.depth > 0.5)
  )
    return;
  const problem = (why) =>
    state.problems.push({
      text: row.line.text.trim().slice(0, 120),
      line: row.line.line,
      column: row.line.column,
      why,
    });
  if (!isLayer(row.kind)) {
    const same = !row.parameters && String(row.output) === String(state.lastOutput);
    if (same) state.notes.add(holderNote(row.kind));
    else problem(unknownLayer(row.kind));
    return;
  }
  let from = fill(given, row.output);
  if (row.kind === "Linear" && from?.length === 4 && row.output.length === 2) {
    const features = from[1] * from[2] * from[3];
    state.modules.push({ kind: "Flatten", start_dim: 1, inserted: true, line: row.line.line });
    state.notes.add(flattenNote());
    from = [from[0], features];
  }
  const layer = layerOf(row, from);
  if (!layer) {
    problem(t("the numbers of this row do not follow from the row above"));
    return;
  }
  state.modules.push({ ...layer, ...(row.name && { name: row.name }), line: row.line.line });
  state.lastOutput = row.output;
  state.last = row.output;
}

/** A shape with a batch: -1 stands for it in torchsummary. */
function fill(shape, output) {
  if (!Array.isArray(shape)) return null;
  const batch = Math.max(shape[0], output[0], 1);
  return [batch, ...shape.slice(1)];
}

/** A layer of this kind whose output and parameters are those of the row. */
function layerOf(row, input) {
  const output = [input?.[0] ?? Math.max(row.output[0], 1), ...row.output.slice(1)];
  for (const settings of candidates(row, input, output)) {
    const layer = makeLayer(row.kind, [], new Map(Object.entries(settings)), (value) => value);
    if (layer.refusal || parameterCount(layer) !== (row.parameters ?? 0)) continue;
    if (!input) return layer;
    const shape = outputShape(layer, [input]);
    if (String(shape) === String(output)) return layer;
  }
  return null;
}

function* candidates(row, input, output) {
  const channels = output[1];
  if (row.kind === "Conv2d" || row.kind === "ConvTranspose2d")
    yield* convolutions(row, input, output);
  else if (row.kind === "Linear") {
    const size = output.at(-1);
    const features = input?.at(-1) ?? Math.floor(row.parameters / size);
    yield { in_features: features, out_features: size, bias: row.parameters !== features * size };
  } else if (/Pool2d$/.test(row.kind) && !row.kind.startsWith("Adaptive"))
    yield* poolings(input, output);
  else if (row.kind.startsWith("Adaptive")) yield { output_size: output.slice(2) };
  else if (row.kind === "BatchNorm2d" || row.kind === "InstanceNorm2d") {
    yield { num_features: channels, affine: row.parameters > 0 };
  } else if (row.kind === "GroupNorm") {
    yield { num_groups: 1, num_channels: channels, affine: row.parameters > 0 };
  } else if (row.kind === "Upsample") yield { size: output.slice(2) };
  else if (row.kind === "PReLU") yield { num_parameters: row.parameters };
  else if (/Pad2d$/.test(row.kind) && input) {
    const [height, width] = [output[2] - input[2], output[3] - input[3]];
    yield { padding: [width >> 1, width - (width >> 1), height >> 1, height - (height >> 1)] };
  } else if (/^Pixel/.test(row.kind) && input) {
    yield {
      [row.kind === "PixelShuffle" ? "upscale_factor" : "downscale_factor"]: Math.max(
        output[2] / input[2],
        input[2] / output[2],
      ),
    };
  } else if (row.kind === "LayerNorm") {
    for (const axes of [1, 2, 3]) yield { normalized_shape: output.slice(-axes) };
  } else yield {};
}

/** Square windows first: three channels and a square are likelier than one and a strip. */
function* convolutions(row, input, output) {
  for (const square of [true, false]) {
    for (const settings of channelsAndWindows(row, input, output[1], square)) {
      yield* steps(settings, row.kind, input);
    }
  }
}

function* channelsAndWindows(row, input, to, square) {
  for (const from of input ? [input[1]] : [3, 1, 4, 2, ...KERNELS]) {
    for (const groups of new Set([1, from, 2, 4, 8, 16, 32, 64])) {
      if (from % groups || to % groups) continue;
      for (const bias of [true, false]) {
        const cells = ((row.parameters - (bias ? to : 0)) * groups) / (from * to);
        for (const kernel of kernelsOf(cells, row.kernel)) {
          if (square !== (typeof kernel === "number" || Array.isArray(row.kernel))) continue;
          yield { in_channels: from, out_channels: to, kernel_size: kernel, groups, bias };
        }
      }
    }
  }
}

/** Windows with so many cells: a square first, then those of two sides. */
function kernelsOf(cells, known) {
  if (!Number.isInteger(cells) || cells < 1) return [];
  if (Array.isArray(known)) return known[0] * known[1] === cells ? [known] : [];
  const side = Math.sqrt(cells);
  if (Number.isInteger(side)) return [side];
  return KERNELS.filter((height) => cells % height === 0).map((height) => [height, cells / height]);
}

/** Strides and paddings that may lead from the input's size to the output's. */
function* steps(settings, kind, input) {
  if (!input) {
    yield settings;
    return;
  }
  const [high, wide] =
    [settings.kernel_size].flat().length === 2
      ? settings.kernel_size
      : [settings.kernel_size, settings.kernel_size];
  const transposed = kind === "ConvTranspose2d";
  for (const stride of STRIDES) {
    const natural = [high, wide].map((size) =>
      stride > 1 && size === stride ? 0 : (size - 1) >> 1,
    );
    for (const padding of [natural, [0, 0], [1, 1], [2, 2], [3, 3], [high >> 1, wide >> 1]]) {
      yield { ...settings, stride, padding };
      if (transposed && stride > 1) yield { ...settings, stride, padding, output_padding: 1 };
      if (stride === 1) {
        for (const dilation of [2, 3, 4, 6, 8]) {
          yield {
            ...settings,
            padding: [high, wide].map((size) => ((size - 1) * dilation) >> 1),
            dilation,
          };
        }
      }
    }
  }
}

function* poolings(input, output) {
  if (!input) {
    yield { kernel_size: 2 };
    return;
  }
  const ratio = Math.max(1, Math.round(input[2] / output[2]));
  for (const ceil_mode of [false, true]) {
    yield { kernel_size: ratio, ...(ceil_mode && { ceil_mode }) };
    for (const kernel_size of [2, 3, 5, 7]) {
      for (const stride of [ratio, 1, 2]) {
        for (const padding of [0, 1, kernel_size >> 1]) {
          if (padding * 2 <= kernel_size)
            yield { kernel_size, stride, padding, ...(ceil_mode && { ceil_mode }) };
        }
      }
    }
  }
  yield { kernel_size: input.slice(2) };
}
