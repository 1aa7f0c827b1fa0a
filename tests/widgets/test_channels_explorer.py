"""The Python side of ChannelsExplorer."""

import numpy as np
import pytest
import torch

from convlib.widgets import ChannelsExplorer

REFUSED = [
    ({"groups": 2}, ValueError, "in_channels must be divisible by groups"),
    ({"groups": 3}, ValueError, "out_channels must be divisible by groups"),
    ({"groups": 0}, ValueError, "groups must be a positive integer"),
    ({"groups": None}, TypeError, ""),
    ({"in_channels": "3"}, TypeError, ""),
    ({"kernel_size": 1.5}, TypeError, ""),
    (
        {"input_size": 2, "kernel_size": 3},
        RuntimeError,
        "Calculated padded input size per channel: (2 x 2). Kernel size: (3 x 3). "
        "Kernel size can't be greater than actual input size",
    ),
    # Legal for PyTorch, but not for this picture.
    ({"in_channels": 5}, ValueError, "in_channels=5, but the picture has room for 1 to 4"),
    ({"out_channels": 0}, ValueError, "out_channels=0, but the picture has room for 1 to 4"),
    ({"input_size": 5}, ValueError, "input_size=5, but the picture has room for 1 to 4"),
    ({"kernel_size": (1, 2)}, ValueError, "kernel_size=(1, 2), but the picture has one"),
    ({"picked": 3}, TypeError, "picked=3, but it is ('input', channel, row, column)"),
    ({"picked": ("output", 1)}, TypeError, "picked=('output', 1), but it is"),
    ({"picked": ("weight", 0, 0, 0)}, TypeError, "picked=('weight', 0, 0, 0), but it is"),
    ({"picked": ("input", 0, 0, 0.0)}, TypeError, "picked=('input', 0, 0, 0.0), but it is"),
    ({"picked": (["input"], 0, 0, 0)}, TypeError, "picked=(['input'], 0, 0, 0), but it is"),
    ({"picked": None}, TypeError, "picked=None, but it is"),
]


TEXT_FORMS = [
    ("", "in_channels=3, out_channels=2"),
    ("4, np.int64(4), groups=2", "in_channels=4, out_channels=4, groups=2"),
    ("kernel_size=(3, 3), bias=0", "in_channels=3, out_channels=2, kernel_size=3, bias=False"),
    (
        "picked=['weight', 9, 2, -1, 1]",
        "in_channels=3, out_channels=2, picked=('weight', 1, 2, 0, 1)",
    ),
]


def test_fewer_channels_take_the_pick_along():
    explorer = ChannelsExplorer(picked=("input", 2, 2, 1))
    explorer.in_channels = 1
    assert explorer.picked == ("input", 0, 2, 1)
    explorer.input_size = 2
    assert explorer.picked == ("input", 0, 1, 1)


@pytest.mark.parametrize("powers", [False, True])
@pytest.mark.parametrize(("channels", "groups"), [((3, 2), 1), ((4, 4), 2), ((2, 4), 2)])
def test_layer_code_and_pytorch_say_the_same(channels, groups, powers):
    explorer = ChannelsExplorer(*channels, groups=groups, powers=powers)
    ours, theirs = explorer.layer(), eval(explorer.code, {"torch": torch})
    assert repr(ours) == repr(theirs)
    theirs.load_state_dict({n: torch.tensor(v) for n, v in ours.state_dict().items()})
    image = explorer.input()
    np.testing.assert_array_equal(ours(image), theirs(torch.tensor(image)).detach().numpy())


def test_no_two_kernels_that_one_could_confuse_are_alike():
    weight = ChannelsExplorer(4, 4, kernel_size=3).layer().weight
    for filters in (weight, weight.swapaxes(0, 1)):
        for kernels in filters:
            assert len({kernel.tobytes() for kernel in kernels}) == 4


def test_powers_show_what_went_into_a_sum():
    explorer = ChannelsExplorer(3, 2, input_size=1, kernel_size=1, powers=True)
    assert explorer.layer()(explorer.input()).ravel().tolist() == [111, 1321]
