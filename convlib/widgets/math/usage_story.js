/** What a picture of use has to say, in sentences. */
import { outputSize, readers } from "./arithmetic.js";
import { addUp } from "./lists.js";
import { signedSum, speak } from "./text.js";
import { outputPadding, weightName } from "./usage.js";
import { plural } from "./words.js";

export const times = (count) => (count === 0 ? "never" : count === 1 ? "once" : `${count} times`);

/** What the whole picture says. */
export function notesOf(picture) {
  return (picture.backwards ? gradientNotes(picture) : usageNotes(picture)).filter(Boolean);
}

function gradientNotes({ layer }) {
  const { dilation, stride } = layer;
  const [k] = layer.kernel_size;
  const extra = outputPadding(layer);
  return [
    "The gradient of the sum of all outputs: each output sends back a 1. On its way it is " +
      "multiplied by a weight, and a pixel adds up what arrives. This is the transposed " +
      "convolution of an image of ones.",
    stride === 1 &&
      dilation === 1 &&
      k > 1 &&
      "In the output the letters stand turned by 180°: running back is a convolution with the " +
        "turned kernel.",
    extra > 0 &&
      `output_padding=${extra} gives back the ${plural("{count} cell", "{count} cells", extra)} at the end that the ` +
        "floor cut off.",
  ];
}

function usageNotes({ layer, axes, counts }) {
  const { input_size: n, padding, dilation, stride } = layer;
  const [k] = layer.kernel_size;
  const all = counts.flat();
  const total = addUp(all);
  const read = all.filter((count) => count > 0).length;
  const outputs = outputSize(axes[0]) ** 2;
  const reads = outputs * k * k;
  const least = Math.min(...all);
  return [
    read === n * n ? "Every pixel is read." : `${read} of ${n * n} pixels are read.`,
    least === Math.max(...all) && least > 0
      ? `Every pixel counts the same.`
      : stride === 1 &&
        read === n * n &&
        `Padding ${dilation * (k - 1)} on each side would make every pixel count the same.`,
    `${plural("{count} output", "{count} outputs", outputs)} × ${plural("{count} weight", "{count} weights", k * k)} = ${plural("{count} read", "{count} reads", reads)}` +
      (padding > 0 ? `: ${total} of pixels, ${reads - total} of padding.` : "."),
  ];
}

/** The letter of a path's weight. */
export const nameOf = ({ layer }, path) => weightName(path.weightCell, layer.kernel_size[1]);

/** How the picked cell's number comes about: lines below its title; kernel ink marks the letters. */
export function linesOf(picture) {
  const { axes, cell, backwards, paths } = picture;
  if (paths.length === 0) {
    const text = backwards
      ? "No path leads back to it: its gradient is always 0."
      : "No window reads it: any number there changes nothing.";
    return [{ text }];
  }
  if (!backwards) {
    const [rows, columns] = axes.map((axis, side) => readers(axis, cell[side], "zeros").length);
    return [{ text: `${rows} down × ${columns} across` }];
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
  const { cell, backwards, paths } = picture;
  const where = `Row ${cell[0]}, column ${cell[1]}`;
  const names = paths.map((path) => nameOf(picture, path));
  if (backwards) {
    const sum = names.length ? `, the sum of weights ${names.join(", ")}.` : ": it is never read.";
    return `${where} has gradient ${speak(gradientOf(picture))}${sum}`;
  }
  const said = paths.map(
    ({ output }, index) =>
      `output row ${output[0]}, column ${output[1]} through weight ${names[index]}`,
  );
  return `${where} is read ${times(paths.length)}${said.length ? `: ${said.join("; ")}.` : "."}`;
}
