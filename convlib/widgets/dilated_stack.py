"""Dilated layers, one after the other: which pixels one output sees, and which it steps over."""

from ..shapes import receptive_field
from ._settings import whole
from ._torch_code import layer_code, sequential_code
from ._widget import Constants, Setting, Widget, layer_of_ones

# What fits into the picture: the smallest and largest value of each control, and the most pixels
# that the whole stack may span.
LIMITS = {"kernel_size": (1, 5), "dilations": (1, 5)}
MOST_LAYERS = 4
MOST_FIELD = 19


class DilatedStack(Widget):
    """What one output of a stack of dilated layers sees, from the side and from above.

    Parameters
    ----------
    kernel_size : int
        Of all layers, 1 to 5.
    dilations : tuple of int
        The dilation of each layer, from the input on: 1 to 4 layers, 1 to 5 each.

    Raises
    ------
    TypeError, RuntimeError
        What PyTorch raises for these sizes.
    ValueError
        If they are legal but too large for the picture: a receptive field of more than 19 pixels.

    See Also
    --------
    DilationExplorer : One such layer, and how its window moves.

    Examples
    --------
    >>> stack = DilatedStack(kernel_size=3, dilations=(2, 2, 2))
    >>> stack
    DilatedStack(kernel_size=3, dilations=(2, 2, 2))

    Its receptive field, 13 pixels:

    >>> from convlib.shapes import receptive_field
    >>> receptive_field(stack.layers())[0]
    (13, 13)
    """

    always_shown = ("kernel_size", "dilations")

    kernel_size = Setting(3, positional=True)
    dilations = Setting((1, 2, 3), positional=True)
    constants = Constants(limits=LIMITS, most_layers=MOST_LAYERS, most_field=MOST_FIELD)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        kernel, dilations = settings["kernel_size"], settings["dilations"]
        if not isinstance(dilations, (tuple, list)):
            raise TypeError(f"dilations={dilations!r}, but it is a tuple with one int per layer")
        if not dilations:
            raise ValueError("dilations=(), but a stack has at least one layer")
        field, _, _ = receptive_field((kernel, 1, 0, dilation) for dilation in dilations)

        kernel_size = whole("kernel_size", kernel, LIMITS["kernel_size"])
        dilations = tuple(
            whole(f"dilations[{place}]", dilation, LIMITS["dilations"])
            for place, dilation in enumerate(dilations)
        )
        for what, number, most in (
            (f"there would be {len(dilations)} layers", len(dilations), MOST_LAYERS),
            (f"the receptive field would be {field} pixels", field, MOST_FIELD),
        ):
            if number > most:
                raise ValueError(f"{what}, but the picture has room for {most}")
        return {"kernel_size": kernel_size, "dilations": dilations}

    @property
    def code(self):
        """The stack as PyTorch code, a line for each layer."""
        kernel_size = (self.kernel_size, self.kernel_size)
        return sequential_code(
            [layer_code("Conv2d", kernel_size, {"dilation": each}) for each in self.dilations]
        )

    def layers(self):
        """Return the layers of the stack, from the input on: weights 1, bias 0.

        So the gradient of one output is its number of paths to each pixel.
        """
        return [layer_of_ones(self.kernel_size, dilation=each) for each in self.dilations]
