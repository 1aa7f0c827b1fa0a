"""Where a border comes from: the four padding modes side by side."""

from typing import ClassVar

import numpy as np

from ..shapes import output_size
from ._settings import cell, wholes
from ._widget import Constants, Setting, Widget, engine

# What fits into the picture: the smallest and largest value of each control.
LIMITS = {"input_size": (1, 5), "padding": (0, 3)}


class PaddingAtlas(Widget):
    """The four padding modes on one picture: each cell of the border tied to the one it copies.

    Parameters
    ----------
    input_size : int
        Height and width of the picture, 1 to 5. Its cells are numbered from 1 in reading order.
    padding : int
        0 to 3 on each side.
    cell : pair of int
        The picked row and column, counted from the picture's corner: below 0, or from
        `input_size` on, it lies in the border. Beyond the border, the nearest cell is picked.

    Raises
    ------
    TypeError, RuntimeError
        What PyTorch raises for these sizes.
    ValueError
        If they are legal but too large for the picture.

    See Also
    --------
    SamePadding : How much padding ``'same'`` is, and where it puts the windows.

    Examples
    --------
    >>> atlas = PaddingAtlas(input_size=3, padding=2)
    >>> atlas
    PaddingAtlas(input_size=3, padding=2)
    >>> atlas.padded("reflect")[2]
    array([3., 2., 1., 2., 3., 2., 1.], dtype=float32)
    """

    always_shown = ("input_size", "padding")
    moved: ClassVar = dict.fromkeys(("width", "kernel_size", "stride"), "SamePadding")

    input_size = Setting(5, positional=True)
    padding = Setting(2, positional=True)
    cell = Setting((-1, -2))
    constants = Constants(limits=LIMITS)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        output_size(settings["input_size"], 1, padding=settings["padding"])
        checked = wholes(settings, LIMITS)
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
