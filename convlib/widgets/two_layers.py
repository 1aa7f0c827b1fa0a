"""Two layers with nothing between them, and the one layer that does the same."""

from ._data import weight_values
from ._settings import cell, pair, whole
from ._torch_code import layer_code
from ._widget import Constants, Setting, Widget, engine

# What fits into the picture: the smallest and largest value of each control.
LIMITS = {"first": (1, 3), "second": (1, 3), "stride": (1, 3)}


class TwoLayers(Widget):
    """Two kernels, and the one kernel that does the same.

    Each weight of the second kernel lays down a copy of the first, multiplied by that weight; the
    copies lie a stride of the first layer apart, and where they overlap they add up.

    Parameters
    ----------
    first, second : int
        The sizes of the two kernels, 1 to 3.
    stride : int
        Of the first layer, 1 to 3; the second has stride 1.
    picked : pair of int
        Row and column of the picked weight of the second kernel; beyond it, the nearest.

    Raises
    ------
    TypeError, ValueError
        If a setting is of another type, or has no place in the picture.

    Examples
    --------
    >>> two = TwoLayers(first=2, second=2)
    >>> two
    TwoLayers(first=2, second=2)
    >>> two.kernel()
    array([[ 6,  2,  0],
           [ 7, 10,  1],
           [-3,  5,  2]])
    >>> print(two.code)
    torch.nn.Conv2d(1, 1, kernel_size=(3, 3), bias=False)
    """

    always_shown = ("first", "second")

    first = Setting(3, positional=True)
    second = Setting(3, positional=True)
    stride = Setting(1)
    picked = Setting((0, 0))
    constants = Constants(limits=LIMITS)

    def check(self, settings):
        """Return `settings` in their normal form, or raise."""
        sizes = {name: whole(name, settings[name], ends) for name, ends in LIMITS.items()}
        return {**sizes, "picked": cell("picked", settings["picked"], pair(sizes["second"]))}

    @property
    def code(self):
        """The one layer as a line of PyTorch."""
        size = self.first + self.stride * (self.second - 1)
        return layer_code("Conv2d", (size, size), {"stride": self.stride, "bias": False})

    def weights(self):
        """Return the two kernels, arrays of shape (first, first) and (second, second)."""
        return weight_values(*pair(self.first)), weight_values(self.second + 1, self.second)[1:]

    def kernel(self):
        """Return the one kernel: the first, spread by the second as a transposed layer does."""
        first, second = (w[None, None].astype(float) for w in self.weights())
        transposed = engine("functional").conv_transpose2d
        return transposed(second, first, None, self.stride)[0, 0].astype(int)
