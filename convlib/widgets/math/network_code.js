/** A network as lines of PyTorch: a Sequential, or a class where rows join. */
import { filledIn } from "./ledger.js";
import { MODULES } from "./modules.js";
import { sources } from "./network.js";
import { moduleCode, python, sequentialCode } from "./torch_code.js";

// The settings that a line begins with, without their names.
const LEADING = [
  "in_channels",
  "out_channels",
  "num_features",
  "num_groups",
  "num_channels",
  "in_features",
  "out_features",
];
const FREE = ["add", "mul", "cat", "mean", "other"];

/** The rows of a table as code. */
export function networkCode(rows, layers) {
  const modules = rows.map((row, index) => lineOf(row, layers[index]));
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
function lineOf({ input }, layer) {
  if (FREE.includes(layer.kind)) return "";
  const full = filledIn(layer, input);
  const parameters = MODULES[layer.kind].parameters;
  const defaults = Object.fromEntries(parameters);
  if (defaults.stride === null) defaults.stride = full.kernel_size;
  const names = parameters.map(([name]) => name).filter((name) => full[name] !== undefined);
  const leading = names.filter((name) => LEADING.includes(name));
  const settings = names.filter(
    (name) => !leading.includes(name) && !same(full[name], defaults[name]),
  );
  return moduleCode(
    layer.kind,
    leading.map((name) => full[name]),
    Object.fromEntries(settings.map((name) => [name, full[name]])),
    {}, // the defaults of this kind are left out already
  );
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

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
