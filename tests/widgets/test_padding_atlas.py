"""The Python side of PaddingAtlas."""

import numpy as np
import pytest
import torch

from convlib.widgets import PaddingAtlas

ARGUMENTS = "conv2d() received an invalid combination of arguments"
REFUSED = [
    ({"padding": -1}, RuntimeError, "negative padding is not supported"),
    ({"padding": 1.0}, TypeError, ARGUMENTS),
    ({"padding": "half"}, RuntimeError, "Invalid padding string: 'half'"),
    ({"input_size": 0, "padding": 0}, RuntimeError, "Calculated padded input size"),
    # Legal for PyTorch, but not for this picture.
    ({"padding": "same"}, TypeError, "padding='same', but it is an int"),
    ({"padding": 4}, ValueError, "padding=4, but the picture has room for 0 to 3"),
    ({"input_size": 6}, ValueError, "input_size=6, but the picture has room for 1 to 5"),
    ({"cell": 3}, TypeError, "cell=3, but a cell is a pair of ints"),
    ({"cell": (1, "2")}, TypeError, "cell=(1, '2'), but a cell is a pair of ints"),
]


TEXT_FORMS = [
    ("", "input_size=5, padding=2"),
    ("3, 1", "input_size=3, padding=1, cell=(-1, -1)"),
    ("np.int64(4), padding=2", "input_size=4, padding=2"),
    ("cell=[9, 0]", "input_size=5, padding=2, cell=(6, 0)"),
]


def test_a_smaller_border_takes_the_picked_cell_along():
    atlas = PaddingAtlas(input_size=4, padding=3, cell=(-3, 6))
    atlas.padding = 1
    assert atlas.cell == (-1, 4)
    atlas.input_size = 2
    assert atlas.cell == (-1, 2)


def test_the_pages_state_is_checked_too():
    atlas = PaddingAtlas()
    atlas.set_state({"padding": 3, "cell": [-3, 1]})
    assert repr(atlas) == "PaddingAtlas(input_size=5, padding=3, cell=(-3, 1))"
    with pytest.raises(RuntimeError, match="negative padding"):
        atlas.set_state({"padding": -1})
    assert atlas.padding == 3


def test_padded_is_the_picture_of_each_mode():
    atlas = PaddingAtlas(input_size=4, padding=2)
    picture = torch.arange(1.0, 17).reshape(1, 1, 4, 4)
    for mode in ("zeros", "reflect", "replicate", "circular"):
        kind = "constant" if mode == "zeros" else mode
        expected = torch.nn.functional.pad(picture, (2, 2, 2, 2), kind)[0, 0].numpy()
        np.testing.assert_array_equal(atlas.padded(mode), expected)
        assert atlas.padded(mode).dtype == expected.dtype


def test_padded_refuses_what_the_mode_cannot_reach():
    atlas = PaddingAtlas(input_size=3, padding=3)
    with pytest.raises(RuntimeError, match="Padding size should be less than"):
        atlas.padded("reflect")
    assert atlas.padded("circular").shape == (9, 9)
    atlas.input_size = 2
    with pytest.raises(RuntimeError, match="wrapping around more than once"):
        atlas.padded("circular")
    assert atlas.padded("replicate").shape == (8, 8)
