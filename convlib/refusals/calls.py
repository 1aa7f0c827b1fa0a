"""What PyTorch refuses in one call of an operation, in the order in which it looks."""

from functools import lru_cache

import numpy as np

from .. import shapes
from ..shapes import Window, check_output_padding, count_transposed, count_windows
from . import refuse
from .arguments import check_type, is_integer, read_integers, spread, unpack, wrong_type

ALWAYS_COMPUTED = set(map(np.dtype, ("f2", "f4", "f8", "c8", "c16", "i8")))
COMPUTED = ALWAYS_COMPUTED | set(map(np.dtype, ("i4", "i2", "i1", "u1")))

# A layer asks the same at every call. What is asked here are ints: as a key, True would pass for 1.
padding_sides = lru_cache(shapes.padding_sides)

# --- the operations ------------------------------------------------------------------------------


def check_conv2d(input, weight, bias, stride, padding, dilation, groups):
    """Check one call of `conv2d`, and return its `Window`."""
    _check_tensors("conv2d", input, weight, bias)
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    stride, padding, dilation, groups = _read_settings("conv2d", settings)
    if bias is not None and bias.dtype != input.dtype:
        raise refuse("bias dtype", input=input, bias=bias)

    x = _as_batch("conv2d", input)
    _check_complex(input, weight, bias)
    if isinstance(padding, str) and padding not in ("same", "valid"):
        raise refuse("padding word", padding=padding)
    _check_weight_and_groups(weight, groups)
    if padding == "same":
        _check_same(x, weight, stride, dilation)

    axes = weight.ndim - 2
    stride = spread("stride", stride, axes)
    padding = padding if isinstance(padding, str) else spread("padding", padding, axes)
    dilation = spread("dilation", dilation, axes)
    if not isinstance(padding, str):
        spread("output_padding", (0, 0), axes)  # PyTorch passes on one of its own
    sides = padding_sides(padding, weight.shape[2:], stride, dilation)
    _check_steps(sides, stride, dilation)
    seen = _even_out(x.shape, sides) if padding == "same" else x.shape
    _check_filters(seen, weight, groups)
    _check_channels(seen, weight, bias, groups)

    N, C_in = x.shape[:2]
    if N == 0 and C_in > 0:
        _check_kernel_size(weight)
    window = _sliding_window(x.shape[2:], weight.shape[2:], stride, sides, dilation)
    if N == 0 or C_in == 0:
        return window  # PyTorch stops checking here
    _check_pixels(seen)
    _check_kernel_size(weight)
    if min(dilation) < 1:
        raise refuse("zero dilation", dilation=dilation)
    _check_dtype(input, weight, dilation)
    return window


def check_conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation):
    """Check one call of `conv_transpose2d`, and return its `Window`."""
    _check_tensors("conv_transpose2d", input, weight, bias)
    settings = {"stride": stride, "padding": padding, "output_padding": output_padding}
    settings |= {"groups": groups, "dilation": dilation}
    settings = _read_settings("conv_transpose2d", settings)
    stride, padding, output_padding, groups, dilation = settings

    x = _as_batch("conv_transpose2d", input)
    _check_complex(input, weight, bias)
    _check_weight_and_groups(weight, groups)
    axes = weight.ndim - 2
    stride = spread("stride", stride, axes)
    padding = spread("padding", padding, axes)
    dilation = spread("dilation", dilation, axes)
    output_padding = spread("output_padding", output_padding, axes)
    sides = padding_sides(padding, weight.shape[2:], stride, dilation)
    _check_steps(sides, stride, dilation, output_padding)
    _check_filters(x.shape, weight, groups)
    _check_transposed_channels(x.shape, weight, bias, groups)

    N = len(x)  # of an empty batch, PyTorch asks less
    if N > 0:
        _check_pixels(x.shape)
    _check_kernel_size(weight)
    if N > 0:
        if min(dilation) < 1:
            raise refuse("transposed zero dilation", dilation=dilation)
        check_output_padding(output_padding, stride, dilation)
    if weight.shape[1] == 0:
        raise refuse("no filters", weight=weight)
    size = x.shape[2:]
    window = _painting_window(
        size, weight.shape[2:], stride, sides, output_padding, dilation, min(N, 1)
    )
    if N > 0:
        _check_transposed_dtype(input, weight)
    if bias is not None:
        _check_transposed_bias(input, bias)
    return window


def check_pad(input, pad, mode, value):
    """Check one call of `pad`; return (before, after) for each axis."""
    if not isinstance(input, np.ndarray):
        raise wrong_type("pad", "input", input, "Tensor")
    if not isinstance(pad, (tuple, list)):
        raise wrong_type("pad", "pad", pad, "tuple of ints")
    pad = read_integers("pad", pad, "pad")
    axes = len(pad) // 2  # so many are padded, counted from the last
    if mode not in ("constant", "reflect", "replicate", "circular"):
        raise refuse("pad mode", mode=mode)
    if len(pad) % 2 != 0:
        raise refuse("pad odd", pad=pad, count=len(pad))
    if axes > input.ndim:
        raise refuse("pad long", pad=pad, count=len(pad), rank=input.ndim)
    if mode != "constant":
        if value:
            raise refuse("pad value", mode=mode, value=value)
        if not 1 <= axes <= 3 or input.ndim not in (axes + 1, axes + 2):
            raise refuse("pad rank", mode=mode, count=len(pad), rank=input.ndim)
    if mode in ("reflect", "replicate"):
        _check_copied(input, axes, mode)

    pairs = list(zip(pad[::2], pad[1::2], strict=True))
    sides = [(0, 0)] * (input.ndim - axes) + pairs[::-1]
    left = tuple(size + sum(side) for size, side in zip(input.shape, sides, strict=True))
    for axis in reversed(range(input.ndim)):
        _check_border(input, sides, axis, mode)
        if mode in ("reflect", "replicate") and max(left[-axes:]) < 1:
            raise _nothing_left(pad, input.shape[-axes:], left[-axes:])
        if left[axis] < 0 or (mode == "constant" and input.shape[axis] + min(sides[axis]) < 0):
            before, after = sides[axis]
            size = input.shape[axis]
            raise refuse("negative pad", axis=axis, size=size, before=before, after=after)
    return sides


# --- what is read before anything is compared ----------------------------------------------------


def _check_tensors(caller, input, weight, bias):
    for name, array in (("input", input), ("weight", weight), ("bias", bias)):
        is_left_out = array is None and name == "bias"
        if not isinstance(array, np.ndarray) and not is_left_out:
            raise wrong_type(caller, name, array, "Tensor")


def _read_settings(caller, settings):
    """Read settings that stand in the order of the signature.

    PyTorch looks at the type of each, and unpacks them only then, the last one first.
    """
    words = {"padding"} if caller == "conv2d" and isinstance(settings["padding"], str) else set()
    for name, value in settings.items():
        if name == "groups" and not is_integer(value):
            raise wrong_type(caller, name, value, "int")
        if name not in {"groups", *words}:
            check_type(caller, name, value)
    read = dict(settings)
    for name in reversed(settings):
        if name not in words:
            read[name] = unpack(caller, name, settings[name])
    read["groups"] = read["groups"][0]
    return read.values()


def _as_batch(caller, input):
    if input.ndim < 3:
        raise refuse("input rank", caller=caller, input=input)
    if input.ndim > 4:
        raise refuse("input rank too high", caller=caller, input=input)
    return input if input.ndim == 4 else input[None]


def _check_complex(input, weight, bias):
    """Complex numbers go a way of their own, which compares the dtypes at once."""
    if input.dtype.kind != "c":
        return
    if weight.dtype != input.dtype:
        raise refuse("complex weight dtype", input=input, weight=weight)
    if bias is not None and bias.dtype != input.dtype:
        raise refuse("complex bias dtype", input=input, bias=bias)


# --- the shapes of a convolution -----------------------------------------------------------------


def _check_weight_and_groups(weight, groups):
    if weight.ndim < 3:
        raise refuse("weight rank", weight=weight)
    if groups < 1:
        raise refuse("groups", groups=groups)


def _check_same(x, weight, stride, dilation):
    """Check what PyTorch asks first if the padding is 'same'."""
    if weight.ndim != 4:
        raise refuse("same ranks differ", x=x, weight=weight)
    if len(stride) not in (1, 2):
        raise refuse("broadcast", name="stride", count=len(stride), dims=2)
    if len(dilation) not in (1, 2):
        raise refuse("broadcast", name="dilation", count=len(dilation), dims=2)


def _check_steps(sides, stride, dilation, output_padding=(0,)):
    padding = tuple(before for before, _ in sides)
    if min(padding) < 0:
        raise refuse("padding", padding=padding)
    if min(output_padding) < 0:
        raise refuse("output_padding", output_padding=output_padding)
    if min(stride) < 1:
        raise refuse("stride", stride=stride)
    if min(dilation) < 0:
        raise refuse("dilation", dilation=dilation)


def _even_out(shape, sides):
    """Give the shape that PyTorch's messages name if the padding is 'same'.

    Where that needs one row or column more on one side, PyTorch first pads the input by it.
    """
    sizes = zip(shape[2:], sides, strict=True)
    return (*shape[:2], *(size + after - before for size, (before, after) in sizes))


def _check_filters(shape, weight, groups):
    if weight.ndim != 4:
        raise refuse("ranks differ", x=shape, x_ndim=4, weight=weight)
    if len(weight) < groups:
        raise refuse("too few filters", groups=groups, weight=weight)
    if len(weight) % groups != 0:
        raise refuse("filters per group", groups=groups, weight=weight)


def _check_channels(shape, weight, bias, groups):
    C_in = weight.shape[1] * groups
    if shape[1] != C_in:
        raise refuse(
            "channels", groups=groups, weight=weight, x=shape, C_in=C_in, channels=shape[1]
        )
    if bias is not None and bias.shape != (len(weight),):
        raise refuse("bias shape", weight=weight, bias=bias, C_out=len(weight))


def _check_transposed_channels(shape, weight, bias, groups):
    C_in = len(weight)
    C_out = weight.shape[1] * groups
    if shape[1] != C_in:
        raise refuse("transposed channels", weight=weight, x=shape, C_in=C_in, channels=shape[1])
    if bias is not None and bias.shape != (C_out,):
        raise refuse("transposed bias shape", weight=weight, bias=bias, C_out=C_out)


def _check_pixels(shape):
    if 0 in shape:
        raise refuse("empty", x=shape)


def _check_kernel_size(weight):
    if min(weight.shape[2:]) < 1:
        raise refuse("kernel_size", kernel_size=weight.shape[2:])


# --- the moving window ---------------------------------------------------------------------------


@lru_cache
def _sliding_window(size, kernel_size, stride, sides, dilation):
    places = count_windows(size, kernel_size, stride, sides, dilation)
    padded = tuple(n + sum(side) for n, side in zip(size, sides, strict=True))
    return Window(kernel_size, _reached(stride, padded), sides, _reached(dilation, padded), places)


@lru_cache
def _painting_window(size, kernel_size, stride, sides, output_padding, dilation, least):
    places = count_transposed(size, kernel_size, stride, sides, output_padding, dilation, least)
    canvas = tuple(n + sum(side) for n, side in zip(places, sides, strict=True))
    return Window(kernel_size, _reached(stride, canvas), sides, _reached(dilation, canvas), places)


def _reached(steps, sizes):
    """Shorten the steps that lead out of the image: they are never taken, and may be huge."""
    return tuple(min(step, max(size, 1)) for step, size in zip(steps, sizes, strict=True))


# --- dtypes --------------------------------------------------------------------------------------


def _check_dtype(input, weight, dilation):
    if max(dilation) > 1 and input.dtype not in ALWAYS_COMPUTED:
        raise refuse("dilated dtype", input=input, dilation=dilation)
    if input.dtype not in COMPUTED:
        raise refuse("dtype", input=input)
    if weight.dtype != input.dtype:
        raise refuse("weight dtype", input=input, weight=weight)


def _check_transposed_dtype(input, weight):
    if input.dtype not in ALWAYS_COMPUTED:
        raise refuse("transposed dtype", input=input)
    if weight.dtype != input.dtype:
        raise refuse("weight dtype", input=input, weight=weight)


def _check_transposed_bias(input, bias):
    """Refuse a bias that cannot be added in place; another dtype alone is no reason."""
    if np.can_cast(bias.dtype, input.dtype, "same_kind"):
        return
    wider = bias.dtype if input.dtype.kind in "iu" else np.result_type(input, bias)
    raise refuse("transposed bias dtype", input=input, bias=bias, sum=np.empty(0, wider))


# --- pad -----------------------------------------------------------------------------------------


def _check_copied(input, axes, mode):
    if 0 in input.shape[input.ndim - axes - 1 :]:
        raise refuse("pad empty", mode=mode, input=input, low=axes + 1, high=axes + 2)
    if input.dtype in COMPUTED:
        return
    if mode == "reflect":
        raise refuse("reflect dtype", input=input, n=axes)
    raise refuse("replicate dtype", input=input, n=axes)


def _check_border(input, sides, axis, mode):
    """Refuse a border that is larger than what it copies."""
    before, after = sides[axis]
    size = input.shape[axis]
    if mode == "reflect" and max(before, after) >= max(size, 1):
        raise refuse(
            "reflect",
            number=2 * (input.ndim - axis + 1),
            before=before,
            after=after,
            axis=axis,
            size=size,
            input=input,
        )
    if mode == "circular" and max(before, after) > size:
        raise refuse("circular", axis=axis, size=size, before=before, after=after)


def _nothing_left(pad, inner, left):
    """Build the error for a border that cuts off every axis."""
    if len(inner) == 1:
        return refuse("pad 1 axes", pad=pad, inner=inner, left=left)
    if len(inner) == 2:
        return refuse("pad 2 axes", pad=pad, inner=inner, left=left)
    return refuse("pad 3 axes", pad=pad, inner=inner, left=left)
