"""The widgets by the names of their modules, and what the test of each says about it.

``tests/browser/test_NAME.py`` states, for the tests of all widgets and for the benchmark:

LARGEST     the settings whose picture takes longest to draw: most cells, wires, rows or answers
ACTIONS     what a reader does in turn, and how Python then writes the widget
CHANGE      what Python may change, and a text that the picture then shows
AXE_STATES  what the accessibility checker looks at: the settings, and what a reader does then
WORD_STATES the same, for states with other words (test_words.py); may be left out
TIMED       a part, and the keys to press on it: one that keeps the shape, one that changes it
"""

import importlib

import convlib.widgets

WIDGETS = {
    widget.__module__.rpartition(".")[2]: widget
    for widget in (getattr(convlib.widgets, name) for name in convlib.widgets.__all__)
}


def said(name, table):
    """Return what the test of a widget states about it."""
    file = f"tests/browser/test_{name}.py"
    module = module_of(name)
    assert hasattr(module, table), f"{file} does not state {table}: see tests/browser/states.py"
    return getattr(module, table)


def also_said(name, table):
    """Return what the test of a widget states in a table that may be left out."""
    return getattr(module_of(name), table, [])


def module_of(name):
    """Return the tests of a widget."""
    return importlib.import_module(f"tests.browser.test_{name}")


def traits(name, **settings):
    """Return what the page gets of a widget with these settings."""
    widget = WIDGETS[name](**settings)
    return {trait: getattr(widget, trait) for trait in WIDGETS[name].class_own_traits(sync=True)}


def reached(limits):
    """Return every value that a control can reach."""
    low, high = limits
    return range(low, high + 1)


def refusal_of(widget, settings):
    """Return what the Python side of a widget says of settings without room, or None."""
    try:
        widget.check(None, settings)
    except ValueError as error:
        return str(error)
    return None
