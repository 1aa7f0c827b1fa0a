"""Calls that are refused, of every rule that the contract's table has no row for.

A call is text, so that PyTorch and convlib can each run it, on tensors and on arrays.
"""

import numpy as np
import torch
from torch.nn import functional as F
from torch.nn import grad

import convlib
import convlib.grad
from tests.contract.test_contract import DATA
from tests.judge import tensor

# The rule, and the call; convlib's own functions have a call that PyTorch does not know.
CALLS = [
    ("broadcast", "conv2d(X, K, stride=(1, 1, 1), padding='same')"),
    ("element overflow", "conv2d(X, K, stride=(1, 2**63))"),
    ("same ranks differ", "conv2d(X, ramp(1, 1, 3), padding='same', stride=1)"),
    ("ranks differ", "conv2d(X, ramp(1, 1, 3), stride=(1,), padding='valid', dilation=(1,))"),
    ("complex bias dtype", "conv_transpose2d(ramp(1, 1, 7, 7, dtype='complex64'), "
     "ramp(1, 1, 3, 3, dtype='complex64'), ramp(1))"),
    ("conv_transpose2d type", "conv_transpose2d(X, K, stride=1.5)"),
    ("transposed channels", "conv_transpose2d(X, ramp(3, 8, 3, 3))"),
    ("transposed bias shape", "conv_transpose2d(X, ramp(1, 8, 3, 3), ramp(3))"),
    ("transposed bias dtype", "conv_transpose2d(X, K, ramp(1, dtype='complex64'))"),
    ("transposed dtype", "conv_transpose2d(full(1, 1, 1, 4, 4, dtype='bool'), "
     "full(1, 1, 1, 2, 2, dtype='bool'))"),
    ("transposed zero dilation", "conv_transpose2d(X, K, dilation=0)"),
    ("no filters", "conv_transpose2d(X, ramp(1, 0, 3, 3))"),
    ("output too small", "conv_transpose2d(X, K, padding=9)"),
    ("output_padding", "conv_transpose2d(X, K, output_padding=-1)"),
    ("output_padding limit", "conv_transpose2d(X, K, stride=2, output_padding=(1, 2))"),
    ("pad mode", "pad(X, (1, 1), mode='mirror')"),
    ("pad value", "pad(X, (1, 1, 1, 1), mode='reflect', value=2.0)"),
    ("pad odd", "pad(X, (1, 1, 1))"),
    ("pad long", "pad(ramp(5), (1, 1, 1, 1))"),
    ("negative pad", "pad(X, (-5, -5, 0, 0), mode='circular')"),
    ("pad 1 axes", "pad(ramp(1, 5), (-3, -3), mode='replicate')"),
    ("pad 2 axes", "pad(X, (-4, -4, -5, -5), mode='reflect')"),
    ("pad 3 axes", "pad(ramp(1, 1, 4, 5, 6), (-4, -4, -3, -3, -2, -2), mode='replicate')"),
    ("reflect dtype", "pad(full(1, 1, 1, 4, 4, dtype='bool'), (1, 1, 1, 1), mode='reflect')"),
    ("replicate dtype", "pad(full(1, 1, 1, 4, 4, dtype='bool'), (1, 1, 1, 1), mode='replicate')"),
    ("empty type", "Conv2d(1, True, 3)"),
    ("layer same type", "Conv2d(1, 1, '3', padding='same')"),
    ("layer dtype", "Conv2d(1, 1, 3, dtype=int32)"),
    ("device", "Conv2d(1, 1, 3, device='gpu')"),
    ("gradient dtype", "conv2d_input((1, 1, 5, 5), ramp(1, 1, 3, 3, dtype='int64'), "
     "ramp(1, 1, 3, 3, dtype='int64'))"),
    ("gradient padding", "conv2d_input((1, 1, 5, 5), K, K, padding='same')"),
    ("gradient rank", "conv2d_input((1, 5, 5), K, ramp(1, 3, 3))"),
    ("gradient shape", "conv2d_input((1, 1, 7, 7), K, ramp(1, 1, 4, 4))"),
    ("input_size", "output_size(-7, 3)"),
    ("state_dict", "Conv2d(3, 8, 3).load_state_dict({'weight': ramp(8, 1, 3, 3), 'b': ramp(8)})"),
    ("no setting", "solve(7, 900)"),
]  # fmt: skip


def on_tensors(function):
    """Let a function of PyTorch take arrays."""

    def call(*arguments, **settings):
        convert = lambda value: tensor(value) if isinstance(value, np.ndarray) else value  # noqa: E731
        return function(*map(convert, arguments), **settings)

    return call


class TorchLayer(torch.nn.Conv2d):
    """A layer that loads arrays."""

    def load_state_dict(self, state):
        return super().load_state_dict({name: tensor(value) for name, value in state.items()})


TORCH = DATA | {
    "conv2d": on_tensors(F.conv2d),
    "conv_transpose2d": on_tensors(F.conv_transpose2d),
    "pad": on_tensors(F.pad),
    "conv2d_input": on_tensors(grad.conv2d_input),
    "Conv2d": TorchLayer,
    "int32": torch.int32,
}
CONVLIB = DATA | {
    "conv2d": convlib.conv2d,
    "conv_transpose2d": convlib.conv_transpose2d,
    "pad": convlib.pad,
    "conv2d_input": convlib.grad.conv2d_input,
    "Conv2d": convlib.Conv2d,
    "int32": np.int32,
    "output_size": convlib.shapes.output_size,
    "solve": convlib.shapes.solve,
}
