"""Both languages write the same line of PyTorch, and leave out what PyTorch puts in by itself."""

import inspect

import pytest
import torch

from convlib.widgets import _torch_code
from convlib.widgets._data import BIAS, input_values, weight_values
from tests.widgets.javascript import Javascript


@pytest.mark.parametrize("module", ["Conv2d", "ConvTranspose2d"])
def test_defaults_are_those_of_pytorch(module):
    parameters = inspect.signature(getattr(torch.nn, module)).parameters
    for name, default in _torch_code.DEFAULTS.items():
        assert name not in parameters or parameters[name].default == default


def test_both_languages_have_the_same_defaults_in_the_same_order():
    theirs = Javascript("math/torch_code").evaluate("Object.entries(DEFAULTS)")
    assert [tuple(pair) for pair in theirs] == list(_torch_code.DEFAULTS.items())


def test_both_languages_write_the_same_lines():
    settings = {"stride": 2, "padding": "same", "output_padding": 0, "dilation": 1, "bias": False}
    script = Javascript("math/torch_code")
    for module in ("Conv2d", "ConvTranspose2d"):
        theirs = script.layerCode({**settings, "kernel_size": [3, 5]}, module)
        assert theirs == _torch_code.layer_code(module, (3, 5), settings)
        assert theirs == (
            f"torch.nn.{module}(1, 1, kernel_size=(3, 5), stride=2, padding='same', bias=False)"
        )


def test_both_languages_have_the_same_numbers_in_the_pictures():
    script = Javascript("math/arithmetic")
    for name, values in (("inputValue", input_values), ("weightValue", weight_values)):
        for (row, column), value in [(at, values(9, 9)[at]) for at in ((0, 0), (3, 7), (8, 5))]:
            assert getattr(script, name)(row, column) == value
    assert script.evaluate("BIAS") == BIAS
