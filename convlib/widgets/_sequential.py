"""Layers as lines of PyTorch. sequential.js has the same."""


def module_code(name, numbers, settings=None, defaults=None):
    """Write a module of ``torch.nn`` without the arguments that have their default value.

    Examples
    --------
    >>> module_code("Conv2d", (3, 8), {"kernel_size": 3, "stride": 1}, {"stride": 1})
    'torch.nn.Conv2d(3, 8, kernel_size=3)'
    """
    settings, defaults = settings or {}, defaults or {}
    changed = [
        f"{key}={value!r}"
        for key, value in settings.items()
        if key not in defaults or value != defaults[key]
    ]
    return f"torch.nn.{name}({', '.join([*map(str, numbers), *changed])})"


def sequential_code(modules):
    """Write several modules as a ``torch.nn.Sequential``; a single one stands for itself."""
    if len(modules) == 1:
        return modules[0]
    return "torch.nn.Sequential(\n" + "".join(f"    {module},\n" for module in modules) + ")"


def network_code(modules, layers):
    """Write layers that do not stand in one line as a class.

    Parameters
    ----------
    modules : list of str
        The line of each layer; empty where it is no module.
    layers : list of dict
        The same layers: their kind, and the rows that they read in ``from``.
    """
    made = [f"        self.l{row} = {module}" for row, module in enumerate(modules) if module]
    steps = [f"        x{row} = {_step(row, layer)}" for row, layer in enumerate(layers)]
    return "\n".join(
        [
            "class Network(torch.nn.Module):",
            "    def __init__(self):",
            "        super().__init__()",
            *made,
            "",
            "    def forward(self, x):",
            *steps,
            f"        return x{len(layers) - 1}" if layers else "        return x",
        ]
    )


def _step(row, layer):
    """Write one row of a forward pass."""
    inputs = ["x" if each < 0 else f"x{each}" for each in layer.get("from", [row - 1])]
    kind = layer["kind"]
    if kind in ("add", "mul"):
        return f" {'+' if kind == 'add' else '*'} ".join(inputs)
    if kind == "cat":
        return f"torch.cat([{', '.join(inputs)}], {layer['dim']})"
    if kind == "mean":
        dim = layer["dim"]
        dims = dim if isinstance(dim, int) else f"({', '.join(map(str, dim))})"
        return f"{inputs[0]}.mean({dims}, {layer['keepdim']})"
    if kind == "other":
        return f"...  # {layer['text']}"
    return f"self.l{row}({inputs[0]})"
