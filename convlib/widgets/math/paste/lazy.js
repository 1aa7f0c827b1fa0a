/** Layers that leave out their channels: they take those that come in. */

import { traceRow } from "../network.js";
import { parametersOf } from "./layers.js";

/** Put in what a lazy layer finds when it is first called. */
export function resolveLazy(reading, values, input) {
  const { modules } = reading;
  if (!modules.some(isLazy)) return reading;
  const outputs = [];
  const shapeOf = (row) => (row < 0 ? (input ?? reading.input) : outputs[row]);
  reading.modules = modules.map((module, index) => {
    const inputs = (module.from ?? [index - 1]).map(shapeOf);
    const made = isLazy(module) ? filled(module, inputs[0], reading, values) : module;
    outputs.push(outputOf(made, inputs));
    return made;
  });
  return reading;
}

const CHANNELS = new Set(["in_channels", "num_features", "in_features"]);

const isLazy = (module) => {
  const [first] = parametersOf(module.kind);
  return CHANNELS.has(first) && module[first] === null && !module.refusal;
};

/** What comes in: the channels, or for Linear the last size. */
function filled(module, shape, reading, values) {
  const [name] = parametersOf(module.kind);
  const axis = module.kind === "Linear" ? shape?.length - 1 : shape?.length - 3;
  const size = shape?.[axis];
  if (Number.isInteger(size)) return { ...module, [name]: size };
  if (!reading.unknowns.some((unknown) => unknown.name === name)) {
    reading.unknowns.push({ name, argument: name, start: 3 });
  }
  return { ...module, [name]: values[name] ?? 3 };
}

/** A shape, or only its channels where the sizes are not known. */
function outputOf(module, inputs) {
  const channels = module.out_channels ?? inputs[0]?.at(-3);
  const open = [null, channels ?? null, null, null];
  if (inputs.some((shape) => !shape?.every(Number.isInteger))) {
    return module.kind === "Linear" ? [null, module.out_features] : open;
  }
  const { output } = traceRow(module, inputs);
  return output ?? open;
}
