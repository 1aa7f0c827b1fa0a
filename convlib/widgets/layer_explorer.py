"""One layer, seen whole: input, kernel, output, and the arithmetic that ties them together."""

from math import prod
from numbers import Integral

import numpy as np

from ..shapes import output_size, same_padding
from ._data import BIAS, PATTERNS, chosen_values
from ._layer import LIMITS, MOST_SPAN, PADDING_MODES, check_padding
from ._settings import cell, one_or_both, pair, rows_of_numbers, whole
from ._torch_code import layer_code
from ._widget import Constants, Setting, Widget, engine


class LayerExplorer(Widget):
    """An editable ``torch.nn.Conv2d(1, 1, ...)`` on a small input, with every number shown.

    Parameters
    ----------
    input_size : int or pair of int
        Height and width of the input, 1 to 8.
    kernel_size : int or pair of int
        1 to 5 each.
    stride : int or pair of int
        1 to 4.
    dilation : int or pair of int
        1 to 3.
    padding : int, pair of int or str
        0 to 3, or 'same'; 'valid' means 0.
    padding_mode : str
        'zeros', 'reflect', 'replicate' or 'circular'.
    bias : bool
    weight : None, str, or rows of int
        The kernel's numbers, -9 to 9, from the top left corner; where the rows end, or say None,
        the standard numbers stand. 'vertical edge' and 'mean' are kernels that fit every size.
    input_values : None, str, or rows of int
        The input's numbers in the same way; 'edge' is dark on the left, bright on the right.
    output_cell : pair of int
        Row and column of the picked output; beyond the output, the nearest cell is picked.
    input_cell : pair of int or None
        If not None, this input cell is picked instead, and the picture shows every output it feeds.
    weight_cell : pair of int
        Row and column of the weight that is ready to be changed.
    step : int or None
        If not None, the picture explains the layer product by product, and stands at this step;
        outputs that come later are empty. Beyond the end, the last step.
    fast : bool
        Whether playing goes from output to output, and leaves out the products.
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
    weight = Setting(None)
    input_values = Setting(None)
    output_cell = Setting((0, 0))
    input_cell = Setting(None)
    weight_cell = Setting((0, 0))
    step = Setting(None)
    fast = Setting(False)
    speed = Setting(4)
    constants = Constants(limits=LIMITS, most_span=MOST_SPAN, padding_modes=PADDING_MODES)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        size, kernel = settings["input_size"], settings["kernel_size"]
        layer = {name: settings[name] for name in ("stride", "padding", "dilation")}
        mode, input_cell = settings["padding_mode"], settings["input_cell"]
        check_padding(size, kernel, **layer, padding_mode=mode)
        output = output_size(pair(size), kernel, **layer)
        kernel = tuple(whole("kernel_size", k, LIMITS["kernel_size"]) for k in pair(kernel))
        names = ("input_size", "stride", "padding", "dilation")
        sizes = {name: one_or_both(name, settings[name], LIMITS[name]) for name in names}
        check_span(kernel, **sizes)
        bias = bool(settings["bias"])
        return {
            **sizes,
            "kernel_size": kernel,
            "padding_mode": mode,
            "bias": bias,
            **check_numbers(settings),
            "output_cell": cell("output_cell", settings["output_cell"], output),
            "input_cell": None
            if input_cell is None
            else cell("input_cell", input_cell, pair(size)),
            "weight_cell": cell("weight_cell", settings["weight_cell"], kernel),
            "step": check_step(settings["step"], output, kernel, bias),
            "fast": bool(settings["fast"]),
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
        layer.weight[:] = chosen_values("weight", self.weight, *self.kernel_size)
        if self.bias:
            layer.bias[:] = BIAS
        return layer

    def input(self):
        """Return the input shown, an array of shape (1, 1, height, width), float32."""
        values = chosen_values("input_values", self.input_values, *pair(self.input_size))
        return values[None, None].astype(np.float32)


def check_span(kernel_size, input_size, stride, padding, dilation):
    """Raise if the picture has no room for the padded input; the stride plays no part."""
    if padding == "same":
        borders = map(sum, same_padding(kernel_size, pair(dilation)))
    else:
        borders = (2 * border for border in pair(padding))
    span = max(size + border for size, border in zip(pair(input_size), borders, strict=True))
    if span > MOST_SPAN:
        raise ValueError(
            f"the padded input would span {span} cells, but the picture has room for {MOST_SPAN}"
        )


def check_numbers(settings):
    """Return the numbers that are not the standard ones in their normal form."""
    rooms = {"weight": "kernel_size", "input_values": "input_size"}
    return {
        name: rows_of_numbers(name, settings[name], LIMITS[name], LIMITS[room][1], PATTERNS[name])
        for name, room in rooms.items()
    }


def check_step(step, output_size, kernel_size, bias):
    """Return the step, moved into the film: each output takes its products, the bias, one more."""
    if step is None:
        return None
    last = prod(output_size) * (prod(kernel_size) + bias + 1) - 1
    inside = min(step, last) if isinstance(step, Integral) else step
    return whole("step", inside, (0, last))
