"""Small programs that build layers: their out_channels, as Python's own run would have them."""

import pytest

from tests.paste.reading import read


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        (
            "for c in range(9):\n    if c == 3:\n        break\n    nn.Conv2d(1, c + 1, 1)",
            [1, 2, 3],
        ),
        (
            "for c in (1, 2, 3):\n    if c % 2 == 0:\n        continue\n    nn.Conv2d(1, c, 1)",
            [1, 3],
        ),
        ("c = 1\nwhile c < 9:\n    nn.Conv2d(1, c, 1)\n    c *= 2", [1, 2, 4, 8]),
        ("for i, (a, b) in enumerate([(1, 2), (3, 4)]):\n    nn.Conv2d(a, b + i, 1)", [2, 5]),
        (
            "if 1 > 2:\n    c = 3\nelif 2 in [2]:\n    c = 4\nelse:\n    c = 5\nnn.Conv2d(1, c, 1)",
            [4],
        ),
        ("[nn.Conv2d(1, c, 1) for c in range(1, 6) if c != 2][1:]", [1, 3, 4, 5]),
        ("cfg = {'a': [2, 3]}\nfor c in cfg['a'][::-1]:\n    nn.Conv2d(1, c, 1)", [3, 2]),
        (
            "def f(a, *rest, b=4, **more):\n    return nn.Conv2d(a, b + len(rest), 1)\nf(1, 2, 3)",
            [6],
        ),
        ("f = lambda c, k=1: nn.Conv2d(1, c, k)\nf(7)", [7]),
        ("try:\n    nn.Conv2d(1, 2, 1)\nexcept ValueError:\n    nn.Conv2d(1, 3, 1)", [2]),
        ("k, c = 1, 5; nn.Conv2d(1, c, k)", [5]),
    ],
)
def test_layers_are_those_that_python_makes(text, channels):
    reading = read(text)
    assert not reading["problems"]
    assert [module["out_channels"] for module in reading["modules"]] == channels
