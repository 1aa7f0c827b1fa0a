"""The numbers in the pictures: small, fixed, and without symmetry; and those a reader may choose.

math/arithmetic.js and math/numbers.js compute the same for the page; tests hold the two together.
"""

import numpy as np

BIAS = 1


def input_values(height, width):
    """Give the input of a picture.

    Parameters
    ----------
    height, width : int

    Returns
    -------
    ndarray of shape (height, width)
        Whole numbers from 1 to 9: no 0, so that a 0 in a picture is always padding.

    Examples
    --------
    >>> input_values(2, 4)
    array([[1, 5, 9, 4],
           [8, 3, 7, 2]])
    """
    row, column = np.indices((height, width))
    return (7 * row + 4 * column) % 9 + 1


def weight_values(height, width):
    """Give the kernel of a picture.

    Parameters
    ----------
    height, width : int

    Returns
    -------
    ndarray of shape (height, width)
        Whole numbers from -1 to 3.

    Examples
    --------
    >>> weight_values(3, 3)
    array([[ 2,  0,  3],
           [ 3,  1, -1],
           [-1,  2,  0]])
    """
    row, column = np.indices((height, width))
    return (row + 3 * column + 3) % 5 - 1


def vertical_edge(row, column, height, width):
    """Give a kernel that is negative on the left and positive on the right."""
    return np.sign(2 * column - (width - 1))


def mean(row, column, height, width):
    """Give a kernel of ones: it adds up what it covers, which is the mean times their number."""
    return np.ones_like(column)


def edge(row, column, height, width):
    """Give an input whose left half is dark, 1, and whose right half is bright, 9."""
    return np.where(2 * column < width, 1, 9)


# What a word stands for, at every size.
PATTERNS = {
    "weight": {"vertical edge": vertical_edge, "mean": mean},
    "input_values": {"edge": edge},
}
STANDARD = {"weight": weight_values, "input_values": input_values}


def chosen_values(name, chosen, height, width):
    """Give the numbers of a picture in which some may be a reader's own.

    Parameters
    ----------
    name : str
        'weight' or 'input_values'.
    chosen : None, str, or rows of int or None
        The standard numbers; a pattern; or numbers from the top left corner, which leave standard
        numbers where they end or say None.
    height, width : int

    Returns
    -------
    ndarray of shape (height, width)

    Examples
    --------
    >>> chosen_values("weight", "vertical edge", 2, 3)
    array([[-1,  0,  1],
           [-1,  0,  1]])
    >>> chosen_values("weight", ((9, None),), 2, 2)
    array([[9, 0],
           [3, 1]])
    """
    if isinstance(chosen, str):
        return PATTERNS[name][chosen](*np.indices((height, width)), height, width)
    values = STANDARD[name](height, width)
    for row, line in enumerate((chosen or ())[:height]):
        for column, number in enumerate(line[:width]):
            if number is not None:
                values[row, column] = number
    return values
