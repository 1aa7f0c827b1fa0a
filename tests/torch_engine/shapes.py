"""``convlib.shapes`` on PyTorch: no formula here, each answer is read off a layer."""

from itertools import product
from typing import NamedTuple

import torch
from torch.utils.flop_counter import FlopCounterMode


def _layer(kernel_size, stride=1, padding=0, dilation=1):
    return torch.nn.Conv2d(1, 1, kernel_size, stride, padding, dilation, device="meta")


def _pair(value):
    return tuple(value) if isinstance(value, tuple | list) else (value, value)


def _like(answer, *arguments):
    return answer if any(isinstance(a, tuple | list) for a in arguments) else answer[0]


def output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    image = torch.empty(1, *_pair(input_size), device="meta")
    answer = tuple(_layer(kernel_size, stride, padding, dilation)(image).shape[1:])
    return _like(answer, input_size, kernel_size, stride, padding, dilation)


def transposed_output_size(
    input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1
):
    layer = torch.nn.ConvTranspose2d(
        1, 1, kernel_size, stride, padding, output_padding, dilation=dilation, device="meta"
    )
    answer = tuple(layer(torch.empty(1, *_pair(input_size), device="meta")).shape[1:])
    return _like(answer, input_size, kernel_size, stride, padding, output_padding, dilation)


def effective_kernel_size(kernel_size, dilation=1):
    # 'same' adds all but one of the pixels that the window spans
    sides = same_padding(_pair(kernel_size), dilation)
    return _like(tuple(sum(side) + 1 for side in sides), kernel_size, dilation)


def same_padding(kernel_size, dilation=1):
    left, right, top, bottom = _layer(
        kernel_size, padding="same", dilation=dilation
    )._reversed_padding_repeated_twice
    return _like(((top, bottom), (left, right)), kernel_size, dilation)


def weight_shape(in_channels, out_channels, kernel_size, groups=1):
    layer = torch.nn.Conv2d(in_channels, out_channels, kernel_size, groups=groups, device="meta")
    return tuple(layer.weight.shape)


def parameter_count(in_channels, out_channels, kernel_size, groups=1, bias=True):
    layer = torch.nn.Conv2d(
        in_channels, out_channels, kernel_size, groups=groups, bias=bias, device="meta"
    )
    return sum(parameter.numel() for parameter in layer.parameters())


def mac_count(input_size, in_channels, out_channels, *settings, **more):
    layer = torch.nn.Conv2d(in_channels, out_channels, *settings, **more, device="meta")
    with FlopCounterMode(display=False) as counter:
        layer(torch.empty(1, in_channels, *_pair(input_size), device="meta"))
    return counter.get_total_flops() // 2  # PyTorch counts a multiply-accumulate as two


def receptive_field(layers):
    """Read size, jump and start off the gradients of two neighbouring outputs."""
    given, stack = [], []
    for layer in layers:
        if hasattr(layer, "kernel_size"):
            layer = (layer.kernel_size, layer.stride, layer.padding, layer.dilation)
        given += layer
        stack.append(torch.nn.Conv2d(1, 1, *layer, bias=False, dtype=torch.float64))
        torch.nn.init.ones_(stack[-1].weight)
    answers = [_field_along(torch.nn.Sequential(*stack), axis) for axis in (1, 2)]
    return tuple(_like(answer, *given) for answer in zip(*answers, strict=True))


def _field_along(net, axis, size=32):
    image = torch.ones(1, size, size, dtype=torch.float64, requires_grad=True)
    out = net(image)
    middle = out.shape[axis] // 2

    def field(index):
        line = out.select(axis, index).sum()
        (gradient,) = torch.autograd.grad(line, image, retain_graph=True)
        used = gradient[0].sum(dim=2 - axis).nonzero()
        return int(used.min()), int(used.max())

    if out.shape[axis] > 2:
        (first, last), (next_first, next_last) = field(middle - 1), field(middle)
        if first > 0 and next_last < size - 1:  # else the image's border cuts a field off
            jump = next_first - first
            return last - first + 1, jump, first - (middle - 1) * jump
    return _field_along(net, axis, 2 * size)


class Setting(NamedTuple):
    kernel_size: int
    stride: int
    padding: int
    dilation: int


def solve(
    input_size, output_size, *, max_kernel_size=11, max_stride=4, max_padding=5, max_dilation=3
):
    """Try every setting."""
    bounds = (max_dilation, max_stride, max_kernel_size)
    found = []
    for d, s, k, p in product(*(range(1, b + 1) for b in bounds), range(max_padding + 1)):
        if k == 1 and d > 1:
            continue
        try:
            size = _layer(k, s, p, d)(torch.empty(1, input_size, input_size, device="meta"))
        except RuntimeError:
            continue
        if size.shape[1] == output_size:
            found.append(Setting(k, s, p, d))
    return found
