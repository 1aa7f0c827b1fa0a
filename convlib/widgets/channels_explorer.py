"""A few channels with their numbers: what each plane gives, their sum, and the bias."""

from numbers import Integral

import numpy as np

from ..shapes import output_size, weight_shape
from ._data import input_values, weight_values
from ._settings import nearest, one_number, pair
from ._torch_code import module_code
from ._widget import Constants, Setting, Widget, engine

# What fits into the picture: the smallest and largest value of each control.
LIMITS = {
    "in_channels": (1, 4),
    "out_channels": (1, 4),
    "groups": (1, 4),
    "input_size": (1, 4),
    "kernel_size": (1, 3),
}
AXES = {"input": 3, "output": 3, "weight": 4}  # of the array that something is picked in

# By how many steps the kernel of an output (row) and an input (column) is moved on: no two kernels
# of a filter are alike, and none of two filters for the same input. math/planes.js has the same.
SHIFTS = [[0, 1, 2, 3], [2, 4, 1, 0], [4, 2, 0, 1], [1, 0, 4, 2]]
BIASES = [1, -1, 2, -2]


class ChannelsExplorer(Widget):
    """A ``torch.nn.Conv2d`` over a few channels, with every number on the way to an output.

    Parameters
    ----------
    in_channels, out_channels : int
        1 to 4.
    groups : int
        Must divide both.
    input_size : int
        Height and width of each channel, 1 to 4.
    kernel_size : int
        1 to 3.
    bias : bool
    powers : bool
        Whether channel c holds 10 to the power of c, so that a sum shows what went into it.
    picked : tuple
        What is lit, by its place: ``('input', channel, row, column)``, ``('output', channel, row,
        column)`` or ``('weight', output, index, row, column)``. Beyond the picture, the nearest one
        is picked.

    Raises
    ------
    TypeError, ValueError, RuntimeError
        What PyTorch raises for the layer, on construction and on assignment; and ValueError for a
        layer that is legal but too large for the picture.

    Examples
    --------
    >>> explorer = ChannelsExplorer(3, 2, input_size=1, kernel_size=1, powers=True)
    >>> explorer
    ChannelsExplorer(in_channels=3, out_channels=2, input_size=1, kernel_size=1, powers=True)
    >>> print(explorer.code)
    torch.nn.Conv2d(3, 2, kernel_size=1)
    >>> explorer.layer()(explorer.input()).ravel()
    array([ 111., 1321.], dtype=float32)
    """

    always_shown = ("in_channels", "out_channels")

    in_channels = Setting(3, positional=True)
    out_channels = Setting(2, positional=True)
    groups = Setting(1)
    input_size = Setting(3)
    kernel_size = Setting(2)
    bias = Setting(True)
    powers = Setting(False)
    picked = Setting(("output", 0, 0, 0))
    constants = Constants(limits=LIMITS)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        names = ("in_channels", "out_channels", "kernel_size", "groups")
        shape = weight_shape(*(settings[name] for name in names))
        output = output_size(pair(settings["input_size"]), settings["kernel_size"])
        layer = {name: one_number(name, settings[name], limits) for name, limits in LIMITS.items()}
        shapes = {
            "input": (layer["in_channels"], *pair(layer["input_size"])),
            "weight": shape,
            "output": (layer["out_channels"], *output),
        }
        return {
            **layer,
            "bias": bool(settings["bias"]),
            "powers": bool(settings["powers"]),
            "picked": _picked(settings["picked"], shapes),
        }

    @property
    def code(self):
        """The layer as a line of PyTorch."""
        names = ("kernel_size", "groups", "bias")
        channels = self.in_channels, self.out_channels
        return module_code("Conv2d", channels, {name: getattr(self, name) for name in names})

    def input(self):
        """Return the input shown, an array of shape (1, in_channels, H, W), float32."""
        n, channels = self.input_size, range(self.in_channels)
        if self.powers:
            planes = [np.full((n, n), 10**c) for c in channels]
        else:
            planes = [input_values(n + 2 * c, n + 3 * c)[2 * c :, 3 * c :] for c in channels]
        return np.stack(planes)[None].astype(np.float32)

    def layer(self):
        """Return the `convlib.Conv2d` shown, with its weight and bias."""
        layer = engine("layers").Conv2d(
            self.in_channels,
            self.out_channels,
            self.kernel_size,
            groups=self.groups,
            bias=self.bias,
        )
        inputs, outputs = self.in_channels // self.groups, self.out_channels // self.groups
        for o, index in np.ndindex(self.out_channels, inputs):
            c = o // outputs * inputs + index  # the channel that this kernel reads
            layer.weight[o, index] = o * c + 1 if self.powers else self._kernel(SHIFTS[o][c])
        if self.bias:
            own = [o * 10**self.in_channels for o in range(4)] if self.powers else BIASES
            layer.bias[:] = own[: self.out_channels]
        return layer

    def _kernel(self, shift):
        k = self.kernel_size
        return weight_values(k + shift, k)[shift:]


def _picked(value, shapes):
    """Return what is picked, moved to the nearest number that the picture has."""
    kind, *places = value if isinstance(value, (tuple, list)) and value else (None,)
    wrong = len(places) != AXES.get(kind) if isinstance(kind, str) else True
    if wrong or not all(isinstance(n, Integral) for n in places):
        raise TypeError(
            f"picked={value!r}, but it is ('input', channel, row, column), ('output', channel, "
            "row, column) or ('weight', output, index, row, column)"
        )
    return (kind, *nearest(places, shapes[kind]))
