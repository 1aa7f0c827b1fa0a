"""One layer in a picture: what there is room for, and what ``nn.Conv2d`` refuses of it first."""

from numbers import Integral

import numpy as np

from ..refusals import refuse
from ..refusals.calls import check_pad
from ..shapes import same_padding
from ._settings import pair

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")

# What LayerExplorer has room for: the smallest and largest value of each control.
LIMITS = {
    "input_size": (1, 8),
    "kernel_size": (1, 5),
    "stride": (1, 4),
    "padding": (0, 3),
    "dilation": (1, 3),
    "speed": (1, 8),
    "weight": (-9, 9),
    "input_values": (-9, 9),
}
MOST_SPAN = 13  # of the padded input


def check_padding(input_size, kernel_size, stride, padding, dilation, padding_mode):
    """Raise what ``nn.Conv2d`` raises because of its padding and padding mode.

    First what its constructor refuses, then what a call refuses before it convolves.
    """
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise refuse("layer padding", padding=padding)
        if padding == "same" and any(s != 1 for s in pair(stride)):
            raise refuse("layer same", stride=stride)
    if padding_mode not in PADDING_MODES:
        raise refuse("padding_mode", padding_mode=padding_mode)
    size = pair(input_size)
    if padding_mode == "zeros" or not all(isinstance(n, Integral) and n > 0 for n in size):
        return  # output_size says the rest
    if isinstance(padding, str):
        kernel_size = pair(kernel_size) if padding == "same" else (1, 1)
        (top, bottom), (left, right) = same_padding(kernel_size, dilation)
        border = left, right, top, bottom
    else:
        border = tuple(p for p in reversed(pair(padding)) for _ in range(2))
    check_pad(np.empty((1, 1, *size)), border, padding_mode, None)
