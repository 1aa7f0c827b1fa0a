"""Layers as lines of PyTorch. math/torch_code.js writes the same lines for the page."""

# PyTorch's defaults, in the order in which a line names the arguments.
DEFAULTS = {
    "stride": 1,
    "padding": 0,
    "output_padding": 0,
    "dilation": 1,
    "groups": 1,
    "bias": True,
    "padding_mode": "zeros",
}


def layer_code(module, kernel_size, settings):
    """Write a layer of one channel.

    Parameters
    ----------
    module : str
        Its name in ``torch.nn``.
    kernel_size : pair of int
    settings : dict
        The other arguments; what is no argument of a layer is passed over.

    Examples
    --------
    >>> layer_code("Conv2d", (3, 3), {"input_size": 5, "padding": 1, "stride": 2})
    'torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=2, padding=1)'
    """
    options = {name: settings[name] for name in DEFAULTS if name in settings}
    return module_code(module, (1, 1), {"kernel_size": kernel_size, **options})


def module_code(name, numbers, settings=None, defaults=DEFAULTS):
    """Write a module of ``torch.nn`` without the arguments that have their default value.

    Examples
    --------
    >>> module_code("Conv2d", (3, 8), {"kernel_size": 3, "stride": 1})
    'torch.nn.Conv2d(3, 8, kernel_size=3)'
    """
    changed = [
        f"{key}={value!r}"
        for key, value in (settings or {}).items()
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
