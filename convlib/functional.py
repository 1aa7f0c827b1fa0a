"""The operations: `conv2d`, the loops that define it, `conv_transpose2d` and `pad`.

Deep learning says convolution and computes the cross-correlation: the kernel is not flipped.

References
----------
Chellapilla, Puri and Simard, "High performance convolutional neural networks for document
processing", 2006: convolution as a matrix product. Here it runs on blocks that stay in cache.
https://docs.pytorch.org/docs/stable/nn.functional.html#convolution-functions
"""

import numpy as np

from ._columns import column_blocks, multiply_into, surround
from .refusals.calls import check_conv2d, check_conv_transpose2d, check_pad


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
    window = check_conv2d(input, weight, bias, stride, padding, dilation, groups)
    x, w, b = prepare(input, weight, bias)
    _, (s_h, s_w), (vertical, horizontal), (d_h, d_w), _ = window
    x = pad(x, (*horizontal, *vertical))
    output = np.empty((len(x), len(w), *window.places), x.dtype)
    for n, o, i, j in np.ndindex(output.shape):
        first = o // (len(w) // groups) * w.shape[1]  # where the channels of o's group begin
        total = x.dtype.type(0) if b is None else b[o]
        for c, u, v in np.ndindex(w.shape[1:]):
            total += w[o, c, u, v] * x[n, first + c, i * s_h + u * d_h, j * s_w + v * d_w]
        output[n, o, i, j] = total
    return finish(output, None, input)


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
    window = check_conv2d(input, weight, bias, stride, padding, dilation, groups)
    x, w, b = prepare(input, weight, bias)
    filters = w.reshape(groups, len(w) // groups, *w.shape[1:])
    return finish(multiply_in_blocks(x, filters, window), b, input)


def multiply_in_blocks(x, filters, window):
    """Multiply filters and columns: one matrix product for each block of windows.

    Parameters
    ----------
    x : ndarray of shape (N, C_in, H, W)
    filters : ndarray of shape (groups, C_out // groups, C_in // groups, k_h, k_w)
    window : Window

    Returns
    -------
    ndarray of shape (N, C_out, H_out, W_out)
    """
    groups, each = filters.shape[:2]
    output = np.empty((len(x), groups, each, *window.places), x.dtype)
    if output.size > 0:
        by_group = output.transpose(1, 2, 0, 3, 4)  # in the order of the columns
        for block in column_blocks(x, window, groups, filters):
            matrix = filters[block.groups, :, :, block.taps]
            matrix = matrix.reshape(len(matrix), each, -1)
            place = by_group[block.groups, :, block.images, block.rows]
            multiply_into(place, matrix, block.columns)
    return output.reshape(len(x), groups * each, *window.places)


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
    window = check_conv_transpose2d(
        input, weight, bias, stride, padding, output_padding, groups, dilation
    )
    x, w, b = prepare(input, weight, bias)
    # -> (groups, C_in // groups, C_out // groups, k_h, k_w)
    w = w.reshape(groups, len(w) // groups, *w.shape[1:])
    output = _collect(x, w, window) if window.stride == (1, 1) else None
    if output is None or np.isnan(output).any():  # an infinite weight met the zeros around x
        output = _paint(x, w, window)
    return finish(output, b, input)


def _collect(x, w, window):
    """Let each output collect what was painted on it: at stride 1, by a turned kernel."""
    turned = np.ascontiguousarray(w.swapaxes(1, 2)[..., ::-1, ::-1])
    axes = zip(x.shape[2:], w.shape[3:], window.sides, window.dilation, window.places, strict=True)
    sides = tuple((d * (k - 1) - p, count + p - size) for size, k, (p, _), d, count in axes)
    return multiply_in_blocks(x, turned, window._replace(sides=sides))


def _paint(x, w, window):
    """Multiply every input by all its taps; then add up what each tap paints."""
    (k_h, k_w), (s_h, s_w), ((top, bottom), (left, right)), (d_h, d_w), (H_out, W_out) = window
    N, _, H, W = x.shape
    groups, C, each = w.shape[:3]
    canvas = np.zeros((N, groups, each, top + H_out + bottom, left + W_out + right), x.dtype)
    times = np.multiply if C == 1 else np.matmul  # the same, but faster for single numbers
    taps = w.reshape(groups, C, -1).swapaxes(1, 2)
    for image, painted in zip(x.reshape(N, groups, C, H * W), canvas, strict=True):
        colours = times(taps, image).reshape(groups, each, k_h, k_w, H, W)
        for u, v in np.ndindex(k_h, k_w):
            rows = slice(u * d_h, u * d_h + (H - 1) * s_h + 1, s_h)
            columns = slice(v * d_w, v * d_w + (W - 1) * s_w + 1, s_w)
            painted[:, :, rows, columns] += colours[:, :, u, v]
    output = canvas[..., top : top + H_out, left : left + W_out]
    return output.reshape(N, groups * each, H_out, W_out)


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
    sides = check_pad(input, pad, mode, value)
    if mode == "constant":
        return surround(input, sides, value)
    output = input.copy()
    for axis, (size, (before, after)) in enumerate(zip(input.shape, sides, strict=True)):
        source = np.arange(-before, size + after)
        if mode == "reflect":
            source = size - 1 - abs(size - 1 - abs(source))
        output = output.take(source, axis, mode="clip" if mode == "replicate" else "wrap")
    return output


# --- before and after ---------------------------------------------------------------------------


def prepare(input, weight, bias):
    """Make a batch of the input, and convert the arrays to the dtype to compute with.

    Returns
    -------
    x : ndarray of shape (N, C_in, H, W)
    w : ndarray of the weight's shape
    b : ndarray of shape (C_out,), or None
    """
    x = input if input.ndim == 4 else input[None]
    if x.size == 0:  # PyTorch gives no output channels if there are no input channels
        return x, weight if x.shape[1] else weight[:0], None
    dtype = input.dtype
    if dtype == np.float16:
        dtype = np.dtype(np.float32)
    elif dtype.kind in "iu" and _largest_sum(x, weight, bias) <= 2**53:
        # So far float64 is exact too, and its matrix product is ten times faster.
        dtype = np.dtype(np.float64)
    return tuple(a if a is None else a.astype(dtype, copy=False) for a in (x, weight, bias))


def _largest_sum(x, w, b):
    """Bound what integers can add up to."""
    peak_x, peak_w, peak_b = (
        0 if a is None else max(-int(a.min()), int(a.max())) for a in (x, w, b)
    )
    return peak_x * peak_w * w.size + peak_b


def finish(output, b, input):
    """Add the bias; give the output the dtype of the input, and its number of axes."""
    if b is not None:
        output += b[:, None, None]
    if input.dtype.kind in "iu":
        output = output.astype(np.int64, copy=False)  # narrower integers then wrap modulo 2**n
    return (output if input.ndim == 4 else output[0]).astype(input.dtype, copy=False)
