"""Sizes: against torch's meta device, which computes shapes without numbers."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import convlib
from convlib import shapes

small = st.integers(1, 6)
TYPICAL = [(3, 2, 1, 1), (5, 1, 2, 1), (2, 3, 0, 2), (7, 2, 3, 1), (4, 1, 1, 3), (1, 1, 0, 1)]


def meta(layer, *size):
    """Return the output size that torch gives for an input size."""
    return tuple(layer(torch.empty(1, *size, device="meta")).shape[1:])


@given(st.integers(1, 2**31), small, small, st.integers(0, 6), small)
def test_output_size_equals_torch(size, k, s, p, d):
    layer = torch.nn.Conv2d(1, 1, (k, 1), (s, 1), (p, 0), (d, 1), device="meta")
    try:
        want = meta(layer, size, 1)[0]
    except RuntimeError:
        with pytest.raises(RuntimeError, match="Calculated padded input size per channel"):
            convlib.shapes.output_size(size, k, s, p, d)
    else:
        assert convlib.shapes.output_size(size, k, s, p, d) == want


def test_output_size_at_every_boundary():
    for k, s, p, d in product(range(1, 5), range(1, 4), range(3), range(1, 4)):
        layer = torch.nn.Conv2d(1, 1, k, s, p, d, device="meta")
        for size in range(max(1, d * (k - 1) + 1 - 2 * p), 14):
            assert convlib.shapes.output_size((size, 20), k, s, p, d) == meta(layer, size, 20)


@given(st.integers(1, 2**20), small, small, st.integers(0, 3), small, st.integers(0, 5))
def test_transposed_output_size_equals_torch(size, k, s, p, d, extra):
    layer = torch.nn.ConvTranspose2d(1, 1, k, s, p, extra, dilation=d, device="meta")
    try:
        want = meta(layer, size, size)
    except RuntimeError:
        want = (0, 0)
    if min(want) > 0 and extra < max(s, d):
        assert convlib.shapes.transposed_output_size((size, size), k, s, p, extra, d) == want
    else:
        with pytest.raises(RuntimeError, match=r"Output size is too small|output padding must be"):
            convlib.shapes.transposed_output_size((size, size), k, s, p, extra, d)


@given(small, small)
def test_same_padding_is_what_a_layer_computes(k, d):
    layer = torch.nn.Conv2d(1, 1, (k, 1), padding="same", dilation=(d, 1), device="meta")
    before, after = layer._reversed_padding_repeated_twice[2:]
    assert convlib.shapes.same_padding(k, d) == (before, after)
    assert convlib.shapes.same_padding((k, 1), (d, 1)) == ((before, after), (0, 0))
    assert convlib.shapes.output_size((40, 9), (k, 1), 1, "same", (d, 1)) == (40, 9)
    assert convlib.shapes.effective_kernel_size(k, d) == before + after + 1


def test_one_number_and_pairs():
    assert convlib.shapes.output_size(7, 3) == 5
    assert convlib.shapes.output_size((7, 7), 3) == (5, 5)
    assert convlib.shapes.output_size(7, (3, 1)) == (5, 7)
    assert convlib.shapes.output_size(7, 3, np.int64(2)) == 3
    assert convlib.shapes.transposed_output_size(3, 3, (2, 1)) == (7, 5)
    assert convlib.shapes.effective_kernel_size(3, (1, 2)) == (3, 5)


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("bias", [True, False])
def test_weights_are_counted_like_torch(groups, bias):
    layer = torch.nn.Conv2d(8, 12, (3, 2), groups=groups, bias=bias)
    assert convlib.shapes.weight_shape(8, 12, (3, 2), groups) == tuple(layer.weight.shape)
    numbers = sum(p.numel() for p in layer.parameters())
    assert convlib.shapes.parameter_count(8, 12, (3, 2), groups, bias) == numbers


def test_mac_count_counts_the_products():
    for groups, stride in product((1, 2), (1, 2)):
        w = np.ones((4, 6 // groups, 3, 2))
        # With ones everywhere and no padding, an output is the number of its products.
        y = convlib.conv2d(np.ones((6, 7, 8)), w, None, stride, 0, 1, groups)
        assert convlib.shapes.mac_count((7, 8), 6, 4, (3, 2), stride, groups=groups) == y.sum()
    assert convlib.shapes.mac_count(224, 3, 64, 7, 2, 3) == 118_013_952


def test_receptive_field_is_where_the_gradient_is():
    for stack in product(TYPICAL, repeat=2):
        size, jump, start = convlib.shapes.receptive_field(stack)
        x = torch.ones(1, 1, 80, 1, dtype=torch.float64, requires_grad=True)
        y = x
        for k, s, p, d in stack:
            w = torch.ones(1, 1, k, 1, dtype=torch.float64)
            y = torch.nn.functional.conv2d(y, w, None, (s, 1), (p, 0), (d, 1))
        middle = y.shape[2] // 2
        y[0, 0, middle, 0].backward()
        seen = x.grad[0, 0, :, 0].nonzero().ravel().tolist()
        first = start + middle * jump
        assert (seen[0], seen[-1]) == (first, first + size - 1)


def test_receptive_field_takes_layers_and_pairs():
    layers = [convlib.Conv2d(1, 1, (3, 5), padding="same"), convlib.Conv2d(1, 1, 2, stride=2)]
    assert convlib.shapes.receptive_field(layers) == ((4, 6), (2, 2), (-1, -2))
    assert convlib.shapes.receptive_field([]) == (1, 1, 0)


def test_solve_finds_every_setting_and_no_other():
    bounds = {"max_kernel_size": 5, "max_stride": 3, "max_padding": 3, "max_dilation": 2}
    tried = [
        (k, s, p, d)
        for k, s, p, d in product(range(1, 6), range(1, 4), range(4), range(1, 3))
        if k > 1 or d == 1
    ]
    for size in (1, 4, 7):
        wanted = {}
        for k, s, p, d in tried:
            if size + 2 * p >= d * (k - 1) + 1:
                layer = torch.nn.Conv2d(1, 1, k, s, p, d, device="meta")
                wanted.setdefault(meta(layer, size, size)[0], set()).add((k, s, p, d))
        for output in range(1, 20):
            if output in wanted:
                found = convlib.shapes.solve(size, output, **bounds)
                assert len(found) == len(set(found))
                assert set(found) == wanted[output]
                assert found == sorted(found, key=lambda f: (f.dilation, f.stride, f[0], f[2]))
            else:
                with pytest.raises(
                    ValueError, match=rf"no setting .* {size} to {output}\n.*nearest"
                ):
                    convlib.shapes.solve(size, output, **bounds)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda s: s.output_size(2, 3), RuntimeError, "(2 x 2). Kernel size: (3 x 3). Kernel"),
        (lambda s: s.output_size(5, 3, 0), RuntimeError, "non-positive stride"),
        (lambda s: s.output_size(5, 3, 1, -1), RuntimeError, "negative padding"),
        (lambda s: s.output_size(5, 3, 1, 0, 0), RuntimeError, "dilation should be greater"),
        (lambda s: s.output_size(5, 0), RuntimeError, "kernel size should be greater than zero"),
        (lambda s: s.output_size(-5, 3), RuntimeError, "negative dimension -5"),
        (lambda s: s.output_size(5, 3, 2, "same"), RuntimeError, "padding='same' is not supported"),
        (lambda s: s.output_size(5, 3, 1, "full"), RuntimeError, "Invalid padding string: 'full'"),
        (lambda s: s.output_size(5, 3, True), TypeError, "got stride=bool"),
        (lambda s: s.output_size(5.0, 3), TypeError, "got input_size=float"),
        (lambda s: s.output_size((5, 5, 5), 3), RuntimeError, "input_size=[5, 5, 5]"),
        (lambda s: s.output_size(5, 3, 2**63), ValueError, "Overflow"),
        (lambda s: s.transposed_output_size(3, 3, padding="same"), TypeError, "not str"),
        (lambda s: s.transposed_output_size(3, 3, padding=4), RuntimeError, "Output size is too"),
        (lambda s: s.transposed_output_size(3, 3, 2, 0, 2), RuntimeError, "output padding must be"),
        (lambda s: s.same_padding(0), RuntimeError, "kernel size should be greater than zero"),
        (lambda s: s.effective_kernel_size(3, 0), RuntimeError, "dilation should be greater"),
        (lambda s: s.weight_shape(4, 4, 3, 3), ValueError, "in_channels must be divisible"),
        (lambda s: s.weight_shape(3, 4, 3, 3), ValueError, "out_channels must be divisible"),
        (lambda s: s.weight_shape(4, 4, 3, 0), ValueError, "groups must be a positive integer"),
        (lambda s: s.weight_shape(4, 4, -3), RuntimeError, "negative dimension -3: [4, 4, -3, -3]"),
        (lambda s: s.weight_shape(4, True, 3), TypeError, "element of type bool at pos 0"),
        (lambda s: s.receptive_field([(3, 0)]), RuntimeError, "non-positive stride"),
    ],
)
def test_bad_sizes_are_refused_in_torchs_words_and_explained(call, error, text):
    with pytest.raises(error) as caught:
        call(shapes)
    sentence, *help_lines = str(caught.value).split("\n")
    assert text in sentence
    assert len(help_lines) == 2
