"""What all widgets share on the Python side: arguments that are stated once."""

import inspect
import re

import pytest

import convlib.widgets
from convlib.widgets import DilationExplorer, LayerExplorer

WIDGETS = [getattr(convlib.widgets, name) for name in convlib.widgets.__all__]


def test_the_signature_is_that_of_the_settings():
    assert str(inspect.signature(DilationExplorer)) == (
        "(kernel_size=3, dilation=2, *, output_cell=(0, 0), speed=2)"
    )
    assert inspect.signature(type(DilationExplorer())) == inspect.signature(DilationExplorer)
    assert DilationExplorer(2, 1).settings() == {
        "kernel_size": 2, "dilation": 1, "output_cell": (0, 0), "speed": 2,
    }  # fmt: skip


@pytest.mark.parametrize("widget", WIDGETS)
def test_every_argument_is_synced_and_documented(widget):
    parameters = set(inspect.signature(widget).parameters)
    assert parameters <= set(widget.class_own_traits(sync=True))
    section = inspect.getdoc(widget).split("Parameters\n----------\n")[1].split("\n\n")[0]
    documented = re.findall(r"^(\w.*?) : ", section, re.MULTILINE)
    assert {name for names in documented for name in names.split(", ")} == parameters


def test_wrong_arguments_are_refused_by_the_name_of_the_widget():
    with pytest.raises(TypeError, match=r"LayerExplorer\(\) got an unexpected .* 'strides'"):
        LayerExplorer(strides=2)
    with pytest.raises(TypeError, match=r"LayerExplorer\(\) too many positional arguments"):
        LayerExplorer(5)


MOVED = [
    (widget, name, heir)
    for widget in WIDGETS
    for name, heir in vars(widget).get("moved", {}).items()
]


@pytest.mark.parametrize(("widget", "name", "heir"), MOVED)
def test_a_setting_that_moved_is_refused_by_the_name_of_the_widget_that_has_it(widget, name, heir):
    known = inspect.signature(getattr(convlib.widgets, heir)).parameters
    assert name in known
    assert name not in inspect.signature(widget).parameters
    with pytest.raises(TypeError) as error:
        widget(**{name: known[name].default})
    assert str(error.value) == f"{widget.__name__}() has no {name!r} any more: {heir}() has it"
