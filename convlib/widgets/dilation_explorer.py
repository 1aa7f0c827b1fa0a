"""A kernel with gaps: how far its taps reach, and what a stack of such layers sees and misses."""

from ..shapes import effective_kernel_size, receptive_field
from ._settings import cell, whole
from ._torch_code import layer_code, sequential_code
from ._widget import Constants, Setting, Widget, engine

# What fits into the picture: the smallest and largest value of each control, and the most pixels
# that one kernel and a whole stack may span.
LIMITS = {"kernel_size": (1, 5), "dilation": (1, 4), "layer": (1, 5), "speed": (1, 8)}
MOST_LAYERS = 4
MOST_REACH = 9
MOST_FIELD = 19
STEPS = 3  # the window's places along each axis


class DilationExplorer(Widget):
    """One dilated kernel sliding over its input, and below it a stack of dilated layers.

    Parameters
    ----------
    kernel_size : int
        Of all layers shown, 1 to 5.
    dilations : tuple of int
        The dilation of each layer of the stack, from the input on: 1 to 4 layers, 1 to 5 each.
    dilation : int
        Of the single kernel above, 1 to 4.
    output_cell : pair of int
        Row and column of the picked output of the single kernel, each 0 to 2.
    speed : int
        Steps per second when playing, 1 to 8.

    Raises
    ------
    TypeError, RuntimeError
        What PyTorch raises for these sizes.
    ValueError
        If they are legal but too large for the picture: a kernel that spans more than 9 pixels, a
        receptive field of more than 19.

    Examples
    --------
    >>> explorer = DilationExplorer(dilations=(2, 2, 2))
    >>> explorer
    DilationExplorer(kernel_size=3, dilations=(2, 2, 2))
    >>> print(explorer.code)
    torch.nn.Conv2d(1, 1, kernel_size=(3, 3), dilation=2)

    The receptive field of the stack, 13 pixels:

    >>> from convlib.shapes import receptive_field
    >>> receptive_field(explorer.stack())[0]
    (13, 13)
    """

    always_shown = ("kernel_size", "dilations")

    kernel_size = Setting(3, positional=True)
    dilations = Setting((1, 2, 3), positional=True)
    dilation = Setting(2)
    output_cell = Setting((0, 0))
    speed = Setting(2)
    constants = Constants(
        limits=LIMITS,
        most_layers=MOST_LAYERS,
        most_reach=MOST_REACH,
        most_field=MOST_FIELD,
        steps=STEPS,
    )

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        kernel, dilations = settings["kernel_size"], settings["dilations"]
        reach = effective_kernel_size(kernel, settings["dilation"])
        if not isinstance(dilations, (tuple, list)):
            raise TypeError(f"dilations={dilations!r}, but it is a tuple with one int per layer")
        if not dilations:
            raise ValueError("dilations=(), but a stack has at least one layer")
        field, _, _ = receptive_field((kernel, 1, 0, dilation) for dilation in dilations)

        checked = {
            name: whole(name, settings[name], LIMITS[name])
            for name in ("kernel_size", "dilation", "speed")
        }
        checked["dilations"] = tuple(
            whole(f"dilations[{place}]", dilation, LIMITS["layer"])
            for place, dilation in enumerate(dilations)
        )
        for what, number, most in (
            (f"there would be {len(dilations)} layers", len(dilations), MOST_LAYERS),
            (f"the kernel would span {reach} pixels", reach, MOST_REACH),
            (f"the receptive field would be {field} pixels", field, MOST_FIELD),
        ):
            if number > most:
                raise ValueError(f"{what}, but the picture has room for {most}")
        output_cell = cell("output_cell", settings["output_cell"], (STEPS, STEPS))
        return {**checked, "output_cell": output_cell}

    @property
    def code(self):
        """The single layer above, as a line of PyTorch."""
        return _line(self.kernel_size, self.dilation)

    @property
    def stack_code(self):
        """The stack below as PyTorch code, a line for each layer."""
        return sequential_code([_line(self.kernel_size, dilation) for dilation in self.dilations])

    def layer(self):
        """Return the single layer above as a `convlib.layers.Conv2d`: weights 1, bias 0."""
        return self._layer(self.dilation)

    def stack(self):
        """Return the layers of the stack below, from the input on: weights 1, bias 0.

        So the gradient of one output is its number of paths to each pixel.
        """
        return [self._layer(dilation) for dilation in self.dilations]

    def _layer(self, dilation):
        layer = engine("layers").Conv2d(1, 1, self.kernel_size, dilation=dilation)
        layer.weight[:], layer.bias[:] = 1, 0
        return layer


def _line(kernel_size, dilation):
    return layer_code("Conv2d", (kernel_size, kernel_size), {"dilation": dilation})
