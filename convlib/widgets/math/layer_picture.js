/** What a picture of one layer shows: what follows from the layer, and from what is picked in it. */
import {
  axesOf,
  convolve,
  fedBy,
  outputSize,
  paddedInput,
  paddedSize,
  tapsOf,
  unreadIndices,
  unreadPositions,
} from "./arithmetic.js";
import { byCell, key } from "./lists.js";
import { pair } from "./modules/sizes.js";

/** All that can be said of a layer before a cell is picked. */
export function describe(layer) {
  const axes = axesOf(layer);
  return {
    layer,
    axes,
    cells: paddedInput(layer),
    values: convolve(layer),
    unread: axes.map((axis) => unreadIndices(axis, layer.padding_mode)), // input cells
    unvisited: axes.map(unreadPositions), // places on the padded input
  };
}

/**
 * What a pick lights: the taps of the picked output and the input cells they read, or every path
 * from the picked input cell. In a scene of the film, only the taps that are lit so far.
 */
export function picksOf(layer, { output_cell, input_cell }, scene = null) {
  const all = input_cell ? [] : tapsOf(layer, ...output_cell);
  const taps = scene ? all.slice(0, scene.lit) : all;
  const read = taps.filter((tap) => tap.source);
  return {
    output_cell,
    input_cell,
    scene,
    now: scene && !scene.hasBias && !scene.isDone ? taps.at(-1) : null,
    tapAt: byCell(taps, (tap) => tap.position),
    readAt: byCell(read, (tap) => tap.source),
    paths: input_cell ? fedBy(layer, ...input_cell) : null,
  };
}

/** One cell of the padded input: what stands there, and what becomes of it. */
export function inputCell({ axes, cells, unread, unvisited }, picks, y, x) {
  const { source, value } = cells[y][x];
  const here = [y - axes[0].before, x - axes[1].before]; // as the input counts
  const isInside = here.every((index, axis) => index >= 0 && index < axes[axis].size);
  const isUnread = isInside
    ? here.some((index, axis) => unread[axis].includes(index))
    : [y, x].some((position, axis) => unvisited[axis].includes(position));
  const tap = picks.tapAt.get(key([y, x]))?.[0];
  return {
    here,
    source,
    value,
    tap,
    isNow: Boolean(tap) && tap === picks.now,
    isInside,
    isUnread,
    isCopied: isInside && !tap && picks.readAt.has(key(here)),
    isChosen: picks.input_cell && source && key(source) === key(picks.input_cell),
  };
}

/** Cells brought inside a layer: the picked output, and the picked input cell and weight, if any. */
export function fitCells(layer, { output_cell, input_cell, weight_cell }) {
  const inside = (cell, shape) => cell.map((at, axis) => Math.min(at, shape[axis] - 1));
  const axes = axesOf(layer);
  return {
    output_cell: inside(output_cell, axes.map(outputSize)),
    input_cell: input_cell && inside(input_cell, pair(layer.input_size)),
    weight_cell: weight_cell && inside(weight_cell, layer.kernel_size),
  };
}

/** The columns of the padded input and the output. */
export function columnsOf(layer) {
  const [, axis] = axesOf(layer);
  return paddedSize(axis) + outputSize(axis);
}
