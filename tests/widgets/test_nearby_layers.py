"""Layers near one whose channels do not split: PyTorch makes them, and nothing is nearer."""

import random

import pytest
import torch

from tests.widgets.javascript import Javascript


@pytest.fixture(scope="module")
def nearby():
    return Javascript("math/nearby_layers")


def is_made(module):
    try:
        torch.nn.Conv2d(**module, device="meta")
    except ValueError:
        return False
    return True


def test_the_nearest_layers_that_split(nearby):
    draw = random.Random(3)
    modules = [
        {
            "in_channels": draw.randint(1, 40),
            "out_channels": draw.randint(1, 40),
            "kernel_size": 3,
            "groups": draw.randint(1, 12),
            "stride": 2,
        }
        for _ in range(300)
    ]
    refused = [module for module in modules if not is_made(module)]
    assert len(refused) > 200
    answers = nearby.each("layersThatSplit", [[module] for module in refused])
    for module, (more, fewer) in zip(refused, answers, strict=True):
        assert is_made(more), module
        assert is_made(fewer), module
        for name in ("in_channels", "out_channels"):
            between = range(module[name], more[name])
            assert all(number % module["groups"] for number in between), module
        assert fewer == {**module, "groups": fewer["groups"]}
        assert more == {**module, **{n: more[n] for n in ("in_channels", "out_channels")}}
        larger = range(fewer["groups"] + 1, module["groups"] + 1)
        assert not any(is_made({**module, "groups": groups}) for groups in larger), module


@pytest.mark.parametrize("groups", [0, -2, 2.5, "4", None, 10**9])
def test_what_are_no_groups_has_no_nearby_layer(groups, nearby):
    module = {"in_channels": 3, "out_channels": 8, "kernel_size": 3, "groups": groups}
    assert nearby.layersThatSplit(module) == []
