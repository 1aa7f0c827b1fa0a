"""Who uses a pixel, how often, through which weights; and the same picture read backwards."""

import numpy as np

from ..shapes import output_size
from ._data import weight_values
from ._layer import check_padding
from ._settings import cell, one_number, pair, word
from ._torch_code import layer_code
from ._widget import Constants, Setting, Widget, engine

VIEWS = ("usage", "gradient")

# What fits into the picture: the smallest and largest value of each control.
LIMITS = {
    "input_size": (1, 8),
    "kernel_size": (1, 5),
    "stride": (1, 4),
    "padding": (0, 3),
    "dilation": (1, 3),
}


class PixelUsage(Widget):
    """A heat map: how often a convolution reads each pixel of its input.

    Pick a pixel to see every output it feeds, and through which weight. Read backwards, the same
    paths carry the gradient of the output's sum to the input, which is a transposed convolution.

    Parameters
    ----------
    input_size : int
        Height and width of the input, 1 to 8.
    kernel_size : int
        1 to 5.
    stride : int
        1 to 4.
    dilation : int
        1 to 3.
    padding : int
        0 to 3; 'valid' means 0.
    cell : pair of int
        Row and column of the picked pixel; beyond the input, the nearest pixel is picked.
    view : str
        'usage' shows the counts, 'gradient' the gradient.

    Raises
    ------
    TypeError, ValueError, RuntimeError
        What PyTorch raises for the layer, on construction and on assignment; and ValueError for a
        layer that is legal but has no place in the picture.

    Examples
    --------
    >>> usage = PixelUsage(input_size=6, padding=1)
    >>> usage
    PixelUsage(input_size=6, kernel_size=3, padding=1)
    >>> usage.picture()
    array([[4, 6, 6, 6, 6, 4],
           [6, 9, 9, 9, 9, 6],
           [6, 9, 9, 9, 9, 6],
           [6, 9, 9, 9, 9, 6],
           [6, 9, 9, 9, 9, 6],
           [4, 6, 6, 6, 6, 4]])
    >>> usage.view = "gradient"
    >>> print(usage.code)
    torch.nn.ConvTranspose2d(1, 1, kernel_size=(3, 3), padding=1, bias=False)
    """

    always_shown = ("kernel_size",)

    input_size = Setting(8)
    kernel_size = Setting(3)
    stride = Setting(1)
    padding = Setting(0)
    dilation = Setting(1)
    cell = Setting((0, 0))
    view = Setting("usage")
    constants = Constants(limits=LIMITS)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        size = settings["input_size"]
        layer = {n: settings[n] for n in ("kernel_size", "stride", "padding", "dilation")}
        steps = {name: layer[name] for name in ("stride", "padding", "dilation")}
        check_padding(size, layer["kernel_size"], **steps, padding_mode="zeros")
        output_size(pair(size), **layer)
        if layer["padding"] == "same":
            raise ValueError(
                "padding='same', but the picture is also a transposed convolution, "
                "whose padding is a number"
            )
        layer = {name: one_number(name, value, LIMITS[name]) for name, value in layer.items()}
        return {
            "input_size": one_number("input_size", size, LIMITS["input_size"]),
            **layer,
            "cell": cell("cell", settings["cell"], pair(size)),
            "view": word("view", settings["view"], VIEWS),
        }

    @property
    def output_padding(self):
        """What a transposed convolution must add at the end: the cells that the floor cut off."""
        reach = self.dilation * (self.kernel_size - 1) + 1
        return (self.input_size + 2 * self.padding - reach) % self.stride

    @property
    def code(self):
        """The layer as a line of PyTorch; in the view 'gradient', its transposed convolution."""
        if self.view == "usage":
            return layer_code("Conv2d", pair(self.kernel_size), {**self.settings(), "bias": False})
        settings = {**self.settings(), "output_padding": self.output_padding, "bias": False}
        return layer_code("ConvTranspose2d", pair(self.kernel_size), settings)

    def layer(self):
        """Return the `convlib.Conv2d` of the picture, with its weights; it has no bias."""
        layer = engine("layers").Conv2d(
            1,
            1,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            bias=False,
        )
        layer.weight[:] = weight_values(*pair(self.kernel_size))
        return layer

    def picture(self):
        """Return the numbers on the input, an array of shape (input_size, input_size).

        Both views are the gradient of the output's sum: the counts, if all weights are 1.
        """
        weight = np.ones((1, 1, *pair(self.kernel_size)))
        if self.view == "gradient":
            weight[0, 0] = weight_values(*pair(self.kernel_size))
        size = pair(self.input_size)
        steps = self.stride, self.padding, self.dilation
        ones = np.ones((1, 1, *output_size(size, self.kernel_size, *steps)))
        return engine("grad").conv2d_input((1, 1, *size), weight, ones, *steps)[0, 0].astype(int)
