"""The Python side of SamePadding."""

import pytest
import torch

from convlib.widgets import SamePadding

REFUSED = [
    ({"stride": 0}, RuntimeError, "non-positive stride is not supported"),
    ({"kernel_size": 0}, RuntimeError, "kernel size should be greater than zero"),
    ({"kernel_size": "3"}, TypeError, ""),
    ({"width": 0}, RuntimeError, "Calculated padded input size per channel: (0 x 0)"),
    # Legal for PyTorch, but not for this picture.
    ({"width": 11}, ValueError, "width=11, but the picture has room for 1 to 10"),
    ({"kernel_size": 100}, ValueError, "kernel_size=100, but the picture has room for 1 to 7"),
    ({"stride": 5}, ValueError, "stride=5, but the picture has room for 1 to 4"),
]


TEXT_FORMS = [
    ("", "width=8, kernel_size=3, stride=2"),
    ("np.int64(4), stride=1", "width=4, kernel_size=3, stride=1"),
    ("width=7", "width=7, kernel_size=3, stride=2"),
]


def test_the_pages_state_is_checked_too():
    same = SamePadding()
    same.set_state({"width": 10, "stride": 3})
    assert repr(same) == "SamePadding(width=10, kernel_size=3, stride=3)"
    with pytest.raises(RuntimeError, match="non-positive stride"):
        same.set_state({"stride": 0})
    assert same.stride == 3


def test_the_layer_is_the_line_of_code():
    same = SamePadding(width=9, kernel_size=4, stride=2)
    theirs = eval(same.code, {"torch": torch})
    ours = same.layer()
    assert repr(ours) == repr(theirs)
    assert same.code == "torch.nn.Conv2d(1, 1, kernel_size=(4, 4), stride=2, padding=2)"
    assert ours.weight.min() == ours.weight.max() == 1
    assert ours.bias.tolist() == [0]
