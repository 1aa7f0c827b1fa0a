"""The Python side of GroupsExplorer."""

import pytest
import torch

from convlib.widgets import GroupsExplorer

REFUSED = [
    ({"groups": 3}, ValueError, "in_channels must be divisible by groups"),
    ({"groups": 4, "out_channels": 6}, ValueError, "out_channels must be divisible by groups"),
    ({"groups": 0}, ValueError, "groups must be a positive integer"),
    ({"groups": -1}, ValueError, "groups must be a positive integer"),
    ({"groups": 1.0}, TypeError, ""),
    ({"groups": None}, TypeError, ""),
    ({"in_channels": "4"}, TypeError, ""),
    ({"kernel_size": 1.5}, TypeError, ""),
    # Legal for PyTorch, but not for this picture.
    ({"in_channels": 10}, ValueError, "in_channels=10, but the picture has room for 1, 2, 3"),
    ({"in_channels": 0}, ValueError, "in_channels=0, but the picture has room for 1, 2, 3"),
    ({"out_channels": 14}, ValueError, "out_channels=14, but the picture has room for 1, 2"),
    ({"kernel_size": 2}, ValueError, "kernel_size=2, but the picture has room for 1, 3, 5, 7"),
    ({"kernel_size": (3, 3)}, ValueError, "kernel_size=(3, 3), but the picture has room for"),
    ({"input_size": 55}, ValueError, "input_size=55, but the picture has room for 7, 14, 28"),
    ({"input_size": "<b>"}, ValueError, "input_size='<b>', but the picture has room for"),
    ({"stack": "deep"}, ValueError, "stack='deep', but it is one of 'single', 'stacked'"),
    ({"picked": 3}, TypeError, "picked=3, but it is ('input', i)"),
    ({"picked": ("output",)}, TypeError, "picked=('output',), but it is ('input', i)"),
    ({"picked": ("output", 1.0)}, TypeError, "picked=('output', 1.0), but it is"),
    ({"picked": ("node", 1)}, TypeError, "picked=('node', 1), but it is ('input', i)"),
    ({"picked": (["output"], 1)}, TypeError, "picked=(['output'], 1), but it is"),
    ({"picked": []}, TypeError, "picked=[], but it is"),
    ({"picked": None}, TypeError, "picked=None, but it is"),
]


TEXT_FORMS = [
    ("", "in_channels=4, out_channels=4, groups=2"),
    ("groups=np.int64(4)", "in_channels=4, out_channels=4, groups=4"),
    (
        "in_channels=2, out_channels=6, groups=2, stack='shuffled', picked=['hidden', 9]",
        "in_channels=2, out_channels=6, groups=2, stack='shuffled', picked=('hidden', 5)",
    ),
    (
        "kernel_size=5, picked=('weight', 7, -7)",
        "in_channels=4, out_channels=4, groups=2, kernel_size=5, picked=('weight', 3, 0)",
    ),
]


def test_several_settings_change_as_one():
    explorer = GroupsExplorer(in_channels=4, out_channels=4, groups=4)
    with pytest.raises(ValueError, match="divisible"):
        explorer.in_channels = 6
    with explorer.hold_trait_notifications():
        explorer.in_channels = 6
        explorer.out_channels = 12
        explorer.groups = 3
    assert explorer.layer().weight.shape == (12, 2, 3, 3)


def test_the_pick_follows_the_picture():
    explorer = GroupsExplorer(picked=("weight", 3, 1))
    explorer.stack = "stacked"
    assert explorer.picked == ("output", 3)
    explorer.picked = ("hidden", 2)
    explorer.stack = "single"
    assert explorer.picked == ("output", 2)
    with explorer.hold_trait_notifications():
        explorer.in_channels, explorer.out_channels, explorer.groups = 2, 2, 1
    assert explorer.picked == ("output", 1)


def test_the_pages_state_is_checked_too():
    explorer = GroupsExplorer()
    explorer.set_state({"groups": 4, "picked": ["weight", 1, 1]})
    text = "GroupsExplorer(in_channels=4, out_channels=4, groups=4, picked=('weight', 1, 0))"
    assert repr(explorer) == text
    with pytest.raises(ValueError, match="divisible by groups"):
        explorer.set_state({"groups": 3})
    assert repr(explorer) == text


@pytest.mark.parametrize(
    ("in_channels", "out_channels", "groups", "kernel_size"),
    [(4, 4, 2, 3), (6, 12, 6, 5), (5, 7, 1, 1), (8, 4, 4, 7)],
)
def test_the_layer_is_the_line_of_code(in_channels, out_channels, groups, kernel_size):
    explorer = GroupsExplorer(
        in_channels=in_channels, out_channels=out_channels, groups=groups, kernel_size=kernel_size
    )
    theirs = eval(explorer.code, {"torch": torch})
    assert repr(explorer.layer()) == repr(theirs)
    assert explorer.layer().weight.shape == tuple(theirs.weight.shape)


def test_the_code_of_a_stack_has_its_layers():
    explorer = GroupsExplorer(in_channels=4, out_channels=8, groups=2, stack="shuffled")
    first, shuffle, second = eval(explorer.code, {"torch": torch})
    assert repr(first) == repr(explorer.layer())
    assert isinstance(shuffle, torch.nn.ChannelShuffle)
    assert (shuffle.groups, second.in_channels, second.out_channels) == (2, 8, 8)
    explorer.stack = "stacked"
    assert len(eval(explorer.code, {"torch": torch})) == 2
