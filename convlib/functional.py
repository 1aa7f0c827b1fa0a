"""The operations: `conv2d`, the loops that define it, `conv_transpose2d` and `pad`.

Deep learning says convolution and computes the cross-correlation: the kernel is not flipped.

References
----------
Chellapilla, Puri and Simard, "High performance convolutional neural networks for document
processing", 2006: convolution as a matrix product. Here it runs on blocks that stay in cache.
Shi et al., "Is the deconvolution layer the same as a convolutional layer?", arXiv:1609.07009: the
output of a transposed convolution in parts that are interleaved in the end.
https://docs.pytorch.org/docs/stable/nn.functional.html#convolution-functions
"""

import numpy as np

from ._checks import check_pad, finish, prepare

BLOCK_BYTES = 448 * 1024  # one block of columns: with its outputs, it stays in a core's cache
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
    filters = w.reshape(groups, len(w) // groups, *w.shape[1:])
    return finish(_convolve(x, filters, window), b, input)


def _convolve(x, filters, window):
    N, (groups, each), (H_out, W_out) = len(x), filters.shape[:2], window.places
    # Seen in the order of the columns; in memory image after image, as PyTorch has it.
    output = np.empty((N, groups, each, H_out, W_out), x.dtype).transpose(1, 2, 0, 3, 4)
    if output.size:
        (top, bottom), (left, right) = window.sides
        below, width = bottom + 1, left + x.shape[3] + right
        # At stride 1, let the windows run on over the end of a row, unless too many run in vain:
        # then those of a block follow each other in memory, and are copied much faster. The last
        # of them end one row below the image.
        if window.stride == (1, 1) and W_out < width < 1.1 * W_out:
            window = window._replace(sides=((top, below), (left, right)), places=(H_out, width))
        for images, part, rows, seen, columns in column_blocks(x, window, groups):
            block = output[part, :, images, rows]
            matrix = filters[part, :, :, seen].reshape(len(columns), each, -1)
            if block.shape[2] == 1 and W_out == window.places[1]:  # the block is in one piece
                np.matmul(matrix, columns, out=block.reshape(len(block), each, -1))
            else:
                block[...] = (matrix @ columns).reshape(*block.shape[:4], -1)[..., :W_out]
            del columns, matrix
    return output.transpose(2, 0, 1, 3, 4).reshape(N, groups * each, H_out, W_out)


def column_blocks(x, window, groups):
    """Lay out the windows as columns: a block of images, groups and rows of output at a time.

    Parameters
    ----------
    x : ndarray of shape (N, C_in, H, W)
    window : Window
    groups : int

    Yields
    ------
    images, part, rows : slice
        The block's images, groups and rows of output.
    seen : slice
        The rows of the kernel, without those that meet only padding in this block.
    columns : ndarray of shape (groups in the block, C_in // groups * taps, positions)
        The taps of the rows seen; one column for each position, image after image. Delete it
        before the next: one block fits into the cache.
    """
    (k_h, k_w), (s_h, s_w), sides, (d_h, d_w), (H_out, W_out) = window
    border = ((0, 0), (0, 0), *sides)
    C, top, bottom = x.shape[1] // groups, sides[0][0], sides[0][0] + x.shape[2]
    fitting = BLOCK_BYTES // (C * k_h * k_w * x.itemsize)  # columns of one group in a block
    together = min(fitting // BLOCK_COLUMNS or 1, groups)
    height = max(fitting // together, BLOCK_COLUMNS) // W_out or 1
    many = height // H_out or 1  # images, if they are small
    for images in (slice(n, n + many) for n in range(0, len(x), many)):
        bare = x[images]
        image = _surround(bare, border) if any(map(any, sides)) else np.ascontiguousarray(bare)
        i, c, h, w = image.strides
        shape = (groups, C, k_h, k_w, len(image), H_out, W_out)
        strides = (C * c, c, h * d_h, w * d_w, i, h * s_h, w * s_w)
        windows = np.ndarray(shape, image.dtype, image, 0, strides)  # a view, not yet a copy
        for row in range(0, H_out, height):
            # The kernel's rows that meet the image, and not padding alone; all, if none does.
            low, high = top - (row + height - 1) * s_h, bottom - row * s_h
            met = [u for u in range(k_h) if low <= u * d_h < high] or range(k_h)
            rows, seen = slice(row, row + height), slice(met[0], met[-1] + 1)
            for part in (slice(g, g + together) for g in range(0, groups, together)):
                block = windows[part, :, seen, ..., rows, :]
                # Here the windows are copied, but for a 1 x 1 kernel: it needs no copy.
                yield images, part, rows, seen, block.reshape(len(block), C * len(met) * k_w, -1)


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
    return finish(output, None, input)


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
    # -> (groups, C_in // groups, C_out // groups, k_h, k_w)
    w = w.reshape(groups, len(w) // groups, *w.shape[1:])
    output = (_collect if window.stride == (1, 1) else _paint)(x, w, window)
    return finish(output, b, input)


def _collect(x, w, window):
    """Let each output collect what was painted on it: at stride 1, by a turned kernel."""
    turned = np.ascontiguousarray(w.swapaxes(1, 2)[..., ::-1, ::-1])
    axes = zip(x.shape[2:], w.shape[3:], window.sides, window.dilation, window.places, strict=True)
    sides = tuple((d * (k - 1) - p, count + p - size) for size, k, (p, _), d, count in axes)
    return _convolve(x, turned, window._replace(sides=sides))


def _paint(x, w, window):
    """Multiply every input by all its taps; then add up what each tap paints.

    The canvas is kept in parts, one for each remainder of row and column by the stride: in its
    part, a tap paints the whole input in one piece.
    """
    (k_h, k_w), (s_h, s_w), sides, dilation, places = window
    (N, _, H, W), (groups, C, each) = x.shape, w.shape[:3]
    Q_h, Q_w = (-(-sum(side, n) // s) for n, side, s in zip(places, sides, (s_h, s_w), strict=True))
    canvas = np.zeros((N, groups, each, s_h, s_w, (Q_h + 1) * Q_w), x.dtype)
    x = pad(x, (0, Q_w - W)).reshape(N, groups, C, H * Q_w)  # one row after the other
    times = np.multiply if C == 1 else np.matmul  # the same, but faster for single numbers
    taps = w.reshape(groups, C, -1).swapaxes(1, 2)
    for image, parts in zip(x, canvas, strict=True):
        painted = times(taps, image).reshape(groups, each, k_h, k_w, H * Q_w)
        for u, v in np.ndindex(k_h, k_w):
            (y, row), (z, column) = divmod(u * dilation[0], s_h), divmod(v * dilation[1], s_w)
            parts[:, :, row, column, y * Q_w + z :][..., : H * Q_w] += painted[:, :, u, v]
    parts = canvas[..., : Q_h * Q_w].reshape(N, groups * each, s_h, s_w, Q_h, Q_w)
    output = np.empty((N, groups * each, s_h * Q_h, s_w * Q_w), x.dtype)
    for row, column in np.ndindex(s_h, s_w):
        output[:, :, row::s_h, column::s_w] = parts[:, :, row, column]
    return output[:, :, sides[0][0] :, sides[1][0] :][:, :, : places[0], : places[1]]


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
        return _surround(input, sides, value)
    output = input.copy()
    for axis, (size, (before, after)) in enumerate(zip(input.shape, sides, strict=True)):
        source = np.arange(-before, size + after)
        if mode == "reflect":
            source = size - 1 - abs(size - 1 - abs(source))
        output = output.take(source, axis, mode="clip" if mode == "replicate" else "wrap")
    return output


def _surround(x, sides, value=0):
    """Add one value before and after each axis; where a side is negative, cut."""
    axes = list(zip(x.shape, sides, strict=True))
    shape = [size + before + after for size, (before, after) in axes]
    inner = tuple(slice(max(b, 0), size + b + min(a, 0)) for size, (b, a) in axes)
    kept = tuple(slice(max(-b, 0), size + min(a, 0)) for size, (b, a) in axes)
    # The system may have zeros ready; any other number has to be written.
    output = np.full(shape, value, x.dtype) if value else np.zeros(shape, x.dtype)
    output[inner] = x[kept]
    return output
