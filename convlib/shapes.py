"""Sizes: what a convolution does to height and width, in plain integers.

Along one axis, with input size i, kernel size k, stride s, padding p and dilation d:

    output size = floor((i + 2 p - d (k - 1) - 1) / s) + 1

Every size is an int, or a pair (height, width). When all are ints, so is the answer.

References
----------
Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285.
"""

from itertools import product
from math import prod
from typing import NamedTuple

from .refusals import refuse
from .refusals.arguments import as_tuple, read_integers, read_pairs


class Setting(NamedTuple):
    """What decides the output size along one axis: one answer of `solve`."""

    kernel_size: int
    stride: int
    padding: int
    dilation: int


class Window(NamedTuple):
    """The moving window of one call. Each field is a pair, first the height, then the width."""

    kernel_size: tuple  # (k_h, k_w), in taps
    stride: tuple  # (s_h, s_w)
    sides: tuple  # the padding, ((top, bottom), (left, right))
    dilation: tuple  # (d_h, d_w)
    places: tuple  # (H_out, W_out): how many positions the window takes


# --- along one axis, with the letters from above -------------------------------------------------


def _reach(k, d):
    return d * (k - 1) + 1


def _places(i, k, s, sides, d):
    return (i + sum(sides) - _reach(k, d)) // s + 1


def _transposed_places(i, k, s, sides, extra, d):
    return (i - 1) * s - sum(sides) + _reach(k, d) + extra


def _same(k, d):
    total = d * (k - 1)
    half = abs(total) // 2
    before = half if total >= 0 else -half  # a kernel without taps makes it negative
    return before, total - before


# --- along both axes -----------------------------------------------------------------------------


def padding_sides(padding, kernel_size, stride, dilation):
    """Write any form of padding as ``((top, bottom), (left, right))``."""
    if padding == "same":
        if any(step != 1 for step in stride):
            raise refuse("same stride", stride=stride)
        return tuple(map(_same, kernel_size, dilation))
    if padding == "valid":
        return ((0, 0),) * len(kernel_size)
    if isinstance(padding, str):
        raise refuse("padding word", padding=padding)
    return tuple(zip(padding, padding, strict=True))


def count_windows(input_size, kernel_size, stride, sides, dilation):
    """Apply the output-size formula."""
    places = tuple(map(_places, input_size, kernel_size, stride, sides, dilation))
    if min(places) < 1:
        padded = (size + sum(side) for size, side in zip(input_size, sides, strict=True))
        reach = map(_reach, kernel_size, dilation)
        raise refuse("too small", padded=_times(padded), reach=_times(reach))
    return places


def check_output_padding(output_padding, stride, dilation):
    """Refuse more rows or columns than `output_size` can have dropped."""
    for extra, s, d in zip(output_padding, stride, dilation, strict=True):
        if extra >= max(s, d):
            raise refuse(
                "output_padding limit",
                output_padding=output_padding,
                stride=stride,
                dilation=dilation,
            )


def count_transposed(input_size, kernel_size, stride, sides, output_padding, dilation, least=1):
    """Apply the transposed formula; PyTorch lets an empty batch have outputs of `least` 0."""
    axes = (input_size, kernel_size, stride, sides, output_padding, dilation)
    places = tuple(map(_transposed_places, *axes))
    if min(places) < least:
        raise refuse("output too small", given=_times(input_size), computed=_times(places))
    return places


def _times(sizes):
    return " x ".join(map(str, sizes))


def _like(answer, *arguments):
    """Turn a pair into one value if every argument was a single value."""
    return answer if any(isinstance(a, (tuple, list)) for a in arguments) else answer[0]


# --- sizes in both directions --------------------------------------------------------------------


def effective_kernel_size(kernel_size, dilation=1):
    """Count the pixels that a dilated kernel covers: ``d (k - 1) + 1``.

    Parameters
    ----------
    kernel_size, dilation : int or pair of int
        Taps of the kernel, and the distance between two of them (1 = no gap).

    Returns
    -------
    int or pair of int

    Examples
    --------
    Three taps with one pixel between them, ``x . x . x``, cover five pixels:

    >>> effective_kernel_size(3, dilation=2)
    5
    """
    k, d = read_pairs(kernel_size=kernel_size, dilation=dilation)
    return _like(tuple(map(_reach, k, d)), kernel_size, dilation)


def same_padding(kernel_size, dilation=1):
    """Find the padding before and after that keeps the size at stride 1.

    If the kernel covers an even number of pixels, one side needs one more; PyTorch adds it at
    the end.

    Parameters
    ----------
    kernel_size, dilation : int or pair of int

    Returns
    -------
    pair of int, or a pair of such pairs
        ``(before, after)``, or ``((top, bottom), (left, right))``.

    Examples
    --------
    >>> same_padding(3)
    (1, 1)
    >>> same_padding((3, 4), dilation=(2, 1))
    ((2, 2), (1, 2))
    """
    k, d = read_pairs(kernel_size=kernel_size, dilation=dilation)
    return _like(tuple(map(_same, k, d)), kernel_size, dilation)


def output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """Count the places where the window fits: ``floor((i + 2p - d(k - 1) - 1) / s) + 1``.

    Parameters
    ----------
    input_size, kernel_size, stride, dilation : int or pair of int
    padding : int, pair of int, 'same' or 'valid'
        Pixels added on each side.

    Returns
    -------
    int or pair of int

    Raises
    ------
    RuntimeError
        If the kernel does not fit into the padded input, or a size is out of range.
    TypeError
        If a size is not an int.

    Examples
    --------
    (7 + 2 - 3) / 2 + 1 = 4:

    >>> output_size(7, 3, stride=2, padding=1)
    4
    >>> output_size((7, 9), 3, padding="same")
    (7, 9)
    """
    i, k, s, p, d = read_pairs(
        input_size=input_size,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
    )
    answer = count_windows(i, k, s, padding_sides(p, k, s, d), d)
    return _like(answer, input_size, kernel_size, stride, padding, dilation)


def transposed_output_size(
    input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1
):
    """Undo `output_size`: ``(i - 1) s - 2p + d (k - 1) + output_padding + 1``.

    Parameters
    ----------
    input_size, kernel_size, stride, padding, output_padding, dilation : int or pair of int

    Returns
    -------
    int or pair of int

    Raises
    ------
    RuntimeError
        If a size is out of range, or the output would be empty.

    Examples
    --------
    With stride 2, inputs of 7 and 8 pixels both shrink to 3; `output_padding` says which was meant:

    >>> output_size(7, 3, stride=2), output_size(8, 3, stride=2)
    (3, 3)
    >>> transposed_output_size(3, 3, stride=2)
    7
    >>> transposed_output_size(3, 3, stride=2, output_padding=1)
    8
    """
    i, k, s, p, extra, d = read_pairs(
        "conv_transpose2d",
        input_size=input_size,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
    )
    check_output_padding(extra, s, d)
    answer = count_transposed(i, k, s, padding_sides(p, k, s, d), extra, d)
    return _like(answer, input_size, kernel_size, stride, padding, output_padding, dilation)


# --- weights and costs ---------------------------------------------------------------------------


def check_groups(in_channels, out_channels, groups):
    """Refuse channel counts that do not split into `groups` equal parts, as ``nn.Conv2d`` does."""
    try:
        if groups <= 0:
            raise refuse("layer groups", groups=groups)
        if in_channels % groups != 0:
            raise refuse("in_channels", in_channels=in_channels, groups=groups)
        if out_channels % groups != 0:
            raise refuse("out_channels", out_channels=out_channels, groups=groups)
    except TypeError as error:  # Python's own, for what cannot be compared or divided
        raise refuse("layer type", error=error, given=(in_channels, out_channels, groups)) from None


def weight_shape(in_channels, out_channels, kernel_size, groups=1):
    """Give the shape of a layer's weight: each filter sees the channels of its own group only.

    Parameters
    ----------
    in_channels, out_channels, groups : int
    kernel_size : int or pair of int

    Returns
    -------
    tuple of int
        ``(out_channels, in_channels // groups, k_h, k_w)``.

    Raises
    ------
    ValueError
        If the channels do not split into `groups` equal parts.
    RuntimeError
        If a size is negative.
    TypeError
        If a size is not an int.

    Examples
    --------
    >>> weight_shape(6, 4, 3, groups=2)
    (4, 3, 3, 3)
    """
    check_groups(in_channels, out_channels, groups)
    shape = (out_channels, in_channels // groups, *as_tuple(kernel_size))
    shape = read_integers("size", shape, "empty")
    if min(shape) < 0:
        raise refuse("weight size", least=min(shape), shape=shape)
    return shape


def parameter_count(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """Count the numbers a layer learns: the weight's, and one bias for each output channel.

    Examples
    --------
    4 filters of 2 x 3 x 3 numbers each, and 4 biases:

    >>> parameter_count(2, 4, 3)
    76
    """
    weights = prod(weight_shape(in_channels, out_channels, kernel_size, groups))
    return weights + (out_channels if bias else 0)


def mac_count(
    input_size, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1
):
    """Count the multiplications for one image: every output pixel uses every weight of a filter.

    Examples
    --------
    5 x 5 places, 4 filters, 2 x 3 x 3 products each:

    >>> mac_count(7, 2, 4, 3)
    1800
    """
    places = output_size(as_tuple(input_size), kernel_size, stride, padding, dilation)
    return prod(places) * prod(weight_shape(in_channels, out_channels, kernel_size, groups))


def receptive_field(layers):
    """Find which input pixels one output pixel of a stack of layers depends on.

    Parameters
    ----------
    layers : iterable
        From first to last: a `Conv2d`, or a tuple ``(kernel_size, stride, padding, dilation)``
        whose end may be left out.

    Returns
    -------
    size : int or pair of int
        Pixels that one output sees.
    jump : int or pair of int
        Distance between the fields of two neighbouring outputs.
    start : int or pair of int
        First input pixel that output 0 sees; below 0 it lies in the padding.

    References
    ----------
    Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks",
    Distill 2019, https://distill.pub/2019/computing-receptive-fields/

    Examples
    --------
    Two 3 x 3 layers see what one 5 x 5 layer sees:

    >>> receptive_field([(3,), (3,)])
    (5, 1, 0)
    >>> receptive_field([(3, 2, 1), (3, 2, 1)])
    (7, 4, -3)
    """
    size = (1, 1)
    jump = (1, 1)
    start = (0, 0)
    given = []
    for layer in layers:
        if hasattr(layer, "kernel_size"):
            layer = (layer.kernel_size, layer.stride, layer.padding, layer.dilation)
        layer = (*layer, *(1, 0, 1)[len(layer) - 1 :])  # the defaults of what was left out
        given += layer
        k, s, p, d = read_pairs(**dict(zip(Setting._fields, layer, strict=True)))
        sides = padding_sides(p, k, s, d)
        reach = map(_reach, k, d)
        size = tuple(z + (r - 1) * j for z, r, j in zip(size, reach, jump, strict=True))
        start = tuple(b - side[0] * j for b, side, j in zip(start, sides, jump, strict=True))
        jump = tuple(j * step for j, step in zip(jump, s, strict=True))
    return tuple(_like(answer, *given) for answer in (size, jump, start))


def solve(
    input_size, output_size, *, max_kernel_size=11, max_stride=4, max_padding=5, max_dilation=3
):
    """Find every setting that maps one size to another.

    Parameters
    ----------
    input_size, output_size : int
        Sizes along one axis.
    max_kernel_size, max_stride, max_padding, max_dilation : int
        The largest number to try.

    Returns
    -------
    list of Setting
        Small dilations first, then small strides, kernels and paddings.

    Raises
    ------
    ValueError
        If there is none; the message names the nearest sizes that can be reached.

    Examples
    --------
    >>> for setting in solve(4, 2, max_kernel_size=3, max_stride=2, max_padding=1, max_dilation=1):
    ...     print(setting)
    Setting(kernel_size=3, stride=1, padding=0, dilation=1)
    Setting(kernel_size=1, stride=2, padding=0, dilation=1)
    Setting(kernel_size=2, stride=2, padding=0, dilation=1)
    Setting(kernel_size=3, stride=2, padding=1, dilation=1)
    """
    reached = {}
    bounds = (1, max_dilation), (1, max_stride), (1, max_kernel_size), (0, max_padding)
    for d, s, k, p in product(*(range(low, high + 1) for low, high in bounds)):
        size = _places(input_size, k, s, (p, p), d)
        if size > 0 and (k > 1 or d == 1):  # a single tap has no gaps to widen
            reached.setdefault(size, []).append(Setting(k, s, p, d))
    if output_size not in reached:
        nearest = sorted(reached, key=lambda size: abs(size - output_size))[:2]
        raise refuse("no setting", input_size=input_size, output_size=output_size, nearest=nearest)
    return reached[output_size]
