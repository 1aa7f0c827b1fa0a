"""Gradients: against autograd, torch.nn.grad and finite differences."""

import numpy as np
import pytest
import torch
from hypothesis import given

import convlib
from tests.configurations import blocks_of, configurations, seeded
from tests.judge import same, tensor


def gradients(module, x, w, g, settings):
    """Return both gradients, by a module with torch.nn.grad's functions."""
    if module is torch.nn.grad:
        x, w, g = map(tensor, (x, w, g))
    first = module.conv2d_input(tuple(x.shape), w, g, *settings)
    return first, module.conv2d_weight(x, tuple(w.shape), g, *settings)


@given(configurations())
def test_gradients_equal_autograd(config):
    x, w, b = map(tensor, config.arrays())
    for t in (x, w, b):
        t.requires_grad_()
    y = torch.nn.functional.conv2d(x, w, b, *config.settings)
    g = np.random.default_rng(5).integers(-9, 9, y.shape).astype(float)
    y.backward(tensor(g))
    arrays = x.detach().numpy(), w.detach().numpy(), g
    dx, dw = gradients(convlib.grad, *arrays, config.settings)
    same(dx, x.grad)
    same(dw, w.grad)
    same(g.sum((0, 2, 3)), b.grad)


def test_random_gradients_equal_torch():
    compare_random_gradients(400)


@pytest.mark.parametrize("columns", [20, 3, 1])
def test_gradients_are_summed_over_blocks(columns):
    with blocks_of(columns, convlib):
        compare_random_gradients(200)


def compare_random_gradients(count):
    for seed in range(count):
        config = seeded(seed)
        x, w, _ = config.arrays(seed)
        y = convlib.conv2d(x, w, None, *config.settings)
        g = np.random.default_rng(seed).integers(-9, 9, y.shape).astype(float)
        mine = gradients(convlib.grad, x, w, g, config.settings)
        wanted = gradients(torch.nn.grad, x, w, g, config.settings)
        for a, b in zip(mine, wanted, strict=True):
            same(a, b)


def test_gradients_are_finite_differences():
    """The loss is linear in x and in w, so a step of 1 gives the derivative exactly."""
    for seed in range(12):
        config = seeded(seed)
        x, w, _ = config.arrays(seed)
        y = convlib.conv2d(x, w, None, *config.settings)
        g = np.random.default_rng(seed).integers(-9, 9, y.shape).astype(float)
        derivatives = gradients(convlib.grad, x, w, g, config.settings)
        for array, derivative in zip((x, w), derivatives, strict=True):
            for index in list(np.ndindex(array.shape))[:: max(1, array.size // 15)]:
                array[index] += 1
                changed = convlib.conv2d(x, w, None, *config.settings)
                array[index] -= 1
                assert ((changed - y) * g).sum() == derivative[index]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_dtypes_equal_torch(dtype):
    config = seeded(7)
    x, w, _ = config.arrays(0, dtype)
    y = convlib.conv2d(x, w, None, *config.settings)
    g = np.random.default_rng(1).integers(-3, 3, y.shape).astype(dtype)
    mine = gradients(convlib.grad, x, w, g, config.settings)
    for a, b in zip(mine, gradients(torch.nn.grad, x, w, g, config.settings), strict=True):
        same(a, b)


@pytest.mark.parametrize("columns", [1, 512])
def test_infinite_numbers_equal_torch(columns):
    """An infinite gradient meets the zeros of the padding; an infinite weight meets none."""
    with blocks_of(columns, convlib):
        for seed in range(60):
            config = seeded(seed)._replace(padding=(3, 4), dilation=(1 + seed % 3, 1))
            x, w, _ = config.arrays(seed)
            g = np.ones(convlib.conv2d(x, w, None, *config.settings).shape)
            broken = (w, g)[seed % 2]
            broken[np.unravel_index(seed % broken.size, broken.shape)] = (np.inf, np.nan)[
                seed % 3 % 2
            ]
            mine = gradients(convlib.grad, x, w, g, config.settings)
            wanted = gradients(torch.nn.grad, x, w, g, config.settings)
            for a, b in zip(mine, wanted, strict=True):
                same(a, b)


X, W, G = np.ones((1, 2, 5, 5)), np.ones((3, 2, 3, 3)), np.ones((1, 3, 3, 3))
BROKEN = {
    "another height": ({"x": X[:, :, :4]}, {}),
    "another channel count": ({"x": np.ones((1, 4, 5, 5))}, {}),
    "another output": ({"g": np.ones((1, 4, 3, 3))}, {}),
    "no batch": ({"x": X[0], "g": G[0]}, {}),
    "a gradient without a batch": ({"g": G[0]}, {}),
    "a gradient with one axis more": ({"g": G[..., None]}, {}),
    "another batch": ({"g": np.ones((2, 3, 3, 3))}, {}),
    "another dtype": ({"g": G.astype("float32")}, {}),
    "whole numbers": ({"x": X.astype("int32"), "w": W.astype("int32"), "g": G.astype("int32")}, {}),
    "complex": ({"x": X + 0j, "w": W + 0j, "g": G + 0j}, {}),
    "zero stride": ({}, {"stride": 0}),
    "negative padding": ({}, {"padding": -1}),
    "padding in words": ({}, {"padding": "same"}),
    "zero dilation": ({}, {"dilation": 0}),
    "groups": ({}, {"groups": 3}),
    "no groups": ({}, {"groups": 0}),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_torch_refuses_is_refused(case):
    arrays, settings = BROKEN[case]
    x, w, g = ({"x": X, "w": W, "g": G} | arrays).values()
    for call in (
        lambda grad, t: grad.conv2d_input(x.shape, t(w), t(g), **settings),
        lambda grad, t: grad.conv2d_weight(t(x), w.shape, t(g), **settings),
    ):
        try:
            call(torch.nn.grad, tensor)
            error = RuntimeError  # torch 2.13 reads past the end of the smaller batch
            assert case == "another batch"
        except (RuntimeError, TypeError) as theirs:
            error = type(theirs)
        with pytest.raises(error) as mine:
            call(convlib.grad, lambda a: a)
        assert len(str(mine.value).split("\n")) >= 3


def test_a_list_is_no_gradient():
    with pytest.raises(TypeError, match="grad_output"):
        convlib.grad.conv2d_input((1, 1, 1, 1), W, [1.0])


def test_empty_batches_and_empty_channels():
    same(convlib.grad.conv2d_input((0, 2, 5, 5), W, G[:0]), np.zeros((0, 2, 5, 5)))
    same(convlib.grad.conv2d_weight(X[:0], W.shape, G[:0]), np.zeros(W.shape))
