"""DilationExplorer in a browser: every state against PyTorch, and what a reader can do with it."""

import itertools

import numpy as np
import pytest
import torch

from convlib.shapes import effective_kernel_size
from convlib.widgets import DilationExplorer
from convlib.widgets.dilation_explorer import LIMITS, STEPS
from tests.browser.hands import click, nothing, press, push, slide
from tests.browser.pages import trait
from tests.browser.states import reached, refusal_of

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"kernel_size": 3, "dilation": 4}
ACTIONS = [
    (click(".cv-output .cv-cell", 4), "kernel_size=3, dilation=2, output_cell=(1, 1)"),
    (
        press(".cv-output .cv-cell", "ArrowUp", place=4),
        "kernel_size=3, dilation=2, output_cell=(0, 1)",
    ),
    (press("[aria-label=dilation]", "ArrowUp"), "kernel_size=3, dilation=3, output_cell=(0, 1)"),
]
CHANGE = ("dilation = 3", "reads 9 of them (18 %)")
AXE_STATES = [
    ({"dilation": 3, "output_cell": (1, 2)}, nothing),
    ({"dilation": 4}, slide("kernel_size", 5)),
    ({"speed": 1}, push("Play")),
]
WORD_STATES = [
    ({"kernel_size": 1, "dilation": 1}, nothing),
    ({"kernel_size": 5, "dilation": 2}, lambda view: view.page.evaluate(TOO_FAR)),
]
TOO_FAR = "mounted[0].model.set('dilation', 4)"
TIMED = [
    (".cv-output [tabindex='0']", ("ArrowDown", "ArrowUp")),
    ("[aria-label=dilation]", ("ArrowLeft", "ArrowRight")),
]

TRAITS = {
    "kernel_size": 3,
    "dilation": 2,
    "output_cell": [0, 0],
    "speed": 2,
    "constants": DilationExplorer().constants,
}


@pytest.fixture
def page(open_host):
    return open_host("dilation_explorer")


@pytest.fixture
def explorer(page):
    """Mount one widget with its default traits."""
    page.evaluate("traits => mount(traits)", TRAITS)
    return page.locator(".cv-dilation")


# ---------------------------------------------------------------------- every state against PyTorch


LAYERS = [
    {"kernel_size": kernel, "dilation": dilation}
    for kernel in reached(LIMITS["kernel_size"])
    for dilation in reached(LIMITS["dilation"])
]


def test_both_sides_refuse_the_same_settings(page):
    answers = page.evaluate(
        """async ([states, room]) => {
          const { forbids } = await import("/math/spread.js");
          return states.map((state) => forbids(state, room)?.rule ?? null);
        }""",
        [LAYERS, DilationExplorer().constants],
    )
    assert answers == [refusal_of(DilationExplorer, {**TRAITS, **layer}) for layer in LAYERS]
    possible = answers.count(None)
    print(f"\n{possible} settings of DilationExplorer are possible, {len(LAYERS) - possible} not")
    assert possible == 16


ALL_LAYERS = """async (states) => {
  const { model, el } = mounted[0];
  const [kernel, input, output] = el.querySelectorAll(".cv-stage .cv-grid-box");
  const at = (part, ...names) => names.map((name) => Number(part.style.getPropertyValue(name)));
  return states.map(({ kernel_size, dilation, output_cell }) => {
    model.set("kernel_size", 1);
    model.set("dilation", dilation);
    model.set("kernel_size", kernel_size);
    model.set("output_cell", output_cell);
    const frame = input.querySelector(".cv-frame");
    return {
      taps: [...frame.children].map((tap) => at(tap, "--row", "--column")),
      numbers: [...frame.children].map((tap) => tap.textContent),
      spoken: [...input.querySelectorAll(".cv-cell")].map((cell) => cell.ariaLabel),
      frame: at(frame, "--row", "--column", "--rows", "--columns"),
      kernel: [...kernel.querySelectorAll(".cv-cell")].map((cell) => cell.textContent),
      code: el.querySelector("code").textContent,
      says: el.querySelector(".cv-says").textContent,
      live: el.querySelector(".cv-offscreen[aria-live]").textContent,
    };
  });
}"""


def test_every_window_equals_pytorch(page, explorer):
    states = [
        {**layer, "output_cell": list(cell)}
        for layer in LAYERS
        if refusal_of(DilationExplorer, {**TRAITS, **layer}) is None
        for cell in itertools.product(range(STEPS), repeat=2)
    ]
    for state, shown in zip(states, page.evaluate(ALL_LAYERS, states), strict=True):
        k, d, (row, column) = state.values()
        widget = DilationExplorer(k, d, output_cell=(row, column))
        assert shown["code"] == widget.code
        layer = eval(shown["code"], {"torch": torch})  # the line that the reader copies
        reach = effective_kernel_size(k, d)
        n = reach + STEPS - 1
        image = torch.ones(1, 1, n, n, requires_grad=True)
        # Weights numbered from 1: the gradient says which tap reads which pixel.
        layer.weight = torch.nn.Parameter(torch.arange(1.0, k * k + 1).reshape(1, 1, k, k))
        output = layer(image)
        assert output.shape[2:] == (STEPS, STEPS)
        (numbers,) = torch.autograd.grad(output[0, 0, row, column], image)
        numbers = numbers[0, 0].int().numpy()

        taps = [tuple(np.argwhere(numbers == tap)[0]) for tap in range(1, k * k + 1)]
        assert [(row + i, column + j) for i, j in shown["taps"]] == taps, state
        assert shown["numbers"] == shown["kernel"] == [str(tap + 1) for tap in range(k * k)]
        assert shown["frame"] == [row, column, reach, reach]
        assert shown["spoken"] == [
            f"read by tap {tap}" if tap else "not read" for tap in numbers.flat
        ]
        read = (numbers != 0).sum()
        assert f"= {reach}The window spans {reach} × {reach} = {reach**2} pixels" in shown["says"]
        assert f"reads {read} of them ({round(100 * read / reach**2)} %)" in shown["says"]
        rows, columns = (
            ", ".join(str(i) for i in np.flatnonzero((numbers != 0).any(axis))) for axis in (1, 0)
        )
        assert shown["live"] == (
            f"Output row {row}, column {column} reads rows {rows} and columns {columns}: "
            f"{read} of the {reach**2} pixels under the window."
        )
    print(f"\n{len(states)} windows equal PyTorch's")
    assert len(states) == 16 * STEPS**2


# ---------------------------------------------------------------------- what a reader can do


def test_sliders_span_what_python_allows(explorer):
    for name, (low, high) in LIMITS.items():
        slider = explorer.get_by_role("slider", name=name, exact=True)
        assert (slider.get_attribute("min"), slider.get_attribute("max")) == (str(low), str(high))


def test_a_slider_goes_as_far_as_there_is_room_and_says_why_it_stops(page, explorer):
    slider = explorer.get_by_role("slider", name="dilation")
    explorer.get_by_role("slider", name="kernel_size").fill("4")
    slider.fill("4")
    assert trait(page, "dilation") == 2
    assert slider.input_value() == "2"
    status = explorer.get_by_role("status")
    assert status.inner_text() == (
        "dilation cannot be 3: the kernel would span 10 pixels, but the picture has room for 9."
    )
    slider.fill("1")
    assert trait(page, "dilation") == 1
    assert "cannot" not in status.inner_text()


def test_the_player_plays_pauses_and_steps(page, explorer):
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # an installed clock still runs
    explorer.get_by_role("button", name="Step", exact=True).click()
    assert trait(page, "output_cell") == [0, 1]
    explorer.get_by_role("button", name="Step back").click()
    explorer.get_by_role("button", name="Step back").click()
    assert trait(page, "output_cell") == [2, 2]
    spoken = explorer.locator(".cv-offscreen[aria-live]").first
    before = spoken.text_content()
    explorer.get_by_role("button", name="Play").click()
    page.clock.run_for(1050)  # two steps a second
    assert trait(page, "output_cell") == [0, 1]
    assert spoken.text_content() == before  # silent while it plays
    explorer.get_by_role("button", name="Pause").click()
    assert spoken.text_content().startswith("Output row 0, column 1 reads rows 0, 2, 4")
    page.clock.run_for(5000)
    assert trait(page, "output_cell") == [0, 1]


def test_the_keyboard_moves_the_window(page, explorer):
    grid = explorer.get_by_role("grid", name="Output")
    grid.locator("[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert trait(page, "output_cell") == [1, 1]
    page.keyboard.press("Control+End")
    assert trait(page, "output_cell") == [2, 2]
    assert grid.locator("[aria-selected=true]").evaluate("placeOf") == [2, 2]


def test_a_finger_moves_the_window(open_host):
    page = open_host("dilation_explorer", has_touch=True)
    page.evaluate("traits => mount(traits)", TRAITS)
    page.get_by_role("grid", name="Output").locator(".cv-cell").nth(5).tap()
    assert trait(page, "output_cell") == [1, 2]


def test_taps_glide_unless_the_reader_wants_no_motion(open_host):
    durations = []
    for motion in ("no-preference", "reduce"):
        page = open_host("dilation_explorer", reduced_motion=motion)
        page.evaluate("traits => mount(traits)", TRAITS)
        tap = page.locator(".cv-frame > span").first
        durations.append(tap.evaluate("tap => getComputedStyle(tap).transitionDuration"))
    assert durations == ["0.24s", "0s"]


WIDEST = {**TRAITS, "dilation": 4}


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_largest_picture_fits(open_host, width, scheme):
    page = open_host(
        "dilation_explorer", viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page.evaluate("traits => mount(traits)", WIDEST)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    sizes = page.evaluate("""() =>
      [...document.querySelectorAll("[role=gridcell], button, input:not([hidden])")]
        .filter((part) => part.checkVisibility())
        .map((part) => part.getBoundingClientRect()).map(({ width, height }) => [width, height])""")
    assert min(min(size) for size in sizes) >= 24
