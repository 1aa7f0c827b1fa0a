"""The layer `Conv2d`: a convolution that owns its weight and bias."""

from math import prod

import numpy as np

from .functional import conv2d, pad
from .refusals import refuse
from .refusals.arguments import as_tuple
from .shapes import check_groups, weight_shape

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class Conv2d:
    """A learnable convolution, with the signature and attributes of ``torch.nn.Conv2d``.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of the input, and filters (= channels of the output).
    kernel_size : int or pair of int
    stride, dilation : int or pair of int
    padding : int, pair of int, 'same' or 'valid'
    groups : int
        Must divide both channel counts.
    bias : bool
        Whether to add one learned number to each output channel.
    padding_mode : {'zeros', 'reflect', 'replicate', 'circular'}
    device : None or 'cpu'
    dtype : dtype, optional
        float32 if left out.
    rng : numpy.random.Generator, optional
        Draws the initial values.

    Attributes
    ----------
    weight : ndarray of shape (out_channels, in_channels // groups, k_h, k_w)
    bias : ndarray of shape (out_channels,), or None

    Raises
    ------
    ValueError, TypeError, RuntimeError
        Where PyTorch raises them. Stride, padding and dilation are checked at the first call.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html

    Examples
    --------
    >>> layer = Conv2d(3, 8, kernel_size=3, stride=2, padding=1)
    >>> layer
    Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
    >>> layer(np.zeros((1, 3, 7, 7), np.float32)).shape
    (1, 8, 4, 4)
    """

    transposed = False
    output_padding = (0, 0)
    training = True

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1,
        bias=True, padding_mode="zeros", device=None, dtype=None, *, rng=None,
    ):  # fmt: skip
        check_groups(in_channels, out_channels, groups)
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = as_tuple(kernel_size)
        self.stride = as_tuple(stride)
        self.padding = padding if isinstance(padding, str) else as_tuple(padding)
        self.dilation = as_tuple(dilation)
        self.groups = groups
        self.padding_mode = padding_mode
        self._check_padding()
        self._border = _border(self.padding, self.kernel_size, self.dilation)
        if device not in (None, "cpu"):
            raise refuse("device", device=device)
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        if dtype.kind not in "fc":
            raise refuse("layer dtype", dtype=dtype)
        shape = weight_shape(in_channels, out_channels, self.kernel_size, groups)
        # Kaiming initialisation (He et al. 2015, arXiv:1502.01852) with PyTorch's a = sqrt(5).
        fan_in = prod(shape[1:])
        bound = fan_in**-0.5 if fan_in else 0
        rng = np.random.default_rng() if rng is None else rng
        self.weight = rng.uniform(-bound, bound, shape).astype(dtype)
        self.bias = rng.uniform(-bound, bound, shape[0]).astype(dtype) if bias else None

    def _check_padding(self):
        if isinstance(self.padding, str):
            if self.padding not in ("same", "valid"):
                raise refuse("layer padding", padding=self.padding)
            if self.padding == "same" and any(step != 1 for step in self.stride):
                raise refuse("layer same", stride=self.stride)
        if self.padding_mode not in PADDING_MODES:
            raise refuse("padding_mode", padding_mode=self.padding_mode)

    def forward(self, input):
        """Convolve `input`, an ndarray of shape (N, C_in, H, W) or (C_in, H, W)."""
        padding = self.padding
        if self.padding_mode != "zeros":
            input = pad(input, self._border, self.padding_mode)
            padding = 0
        settings = (self.stride, padding, self.dilation, self.groups)
        return conv2d(input, self.weight, self.bias, *settings)

    __call__ = forward

    def state_dict(self):
        """Return the learned arrays themselves, by name."""
        arrays = {"weight": self.weight, "bias": self.bias}
        return {name: array for name, array in arrays.items() if array is not None}

    def load_state_dict(self, state_dict):
        """Copy weight and bias from a dictionary such as `state_dict` returns.

        Raises
        ------
        RuntimeError
            If a key is missing or unexpected, or a shape differs. The layer then stays as it was.
        """
        own = self.state_dict()
        needed = {key: array.shape for key, array in own.items()}
        given = {key: np.shape(array) for key, array in state_dict.items()}
        if given != needed:
            raise refuse(
                "state_dict",
                needed=needed,
                given=given,
                missing=list(needed.keys() - given),
                unexpected=list(given.keys() - needed),
                mismatched=[key for key in needed.keys() & given if needed[key] != given[key]],
            )
        for key, array in own.items():
            array[...] = state_dict[key]

    def __repr__(self):
        """Show the sizes, and then the settings that are not the default, as PyTorch does."""
        text = f"Conv2d({self.in_channels}, {self.out_channels}"
        text += f", kernel_size={self.kernel_size}, stride={self.stride}"
        text += f", padding={self.padding}" if any(p != 0 for p in self.padding) else ""
        text += f", dilation={self.dilation}" if any(d != 1 for d in self.dilation) else ""
        text += f", groups={self.groups}" if self.groups != 1 else ""
        text += ", bias=False" if self.bias is None else ""
        text += f", padding_mode={self.padding_mode}" if self.padding_mode != "zeros" else ""
        return text + ")"


def _border(padding, kernel_size, dilation):
    """Write the padding as `pad` takes it, the last axis first: PyTorch does so at construction."""
    if not isinstance(padding, str):
        return tuple(number for number in reversed(padding) for _ in range(2))
    sides = [(0, 0)] * len(kernel_size)
    if padding == "same":
        for axis, (k, d) in enumerate(zip(kernel_size, dilation, strict=False)):
            try:
                total = d * (k - 1)
                sides[axis] = (total // 2, total - total // 2)
            except TypeError as error:  # Python's own, for what cannot be multiplied
                raise refuse(
                    "layer same type", error=error, kernel_size=kernel_size, dilation=dilation
                ) from None
    return tuple(number for side in reversed(sides) for number in side)
