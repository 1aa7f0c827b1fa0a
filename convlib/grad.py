"""The gradients of `conv2d`, with the names and arguments of ``torch.nn.grad``.

References
----------
https://github.com/pytorch/pytorch/blob/main/torch/nn/grad.py
"""

import numpy as np

from ._columns import column_blocks
from .functional import conv_transpose2d, prepare
from .refusals import refuse
from .refusals.arguments import wrong_type
from .refusals.calls import check_conv2d
from .shapes import effective_kernel_size


@np.errstate(over="ignore", invalid="ignore")
def conv2d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1, groups=1):
    """Give the gradient of `conv2d` with respect to its input: its transpose.

    Parameters
    ----------
    input_size : tuple of int
        ``(N, C_in, H, W)``: several input sizes give the same output size.
    weight : ndarray of shape (C_out, C_in // groups, k_h, k_w)
    grad_output : ndarray of shape (N, C_out, H_out, W_out)
    stride, padding, dilation : int or pair of int
    groups : int

    Returns
    -------
    ndarray of shape (N, C_in, H, W)

    Raises
    ------
    TypeError, ValueError, RuntimeError, NotImplementedError
        Where PyTorch raises them.

    Examples
    --------
    Only the first and the third pixel were looked at, with stride 2:

    >>> kernel, ones = np.full((1, 1, 1, 1), 5.0), np.ones((1, 1, 1, 2))
    >>> conv2d_input((1, 1, 1, 4), kernel, ones, stride=2)
    array([[[[5., 0., 5., 0.]]]])
    """
    input = _stand_in(input_size, grad_output)
    window = _check_forward(input, weight, grad_output, stride, padding, dilation, groups)
    if input.size == 0:
        return input.copy()
    # The rows and columns that remain after the last window.
    reach = effective_kernel_size(weight.shape[2:], window.dilation)
    axes = zip(input_size[2:], window.sides, reach, window.stride, strict=True)
    rest = tuple((size + sum(side) - covered) % s for size, side, covered, s in axes)
    return conv_transpose2d(grad_output, weight, None, stride, padding, rest, groups, dilation)


@np.errstate(over="ignore", invalid="ignore")
def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0, dilation=1, groups=1):
    """Give the gradient of `conv2d` with respect to its weight.

    Each weight gets the sum, over all positions, of the pixel it met times the output's gradient:
    the columns of `conv2d` once more, multiplied from the other side.

    Parameters
    ----------
    input : ndarray of shape (N, C_in, H, W)
    weight_size : tuple of int
        ``(C_out, C_in // groups, k_h, k_w)``.
    grad_output : ndarray of shape (N, C_out, H_out, W_out)
    stride, padding, dilation : int or pair of int
    groups : int

    Returns
    -------
    ndarray of shape (C_out, C_in // groups, k_h, k_w)

    Raises
    ------
    TypeError, ValueError, RuntimeError, NotImplementedError
        Where PyTorch raises them.

    Examples
    --------
    A 1 x 2 kernel moves over three pixels; its left tap meets 2 and 3, its right tap 3 and 4:

    >>> image = np.array([[[[2.0, 3.0, 4.0]]]])
    >>> conv2d_weight(image, (1, 1, 1, 2), np.ones((1, 1, 1, 2)))
    array([[[[5., 7.]]]])
    """
    weight = _stand_in(weight_size, grad_output)
    window = _check_forward(input, weight, grad_output, stride, padding, dilation, groups)
    x, _, _ = prepare(input, weight, None)
    each = weight_size[0] // groups
    total = np.zeros((groups, *weight_size[1:], each), x.dtype)
    if x.size > 0:
        grad = grad_output.astype(x.dtype, copy=False).reshape(-1, groups, each, *window.places)
        by_group = grad.transpose(1, 2, 0, 3, 4)  # in the order of the columns
        for block in column_blocks(x, window, groups, grad):
            factor = by_group[block.groups, :, block.images, block.rows]
            factor = factor.reshape(len(factor), each, -1)
            part = total[block.groups, :, block.taps]
            part += (block.columns @ factor.swapaxes(1, 2)).reshape(part.shape)
    return np.moveaxis(total, -1, 1).reshape(weight_size).astype(input.dtype, copy=False)


def _stand_in(size, grad_output):
    """Make an array of which only the size matters."""
    if not isinstance(grad_output, np.ndarray):
        raise wrong_type("conv2d", "grad_output", grad_output, "Tensor")
    return np.broadcast_to(np.zeros((), grad_output.dtype), size)


def _check_forward(input, weight, grad_output, stride, padding, dilation, groups):
    """Check the forward call whose gradient is asked for, and that the gradient belongs to it."""
    window = check_conv2d(input, weight, None, stride, padding, dilation, groups)
    if isinstance(padding, str):
        raise refuse("gradient padding", padding=padding)
    if input.ndim != 4:
        raise refuse("gradient rank", input=input, weight=weight)
    shape = (len(input), len(weight), *window.places)
    if grad_output.shape != shape:
        raise _another_shape(grad_output, shape)
    if input.dtype.kind != "f":
        raise refuse("gradient dtype", input=input)
    return window


def _another_shape(grad_output, shape):
    """Build the error for a gradient that belongs to another call; it names the first such axis."""
    found = grad_output.shape
    axis = next((i for i in range(4) if found[i : i + 1] != shape[i : i + 1]), 0)
    return refuse(
        "gradient shape",
        grad_output=grad_output,
        shape=shape,
        axis=axis,
        expected=shape[axis],
        found=found[axis] if axis < len(found) else None,
    )
