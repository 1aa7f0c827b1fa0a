"""Where a border comes from: the four padding modes side by side, and 'same' two ways."""

import numpy as np

from ..shapes import effective_kernel_size, output_size
from ._settings import cell, whole
from ._torch_code import layer_code, module_code, sequential_code
from ._widget import Constants, Setting, Widget, engine

# What fits into the picture: the smallest and largest value of each control.
LIMITS = {
    "input_size": (1, 5),
    "padding": (0, 3),
    "width": (1, 10),
    "kernel_size": (1, 7),
    "stride": (1, 4),
}


class PaddingAtlas(Widget):
    """The four padding modes on one picture, and where 'same' puts its windows.

    Above, each cell of the border is tied to the input cell it copies. Below, one row of an input
    shows how PyTorch and TensorFlow align a kernel with it when both give the same output size.

    Parameters
    ----------
    input_size : int
        Height and width of the picture, 1 to 5. Its cells are numbered from 1 in reading order.
    padding : int
        0 to 3 on each side.
    cell : pair of int
        The picked row and column, counted from the picture's corner: below 0, or from
        `input_size` on, it lies in the border. Beyond the border, the nearest cell is picked.
    width : int
        Length of the row in the lower picture, 1 to 10.
    kernel_size : int
        Of the lower picture, 1 to 7.
    stride : int
        Of the lower picture, 1 to 4.

    Raises
    ------
    TypeError, RuntimeError
        What PyTorch raises for these sizes.
    ValueError
        If they are legal but too large for the picture.

    Examples
    --------
    >>> atlas = PaddingAtlas(input_size=3, padding=2)
    >>> atlas
    PaddingAtlas(input_size=3, padding=2)
    >>> atlas.padded("reflect")[2]
    array([3., 2., 1., 2., 3., 2., 1.], dtype=float32)
    >>> print(atlas.code)
    torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=2, padding=1)
    >>> print(atlas.tensorflow_code)
    torch.nn.Sequential(
        torch.nn.ZeroPad2d((0, 1, 0, 1)),
        torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=2),
    )
    """

    always_shown = ("input_size", "padding")

    input_size = Setting(5, positional=True)
    padding = Setting(2, positional=True)
    cell = Setting((-1, -2))
    width = Setting(8)
    kernel_size = Setting(3)
    stride = Setting(2)
    constants = Constants(limits=LIMITS)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        output_size(settings["input_size"], 1, padding=settings["padding"])
        output_size(settings["width"], 1, settings["stride"])
        effective_kernel_size(settings["kernel_size"])
        checked = {name: whole(name, settings[name], limits) for name, limits in LIMITS.items()}
        padding = checked["padding"]
        padded = (checked["input_size"] + 2 * padding,) * 2
        return {**checked, "cell": cell("cell", settings["cell"], padded, first=-padding)}

    def padded(self, padding_mode):
        """Return the picture of one mode with its border.

        Parameters
        ----------
        padding_mode : str
            'zeros', 'reflect', 'replicate' or 'circular'.

        Returns
        -------
        ndarray of shape (input_size + 2 * padding, input_size + 2 * padding), float32

        Raises
        ------
        RuntimeError
            What PyTorch raises for a border that the mode cannot reach.
        """
        n = self.input_size
        picture = np.arange(1, n * n + 1, dtype=np.float32).reshape(1, 1, n, n)
        mode = "constant" if padding_mode == "zeros" else padding_mode
        return engine("functional").pad(picture, (self.padding,) * 4, mode)[0, 0]

    @property
    def same_padding(self):
        """PyTorch's padding in the lower picture: 'same' at stride 1, else one number."""
        if self.stride == 1:
            return "same"
        # An even kernel has two halves. The smaller one does, unless it loses the last window.
        short = self.kernel_size % 2 == 0 and (self.width - 1) % self.stride == 0
        return (self.kernel_size - 1) // 2 + short

    @property
    def code(self):
        """PyTorch's layer in the lower picture, as a line of PyTorch."""
        return self._line(self.same_padding)

    @property
    def tensorflow_code(self):
        """TensorFlow's layer in the lower picture, as PyTorch code."""
        size, kernel, stride = self.width, self.kernel_size, self.stride
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        sides = (total // 2, total - total // 2)
        if sides[0] == sides[1]:
            return self._line(sides[0])
        return sequential_code([module_code("ZeroPad2d", [sides * 2]), self._line(0)])

    def _line(self, padding):
        kernel_size = (self.kernel_size, self.kernel_size)
        return layer_code("Conv2d", kernel_size, {"stride": self.stride, "padding": padding})

    def layer(self):
        """Return the `convlib.layers.Conv2d` of `code`, with weights of 1 and a bias of 0."""
        layer = engine("layers").Conv2d(1, 1, self.kernel_size, self.stride, self.same_padding)
        layer.weight[:], layer.bias[:] = 1, 0
        return layer
