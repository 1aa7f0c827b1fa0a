/** A network as lines of PyTorch: a Sequential, or a class where rows join. */
import { filledIn } from "./ledger.js";
import { MODULES } from "./modules.js";
import { sources } from "./network.js";
import { lineOf, python, sequentialCode } from "./torch_code.js";

const FREE = ["add", "mul", "cat", "mean", "other"];

/** The rows of a table as code. */
export function networkCode(rows, layers) {
  const modules = rows.map((row, index) => lineOfRow(row, layers[index]));
  const inLine = rows.every(({ from }, index) => from.length === 1 && from[0] === index - 1);
  if (inLine && modules.every(Boolean)) return sequentialCode(modules);
  const made = modules
    .map((module, row) => module && `        self.l${row} = ${module}`)
    .filter(Boolean);
  const steps = rows.map((_, row) => `        x${row} = ${stepCode(row, layers[row])}`);
  const last = rows.length ? `x${rows.length - 1}` : "x";
  return [
    "class Network(torch.nn.Module):",
    "    def __init__(self):",
    "        super().__init__()",
    ...made,
    "",
    "    def forward(self, x):",
    ...steps,
    `        return ${last}`,
  ].join("\n");
}

/** A layer as a line; empty where it is no module. */
function lineOfRow({ input }, layer) {
  if (FREE.includes(layer.kind)) return "";
  const full = filledIn(layer, input);
  // A pooling layer's stride is its kernel's size where PyTorch's default is None.
  const parameters = MODULES[layer.kind].parameters.map(([name, ...start]) =>
    name === "stride" && start[0] === null ? [name, full.kernel_size] : [name, ...start],
  );
  return lineOf(full, parameters);
}

/** One row of a forward pass. */
function stepCode(row, layer) {
  const inputs = sources(layer, row).map((each) => (each < 0 ? "x" : `x${each}`));
  if (layer.kind === "add") return inputs.join(" + ");
  if (layer.kind === "mul") return inputs.join(" * ");
  if (layer.kind === "cat") return `torch.cat([${inputs.join(", ")}], ${layer.dim})`;
  if (layer.kind === "mean")
    return `${inputs[0]}.mean(${python(layer.dim)}, ${python(layer.keepdim)})`;
  if (layer.kind === "other") return `...  # ${layer.text}`;
  return `self.l${row}(${inputs[0]})`;
}
