/** What a picture of channels has to say, in sentences. */
import { inputsOf, isDepthwise } from "./channels.js";
import { outputsOf, outSize } from "./planes.js";
import { inWords, sign, speak } from "./text.js";
import { plural } from "./words.js";

const counted = (noun, numbers) => `${noun}${numbers.length === 1 ? "" : "s"} ${inWords(numbers)}`;
const place = (at) => `[${at.join(", ")}]`;

/** The picked number, and all that it touches. */
export function pickedSentence({ layer, picked: [kind, ...at], inputs, planes, touched, total }) {
  const [first, ...others] = at;
  const places = outSize(layer) ** 2;
  if (kind === "output") {
    const read = inputsOf(layer, first);
    const weights = read.length * layer.kernel_size ** 2;
    return {
      name: `output${place(at)}`,
      text:
        ` = ${sign(total)} reads ${counted("channel", read)}, through the ` +
        `${plural("{count} weight", "{count} weights", weights)} of filter ${first}.`,
    };
  }
  if (kind === "input") {
    const reached = outputsOf(layer, first);
    return {
      name: `input${place(at)}`,
      text:
        ` = ${inputs[first][others[0]][others[1]]} goes into ${plural("{count} number", "{count} numbers", touched.output.size)} ` +
        `of the output, in ${counted("channel", reached)}.`,
    };
  }
  const [index, i, j] = others;
  const { input, kernel } = planes[index];
  return {
    name: `weight${place(at)}`,
    text:
      ` = ${sign(kernel[i][j])} meets ${plural("{count} pixel", "{count} pixels", places)} of channel ${input}, one for each ` +
      `number of output channel ${first}. No other channel has it.`,
  };
}

/** How channels and groups hang together. */
export function layerSentence({ in_channels, out_channels, groups, kernel_size: k }) {
  const filter = `${plural("{count} filter", "{count} filters", out_channels)} of ${in_channels / groups} × ${k} × ${k}`;
  if (groups === 1) {
    const sums = in_channels === 1 ? "reads the one input channel" : "adds up all input channels";
    return `${filter} make ${plural("{count} output channel", "{count} output channels", out_channels)}: each ${sums}.`;
  }
  const rule = isDepthwise({ in_channels, out_channels, groups })
    ? "Each output channel reads one input channel alone: nothing is added up over channels."
    : `Each output channel adds up the input channels of its own group.`;
  return `${filter}, in ${groups} groups. ${rule}`;
}

/** The shown sum in words, to listen to. */
export function sentenceOf(picture) {
  const { name, text } = pickedSentence(picture);
  const { shown, planes, bias, total, layer } = picture;
  const parts = planes.map(({ input, sum }) => `channel ${input} gives ${speak(sum)}`);
  if (layer.bias) parts.push(`the bias ${speak(bias)}`);
  const said = `output${place(shown)}: ${parts.join(", ")}, together ${speak(total)}.`;
  return `${name}${text} ${said}`.replaceAll("−", "minus ");
}
