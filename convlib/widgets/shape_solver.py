"""The floor in the output size as geometry, and the way back: which settings give this size."""

from ..shapes import output_size, solve
from ._layer import check_padding
from ._settings import one_number, pair, whole
from ._torch_code import layer_code
from ._widget import Constants, Setting, Widget, engine

# What may be typed; and how far the sliders reach, which is also how far a search may look.
LIMITS = {
    "input_size": (1, 65_536),
    "kernel_size": (1, 256),
    "stride": (1, 256),
    "padding": (0, 256),
    "dilation": (1, 256),
    "target": (1, 131_072),
}
SLIDERS = {
    "kernel_size": (1, 11),
    "stride": (1, 4),
    "padding": (0, 6),
    "dilation": (1, 4),
}


class ShapeSolver(Widget):
    """One axis of a convolution: the stops of its window, and all settings that give a size.

    Parameters
    ----------
    input_size : int
        1 to 65,536.
    kernel_size, stride, dilation : int
        1 to 256.
    padding : int or str
        0 to 256, or 'same'; 'valid' means 0.
    target : int or None
        The output size to look for, 1 to 131,072.
    max_kernel_size, max_stride, max_padding, max_dilation : int
        How far to look: at most 11, 4, 6 and 4.

    Raises
    ------
    TypeError, ValueError, RuntimeError
        What PyTorch raises for the layer, on construction and on assignment; and ValueError for a
        layer that is legal but has no place in the picture.

    Examples
    --------
    >>> solver = ShapeSolver(input_size=32, kernel_size=3, stride=2, padding=1, target=16)
    >>> solver
    ShapeSolver(input_size=32, kernel_size=3, stride=2, padding=1, target=16)
    >>> for setting in solver.solutions()[:3]:
    ...     print(setting)
    Setting(kernel_size=1, stride=2, padding=0, dilation=1)
    Setting(kernel_size=2, stride=2, padding=0, dilation=1)
    Setting(kernel_size=3, stride=2, padding=1, dilation=1)
    """

    always_shown = ("kernel_size", "stride")  # 2 is no default of nn.Conv2d

    input_size = Setting(10)
    kernel_size = Setting(3)
    stride = Setting(2)
    padding = Setting(0)
    dilation = Setting(1)
    target = Setting(None)
    max_kernel_size = Setting(7)
    max_stride = Setting(2)
    max_padding = Setting(3)
    max_dilation = Setting(2)
    constants = Constants(limits=LIMITS, sliders=SLIDERS)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        size, target = settings["input_size"], settings["target"]
        layer = {n: settings[n] for n in ("kernel_size", "stride", "padding", "dilation")}
        steps = {name: layer[name] for name in ("stride", "padding", "dilation")}
        check_padding(size, layer["kernel_size"], **steps, padding_mode="zeros")
        output_size(pair(size), **layer)
        bounds = {f"max_{name}": SLIDERS[name] for name in layer}
        return {
            "input_size": one_number("input_size", size, LIMITS["input_size"]),
            **{name: one_number(name, value, LIMITS[name]) for name, value in layer.items()},
            "target": target if target is None else whole("target", target, LIMITS["target"]),
            **{name: whole(name, settings[name], limits) for name, limits in bounds.items()},
        }

    @property
    def code(self):
        """The layer as a line of PyTorch, without the arguments that have their default value."""
        return layer_code("Conv2d", pair(self.kernel_size), self.settings())

    def layer(self):
        """Return the `convlib.Conv2d` shown, with random weights."""
        steps = {name: getattr(self, name) for name in ("stride", "padding", "dilation")}
        return engine("layers").Conv2d(1, 1, self.kernel_size, **steps)

    def solutions(self):
        """Return all settings that turn `input_size` into `target`; see `convlib.shapes.solve`."""
        bounds = {name: value for name, value in self.settings().items() if name[:4] == "max_"}
        return solve(self.input_size, self.target, **bounds)
