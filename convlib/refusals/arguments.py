"""How an argument is read: its type, its whole numbers, one for both axes or one for each."""

from numbers import Integral

from . import refuse


def type_name(value):
    """Name a type as PyTorch does: NumPy's types with their module."""
    kind = type(value)
    return f"numpy.{kind.__name__}" if kind.__module__ == "numpy" else kind.__name__


def wrong_type(caller, name, value, wanted):
    """Build PyTorch's TypeError for a whole argument of `caller`."""
    kind = type_name(value)
    found = f"not {kind}"
    if wanted == "tuple of ints" and isinstance(value, (tuple, list)):
        found = f"but found element of type {type_name(value[0])} at pos 0"
    if caller == "conv_transpose2d":
        return refuse("conv_transpose2d type", name=name, wanted=wanted, found=found)
    if caller == "pad":
        position = 1 if name == "input" else 2  # in the signature of pad
        return refuse("pad type", name=name, position=position, wanted=wanted, found=found)
    if caller == "empty":
        return refuse("empty type", wanted=wanted, found=found)
    return refuse("conv2d type", name=name, kind=kind, wanted=wanted)


def is_integer(value):
    """Say whether PyTorch takes a number as a size: NumPy's integers too, but not True."""
    return isinstance(value, (int, Integral)) and not isinstance(value, bool)


def check_type(caller, name, value):
    """Refuse what is no size; of several numbers, PyTorch looks at the type of the first alone."""
    several = isinstance(value, (tuple, list))
    if several and len(value) == 0:
        return
    if not is_integer(value[0] if several else value):
        raise wrong_type(caller, name, value, "tuple of ints")


def unpack(caller, name, value):
    """Turn a size into ints: 3 means (3, 3); tuples and lists keep their length."""
    values = value if isinstance(value, (tuple, list)) else (value, value)
    for place, item in enumerate(values, start=1):
        if not isinstance(item, (int, Integral)):  # here, True passes for 1
            raise refuse(
                "element type",
                caller=caller,
                name=name,
                value=value,
                place=place,
                kind=type_name(item),
            )
        if not -(2**63) <= item < 2**63:
            if values is not value:
                raise refuse("overflow", name=name, value=item)
            raise refuse("element overflow", caller=caller, name=name, value=item, place=place)
    return tuple(map(int, values))


def read_integers(name, value, caller="conv2d"):
    """Read one size as PyTorch does."""
    check_type(caller, name, value)
    return unpack(caller, name, value)


def spread(name, values, dims=2):
    """Give each axis its number; a single one serves them all."""
    if len(values) not in (1, dims):
        raise refuse("how many", name=name, value=values, count=len(values), dims=dims)
    return values * dims if len(values) == 1 else values


def as_tuple(value):
    """Double a number, and turn anything else into a tuple of its own length."""
    return tuple(value) if hasattr(value, "__iter__") else (value, value)


def read_pairs(caller="conv2d", /, **sizes):
    """Read the sizes that a function of `shapes` was given, as pairs, and check their range."""
    pairs = {}
    for name, value in sizes.items():
        is_word = name == "padding" and isinstance(value, str) and caller == "conv2d"
        pairs[name] = value if is_word else spread(name, read_integers(name, value, caller))
    check_ranges(**pairs)
    return pairs.values()


def check_ranges(
    input_size=(0,), kernel_size=(1,), stride=(1,), padding=(0,), output_padding=(0,), dilation=(1,)
):
    """Refuse sizes that are too small for what they count."""
    if min(input_size) < 0:
        raise refuse("input_size", input_size=input_size, least=min(input_size))
    if min(kernel_size) < 1:
        raise refuse("kernel_size", kernel_size=kernel_size)
    if min(stride) < 1:
        raise refuse("stride", stride=stride)
    if not isinstance(padding, str) and min(padding) < 0:
        raise refuse("padding", padding=padding)
    if min(output_padding) < 0:
        raise refuse("output_padding", output_padding=output_padding)
    if min(dilation) < 1:
        raise refuse("dilation", dilation=dilation)
