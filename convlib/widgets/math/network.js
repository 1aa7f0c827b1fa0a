/** A network as a list of modules: what goes in and out of each row. Pure functions, no DOM. */
import { isRefusal } from "./modules/refusal.js";
import { MODULES, macCount, outputShape, parameterCount } from "./modules.js";

/**
 * The rows that a module reads, by number; -1 is the network's input. A join without `from` reads
 * the row above alone.
 */
export const sources = (module, row) => module.from ?? [row - 1];

/**
 * Follow a shape through a network, up to the first refusal.
 *
 * @param {import("./modules.js").Module[]} modules
 * @param {number[]} inputShape
 * @returns {{
 *   module: object,
 *   inputs: number[][],  one shape for each row it reads
 *   input: number[],  the first of them
 *   output: number[] | null,  null where PyTorch refuses
 *   parameters: number, macs: number,
 *   refusal?: object,
 * }[]}
 */
export function trace(modules, inputShape) {
  const rows = [];
  for (const [index, module] of modules.entries()) {
    const inputs = sources(module, index).map((row) => (row < 0 ? inputShape : rows[row].output));
    rows.push(traceRow(module, inputs));
    if (rows.at(-1).refusal) break;
  }
  return rows;
}

/** One row of the table. */
export function traceRow(module, inputs) {
  const input = inputs[0];
  const answer = outputShape(module, inputs);
  if (isRefusal(answer)) {
    return { module, inputs, input, output: null, parameters: 0, macs: 0, refusal: answer };
  }
  const parameters = parameterCount(module);
  return {
    module,
    inputs,
    input,
    output: answer,
    parameters,
    macs: macCount(module, input, answer),
  };
}

/** Whether a module reads more than one row. */
export const isJoin = ({ kind }) => Boolean(MODULES[kind].joins);
