"""The floor in the output size as geometry, and the way back: which settings give this size."""

from ..shapes import output_size, solve
from ._settings import code_line, one_number, pair, whole
from ._widget import Setting, Widget, engine
from .layer_explorer import check_padding

# What fits into the picture: the smallest and largest value of each control.
LIMITS = {
    "input_size": (1, 256),
    "kernel_size": (1, 11),
    "stride": (1, 4),
    "padding": (0, 6),
    "dilation": (1, 4),
    "target": (1, 512),
}


class ShapeSolver(Widget):
    """One axis of a convolution: the stops of its window, and all settings that give a size.

    Parameters
    ----------
    input_size : int
        1 to 256.
    kernel_size : int
        1 to 11.
    stride, dilation : int
        1 to 4.
    padding : int or str
        0 to 6, or 'same'; 'valid' means 0.
    target : int or None
        The output size to look for, 1 to 512.
    max_kernel_size, max_stride, max_padding, max_dilation : int
        How far to look, within the limits above.

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

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        size, target = settings["input_size"], settings["target"]
        layer = {n: settings[n] for n in ("kernel_size", "stride", "padding", "dilation")}
        steps = {name: layer[name] for name in ("stride", "padding", "dilation")}
        check_padding(size, layer["kernel_size"], **steps, padding_mode="zeros")
        output_size(pair(size), **layer)
        bounds = {f"max_{name}": LIMITS[name] for name in layer}
        return {
            "input_size": one_number("input_size", size, LIMITS["input_size"]),
            **{name: one_number(name, value, LIMITS[name]) for name, value in layer.items()},
            "target": target if target is None else whole("target", target, LIMITS["target"]),
            **{name: whole(name, settings[name], limits) for name, limits in bounds.items()},
        }

    @property
    def code(self):
        """The layer as a line of PyTorch, without the arguments that have their default value."""
        defaults = {"stride": 1, "padding": 0, "dilation": 1}
        return code_line("Conv2d", pair(self.kernel_size), defaults, self.settings())

    def layer(self):
        """Return the `convlib.Conv2d` shown, with random weights."""
        steps = {name: getattr(self, name) for name in ("stride", "padding", "dilation")}
        return engine("layers").Conv2d(1, 1, self.kernel_size, **steps)

    def solutions(self):
        """Return all settings that turn `input_size` into `target`; see `convlib.shapes.solve`."""
        bounds = {name: value for name, value in self.settings().items() if name[:4] == "max_"}
        return solve(self.input_size, self.target, **bounds)
