"""The Python side of DilationExplorer."""

import pytest
import torch

from convlib.widgets import DilationExplorer

REFUSED = [
    ({"kernel_size": 0}, RuntimeError, "kernel size should be greater than zero"),
    ({"kernel_size": 1.5}, TypeError, ""),
    ({"dilation": 0}, RuntimeError, "dilation should be greater than zero"),
    ({"dilation": "2"}, TypeError, ""),
    # Legal for PyTorch, but not for this picture.
    ({"dilation": 5}, ValueError, "dilation=5, but the picture has room for 1 to 4"),
    ({"kernel_size": 6}, ValueError, "kernel_size=6, but the picture has room for 1 to 5"),
    (
        {"kernel_size": 4, "dilation": 3},
        ValueError,
        "the kernel would span 10 pixels, but the picture has room for 9",
    ),
    ({"kernel_size": (3, 3)}, TypeError, "kernel_size=(3, 3), but it is an int"),
    ({"output_cell": 3}, TypeError, "output_cell=3, but a cell is a pair of ints"),
    ({"speed": 9}, ValueError, "speed=9, but the picture has room for 1 to 8"),
]


TEXT_FORMS = [
    ("", "kernel_size=3, dilation=2"),
    ("3, 4", "kernel_size=3, dilation=4"),
    ("np.int64(2), dilation=4", "kernel_size=2, dilation=4"),
    ("output_cell=(1, 7)", "kernel_size=3, dilation=2, output_cell=(1, 2)"),
]


def test_the_pages_state_is_checked_too():
    explorer = DilationExplorer()
    explorer.set_state({"dilation": 4, "output_cell": [2, 9]})
    text = "DilationExplorer(kernel_size=3, dilation=4, output_cell=(2, 2))"
    assert repr(explorer) == text
    with pytest.raises(ValueError, match="the kernel would span 17 pixels"):
        explorer.set_state({"kernel_size": 5})
    assert repr(explorer) == text


def test_the_layer_is_the_line_of_code():
    explorer = DilationExplorer(kernel_size=2, dilation=4)
    assert explorer.code == "torch.nn.Conv2d(1, 1, kernel_size=(2, 2), dilation=4)"
    assert repr(explorer.layer()) == repr(eval(explorer.code, {"torch": torch}))
    assert explorer.layer().weight.tolist() == [[[[1, 1], [1, 1]]]]
    assert explorer.layer().bias.tolist() == [0]
