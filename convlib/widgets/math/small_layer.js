/** A real layer as LayerExplorer can show it: one channel, a few pixels, the same window. */
import { axesOf, outputSize, paddedSize, problem } from "./arithmetic.js";
import { oneIfEqual, pair } from "./modules/sizes.js";

/**
 * @param {import("./modules.js").Module} module
 * @param {{ limits: Record<string, [number, number]>, most_span: number }} room
 * @returns {object | null}  LayerExplorer's settings; null if there is no room for the window
 */
export function smallLayer(module, { limits, most_span }) {
  if (module.kind !== "Conv2d") return null;
  const { padding_mode = "zeros", bias = true } = module;
  const layer = { kernel_size: pair(module.kernel_size), padding_mode, bias };
  for (const name of ["stride", "padding", "dilation"]) {
    const value = oneIfEqual(pair(module[name] ?? (name === "padding" ? 0 : 1)));
    layer[name] = value === "valid" ? 0 : value;
  }
  const fits = Object.entries(limits).every(([name, [low, high]]) =>
    [layer[name]].flat().every((value) => typeof value !== "number" || fitsIn(value, low, high)),
  );
  const [smallest, largest] = limits.input_size;
  for (let input_size = largest; fits && input_size >= smallest; input_size -= 1) {
    const small = { ...layer, input_size };
    if (problem(small) === null && hasRoom(small, most_span)) return small;
  }
  return null;
}

const fitsIn = (value, low, high) => Number.isInteger(value) && value >= low && value <= high;

const hasRoom = (layer, most) =>
  axesOf(layer).every((axis) => paddedSize(axis) <= most && outputSize(axis) >= 1);
