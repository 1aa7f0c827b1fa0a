/** Changes to a list of layers; `from` names rows by number, so it changes along. Pure functions. */
import { sources } from "./network.js";
import { t } from "./words.js";

/** What can be added to a table, each with settings that change little. */
export const NEW_LAYERS = {
  Conv2d: (channels) => ({ out_channels: channels, kernel_size: 3, padding: 1 }),
  MaxPool2d: () => ({ kernel_size: 2 }),
  AvgPool2d: () => ({ kernel_size: 2 }),
  ConvTranspose2d: (channels) => ({ out_channels: channels, kernel_size: 2, stride: 2 }),
  BatchNorm2d: () => ({}),
  ReLU: () => ({}),
  Dropout: () => ({}),
  Upsample: () => ({ scale_factor: 2 }),
  AdaptiveAvgPool2d: () => ({ output_size: 1 }),
  Flatten: () => ({}),
  Linear: () => ({ out_features: 10 }),
  add: (_channels, row) => ({ from: [row, row] }),
  cat: (_channels, row) => ({ from: [row, row], dim: 1 }),
};

/** Put a layer behind a row. */
export function added(layers, row, layer) {
  const after = layers.map((each) => renumbered(each, (from) => (from > row ? from + 1 : from)));
  return after.toSpliced(row + 1, 0, layer);
}

/** Take a layer out; what read it reads what it read. */
export function removed(layers, row) {
  const [source] = sources(layers[row], row);
  const moved = (from) => {
    const found = from === row ? source : from;
    return found > row ? found - 1 : found;
  };
  return layers.toSpliced(row, 1).map((each) => renumbered(each, moved));
}

/** Change places with the row above (-1) or below (1). */
export function shifted(layers, row, by) {
  return layers.toSpliced(row, 1).toSpliced(row + by, 0, layers[row]);
}

function renumbered(layer, change) {
  return layer.from ? { ...layer, from: layer.from.map(change) } : layer;
}

/** The first row that reads itself or one below; null if there is none. */
export function orderProblem(layers) {
  const row = layers.findIndex((layer, index) => layer.from?.some((from) => from >= index));
  if (row < 0) return null;
  return { row, kind: layers[row].kind, rule: t("a row reads rows above it") };
}
