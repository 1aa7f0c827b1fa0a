"""Every widget fills the screen of a class room, and its numbers are read from the last row."""

import pytest

from tests.browser.states import WIDGETS, traits

pytestmark = pytest.mark.sampled(5)

WALL = {"width": 1920, "height": 1080}
FULL = "() => document.querySelector('[data-full]') !== null"


@pytest.fixture
def mount(open_widget):
    """Open a page with one widget on a wall; return the page."""

    def mount(name, script=None, **settings):
        options = {"viewport": WALL, "reduced_motion": "reduce"}
        return open_widget(name, traits(name, **settings), script, **options)

    return mount


ZOOM = "document.querySelector('.convlib').style.zoom"


def enter(page):
    """Go to full screen, until the widget has grown and has the focus; return how much it grew."""
    page.get_by_role("button", name="Full screen").click()
    page.get_by_role("button", name="Leave full screen").wait_for()
    return float(page.wait_for_function(ZOOM).json_value())


BOX = "JSON.stringify(document.querySelector('.convlib').getBoundingClientRect())"


@pytest.mark.parametrize("name", WIDGETS)
def test_every_widget_fills_the_screen_and_comes_back(name, mount):
    page = mount(name)
    before = page.evaluate(BOX)
    enter(page)
    page.wait_for_function("document.fullscreenElement === mounted[0].el")
    assert page.locator("[data-full]").bounding_box() == {"x": 0, "y": 0, **WALL}
    assert page.evaluate("document.querySelector('[data-full]').scrollWidth") <= WALL["width"]
    page.evaluate("document.exitFullscreen()")  # as the browser's own Escape does
    page.wait_for_function("document.fullscreenElement === null")
    page.get_by_role("button", name="Full screen").wait_for()
    page.wait_for_function(f"{BOX} === '{before}'")  # a moment later the page is laid out
    enter(page)
    page.get_by_role("button", name="Leave full screen").click()
    page.wait_for_function("document.fullscreenElement === null")
    assert not page.evaluate(FULL)


OVERFLOWS = """(zoom) => {
  const host = document.querySelector("[data-full]");
  host.querySelector(".convlib").style.zoom = zoom;
  return host.scrollHeight > host.clientHeight || host.scrollWidth > host.clientWidth;
}"""


@pytest.mark.parametrize("name", WIDGETS)
def test_every_widget_is_as_large_as_the_screen_has_room_for(name, mount):
    page = mount(name)
    zoom = enter(page)
    assert zoom == 1 or not page.evaluate(OVERFLOWS, zoom)
    assert zoom == 2.4 or page.evaluate(OVERFLOWS, zoom + 0.1)


@pytest.mark.parametrize(
    "missing",
    [
        "() => { delete Element.prototype.requestFullscreen; }",  # an iPhone
        "() => { Element.prototype.requestFullscreen = () => Promise.reject(new Error()); }",
    ],
)
def test_where_there_is_no_full_screen_it_fills_the_window(missing, mount):
    page = mount("layer_explorer", missing)
    enter(page)
    assert page.evaluate("document.fullscreenElement") is None
    assert page.locator("[data-full]").bounding_box() == {"x": 0, "y": 0, **WALL}
    page.keyboard.press("Escape")
    assert not page.evaluate(FULL)
    enter(page)
    page.evaluate("mounted[0].cleanup()")
    assert not page.evaluate(FULL)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("layer_explorer", {}),
        ("layer_explorer", {"input_size": 7, "padding": 1, "stride": 2}),
        ("pixel_usage", {}),
        ("padding_atlas", {}),
        ("same_padding", {"width": 10, "kernel_size": 7, "stride": 1}),
        ("dilation_explorer", {}),
        ("groups_explorer", {}),
        ("groups_explorer", {"in_channels": 2, "out_channels": 6, "groups": 1}),
        ("groups_explorer", {"stack": "shuffled"}),
    ],
)
def test_on_a_wall_numbers_are_40_pixels_high(name, settings, mount):
    page = mount(name, **settings)
    enter(page)
    sizes = page.locator(".cv-cell, .cv-node, .cv-in").evaluate_all(
        """(cells) => cells.filter((cell) => cell.textContent && cell.checkVisibility(
          { visibilityProperty: true }) && cell.closest(".cv-grid, .cv-column, .cv-align-strip"))
          .map((cell) => parseFloat(getComputedStyle(cell).fontSize) * cell.currentCSSZoom)"""
    )
    assert len(sizes) >= 9
    assert min(sizes) >= 40


def test_arrow_keys_step(mount):
    page = mount("layer_explorer", fast=True)
    enter(page)
    step = "() => mounted[0].model.get('output_cell')"
    for key, cell in {"ArrowRight": [0, 1], "ArrowDown": [0, 2], "ArrowLeft": [0, 1]}.items():
        page.keyboard.press(key)
        assert page.evaluate(step) == cell
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(step) == [0, 2]
    page.get_by_role("spinbutton").focus()  # a field has its own
    page.keyboard.press("ArrowUp")
    assert page.evaluate(step) == [0, 2]
    assert page.evaluate("() => mounted[0].model.get('weight')[0][0]") == 3
    page.get_by_role("button", name="Leave full screen").click()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(step) == [0, 2]


def test_without_a_film_the_arrow_keys_walk_the_grid(mount):
    page = mount("pixel_usage")
    enter(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("() => mounted[0].model.get('cell')") == [1, 1]
