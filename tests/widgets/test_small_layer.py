"""A real layer as LayerExplorer shows it: the same window, and settings that it takes."""

import random

import pytest

from convlib.widgets import LayerExplorer, LayerReader
from tests.widgets.javascript import Javascript


@pytest.fixture(scope="module")
def small():
    return Javascript("math/small_layer")


ROOM = LayerReader().constants["small"]


def as_python(value):
    return tuple(value) if isinstance(value, list) else value


def test_every_small_layer_is_one_that_layer_explorer_takes(small):
    draw, shown = random.Random(8), 0
    modules = [
        {
            "kind": "Conv2d",
            "in_channels": 64,
            "out_channels": 128,
            "kernel_size": draw.choice([1, 3, 5, 7, [3, 2], [1, 5]]),
            "stride": draw.choice([1, 2, [2, 2], 5, [1, 2]]),
            "padding": draw.choice([0, 1, 2, [1, 1], [0, 1], "same", "valid", 9]),
            "dilation": draw.choice([1, 2, 3, [1, 2], 6]),
            "padding_mode": draw.choice(["zeros", "reflect", "circular"]),
        }
        for _ in range(600)
    ]
    for module, settings in zip(
        modules, small.each("smallLayer", [[module, ROOM] for module in modules]), strict=True
    ):
        if settings is None:
            continue
        explorer = LayerExplorer(**settings)
        for name in ("stride", "padding", "dilation"):
            assert explorer.settings()[name] == as_python(settings[name]), module
        shown += 1
    print(f"{shown} of {len(modules)} layers can be seen small")
    assert shown > 100


@pytest.mark.parametrize(
    ("module", "settings"),
    [
        ({"kernel_size": 3, "stride": 2, "padding": 1}, {"stride": 2, "padding": 1}),
        ({"kernel_size": 7}, None),
        ({"kernel_size": 3, "stride": [1, 2]}, {"stride": [1, 2]}),
        ({"kernel_size": 3, "stride": [1, 5]}, None),
        ({"kernel_size": 3, "padding": [1, 1]}, {"padding": 1}),
        ({"kind": "MaxPool2d", "kernel_size": 2}, None),
    ],
)
def test_a_window_that_has_no_room_is_not_shown(module, settings, small):
    found = small.smallLayer({"kind": "Conv2d", **module}, ROOM)
    assert (found is None) == (settings is None)
    assert settings is None or settings.items() <= found.items()
