/**
 * A network as a table: what goes in and out of each row, what it costs, and what it sees of the
 * image. Pure functions, no DOM.
 *
 * @typedef {object} Network
 * @property {number} in_channels
 * @property {number | [number, number]} input_size  Height and width of the image.
 * @property {number} [batch]
 * @property {object[]} layers  Modules, named as in PyTorch. in_channels, num_features and
 *   in_features follow from what comes in, if they are left out.
 */
import {
  countOf,
  fieldsAfter,
  fieldsJoined,
  IMAGE,
  landed,
  reads,
  span,
  stepOf,
  united,
} from "./field.js";
import { isRefusal } from "./modules/refusal.js";
import { product } from "./modules/sizes.js";
import {
  biasShape,
  complete,
  MODULES,
  macCount,
  outputShape,
  parameterCount,
  weightShape,
} from "./modules.js";
import { sources } from "./network.js";
import { t } from "./words.js";

/** The largest image that the table has room for. */
export const MOST_SIZE = 65536;

const BYTES = 4; // of a float32

/** (N, C, H, W) of what a network reads. */
export function inputShape({ batch = 1, in_channels, input_size }) {
  const [height, width] = Array.isArray(input_size) ? input_size : [input_size, input_size];
  return [batch, in_channels, height, width];
}

/** A layer with the numbers that what comes in decides. */
export function filledIn(layer, shape) {
  if (layer.kind === "other") return layer;
  const channels = shape.length > 1 ? shape[1] : shape[0];
  const names = MODULES[layer.kind].parameters.map(([name]) => name);
  const decided = { in_channels: channels, num_features: channels, num_channels: channels };
  const missing = Object.entries({ ...decided, in_features: shape.at(-1) }).filter(
    ([name]) => names.includes(name) && layer[name] === undefined,
  );
  return { ...complete(layer), ...Object.fromEntries(missing) };
}

// ---------------------------------------------------------------------------------- the rows

/**
 * The rows of a network, up to the one that PyTorch refuses.
 *
 * @param {Network} network
 * @returns {{
 *   module: object,  the layer with all its settings
 *   from: number[], inputs: number[][], input: number[], output: number[] | null,
 *   weight: number[] | null, parameters: number, macs: number, memory: number,
 *   fields: [Fields | null, Fields | null],  along the height and the width
 *   refusal?: object,
 * }[]}
 */
export function tableOf(network) {
  const image = { output: inputShape(network), fields: [IMAGE, IMAGE] };
  const rows = [];
  for (const [index, layer] of network.layers.entries()) {
    const from = sources(layer, index);
    rows.push(
      rowOf(
        layer,
        from,
        from.map((row) => (row < 0 ? image : rows[row])),
      ),
    );
    if (rows.at(-1).refusal) break;
  }
  return rows;
}

function rowOf(layer, from, before) {
  const inputs = before.map((row) => row.output);
  const module = filledIn(layer, inputs[0]);
  const answer = layer.kind === "other" ? measured(layer) : outputShape(module, inputs);
  const row = { module, from, inputs, input: inputs[0], ...costs(module, inputs[0], answer) };
  if (isRefusal(answer)) return { ...row, output: null, fields: [null, null], refusal: answer };
  const tooLarge = sizeProblem(answer);
  if (tooLarge) return { ...row, output: null, fields: [null, null], refusal: tooLarge };
  return {
    ...row,
    output: answer,
    fields: [0, 1].map((axis) => fieldsOf(module, answer, before, axis)),
  };
}

/** A step that is no module: what was measured of it. */
function measured({ output, error }) {
  if (!error) return output;
  const [type, ...message] = error.split(": ");
  const why = t("PyTorch says so");
  return { type, message: message.join(": "), rule: "measured", why, facts: {} };
}

function sizeProblem(shape) {
  const size = Math.max(0, ...shape.slice(2));
  if (size <= MOST_SIZE) return null;
  const why = t("its output size is {size}, but the table has room for {most}", {
    size,
    most: MOST_SIZE,
  });
  return { rule: "room", why, facts: { size } };
}

function costs(module, input, output) {
  if (module.kind === "other") {
    const { parameters = 0, macs = 0 } = module;
    return {
      weight: null,
      parameters,
      macs,
      memory: isRefusal(output) ? 0 : BYTES * product(output),
    };
  }
  const isKnown = !isRefusal(output);
  return {
    weight: weightShape(module),
    bias: biasShape(module),
    parameters: parameterCount(module),
    macs: isKnown ? macCount(module, input, output) : 0,
    memory: isKnown ? BYTES * product(output) : 0,
  };
}

function fieldsOf(module, output, before, axis) {
  return fieldsJoined(
    before.map((row) => fieldsAfter(stepOf(module, row.output, output, axis), row.fields[axis])),
  );
}

/**
 * The first row that PyTorch refuses, or that the table has no room for, and why; null if there is
 * none. A reason without a `type` is the table's.
 *
 * @param {Network} network
 * @param {object[]} [rows]  Its table, if it is known.
 */
export function problemIn(network, rows = tableOf(network)) {
  const { refusal, module } = rows.at(-1);
  if (!refusal) return null;
  const { type, message, why, needs } = refusal;
  const kind = module.text ?? module.kind;
  return { row: rows.length - 1, kind, rule: why || message, type, message, needs };
}

// ---------------------------------------------------------------------------------- what is seen

/**
 * The pixels of the image that one output of a row truly depends on: what falls into a padding, of
 * the image or of a later layer, is lost. null where it cannot be told.
 *
 * @param {object[]} rows  A table.
 * @param {number} index
 * @param {number} position  Of the output, along the axis.
 */
export function seenFrom(rows, index, position, axis) {
  const wanted = new Map([[index, [[position, position]]]]);
  for (let row = index; row >= 0; row--) {
    if (!wanted.has(row)) continue;
    const { module, from, inputs, output } = rows[row];
    for (const [place, source] of from.entries()) {
      const step = stepOf(module, inputs[place], output, axis);
      if (step.type === "unknown") return null;
      const size = inputs[place].length >= 4 ? inputs[place].at(axis - 2) : 1;
      const found = landed(step, reads(step, wanted.get(row)), size);
      wanted.set(source, united([...(wanted.get(source) ?? []), ...found]));
    }
  }
  return wanted.get(-1) ?? [];
}

const divisor = (a, b) => (b === 0 ? a : divisor(b, a % b));

/**
 * The field of a row along one axis; null where it cannot be told.
 *
 * @returns {{
 *   field: [number, number],  the smallest and the largest receptive field of its outputs
 *   jump: [number, number],  as a fraction: pixels between the fields of neighbouring outputs
 *   start: number | null,  the first pixel that output 0 sees; null if it sees none
 *   first: Runs,  the pixels that output 0 sees, those in the padding among them
 *   widest: { first: number, every: number },  outputs with the largest field
 *   seen: Runs,  the pixels that such an output sees
 * } | null}
 */
export function fieldOf(row, axis) {
  const state = row.fields[axis];
  if (!state) return null;
  const spans = state.fields.map(span);
  const largest = Math.max(...spans);
  const common = divisor(state.move, state.period);
  const widest = spans.indexOf(largest);
  return {
    field: [Math.min(...spans), largest],
    jump: [state.move / common, state.period / common],
    start: state.fields[0][0]?.[0] ?? null,
    first: state.fields[0],
    widest: { first: widest, every: state.period },
    seen: state.fields[widest],
  };
}

/** How much of its field an output reads, along one axis: less than 1 where there are holes. */
export const shareOf = ({ seen, field }) => (field[1] ? countOf(seen) / field[1] : null);
