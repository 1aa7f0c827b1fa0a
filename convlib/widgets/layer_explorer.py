"""One layer, seen whole: input, kernel, output, and the arithmetic that ties them together."""

import numpy as np

from ..shapes import output_size, same_padding
from ._data import BIAS, input_values, weight_values
from ._layer import LIMITS, MOST_SPAN, PADDING_MODES, check_padding
from ._settings import cell, one_number, pair, whole
from ._torch_code import layer_code
from ._widget import Constants, Setting, Widget, engine


class LayerExplorer(Widget):
    """An editable ``torch.nn.Conv2d(1, 1, ...)`` on a small square input, with every number shown.

    Parameters
    ----------
    input_size : int
        Height and width of the input, 1 to 8.
    kernel_size : int or pair of int
        1 to 5 each.
    stride : int
        1 to 4.
    dilation : int
        1 to 3.
    padding : int or str
        0 to 3, or 'same'; 'valid' means 0.
    padding_mode : str
        'zeros', 'reflect', 'replicate' or 'circular'.
    bias : bool
    output_cell : pair of int
        Row and column of the picked output; beyond the output, the nearest cell is picked.
    input_cell : pair of int or None
        If not None, this input cell is picked instead, and the picture shows every output it feeds.
    speed : int
        Steps per second when playing, 1 to 8.

    Raises
    ------
    TypeError, ValueError, RuntimeError
        What PyTorch raises for the layer, on construction and on assignment; and ValueError for a
        layer that is legal but too large for the picture.

    Examples
    --------
    >>> explorer = LayerExplorer(kernel_size=3, stride=2)
    >>> explorer
    LayerExplorer(kernel_size=3, stride=2)
    >>> print(explorer.code)
    torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=2)
    >>> explorer.layer()(explorer.input())
    array([[[[46., 73.],
             [55., 46.]]]], dtype=float32)
    """

    always_shown = ("kernel_size",)  # nn.Conv2d has no default for it

    input_size = Setting(5)
    kernel_size = Setting(3)
    stride = Setting(1)
    padding = Setting(0)
    dilation = Setting(1)
    padding_mode = Setting("zeros")
    bias = Setting(True)
    output_cell = Setting((0, 0))
    input_cell = Setting(None)
    speed = Setting(2)
    constants = Constants(limits=LIMITS, most_span=MOST_SPAN, padding_modes=PADDING_MODES)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        size, kernel = settings["input_size"], settings["kernel_size"]
        layer = {name: settings[name] for name in ("stride", "padding", "dilation")}
        mode, input_cell = settings["padding_mode"], settings["input_cell"]
        check_padding(size, kernel, **layer, padding_mode=mode)
        output = output_size(pair(size), kernel, **layer)
        limits = LIMITS["kernel_size"]
        size = one_number("input_size", size, LIMITS["input_size"])
        kernel = tuple(one_number("kernel_size", k, limits) for k in pair(kernel))
        layer = {name: one_number(name, value, LIMITS[name]) for name, value in layer.items()}
        if layer["padding"] == "same":
            span = size + max(map(sum, same_padding(kernel, layer["dilation"])))
        else:
            span = size + 2 * layer["padding"]
        if span > MOST_SPAN:
            raise ValueError(
                f"the padded input would span {span} cells, "
                f"but the picture has room for {MOST_SPAN}"
            )
        return {
            "input_size": size,
            "kernel_size": kernel,
            **layer,
            "padding_mode": mode,
            "bias": bool(settings["bias"]),
            "output_cell": cell("output_cell", settings["output_cell"], output),
            "input_cell": None
            if input_cell is None
            else cell("input_cell", input_cell, pair(size)),
            "speed": whole("speed", settings["speed"], LIMITS["speed"]),
        }

    def written(self, name, value):
        """Return a setting as one would write it in the call: a square kernel as one number."""
        return value[0] if name == "kernel_size" and value[0] == value[1] else value

    @property
    def code(self):
        """The layer as a line of PyTorch, without the arguments that have their default value."""
        return layer_code("Conv2d", self.kernel_size, self.settings())

    def layer(self):
        """Return the `convlib.layers.Conv2d` shown, with the weight and bias shown."""
        layer = engine("layers").Conv2d(
            1,
            1,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            bias=self.bias,
            padding_mode=self.padding_mode,
        )
        layer.weight[:] = weight_values(*self.kernel_size)
        if self.bias:
            layer.bias[:] = BIAS
        return layer

    def input(self):
        """Return the input shown, an array of shape (1, 1, input_size, input_size), float32."""
        return input_values(self.input_size, self.input_size)[None, None].astype(np.float32)
