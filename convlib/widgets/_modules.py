"""The layers of a network as plain dicts: their settings, and the shapes that they put out.

`math/modules.js` has the same for the page, and for more kinds; a test holds them together.
"""

from math import floor, prod

from ..shapes import effective_kernel_size, output_size, transposed_output_size, weight_shape
from ._settings import pair, whole, word

FILLED_IN = ("in_channels", "num_features", "num_channels", "in_features")
REQUIRED = ...
GIVEN = None  # what comes in decides
CONV = {"out_channels": REQUIRED, "kernel_size": REQUIRED, "stride": 1, "padding": 0}
POOL = {"kernel_size": REQUIRED, "stride": None, "padding": 0}  # None: the kernel size
NORM = {"num_features": GIVEN}

# The settings of each kind with their defaults, in PyTorch's order.
KINDS = {
    "Conv2d": {
        "in_channels": GIVEN,
        **CONV,
        "dilation": 1,
        "groups": 1,
        "bias": True,
        "padding_mode": "zeros",
    },
    "MaxPool2d": {**POOL, "dilation": 1, "ceil_mode": False},
    "AvgPool2d": {**POOL, "ceil_mode": False},
    "ConvTranspose2d": {
        "in_channels": GIVEN,
        **CONV,
        "output_padding": 0,
        "groups": 1,
        "bias": True,
        "dilation": 1,
    },
    "BatchNorm2d": {**NORM, "affine": True},
    "InstanceNorm2d": {**NORM, "affine": False},
    "GroupNorm": {"num_groups": REQUIRED, "num_channels": GIVEN, "affine": True},
    "ReLU": {},
    "ReLU6": {},
    "LeakyReLU": {"negative_slope": 0.01},
    "ELU": {},
    "GELU": {},
    "SiLU": {},
    "Mish": {},
    "Hardswish": {},
    "Hardsigmoid": {},
    "Sigmoid": {},
    "Tanh": {},
    "Softmax": {"dim": 1},
    "Dropout": {"p": 0.5},
    "Dropout2d": {"p": 0.5},
    "Identity": {},
    "AdaptiveAvgPool2d": {"output_size": REQUIRED},
    "AdaptiveMaxPool2d": {"output_size": REQUIRED},
    "Flatten": {"start_dim": 1, "end_dim": -1},
    "Linear": {"in_features": GIVEN, "out_features": REQUIRED, "bias": True},
    "Upsample": {"size": None, "scale_factor": None, "mode": "nearest", "align_corners": None},
    "PixelShuffle": {"upscale_factor": REQUIRED},
    "ZeroPad2d": {"padding": REQUIRED},
    "add": {},
    "mul": {},
    "cat": {"dim": 1},
    "mean": {"dim": [2, 3], "keepdim": False},
    # A step that is none of these, with what was measured of it.
    "other": {
        "text": REQUIRED,
        "output": None,
        "parameters": 0,
        "macs": 0,
        "pointwise": False,
        "error": None,
    },
}
DEFAULTS = {
    kind: {
        name: value
        for name, value in settings.items()
        if value is not REQUIRED and name not in FILLED_IN
    }
    for kind, settings in KINDS.items()
}
JOINS = ("add", "mul", "cat")
# What the table has room for.
LIMITS = {
    "layers": (1, 1000),
    "in_channels": (1, 65536),
    "input_size": (1, 65536),
    "batch": (1, 65536),
    "out_channels": (1, 65536),
    "num_features": (1, 65536),
    "num_channels": (1, 65536),
    "num_groups": (1, 65536),
    "in_features": (1, 2**31),
    "out_features": (1, 2**20),
    "kernel_size": (1, 1024),
    "stride": (1, 1024),
    "padding": (0, 1024),
    "output_padding": (0, 1023),
    "dilation": (1, 1024),
    "groups": (1, 65536),
    "output_size": (1, 65536),
    "size": (1, 65536),
    "upscale_factor": (1, 64),
}
PAIRS = ("kernel_size", "stride", "padding", "output_padding", "dilation", "output_size", "size")
MODES = ("zeros", "reflect", "replicate", "circular")
MOST_SIZE = 65536


def complete(layer):
    """Give a layer the settings that it leaves out, in PyTorch's order.

    What comes in decides on the others: ``in_channels``, ``num_features`` and their like stay away.
    """
    kind = word("kind", layer.get("kind"), tuple(KINDS))
    defaults = KINDS[kind]
    for name in layer:
        if name not in ("kind", "name", "from"):
            word(f"a setting of {kind}", name, tuple(defaults))
    if missing := [name for name in defaults if defaults[name] is REQUIRED and name not in layer]:
        raise TypeError(f"a {kind} needs {' and '.join(missing)}")
    known = {**DEFAULTS[kind], **layer}
    full = {"kind": kind} | {name: known[name] for name in defaults if name in known}
    if full.get("stride", 1) is None:
        full["stride"] = full["kernel_size"]
    if kind in JOINS and "from" not in layer:
        raise TypeError(f"{kind} needs 'from', the rows that it reads, such as [3, 7]")
    return full | {name: layer[name] for name in ("from", "name") if name in layer}


def plain(layer, row):
    """Return a complete layer with plain numbers, or raise what the table has no room for."""
    checked = {}
    for name, value in layer.items():
        if name == "from":
            value = _sources(value, row)
        elif name == "padding_mode":
            word(name, value, MODES)
        elif name == "padding" and isinstance(value, str):
            word(name, value, ("same", "valid"))
        elif name == "padding" and layer["kind"] == "ZeroPad2d":
            value = list(value) if isinstance(value, (tuple, list)) else value
        elif name in LIMITS and value is not None:
            value = _sizes(name, value)
        elif isinstance(value, tuple):
            value = list(value)
        elif name in ("bias", "affine", "ceil_mode", "keepdim"):
            value = bool(value)
        checked[name] = value
    return checked


def _sizes(name, value):
    """Return a number; or a pair of them, height first, unless both are the same."""
    if not isinstance(value, (tuple, list)) or name not in PAIRS:
        return whole(name, value, LIMITS[name])
    numbers = [whole(name, each, LIMITS[name]) for each in value]
    if len(numbers) != 2:
        raise ValueError(f"{name}={value!r}, but it is one number, or height and width")
    return numbers[0] if numbers[0] == numbers[1] else numbers


def _sources(value, row):
    if not isinstance(value, (tuple, list)) or not value:
        raise TypeError(f"from={value!r}, but it is a list of the rows that are read")
    return [whole("from", each, (-1, row - 1)) for each in value]


def output_shape(layer, shapes):
    """Return the shape that a complete layer puts out.

    Parameters
    ----------
    layer : dict
    shapes : list of tuple
        What comes in, (N, C, H, W) or (N, F); a join has several.

    Raises
    ------
    ValueError, RuntimeError, IndexError
        What PyTorch raises.
    """
    shape = tuple(shapes[0])
    return tuple(_SHAPES.get(layer["kind"], _same)(layer, shape, shapes))


def filled_in(layer, shape):
    """Return a layer with the numbers that what comes in decides."""
    channels = shape[1] if len(shape) > 1 else shape[0]
    decided = dict.fromkeys(FILLED_IN, channels) | {"in_features": shape[-1]}
    missing = [name for name in FILLED_IN if name in KINDS[layer["kind"]] and name not in layer]
    return {**layer, **{name: decided[name] for name in missing}}


def _same(layer, shape, shapes):
    return shape


def _measured(layer, shape, shapes):
    if layer["error"]:
        raise RuntimeError(layer["error"])
    return layer["output"]


def _image(shape, caller):
    if len(shape) not in (3, 4):
        raise RuntimeError(
            f"Expected 3D (unbatched) or 4D (batched) input to {caller}, but got input of size:"
            f" {list(shape)}\n  The layer reads an image: (N, C, H, W)."
        )


def _convolution(layer, shape, shapes):
    layer = filled_in(layer, shape)
    transposed = layer["kind"] == "ConvTranspose2d"
    if isinstance(layer["padding"], str) and layer["padding"] not in ("same", "valid"):
        raise ValueError(
            f"Invalid padding string {layer['padding']!r}, should be one of {{'same', 'valid'}}"
        )
    weight = weight_shape(
        layer["in_channels"], layer["out_channels"], layer["kernel_size"], layer["groups"]
    )
    _image(shape, "conv_transpose2d" if transposed else "conv2d")
    if shape[-3] != layer["in_channels"]:
        full = list((1,) * (4 - len(shape)) + shape)
        if transposed:
            weight = (layer["in_channels"], layer["out_channels"] // layer["groups"], *weight[2:])
        given = "transposed=1" if transposed else f"groups={layer['groups']}"
        raise RuntimeError(
            f"Given {given}, weight of size {list(weight)}, expected input{full} to have"
            f" {layer['in_channels']} channels, but got {full[1]} channels instead\n"
            f"  Use in_channels={full[1]}."
        )
    sizes = shape[-2:]
    steps = layer["kernel_size"], layer["stride"], layer["padding"]
    if transposed:
        after = transposed_output_size(sizes, *steps, layer["output_padding"], layer["dilation"])
    else:
        if layer["padding"] == "same" and pair(layer["stride"]) != (1, 1):
            raise ValueError("padding='same' is not supported for strided convolutions")
        after = output_size(_framed(layer, shape), *_bare(layer, steps), layer["dilation"])
    return (*shape[:-3], layer["out_channels"], *after)


def _framed(layer, shape):
    """Return the sizes with a border that is no zeros, or raise what its mode forbids."""
    mode, sizes = layer["padding_mode"], shape[-2:]
    if mode == "zeros":
        return sizes
    if layer["padding"] == "valid":
        return sizes
    reaches = pair(effective_kernel_size(pair(layer["kernel_size"]), pair(layer["dilation"])))
    if layer["padding"] == "same":
        sides = [((reach - 1) // 2, reach - 1 - (reach - 1) // 2) for reach in reaches]
    else:
        sides = [(each, each) for each in pair(layer["padding"])]
    for axis, number in ((1, 4), (0, 6)):
        if mode == "reflect" and max(sides[axis]) >= sizes[axis]:
            raise RuntimeError(
                f"Argument #{number}: Padding size should be less than the corresponding input"
                f" dimension, but got: padding {sides[axis]} at dimension {axis + 2} of input"
                f" {list(shape)}"
            )
    if mode == "circular" and any(
        max(side) > size for side, size in zip(sides, sizes, strict=True)
    ):
        raise RuntimeError("Padding value causes wrapping around more than once.")
    return tuple(size + sum(side) for size, side in zip(sizes, sides, strict=True))


def _bare(layer, steps):
    """Return kernel_size, stride and padding; the border that is no zeros is there already."""
    return steps if layer["padding_mode"] == "zeros" else (*steps[:2], 0)


def _pool(layer, shape, shapes):
    if len(shape) not in (3, 4):
        raise RuntimeError("non-empty 3D or 4D (batch mode) tensor expected for input")
    kernels, strides, paddings = (
        pair(layer[name]) for name in ("kernel_size", "stride", "padding")
    )
    dilations = pair(layer.get("dilation", 1))
    axes = list(zip(shape[-2:], kernels, strides, paddings, dilations, strict=True))
    for _, k, _, padding, dilation in axes:
        reach = effective_kernel_size(k, dilation)
        if padding > reach // 2:
            raise RuntimeError(
                "pad should be at most half of effective kernel size, but got"
                f" pad={padding}, kernel_size={k} and dilation={dilation}\n"
                f"  The window spans {reach} pixels. A larger padding could leave it without any.\n"
                f"  Use padding={k // 2} or less."
            )
    if any(padding > k // 2 for _, k, _, padding, _ in axes):
        raise RuntimeError(
            "pad should be smaller than or equal to half of kernel size, but got"
            f" padW = {paddings[1]}, padH = {paddings[0]}, kW = {kernels[1]}, kH = {kernels[0]}\n"
            "  PyTorch compares with the kernel without its gaps.\n"
            f"  Use padding={tuple(k // 2 for k in kernels)} or less."
        )
    after = [_windows(*axis, layer["ceil_mode"]) for axis in axes]
    if min(after) < 1:
        before = "x".join(map(str, shape[-3:]))
        computed = "x".join(map(str, (shape[-3], *after)))
        raise RuntimeError(
            f"Given input size: ({before}). Calculated output size: ({computed}). Output size is"
            " too small\n  The window is larger than the input with its padding.\n"
            "  Use a larger image, or a smaller window."
        )
    return (*shape[:-2], *after)


def _windows(size, kernel_size, stride, padding, dilation, ceil_mode):
    travel = size + 2 * padding - effective_kernel_size(kernel_size, dilation)
    count = (travel + (stride - 1 if ceil_mode else 0)) // stride + 1
    return count - 1 if ceil_mode and (count - 1) * stride >= size + padding else count


def _norm(layer, shape, shapes):
    if layer["kind"] == "GroupNorm":
        return _group_norm(layer, shape)
    instance = layer["kind"] == "InstanceNorm2d"
    if len(shape) != 4 and not (instance and len(shape) == 3):
        wanted = "3D or 4D" if instance else "4D"
        raise ValueError(f"expected {wanted} input (got {len(shape)}D input)")
    wanted, channels = filled_in(layer, shape)["num_features"], shape[-3]
    if wanted != channels and not instance:
        raise RuntimeError(
            f"running_mean should contain {channels} elements not {wanted}\n"
            f"  {channels} channels come in.\n  Use num_features={channels}."
        )
    if wanted != channels and layer["affine"]:
        raise ValueError(
            f"expected input's size at dim={len(shape) - 3} to match num_features ({wanted}), but"
            f" got: {channels}."
        )
    return shape


def _group_norm(layer, shape):
    groups, channels = layer["num_groups"], filled_in(layer, shape)["num_channels"]
    if channels % groups:
        raise ValueError(f"num_channels ({channels}) must be divisible by num_groups ({groups})")
    if shape[1] % groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of"
            f" shape {list(shape)} and num_groups={groups}"
        )
    if layer["affine"] and shape[1] != channels:
        raise RuntimeError(
            "Expected weight to be a vector of size equal to the number of channels in input, but"
            f" got weight of shape [{channels}] and input of shape {list(shape)}"
        )
    return shape


def _adaptive(layer, shape, shapes):
    means = layer["kind"] == "AdaptiveAvgPool2d" and pair(layer["output_size"]) == (1, 1)
    if len(shape) not in (3, 4) and not (means and len(shape) > 1):
        name = "avg" if layer["kind"] == "AdaptiveAvgPool2d" else "max"
        colon = ":" if name == "max" else ""
        raise RuntimeError(
            f"adaptive_{name}_pool2d(): Expected 3D or 4D tensor, but got{colon} {list(shape)}"
        )
    return (*shape[:-2], *pair(layer["output_size"]))


def _flatten(layer, shape, shapes):
    for dim in (layer["start_dim"], layer["end_dim"]):
        _dimension(dim, len(shape))
    start, end = (dim % len(shape) for dim in (layer["start_dim"], layer["end_dim"]))
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    return (*shape[:start], prod(shape[start : end + 1]), *shape[end + 1 :])


def _dimension(dim, rank):
    if not -rank <= dim < rank:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-rank}, {rank - 1}], but got"
            f" {dim})"
        )


def _linear(layer, shape, shapes):
    wanted = filled_in(layer, shape)["in_features"]
    if shape[-1] != wanted:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({prod(shape[:-1])}x{shape[-1]} and"
            f" {wanted}x{layer['out_features']})\n"
            f"  The layer reads {wanted} numbers, and {shape[-1]} come in.\n"
            f"  Use in_features={shape[-1]}, or a Flatten before."
        )
    return (*shape[:-1], layer["out_features"])


def _upsample(layer, shape, shapes):
    size, factor = layer["size"], layer["scale_factor"]
    if (size is None) == (factor is None):
        which = "either" if size is None else "only one of"
        raise ValueError(f"{which} size or scale_factor should be defined")
    if size is not None:
        return (*shape[:2], *pair(size))
    factors = pair(factor)
    return (*shape[:2], *(floor(n * each) for n, each in zip(shape[2:], factors, strict=True)))


def _pixel_shuffle(layer, shape, shapes):
    factor, channels = layer["upscale_factor"], shape[-3]
    if channels % factor**2:
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square"
            f" of upscale_factor, but input.size(-3)={channels} is not divisible by {factor**2}"
        )
    height, width = shape[-2:]
    return (*shape[:-3], channels // factor**2, height * factor, width * factor)


def _zero_pad(layer, shape, shapes):
    padding = layer["padding"]
    left, right, top, bottom = padding if isinstance(padding, list) else [padding] * 4
    return (*shape[:-2], shape[-2] + top + bottom, shape[-1] + left + right)


def _pointwise(layer, shape, shapes):
    for other in shapes[1:]:
        shape = _broadcast(shape, tuple(other))
    return shape


def _broadcast(one, other):
    rank = max(len(one), len(other))
    one, other = ((1,) * (rank - len(each)) + tuple(each) for each in (one, other))
    for axis in reversed(range(rank)):
        if one[axis] != other[axis] and 1 not in (one[axis], other[axis]):
            raise RuntimeError(
                f"The size of tensor a ({one[axis]}) must match the size of tensor b"
                f" ({other[axis]}) at non-singleton dimension {axis}"
            )
    return tuple(b if a == 1 else a for a, b in zip(one, other, strict=True))


def _cat(layer, shape, shapes):
    _dimension(layer["dim"], len(shape))
    along = layer["dim"] % len(shape)
    for index, other in enumerate(shapes[1:], 1):
        if len(other) != len(shape):
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {len(shape)} and {len(other)}"
            )
        for axis, (wanted, found) in enumerate(zip(shape, other, strict=True)):
            if axis != along and wanted != found:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {along}. Expected size"
                    f" {wanted} but got size {found} for tensor number {index} in the list."
                )
    return (*shape[:along], sum(each[along] for each in shapes), *shape[along + 1 :])


def _mean(layer, shape, shapes):
    dims = layer["dim"] if isinstance(layer["dim"], (list, tuple)) else [layer["dim"]]
    for dim in dims:
        _dimension(dim, len(shape))
    axes = {dim % len(shape) for dim in dims}
    kept = [1 if axis in axes else size for axis, size in enumerate(shape)]
    return kept if layer["keepdim"] else [n for axis, n in enumerate(shape) if axis not in axes]


_SHAPES = {
    "Conv2d": _convolution,
    "ConvTranspose2d": _convolution,
    "MaxPool2d": _pool,
    "AvgPool2d": _pool,
    "BatchNorm2d": _norm,
    "InstanceNorm2d": _norm,
    "GroupNorm": _norm,
    "AdaptiveAvgPool2d": _adaptive,
    "AdaptiveMaxPool2d": _adaptive,
    "Flatten": _flatten,
    "Linear": _linear,
    "Upsample": _upsample,
    "PixelShuffle": _pixel_shuffle,
    "ZeroPad2d": _zero_pad,
    "add": _pointwise,
    "mul": _pointwise,
    "cat": _cat,
    "mean": _mean,
    "other": _measured,
}
