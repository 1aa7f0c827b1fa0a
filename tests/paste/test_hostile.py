"""Texts that mean harm, or nothing: read in well under a second, and nothing in them runs."""

import time

import pytest

from tests.paste.reading import engine, read

SIZE = 2**20
SECONDS = 1

PARTS = [
    "(", ")", "[", "nn.Conv2d(", "nn.Conv2d(3, 8, 3)\n", "nn.Conv2d(3, 8, 3), ", "a", "a.", "1",
    "(a): Conv2d(", "(0): ReLU()\n", "(0): ", "'", '"""', "1+", "9**", "-", "not ", "lambda x: ",
    " ", "\t(a)", "<img src=x onerror=alert(1)>", "- a:\n  ", "a: [\n", "\\n(0): ", "-> 1 ", ",",
    "Conv2d-1 [-1, 12, 40, 40] 336\n", "class A(nn.Module):\n def f(self):\n", "if 1:\n ",
    "else:\n", "[rank0]: ", "```\n", "😀(卷积): ", "(a): B(\n", "#", "\n", "\\", "{", "f'{a}'",
    "RuntimeError: x\n", 'File "a", line 1\n', "(1-2): 3 x A", "a=", "x[", "1 if ", "for ",
]  # fmt: skip

PROGRAMS = {
    "loops": "for i in range(9999):\n    for j in range(9999):\n        nn.Conv2d(3, 8, 3)\n",
    "recursion": "def f(x):\n    return f(x)\nf(1)\n",
    "endless": "while True:\n    x = 1\n",
    "tower": "nn.Conv2d(9**9**9**9, 1, 1)",
    "copies": "nn.Sequential(*[nn.ReLU()] * 10**9)",
    "doubling": "a = [0]\n" + "a = a + a\n" * 60,
    "tree": "a = [1, 1]\n" + "a = [a, a]\n" * 60 + "nn.Conv2d(3, 8, a)\nf'{a}'\na == a",
    "itself": "a = [0]\na.append(a)\nnn.Conv2d(3, 8, a)\na == a",
    "growing": "a = [0]\nwhile True:\n    a.append(a)\n",
    "comprehension": "[[[nn.ReLU() for a in range(999)] for b in range(999)] for c in range(999)]",
    "repeats": "(a): Sequential(\n(0-9999): 99999 x ReLU()\n" * 300,
}


def timed(text):
    before = time.process_time()
    reading = read(text)
    return reading, time.process_time() - before


@pytest.mark.parametrize("part", PARTS)
def test_a_megabyte_is_read_at_once(part):
    text = (part * (SIZE // len(part) + 1))[:SIZE]
    reading, seconds = timed(text)
    assert seconds < SECONDS
    assert any("the rest is not read" in problem["why"] for problem in reading["problems"])


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_without_an_end_is_stopped(name):
    _, seconds = timed(PROGRAMS[name])
    assert seconds < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch here')",
        "x = {}\nx['__proto__'] = 1\nnn.Conv2d(**x)",
        "nn.constructor.constructor('globalThis.touched = 1')()",
        "''.constructor.constructor('globalThis.touched = 1')()",
        "self.__proto__.touched = 1\n[].__proto__.touched = 1\n{}.__proto__.touched = 1",
        "a = nn.Conv2d(3, 8, 3)\na.__proto__.touched = 1\na.__init__.__globals__['touched'] = 1",
        "`${globalThis.touched = 1}`\n</script><script>globalThis.touched = 1</script>",
        "eval('globalThis.touched = 1')\nexec('touched = 1')\nFunction('touched = 1')()",
        "nn.Conv2d(3, 8, 3, **{'constructor': 1, 'toString': 2})",
        "def toString(self):\n    pass\nclass constructor(nn.Module): pass",
    ],
)
def test_nothing_runs(text):
    read(text)
    untouched = "[globalThis.touched, ({}).touched, [].touched, ''.touched, globalThis.here]"
    assert engine().evaluate(f"{untouched}.every((each) => each === undefined)")


def test_words_of_javascript_are_plain_names():
    reading = read("constructor = 5\nnn.Conv2d(toString, __proto__, constructor)")
    names = [unknown["name"] for unknown in reading["unknowns"]]
    assert names == ["toString", "__proto__"]
    assert reading["modules"][0]["kernel_size"] == 5
