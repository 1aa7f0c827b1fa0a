"""The photograph of `ImageExplorer` and `StackLedger`: a PNG with a palette, read by hand.

The page gets the palette and one letter a pixel, so that its numbers are the same in every browser.
math/image_pixels.js reads them.
"""

import struct
import zlib
from functools import cache
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits

import numpy as np

from ._words import english

FILE = Path(__file__).parent / "photo" / "coffee.png"
CREDIT = english("Photograph: Rachel Michetti, CC0, from scikit-image.")
GREYS = 16  # of the small picture: fewer letters, and fewer bytes when they are packed
SHRUNK = 4  # times
LETTERS = ascii_uppercase + ascii_lowercase + digits + "+/"  # one for each of 64 colours


@cache
def photo():
    """Read the photograph.

    Returns
    -------
    palette : ndarray of shape (colours, 3), uint8
        Red, green and blue of each colour.
    pixels : ndarray of shape (height, width), uint8
        The colour of each pixel, by its place in the palette.
    """
    parts = dict(_chunks(FILE.read_bytes()))
    width, height, depth, kind = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    if (depth, kind) != (8, 3) or rows[:, 0].any():
        raise ValueError(f"{FILE.name} is no PNG with 8 bits a pixel, a palette and no row filters")
    return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3), rows[:, 1:]


def _chunks(data):
    """Yield the type and the content of each part of a PNG."""
    at = 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def photo_values(picture):
    """Give the photograph as the input of a layer.

    Parameters
    ----------
    picture : str
        'grey' or 'colour'.

    Returns
    -------
    ndarray of shape (1, 1 or 3, 256, 256), float32
        Whole numbers from 0 to 255.
    """
    palette, pixels = photo()
    colours = palette.astype(int)
    if picture == "grey":
        # How light a colour looks to an eye, in whole numbers: the weights sum to 256.
        colours = (colours @ [77, 150, 29] + 128)[:, None] >> 8
    return colours[pixels].transpose(2, 0, 1)[None].astype(np.float32)


def photo_of_the_page():
    """Give the photograph as math/image_pixels.js reads it."""
    palette, pixels = photo()
    return _written(palette.tolist(), pixels)


def small_photo_of_the_page():
    """Give the photograph in a few greys, a quarter as high and wide, in the same form."""
    grey = photo_values("grey")[0, 0]
    height, width = grey.shape[0] // SHRUNK, grey.shape[1] // SHRUNK
    levels = grey.reshape(height, SHRUNK, width, SHRUNK).mean(axis=(1, 3)) * GREYS // 256
    step = 256 // GREYS
    palette = [[step * level + step // 2] * 3 for level in range(GREYS)]
    return _written(palette, levels.astype(int))


def _written(palette, pixels):
    return {
        "size": list(pixels.shape),
        "palette": palette,
        "pixels": "".join(LETTERS[colour] for colour in pixels.ravel()),
    }
