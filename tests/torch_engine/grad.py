"""``convlib.grad`` on PyTorch."""

import torch

from .functional import on_arrays

conv2d_input = on_arrays(torch.nn.grad.conv2d_input)
conv2d_weight = on_arrays(torch.nn.grad.conv2d_weight)
