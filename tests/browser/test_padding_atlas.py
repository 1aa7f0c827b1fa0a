"""PaddingAtlas in a browser: every state against PyTorch, and what a reader can do with it."""

import itertools

import pytest
import torch

from convlib.widgets import PaddingAtlas
from convlib.widgets.layer_explorer import PADDING_MODES
from convlib.widgets.padding_atlas import LIMITS
from tests.browser.hands import click, nothing, press
from tests.browser.pages import cell_at, trait
from tests.browser.states import reached

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"input_size": 5, "padding": 3}
ACTIONS = [
    (click(".cv-cell:visible", 0), "input_size=5, padding=2, cell=(-2, -2)"),
    (
        press(".cv-cell:visible", "ArrowDown", "ArrowRight"),
        "input_size=5, padding=2, cell=(-1, -1)",
    ),
    (press("[aria-label=padding]", "ArrowDown"), "input_size=5, padding=1, cell=(-1, -1)"),
]
CHANGE = ("padding = 3", "padding < input_size: 3 < 5")
AXE_STATES = [
    ({"cell": (2, 2)}, nothing),
    ({"input_size": 2, "padding": 3}, nothing),  # two modes cannot reach that far
]
WORD_STATES = [
    ({"input_size": 2, "padding": 3, "cell": (-3, -3)}, nothing),  # out of reach
    ({"cell": (1, 3)}, nothing),  # one copy
    ({"padding": 0, "cell": (0, 0)}, nothing),
]
TIMED = [
    (".cv-cell[tabindex='0']", ("ArrowDown", "ArrowUp")),
    ("[aria-label=padding]", ("ArrowLeft", "ArrowRight")),
]

TRAITS = {
    "input_size": 5,
    "padding": 2,
    "cell": [-1, -2],
    "constants": PaddingAtlas().constants,
}
MOST = LIMITS["padding"][1]  # cells around the input: those beyond the border are hidden


@pytest.fixture
def page(open_host):
    return open_host("padding_atlas")


@pytest.fixture
def atlas(page):
    """Mount one widget with its default traits."""
    page.evaluate("traits => mount(traits)", TRAITS)
    return page.locator(".cv-atlas")


def cell(atlas, mode, row, column):
    """Find a cell of one mode's grid by its row and column, which the border has below 0."""
    grid = atlas.get_by_role("grid", name=f"padding_mode='{mode}'")
    return grid.locator(cell_at(row + MOST, column + MOST))


def reading(atlas, mode):
    return atlas.locator(".cv-panel").nth(PADDING_MODES.index(mode)).locator(".cv-copies")


# ---------------------------------------------------------------------- every state against PyTorch

# For each picture and each cell of it: the sentence of each mode, and its grid as text.
ALL_PICTURES = """async ([sizes, most]) => {
  const { model, el } = mounted[0];
  const grids = [...el.querySelectorAll("[role=grid]")];
  const sentences = [...el.querySelectorAll(".cv-copies")];
  const refusals = [...el.querySelectorAll(".cv-refusal")];
  const LINKS = ["picked", "source", "echo"];
  const seen = (grid) =>
    [...grid.querySelectorAll(".cv-cell")].filter((cell) => !cell.closest("[data-outside]"));
  const marked = (grid, room) => seen(grid).flatMap((cell) => {
    const marks = LINKS.filter((mark) => cell.dataset.marks.split(" ").includes(mark));
    return marks.length ? [[...marks, ...placeOf(cell).map((at) => at - room)].join(" ")] : [];
  });
  return sizes.map(([input_size, padding]) => {
    model.set("input_size", input_size);
    model.set("padding", padding);
    const across = input_size + 2 * padding;
    const cells = [];
    for (let row = 0; row < across; row++) for (let column = 0; column < across; column++) {
      model.set("cell", [row - padding, column - padding]);
      cells.push(grids.map((grid, mode) => ({
        says: sentences[mode].textContent, marked: marked(grid, most - padding),
      })));
    }
    const texts = grids.map((grid) =>
      seen(grid).map((cell) => cell.textContent));
    const why = refusals.map((refusal) =>
      refusal.hidden ? null : refusal.querySelector("code").textContent);
    return { cells, texts, why };
  });
}"""


def padded(n, padding, mode):
    """Return PyTorch's padded picture, cells numbered from 1, or its refusal as text."""
    layer = torch.nn.Conv2d(1, 1, 1, padding=padding, padding_mode=mode, bias=False)
    torch.nn.init.ones_(layer.weight)
    picture = torch.arange(1.0, n * n + 1).reshape(1, 1, n, n)
    try:
        return layer(picture)[0, 0].int().tolist()
    except RuntimeError as error:
        return f"RuntimeError: {error}"


def expected_view(n, padding, mode):
    """Return the refusal, and what each cell holds: a number, or None beyond the mode's reach."""
    reach, why = padding, None
    while isinstance(border := padded(n, reach, mode), str):
        why = why or border
        reach -= 1
    across, short = n + 2 * padding, padding - reach
    cells = [[None] * across for _ in range(across)]
    for y, line in enumerate(border):
        cells[y + short][short : short + len(line)] = line
    return why, cells


def expected_reading(cells, n, padding, row, column):
    """Say what a picked cell is, from PyTorch's numbers alone."""
    value = cells[row][column]
    y, x = row - padding, column - padding
    places = list(itertools.product(range(len(cells)), repeat=2))
    inside = {(padding + i, padding + j) for i, j in itertools.product(range(n), repeat=2)}
    if 0 <= y < n and 0 <= x < n:
        copies = [p for p in places if p not in inside and cells[p[0]][p[1]] == value]
        noun = "copy" if len(copies) == 1 else "copies"
        count = f"{len(copies)} {noun}" if copies else "No copy"
        return f"{count} in the border.", [], copies
    if value is None:
        return "Out of reach.", [], []
    if value == 0:
        return "A zero: it copies nothing.", [], []
    i, j = divmod(value - 1, n)
    return f"Copies {value}, from row {i}, column {j}.", [(padding + i, padding + j)], []


def test_every_border_equals_pytorch(page, atlas):
    sizes = list(itertools.product(reached(LIMITS["input_size"]), reached(LIMITS["padding"])))
    states = 0
    for (n, padding), shown in zip(sizes, page.evaluate(ALL_PICTURES, [sizes, MOST]), strict=True):
        across = n + 2 * padding
        for index, mode in enumerate(PADDING_MODES):
            why, cells = expected_view(n, padding, mode)
            assert shown["why"][index] == why
            texts = ["" if v is None else str(v) for line in cells for v in line]
            assert shown["texts"][index] == texts, (n, padding, mode)
            for at, place in enumerate(itertools.product(range(across), repeat=2)):
                says, source, echo = expected_reading(cells, n, padding, *place)
                seen = shown["cells"][at][index]
                assert seen["says"] == says, (n, padding, mode, place)
                links = {"picked": [place], "source": source, "echo": echo}
                assert sorted(seen["marked"]) == sorted(
                    f"{mark} {row} {column}" for mark in links for row, column in links[mark]
                )
                states += 1
    print(f"\n{states} picked cells of {len(sizes)} pictures equal PyTorch's padding")
    assert states == 4 * sum((n + 2 * p) ** 2 for n, p in sizes)


# ---------------------------------------------------------------------- what a reader can do


def test_sliders_span_what_python_allows(atlas):
    for name, (low, high) in LIMITS.items():
        slider = atlas.get_by_role("slider", name=name, exact=True)
        assert (slider.get_attribute("min"), slider.get_attribute("max")) == (str(low), str(high))


def test_hovering_a_border_cell_shows_its_source_and_leaving_takes_it_back(page, atlas):
    before = reading(atlas, "reflect").inner_text()
    cell(atlas, "circular", -2, 2).hover()
    assert reading(atlas, "circular").inner_text() == "Copies 18, from row 3, column 2."
    assert reading(atlas, "reflect").inner_text() == "Copies 13, from row 2, column 2."
    assert trait(page, "cell") == [-1, -2]
    atlas.locator(".cv-status").first.hover()
    assert reading(atlas, "reflect").inner_text() == before


def test_the_arrow_runs_from_the_source_to_the_copy(page, atlas):
    cell(atlas, "replicate", 2, -2).click()  # copies row 2, column 0
    cell(atlas, "replicate", -1, -2).hover()  # copies row 0, column 0
    arrow = page.evaluate(
        """(cell) => {
      const grid = document.querySelectorAll(".cv-grid-box")[2];
      const link = grid.querySelector(".cv-link");
      const box = grid.querySelector(cell).getBoundingClientRect();
      const { x, y } = link.getBoundingClientRect();
      const number = (name) => parseFloat(link.style.getPropertyValue(name));
      const [length, angle] = ["--length", "--angle"].map(number);
      return {
        start: [x - box.x - box.width / 2, y - box.y - box.height / 2],
        way: [length * Math.sin(angle), length * Math.cos(angle)],
      };
    }""",
        cell_at(MOST, MOST),
    )
    assert arrow["start"] == pytest.approx([0, 0], abs=1)
    assert arrow["way"] == pytest.approx([-1, -2])  # rows, columns
    assert atlas.locator(".cv-link").first.get_attribute("hidden") == ""  # a zero has none


def test_a_click_picks_in_all_modes_and_says_so(page, atlas):
    cell(atlas, "zeros", 2, 3).click()
    assert trait(page, "cell") == [2, 3]
    assert atlas.locator(".cv-cell[aria-selected=true]").count() == 4
    assert page.locator(".cv-offscreen[aria-live]").text_content() == (
        "Row 2, column 3. zeros: No copy in the border. reflect: 5 copies in the border. "
        "replicate: No copy in the border. circular: 1 copy in the border."
    )


def test_the_keyboard_walks_through_the_border(page, atlas):
    start = cell(atlas, "reflect", -1, -2)
    start.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert trait(page, "cell") == [-2, -1]
    page.keyboard.press("Control+End")
    assert trait(page, "cell") == [6, 6]
    page.keyboard.press("Tab")
    focus = "() => document.activeElement.closest('[role=grid]').getAttribute('aria-label')"
    assert page.evaluate(focus) == "padding_mode='replicate'"
    assert page.evaluate("() => placeOf(document.activeElement)[0]") == 6 + MOST


def test_a_mode_that_cannot_go_on_says_so_while_the_others_do(page, atlas):
    page.evaluate("() => mounted[0].model.set('input_size', 3)")
    slider = atlas.get_by_role("slider", name="padding")
    slider.focus()
    limits = atlas.locator(".cv-limit")
    refusals = atlas.locator(".cv-refusal:not([hidden])")

    assert limits.all_inner_texts()[1] == "padding < input_size: 2 < 3"
    page.keyboard.press("ArrowRight")
    assert limits.all_inner_texts()[1::2] == [
        "padding < input_size: 3 < 3 is false",
        "padding ≤ input_size: 3 ≤ 3",
    ]
    assert refusals.count() == 1
    page.evaluate("() => mounted[0].model.set('input_size', 2)")
    assert limits.all_inner_texts()[3] == "padding ≤ input_size: 3 ≤ 2 is false"
    assert refusals.count() == 2
    assert "wrapping around more than once" in refusals.nth(1).inner_text()
    assert "reflect: " in page.locator(".cv-offscreen[aria-live]").text_content()
    assert "PyTorch refuses this padding" in page.locator(".cv-offscreen[aria-live]").text_content()
    assert cell(atlas, "replicate", -3, -3).inner_text() == "1"
    assert cell(atlas, "reflect", -3, -3).inner_text() == ""


def test_a_finger_can_do_it(open_host):
    page = open_host("padding_atlas", has_touch=True)
    page.evaluate("traits => mount(traits)", TRAITS)
    atlas = page.locator(".cv-atlas")
    cell(atlas, "reflect", -2, -2).tap()
    assert trait(page, "cell") == [-2, -2]
    assert reading(atlas, "reflect").inner_text() == "Copies 13, from row 2, column 2."


@pytest.mark.parametrize("width", [360, 1000])
def test_the_input_stands_still_while_its_border_grows(open_host, width):
    viewport = {"width": width, "height": 800}
    page = open_host("padding_atlas", viewport=viewport)
    page.evaluate("traits => mount(traits)", {**TRAITS, "cell": [0, 0]})
    places = []
    for padding in range(4):
        page.get_by_role("slider", name="padding").fill(str(padding))
        corner = cell(page.locator(".cv-atlas"), "circular", 0, 0)
        below = page.get_by_role("button", name="Full screen").bounding_box()
        places.append((*corner.bounding_box().values(), below["y"]))
    for place in places[1:]:
        assert place == pytest.approx(places[0], abs=0.1)


# How far the texts of the headers are from the first cell that is seen, in cells.
HEADERS = """() => {
  const grid = document.querySelector("[role=grid]");
  const first = [...grid.querySelectorAll(".cv-cell")].find((cell) =>
    !cell.closest("[data-outside]"));
  const [row, column] = placeOf(first);
  const box = first.getBoundingClientRect();
  const left = first.parentNode.firstChild.getBoundingClientRect();
  const top = grid.firstChild.children[column + 1].getBoundingClientRect();
  return [(box.left - left.right) / box.width, (box.top - top.bottom) / box.height];
}"""


def test_only_the_border_that_is_there_is_seen_and_walked(page, atlas):
    grid = atlas.get_by_role("grid").first
    for padding in [3, 1, 0, 2]:
        atlas.get_by_role("slider", name="padding").fill(str(padding))
        indices = [str(index).replace("-", "−") for index in range(-padding, 5 + padding)]
        assert grid.get_by_role("columnheader").all_inner_texts()[1:] == indices
        assert grid.get_by_role("rowheader").all_inner_texts() == indices
        assert grid.get_by_role("gridcell").count() == len(indices) ** 2
        assert all(0 <= gap < 0.1 for gap in page.evaluate(HEADERS))
        cell(atlas, "zeros", 0, 0).focus()
        page.keyboard.press("Control+Home")
        assert trait(page, "cell") == [-padding, -padding]
        page.keyboard.press("ArrowUp")
        assert trait(page, "cell") == [-padding, -padding]


def test_the_focus_stays_in_the_picture_when_its_cell_goes(page, atlas):
    cell(atlas, "zeros", -2, -2).focus()
    page.evaluate("() => mounted[0].model.set('padding', 1)")
    assert page.evaluate("() => placeOf(document.activeElement)") == [MOST - 1, MOST - 1]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_largest_picture_fits(open_host, width, scheme):
    page = open_host("padding_atlas", viewport={"width": width, "height": 800}, color_scheme=scheme)
    largest = {**TRAITS, "padding": 3}
    page.evaluate("traits => mount(traits)", largest)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    sizes = page.evaluate("""() => [...document.querySelectorAll(".cv-cell, button, input")].map(
      (part) => { const box = part.getBoundingClientRect(); return [box.width, box.height]; })""")
    assert min(min(size) for size in sizes) >= 22  # and 2 pixels to the next: 24 for a fingertip
