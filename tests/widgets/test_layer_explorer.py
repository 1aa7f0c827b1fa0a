"""The Python side of LayerExplorer."""

import numpy as np
import pytest

from convlib.widgets import LayerExplorer


def assign(explorer, settings, then=lambda: None):
    """Assign several settings as one change."""
    with explorer.hold_trait_notifications():
        for name, value in settings.items():
            setattr(explorer, name, value)
        then()


def test_starts_as_a_small_layer_of_pytorch_defaults():
    explorer = LayerExplorer()
    assert explorer.settings() == {
        "input_size": 5,
        "kernel_size": (3, 3),
        "stride": 1,
        "padding": 0,
        "dilation": 1,
        "padding_mode": "zeros",
        "bias": True,
        "weight": None,
        "input_values": None,
        "output_cell": (0, 0),
        "input_cell": None,
        "weight_cell": (0, 0),
        "step": None,
        "fast": False,
        "speed": 4,
    }


TEXT_FORMS = [
    ("", "kernel_size=3"),
    ("kernel_size=3, stride=2", "kernel_size=3, stride=2"),
    ("stride=2, kernel_size=(3, 3), padding=0", "kernel_size=3, stride=2"),
    ("kernel_size=[2, 5], padding='same'", "kernel_size=(2, 5), padding='same'"),
    ("padding='valid'", "kernel_size=3"),
    ("stride=(2, 2), padding=[0, 1]", "kernel_size=3, stride=2, padding=(0, 1)"),
    ("input_size=(4, 6), dilation=(1, 1)", "input_size=(4, 6), kernel_size=3"),
    ("weight='mean', step=5000", "kernel_size=3, weight='mean', step=98"),
    ("weight=np.eye(2, dtype=int)", "kernel_size=3, weight=((1, 0), (0, 1))"),
    ("input_values=[[9, None], []]", "kernel_size=3, input_values=((9, None), ())"),
    ("input_size=np.int64(7), bias=None", "input_size=7, kernel_size=3, bias=False"),
    (
        "padding_mode='reflect', input_cell=(1, 2)",
        "kernel_size=3, padding_mode='reflect', input_cell=(1, 2)",
    ),
]


def test_text_form_follows_the_traits():
    explorer = LayerExplorer(stride=2)
    explorer.stride, explorer.padding = 1, "same"
    assert repr(explorer) == "LayerExplorer(kernel_size=3, padding='same')"


# The error that PyTorch gives: type and first line.
KERNEL = (
    "Calculated padded input size per channel: ({0} x {0}). Kernel size: ({1} x {1}). "
    "Kernel size can't be greater than actual input size"
)
REFLECT = (
    "Argument #4: Padding size should be less than the corresponding input dimension, but got: "
    "padding (3, 3) at dimension 3 of input [1, 1, 3, 3]"
)
MODES = "padding_mode must be one of {'circular', 'reflect', 'replicate', 'zeros'}, but got "
ARGUMENTS = "conv2d() received an invalid combination of arguments"
REFUSED = [
    ({"stride": 0}, RuntimeError, "non-positive stride is not supported"),
    ({"stride": -1}, RuntimeError, "non-positive stride is not supported"),
    ({"stride": 1.5}, TypeError, ARGUMENTS),
    ({"stride": "2"}, TypeError, ARGUMENTS),
    ({"stride": None}, TypeError, ARGUMENTS),
    ({"stride": True}, TypeError, ARGUMENTS),
    ({"padding": -1}, RuntimeError, "negative padding is not supported"),
    ({"padding": 1.0}, TypeError, ARGUMENTS),
    ({"padding": None}, TypeError, ARGUMENTS),
    (
        {"padding": 1.0, "padding_mode": "reflect"},
        TypeError,
        "pad(): argument 'pad' (position 2) must be tuple of ints",
    ),
    (
        {"padding": (1,), "padding_mode": "reflect"},
        NotImplementedError,
        "Padding size 2 is not supported for 4D input tensor.",
    ),
    (
        {"padding": "SAME"},
        ValueError,
        "Invalid padding string 'SAME', should be one of {'same', 'valid'}",
    ),
    (
        {"padding": "same", "stride": 2},
        ValueError,
        "padding='same' is not supported for strided convolutions",
    ),
    ({"dilation": 0}, RuntimeError, "dilation should be greater than zero"),
    ({"dilation": 1.0}, TypeError, ARGUMENTS),
    ({"padding_mode": "Zeros"}, ValueError, MODES + "padding_mode='Zeros'"),
    ({"padding_mode": None}, ValueError, MODES + "padding_mode='None'"),
    ({"padding_mode": 3}, ValueError, MODES + "padding_mode='3'"),
    ({"padding_mode": ["zeros"]}, ValueError, MODES),
    ({"padding_mode": "reflect", "padding": 3, "input_size": 3}, RuntimeError, REFLECT),
    (
        {"padding_mode": "circular", "padding": 4, "input_size": 3},
        RuntimeError,
        "Padding value causes wrapping around more than once.",
    ),
    ({"kernel_size": 5, "input_size": 4}, RuntimeError, KERNEL.format(4, 5)),
    ({"dilation": 3}, RuntimeError, KERNEL.format(5, 7)),
    ({"kernel_size": 0}, RuntimeError, "kernel size should be greater than zero"),
    ({"kernel_size": (3, 3, 3)}, RuntimeError, ""),
    ({"kernel_size": "3"}, TypeError, ""),
    ({"kernel_size": 1.5}, TypeError, ""),
    ({"input_size": "5"}, TypeError, ""),
    ({"input_size": -1}, RuntimeError, ""),
    # Legal for PyTorch, but not for this picture.
    ({"input_size": 9}, ValueError, "input_size=9, but the picture has room for 1 to 8"),
    ({"kernel_size": (1, 6), "input_size": 8}, ValueError, "kernel_size=6, but the picture has"),
    ({"stride": (1, 5)}, ValueError, "stride=5, but the picture has room for 1 to 4"),
    ({"input_size": (9, 5)}, ValueError, "input_size=9, but the picture has room for 1 to 8"),
    ({"padding": (1, -1)}, RuntimeError, "negative padding is not supported"),
    (
        {"padding": "same", "stride": (1, 2)},
        ValueError,
        "padding='same' is not supported for strided convolutions",
    ),
    (
        {"padding_mode": "reflect", "padding": (3, 0), "input_size": (3, 5)},
        RuntimeError,
        "Argument #6: Padding size should be less than the corresponding input dimension, but got: "
        "padding (3, 3) at dimension 2 of input [1, 1, 3, 5]",
    ),
    (
        {"input_size": (5, 8), "padding": (0, 3)},
        ValueError,
        "the padded input would span 14 cells, but the picture has room for 13",
    ),
    ({"weight": [[1, 10]]}, ValueError, "weight=10, but the picture has room for -9 to 9"),
    ({"weight": [[1.0]]}, TypeError, "weight=1.0, but it is an int"),
    ({"weight": 3}, TypeError, "weight=3, but it is None, a word, or rows of ints"),
    ({"weight": [3]}, TypeError, "weight=[3], but it is None, a word, or rows of ints"),
    ({"weight": "blur"}, ValueError, "weight='blur', but it is one of 'vertical edge', 'mean'"),
    (
        {"weight": [[0] * 6]},
        ValueError,
        "weight has 1 rows of up to 6 numbers, but the picture has room for 5",
    ),
    ({"input_values": "mean"}, ValueError, "input_values='mean', but it is one of 'edge'"),
    ({"input_values": [[True]]}, TypeError, "input_values=True, but it is an int"),
    ({"weight_cell": 3}, TypeError, "weight_cell=3, but a cell is a pair of ints"),
    ({"step": -1}, ValueError, "step=-1, but the picture has room for 0 to 98"),
    ({"step": 0.5}, TypeError, "step=0.5, but it is an int"),
    ({"padding": 4}, ValueError, "padding=4, but the picture has room for 0 to 3"),
    (
        {"kernel_size": (3, 5), "dilation": 3, "padding": "same"},
        ValueError,
        "the padded input would span 17 cells, but the picture has room for 13",
    ),
    ({"output_cell": 3}, TypeError, "output_cell=3, but a cell is a pair of ints"),
    ({"input_cell": (1, 2, 3)}, TypeError, "input_cell=(1, 2, 3), but a cell is a pair of ints"),
    ({"input_cell": "ab"}, TypeError, "input_cell='ab', but a cell is a pair of ints"),
    ({"speed": 0}, ValueError, "speed=0, but the picture has room for 1 to 8"),
]


def test_several_assignments_may_pass_through_an_impossible_state():
    explorer = LayerExplorer(stride=2)
    assign(explorer, {"padding": "same", "stride": 1})  # 'same' is refused with stride 2
    assert repr(explorer) == "LayerExplorer(kernel_size=3, padding='same')"


def test_an_error_of_ones_own_undoes_the_assignments():
    explorer = LayerExplorer()
    with pytest.raises(ZeroDivisionError):
        assign(explorer, {"stride": 0}, then=lambda: 1 / 0)
    assert explorer.stride == 1


def test_the_pages_state_is_checked_too():
    explorer = LayerExplorer()
    explorer.set_state({"kernel_size": [2, 4], "padding": "same", "output_cell": [4, 4]})
    assert repr(explorer) == (
        "LayerExplorer(kernel_size=(2, 4), padding='same', output_cell=(4, 4))"
    )
    before = explorer.settings()
    with pytest.raises(RuntimeError, match="dilation"):
        explorer.set_state({"dilation": 0})
    assert explorer.settings() == before


def test_a_smaller_layer_takes_the_picked_cells_along():
    explorer = LayerExplorer(output_cell=(9, 1), input_cell=(4, -1))
    assert (explorer.output_cell, explorer.input_cell) == ((2, 1), (4, 0))
    explorer.input_size = 3
    assert (explorer.output_cell, explorer.input_cell) == ((0, 0), (2, 0))


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({}, "torch.nn.Conv2d(1, 1, kernel_size=(3, 3))"),
        (
            {"stride": (2, 1), "padding": (0, 1), "dilation": (1, 2), "input_size": (6, 7)},
            "torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=(2, 1), padding=(0, 1), "
            "dilation=(1, 2))",
        ),
        (
            {"kernel_size": (3, 2), "stride": 2, "padding": 1},
            "torch.nn.Conv2d(1, 1, kernel_size=(3, 2), stride=2, padding=1)",
        ),
        (
            {"padding": "same", "dilation": 2, "bias": False, "padding_mode": "circular"},
            "torch.nn.Conv2d(1, 1, kernel_size=(3, 3), padding='same', dilation=2, bias=False, "
            "padding_mode='circular')",
        ),
    ],
)
def test_code_and_layer_are_the_layer_shown(settings, code):
    import torch

    explorer = LayerExplorer(**settings)
    assert explorer.code == code
    theirs = eval(code, {"torch": torch})
    ours = explorer.layer()
    assert repr(ours) == repr(theirs)
    with torch.no_grad():
        theirs.weight.copy_(torch.tensor(np.asarray(ours.weight)))
        if theirs.bias is not None:
            theirs.bias.copy_(torch.tensor(np.asarray(ours.bias)))
        expected = theirs(torch.tensor(np.asarray(explorer.input()))).numpy()
    np.testing.assert_array_equal(ours(explorer.input()), expected)


def test_chosen_numbers_stand_over_the_standard_ones():
    explorer = LayerExplorer(
        input_size=(2, 4), kernel_size=2, weight=[[9, None], [-9]], input_values="edge"
    )
    assert explorer.layer().weight.tolist() == [[[[9, 0], [-9, 1]]]]
    assert explorer.input().tolist() == [[[[1, 1, 9, 9], [1, 1, 9, 9]]]]
    explorer.kernel_size = 1  # what has no room now is kept
    assert explorer.layer().weight.tolist() == [[[[9]]]]
    explorer.kernel_size = 2
    assert explorer.layer().weight.tolist() == [[[[9, 0], [-9, 1]]]]
    explorer.weight = "vertical edge"
    assert explorer.layer().weight.tolist() == [[[[-1, 1], [-1, 1]]]]


def test_a_smaller_layer_has_a_shorter_film():
    explorer = LayerExplorer(step=98)
    explorer.bias = False
    assert explorer.step == 9 * 10 - 1
    explorer.input_size = 3
    assert explorer.step == 9


def test_input_and_weights_are_small_whole_numbers():
    explorer = LayerExplorer(input_size=3, kernel_size=(1, 2))
    assert explorer.input().shape == (1, 1, 3, 3)
    assert explorer.input().dtype == np.float32
    assert explorer.input().tolist() == [[[[1, 5, 9], [8, 3, 7], [6, 1, 5]]]]
    assert explorer.layer().weight.tolist() == [[[[2, 0]]]]
    assert explorer.layer().bias.tolist() == [1]
