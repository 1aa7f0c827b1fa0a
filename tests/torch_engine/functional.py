"""``convlib.functional`` on PyTorch: NumPy arrays in, torch's answer as NumPy arrays out."""

import functools

import numpy as np
import torch


def on_arrays(operation):
    """Let a torch function take and return NumPy arrays; all other arguments pass through."""

    def tensor(value):
        return torch.from_numpy(value) if isinstance(value, np.ndarray) else value

    @functools.wraps(operation)
    def wrapped(*args, **kwargs):
        args = [tensor(value) for value in args]
        kwargs = {name: tensor(value) for name, value in kwargs.items()}
        return operation(*args, **kwargs).numpy()

    return wrapped


pad = on_arrays(torch.nn.functional.pad)
conv2d = on_arrays(torch.nn.functional.conv2d)
conv2d_loops = conv2d
conv_transpose2d = on_arrays(torch.nn.functional.conv_transpose2d)
