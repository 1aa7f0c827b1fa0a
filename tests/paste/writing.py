"""Random layers and networks of torch.nn, written as people write them."""

from collections import OrderedDict

from torch import nn

PLAIN = [
    (nn.ReLU, {"inplace": [True, False]}),
    (nn.LeakyReLU, {"negative_slope": [0.1, 0.2, 0.01], "inplace": [True, False]}),
    (nn.ELU, {"alpha": [0.5, 1.0]}),
    (nn.GELU, {"approximate": ["tanh", "none"]}),
    (nn.SiLU, {}),
    (nn.Sigmoid, {}),
    (nn.Tanh, {}),
    (nn.Softmax, {"dim": [1, -1]}),
    (nn.Dropout, {"p": [0.1, 0.25, 0.5]}),
    (nn.Dropout2d, {"p": [0.1, 0.5]}),
    (nn.Identity, {}),
    (nn.Flatten, {"start_dim": [0, 1], "end_dim": [-1, 2]}),
    (nn.AdaptiveAvgPool2d, {"output_size": [1, (1, 1), (7, 5), (None, 4)]}),
    (nn.AdaptiveMaxPool2d, {"output_size": [1, (2, 3)]}),
    (nn.Upsample, {"scale_factor": [2, 3, 2.0], "mode": ["nearest", "bilinear"]}),
    (nn.PixelShuffle, {"upscale_factor": [2, 3]}),
    (nn.ZeroPad2d, {"padding": [1, (1, 2, 3, 0)]}),
    (nn.ReflectionPad2d, {"padding": [2, (1, 1, 2, 2)]}),
    (nn.BatchNorm2d, {"num_features": [4, 64], "eps": [1e-5, 1e-3], "affine": [True, False]}),
    (nn.InstanceNorm2d, {"num_features": [8], "affine": [True, False]}),
    (nn.GroupNorm, {"num_groups": [2], "num_channels": [8, 16]}),
    (nn.LayerNorm, {"normalized_shape": [(16,), (4, 8, 8)]}),
    (nn.PReLU, {"num_parameters": [1, 16]}),
    (nn.Linear, {"in_features": [16, 400], "out_features": [10, 120], "bias": [True, False]}),
    (nn.MaxPool2d, {"kernel_size": [2, 3, (2, 3)], "stride": [1, 2, (2, 1)], "padding": [0, 1]}),
    (nn.AvgPool2d, {"kernel_size": [2, 3, (4, 2)], "stride": [2], "ceil_mode": [True, False]}),
]
NEEDED = {"num_features", "num_groups", "num_channels", "normalized_shape", "in_features"}
NEEDED |= {"out_features", "kernel_size", "output_size", "upscale_factor", "padding"}
BOTH = {"scale_factor"}


def random_layer(rng):
    """Return a class of torch.nn and settings with which it can be made."""
    if rng.random() < 0.55:
        return random_convolution(rng)
    kind, choices = rng.choice(PLAIN)
    settings = {
        name: rng.choice(values)
        for name, values in choices.items()
        if name in NEEDED | BOTH or rng.random() < 0.6
    }
    return kind, settings


def random_convolution(rng):
    kind = rng.choice([nn.Conv2d, nn.Conv2d, nn.ConvTranspose2d])
    groups = rng.choice([1, 1, 1, 2, 4])
    settings = {
        "in_channels": groups * rng.choice([1, 2, 3, 8]),
        "out_channels": groups * rng.choice([1, 2, 5, 16]),
        "kernel_size": _size(rng, 1, 7),
    }
    if rng.random() < 0.6:
        settings["stride"] = _size(rng, 1, 3)
    if rng.random() < 0.6:
        settings["padding"] = _size(rng, 0, 3)
    if rng.random() < 0.3:
        settings["dilation"] = _size(rng, 1, 3)
    if groups > 1:
        settings["groups"] = groups
    if rng.random() < 0.4:
        settings["bias"] = rng.random() < 0.5
    if kind is nn.Conv2d and rng.random() < 0.2:
        settings["padding_mode"] = rng.choice(["reflect", "circular", "replicate", "zeros"])
    if kind is nn.Conv2d and "stride" not in settings and rng.random() < 0.3:
        settings["padding"] = rng.choice(["same", "valid"])
    return kind, settings


def _size(rng, low, high):
    if rng.random() < 0.6:
        return rng.randint(low, high)
    return (rng.randint(low, high), rng.randint(low, high))


def make(layer):
    kind, settings = layer
    return kind(**settings)


# ---------------------------------------------------------------------------------------- source

ORDER = {
    nn.Conv2d: "in_channels out_channels kernel_size stride padding dilation groups bias",
    nn.ConvTranspose2d: "in_channels out_channels kernel_size stride padding",
    nn.MaxPool2d: "kernel_size stride padding",
    nn.AvgPool2d: "kernel_size stride padding",
    nn.Linear: "in_features out_features bias",
}


def write_layer(layer, rng):
    """Write a layer's call in one of the forms that people use."""
    kind, settings = layer
    prefix = rng.choice(["nn.", "nn.", "torch.nn.", ""])
    rest = dict(settings)
    words = []
    for name in ORDER.get(kind, "").split()[: rng.randint(0, 8)]:
        if name not in rest:
            break
        words.append(write_value(rest.pop(name), rng))
    named = list(rest.items())
    rng.shuffle(named)
    equals = rng.choice(["=", " = "])
    words += [f"{name}{equals}{write_value(value, rng)}" for name, value in named]
    return f"{prefix}{kind.__name__}{_join(words, rng)}"


def _join(words, rng):
    if not words or rng.random() < 0.7:
        return (
            f"({rng.choice([', ', ',']).join(words)}{rng.choice(['', '', ','] if words else [''])})"
        )
    comment = rng.choice(["", "  # was 3)", "  # 卷积核 (5x5"])
    lines = "".join(f"    {word},{comment}\n" for word in words)
    return f"(\n{lines})"


def write_value(value, rng):
    """Write a number, a pair, a word or a truth value; numbers also as arithmetic."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, str):
        return rng.choice(["'{}'", '"{}"']).format(value)
    if isinstance(value, tuple):
        parts = [write_value(part, rng) for part in value]
        if len(parts) > 1 and rng.random() < 0.3:
            return f"[{', '.join(parts)}]"
        return f"({', '.join(parts)}{',' if len(parts) == 1 else rng.choice(['', '', ','])})"
    if isinstance(value, float) or value < 0 or rng.random() < 0.7:
        return repr(value)
    forms = [
        f"{value + 2} - 2",
        f"({2 * value + 1} - 1) // 2",
        f"int({value}.5)",
        f"{value}*1",
        f"-({-value})",
        f"max({value}, {value - 1})",
        f"{value} if True else 0",
        f"{value}**1",
        f"{7 + value} % 7" if value < 7 else f"{value}",
        f"round({value}.2)",
        f"len([0] * {value})",
        f"[{value}, 1][0]",
    ]
    return rng.choice(forms)


def write_stack(layers, rng):
    """Write layers as a network; also return the names that PyTorch gives to them."""
    calls = [write_layer(layer, rng) for layer in layers]
    numbers = [str(index) for index in range(len(layers))]
    form = rng.choice(
        ["sequential", "ordered", "class", "loop", "fragment", "append", "modulelist"]
    )
    if form == "sequential":
        return (
            f"{rng.choice(['model = ', 'self.net = ', ''])}nn.Sequential({_rows(calls)})",
            numbers,
        )
    names = [f"part{index}" for index in range(len(layers))]
    if form == "ordered":
        pairs = [f"('{name}', {call})" for name, call in zip(names, calls, strict=True)]
        return f"net = nn.Sequential(OrderedDict([{_rows(pairs)}]))", names
    assigned = [f"self.{name} = {call}" for name, call in zip(names, calls, strict=True)]
    if form == "fragment":
        return "\n".join(assigned), names
    if form == "class":
        return _class(assigned), names
    if form == "modulelist":
        body = [f"self.parts = nn.ModuleList([{_rows(calls)}])"]
        return _class(body), [f"parts.{number}" for number in numbers]
    appended = "".join(
        f"layers{rng.choice(['.append({})', ' += [{}]'])}\n".format(c) for c in calls
    )
    return f"layers = []\n{appended}net = nn.Sequential(*layers)", numbers


def _rows(words):
    return "\n" + "".join(f"    {word},\n" for word in words)


def _class(statements):
    body = "".join("        " + line.replace("\n", "\n        ") + "\n" for line in statements)
    return "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n" + body


# ---------------------------------------------------------------------------------------- prints


def random_tree(rng, depth=0):
    """Return a network of nested containers and random layers."""
    children = []
    for _ in range(rng.randint(1, 5)):
        nested = depth < 3 and rng.random() < 0.3
        children.append(random_tree(rng, depth + 1) if nested else make(random_layer(rng)))
    if rng.random() < 0.2:
        children += [make(random_layer(rng)), *(nn.ReLU() for _ in range(3))]
    form = rng.choice(["sequential", "ordered", "list", "module"])
    if form == "sequential":
        return nn.Sequential(*children)
    if form == "list":
        return nn.ModuleList(children)
    named = OrderedDict((rng.choice("abcdef") + f"_{i}", child) for i, child in enumerate(children))
    if form == "ordered":
        return nn.Sequential(named)
    block = Block()
    for name, child in named.items():
        block.add_module(name, child)
    return block


class Block(nn.Module):
    """A module of one's own, as it prints itself."""


def leaves(network):
    return [(name, part) for name, part in network.named_modules() if not list(part.children())]
