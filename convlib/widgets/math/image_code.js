/** The layer on a picture as PyTorch code. image_explorer.py writes the same lines. */
import { moduleCode } from "./torch_code.js";

// What weights are divided by that are no whole numbers.
const DIVISORS = [1, 2, 3, 4, 5, 6, 8, 9, 10, 16, 25, 100, 256, 1000];

export function imageCode({ kernel, picture, relu, ...settings }) {
  const channels = picture === "grey" ? 1 : 3;
  const { stride, padding, dilation, bias, padding_mode } = settings;
  const kernel_size = [kernel.length, kernel.length];
  const options = { stride, padding, dilation, groups: channels, bias: bias !== 0, padding_mode };
  return [
    `layer = ${moduleCode("Conv2d", [channels, channels], { kernel_size, ...options })}`,
    `layer.weight.data[:] = ${tensor(kernel)}`,
    ...(bias ? [`layer.bias.data[:] = ${bias}`] : []),
    `output = layer(picture)${relu ? ".relu()" : ""}`,
  ].join("\n");
}

/** A kernel in whole numbers, and what they are divided by. */
function tensor(kernel) {
  const weights = kernel.flat();
  const divisor = DIVISORS.find((d) => weights.every((w) => Math.round(w * d) / d === w));
  const scale = (weight) => (divisor ? Math.round(weight * divisor) : weight);
  const rows = kernel.map((line) => `[${line.map(scale).join(", ")}]`);
  return `torch.tensor([${rows.join(", ")}])${divisor > 1 ? ` / ${divisor}` : ""}`;
}
