/** What a picture of channels has to say, in sentences. */
import { inputsOf, isDepthwise } from "./channels.js";
import { outputsOf, outSize } from "./planes.js";
import { clauses, inWords, sentences, sign, speak } from "./text.js";
import { english, plural, t } from "./words.js";

const place = (at) => `[${at.join(", ")}]`;
const channelsOf = (numbers) =>
  plural("channel {channels}", "channels {channels}", numbers.length, {
    channels: inWords(numbers),
  });

/**
 * The picked number, and all that it touches: a text with its facts.
 *
 * @param {(number: number) => string} [write]  To look at, or to listen to.
 */
export function pickedSentence({ picked: [kind, ...at], ...picture }, write = sign) {
  const { text, facts } = { output: aboutOutput, input: aboutInput, weight: aboutWeight }[kind](
    picture,
    at,
  );
  return { text, facts: { ...facts, cell: `${kind}${place(at)}`, value: write(facts.value) } };
}

function aboutOutput({ layer, total }, [filter]) {
  const read = inputsOf(layer, filter);
  const count = read.length * layer.kernel_size ** 2;
  const weights = plural("{count} weight", "{count} weights", count);
  return {
    text: english("{cell} = {value} reads {channels}, through the {weights} of filter {filter}."),
    facts: { value: total, channels: channelsOf(read), weights, filter },
  };
}

function aboutInput({ layer, inputs, touched }, [channel, row, column]) {
  const numbers = plural("{count} number", "{count} numbers", touched.output.size);
  const channels = channelsOf(outputsOf(layer, channel));
  return {
    text: english("{cell} = {value} goes into {numbers} of the output, in {channels}."),
    facts: { value: inputs[channel][row][column], numbers, channels },
  };
}

function aboutWeight({ layer, planes }, [output, index, i, j]) {
  const { input, kernel } = planes[index];
  const pixels = plural("{count} pixel", "{count} pixels", outSize(layer) ** 2);
  return {
    text: english(
      "{cell} = {value} meets {pixels} of channel {input}, one for each number of output channel " +
        "{output}. No other channel has it.",
    ),
    facts: { value: kernel[i][j], pixels, input, output },
  };
}

/** How channels and groups hang together. */
export function layerSentence({ in_channels, out_channels, groups, kernel_size: k }) {
  const size = `${in_channels / groups} × ${k} × ${k}`;
  const filters = plural("{count} filter of {size}", "{count} filters of {size}", out_channels, {
    size,
  });
  if (groups === 1) {
    const outputs = plural("{count} output channel", "{count} output channels", out_channels);
    const facts = { filters, outputs };
    return in_channels === 1
      ? plural(
          "{filters} makes {outputs}: it reads the one input channel.",
          "{filters} make {outputs}: each reads the one input channel.",
          out_channels,
          facts,
        )
      : plural(
          "{filters} makes {outputs}: it adds up all input channels.",
          "{filters} make {outputs}: each adds up all input channels.",
          out_channels,
          facts,
        );
  }
  const rule = isDepthwise({ in_channels, out_channels, groups })
    ? t("Each output channel reads one input channel alone: nothing is added up over channels.")
    : t("Each output channel adds up the input channels of its own group.");
  return sentences([t("{filters}, in {groups} groups.", { filters, groups }), rule]);
}

/** The picked number and the shown sum in words, to listen to. */
export function sentenceOf(picture) {
  const { text, facts } = pickedSentence(picture, speak);
  const { shown, planes, bias, total, layer } = picture;
  const parts = planes.map(({ input, sum }) =>
    t("channel {channel} gives {value}", { channel: input, value: speak(sum) }),
  );
  if (layer.bias) parts.push(t("the bias {value}", { value: speak(bias) }));
  const sum = t("{output}: {parts}, together {total}.", {
    output: `output${place(shown)}`,
    parts: clauses(parts),
    total: speak(total),
  });
  return sentences([t(text, facts), sum]);
}
