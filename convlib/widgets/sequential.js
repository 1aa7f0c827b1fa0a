/** Layers as lines of PyTorch: one `torch.nn` module, or a `torch.nn.Sequential` of several. */
import { python } from "./code.js";

/** `torch.nn.Name(1, 2, kernel_size=3, ...)` without the arguments that have their default. */
export function moduleCode(name, numbers, settings = {}, defaults = {}) {
  const changed = Object.keys(settings).filter((key) => settings[key] !== defaults[key]);
  const options = changed.map((key) => `${key}=${python(settings[key])}`);
  return `torch.nn.${name}(${[...numbers, ...options].join(", ")})`;
}

/** One module stands for itself; several form a Sequential, each on its line. */
export function sequentialCode(modules) {
  if (modules.length === 1) return modules[0];
  return `torch.nn.Sequential(\n${modules.map((module) => `    ${module},\n`).join("")})`;
}
