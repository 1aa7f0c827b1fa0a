"""Sizes: what a convolution does to height and width, in plain integers.

Along one axis, with input size i, kernel size k, stride s, padding p and dilation d:

    output size = floor((i + 2 p - d (k - 1) - 1) / s) + 1

Every size is an int, or a pair (height, width). When all are ints, so is the answer.

References
----------
Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285.
"""

from collections import namedtuple
from itertools import product
from math import prod
from numbers import Integral

from ._errors import refuse

# One answer of `solve`: what decides the output size along one axis.
Setting = namedtuple("Setting", "kernel_size stride padding dilation")

# --- reading sizes -------------------------------------------------------------------------------

SMALLEST = {"kernel_size": 1, "stride": 1, "dilation": 1}  # and 0 for all others


def wrong_type(caller, name, value, wanted):
    """Build PyTorch's TypeError for a whole argument."""
    kind = type(value).__name__
    found = f"not {kind}"
    if isinstance(value, (tuple, list)):
        found = f"but found element of type {type(value[0]).__name__} at pos 0"
    position = 1 if name == "input" else 2  # in the signature of pad
    return refuse(f"{caller} type", **locals())


def read_integers(name, value, caller="conv2d"):
    """Read a size argument as PyTorch does: 3 means (3, 3); tuples and lists keep their length."""
    values = value if isinstance(value, (tuple, list)) else (value, value)
    for place, item in enumerate(values, start=1):
        if type(item) is not int:  # a NumPy integer is welcome, True in front is not
            kind, number = type(item).__name__, isinstance(item, Integral)
            if place == 1 and (kind == "bool" or not number):
                raise wrong_type(caller, name, value, "tuple of ints")
            if not number:
                raise refuse("element type", **locals())
        if not -(2**63) <= item < 2**63:
            raise refuse("overflow", name=name, value=item)
    return tuple(map(int, values))


def spread(name, values, dims=2, rule="how many"):
    """Give each axis its number; a single one serves them all."""
    if len(values) not in (1, dims):
        raise refuse(rule, name=name, value=values, count=len(values), dims=dims)
    return values * dims if len(values) == 1 else values


def as_tuple(value):
    """Double a number, and turn anything else into a tuple of its own length."""
    return tuple(value) if hasattr(value, "__iter__") else (value, value)


def _pairs(arguments, caller="conv2d"):
    """Read the arguments of a public function, given as a dictionary, and check their range."""
    pairs = {}
    for name, value in arguments.items():
        pairs[name] = value
        if not (name == "padding" and isinstance(value, str) and caller == "conv2d"):
            pairs[name] = spread(name, read_integers(name, value, caller))
            if (least := min(pairs[name])) < SMALLEST.get(name, 0):
                raise refuse(name, least=least, **pairs)
    return pairs.values()


def _like(answer, *arguments):
    """Turn a pair into one value if every argument was a single value."""
    return answer if any(isinstance(a, (tuple, list)) for a in arguments) else answer[0]


# --- along one axis, with the letters from above -------------------------------------------------


def _reach(k, d):
    return d * (k - 1) + 1


def _places(i, k, s, sides, d):
    return (i + sum(sides) - _reach(k, d)) // s + 1


def _same(k, d):
    return (_reach(k, d) - 1) // 2, _reach(k, d) // 2


# --- along both axes -----------------------------------------------------------------------------


def padding_sides(padding, kernel_size, stride, dilation):
    """Write any form of padding as ``((top, bottom), (left, right))``."""
    if padding == "same":
        if set(stride) != {1}:
            raise refuse("same stride", stride=stride)
        return tuple(map(_same, kernel_size, dilation))
    if isinstance(padding, str) and padding != "valid":
        raise refuse("padding word", padding=padding)
    padding = (0,) * len(kernel_size) if padding == "valid" else padding
    return tuple(zip(padding, padding, strict=True))


def count_windows(input_size, kernel_size, stride, sides, dilation):
    """Apply the output-size formula."""
    places = tuple(map(_places, input_size, kernel_size, stride, sides, dilation))
    if min(places) < 1:
        padded = _times(i + sum(side) for i, side in zip(input_size, sides, strict=True))
        raise refuse("too small", padded=padded, reach=_times(map(_reach, kernel_size, dilation)))
    return places


def count_transposed(input_size, kernel_size, stride, sides, dilation, output_padding):
    """Apply the transposed formula."""
    axes = [*zip(input_size, kernel_size, stride, sides, output_padding, dilation, strict=True)]
    places = tuple((i - 1) * s - sum(p) + _reach(k, d) + e for i, k, s, p, e, d in axes)
    if broken := (
        (min(output_padding) < 0 and "output_padding")
        or (any(e >= max(s, d) for *_, s, _, e, d in axes) and "output_padding limit")
        or (min(places) < 1 and "output too small")
    ):
        given, computed = _times(input_size), _times(places)
        raise refuse(broken, **locals())
    return places


def _times(sizes):
    return " x ".join(map(str, sizes))


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
    return _like(tuple(map(_reach, *_pairs(locals()))), kernel_size, dilation)


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
    return _like(tuple(map(_same, *_pairs(locals()))), kernel_size, dilation)


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
    i, k, s, p, d = _pairs(locals())
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
    i, k, s, p, extra, d = _pairs(locals(), "conv_transpose2d")
    answer = count_transposed(i, k, s, padding_sides(p, k, s, d), d, extra)
    return _like(answer, input_size, kernel_size, stride, padding, output_padding, dilation)


# --- weights and costs ---------------------------------------------------------------------------


def check_groups(in_channels, out_channels, groups):
    """Refuse channel counts that do not split into `groups` equal parts, as ``nn.Conv2d`` does."""
    try:
        broken = (
            (groups <= 0 and "layer groups")
            or (in_channels % groups and "in_channels")
            or (out_channels % groups and "out_channels")
        )
    except TypeError as error:
        raise refuse("layer type", error=error, given=(in_channels, out_channels, groups)) from None
    if broken:
        raise refuse(broken, **locals())


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
    if (least := min(shape)) < 0:
        raise refuse("weight size", least=least, shape=shape)
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
    size, jump, start, given = (1, 1), (1, 1), (0, 0), []
    for layer in layers:
        if hasattr(layer, "kernel_size"):
            layer = (layer.kernel_size, layer.stride, layer.padding, layer.dilation)
        layer = (*layer, *(1, 0, 1)[len(layer) - 1 :])  # the defaults of what was left out
        given += layer
        k, s, p, d = _pairs(dict(zip(Setting._fields, layer, strict=True)))
        sides = padding_sides(p, k, s, d)
        size = tuple(z + (r - 1) * j for z, r, j in zip(size, map(_reach, k, d), jump, strict=True))
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
        raise refuse("no setting", **locals())
    return reached[output_size]
