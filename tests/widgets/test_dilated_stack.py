"""The Python side of DilatedStack."""

import pytest
import torch

from convlib.widgets import DilatedStack

REFUSED = [
    ({"kernel_size": 0}, RuntimeError, "kernel size should be greater than zero"),
    ({"kernel_size": 1.5}, TypeError, ""),
    ({"dilations": (1, 0)}, RuntimeError, "dilation should be greater than zero"),
    ({"dilations": (1, 2.0)}, TypeError, ""),
    # Legal for PyTorch, but not for this picture.
    ({"dilations": "123"}, TypeError, "dilations='123', but it is a tuple with one int per layer"),
    ({"dilations": 2}, TypeError, "dilations=2, but it is a tuple with one int per layer"),
    ({"dilations": ()}, ValueError, "dilations=(), but a stack has at least one layer"),
    (
        {"dilations": (1, 1, 1, 1, 1)},
        ValueError,
        "there would be 5 layers, but the picture has room for 4",
    ),
    ({"dilations": (1, 6)}, ValueError, "dilations[1]=6, but the picture has room for 1 to 5"),
    (
        {"dilations": (5, 5, 1)},
        ValueError,
        "the receptive field would be 23 pixels, but the picture has room for 19",
    ),
    ({"kernel_size": 6}, ValueError, "kernel_size=6, but the picture has room for 1 to 5"),
    ({"kernel_size": (3, 3)}, TypeError, "kernel_size=(3, 3), but it is an int"),
]


TEXT_FORMS = [
    ("", "kernel_size=3, dilations=(1, 2, 3)"),
    ("3, [2, 2, 2]", "kernel_size=3, dilations=(2, 2, 2)"),
    ("2, (np.int64(1), 5)", "kernel_size=2, dilations=(1, 5)"),
]


def test_the_pages_state_is_checked_too():
    stack = DilatedStack()
    stack.set_state({"dilations": [4, 4]})
    text = "DilatedStack(kernel_size=3, dilations=(4, 4))"
    assert repr(stack) == text
    with pytest.raises(ValueError, match="at least one layer"):
        stack.set_state({"dilations": []})
    assert repr(stack) == text


@pytest.mark.parametrize("dilations", [(2, 2, 2), (1, 2, 3), (4,)])
def test_the_layers_are_the_lines_of_code(dilations):
    stack = DilatedStack(dilations=dilations)
    theirs = eval(stack.code, {"torch": torch})
    layers = list(theirs) if isinstance(theirs, torch.nn.Sequential) else [theirs]
    assert [repr(layer) for layer in stack.layers()] == [repr(layer) for layer in layers]
