"""The field for a shape, in the forms in which people write one."""

import pytest

from tests.widgets.javascript import Javascript


@pytest.fixture(scope="module")
def shape():
    return Javascript("math/paste/shape")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(8, 64, 56, 56)", [8, 64, 56, 56]),
        ("[1, 3, 32, 32]", [1, 3, 32, 32]),
        ("torch.Size([1, 3, 32, 32])", [1, 3, 32, 32]),
        ("x.shape = torch.Size([2, 3, 5, 7])", [2, 3, 5, 7]),
        ("torch.randn(2, 3, 50, 50)", [2, 3, 50, 50]),
        ("3x224x224", [3, 224, 224]),
        ("3 x 224 x 224", [3, 224, 224]),
        ("3×224×224", [3, 224, 224]),
        ("1*3*224*224", [1, 3, 224, 224]),
        ("1 3 224 224", [1, 3, 224, 224]),
        ("（1，3，224，224）", [1, 3, 224, 224]),
        ("１，３，８，８", [1, 3, 8, 8]),
        ("1, 3, 224, 224,", [1, 3, 224, 224]),
        ("[-1, 3, 32, 32]", [1, 3, 32, 32]),
        ("(None, 3, 32, 32)", [1, 3, 32, 32]),
        ("(32, 512)", [1, None, 32, 512]),
        ("224", [1, None, 224, 224]),
        ("640x480", [1, None, 640, 480]),
    ],
)
def test_a_shape_is_read(shape, text, wanted):
    assert shape.readShape(text) == wanted


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "write the sizes"),
        ("1, 3, H, W", '"H" is not a whole number'),
        ("1, 3, 22.5, 8", '"22.5" is not a whole number'),
        ("1, 3, -5, 8", "a size is between 0"),
        ("1, 1, 1, 1, 1, 1, 1, 1, 1", "9 axes"),
        ("99999999999", "a size is between 0"),
    ],
)
def test_what_is_no_shape_is_said(shape, text, why):
    assert why in shape.readShape(text)["why"]
