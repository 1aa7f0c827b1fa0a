"""The numbers in the pictures: small, fixed, and without symmetry.

math/arithmetic.js computes the same numbers for the page; a test holds the two together.
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
