"""LayerExplorer in a browser, on a page without a kernel."""

import json
import re

import pytest

from convlib.widgets import LayerExplorer
from convlib.widgets.layer_explorer import LIMITS, PADDING_MODES
from tests.browser import states
from tests.browser.hands import click, nothing, press, push, slide, type_in
from tests.browser.pages import cell_at

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"input_size": 8, "kernel_size": 5, "padding": "same"}
ACTIONS = [
    (click(".cv-output .cv-cell", 4), "kernel_size=3, output_cell=(1, 1)"),
    (
        press(".cv-output .cv-cell", "ArrowDown", "ArrowLeft", place=4),
        "kernel_size=3, output_cell=(2, 0)",
    ),
    (press("[aria-label=stride]", "ArrowUp"), "kernel_size=3, stride=2, output_cell=(1, 0)"),
]
CHANGE = ("padding = 2", "padded to 9 × 9")
AXE_STATES = [
    ({"padding": 1, "padding_mode": "reflect", "stride": 2, "output_cell": (1, 1)}, nothing),
    ({"padding": 1, "padding_mode": "circular", "input_cell": (0, 0)}, nothing),
    ({}, slide("dilation", 3)),
    ({"speed": 1}, push("Play")),
]
WORD_STATES = [
    ({"kernel_size": (2, 4), "padding": "same"}, nothing),
    ({"input_size": 6, "stride": 2}, nothing),  # the floor leaves out
    ({"kernel_size": 1, "stride": 2, "input_cell": (1, 1)}, nothing),  # never read
    ({"padding": 2, "padding_mode": "replicate", "input_cell": (0, 0)}, nothing),
    *(({"step": step}, nothing) for step in (0, 3, 9, 10)),  # products, the bias, the sum
    ({"fast": True}, push("Copy")),
    ({"stride": 2}, push("same")),
    ({"input_size": 3}, slide("kernel height", 5)),
    ({"input_size": 8, "padding": 2}, slide("padding", 3)),  # no room
    ({"input_size": 2, "padding": 1, "padding_mode": "reflect"}, slide("padding", 3)),
    ({"input_size": 2, "padding": 1, "padding_mode": "circular"}, slide("padding", 3)),
    ({"input_size": (2, 5), "kernel_size": (1, 3)}, push("height ≠ width")),
    ({}, type_in("weight[0, 0]", 99)),
    ({}, type_in("weight[0, 0]", 1.5)),
    ({}, lambda view: view.page.evaluate("mounted[0].model.set('padding', -1)")),
]
TIMED = [
    (".cv-output [tabindex='0']", ("ArrowDown", "ArrowUp")),
    (".cv-control > .cv-button", ("Enter",)),  # 'same'
]


def traits(**settings):
    """Return the state of a new widget, as it would stand in a page."""
    return json.loads(json.dumps(states.traits("layer_explorer", **settings)))


class View:
    """One mounted widget."""

    def __init__(self, page, number):
        self.page, self.number = page, number
        self.root = page.locator(".convlib").nth(number)

    def get(self, name):
        """Return a trait of the model."""
        return self.page.evaluate(
            "([number, name]) => mounted[number].model.get(name)", [self.number, name]
        )

    def set(self, **values):
        """Change traits from outside, as Python does."""
        self.page.evaluate(
            """([number, values]) => Object.entries(values).forEach(([name, value]) =>
                 mounted[number].model.set(name, value))""",
            [self.number, values],
        )

    def cell(self, grid, row, column):
        """Return a cell; for the input, counted from the corner of the padding."""
        return self.root.locator(f".cv-{grid} {cell_at(row, column)}")

    def marked(self, grid, mark):
        """Return the [row, column] of every cell with this mark."""
        return self.root.locator(f".cv-{grid} [data-marks~={mark}]").evaluate_all(
            "cells => cells.map(placeOf)"
        )

    def slider(self, name):
        """Return a control by its name."""
        return self.root.locator(f"input[aria-label='{name}'], select[aria-label='{name}']")

    @property
    def code(self):
        """The line of code on show."""
        return self.root.locator(".cv-code").text_content()

    @property
    def status(self):
        """What the status line says."""
        return self.root.get_by_role("status").text_content()

    @property
    def spoken(self):
        """What the live region says."""
        return self.root.locator("[aria-live=polite].cv-offscreen").text_content()


@pytest.fixture
def mount(open_host):
    """Mount widgets on one page; page options go to the first call."""
    pages = []

    def mount(state=None, **options):
        if not pages:
            pages.append(open_host("layer_explorer", **options))
        number = pages[0].evaluate("(state) => mount(state)", state or traits())
        return View(pages[0], number)

    return mount


def said_total(sentence):
    """Recompute the dot product that a sentence spells out; return it and the total it claims."""
    terms, total = (
        re.fullmatch(r"Output row \d+, column \d+: (.*) equals (minus )?\d+\.", sentence),
        re.search(r"equals (minus )?(\d+)\.$", sentence),
    )
    products = re.findall(r"(\d+)(?: of padding)? times (minus )?(\d+)", terms[1])
    bias = re.search(r"bias (\d+)", sentence)
    value = sum(int(a) * int(b) * (-1 if minus else 1) for a, minus, b in products)
    value += int(bias[1]) if bias else 0
    return value, int(total[2]) * (-1 if total[1] else 1)


def test_first_sight_shows_a_whole_layer(mount):
    view = mount(traits(stride=2, padding=1))
    assert view.code == "torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=2, padding=1)"
    assert view.root.locator(".cv-input .cv-cell").count() == 49
    assert view.root.locator(".cv-kernel .cv-cell").count() == 9
    assert view.root.locator(".cv-output .cv-cell").count() == 9
    expected = LayerExplorer(stride=2, padding=1)
    output = expected.layer()(expected.input()).astype(int).ravel().tolist()
    shown = view.root.locator(".cv-output .cv-cell").all_text_contents()
    assert [int(text.replace("−", "-")) for text in shown] == output
    formula = view.root.get_by_role("math").get_attribute("aria-label")
    assert formula == (
        "H out = floor of (5 plus 2 times 1 minus 1 times (3 minus 1) minus 1) over 2, "
        "plus 1 = floor of 2, plus 1 = 3"
    )


def test_the_formula_follows_the_layer(mount):
    view = mount(traits(kernel_size=2, padding="same"))
    formula = view.root.locator(".cv-formula:visible")
    assert formula.count() == 1  # height and width are alike
    for kernel_size, padding, letters, numbers in [
        ([2, 2], "same", "H + before + after −", "5 + 0 + 1 − 1 · (2 − 1) − 1"),
        ([3, 3], "same", "H + 2 · padding −", "5 + 2 · 1 − 1 · (3 − 1) − 1"),
        ([3, 3], 0, "H + 2 · padding −", "5 + 2 · 0 − 1 · (3 − 1) − 1"),
    ]:
        view.set(kernel_size=kernel_size, padding=padding)
        text = formula.text_content().replace("\xa0", " ")
        assert letters in text
        assert numbers in text
    view.set(kernel_size=[3, 2])
    assert [text[:4] for text in formula.all_text_contents()] == ["Hout", "Wout"]


def test_the_floor_and_what_it_leaves_out_are_shown(mount):
    view = mount(traits(input_size=6, stride=2))
    assert "1.5 + 1 = 1 + 1 = 2" in view.root.locator(".cv-formula:visible").text_content()
    assert "row 5 and column 5. 25 of 36 values" in view.root.locator(".cv-notes").text_content()
    unread = [[r, c] for r in range(6) for c in range(6) if 5 in (r, c)]
    assert view.marked("input", "unread") == unread
    picture = view.cell("input", 5, 0).evaluate("cell => getComputedStyle(cell).backgroundImage")
    assert "gradient" in picture  # a pattern, not only a colour
    assert view.cell("input", 5, 0).get_attribute("aria-label") == "row 5, column 0: 9, never read"


def test_pointer_picks_an_output_cell(mount):
    view = mount(traits(stride=2, padding=1))
    view.cell("output", 1, 2).click()
    assert view.get("output_cell") == [1, 2]
    assert view.marked("output", "picked") == [[1, 2]]
    assert view.marked("input", "tap") == [[r, c] for r in (2, 3, 4) for c in (4, 5, 6)]
    assert view.root.locator(".cv-frame").first.is_visible()
    value, total = said_total(view.spoken)
    assert value == total == int(view.cell("output", 1, 2).text_content().replace("−", "-"))
    assert view.spoken.startswith("Output row 1, column 2: 2 times 2 plus 6 times 0 plus 0 of pad")


# Where each of these elements, or the text in it, stands.
BOXES = """(elements, ofText) => elements.map((element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return (ofText ? range : element).getBoundingClientRect();
})"""


def assert_weights_ride_over_their_taps(view):
    """Check it on a page of ours, and in the book: see tests/site/test_stylesheets.py."""
    weights = view.root.locator(".cv-input + .cv-frame > span")
    kernel = view.root.locator(".cv-kernel .cv-cell").all_text_contents()
    assert weights.all_text_contents() == [f"×{weight}" for weight in kernel]
    taps = view.root.locator(".cv-input [data-marks~=tap]").evaluate_all(BOXES)
    for weight, tap in zip(weights.evaluate_all(BOXES, True), taps, strict=True):
        assert tap["left"] < weight["left"]
        assert weight["top"] > tap["top"] + tap["height"] / 2
        assert weight["right"] == pytest.approx(tap["right"] - 3, abs=1)
        assert weight["bottom"] == pytest.approx(tap["bottom"] - 3, abs=1)


def test_the_weights_ride_in_the_frame_over_their_taps(mount):
    view = mount(traits(input_size=6, dilation=2, padding=1), reduced_motion="reduce")
    view.cell("output", 1, 2).click()
    assert_weights_ride_over_their_taps(view)


@pytest.mark.parametrize("width", [360, 1000])
def test_the_frame_lies_on_its_cells(mount, width):
    size = {"width": width, "height": 800}
    settings = traits(input_size=6, dilation=2, padding=1)
    view = mount(settings, viewport=size, reduced_motion="reduce")
    for row in range(4):
        view.set(output_cell=[row, 2])
        taps = view.root.locator(".cv-input [data-marks~=tap]").evaluate_all(BOXES)
        spots = view.root.locator(".cv-input + .cv-frame > span").evaluate_all(BOXES)
        for side in ("left", "top", "right", "bottom"):
            assert [spot[side] for spot in spots] == pytest.approx(
                [tap[side] for tap in taps], abs=1
            )


def test_the_cells_of_large_pictures_come_in_few_sizes(mount):
    """So that a slider seldom makes the browser lay out every cell anew."""
    view = mount(traits(kernel_size=3), viewport={"width": 1000, "height": 800})
    sizes = set()
    for size in range(3, 9):
        for padding in range(4):
            view.set(input_size=size, padding=padding)
            sizes.add(round(view.cell("input", 0, 0).bounding_box()["height"]))
    assert len(sizes) <= 4


def test_same_puts_cells_around_those_that_are_there_and_keeps_their_size(mount):
    view = mount(viewport={"width": 1000, "height": 800})
    for size in (3, 5, 6, 8):
        for kernel in (2, 3, 5):
            if kernel > size:
                continue
            sizes = []
            for padding in (0, "same"):
                view.set(padding=0, input_size=size, kernel_size=[kernel, kernel])
                view.set(padding=padding)
                sizes.append(view.cell("input", 0, 0).bounding_box()["width"])
            assert sizes[0] == sizes[1], (size, kernel)


def test_mouse_drags_across_the_output(mount):
    view = mount()
    view.cell("output", 0, 0).hover()
    view.page.mouse.down()
    view.cell("output", 1, 1).hover()
    view.cell("output", 2, 1).hover()
    view.page.mouse.up()
    assert view.get("output_cell") == [2, 1]
    view.cell("output", 0, 2).hover()
    assert view.get("output_cell") == [2, 1]


def test_finger_picks_and_targets_are_large_enough(mount):
    size = {"width": 360, "height": 800}
    view = mount(traits(padding=1), has_touch=True, is_mobile=True, viewport=size)
    view.cell("output", 2, 3).tap()
    assert view.get("output_cell") == [2, 3]
    view.cell("input", 3, 3).tap()
    assert view.get("input_cell") == [2, 2]
    boxes = view.root.locator(":is(button, select, input):visible").evaluate_all(
        "nodes => nodes.map((node) => node.getBoundingClientRect()).map((b) => [b.width, b.height])"
    )
    assert min(min(box) for box in boxes) >= 24
    cells = [view.cell("output", 0, column).bounding_box() for column in (0, 1)]
    assert cells[1]["x"] - cells[0]["x"] >= 24


def test_input_cell_shows_every_output_it_feeds(mount):
    view = mount(traits(padding=1))
    view.cell("input", 1, 1).click()  # the corner of the input
    assert view.get("input_cell") == [0, 0]
    assert view.marked("output", "fed") == [[0, 0], [0, 1], [1, 0], [1, 1]]
    corners = [view.cell("output", *at).get_attribute("data-corner") for at in ((0, 0), (1, 1))]
    assert corners == ["×1", "×2"]
    assert view.spoken == (
        "Input row 0, column 0, value 1, feeds 4 of 25 outputs: row 0, column 0 through weight 1; "
        "row 0, column 1 through weight 3; row 1, column 0 through weight 0; "
        "row 1, column 1 through weight 2."
    )
    assert view.root.locator(".cv-paths li").count() == 4
    view.cell("input", 0, 0).click()  # a zero of the padding is no input cell
    assert view.get("input_cell") == [0, 0]
    view.cell("output", 0, 0).click()
    assert view.get("input_cell") is None
    assert view.root.locator(".cv-paths").count() == 0


def test_a_copy_in_the_padding_stands_for_its_source(mount):
    view = mount(traits(padding=1, padding_mode="reflect"))
    view.cell("input", 0, 0).click()
    assert view.get("input_cell") == [1, 1]
    assert view.marked("input", "picked") == [[2, 2]]
    assert view.marked("input", "echo") == [[0, 0], [0, 2], [2, 0]]


def test_keyboard_walks_the_output_and_the_input(mount):
    view = mount(traits(padding=1))
    page = view.page
    view.cell("output", 0, 0).focus()
    keys = {
        "ArrowRight": [0, 1],
        "ArrowDown": [1, 1],
        "End": [1, 4],
        "ArrowRight ": [1, 4],  # no way further
        "Home": [1, 0],
        "ArrowUp": [0, 0],
        "Control+End": [4, 4],
        "ArrowLeft": [4, 3],
        "Control+Home": [0, 0],
    }
    for key, cell in keys.items():
        page.keyboard.press(key.strip())
        assert view.get("output_cell") == cell
        assert page.evaluate("placeOf(document.activeElement)") == cell
        value, total = said_total(view.spoken)
        assert value == total
        assert view.spoken.startswith(f"Output row {cell[0]}, column {cell[1]}:")
    assert view.root.locator(".cv-output [tabindex='0']").count() == 1

    view.cell("input", 1, 1).focus()
    page.keyboard.press("Enter")
    assert view.get("input_cell") == [0, 0]
    page.keyboard.press("ArrowUp")  # the padding is no place to go
    assert view.get("input_cell") == [0, 0]
    page.keyboard.press("Control+End")
    assert view.get("input_cell") == [4, 4]


def test_focus_and_tab_stop_survive_a_change_of_size(mount):
    """Whoever stands on a cell stays there if it is still there, and in the grid if it is not."""
    view = mount(traits(input_size=6))
    at = """() => { const cell = document.activeElement;
                    return [cell.closest(".cv-output") !== null, placeOf(cell)[0]]; }"""
    view.cell("output", 3, 3).click()
    view.set(padding=1)
    assert view.page.evaluate(at) == [True, 3]
    view.set(padding=0, kernel_size=[5, 5])  # 2 x 2 outputs are left
    assert view.page.evaluate(at) == [True, 0]
    for grid in ("input", "output"):
        assert view.root.locator(f".cv-{grid} [tabindex='0']").count() == 1


def test_padding_is_added_around_the_cells_that_are_there(mount):
    """They are not drawn anew, so a padded picture appears as fast as a small one."""
    view = mount(traits(input_size=4, input_cell=[1, 2]))
    view.cell("input", 1, 2).evaluate("cell => { window.kept = cell; }")
    for padding in (1, 3, 2, 0):
        view.set(padding=padding)
        row, column = view.page.evaluate("placeOf(kept)")
        assert (row, column) == (1 + padding, 2 + padding)
        cells = view.root.locator(".cv-input .cv-row").nth(1 + row).locator(".cv-cell")
        assert cells.nth(column).evaluate("cell => cell === kept")
        assert cells.count() == 4 + 2 * padding
        assert cells.nth(column).get_attribute("aria-selected") == "true"
    assert view.root.locator(".cv-input .cv-row").count() == 1 + 4


def test_tab_order_reaches_every_control_once(mount):
    view = mount()
    stops = []
    for _ in range(40):
        view.page.keyboard.press("Tab")
        stops.append(
            view.page.evaluate(
                "document.activeElement.ariaLabel ?? document.activeElement.textContent"
            )
        )
        if stops.count("Copy") > 1:
            break
    expected = ["Copy", "row 0, column 0: 1, times 2", "row 0, column 0: 2", "row 0, column 0: 46"]
    expected += ["step", "Step back", "Play", "Step", "speed", "fast"]
    expected += ["One less", "weight[0, 0]", "One more"]
    expected += ["vertical edge", "mean", "random", "edge", "random", "Reset", "height ≠ width"]
    names = "input_size, kernel height, kernel width, stride, padding, same, dilation"
    expected += [*names.split(", "), "padding_mode", "bias"]
    assert [stop for stop in stops if stop in expected][: len(expected)] == expected


@pytest.fixture
def clock(mount):
    """Mount a widget under a clock that only the test moves."""

    def clock(state):
        view = mount()
        view.page.clock.install(time=0)
        view.page.clock.pause_at(1000)  # an installed clock still runs
        number = view.page.evaluate("(state) => mount(state)", state)
        return View(view.page, number)

    return clock


def test_play_steps_at_its_speed_and_pauses(clock):
    view = clock(traits(input_size=4, speed=2, fast=True, output_cell=(0, 0)))
    said = view.spoken
    play = view.root.get_by_role("button", name="Play")
    play.click()
    assert view.root.get_by_role("button", name="Pause").is_visible()
    view.page.clock.run_for(600)
    assert view.get("output_cell") == [0, 1]
    view.page.clock.run_for(500)
    assert view.get("output_cell") == [1, 0]
    assert view.spoken == said  # silent while playing
    view.root.get_by_role("button", name="Pause").click()
    assert view.spoken.startswith("Output row 1, column 0:")
    view.page.clock.run_for(5000)
    assert view.get("output_cell") == [1, 0]
    view.slider("speed").fill("8")
    assert view.get("speed") == 8
    play.click()
    view.page.clock.run_for(130)
    assert view.get("output_cell") == [1, 1]
    view.page.clock.run_for(130)
    assert view.get("output_cell") == [0, 0]  # and round again
    view.cell("output", 1, 1).click()  # a pick ends it
    view.page.clock.run_for(5000)
    assert view.get("output_cell") == [1, 1]


def test_step_goes_both_ways_and_round(mount):
    view = mount(traits(input_size=4, fast=True))
    step, back = (
        view.root.get_by_role("button", name=name, exact=True) for name in ("Step", "Step back")
    )
    back.click()
    assert view.get("output_cell") == [1, 1]
    step.click()
    step.click()
    assert view.get("output_cell") == [0, 1]
    assert view.spoken.startswith("Output row 0, column 1:")


def test_nothing_moves_by_itself(mount):
    view = mount(reduced_motion="reduce")
    before = view.root.inner_html()
    view.page.wait_for_timeout(700)
    assert view.root.inner_html() == before
    style = view.root.locator(".cv-frame").first.evaluate(
        "node => getComputedStyle(node).transitionDuration"
    )
    assert style == "0s"


def test_copy_button_copies_the_line(mount):
    view = mount(traits(stride=2, padding=1), permissions=["clipboard-read", "clipboard-write"])
    button = view.root.get_by_role("button", name="Copy")
    button.click()
    view.root.get_by_role("button", name="Copied").wait_for()
    assert view.page.evaluate("navigator.clipboard.readText()") == view.code
    button.wait_for()  # it returns to its name


def test_copy_button_works_without_permission(mount):
    view = mount()
    view.page.evaluate(
        """() => {
          Object.defineProperty(navigator, "clipboard", { value: undefined });
          document.execCommand = (command) => {
            window.copied = [command, document.activeElement.value];
            return true;
          };
        }"""
    )
    view.root.get_by_role("button", name="Copy").click()
    view.root.get_by_role("button", name="Copied").wait_for()
    assert view.page.evaluate("window.copied") == ["copy", view.code]
    assert view.page.locator("textarea").count() == 0


@pytest.mark.parametrize(
    ("settings", "name", "wanted", "stays", "reasons"),
    [
        ({}, "dilation", 3, 2, ("dilation=3", "7 x 7", "5 x 5", "Kernel size can't be greater")),
        ({}, "input_size", 1, 3, ("input_size=2", "3 x 3", "2 x 2")),
        (
            {"padding": "same"},
            "stride",
            3,
            1,
            ("stride=2", "needs stride 1", "not supported for str"),
        ),
        (
            {"input_size": 3, "padding_mode": "reflect"},
            "padding",
            3,
            2,
            ("padding=3", "3 is not less than 3", "Padding size should be less"),
        ),
        (
            {"input_size": 2, "kernel_size": 1, "padding_mode": "circular", "padding": 1},
            "padding",
            3,
            2,
            ("padding=3", "3 is more than 2", "wrapping around more than once"),
        ),
        ({"input_size": 4}, "kernel height", 5, 4, ("kernel height=5", "5 x 3", "4 x 4")),
    ],
)
def test_a_control_stops_where_pytorch_would_refuse(mount, settings, name, wanted, stays, reasons):
    view = mount(traits(**settings))
    view.slider(name).fill(str(wanted))
    assert view.slider(name).input_value() == str(stays)
    trait = view.get("kernel_size")[0] if name == "kernel height" else view.get(name)
    assert trait == stays
    for reason in reasons:
        assert reason in view.status
    ticks = view.slider(name).locator("xpath=..").locator(".cv-tick")
    legal = ticks.evaluate_all("t => t.map((t) => [Number(t.textContent), t.dataset.legal])")
    assert [wanted, "false"] in legal
    assert [stays, "true"] in legal
    view.cell("output", 0, 0).click()
    assert view.status.startswith("Pick an output cell")


def test_choices_that_pytorch_would_refuse_are_not_taken(mount):
    view = mount(traits(input_size=3, padding=3, kernel_size=1))
    view.slider("padding_mode").select_option("reflect")
    assert view.get("padding_mode") == "zeros"
    assert view.slider("padding_mode").input_value() == "zeros"
    assert "padding_mode='reflect' is not possible" in view.status
    view.slider("padding_mode").select_option("circular")
    assert view.get("padding_mode") == "circular"

    strided = mount(traits(stride=2))
    strided.root.get_by_role("button", name="same").click()
    assert strided.get("padding") == 0
    assert "padding='same' needs stride 1, not 2" in strided.status


def test_from_same_there_is_no_way_to_an_impossible_number(mount):
    view = mount(traits(input_size=3, padding="same", padding_mode="reflect"))
    view.slider("padding").fill("3")
    assert view.get("padding") == "same"
    assert view.status.startswith("padding=3 is not possible: reflect mirrors")


def test_same_stops_where_the_picture_has_no_room(mount):
    view = mount(traits(input_size=5, kernel_size=(3, 5), dilation=2, padding=2))
    same = view.root.get_by_role("button", name="same")
    same.click()
    assert view.get("padding") == "same"
    view.slider("dilation").fill("3")
    assert view.get("dilation") == 2
    rule = "the padded input would span 17 cells, but the picture has room for 13"
    assert view.status == f"dilation=3 is not possible: {rule}."
    with pytest.raises(ValueError, match=rule):
        LayerExplorer(input_size=5, kernel_size=(3, 5), dilation=3, padding="same")

    view.set(input_size=1, dilation=3)  # 1 + 12 cells: there is just room
    assert view.status.startswith("Pick")
    view.slider("input_size").fill("2")
    assert view.get("input_size") == 1
    assert "would span 14 cells" in view.status

    view.set(input_size=7, padding=3, dilation=1)
    view.slider("input_size").fill("8")
    assert view.get("input_size") == 7
    with pytest.raises(ValueError, match="would span 14 cells"):
        LayerExplorer(input_size=8, padding=3)


def test_controls_span_what_python_allows(mount):
    view = mount()
    sides = {"kernel height": LIMITS["kernel_size"], "kernel width": LIMITS["kernel_size"]}
    sides |= {"weight[0, 0]": LIMITS["weight"]}
    for name, limits in {**LIMITS, **sides}.items():
        if name not in ("kernel_size", "weight", "input_values"):
            found = [view.slider(name).get_attribute(end) for end in ("min", "max")]
            assert [int(end) for end in found] == list(limits)
    options = view.slider("padding_mode").locator("option").all_text_contents()
    assert options == list(PADDING_MODES)


def test_same_padding_comes_and_goes(mount):
    view = mount(traits(kernel_size=4, padding=2))
    same = view.root.get_by_role("button", name="same")
    same.click()
    assert view.get("padding") == "same"
    assert same.get_attribute("aria-pressed") == "true"
    assert view.code.endswith("padding='same')")
    assert view.slider("padding").get_attribute("aria-valuetext") == "'same'"
    assert "1 above and 2 below, 1 on the left and 2 on the right" in view.root.inner_text()
    same.click()
    assert view.get("padding") == 2
    same.click()
    view.slider("padding").fill("1")
    assert view.get("padding") == 1


def test_controls_change_everything_at_once(mount):
    view = mount()
    view.slider("kernel width").fill("2")
    view.slider("stride").fill("2")
    view.slider("bias").uncheck()
    assert view.code == "torch.nn.Conv2d(1, 1, kernel_size=(3, 2), stride=2, bias=False)"
    assert view.get("kernel_size") == [3, 2]
    assert view.root.get_by_role("math").count() == 2  # height and width differ now
    assert "bias" not in view.spoken
    value, total = said_total(view.spoken)
    assert value == total


def test_changes_from_python_are_shown(mount):
    view = mount(traits(padding=1))
    view.set(padding_mode="replicate", output_cell=[4, 4])
    assert view.marked("output", "picked") == [[4, 4]]
    assert view.slider("padding_mode").input_value() == "replicate"
    view.set(input_size=3)  # the picked cell is gone: the nearest one takes over
    assert view.marked("output", "picked") == [[2, 2]]
    view.set(input_cell=[0, 0])
    assert view.marked("input", "picked") == [[1, 1]]


def test_a_pick_is_one_message(mount):
    view = mount()
    view.cell("output", 1, 1).click()
    assert view.page.evaluate("mounted[0].model.saves") == 1


def test_a_model_that_announces_one_trait_at_a_time_passes_impossible_states(mount):
    view = mount(traits(stride=2, input_size=8))
    view.set(padding="same")  # with stride 2
    assert "ValueError: padding='same' is not supported" in view.status
    assert view.code == "torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=2)"
    view.set(stride=1)
    assert view.code == "torch.nn.Conv2d(1, 1, kernel_size=(3, 3), padding='same')"
    assert view.status.startswith("Pick")


def test_two_views_of_one_model_stay_together(mount):
    view = mount()
    view.page.evaluate(
        """async () => {
          const { default: widget } = await import("./layer_explorer.js");
          const el = document.createElement("div");
          document.body.append(el);
          widget.render({ model: mounted[0].model, el });
        }"""
    )
    second = View(view.page, 1)
    view.root.locator(".cv-output .cv-cell").nth(4).click()
    assert second.marked("output", "picked") == [[1, 1]]


CONTRAST = """(root) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    const color = rgba(getComputedStyle(node).backgroundColor);
    return color[3] === 255 ? color : behind(node.parentElement);
  };
  const low = [];
  for (const node of root.querySelectorAll("*")) {
    const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !node.checkVisibility() || node.dataset.legal === "false") continue;
    const [a, b] = [rgba(getComputedStyle(node).color), behind(node)].map(light);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${node.className} ${node.textContent}: ${ratio.toFixed(2)}`);
  }
  return { low, dark: light(behind(root)) < 0.2 };
}"""


@pytest.mark.parametrize(
    ("attribute", "system", "dark"),
    [
        (None, "light", False),
        (None, "dark", True),
        (("data-jp-theme-light", "false"), "light", True),
        (("data-jp-theme-light", "true"), "dark", False),
        (("data-theme", "dark"), "light", True),
        (("data-theme", "light"), "dark", False),
        (("data-theme", "auto"), "dark", True),
    ],
)
def test_light_and_dark_are_legible(mount, attribute, system, dark):
    state = traits(input_size=6, stride=2, padding=1, padding_mode="reflect", dilation=2)
    view = mount(state, color_scheme=system)
    if attribute:
        view.page.evaluate("([name, value]) => document.body.setAttribute(name, value)", attribute)
    for cell in (None, [2, 1]):
        view.set(input_cell=cell)
        assert view.root.evaluate(CONTRAST) == {"low": [], "dark": dark}


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"input_size": 7, "kernel_size": 5, "padding": 3},
        {"input_size": 8, "kernel_size": 5, "padding": "same"},
        {"input_size": 7, "kernel_size": (4, 5), "padding": 3, "padding_mode": "replicate"},
        {"input_size": 7, "padding": 3, "padding_mode": "replicate", "input_cell": (0, 0)},
    ],
)
def test_the_page_never_scrolls_sideways(mount, width, settings):
    view = mount(traits(**settings), viewport={"width": width, "height": 800})
    assert view.page.evaluate("document.documentElement.scrollWidth") <= width
    view.slider("dilation").fill("3")  # the end of its scale
    view.set(padding_mode="reflect")
    assert view.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_pick_touches_only_the_cells_it_changes(mount):
    view = mount(traits(input_size=8, kernel_size=5, padding="same"))
    touched = view.page.evaluate(
        """async (cell) => {
          const touched = new Set();
          new MutationObserver((records) => records.forEach(({ target }) => touched.add(target)))
            .observe(document.querySelector(".cv-stage"), { subtree: true, attributes: true,
              childList: true, characterData: true });
          document.querySelector(`.cv-output ${cell}`).click();
          await new Promise(requestAnimationFrame);
          return touched.size;
        }""",
        cell_at(3, 4),
    )
    assert touched <= 25 + 25 + 2 + 1  # the taps before and after, two outputs, the frame


def test_the_bundle_is_the_same_widget(mount):
    page = mount().page
    page.evaluate(
        """async ([source, state]) => {
          const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
          const { default: widget } = await import(url);
          const el = document.createElement("div");
          document.body.append(el);
          const model = mounted[0].model;
          widget.render({ model, el });
        }""",
        [LayerExplorer._esm, traits()],
    )
    views = page.locator(".convlib")
    assert views.nth(0).inner_html() == views.nth(1).inner_html()
