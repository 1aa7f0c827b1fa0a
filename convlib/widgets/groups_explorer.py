"""Channels as nodes: which inputs an output reads, for any number of groups, and what it costs."""

from numbers import Integral

from ..shapes import weight_shape
from ._settings import word
from ._torch_code import module_code, sequential_code
from ._widget import Constants, Setting, Widget, engine

STACKS = ("single", "stacked", "shuffled")

# What the picture has room for: the legal values of each setting.
ROOM = {
    "in_channels": range(1, 9),
    "out_channels": range(1, 13),
    "groups": range(1, 9),
    "kernel_size": (1, 3, 5, 7),
    "input_size": (7, 14, 28, 56, 112, 224),
}


class GroupsExplorer(Widget):
    """The channels of a ``torch.nn.Conv2d``, wired in groups, beside its weight and its cost.

    Parameters
    ----------
    in_channels, out_channels : int
        1 to 8, and 1 to 12.
    groups : int
        Must divide both.
    kernel_size : int
        1, 3, 5 or 7. The padding keeps the size.
    input_size : int
        Height and width of the image for which multiply-accumulates are counted: 7, 14, 28, 56,
        112 or 224.
    stack : {'single', 'stacked', 'shuffled'}
        One layer; two layers; or two layers with ``torch.nn.ChannelShuffle`` between them.
    picked : tuple
        What is lit: ``('input', channel)``, ``('output', channel)``; with one layer
        ``('weight', output, index)``, with two ``('hidden', channel)``. Beyond the picture, the
        nearest one is picked.

    Raises
    ------
    TypeError, ValueError, RuntimeError
        What PyTorch raises for the layer, on construction and on assignment; and ValueError for a
        layer that is legal but too large for the picture.

    Examples
    --------
    >>> explorer = GroupsExplorer(in_channels=4, out_channels=8, groups=4)
    >>> explorer
    GroupsExplorer(in_channels=4, out_channels=8, groups=4)
    >>> print(explorer.code)
    torch.nn.Conv2d(4, 8, kernel_size=3, padding=1, groups=4)
    >>> explorer.layer().weight.shape
    (8, 1, 3, 3)
    """

    always_shown = ("in_channels", "out_channels", "groups")

    in_channels = Setting(4)
    out_channels = Setting(4)
    groups = Setting(2)
    kernel_size = Setting(3)
    input_size = Setting(56)
    stack = Setting("single")
    picked = Setting(("output", 0))
    constants = Constants(room={name: list(values) for name, values in ROOM.items()})

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        names = ("in_channels", "out_channels", "kernel_size", "groups")
        shape = weight_shape(*(settings[name] for name in names))
        for name, room in ROOM.items():
            if settings[name] not in room:
                values = ", ".join(map(str, room))
                raise ValueError(
                    f"{name}={settings[name]!r}, but the picture has room for {values}"
                )
        stack = settings["stack"]
        checked = {name: int(settings[name]) for name in ROOM}
        return {
            **checked,
            "stack": word("stack", stack, STACKS),
            "picked": _picked(settings["picked"], stack, checked["in_channels"], shape),
        }

    @property
    def code(self):
        """The layer, or the stack of layers, as PyTorch code."""
        settings = {
            "kernel_size": self.kernel_size,
            "padding": self.kernel_size // 2,
            "groups": self.groups,
        }
        modules = [
            module_code("Conv2d", (channels, self.out_channels), settings)
            for channels in (self.in_channels, self.out_channels)
        ]
        if self.stack == "single":
            modules = modules[:1]
        if self.stack == "shuffled":
            modules.insert(1, module_code("ChannelShuffle", (self.groups,)))
        return sequential_code(modules)

    def layer(self):
        """Return the `convlib.layers.Conv2d` shown; of two layers, the first."""
        return engine("layers").Conv2d(
            self.in_channels,
            self.out_channels,
            self.kernel_size,
            padding=self.kernel_size // 2,
            groups=self.groups,
        )


def _picked(value, stack, in_channels, shape):
    """Return what is picked, moved to the nearest thing that the picture has."""
    kind, *places = value if isinstance(value, (tuple, list)) and value else (None,)
    numbers = {"input": 1, "hidden": 1, "output": 1, "weight": 2}
    wrong = len(places) != numbers.get(kind) if isinstance(kind, str) else True
    if wrong or not all(isinstance(n, Integral) for n in places):
        raise TypeError(
            f"picked={value!r}, but it is ('input', i), ('hidden', i), ('output', i) or"
            " ('weight', i, j)"
        )
    out_channels, per_group = shape[:2]
    if kind == ("hidden" if stack == "single" else "weight"):
        kind, places = "output", places[:1]
    ends = {"input": [in_channels], "weight": [out_channels, per_group]}.get(kind, [out_channels])
    return (kind, *(min(max(int(n), 0), end - 1) for n, end in zip(places, ends, strict=True)))
