"""SamePadding in a browser: every state against PyTorch, and what a reader can do with it."""

import itertools

import pytest
import torch

from convlib.widgets import SamePadding
from convlib.widgets.same_padding import LIMITS
from tests.browser.hands import nothing, press, push, slide
from tests.browser.states import reached

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"width": 10, "kernel_size": 7, "stride": 1}
ACTIONS = [
    (press("[aria-label=width]", "ArrowUp"), "width=9, kernel_size=3, stride=2"),
    (press("[aria-label=stride]", "ArrowDown"), "width=9, kernel_size=3, stride=1"),
    (slide("kernel_size", 4), "width=9, kernel_size=4, stride=1"),
]
CHANGE = ("stride = 4", "stride=4, padding=")
AXE_STATES = [
    ({"width": 10, "kernel_size": 7, "stride": 1}, nothing),
    ({"width": 5, "kernel_size": 4, "stride": 3}, nothing),
]
WORD_STATES = [
    ({"width": 7, "kernel_size": 5, "stride": 3}, nothing),  # the same windows, fewer of them
    ({"width": 5, "kernel_size": 1, "stride": 4}, nothing),
    ({"width": 4, "kernel_size": 5, "stride": 4}, nothing),  # two cells apart
    ({}, push("Copy")),
]
TIMED = [
    ("[aria-label=kernel_size]", ("ArrowLeft", "ArrowRight")),
    ("[aria-label=width]", ("ArrowLeft", "ArrowRight")),
]

TRAITS = {
    "width": 8,
    "kernel_size": 3,
    "stride": 2,
    "constants": SamePadding().constants,
}


@pytest.fixture
def page(open_host):
    return open_host("same_padding")


@pytest.fixture
def same(page):
    """Mount one widget with its default traits."""
    page.evaluate("traits => mount(traits)", TRAITS)
    return page.locator(".cv-same")


# ---------------------------------------------------------------------- every state against PyTorch

ALL_ALIGNMENTS = """async (states) => {
  const A = await import("/math/alignment.js");
  const { model, el } = mounted[0];
  const codes = [...el.querySelectorAll(".cv-line code")];
  const strips = [...el.querySelectorAll(".cv-align-strip")];
  const column = (part) => Number(part.style.getPropertyValue("--column"));
  const places = (strip, kind) => [...strip.querySelectorAll(kind)].map(column);
  return states.map(([width, kernel, stride]) => {
    for (const [name, value] of Object.entries({ width, kernel_size: kernel, stride })) {
      model.set(name, value);
    }
    return [A.pytorchAxis, A.tensorflowAxis].map((axisOf, index) => {
      const axis = axisOf(width, kernel, stride);
      const [zero] = places(strips[index], ".cv-in");
      return {
        axis, starts: A.windowStarts(axis), code: codes[index].textContent,
        windows: places(strips[index], ".cv-align-window").map((place) => place - zero),
        dots: places(strips[index], ".cv-dot").map((place) => place - zero),
        zeros: strips[index].querySelectorAll(".cv-zero").length,
      };
    });
  });
}"""


def windows_of(layer, width):
    """Return the input columns that each output along one row depends on, from the gradient."""
    image = torch.ones(1, 1, width, width, requires_grad=True)
    convolution = layer[-1] if isinstance(layer, torch.nn.Sequential) else layer
    torch.nn.init.ones_(convolution.weight)
    row = layer(image)[0, 0].sum(dim=0)
    gradients = [torch.autograd.grad(value, image, retain_graph=True)[0] for value in row]
    return [gradient.sum(dim=(0, 1, 2)).nonzero().flatten().tolist() for gradient in gradients]


def least_padding(width, kernel, stride):
    """Find the fewest zeros with which PyTorch gives width / stride outputs, rounded up."""
    for total in itertools.count():
        if width + total < kernel:
            continue
        row = torch.nn.functional.pad(torch.ones(1, 1, width), (0, total))
        out = torch.nn.functional.conv1d(row, torch.ones(1, 1, kernel), stride=stride)
        if out.shape[2] == -(-width // stride):
            return total


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_every_alignment_equals_pytorch(page, same):
    states = list(
        itertools.product(
            reached(LIMITS["width"]), reached(LIMITS["kernel_size"]), reached(LIMITS["stride"])
        )
    )
    for state, shown in zip(states, page.evaluate(ALL_ALIGNMENTS, states), strict=True):
        width, kernel, stride = state
        widget = SamePadding(width=width, kernel_size=kernel, stride=stride)
        assert [part["code"] for part in shown] == [widget.code, widget.tensorflow_code]
        for part in shown:
            layer = eval(part["code"], {"torch": torch})  # the line that the reader copies
            windows = windows_of(layer, width)
            assert len(windows) == -(-width // stride), state
            covers = [
                [x for x in range(start, start + kernel) if 0 <= x < width]
                for start in part["starts"]
            ]
            assert covers == windows, state
            assert part["windows"] == part["starts"]
            assert part["dots"] == [start + (kernel - 1) / 2 for start in part["starts"]]
            assert part["zeros"] == part["axis"]["before"] + part["axis"]["after"]
        before, after = shown[1]["axis"]["before"], shown[1]["axis"]["after"]
        assert before + after == least_padding(width, kernel, stride), state
        assert after - before in (0, 1), state
    print(f"\n{2 * len(states)} alignments equal PyTorch's")
    assert len(states) == 280


def test_known_alignments(page):
    answer = page.evaluate("""async () => {
      const A = await import("/math/alignment.js");
      const sides = ({ before, after }) => [before, after];
      return {
        pytorch: A.windowCentres(A.pytorchAxis(8, 3, 2)),
        tensorflow: A.windowCentres(A.tensorflowAxis(8, 3, 2)),
        sides: sides(A.tensorflowAxis(8, 3, 2)),
        stem: [sides(A.pytorchAxis(224, 7, 2)), sides(A.tensorflowAxis(224, 7, 2))],
        even: sides(A.pytorchAxis(6, 4, 1)),
      };
    }""")
    assert answer == {
        "pytorch": [0, 2, 4, 6],
        "tensorflow": [1, 3, 5, 7],
        "sides": [0, 1],
        "stem": [[3, 3], [2, 3]],
        "even": [1, 2],
    }


# ---------------------------------------------------------------------- what a reader can do


def test_sliders_span_what_python_allows(same):
    for name, (low, high) in LIMITS.items():
        slider = same.get_by_role("slider", name=name, exact=True)
        assert (slider.get_attribute("min"), slider.get_attribute("max")) == (str(low), str(high))


def test_the_alignment_says_what_it_shows(same):
    strips = same.get_by_role("img")
    verdict = same.locator(".cv-agreement")
    assert strips.nth(1).get_attribute("aria-label") == (
        "TensorFlow, zeros: 0 before, 1 after, middles: 1, 3, 5, 7"
    )
    assert verdict.inner_text() == (
        "Both give 4 outputs, but TensorFlow's windows stand 1 cell further right: "
        "the same shape, other values."
    )
    assert verdict.get_attribute("aria-live") == "polite"
    same.get_by_role("slider", name="stride").fill("1")
    assert verdict.inner_text() == "Both give 8 outputs from the same windows."
    same.get_by_role("slider", name="kernel_size").fill("4")
    assert strips.first.get_attribute("aria-label") == (
        "PyTorch, zeros: 1 before, 2 after, middles: ½, 1½, 2½, 3½, 4½, 5½, 6½, 7½"
    )


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_largest_picture_fits(open_host, width, scheme):
    page = open_host("same_padding", viewport={"width": width, "height": 800}, color_scheme=scheme)
    largest = {**TRAITS, "width": 10, "kernel_size": 7}
    page.evaluate("traits => mount(traits)", largest)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    sizes = page.evaluate("""() => [...document.querySelectorAll("button, input")].map(
      (part) => { const box = part.getBoundingClientRect(); return [box.width, box.height]; })""")
    assert min(min(size) for size in sizes) >= 22  # and 2 pixels to the next: 24 for a fingertip
