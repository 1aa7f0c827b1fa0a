"""PixelUsage in a browser: its numbers against PyTorch, and what hands, keys and ears can do."""

import itertools
import json
import random
from functools import cache

import numpy as np
import pytest
import torch

from convlib.shapes import output_size
from convlib.widgets import PixelUsage
from convlib.widgets._data import weight_values
from convlib.widgets.pixel_usage import LIMITS, VIEWS
from tests.browser.hands import click, nothing, press, push, slide
from tests.browser.states import traits

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"input_size": 8, "kernel_size": 5, "padding": 3}
ACTIONS = [
    (click(".cv-input .cv-cell", 9), "kernel_size=3, cell=(1, 1)"),
    (press(".cv-input .cv-cell", "End", "ArrowDown", place=9), "kernel_size=3, cell=(2, 7)"),
]
CHANGE = ("view = 'gradient'", "Gradient of the input")
AXE_STATES = [
    ({"stride": 2, "dilation": 2, "cell": (4, 4)}, nothing),
    ({"padding": 1}, push("gradient")),
    ({"input_size": 4}, slide("kernel_size", 5)),
    ({"kernel_size": 1, "padding": 3}, nothing),  # the widest output
]
WORD_STATES = [
    ({"kernel_size": 1}, nothing),  # every pixel counts the same
    ({"kernel_size": 1, "stride": 2, "cell": (1, 1)}, nothing),  # never read
    ({"kernel_size": 1, "stride": 2, "cell": (1, 1), "view": "gradient"}, nothing),
    ({"stride": 2, "view": "gradient"}, nothing),  # output_padding
]
TIMED = [
    (".cv-input [tabindex='0']", ("ArrowDown", "ArrowUp")),
    ("[aria-label=padding]", ("ArrowLeft", "ArrowRight")),
]

NAMES = ("input_size", "kernel_size", "stride", "padding", "dilation")
RANGES = [range(low, high + 1) for low, high in (LIMITS[name] for name in NAMES)]

SAMPLED = 400  # layers, a fifth of them all

# For each layer: null if refused, else its numbers, in one flat list.
COMPUTE = """async (states) => {
  const A = await import("/math/arithmetic.js");
  const U = await import("/math/usage.js");
  const { layerOf, codeOf } = U;
  const answers = states.map(([input_size, kernel_size, stride, padding, dilation]) => {
    const layer = layerOf({ input_size, kernel_size, stride, padding, dilation });
    if (A.problem(layer)) return null;
    const axis = A.axesOf(layer)[0];
    return {
      usage: U.usage(layer).flat(),
      gradient: U.inputGradient(layer).flat(),
      why: U.whyUnread(axis),
      codes: [codeOf(layer, false), codeOf(layer, true)],
    };
  });
  return JSON.stringify(answers); // the driver is slow with many single numbers
}"""


def _torch_numbers(state):
    """Return counts, gradient, and the gradient by the transposed code line; None if refused."""
    n, k, stride, padding, dilation = state
    image = torch.zeros(1, 1, n, n, requires_grad=True)
    weight = torch.tensor(weight_values(k, k)[None, None], dtype=torch.float32)
    try:
        ones = torch.nn.functional.conv2d(
            image, torch.ones_like(weight), None, stride, padding, dilation
        )
    except RuntimeError:
        return None
    output = torch.nn.functional.conv2d(image, weight, None, stride, padding, dilation)
    counts, gradient = (torch.autograd.grad(out.sum(), image)[0] for out in (ones, output))
    return counts[0, 0], gradient[0, 0], weight, torch.ones_like(output).detach()


def _why_unread(state, index):
    """Say why a row is unread: floor, if the output is as large without it and all that follow."""
    n, k, stride, padding, dilation = state
    try:
        shorter = output_size(padding + index, k, stride, 0, dilation)
    except RuntimeError:
        shorter = 0
    return "floor" if shorter == output_size(n, k, stride, padding, dilation) else "gap"


@cache
def _build(code):
    """Run a line of code from the page."""
    return eval(code, {"torch": torch})


def test_every_reachable_state_equals_pytorch(open_page, widgets_url, monkeypatch, sample):
    monkeypatch.setattr(torch.nn.ConvTranspose2d, "reset_parameters", lambda self: None)
    monkeypatch.setattr(torch.nn.Conv2d, "reset_parameters", lambda self: None)
    every = list(itertools.product(*RANGES))
    states = sample.of(every, SAMPLED)
    answers = json.loads(open_page(widgets_url).evaluate(COMPUTE, states))
    pixels = 0
    for state, answer in zip(states, answers, strict=True):
        expected = _torch_numbers(state)
        assert (answer is None) == (expected is None), state
        if expected is None:
            continue
        counts, gradient, weight, ones = expected
        assert answer["usage"] == counts.flatten().tolist(), state
        assert answer["gradient"] == gradient.flatten().tolist(), state

        n = state[0]
        read = (counts > 0).numpy().any(axis=1)
        assert answer["why"] == [
            None if read[index] else _why_unread(state, index) for index in range(n)
        ], state

        forwards, backwards = map(_build, answer["codes"])
        with torch.no_grad():
            assert forwards(torch.zeros(1, 1, n, n)).shape == ones.shape, state
            backwards.weight.copy_(weight)
            assert torch.equal(backwards(ones)[0, 0], gradient), state
        pixels += n * n
    valid = sum(answer is not None for answer in answers)
    print(f"\n{valid} layers of PixelUsage, {2 * pixels} picked pixels in 2 views, equal PyTorch")
    assert valid > 1000 * len(states) / len(every)


READ = """({ el }) => ({
  numbers: [...el.querySelectorAll(".cv-input [data-marks~=core]")].map((cell) =>
    Number(cell.textContent.replace("−", "-"))),
  unread: el.querySelectorAll(".cv-input [data-marks~=unread]").length,
  picked: [...el.querySelectorAll(".cv-input [aria-selected=true]")].map((cell) =>
    cell.getAttribute("aria-label")),
  outputs: el.querySelectorAll(".cv-output .cv-cell").length,
  fed: [...el.querySelectorAll(".cv-output [data-marks~=fed]")].map((cell) =>
    [...placeOf(cell), cell.textContent]),
  kernel: [...el.querySelectorAll(".cv-kernel .cv-cell")].map((cell) => cell.textContent),
  code: el.querySelector(".cv-code").textContent,
  spoken: el.querySelector("[aria-live=polite].cv-offscreen").textContent,
})"""


def _traits(**settings):
    return traits("pixel_usage", **settings)


@pytest.fixture
def mount(open_widget):
    """Open a page with one widget; return the page."""

    def mount(traits, **options):
        return open_widget("pixel_usage", traits, **options)

    return mount


def _read(page, number=0):
    return page.evaluate(f"() => ({READ})(mounted[{number}])")


def _set(page, traits):
    """Change several traits at once, as Python does, and announce one change."""
    page.evaluate("(traits) => mounted[0].model.update(traits)", traits)


def test_the_picture_shows_what_python_says(mount):
    page = mount(_traits())
    rng = random.Random(0)
    seen = 0
    while seen < 60:
        settings = dict(zip(NAMES, (rng.choice(values) for values in RANGES), strict=True))
        view = rng.choice(VIEWS)
        try:
            usage = PixelUsage(**settings, view=view)
        except RuntimeError:
            continue
        cell = (rng.randrange(usage.input_size), rng.randrange(usage.input_size))
        usage.cell = cell
        _set(page, usage.settings())
        shown = _read(page)
        assert shown["numbers"] == usage.picture().flatten().tolist(), usage
        assert shown["code"] == usage.code
        assert shown["picked"][0].startswith(f"row {cell[0]}, column {cell[1]}: ")
        assert len(shown["picked"]) == 1

        k, s, p, d = (settings[name] for name in NAMES[1:])
        size = output_size(usage.input_size, k, s, p, d)
        assert shown["outputs"] == size**2
        letters = "abcdefghijklmnopqrstuvwxyz"
        paths = [
            [row, column, letters[i * k + j]]
            for row, column, i, j in itertools.product(range(size), range(size), range(k), range(k))
            if (row * s + i * d - p, column * s + j * d - p) == cell
        ]
        assert shown["fed"] == paths, usage
        assert shown["kernel"] == list(letters[: k * k])
        count = {0: "never", 1: "once"}.get(len(paths), f"{len(paths)} times")
        if view == "usage":
            assert shown["spoken"].startswith(f"Row {cell[0]}, column {cell[1]} is read {count}")
            assert shown["spoken"].count("through weight") == len(paths)
            usage_counts = usage.picture()
            assert shown["unread"] == int((usage_counts == 0).sum())
        seen += 1


def test_pointer_and_keyboard_pick_a_pixel(mount):
    page = mount(_traits(padding=1))
    grid = page.get_by_role("grid", name="input")
    grid.get_by_role("gridcell", name="row 2, column 3: read 9 times", exact=True).click()
    assert page.evaluate("() => mounted[0].model.traits.cell") == [2, 3]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")  # stays inside
    assert page.evaluate("() => mounted[0].model.traits.cell") == [0, 2]
    assert _read(page)["spoken"].startswith("Row 0, column 2 is read 6 times: output row 0")
    page.locator(".cv-grid-box").first.click(position={"x": 9, "y": 9})  # padding is no pixel
    assert page.evaluate("() => mounted[0].model.traits.cell") == [0, 2]


def test_the_switch_and_the_examples_need_no_mouse(mount):
    page = mount(_traits())
    page.get_by_role("button", name="gradient", exact=True).focus()
    page.keyboard.press("Enter")
    assert _read(page)["code"].startswith("torch.nn.ConvTranspose2d(")
    assert page.evaluate("() => document.activeElement.ariaPressed") == "true"
    page.get_by_role("button", name="holes").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="use counts").focus()
    page.keyboard.press("Enter")
    counts = _read(page)["numbers"]
    assert (counts.count(1), counts.count(0)) == (16, 48)
    assert page.locator(".cv-legend").inner_text().split("\n") == [
        "1", "16 pixels", "0", "15 pixels, past the last window", "0", "33 pixels, in a gap",
    ]  # fmt: skip


def test_the_legend_has_the_colours_of_the_picture(mount):
    page = mount(_traits())
    legend, picture = (
        page.locator(f"{css} .cv-cell[data-marks~=heat]").evaluate_all("""(cells) => {
          const parts = (cell) => getComputedStyle(cell).backgroundColor.match(/[0-9.-]+/g);
          return Object.fromEntries(cells.map((cell) =>
            [cell.textContent, parts(cell).map(Number)]));
        }""")
        for css in (".cv-legend", ".cv-input")
    )
    assert sorted(legend) == sorted(picture) == ["1", "2", "3", "4", "6", "9"]
    for count, colour in legend.items():
        assert colour == pytest.approx(picture[count], abs=0.005)  # the cells' levels are rounded
    lights = [legend[count][0] for count in sorted(legend)]
    assert lights == sorted(lights, reverse=True)
    assert lights[0] - lights[-1] > 0.1


def test_python_allows_every_example(mount):
    page = mount(_traits())
    examples = page.get_by_role("group", name="Examples").get_by_role("button")
    assert examples.count() == 5
    for index in range(5):
        examples.nth(index).click()
        shown = page.evaluate("() => mounted[0].model.traits")
        del shown["constants"]
        assert PixelUsage(**shown).settings() == {**shown, "cell": tuple(shown["cell"])}


@pytest.mark.parametrize("width", [360, 1000])
def test_the_padding_is_drawn_to_scale(mount, width):
    page = mount(_traits(), viewport={"width": width, "height": 800})
    slider = page.get_by_role("slider", name="padding")
    for padding in range(4):
        slider.fill(str(padding))
        ring, first, last, above, beside = page.evaluate("""() => {
          const box = (element) => {
            const { left, top, right, bottom } = element.getBoundingClientRect();
            return [left, top, right, bottom];
          };
          const ring = document.querySelector(".cv-grid-box");
          const drawn = getComputedStyle(ring, "::before"); // around what is inside the padding
          if (parseFloat(drawn.inset) !== 0) throw Error(`inset ${drawn.inset}`);
          if (drawn.padding !== getComputedStyle(ring).padding) throw Error(drawn.padding);
          const cells = ring.querySelectorAll(".cv-cell");
          const headers = ring.querySelectorAll(".cv-header");
          return [ring, cells[0], cells[63], headers[1], headers[9]].map(box);
        }""")
        cell = (last[2] - first[0] + 2) / 8  # 8 cells, and beside each a margin of 1 pixel
        for axis in (0, 1):
            band = (first[axis] - 1 - ring[axis], ring[axis + 2] - last[axis + 2] - 1)
            assert band == pytest.approx((padding * cell, padding * cell), abs=0.1)
        # the headers stand around the padding, each in the line of its cells
        assert above == pytest.approx([first[0] - 1, above[1], first[2] + 1, ring[1]], abs=0.1)
        assert beside == pytest.approx([beside[0], first[1] - 1, ring[0], first[3] + 1], abs=0.1)
        assert beside[0] > 0  # not cut off


def test_a_slider_stops_where_pytorch_would_and_says_why(mount):
    page = mount(_traits(input_size=4, kernel_size=3))
    page.get_by_role("slider", name="kernel_size").fill("5")
    assert page.evaluate("() => mounted[0].model.traits.kernel_size") == 4
    status = page.get_by_role("status").inner_text()
    assert "kernel_size=5 is not possible: the window would span 5 x 5 cells" in status
    assert "Calculated padded input size per channel: (4 x 4). Kernel size: (5 x 5)." in status


@pytest.mark.parametrize("settings", [{"padding": 1}, {"kernel_size": 5, "padding": 3}])
def test_fits_a_phone_and_a_finger(mount, settings):
    page = mount(_traits(**settings), viewport={"width": 360, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    small = page.evaluate("""() => [...document.querySelectorAll("button, input")]
      .map((element) => element.getBoundingClientRect())
      .filter(({ width, height }) => width < 24 || height < 24).length""")
    assert small == 0


def test_counts_are_symmetric_at_stride_1():
    # what the picture must look like, without PyTorch: a check of the reference itself
    counts = PixelUsage(padding=1).picture()
    np.testing.assert_array_equal(counts, counts.T)
    np.testing.assert_array_equal(counts, counts[::-1])
