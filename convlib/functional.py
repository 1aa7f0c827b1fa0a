"""The operations: `conv2d`, the loops that define it, `conv_transpose2d` and `pad`.

Deep learning says convolution and computes the cross-correlation: the kernel is not flipped.

References
----------
Chellapilla, Puri and Simard, "High performance convolutional neural networks for document
processing", 2006: convolution as a matrix product. Here it runs on blocks that stay in cache.
Shi et al., "Is the deconvolution layer the same as a convolutional layer?", arXiv:1609.07009: a
transposed convolution as several ordinary ones, interleaved.
https://docs.pytorch.org/docs/stable/nn.functional.html#convolution-functions
"""

from itertools import product
from math import gcd

import numpy as np

from ._checks import Window, check_pad, finish, prepare

BLOCK_BYTES = 512 * 1024  # one block of columns: about what a core keeps in its cache
BLOCK_COLUMNS = 512  # but always enough columns to keep the matrix product busy


@np.errstate(over="ignore", invalid="ignore")
def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Convolve images with filters, as ``torch.nn.functional.conv2d`` does.

    Each window of the padded input becomes a column, each filter a row; a matrix product then
    gives every output of a block of windows at once. `conv2d_loops` says the same in loops.

    Parameters
    ----------
    input : ndarray of shape (N, C_in, H, W) or (C_in, H, W)
    weight : ndarray of shape (C_out, C_in // groups, k_h, k_w)
    bias : ndarray of shape (C_out,), optional
    stride, dilation : int or pair of int
        Pixels between two windows, and between two taps of a window.
    padding : int, pair of int, 'same' or 'valid'
        Zeros on each side.
    groups : int
        Parts of the channels that do not see each other.

    Returns
    -------
    ndarray of shape (N, C_out, H_out, W_out) or (C_out, H_out, W_out)
        A new array of the input's dtype.

    Raises
    ------
    TypeError, ValueError, RuntimeError, NotImplementedError
        Where PyTorch raises them: its sentence first, then what to do about it.

    Examples
    --------
    This kernel takes each pixel minus its right neighbour:

    >>> image = np.array([[1.0, 4.0, 9.0], [2.0, 2.0, 0.0]])
    >>> conv2d(image[None, None], np.array([[[[1.0, -1.0]]]]))[0, 0]
    array([[-3., -5.],
           [ 0.,  2.]])
    """
    x, w, b, window = prepare(input, weight, bias, stride, padding, dilation, groups)
    return finish(_convolve(x, w, b, window, groups), input)


def _convolve(x, w, b, window, groups):
    N, C_out = len(x), len(w)
    output = np.empty((N, C_out, *window.places), x.dtype)
    if output.size:
        filters = w.reshape(groups, C_out // groups, -1)
        out = output.reshape(N, groups, C_out // groups, -1)
        for n, places, columns in column_blocks(x, window, groups):
            block = out[n, :, :, places]
            np.matmul(filters, columns, out=block)
            if b is not None:
                block += b.reshape(groups, -1, 1)
    return output


def column_blocks(x, window, groups):
    """Lay out the windows of each image as columns, a few rows of output at a time.

    Parameters
    ----------
    x : ndarray of shape (N, C_in, H, W)
    window : Window
    groups : int

    Yields
    ------
    n : int
        The image.
    places : slice
        The block's output positions, counted row by row.
    columns : ndarray of shape (groups, C_in // groups * k_h * k_w, positions)
        One column for each position.
    """
    kernel_size, stride, sides, dilation, (H_out, W_out) = window
    # A step longer than the image is never taken, but counted in bytes it could overflow.
    s_h, s_w, d_h, d_w = (min(step, 2**31) for step in (*stride, *dilation))
    border = (*sides[1], *sides[0])  # as `pad` wants it: left, right, top, bottom
    column_bytes = x.shape[1] * kernel_size[0] * kernel_size[1] * x.itemsize
    rows = max(BLOCK_BYTES // column_bytes, BLOCK_COLUMNS) // W_out or 1
    for n, image in enumerate(x):
        image = pad(image, border) if any(border) else np.ascontiguousarray(image)
        c, h, w = image.strides
        shape = (len(image), *kernel_size, H_out, W_out)
        strides = (c, h * d_h, w * d_w, h * s_h, w * s_w)
        windows = np.ndarray(shape, image.dtype, image, 0, strides)  # a view, not yet a copy
        for row in range(0, H_out, rows):
            block = windows[..., row : row + rows, :]
            places = slice(row * W_out, (row + rows) * W_out)
            yield n, places, block.reshape(groups, -1, block.shape[-2] * W_out)


@np.errstate(over="ignore", invalid="ignore")
def conv2d_loops(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Convolve in plain loops: slow, and the definition that `conv2d` has to agree with.

    Parameters, return value and errors are those of `conv2d`.

    Examples
    --------
    2 * 1 + 3 * 10 = 32:

    >>> conv2d_loops(np.array([[[2, 3]]]), np.array([[[[1, 10]]]]))
    array([[[32]]])
    """
    x, w, b, window = prepare(input, weight, bias, stride, padding, dilation, groups)
    _, (s_h, s_w), (vertical, horizontal), (d_h, d_w), places = window
    x = pad(x, (*horizontal, *vertical))
    output = np.empty((len(x), len(w), *places), x.dtype)
    for n, o, i, j in np.ndindex(output.shape):
        first = o // (len(w) // groups) * w.shape[1]  # where the channels of o's group begin
        total = x.dtype.type(0) if b is None else b[o]
        for c, u, v in np.ndindex(w.shape[1:]):
            total += w[o, c, u, v] * x[n, first + c, i * s_h + u * d_h, j * s_w + v * d_w]
        output[n, o, i, j] = total
    return finish(output, input)


@np.errstate(over="ignore", invalid="ignore")
def conv_transpose2d(
    input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):
    """Let every input pixel paint the kernel, times its value, on the output.

    This is the transpose of the linear map `conv2d`, and so its gradient; it undoes the size, not
    the values.

    Parameters
    ----------
    input : ndarray of shape (N, C_in, H, W) or (C_in, H, W)
    weight : ndarray of shape (C_in, C_out // groups, k_h, k_w)
    bias : ndarray of shape (C_out,), optional
    stride, dilation : int or pair of int
        Pixels between two painted kernels, and between two taps of a kernel.
    padding : int or pair of int
        Pixels to cut off each side of the output.
    output_padding : int or pair of int
        Rows and columns to add at the bottom and the right.
    groups : int

    Returns
    -------
    ndarray of shape (N, C_out, H_out, W_out) or (C_out, H_out, W_out)
        A new array of the input's dtype.

    Raises
    ------
    TypeError, ValueError, RuntimeError, NotImplementedError
        Where PyTorch raises them.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html

    Examples
    --------
    Two pixels paint the kernel (1, 10), two pixels apart:

    >>> conv_transpose2d(np.array([[[2, 3]]]), np.array([[[[1, 10]]]]), stride=2)
    array([[[ 2, 20,  3, 30]]])
    """
    call = input, weight, bias, stride, padding, dilation, groups, output_padding
    x, w, b, window = prepare(*call)
    kernel_size, stride, sides, dilation, places = window
    # (C_in, C_out // groups, k_h, k_w) -> (C_out, C_in // groups, k_h, k_w)
    w = w.reshape(groups, len(w) // groups, *w.shape[1:]).swapaxes(1, 2)
    w = w.reshape(-1, w.shape[2], *kernel_size)
    output = np.zeros((len(x), len(w), *places), x.dtype)
    axes = zip(x.shape[2:], places, kernel_size, stride, sides, dilation, strict=True)
    vertical, horizontal = ([*_phases(*axis)] for axis in axes)
    for (rows, taps_h, *v), (columns, taps_w, *h) in product(vertical, horizontal):
        turned = w[:, :, taps_h, taps_w][:, :, ::-1, ::-1]
        part = Window(turned.shape[2:], (1, 1), *zip(v, h, strict=True))
        output[:, :, rows, columns] = _convolve(x, turned, None, part, groups)
    if b is not None:
        output += b[:, None, None]
    return finish(output, input)


def _phases(size, output_size, k, s, side, d):
    """Split one axis of a transposed convolution into ordinary convolutions of stride 1.

    Input i paints with tap u on output ``y = i s + u d - p``. So all outputs with the same
    remainder ``y % s`` see the same taps, and neighbours among them see neighbouring inputs.

    Yields
    ------
    outputs, taps : slice
        Every s-th output, and the taps that reach it.
    side : pair of int
        Padding of the input, or cropping if negative.
    dilation : int
        Inputs between two of these taps.
    count : int
        How many outputs there are.
    """
    step = s // gcd(s, d)
    gap = step * d // s
    for y in range(min(s, output_size)):
        taps = [u for u in range(k) if (y + side[0] - u * d) % s == 0]
        if taps:
            count = len(range(y, output_size, s))
            first = (y + side[0] - taps[-1] * d) // s  # first and last input that is seen
            last = (y + side[0] - taps[0] * d) // s + count - 1
            if first < size and last >= 0:
                part = slice(y, None, s), slice(taps[0], None, step)
                yield *part, (-first, last - size + 1), gap, count


def pad(input, pad, mode="constant", value=None):
    """Add a border to the last axes of an array, as ``torch.nn.functional.pad`` does.

    Parameters
    ----------
    input : ndarray of shape (N, C, H, W) or (C, H, W)
        Mode 'constant' takes any shape.
    pad : tuple of int
        Two numbers for each axis, the last axis first: ``(left, right, top, bottom)``. A negative
        number cuts pixels off.
    mode : {'constant', 'reflect', 'replicate', 'circular'}
        What the border shows: one value; the inside, mirrored at the edge pixel; the edge pixel;
        or the opposite side.
    value : number, optional
        For mode 'constant': 0 if left out.

    Returns
    -------
    ndarray
        A new array of the input's dtype.

    Raises
    ------
    TypeError, RuntimeError, NotImplementedError
        Where PyTorch raises them.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html

    Examples
    --------
    >>> row = np.array([[1, 2, 3]])
    >>> pad(row, (1, 2))
    array([[0, 1, 2, 3, 0, 0]])
    >>> pad(row, (2, 2), mode="reflect")
    array([[3, 2, 1, 2, 3, 2, 1]])
    >>> pad(row, (2, 2), mode="replicate")
    array([[1, 1, 1, 2, 3, 3, 3]])
    >>> pad(row, (2, 2), mode="circular")
    array([[2, 3, 1, 2, 3, 1, 2]])
    """
    axes = list(zip(input.shape, check_pad(input, pad, mode, value), strict=True))
    if mode == "constant":
        shape = [size + before + after for size, (before, after) in axes]
        inner = tuple(slice(max(b, 0), size + b + min(a, 0)) for size, (b, a) in axes)
        kept = tuple(slice(max(-b, 0), size + min(a, 0)) for size, (b, a) in axes)
        output = np.full(shape, value or 0, input.dtype)
        output[inner] = input[kept]
        return output
    output = input.copy()
    for axis, (size, (before, after)) in enumerate(axes):
        source = np.arange(-before, size + after)
        if mode == "reflect":
            source = size - 1 - abs(size - 1 - abs(source))
        output = output.take(source, axis, mode="clip" if mode == "replicate" else "wrap")
    return output
