"""The Python side of LayerReader."""

import pytest

from convlib.widgets import LayerReader
from convlib.widgets.layer_reader import FAMOUS, MOST_LETTERS

REFUSED = [
    ({"text": 3}, TypeError, "text=3, but it is a str"),
    ({"input_shape": (1, 3, 8, 8)}, TypeError, "input_shape=(1, 3, 8, 8), but it is a str"),
    ({"values": ["k"]}, TypeError, "values=['k'], but it is a dict from names to values"),
    ({"values": {3: 5}}, TypeError, "values={3: 5}, but it is a dict from names to values"),
    ({"text": "x" * (MOST_LETTERS + 1)}, ValueError, "text has 1000001 letters, but at most"),
]


def test_starts_with_the_line_that_everybody_meets():
    reader = LayerReader()
    assert reader.text == FAMOUS
    assert repr(reader) == f"LayerReader({FAMOUS!r})"


TEXT_FORMS = [
    (
        '"Conv2d(3, 8, k)", input_shape="32", values={"k": 5}',
        "'Conv2d(3, 8, k)', input_shape='32', values={'k': 5}",
    ),
]


def test_the_page_gets_every_sentence():
    rules = LayerReader().texts["rules"]
    assert rules["stride"]["torch"] == "non-positive stride is not supported"
    with pytest.raises(Exception, match="read-only"):
        LayerReader().texts = {}
