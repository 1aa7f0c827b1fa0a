"""The Python side of ShapeSolver."""

import numpy as np
import pytest
import torch

from convlib.shapes import output_size
from convlib.widgets import ShapeSolver

TEXT_FORMS = [
    ("", "kernel_size=3, stride=2"),
    ("stride=1, padding='same', kernel_size=4", "kernel_size=4, stride=1, padding='same'"),
    ("padding=(1, 1), target=np.int64(16)", "kernel_size=3, stride=2, padding=1, target=16"),
    ("max_stride=4, max_padding=0", "kernel_size=3, stride=2, max_stride=4, max_padding=0"),
]


REFUSED = [
    ({"stride": 0}, RuntimeError, "non-positive stride is not supported"),
    ({"padding": -1}, RuntimeError, "negative padding is not supported"),
    ({"padding": "SAME"}, ValueError, "Invalid padding string 'SAME'"),
    (
        {"padding": "same"},
        ValueError,
        "padding='same' is not supported for strided convolutions",
    ),
    ({"dilation": 1.0}, TypeError, ""),
    (
        {"input_size": 4, "dilation": 2},
        RuntimeError,
        "Calculated padded input size per channel: (4 x 4). Kernel size: (5 x 5).",
    ),
    # Legal for PyTorch, but not for this picture.
    (
        {"input_size": 65_537},
        ValueError,
        "input_size=65537, but the picture has room for 1 to 65536",
    ),
    ({"kernel_size": (1, 3)}, ValueError, "kernel_size=(1, 3), but the picture has one"),
    ({"padding": 257}, ValueError, "padding=257, but the picture has room for 0 to 256"),
    ({"target": 0}, ValueError, "target=0, but the picture has room for 1 to 131072"),
    ({"target": "8"}, TypeError, "target='8', but it is an int"),
    ({"target": True}, TypeError, "target=True, but it is an int"),
    ({"max_stride": 5}, ValueError, "max_stride=5, but the picture has room for 1 to 4"),
    ({"max_dilation": None}, TypeError, "max_dilation=None, but it is an int"),
]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({}, "torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=2)"),
        (
            {"kernel_size": 3, "stride": 1, "padding": "same", "dilation": 2},
            "torch.nn.Conv2d(1, 1, kernel_size=(3, 3), padding='same', dilation=2)",
        ),
    ],
)
def test_code_and_layer_are_the_layer_shown(settings, code):
    solver = ShapeSolver(**settings)
    assert solver.code == code
    assert repr(solver.layer()) == repr(eval(code, {"torch": torch}))


def test_every_solution_can_be_loaded():
    solver = ShapeSolver(input_size=32, padding=1, target=16)
    solutions = solver.solutions()
    assert len(solutions) == 10  # with its one tap, dilation 1 and 2 are the same layer
    for setting in solutions:
        with solver.hold_trait_notifications():
            for name, value in setting._asdict().items():
                setattr(solver, name, value)
        size = solver.layer()(np.zeros((1, 1, 32, 32), np.float32)).shape[-1]
        assert size == output_size(32, *setting) == 16


def test_says_why_there_is_no_solution():
    with pytest.raises(ValueError, match="no setting within the bounds maps 64 to 40"):
        ShapeSolver(input_size=64, target=40).solutions()


def test_more_bounds_reach_more():
    solver = ShapeSolver(input_size=64, target=23, max_stride=2)
    with pytest.raises(ValueError, match="no setting"):
        solver.solutions()
    solver.max_stride = 3
    assert {setting.stride for setting in solver.solutions()} == {3}
