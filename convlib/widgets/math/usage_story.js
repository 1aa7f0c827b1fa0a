/** What a picture of use has to say, in sentences. */
import { outputSize, readers } from "./arithmetic.js";
import { addUp } from "./lists.js";
import { listed, signedSum, speak } from "./text.js";
import { outputPadding, weightName } from "./usage.js";
import { plural, t } from "./words.js";

/** What stands behind "read". */
export const times = (count) => (count === 0 ? t("never") : plural("once", "{count} times", count));

/** What the whole picture says. */
export function notesOf(picture) {
  return (picture.backwards ? gradientNotes(picture) : usageNotes(picture)).filter(Boolean);
}

function gradientNotes({ layer }) {
  const { dilation, stride } = layer;
  const [k] = layer.kernel_size;
  const extra = outputPadding(layer);
  return [
    t(
      "The gradient of the sum of all outputs: each output sends back a 1. On its way it is " +
        "multiplied by a weight, and a pixel adds up what arrives. This is the transposed " +
        "convolution of an image of ones.",
    ),
    stride === 1 &&
      dilation === 1 &&
      k > 1 &&
      t(
        "In the output the letters stand turned by 180°: running back is a convolution with the " +
          "turned kernel.",
      ),
    extra > 0 &&
      plural(
        "output_padding={count} gives back the {count} cell at the end that the floor cut off.",
        "output_padding={count} gives back the {count} cells at the end that the floor cut off.",
        extra,
      ),
  ];
}

function usageNotes({ layer, axes, counts }) {
  const all = counts.flat();
  const read = all.filter((count) => count > 0).length;
  return [
    read === all.length
      ? t("Every pixel is read.")
      : t("{read} of {all} pixels are read.", { read, all: all.length }),
    evenNote(layer, all),
    readsNote(layer, outputSize(axes[0]) ** 2, addUp(all)),
  ];
}

/** Whether every pixel counts the same, or with which padding it would. */
function evenNote({ kernel_size: [k], stride, dilation }, counts) {
  const least = Math.min(...counts);
  if (least === 0) return "";
  if (least === Math.max(...counts)) return t("Every pixel counts the same.");
  if (stride > 1) return "";
  const padding = dilation * (k - 1);
  return t("Padding {padding} on each side would make every pixel count the same.", { padding });
}

/** How many reads there are, and what they read. */
function readsNote({ kernel_size: [k], padding }, outputs, pixels) {
  const reads = outputs * k * k;
  const facts = {
    outputs: plural("{count} output", "{count} outputs", outputs),
    weights: plural("{count} weight", "{count} weights", k * k),
    reads: plural("{count} read", "{count} reads", reads),
    pixels,
    padding: reads - pixels,
  };
  return padding > 0
    ? t("{outputs} × {weights} = {reads}: {pixels} of pixels, {padding} of padding.", facts)
    : t("{outputs} × {weights} = {reads}.", facts);
}

/** The letter of a path's weight. */
export const nameOf = ({ layer }, path) => weightName(path.weightCell, layer.kernel_size[1]);

/** How the picked cell's number comes about: lines below its title; kernel ink marks the letters. */
export function linesOf(picture) {
  const { axes, cell, backwards, paths } = picture;
  if (paths.length === 0) {
    const text = backwards
      ? t("No path leads back to it: its gradient is always 0.")
      : t("No window reads it: any number there changes nothing.");
    return [{ text }];
  }
  if (!backwards) {
    const [rows, columns] = axes.map((axis, side) => readers(axis, cell[side], "zeros").length);
    return [{ text: t("{rows} down × {columns} across", { rows, columns }) }];
  }
  const letters = paths.map((path) => nameOf(picture, path)).join(" + ");
  const sum = signedSum(paths.map(({ weight }) => weight));
  const lines = [{ text: letters, ink: "kernel" }];
  return paths.length > 1 ? [...lines, { text: `= ${sum}` }] : lines;
}

/** The sum of the weights along the picked cell's paths: its gradient. */
export const gradientOf = ({ paths }) => paths.reduce((sum, path) => sum + path.weight, 0);

/** The picked cell in one sentence, to listen to. */
export function sentenceOf(picture) {
  return picture.backwards ? gradientSentence(picture) : usageSentence(picture);
}

function gradientSentence(picture) {
  const { cell, paths } = picture;
  const facts = { row: cell[0], column: cell[1], gradient: speak(gradientOf(picture)) };
  if (paths.length === 0) {
    return t("Row {row}, column {column} has gradient {gradient}: it is never read.", facts);
  }
  const weights = listed(paths.map((path) => nameOf(picture, path)));
  return t("Row {row}, column {column} has gradient {gradient}, the sum of weights {weights}.", {
    ...facts,
    weights,
  });
}

function usageSentence(picture) {
  const { cell, paths } = picture;
  const facts = { row: cell[0], column: cell[1], times: times(paths.length) };
  if (paths.length === 0) return t("Row {row}, column {column} is read {times}.", facts);
  const said = paths.map((path) =>
    t("output row {row}, column {column} through weight {weight}", {
      row: path.output[0],
      column: path.output[1],
      weight: nameOf(picture, path),
    }),
  );
  return t("Row {row}, column {column} is read {times}: {paths}.", {
    ...facts,
    paths: said.join(t("; ")),
  });
}
