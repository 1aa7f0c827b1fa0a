"""The layer: the surface of torch.nn.Conv2d."""

import inspect
from itertools import product

import numpy as np
import pytest
import torch

import convlib
from tests.judge import same, tensor

MODES = ["zeros", "reflect", "replicate", "circular"]


def twins(*args, **kwargs):
    """Build the layer and PyTorch's, with the same numbers in both."""
    mine = convlib.Conv2d(*args, **kwargs, rng=np.random.default_rng(0))
    theirs = torch.nn.Conv2d(*args, **kwargs)
    for array in mine.state_dict().values():
        array[...] = np.random.default_rng(1).integers(-5, 6, array.shape)
    theirs.load_state_dict({name: tensor(array) for name, array in mine.state_dict().items()})
    return mine, theirs


SETTINGS = [
    dict(zip(("stride", "padding", "dilation", "groups", "bias", "padding_mode"), row, strict=True))
    for row in product(
        [1, (2, 1)], [0, 2, (1, 2), "same", "valid"], [1, (1, 2)], [1, 2], [True, False], MODES
    )
    if row[1] != "same" or row[0] == 1
]


def test_every_setting_gives_torchs_output_repr_and_attributes():
    x = np.random.default_rng(2).integers(-9, 9, (2, 4, 7, 8)).astype(np.float32)
    for settings in SETTINGS:
        mine, theirs = twins(4, 6, (3, 2), **settings)
        with torch.no_grad():
            same(mine(x), theirs(tensor(x)))
            same(mine.forward(x[0]), theirs(tensor(x[0])))
        assert repr(mine) == repr(theirs)
        for name in (
            "in_channels",
            "out_channels",
            "kernel_size",
            "transposed",
            "output_padding",
            "training",
            *settings,
        ):
            if name != "bias":
                assert getattr(mine, name) == getattr(theirs, name)
        assert (mine.bias is None) == (theirs.bias is None)
        assert list(mine.state_dict()) == list(theirs.state_dict())
    print(f"{len(SETTINGS)} layers")


def test_the_signature_is_torchs():
    mine = list(inspect.signature(convlib.Conv2d).parameters.values())
    theirs = inspect.signature(torch.nn.Conv2d).parameters.values()
    assert [(p.name, p.default) for p in mine[:-1]] == [(p.name, p.default) for p in theirs]
    assert mine[-1].name == "rng"


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64])
def test_dtype_is_that_of_the_weight(dtype):
    layer = convlib.Conv2d(1, 2, 3, dtype=dtype)
    assert layer.weight.dtype == layer.bias.dtype == dtype
    assert layer(np.ones((1, 5, 5), dtype)).dtype == dtype


@pytest.mark.parametrize(("C_in", "groups", "k"), [(3, 1, 3), (8, 4, 5), (16, 1, (1, 7))])
def test_initial_values_have_torchs_distribution(C_in, groups, k):
    """Uniform in (-b, b), b = 1 / sqrt(fan_in): the largest near b, the spread b / sqrt(3)."""
    rng = np.random.default_rng(0)
    layers = [convlib.Conv2d(C_in, 8, k, groups=groups, rng=rng) for _ in range(200)]
    fan_in = layers[0].weight[0].size
    for name in ("weight", "bias"):
        drawn = np.stack([getattr(layer, name) for layer in layers]) * fan_in**0.5
        assert 0.99 < abs(drawn).max() <= 1
        assert abs(drawn.mean()) < 0.05
        assert abs(drawn.std() * 3**0.5 - 1) < 0.03


def test_the_generator_decides():
    one, two = (convlib.Conv2d(2, 3, 3, rng=np.random.default_rng(4)) for _ in range(2))
    assert (one.weight == two.weight).all()
    assert not (one.weight == convlib.Conv2d(2, 3, 3).weight).all()


def test_state_is_loaded_and_copied():
    mine = convlib.Conv2d(2, 3, 3)
    state = {name: np.full(array.shape, 2.0) for name, array in mine.state_dict().items()}
    mine.load_state_dict(state)
    assert (mine.weight == 2).all()
    assert mine.weight.dtype == np.float32
    assert not np.shares_memory(mine.weight, state["weight"])


@pytest.mark.parametrize(
    ("state", "texts"),
    [
        ({}, ["Missing key(s)", "'weight'", "'bias'"]),
        ({"weight": np.ones((3, 2, 3, 3))}, ["Missing key(s)", "'bias'"]),
        (
            {"weight": np.ones((3, 2, 3, 3)), "bias": np.ones(3), "x": 1},
            ["Unexpected key(s)", "'x'"],
        ),
        ({"weight": np.ones((3, 2, 3, 4)), "bias": np.ones(3)}, ["size mismatch", "'weight'"]),
        ({"weight": np.ones((3, 2, 3, 3)), "bias": np.ones(4)}, ["size mismatch", "'bias'"]),
    ],
)
def test_a_wrong_state_is_refused_and_leaves_the_layer_as_it_was(state, texts):
    layer = convlib.Conv2d(2, 3, 3)
    before = layer.weight.copy(), layer.bias.copy()
    with pytest.raises(RuntimeError) as caught:
        layer.load_state_dict(state)
    sentence, *help_lines = str(caught.value).split("\n")
    assert sentence == "Error(s) in loading state_dict for Conv2d:"
    assert all(text in "\n".join(help_lines) for text in texts)
    assert (layer.weight == before[0]).all()
    assert (layer.bias == before[1]).all()


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"device": "cuda"}, RuntimeError, "Expected one of cpu device type"),
        ({"dtype": np.int32}, RuntimeError, "Only Tensors of floating point and complex dtype"),
        ({"padding": "same", "stride": (1, 2)}, ValueError, "padding='same' is not supported"),
    ],
)
def test_a_refused_layer_is_explained(settings, error, text):
    with pytest.raises(error) as caught:
        convlib.Conv2d(1, 1, 3, **settings)
    assert text in str(caught.value)
    assert len(str(caught.value).split("\n")) == 3
