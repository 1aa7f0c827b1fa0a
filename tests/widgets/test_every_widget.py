"""What holds for the Python side of all widgets alike: their text form, and what they refuse.

``tests/widgets/test_NAME.py`` states in ``TEXT_FORMS`` how a widget is called, and how it then
writes itself (None: not compared); and in ``REFUSED`` what it refuses: the settings, the type of
the error, and how its text begins. ``START``, if it is there, are the settings to change.
"""

import importlib

import ipywidgets
import numpy as np
import pytest

from tests.browser.states import WIDGETS


def stated(name, table, default=None):
    """Return what the test of a widget states about it."""
    return getattr(importlib.import_module(f"tests.widgets.test_{name}"), table, default)


REFUSALS = [
    pytest.param(name, *refusal, id=f"{name}-{number}")
    for name in WIDGETS
    for number, refusal in enumerate(stated(name, "REFUSED", ()))
]
refusals = pytest.mark.parametrize(("name", "settings", "kind", "sentence"), REFUSALS)


def assign(widget, settings):
    """Assign all settings as one change."""
    with widget.hold_trait_notifications():
        for name, value in settings.items():
            setattr(widget, name, value)


@pytest.mark.parametrize("table", ["TEXT_FORMS", "REFUSED"])
@pytest.mark.parametrize("name", WIDGETS)
def test_every_widget_states_how_it_is_written_and_what_it_refuses(name, table):
    assert stated(name, table), f"tests/widgets/test_{name}.py has no table {table}"


@pytest.mark.parametrize(
    ("name", "arguments", "text"),
    [(name, *form) for name in WIDGETS for form in stated(name, "TEXT_FORMS", ())],
)
def test_text_form_shows_what_differs_and_rebuilds_the_widget(name, arguments, text):
    kind = WIDGETS[name].__name__
    widget = eval(f"{kind}({arguments})", {kind: WIDGETS[name], "np": np})
    assert text is None or repr(widget) == f"{kind}({text})"
    assert eval(repr(widget), {kind: WIDGETS[name]}).settings() == widget.settings()


@refusals
def test_refused_constructor_leaves_nothing(name, settings, kind, sentence, monkeypatch):
    opened = []
    monkeypatch.setattr(ipywidgets.Widget, "open", lambda self: opened.append(self))
    with pytest.raises(kind) as error:
        WIDGETS[name](**settings)
    assert type(error.value) is kind
    assert str(error.value).startswith(sentence)
    assert opened == []


@refusals
def test_refused_assignments_change_nothing(name, settings, kind, sentence):
    widget = WIDGETS[name](**stated(name, "START", {}))
    before = widget.settings()
    changes = []
    widget.observe(changes.append)
    with pytest.raises(kind) as error:
        assign(widget, settings)
    assert type(error.value) is kind
    assert str(error.value).startswith(sentence)
    if len(settings) == 1:
        with pytest.raises(kind):
            setattr(widget, *next(iter(settings.items())))
    assert widget.settings() == before
    assert changes == []


@pytest.mark.parametrize("name", WIDGETS)
def test_static_pages_can_tell_which_module_it_is(name):
    widget = WIDGETS[name]
    assert widget()._anywidget_id == f"convlib.widgets.{name}.{widget.__name__}"
