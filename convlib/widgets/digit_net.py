"""A small trained network that reads a digit, every sum of it to be looked into."""

import tomllib
from functools import cache
from numbers import Integral
from pathlib import Path

import numpy as np

from ._settings import nearest, whole, word
from ._widget import Constants, Setting, Widget, engine
from ._words import english

FOLDER = Path(__file__).parent / "digits"
TRAINED = tomllib.loads((FOLDER / "weights.toml").read_text(encoding="utf-8"))
WEIGHTS = {
    f"{layer}.{name}": TRAINED[layer][name]
    for layer in ("conv1", "conv2", "linear")
    for name in ("weight", "bias")
}
DIGITS = [
    line
    for line in (FOLDER / "digits.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]

SIDE = 8  # of the image
FULL = 16  # the most ink that a cell holds
TOOLS = (english("pen"), english("eraser"))
SHAPES = {
    "conv1": (4, 8, 8),
    "pool1": (4, 4, 4),
    "conv2": (8, 4, 4),
    "pool2": (8, 2, 2),
    "linear": (10, 1, 1),
}

CODE = """\
from collections import OrderedDict
from torch import nn

net = nn.Sequential(OrderedDict(
    conv1=nn.Conv2d(1, 4, 3, padding=1),
    relu1=nn.ReLU(),
    pool1=nn.MaxPool2d(2),
    conv2=nn.Conv2d(4, 8, 3, padding=1),
    relu2=nn.ReLU(),
    pool2=nn.MaxPool2d(2),
    flatten=nn.Flatten(),
    linear=nn.Linear(32, 10),
))"""


class DigitNet(Widget):
    """A digit on 8 x 8 cells, and every map of a network that reads it.

    The network is conv1, ReLU, pool1, conv2, ReLU, pool2, linear: 666 weights and biases, all whole
    numbers. ``digits/train.py`` trained them.

    Parameters
    ----------
    digit : int
        Which digit of the test set is shown, 0 to 359.
    drawing : array_like of shape (8, 8), optional
        An image in its place: whole numbers from 0 (paper) to 16 (ink).
    picked : tuple
        The number whose sum is shown: ``(layer, channel, row, column)``, the layer 'conv1',
        'pool1', 'conv2', 'pool2' or 'linear'. Beyond a map, the nearest one is picked.
    tool : {'pen', 'eraser'}
        What a hand on the image does.

    Raises
    ------
    TypeError, ValueError
        If an argument is of another type, or out of range.

    Examples
    --------
    >>> net = DigitNet(0)
    >>> net
    DigitNet(digit=0)
    >>> net.image().shape
    (1, 1, 8, 8)
    >>> [(name, array.shape) for name, array in net.maps().items()][:2]
    [('conv1', (1, 4, 8, 8)), ('pool1', (1, 4, 4, 4))]
    """

    always_shown = ("digit",)

    digit = Setting(0, positional=True)
    drawing = Setting(None)
    picked = Setting(("conv2", 2, 1, 1))
    tool = Setting("pen")
    constants = Constants(weights=WEIGHTS, digits=DIGITS, tools=TOOLS, code=CODE)

    def check(self, settings):
        """Return `settings` in their normal form, or raise."""
        return {
            "digit": whole("digit", settings["digit"], (0, len(DIGITS) - 1)),
            "drawing": _drawing(settings["drawing"]),
            "picked": _picked(settings["picked"]),
            "tool": word("tool", settings["tool"], TOOLS),
        }

    @property
    def code(self):
        """The network in lines of PyTorch; `weights` is what its ``load_state_dict`` takes."""
        return CODE

    def image(self):
        """Return what the network reads, an array of shape (1, 1, 8, 8)."""
        if self.drawing is not None:
            return np.array(self.drawing, "float32")[np.newaxis, np.newaxis]
        images, _ = self.test_digits()
        return images[self.digit : self.digit + 1]

    def maps(self):
        """Return every map by the name of its layer; conv1 and conv2 after ReLU."""
        conv2d, weights, x, maps = engine("functional").conv2d, self.weights(), self.image(), {}
        for number in "12":
            conv = conv2d(x, weights[f"conv{number}.weight"], weights[f"conv{number}.bias"], 1, 1)
            maps[f"conv{number}"] = x = np.maximum(conv, 0)
            N, C, H, W = x.shape
            maps[f"pool{number}"] = x = x.reshape(N, C, H // 2, 2, W // 2, 2).max((3, 5))
        maps["linear"] = x.reshape(1, -1) @ weights["linear.weight"].T + weights["linear.bias"]
        return maps

    @staticmethod
    def weights():
        """Return the weights and biases by the names of PyTorch's state_dict, as float32."""
        return {name: np.array(numbers, "float32") for name, numbers in WEIGHTS.items()}

    @staticmethod
    def test_digits():
        """Return the digits that the training never saw: images of (360, 1, 8, 8), and labels."""
        images, labels = _test_digits()
        return images.copy(), labels.copy()


@cache
def _test_digits():
    labels, images = zip(*(line.split() for line in DIGITS), strict=True)
    ink = [[int(sign, FULL + 1) for sign in signs] for signs in images]
    return np.array(ink, "float32").reshape(-1, 1, SIDE, SIDE), np.array(labels, int)


def _drawing(value):
    """Return a drawing as tuples of its rows, if it is one; None stays None."""
    if value is None:
        return None
    array = np.asarray(value, object)
    if array.shape != (SIDE, SIDE):
        raise ValueError(f"drawing has the shape {array.shape}, but the image is {SIDE} x {SIDE}")
    for (row, column), ink in np.ndenumerate(array):
        at = f"drawing[{row}][{column}]={ink!r}"
        if not isinstance(ink, Integral) or isinstance(ink, bool):
            raise TypeError(f"{at}, but ink is an int")
        if not 0 <= ink <= FULL:
            raise ValueError(f"{at}, but ink is 0 to {FULL}")
    return tuple(tuple(int(ink) for ink in row) for row in array)


def _picked(value):
    """Return a layer and a place in it, moved to the nearest number that there is."""
    form = "(layer, channel, row, column)"
    if not isinstance(value, (tuple, list)) or len(value) != 4:
        raise TypeError(f"picked={value!r}, but it is {form}")
    layer, *place = value
    if not all(isinstance(at, Integral) and not isinstance(at, bool) for at in place):
        raise TypeError(f"picked={value!r}, but it is {form}, the last three ints")
    if not isinstance(layer, str) or layer not in SHAPES:
        raise ValueError(f"picked={value!r}, but the layer is one of {', '.join(SHAPES)}")
    return (layer, *nearest(place, SHAPES[layer]))
