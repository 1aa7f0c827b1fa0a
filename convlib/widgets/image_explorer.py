"""A kernel on a real photograph: what it finds, what the border does, what a stride leaves."""

from numbers import Real

import numpy as np

from ..shapes import output_size
from ._layer import PADDING_MODES, check_padding
from ._photo import CREDIT, photo_of_the_page, photo_values
from ._settings import cell, pair, whole, word
from ._torch_code import module_code
from ._widget import Constants, Setting, Widget, engine
from ._words import english

SIZE = 256  # height and width of the photograph

# What the controls reach: the smallest and largest value of each.
LIMITS = {
    "kernel_size": (3, 5),
    "weight": (-99, 99),
    "stride": (1, 4),
    "padding": (0, 64),
    "dilation": (1, 3),
    "bias": (-255, 255),
}
PICTURES = (english("grey"), english("colour"))
SHOWN = (english("signs"), english("picture"))

# Each kernel, and how its output is looked at best.
PRESETS = {
    "identity": ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "picture"),
    "box": ([[1 / 9] * 3] * 3, "picture"),
    "gaussian": ([[row * column / 16 for column in (1, 2, 1)] for row in (1, 2, 1)], "picture"),
    "sharpen": ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "picture"),
    "sobel_x": ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "signs"),
    "sobel_y": ([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], "signs"),
    "laplacian": ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], "signs"),
    "emboss": ([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], "picture"),
}  # fmt: skip
KERNELS = {name: tuple(map(tuple, kernel)) for name, (kernel, _) in PRESETS.items()}
# Of weights that are no whole numbers.
DIVISORS = (1, 2, 3, 4, 5, 6, 8, 9, 10, 16, 25, 100, 256, 1000)


class ImageExplorer(Widget):
    """A kernel on a photograph: the picture, its border, the output, and the sum behind one pixel.

    Parameters
    ----------
    kernel : str or array_like
        A preset ('identity', 'box', 'gaussian', 'sharpen', 'sobel_x', 'sobel_y', 'laplacian' or
        'emboss'), or 3 x 3 to 5 x 5 weights from -99 to 99.
    stride : int
        1 to 4.
    padding : int
        0 to 64 pixels on each side.
    padding_mode : str
        'zeros', 'reflect', 'replicate' or 'circular'.
    dilation : int
        1 to 3.
    bias : int
        Is added to every sum, -255 to 255.
    relu : bool
        Whether negative numbers become 0 afterwards.
    picture : str
        'grey', or 'colour': then the kernel filters red, green and blue, each for itself.
    shown : str
        How the output is drawn: 'signs' in one colour above and another one below zero, 'picture'
        with 0 as black and 255 as white.
    cursor : pair of int
        Row and column of an output pixel, whose window is shown as numbers; beyond the output, the
        nearest one is taken.

    Raises
    ------
    TypeError, ValueError, RuntimeError
        What PyTorch raises for the layer; and ValueError for one that the controls do not reach.

    Examples
    --------
    >>> explorer = ImageExplorer("sobel_x", padding=1)
    >>> explorer
    ImageExplorer(kernel='sobel_x', padding=1)
    >>> print(explorer.code)
    layer = torch.nn.Conv2d(1, 1, kernel_size=(3, 3), padding=1, bias=False)
    layer.weight.data[:] = torch.tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    output = layer(picture)
    >>> explorer.output().shape
    (1, 1, 256, 256)
    """

    always_shown = ("kernel",)

    kernel = Setting(KERNELS["sobel_x"], positional=True)
    stride = Setting(1)
    padding = Setting(0)
    padding_mode = Setting("zeros")
    dilation = Setting(1)
    bias = Setting(0)
    relu = Setting(False)
    picture = Setting("grey")
    shown = Setting("signs")
    cursor = Setting((70, 60))
    constants = Constants(
        limits=LIMITS,
        presets=[  # a list: a page's state has its names in the order of the alphabet
            {"name": name, "kernel": kernel, "shown": shown}
            for name, (kernel, shown) in PRESETS.items()
        ],
        padding_modes=PADDING_MODES,
        pictures=PICTURES,
        looks=SHOWN,
        photo=photo_of_the_page(),
        largest=SIZE,  # of a reader's own picture
        credit=CREDIT,
    )

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        kernel = _kernel(settings["kernel"])
        sizes = {name: settings[name] for name in ("stride", "padding", "dilation")}
        check_padding(SIZE, len(kernel), padding_mode=settings["padding_mode"], **sizes)
        output = output_size(SIZE, len(kernel), **sizes)
        checked = {
            name: whole(name, settings[name], LIMITS[name])
            for name in ("stride", "padding", "dilation", "bias")
        }
        if not isinstance(settings["relu"], bool | np.bool_):
            raise TypeError(f"relu={settings['relu']!r}, but it is True or False")
        return {
            **checked,
            "kernel": kernel,
            "padding_mode": word("padding_mode", settings["padding_mode"], PADDING_MODES),
            "relu": bool(settings["relu"]),
            "picture": word("picture", settings["picture"], PICTURES),
            "shown": word("shown", settings["shown"], SHOWN),
            "cursor": cell("cursor", settings["cursor"], pair(output)),
        }

    def written(self, name, value):
        """Write a kernel by its name, if it has one."""
        if name != "kernel":
            return value
        return next((preset for preset, kernel in KERNELS.items() if kernel == value), value)

    @property
    def channels(self):
        """1 for a grey picture, 3 for one in colour."""
        return 1 if self.picture == "grey" else 3

    @property
    def code(self):
        """The picture's layer as PyTorch code; `picture` has the shape (1, channels, 256, 256)."""
        size = len(self.kernel)
        settings = {
            "kernel_size": (size, size),
            **{name: getattr(self, name) for name in ("stride", "padding", "dilation")},
            "groups": self.channels,  # each channel is filtered for itself
            "bias": self.bias != 0,
            "padding_mode": self.padding_mode,
        }
        made = module_code("Conv2d", (self.channels, self.channels), settings)
        bias = [f"layer.bias.data[:] = {self.bias}"] if self.bias else []
        return "\n".join(
            [
                f"layer = {made}",
                f"layer.weight.data[:] = {_tensor(self.kernel)}",
                *bias,
                f"output = layer(picture){'.relu()' if self.relu else ''}",
            ]
        )

    def input(self):
        """Return the photograph, ndarray of shape (1, channels, 256, 256), float32."""
        return photo_values(self.picture)

    def layer(self):
        """Return the `convlib.layers.Conv2d` of `code`, with this kernel and bias."""
        layer = engine("layers").Conv2d(
            self.channels,
            self.channels,
            len(self.kernel),
            self.stride,
            self.padding,
            self.dilation,
            groups=self.channels,
            bias=self.bias != 0,
            padding_mode=self.padding_mode,
        )
        layer.weight[:] = np.array(self.kernel, dtype=np.float32)
        if self.bias:
            layer.bias[:] = self.bias
        return layer

    def output(self):
        """Return what the layer makes of the photograph, float32."""
        output = self.layer()(self.input())
        return np.maximum(output, 0) if self.relu else output


def _kernel(kernel):
    """Return a kernel as a tuple of rows."""
    if isinstance(kernel, str):
        return KERNELS[word("kernel", kernel, KERNELS)]
    rows = np.asarray(kernel, dtype=object)
    low, high = LIMITS["kernel_size"]
    if rows.ndim != 2 or rows.shape[0] != rows.shape[1] or not low <= len(rows) <= high:
        raise ValueError(
            f"kernel has the shape {rows.shape}, but the picture has room for"
            f" {low} x {low} to {high} x {high}"
        )
    return tuple(tuple(_weight(each) for each in row) for row in rows)


def _weight(value):
    low, high = LIMITS["weight"]
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"kernel holds {value!r}, but a weight is a number")
    if not low <= value <= high:  # and not if it is no number at all
        raise ValueError(f"kernel holds {value}, but a weight is a number from {low} to {high}")
    return int(value) if value == int(value) else float(value)


def _tensor(kernel):
    """Write a kernel in whole numbers, and what they are divided by, as math/image_code.js does."""
    weights = [each for row in kernel for each in row]
    divisor = next((d for d in DIVISORS if all(round(w * d) / d == w for w in weights)), None)
    if divisor is None:
        return f"torch.tensor({[list(row) for row in kernel]})"
    rows = [[round(w * divisor) for w in row] for row in kernel]
    return f"torch.tensor({rows})" + (f" / {divisor}" if divisor > 1 else "")
