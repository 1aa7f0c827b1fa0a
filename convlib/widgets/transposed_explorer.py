"""A transposed convolution as stamps that overlap; read backwards, it is the convolution."""

import numpy as np

from ..shapes import transposed_output_size
from ._data import input_values, weight_values
from ._settings import cell, one_number, pair
from ._torch_code import layer_code
from ._widget import Constants, Setting, Widget, engine

# What fits into the picture: the smallest and largest value of each control.
LIMITS = {
    "input_size": (2, 6),
    "kernel_size": (1, 5),
    "stride": (1, 4),
    "padding": (0, 3),
    "output_padding": (0, 3),
    "dilation": (1, 3),
}
MOST_SPAN = 13  # of the full result, before the padding cuts it


class TransposedExplorer(Widget):
    """A ``torch.nn.ConvTranspose2d(1, 1, ..., bias=False)`` as stamps that overlap.

    Each input, times the kernel, is a stamp in the output; where stamps overlap they add up. Read
    backwards, the same picture is the ``Conv2d`` that makes the input's size of the output's.

    Parameters
    ----------
    input_size : int
        Height and width of the input, 2 to 6.
    kernel_size : int
        1 to 5.
    stride : int
        1 to 4.
    padding : int
        0 to 3: rows and columns cut off each side.
    output_padding : int
        0 to 3: rows and columns more at the end.
    dilation : int
        1 to 3.
    ones : bool
        Whether every pixel and every weight is 1, so that the output counts the overlaps.
    backwards : bool
        Whether the picture shows the convolution.
    input_cell : pair of int
        Row and column of the picked stamp; beyond the picture, the nearest cell is picked.
    output_cell : pair of int or None
        If not None, this cell of the large plane is picked instead.

    Raises
    ------
    TypeError, RuntimeError, ValueError
        What PyTorch raises for the layer, on construction and on assignment; and ValueError for a
        layer that is legal but too large for the picture.

    Examples
    --------
    >>> explorer = TransposedExplorer(input_size=2, kernel_size=2)
    >>> explorer
    TransposedExplorer(input_size=2, kernel_size=2, stride=2)
    >>> print(explorer.code)
    torch.nn.ConvTranspose2d(1, 1, kernel_size=2, stride=2, bias=False)
    >>> explorer.output()
    array([[ 2,  0, 10,  0],
           [ 3,  1, 15,  5],
           [16,  0,  6,  0],
           [24,  8,  9,  3]])
    """

    always_shown = ("kernel_size", "stride")

    input_size = Setting(3)
    kernel_size = Setting(3)
    stride = Setting(2)
    padding = Setting(0)
    output_padding = Setting(0)
    dilation = Setting(1)
    ones = Setting(False)
    backwards = Setting(False)
    input_cell = Setting((1, 1))
    output_cell = Setting(None)
    constants = Constants(limits=LIMITS, most_span=MOST_SPAN)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        layer = {name: settings[name] for name in LIMITS}
        output = transposed_output_size(**{**layer, "input_size": pair(layer["input_size"])})
        layer = {name: one_number(name, value, LIMITS[name]) for name, value in layer.items()}
        full = output[0] + 2 * layer["padding"]
        if full > MOST_SPAN:
            raise ValueError(
                f"the full result would span {full} cells, but the picture has room for {MOST_SPAN}"
            )
        backwards, output_cell = bool(settings["backwards"]), settings["output_cell"]
        back = layer["output_padding"] // layer["stride"]  # of the convolution, beyond the input
        small = layer["input_size"] + (back if backwards else 0)
        return {
            **layer,
            "ones": bool(settings["ones"]),
            "backwards": backwards,
            "input_cell": cell("input_cell", settings["input_cell"], pair(small)),
            "output_cell": None
            if output_cell is None
            else cell("output_cell", output_cell, output),
        }

    @property
    def code(self):
        """The transposed layer as a line of PyTorch; backwards, the convolution."""
        settings = {**self.settings(), "bias": False}
        if not self.backwards:
            return layer_code("ConvTranspose2d", self.kernel_size, settings)
        del settings["output_padding"]
        return layer_code("Conv2d", self.kernel_size, settings)

    def input(self):
        """Return the input shown, an array of shape (input_size, input_size)."""
        numbers = input_values(self.input_size, self.input_size)
        return np.ones_like(numbers) if self.ones else numbers

    def weight(self):
        """Return the kernel shown, an array of shape (kernel_size, kernel_size)."""
        numbers = weight_values(self.kernel_size, self.kernel_size)
        return np.ones_like(numbers) if self.ones else numbers

    def output(self):
        """Return what the transposed convolution makes of the input, an array of whole numbers."""
        transposed = engine("functional").conv_transpose2d(
            self.input()[None, None].astype(np.float32),
            self.weight()[None, None].astype(np.float32),
            stride=self.stride,
            padding=self.padding,
            output_padding=self.output_padding,
            dilation=self.dilation,
        )
        return transposed[0, 0].astype(int)

    def back(self):
        """Return what the convolution makes of the output, an array of whole numbers."""
        convolved = engine("functional").conv2d(
            self.output()[None, None].astype(np.float32),
            self.weight()[None, None].astype(np.float32),
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )
        return convolved[0, 0].astype(int)
