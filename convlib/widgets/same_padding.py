"""Where 'same' puts its windows: PyTorch's way and TensorFlow's, on one row."""

from ..shapes import effective_kernel_size, output_size
from ._settings import wholes
from ._torch_code import layer_code, module_code, sequential_code
from ._widget import Constants, Setting, Widget, layer_of_ones

# What fits into the picture: the smallest and largest value of each control.
LIMITS = {"width": (1, 10), "kernel_size": (1, 7), "stride": (1, 4)}


class SamePadding(Widget):
    """One row of an input, and the windows that 'same' puts on it in PyTorch and in TensorFlow.

    Both give the same output size, the width over the stride, rounded up. With a stride, or a
    kernel of even size, their windows need not stand on the same pixels.

    Parameters
    ----------
    width : int
        Length of the row, 1 to 10.
    kernel_size : int
        1 to 7.
    stride : int
        1 to 4.

    Raises
    ------
    TypeError, RuntimeError
        What PyTorch raises for these sizes.
    ValueError
        If they are legal but too large for the picture.

    Examples
    --------
    >>> same = SamePadding(width=8, kernel_size=3, stride=2)
    >>> same
    SamePadding(width=8, kernel_size=3, stride=2)
    >>> print(same.code)
    torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=2, padding=1)
    >>> print(same.tensorflow_code)
    torch.nn.Sequential(
        torch.nn.ZeroPad2d((0, 1, 0, 1)),
        torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=2),
    )
    """

    always_shown = ("width", "kernel_size", "stride")

    width = Setting(8, positional=True)
    kernel_size = Setting(3, positional=True)
    stride = Setting(2, positional=True)
    constants = Constants(limits=LIMITS)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        output_size(settings["width"], 1, settings["stride"])
        effective_kernel_size(settings["kernel_size"])
        return wholes(settings, LIMITS)

    @property
    def padding(self):
        """PyTorch's padding: 'same' at stride 1, else one number."""
        if self.stride == 1:
            return "same"
        # An even kernel has two halves. The smaller one does, unless it loses the last window.
        short = self.kernel_size % 2 == 0 and (self.width - 1) % self.stride == 0
        return (self.kernel_size - 1) // 2 + short

    @property
    def code(self):
        """PyTorch's layer, as a line of PyTorch."""
        return self._line(self.padding)

    @property
    def tensorflow_code(self):
        """TensorFlow's layer, as PyTorch code."""
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
        return layer_of_ones(self.kernel_size, stride=self.stride, padding=self.padding)
