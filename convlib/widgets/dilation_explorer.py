"""A kernel with gaps: how far its taps reach, and what they step over."""

from typing import ClassVar

from ..shapes import effective_kernel_size
from ._settings import cell, wholes
from ._torch_code import layer_code
from ._widget import Constants, Setting, Widget, layer_of_ones

# What fits into the picture: the smallest and largest value of each control, and the most pixels
# that the kernel may span.
LIMITS = {"kernel_size": (1, 5), "dilation": (1, 4), "speed": (1, 8)}
MOST_REACH = 9
STEPS = 3  # the window's places along each axis


class DilationExplorer(Widget):
    """One dilated kernel sliding over its input.

    Parameters
    ----------
    kernel_size : int
        1 to 5.
    dilation : int
        1 to 4.
    output_cell : pair of int
        Row and column of the picked output, each 0 to 2.
    speed : int
        Steps per second when playing, 1 to 8.

    Raises
    ------
    TypeError, RuntimeError
        What PyTorch raises for these sizes.
    ValueError
        If they are legal but too large for the picture: a kernel that spans more than 9 pixels.

    See Also
    --------
    DilatedStack : What several such layers, one after the other, see and miss.

    Examples
    --------
    >>> explorer = DilationExplorer(kernel_size=3, dilation=2)
    >>> explorer
    DilationExplorer(kernel_size=3, dilation=2)
    >>> print(explorer.code)
    torch.nn.Conv2d(1, 1, kernel_size=(3, 3), dilation=2)
    """

    always_shown = ("kernel_size", "dilation")
    moved: ClassVar = {"dilations": "DilatedStack"}

    kernel_size = Setting(3, positional=True)
    dilation = Setting(2, positional=True)
    output_cell = Setting((0, 0))
    speed = Setting(2)
    constants = Constants(limits=LIMITS, most_reach=MOST_REACH, steps=STEPS)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        reach = effective_kernel_size(settings["kernel_size"], settings["dilation"])
        checked = wholes(settings, LIMITS)
        if reach > MOST_REACH:
            raise ValueError(
                f"the kernel would span {reach} pixels, but the picture has room for {MOST_REACH}"
            )
        output_cell = cell("output_cell", settings["output_cell"], (STEPS, STEPS))
        return {**checked, "output_cell": output_cell}

    @property
    def code(self):
        """The layer, as a line of PyTorch."""
        return layer_code("Conv2d", (self.kernel_size,) * 2, {"dilation": self.dilation})

    def layer(self):
        """Return the layer as a `convlib.layers.Conv2d`, with weights of 1 and a bias of 0."""
        return layer_of_ones(self.kernel_size, dilation=self.dilation)
