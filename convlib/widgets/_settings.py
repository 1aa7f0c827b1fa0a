"""Bring a widget's settings into the form that its picture has room for."""

from numbers import Integral


def pair(value):
    """Give both axes their number."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def one_number(name, value, limits):
    """Turn a legal size, or pair of equal sizes, into the one number for both axes.

    A word stays a word, except 'valid', which means 0.

    Raises
    ------
    ValueError
        If the axes differ, or the number is not within `limits` (smallest and largest).
    """
    if isinstance(value, str):
        return 0 if value == "valid" else value
    numbers = pair(value)
    if any(n != numbers[0] for n in numbers):
        raise ValueError(f"{name}={value}, but the picture has one {name} for both axes")
    return whole(name, numbers[0], limits)


def one_or_both(name, value, limits):
    """Turn a legal size into one number for both axes, or, if they differ, a pair.

    A word stays a word, except 'valid', which means 0.
    """
    if isinstance(value, str):
        return 0 if value == "valid" else value
    height, width = (whole(name, number, limits) for number in pair(value))
    return height if height == width else (height, width)


def rows_of_numbers(name, value, limits, most, words):
    """Return None, one of `words`, or rows of whole numbers as tuples; None leaves a number out.

    Raises
    ------
    TypeError
        If it is nothing of that, or a number is no int.
    ValueError
        If it is another word, a number is not within `limits`, or there are more than `most` rows
        or numbers in a row.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return word(name, value, words)
    rows = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(rows, (tuple, list)) or not all(isinstance(r, (tuple, list)) for r in rows):
        raise TypeError(f"{name}={value!r}, but it is None, a word, or rows of ints")
    if max(len(rows), *map(len, rows), 0) > most:
        raise ValueError(
            f"{name} has {len(rows)} rows of up to {max(map(len, rows))} numbers, "
            f"but the picture has room for {most}"
        )
    return tuple(tuple(n if n is None else whole(name, n, limits) for n in row) for row in rows)


def wholes(settings, limits):
    """Return, of the settings that have limits, each as an int within them: see `whole`."""
    return {name: whole(name, settings[name], ends) for name, ends in limits.items()}


def whole(name, value, limits):
    """Return `value` as an int, if it is a whole number within `limits`."""
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name}={value!r}, but it is an int")
    low, high = limits
    if not low <= value <= high:
        raise ValueError(f"{name}={value}, but the picture has room for {low} to {high}")
    return int(value)


def cell(name, value, shape, first=0):
    """Return a row and column, moved to the nearest cell of a grid that counts from `first`."""
    numbers = tuple(value) if isinstance(value, (tuple, list)) else ()
    if len(numbers) != 2 or not all(isinstance(n, Integral) for n in numbers):
        raise TypeError(f"{name}={value!r}, but a cell is a pair of ints (row, column)")
    return nearest(numbers, shape, first)


def nearest(place, shape, first=0):
    """Return a place in an array of this shape, moved to the nearest one that there is."""
    ends = (first + length - 1 for length in shape)
    return tuple(min(max(int(n), first), end) for n, end in zip(place, ends, strict=True))


def word(name, value, words):
    """Return `value` if it is one of `words`."""
    if value not in words:
        raise ValueError(f"{name}={value!r}, but it is one of {', '.join(map(repr, words))}")
    return value
