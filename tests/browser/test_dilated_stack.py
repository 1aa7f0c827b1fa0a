"""DilatedStack in a browser: every state against PyTorch, and what a reader can do with it."""

import itertools

import numpy as np
import pytest
import torch

from convlib.shapes import receptive_field
from convlib.widgets import DilatedStack
from convlib.widgets.dilated_stack import LIMITS, MOST_LAYERS
from tests.browser.hands import click, nothing, press, slide
from tests.browser.pages import trait
from tests.browser.states import reached, refusal_of

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"kernel_size": 3, "dilations": (1, 2, 3, 3)}
ACTIONS = [
    (press("text=Remove the last", "Enter"), "kernel_size=3, dilations=(1, 2)"),
    (slide("layer 2", 4), "kernel_size=3, dilations=(1, 4)"),
    (click(".cv-presets .cv-button", 3), "kernel_size=3, dilations=(1, 2, 5)"),
]
CHANGE = ("dilations = (2, 2, 2)", "reads 49 of its 169 pixels")
AXE_STATES = [
    ({"dilations": (2, 2, 2)}, nothing),
    ({}, slide("kernel_size", 5)),
    ({"kernel_size": 5, "dilations": (1,) * 4}, nothing),  # numbers of four digits, which scroll
]
WORD_STATES = [
    ({"dilations": (2,)}, click(".cv-rows .cv-button", 1)),  # at least one layer
    ({"dilations": (1, 1, 1, 1)}, click(".cv-rows .cv-button", 0)),  # no room for a fifth
    ({"dilations": (1, 2, 3)}, lambda view: view.page.evaluate(TOO_WIDE)),
]
TOO_WIDE = "mounted[0].model.set('dilations', [5, 5, 5])"
TIMED = [
    ("[aria-label='layer 4']", ("ArrowLeft", "ArrowRight")),
    ("[aria-label=kernel_size]", ("ArrowLeft", "ArrowRight")),
]

SAMPLED = 400  # stacks, a quarter of them all
TRAITS = {
    "kernel_size": 3,
    "dilations": [1, 2, 3],
    "constants": DilatedStack().constants,
}


@pytest.fixture
def page(open_host):
    return open_host("dilated_stack")


@pytest.fixture
def stack(page):
    """Mount one widget with its default traits."""
    page.evaluate("traits => mount(traits)", TRAITS)
    return page.locator(".cv-dilated")


def all_stacks():
    """Return the dilations of every stack of 1 to MOST_LAYERS layers."""
    return [
        list(dilations)
        for depth in range(1, MOST_LAYERS + 1)
        for dilations in itertools.product(reached(LIMITS["dilations"]), repeat=depth)
    ]


def path_counts(kernel_size, dilations):
    """Count the paths from one output to each pixel of its field with PyTorch's gradient."""
    field, _, _ = receptive_field((kernel_size, 1, 0, d) for d in dilations)
    weight = torch.ones(1, 1, kernel_size, kernel_size)
    output = image = torch.ones(1, 1, field, field, requires_grad=True)
    for dilation in dilations:
        output = torch.nn.functional.conv2d(output, weight, dilation=dilation)
    assert output.shape == (1, 1, 1, 1)
    return torch.autograd.grad(output.sum(), image)[0][0, 0].int().numpy()


# ---------------------------------------------------------------------- every state against PyTorch


def test_both_sides_refuse_the_same_settings(page):
    stacks = [*all_stacks(), [1] * (MOST_LAYERS + 1)]
    states = [
        {"kernel_size": kernel, "dilations": dilations}
        for kernel, dilations in itertools.product(reached(LIMITS["kernel_size"]), stacks)
    ]
    answers = page.evaluate(
        """async ([states, room]) => {
          const { forbids } = await import("/math/reach.js");
          return states.map((state) => forbids(state, room)?.rule ?? null);
        }""",
        [states, DilatedStack().constants],
    )
    assert answers == [refusal_of(DilatedStack, state) for state in states]
    possible = answers.count(None)
    print(f"\n{possible} settings of DilatedStack are possible, {len(states) - possible} not")
    assert 1000 < possible < len(states)


def test_every_stack_equals_pytorch(page, sample):
    states = [
        [kernel, dilations]
        for kernel, dilations in itertools.product(reached(LIMITS["kernel_size"]), all_stacks())
        if refusal_of(DilatedStack, {"kernel_size": kernel, "dilations": dilations}) is None
    ]
    assert len(states) > 1500
    states = sample.of(states, SAMPLED)
    answers = page.evaluate(
        """async (states) => {
          const { coverage } = await import("/math/reach.js");
          return states.map(([kernel, dilations]) => coverage(kernel, dilations));
        }""",
        states,
    )
    for (kernel, dilations), answer in zip(states, answers, strict=True):
        expected = path_counts(kernel, dilations)
        counts = np.multiply.outer(answer["counts"], answer["counts"])
        np.testing.assert_array_equal(counts, expected, str((kernel, dilations)))
        assert answer["touched"] == (expected > 0).sum()
        assert answer["all"] == expected.size
    print(f"\n{len(states)} stacks equal PyTorch's gradient")


STACK = r"""([kernel_size, dilations]) => {
  const { model, el } = mounted[0];
  model.set("kernel_size", 1);
  model.set("dilations", dilations);
  model.set("kernel_size", kernel_size);
  const [line, plane] = el.querySelectorAll(".cv-map");
  const counts = (map) => map.textContent.split("\n").map((row) =>
    row.split(" ").map((number) => Number(number))); // nothing but spaces is 0
  const pieces = (path) => path.getAttribute("d").match(/M[^M]+/g) ?? [];
  return {
    plane: counts(plane),
    squares: [...plane.querySelectorAll("path")].map((path) =>
      pieces(path).map((square) => square.match(/[0-9]+(?=\.04)/g).map(Number))),
    line: counts(line)[0],
    bands: [...el.querySelectorAll(".cv-reach-band")].map((band) => band.textContent),
    wires: [...el.querySelectorAll(".cv-side > svg path:not([class])")].map((path) =>
      pieces(path).map((wire) => wire.match(/-?[0-9.]+/g).map(Number))),
    heard: el.querySelector(".cv-above").ariaLabel.match(/[0-9]+/g).map(Number),
    says: el.querySelector(".cv-says").textContent,
    code: el.querySelector(".cv-code").textContent,
    live: el.querySelector(".cv-offscreen[aria-live]").textContent,
  };
}"""


@pytest.mark.parametrize(
    ("kernel", "dilations"),
    [
        (3, [1, 1, 1]),
        (3, [2, 2, 2]),
        (3, [1, 2, 3]),
        (3, [1, 2, 5]),
        (3, [4]),
        (2, [5, 5, 5, 3]),
        (2, [1, 2, 4]),
        (4, [2, 3]),
        (5, [1, 1, 1, 1]),
        (1, [5, 4, 3, 2]),
    ],
)
def test_the_picture_of_a_stack_shows_pytorchs_counts(page, stack, kernel, dilations):
    shown = page.evaluate(STACK, [kernel, dilations])
    expected = path_counts(kernel, dilations)
    assert shown["plane"] == expected.tolist()
    line = np.sqrt(np.diag(expected)).astype(int)
    assert shown["line"] == shown["heard"] == line.tolist()
    levels = np.ceil(8 * np.sqrt(expected / expected.max()))
    for level, squares in enumerate(shown["squares"]):
        assert sorted((y, x) for x, y in squares) == list(map(tuple, np.argwhere(levels == level)))
    assert shown["bands"] == [f"d = {d}" for d in reversed(dilations)]

    # Follow the wires down from the output: the paths that arrive are those in the row below.
    paths = {len(expected) / 2: 1}
    for wires, dilation in zip(shown["wires"], reversed(dilations), strict=True):
        arrived = {}
        for from_x, _, to_x, _ in wires:
            arrived[to_x] = arrived.get(to_x, 0) + paths[from_x]
        for x in paths:
            ends = sorted(to_x for from_x, _, to_x, _ in wires if from_x == x)
            assert list(np.diff(ends)) == [dilation] * (kernel - 1)
        paths = arrived
    assert paths == {x + 0.5: count for x, count in enumerate(line) if count}

    widget = DilatedStack(kernel, dilations)
    assert shown["code"] == widget.code
    field, touched = len(expected), (expected > 0).sum()
    sentence = (
        f"One output sees a field of {field} × {field} and reads {touched} of its {field**2} "
        f"pixels ({round(100 * touched / field**2)} %)."
    )
    assert f"= {field}{sentence}" in shown["says"]
    assert ("gridding" in shown["says"]) == (touched < field**2)
    assert shown["live"] == f"Dilations {', '.join(map(str, dilations))}: {sentence}"


# ---------------------------------------------------------------------- what a reader can do


def test_sliders_span_what_python_allows(page, stack):
    page.evaluate("() => mounted[0].model.set('dilations', [1, 1, 1, 1])")
    layers = {f"layer {place}": LIMITS["dilations"] for place in range(1, 5)}
    for name, (low, high) in {"kernel_size": LIMITS["kernel_size"], **layers}.items():
        slider = stack.get_by_role("slider", name=name, exact=True)
        assert (slider.get_attribute("min"), slider.get_attribute("max")) == (str(low), str(high))


def test_the_examples_show_gridding_and_its_cure(page, stack):
    examples = stack.get_by_role("group", name="Examples").get_by_role("button")
    texts = [text.replace("\n", " ") for text in examples.all_inner_texts()]
    assert texts[1:3] == ["(2, 2, 2) 49 of 169", "(1, 2, 3) 169 of 169"]
    holes = stack.locator(".cv-above .cv-hole")
    assert holes.get_attribute("d") == ""
    examples.nth(1).click()
    assert trait(page, "dilations") == [2, 2, 2]
    assert holes.get_attribute("d").count("M") == 169 - 49
    assert stack.get_by_role("button", pressed=True).inner_text().startswith("(2, 2, 2)")


def test_a_slider_goes_as_far_as_there_is_room_and_says_why_it_stops(page, stack):
    slider = stack.get_by_role("slider", name="kernel_size")
    slider.fill("5")
    assert trait(page, "kernel_size") == 4
    assert slider.input_value() == "4"
    status = stack.get_by_role("status")
    assert status.inner_text() == (
        "kernel_size cannot be 5: the receptive field would be 25 pixels, "
        "but the picture has room for 19."
    )
    stack.get_by_role("slider", name="layer 3").fill("5")
    assert trait(page, "dilations") == [1, 2, 3]
    assert status.inner_text().startswith("layer 3 cannot be 4: the receptive field")
    stack.get_by_role("slider", name="layer 3").fill("1")
    assert "cannot" not in status.inner_text()


def test_layers_can_be_added_and_removed(page, stack):
    add = stack.get_by_role("button", name="Add a layer")
    remove = stack.get_by_role("button", name="Remove the last")
    sliders = stack.get_by_role("slider", name="layer ")
    add.click()
    assert trait(page, "dilations") == [1, 2, 3, 1]
    assert sliders.count() == 4
    add.click()
    assert "there would be 5 layers" in stack.get_by_role("status").inner_text()
    remove.click()
    assert trait(page, "dilations") == [1, 2, 3]
    remove.click()
    remove.click()
    assert trait(page, "dilations") == [1]
    assert sliders.count() == 1
    remove.click()
    assert trait(page, "dilations") == [1]
    assert "at least one layer" in stack.get_by_role("status").inner_text()


WIDEST = {**TRAITS, "kernel_size": 2, "dilations": [5, 5, 5, 3]}


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_largest_picture_fits(open_host, width, scheme):
    page = open_host("dilated_stack", viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.evaluate("traits => mount(traits)", WIDEST)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    sizes = page.evaluate("""() =>
      [...document.querySelectorAll("button, input:not([hidden])")]
        .filter((part) => part.checkVisibility())
        .map((part) => part.getBoundingClientRect()).map(({ width, height }) => [width, height])""")
    assert min(min(size) for size in sizes) >= 24


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize(
    ("kernel", "dilations"), [(3, [1]), (3, [2, 2, 2]), (3, [1, 2, 3, 3]), (5, [1, 1, 1, 1])]
)
def test_every_number_stands_on_its_square(open_host, width, kernel, dilations):
    viewport = {"width": width, "height": 800}
    page = open_host("dilated_stack", viewport=viewport)
    settings = {"kernel_size": kernel, "dilations": dilations}
    page.evaluate("traits => mount(traits)", {**TRAITS, **settings})
    places, indices, cell = page.evaluate(r"""() => {
      const map = document.querySelector(".cv-above .cv-map");
      const start = map.getBoundingClientRect();
      const cell = start.height / map.textContent.split("\n").length;
      const found = (element) => {
        const text = element.firstChild;
        return [...text.data.matchAll(/[0-9]+/g)].map(({ 0: number, index }) => {
          const range = document.createRange();
          range.setStart(text, index);
          range.setEnd(text, index + number.length);
          const { left, right, top, bottom } = range.getBoundingClientRect();
          return [number, ...[left - start.left, right - start.left, top - start.top,
            bottom - start.top].map((place) => place / cell)];
        });
      };
      const lists = [".cv-across", ".cv-down"].map((css) => found(document.querySelector(css)));
      return [found(map.querySelector(".cv-numbers")), lists, cell];
    }""")
    counts = path_counts(kernel, dilations)
    assert cell >= 16
    assert len(places) == (counts > 0).sum()
    for number, left, right, top, bottom in places:
        row, column = int((top + bottom) / 2), int(left)
        assert counts[row, column] == int(number)
        assert column <= left < right <= column + 1
    across, down = indices
    for index, left, right, *_ in across:
        assert int(index) <= left < right <= int(index) + 1
    for index, _, _, top, bottom in down:
        assert int((top + bottom) / 2) == int(index)
    assert len(across) == len(down) == len(counts)


def test_numbers_stay_readable_on_every_heat(open_host):
    for scheme in ("light", "dark"):
        page = open_host("dilated_stack", color_scheme=scheme)
        page.evaluate("traits => mount(traits)", {**TRAITS, "dilations": [1, 1, 1]})
        colours = page.locator(".cv-above path").evaluate_all("""(shapes) => {
          const canvas = document.createElement("canvas").getContext("2d");
          const rgb = (colour) => {
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
          };
          return shapes.slice(1).map((shape) => {
            const { color, fill } = getComputedStyle(shape);
            return [rgb(color), rgb(fill)];
          });
        }""")
        heats = {tuple(map(tuple, pair)) for pair in colours}
        assert len(heats) == 8
        assert min(contrast(*pair) for pair in heats) >= 4.5


def contrast(one, other):
    """Return the contrast ratio of two colours as WCAG 2 defines it."""
    lights = sorted(map(luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour):
    shares = (part / 255 for part in colour)
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
