"""What PyTorch refuses, in the order in which it looks."""

from collections import namedtuple
from functools import lru_cache
from numbers import Integral

import numpy as np

from ._errors import refuse
from .shapes import count_transposed, count_windows, padding_sides, spread, wrong_type
from .shapes import read_integers as read

ALWAYS_COMPUTED = set(map(np.dtype, ("f2", "f4", "f8", "c8", "c16", "i8")))
COMPUTED = ALWAYS_COMPUTED | set(map(np.dtype, ("i4", "i2", "i1", "u1")))

# A layer asks the same at every call. What is asked here are ints: as a key, True would pass for 1.
padding_sides = lru_cache(padding_sides)

# The moving window of one call. Each is a pair, (height, width); `sides` is the padding as
# ((top, bottom), (left, right)), and `places` counts the window's positions.
Window = namedtuple("Window", "kernel_size stride sides dilation places")


@lru_cache
def _window(*call):
    """Count the places, and shorten the steps that are too long to be taken."""
    size, kernel_size, stride, sides, dilation, *extra = call  # extra: the output_padding
    places = (count_transposed if extra else count_windows)(*call)
    longest = [sum(side, n) for side, n in zip(sides, places if extra else size, strict=True)]
    stride, dilation = (tuple(map(min, steps, longest)) for steps in (stride, dilation))
    return Window(kernel_size, stride, sides, dilation, places)


def prepare(input, weight, bias, stride, padding, dilation, groups, output_padding=None):
    """Check one call of a convolution; with `output_padding`, of a transposed one.

    Returns
    -------
    x : ndarray of shape (N, C_in, H, W)
    w : ndarray of the weight's shape
    b : ndarray of shape (C_out,), or None
        All three in the dtype to compute with.
    window : Window
    """
    transposed = output_padding is not None
    caller, prefix = ("conv_transpose2d", "transposed ") if transposed else ("conv2d", "")
    for name, array in (("input", input), ("weight", weight), ("bias", bias)):
        if not isinstance(array, np.ndarray) and (array is not None or name != "bias"):
            raise wrong_type(caller, name, array, "Tensor")
    stride = read("stride", stride, caller)
    dilation = read("dilation", dilation, caller)
    if transposed or not isinstance(padding, str):
        padding = read("padding", padding, caller)
    if transposed:
        output_padding = read("output_padding", output_padding, caller)
    if type(groups) is not int and (isinstance(groups, bool) or not isinstance(groups, Integral)):
        raise wrong_type(caller, "groups", groups, "int")

    x = input if input.ndim == 4 else input[None]
    if broken := (
        (bias is not None and not transposed and bias.dtype != input.dtype and "bias dtype")
        or (input.ndim not in (3, 4) and "input rank")
        or (weight.dtype != input.dtype and input.dtype.kind == "c" and "complex weight dtype")
        or (weight.ndim < 3 and "weight rank")
        or (groups < 1 and "groups")
        or (padding == "same" and weight.ndim != 4 and "ranks differ")
    ):
        raise refuse(broken, **locals())
    kernel_size = weight.shape[2:]
    dims, rule = len(kernel_size), "broadcast" if padding == "same" else "how many"
    stride = spread("stride", stride, dims, rule)
    padding = padding if isinstance(padding, str) else spread("padding", padding, dims)
    dilation = spread("dilation", dilation, dims, rule)
    sides = padding_sides(padding, kernel_size, stride, dilation)
    N, channels, rows, columns, size = *x.shape[:2], *weight.shape[:2], x.shape[2:]
    C_in, C_out = (rows, columns * groups) if transposed else (columns * groups, rows)
    if broken := (
        (min(sides) < (0, 0) and "padding")
        or (min(stride) < 1 and "stride")
        or (min(dilation) < 0 and "dilation")
        or (weight.ndim != 4 and "ranks differ")
        or (rows < groups and "too few filters")
        or (rows % groups and "filters per group")
        or (channels != C_in and prefix + "channels")
        or (bias is not None and bias.shape != (C_out,) and prefix + "bias shape")
        or (N == 0 < C_in and min(kernel_size) < 1 and "kernel_size")
    ):
        raise refuse(broken, **locals())
    extra = [spread("output_padding", output_padding)] if transposed else []
    window = _window(size, kernel_size, stride, sides, dilation, *extra)
    if N == 0 or C_in == 0:
        # PyTorch stops checking here; and without input channels it gives no output channels.
        return (x, weight, bias, window) if C_in else (x, weight[:0], None, window)

    kind = prefix or "dilated " * (max(dilation) > 1)
    if broken := (
        (x.size == 0 and "empty")
        or (min(kernel_size) < 1 and "kernel_size")
        or (min(dilation) < 1 and "zero dilation")
        or (C_out == 0 and "no filters")
        or (x.dtype not in (ALWAYS_COMPUTED if kind else COMPUTED) and kind + "dtype")
        or (x.dtype != weight.dtype and "weight dtype")
    ):
        raise refuse(broken, **locals())
    return *_computable(x, weight, bias), window


def _computable(x, w, b):
    """Convert the arrays to the dtype to compute with."""
    dtype = x.dtype
    if dtype == np.float16:
        dtype = np.float32
    elif dtype.kind in "iu":
        # Up to 2**53 float64 is exact too, and its matrix product is ten times faster.
        peaks = [0 if a is None else max(-int(a.min()), int(a.max())) for a in (x, w, b)]
        if peaks[0] * peaks[1] * w.size + peaks[2] <= 2**53:
            dtype = np.float64
    return [a if a is None else a.astype(dtype, copy=False) for a in (x, w, b)]


def finish(output, b, input):
    """Add the bias; give the output the dtype of the input, and its number of axes."""
    if b is not None:
        output += b[:, None, None]
    if input.dtype.kind in "iu":
        output = output.astype(np.int64, copy=False)  # narrower integers then wrap modulo 2**n
    return (output if input.ndim == 4 else output[0]).astype(input.dtype, copy=False)


def check_pad(input, pad, mode, value):
    """Check one call of `pad`; return (before, after) for each axis."""
    if not isinstance(input, np.ndarray):
        raise wrong_type("pad", "input", input, "Tensor")
    if not isinstance(pad, (tuple, list)):
        raise wrong_type("pad", "pad", pad, "tuple of ints")
    count, rank, n = len(pad := read("pad", pad, "pad")), input.ndim, len(pad) // 2
    low, high, copies, mirrors = n + 1, n + 2, mode != "constant", mode in ("reflect", "replicate")
    if broken := (
        (mode not in ("constant", "reflect", "replicate", "circular") and "pad mode")
        or (count % 2 and "pad odd")
        or (n > rank and "pad long")
        or (copies and value and "pad value")
        or (copies and (rank not in (low, high) or not 1 <= n <= 3) and "pad rank")
        or (mirrors and 0 in input.shape[rank - low :] and "pad empty")
        or (mirrors and input.dtype not in COMPUTED and f"{mode} dtype")
    ):
        raise refuse(broken, **locals())
    sides = [(0, 0)] * (rank - n) + [*zip(pad[::2], pad[1::2], strict=True)][::-1]
    sizes = [size + sum(side) for size, side in zip(input.shape, sides, strict=True)]
    for axis, (before, after) in reversed([*enumerate(sides)]):
        size, number = input.shape[axis], 2 * (rank - axis + 1)
        if broken := (
            (mode == "reflect" and max(before, after) >= max(size, 1) and "reflect")
            or (mode == "circular" and max(before, after) > size and "circular")
            or (mirrors and max(sizes[-n:]) < 1 and f"pad {n} axes")
            or (min(sizes[axis], 0 if copies else size + min(before, after)) < 0 and "negative pad")
        ):
            raise refuse(broken, inner=input.shape[-n:], left=sizes[-n:], **locals())
    return sides
