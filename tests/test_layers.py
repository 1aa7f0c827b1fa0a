"""The layer: the surface of torch.nn.Conv2d."""

import inspect
import random
import warnings
from itertools import product

import numpy as np
import pytest
import torch

import convlib
from tests.contract.test_contract import in_order
from tests.judge import same, tensor
from tests.test_functional import FULL, KERNEL_TEXTS

# PyTorch warns once in a process; which test meets it depends on their order.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
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


def random_layer(rng):
    """Choose the arguments of a layer, about one of them odd, and an input."""
    pick = lambda good, *bad, odds=25: rng.choice([good] * odds + list(bad))  # noqa: E731
    odd = (0, -1, (1, 2), (1,), (1, 1, 1), (), True, 1.5, None, "x", (1, None), (None, 1), (1, "a"))
    odd += ("12", np.array([1, 2]), range(1, 3), np.int64(2), (2**63, 1), "valid")
    channels = (pick(1, 2, 0, -1, None, 1.0, "1"), pick(1, 2, 0, -1, None, "1"))
    settings = {
        "kernel_size": pick(1, 2, (2, 3), 4, *odd),
        "stride": pick(1, *odd),
        "padding": pick("same", *odd, 1, 1, 1),
        "dilation": pick(1, 2, *odd),
        "groups": pick(1, 2, 0, None, 1.0, "1"),
        "padding_mode": pick("zeros", "reflect", "circular", "replicate", "x", odds=4),
    }
    shapes = ([1, 5, 6], [5, 6], [1, 1, 1, 5, 6], [0, 1, 5, 6], [1, 1, 5, 1])
    return channels, settings, np.ones(pick([1, 1, 5, 6], *shapes), np.float32)


def answer(layer, convert, channels, settings, x):
    """Build a layer and call it; return its repr and the output's shape, or moment and error."""
    moment = "construction"
    try:
        built = layer(*channels, **settings)
        moment = "call"
        with torch.no_grad():
            return repr(built), tuple(built(convert(x)).shape)
    except Exception as error:
        return moment, type(error).__name__, in_order(str(error).split("\n")[0])


# The sentence is that of an inner operation: see contract/differences.py.
INNER_TEXTS = (*KERNEL_TEXTS, "Trying to create", "as a SymInt", "conv2d() received")


def test_a_layer_refuses_what_torch_refuses_at_the_same_moment():
    rng = random.Random(0)
    refused = {"construction": 0, "call": 0}
    for _ in range(20000 if FULL else 1500):
        case = random_layer(rng)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            want = answer(torch.nn.Conv2d, tensor, *case)
        mine = answer(convlib.Conv2d, lambda x: x, *case)
        if want[0] in refused:
            refused[want[0]] += 1
        if any(text in want[-1] for text in INNER_TEXTS):
            assert mine[:2] == want[:2] or "IndexError" in want, case
        else:
            assert mine == want, case
    print(refused)
    assert min(refused.values()) > 200


@pytest.mark.parametrize(
    "settings",
    [
        {"stride": ()},
        {"dilation": (1, None)},
        {"dilation": ()},
        {"dilation": (2,), "padding_mode": "reflect"},
        {"stride": (), "padding_mode": "circular"},
        {"kernel_size": None},
    ],
)
def test_same_is_computed_when_the_layer_is_built(settings):
    case = (1, 1), {"kernel_size": 1, "padding": "same", **settings}, np.ones((1, 5, 6), "float32")
    mine = answer(convlib.Conv2d, lambda x: x, *case)
    assert mine == answer(torch.nn.Conv2d, tensor, *case)
