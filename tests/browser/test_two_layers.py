"""TwoLayers in a browser: its numbers against PyTorch, and what hands, keys and ears can do."""

import itertools
import json

import pytest
import torch

from convlib.widgets import TwoLayers
from convlib.widgets.two_layers import LIMITS
from tests.browser.hands import click, nothing, press, push, slide
from tests.browser.states import traits

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"first": 3, "second": 3, "stride": 3}
ACTIONS = [
    (click(".cv-kernel .cv-cell", 4), "first=3, second=3, picked=(1, 1)"),
    (press(".cv-kernel .cv-cell", "End", "ArrowDown", place=4), "first=3, second=3, picked=(2, 2)"),
]
CHANGE = ("stride = 2", "3 + 2 · (3 − 1) = 7")
AXE_STATES = [
    ({"stride": 3, "picked": (1, 2)}, nothing),
    ({"first": 1}, slide("second", 2)),
]
WORD_STATES = [({"picked": (1, 1)}, push("Copy"))]
TIMED = [
    (".cv-kernel [tabindex='0']", ("ArrowDown", "ArrowUp")),
    ("[aria-label=stride]", ("ArrowRight", "ArrowLeft")),
]

# every state that the controls reach
STATES = list(itertools.product(*(range(low, high + 1) for low, high in LIMITS.values())))

COMPUTE = """async (states) => {
  const T = await import("/math/two_layers.js");
  return JSON.stringify(states.map(([first, second, stride]) => {
    const pair = { first, second, stride };
    const side = [...Array(second).keys()];
    const cells = side.flatMap((row) => side.map((column) => [row, column]));
    return {
      kernel: T.joined(pair),
      code: T.codeOf(pair),
      copies: cells.map((cell) => T.covered(pair, cell)),
      sums: T.joined(pair).map((line, i) => line.map((_, j) => T.sumOf(pair, [i, j]))),
    };
  }));
}"""


def impulses(size):
    """Return images with a single 1, one for each pixel."""
    return torch.eye(size * size).reshape(-1, 1, size, size)


def by_pytorch(two, second):
    """Let both layers walk over every single pixel: each shows one weight of the one layer."""
    size = two.first + two.stride * (two.second - 1)
    first = torch.from_numpy(two.weights()[0].astype("float32"))[None, None]
    conv2d = torch.nn.functional.conv2d
    return conv2d(conv2d(impulses(size), first, stride=two.stride), second).reshape(size, size)


def worked_out(text):
    """Return the result of a sum as it stands on the page, which must be true."""
    left, right = text.replace("×", "*").replace("−", "-").split(" = ")
    if left:  # a cell between the copies has no products
        assert eval(left) == int(right), text
    return int(right)


def test_every_reachable_state_equals_pytorch(open_page, widgets_url):
    answers = json.loads(open_page(widgets_url).evaluate(COMPUTE, STATES))
    for (first, second, stride), answer in zip(STATES, answers, strict=True):
        two = TwoLayers(first, second, stride=stride)
        weights = torch.from_numpy(two.weights()[1].astype("float32"))[None, None]
        expected = by_pytorch(two, weights)
        assert answer["kernel"] == expected.tolist() == two.kernel().tolist(), two
        assert answer["code"] == two.code
        for at, copy in enumerate(answer["copies"]):
            alone = torch.zeros(second * second)
            alone[at] = 1
            covered = by_pytorch_with_ones(two, alone.reshape(1, 1, second, second))
            assert sorted(copy) == covered.nonzero().tolist(), (two, at)
        results = [[worked_out(text) for text in line] for line in answer["sums"]]
        assert results == answer["kernel"], two
    print(f"\n{len(STATES)} pairs of kernels, and every copy of them, equal PyTorch")


def by_pytorch_with_ones(two, second):
    """Do the same with a first kernel of ones: where it does not show 0, the copy lies."""
    size = two.first + two.stride * (two.second - 1)
    ones = torch.ones(1, 1, two.first, two.first)
    conv2d = torch.nn.functional.conv2d
    return conv2d(conv2d(impulses(size), ones, stride=two.stride), second).reshape(size, size)


READ = """({ el }) => ({
  kernel: [...el.querySelectorAll(".cv-output .cv-cell")].map((cell) =>
    Number(cell.textContent.replace("−", "-"))),
  fed: [...el.querySelectorAll(".cv-output [data-marks~=fed]")].length,
  picked: [...el.querySelectorAll(".cv-kernel [aria-selected=true]")].map((cell) =>
    cell.getAttribute("aria-label")),
  code: el.querySelector(".cv-code").textContent,
  lines: el.querySelectorAll(".cv-product > div").length,
  spoken: el.querySelector("[aria-live=polite].cv-offscreen").textContent,
})"""


@pytest.fixture
def mount(open_widget):
    """Open a page with one widget; return the page."""

    def mount(**settings):
        return open_widget("two_layers", traits("two_layers", **settings))

    return mount


@pytest.mark.parametrize("settings", [{}, {"first": 2, "stride": 3}, {"second": 1, "stride": 2}])
def test_the_picture_shows_what_python_says(settings, mount):
    two = TwoLayers(**settings)
    shown = mount(**settings).evaluate(f"() => ({READ})(mounted[0])")
    assert shown["kernel"] == two.kernel().ravel().tolist()
    assert shown["fed"] == shown["lines"] == two.first**2
    assert shown["code"] == two.code
    assert len(shown["picked"]) == 1
    assert shown["spoken"].startswith("Weight 3 of the second kernel lays 3 times the first")


def test_a_smaller_second_kernel_takes_the_picked_weight_along(mount):
    page = mount(picked=(2, 2))
    page.get_by_role("slider", name="second").fill("2")
    assert page.evaluate("mounted[0].model.traits.picked") == [1, 1]
    spoken = page.evaluate(f"() => ({READ})(mounted[0])")["spoken"]
    assert "from row 1, column 1 on" in spoken
