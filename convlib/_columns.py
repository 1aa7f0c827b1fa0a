"""The windows of an image as columns of numbers, one block at a time.

`column_blocks` is im2col. Beside it stand the choices that make it fast: each is a function that
says what it buys, as the time without it over the time with it (one thread, float32, layers of
``benchmarks``).
"""

from typing import NamedTuple

import numpy as np

BLOCK_BYTES = 448 * 1024  # one block of columns: with its outputs, it stays in a core's cache
BLOCK_COLUMNS = 512  # but always enough columns to keep the matrix product busy


class Block(NamedTuple):
    """The windows of some images, for some groups and some rows of output."""

    images: slice
    groups: slice
    rows: slice  # of the output
    taps: slice  # the rows of the kernel that matter here
    windows: np.ndarray  # (groups, C_in // groups, taps, k_w, images, rows, W_out), a view

    @property
    def columns(self):
        """Copy the windows: (groups, C_in // groups * taps * k_w, images * rows * W_out).

        A 1 x 1 kernel needs no copy. Do not keep the columns: one block fits into the cache.
        """
        groups, C, k_h, k_w = self.windows.shape[:4]
        return self.windows.reshape(groups, C * k_h * k_w, -1)


def column_blocks(x, window, groups, factor):
    """Cut all windows of a batch into blocks.

    Parameters
    ----------
    x : ndarray of shape (N, C_in, H, W)
    window : Window
    groups : int
    factor : ndarray
        What the columns will be multiplied with.

    Yields
    ------
    Block
    """
    k_h, k_w = window.kernel_size
    H_out, W_out = window.places
    fitting = BLOCK_BYTES // (x.shape[1] // groups * k_h * k_w * x.itemsize)  # columns of one group
    together = groups_together(groups, fitting)
    height = max(fitting // together, BLOCK_COLUMNS) // W_out or 1
    many = images_together(H_out, height)
    rows = slices(H_out, height)
    taps = taps_that_matter(x.shape[2], window, rows, factor)
    for images in slices(len(x), many):
        windows = view_windows(x[images], window, groups)
        for some_rows, some_taps in zip(rows, taps, strict=True):
            for part in slices(groups, together):
                view = windows[part, :, some_taps, ..., some_rows, :]
                yield Block(images, part, some_rows, some_taps, view)


def slices(count, step):
    """Cut a range into slices of one length."""
    return [slice(start, start + step) for start in range(0, count, step)]


def view_windows(x, window, groups):
    """View the windows of some images: (groups, C_in // groups, k_h, k_w, N, H_out, W_out)."""
    (k_h, k_w), (s_h, s_w), sides, (d_h, d_w), (H_out, W_out) = window
    if any(map(any, sides)):
        x = surround(x, ((0, 0), (0, 0), *sides))
    x = np.ascontiguousarray(x)
    N, C_in = x.shape[:2]
    n, c, h, w = x.strides
    C = C_in // groups
    shape = (groups, C, k_h, k_w, N, H_out, W_out)
    strides = (C * c, c, h * d_h, w * d_w, n, h * s_h, w * s_w)
    return np.ndarray(shape, x.dtype, x, 0, strides)


def surround(x, sides, value=0):
    """Add one value before and after each axis; where a side is negative, cut."""
    axes = list(zip(x.shape, sides, strict=True))
    shape = [size + before + after for size, (before, after) in axes]
    inner = tuple(slice(max(b, 0), size + b + min(a, 0)) for size, (b, a) in axes)
    kept = tuple(slice(max(-b, 0), size + min(a, 0)) for size, (b, a) in axes)
    # The system may have zeros ready; any other number has to be written.
    output = np.full(shape, value, x.dtype) if value else np.zeros(shape, x.dtype)
    output[inner] = x[kept]
    return output


# --- what makes it fast --------------------------------------------------------------------------


def groups_together(groups, fitting):
    """Choose how many groups share a block, if their columns are small.

    One call of NumPy then does the work of many: 1.3 times (depthwise), 1.7 (depthwise/2).
    """
    return min(fitting // BLOCK_COLUMNS or 1, groups)


def images_together(H_out, height):
    """Choose how many images share a block, if a block has room for more rows than one has.

    At batch 8, 1.3 times (deep: 49 columns each).
    """
    return height // H_out or 1


def multiply_into(place, matrix, columns):
    """Write a matrix product to its place in the output.

    If that is in one piece, without a copy: 1.02 times (mean), 1.04 (1x1, stem, depthwise/2).

    Parameters
    ----------
    place : ndarray of shape (groups, C_out // groups, images, rows, W_out)
    matrix : ndarray of shape (groups, C_out // groups, taps)
    columns : ndarray of shape (groups, taps, images * rows * W_out)
    """
    if place.shape[2] == 1:  # one image: its rows follow each other in memory
        np.matmul(matrix, columns, out=place.reshape(*matrix.shape[:2], -1))
    else:
        place[...] = (matrix @ columns).reshape(place.shape)


def taps_that_matter(H, window, rows, factor):
    """Leave out the kernel's rows that meet only padding in a block: 1.3 times (ASPP).

    Zeros add nothing, unless they are multiplied with an infinite number.

    Parameters
    ----------
    H : int
        The image's height.
    window : Window
    rows : list of slice
        The rows of output of each block.
    factor : ndarray

    Returns
    -------
    list of slice
        The kernel's rows for each block.
    """
    every = slice(0, window.kernel_size[0])
    taps = [taps_that_meet_the_image(H, window, some_rows) for some_rows in rows]
    if any(some != every for some in taps) and not np.isfinite(factor).all():
        return [every] * len(rows)
    return taps


def taps_that_meet_the_image(H, window, rows):
    """Find the kernel's rows that meet a row of the image; all of them, if none does."""
    k_h, s_h, d_h = window.kernel_size[0], window.stride[0], window.dilation[0]
    top = window.sides[0][0]
    # From row i of the output, row u of the kernel meets row i * s_h + u * d_h - top of the image.
    lowest = top - (rows.stop - 1) * s_h
    highest = top + H - rows.start * s_h
    met = [u for u in range(k_h) if lowest <= u * d_h < highest]
    return slice(met[0], met[-1] + 1) if met else slice(0, k_h)
