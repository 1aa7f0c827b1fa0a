"""What stands still, what does not run together, and what a phone's browser needs."""

import pytest

from tests.browser.states import WIDGETS, traits

pytestmark = pytest.mark.sampled(6)


@pytest.fixture
def mount(open_widget):
    """Open a page with one widget; return the page."""

    def mount(name, width, /, **settings):
        viewport = {"width": width, "height": 900}
        return open_widget(name, traits(name, **settings), viewport=viewport)

    return mount


PLACES = """() => {
  const place = (selector) => {
    const { left, top } = document.querySelector(selector).getBoundingClientRect();
    return [Math.round(left + scrollX), Math.round(top + scrollY)];
  };
  return {
    play: place(".cv-play"),
    formula: place(".cv-formula"),
    height: document.querySelector(".convlib").offsetHeight,
  };
}"""


@pytest.mark.parametrize(("width", "most_padding"), [(1280, 3), (800, 1)])
def test_a_slider_of_layer_explorer_moves_nothing_else(mount, width, most_padding):
    page = mount("layer_explorer", width)
    before = page.evaluate(PLACES)
    for name, values in {
        "input_size": (1, 8, 5),
        "kernel height": (1, 5, 3),
        "stride": (3, 1),
        "padding": (most_padding, 0),
        "dilation": (3, 2, 1),
    }.items():
        for value in values:
            page.get_by_role("slider", name=name, exact=True).fill(str(value))
            assert page.evaluate(PLACES) == before, (name, value)
    for _ in range(9):
        page.get_by_role("button", name="Step", exact=True).click()
        assert page.evaluate(PLACES) == before


def test_play_keeps_its_place_under_a_finger(mount):
    page = mount("layer_explorer", 360)
    before = page.evaluate(PLACES)["play"]
    for name, value in {"input_size": 8, "kernel width": 5, "dilation": 2}.items():
        page.get_by_role("slider", name=name, exact=True).fill(str(value))
    page.get_by_role("slider", name="dilation", exact=True).fill("1")
    assert page.evaluate(PLACES)["play"] == before


COLUMN = 752  # of the book, with the host page's margin
LAPTOP = 730  # rows of pixels that a laptop leaves for a page, about


@pytest.mark.parametrize(
    ("name", "settings", "widths"),
    [
        ("padding_atlas", {}, [1280]),  # four grids for a finger are higher, two above two
        ("same_padding", {}, [COLUMN, 1280]),
        ("same_padding", {"width": 10, "kernel_size": 7, "stride": 1}, [COLUMN, 1280]),
        ("dilation_explorer", {"dilation": 4}, [COLUMN, 1280]),
        ("dilated_stack", {"dilations": (2, 2, 2)}, [COLUMN, 1280]),
        ("dilated_stack", {"dilations": (1, 2, 3, 3)}, [1280]),
    ],
)
def test_one_idea_fits_on_the_screen_of_a_laptop(name, settings, widths, mount):
    for width in widths:
        page = mount(name, width, **settings)
        assert page.evaluate("document.querySelector('.convlib').offsetHeight") < LAPTOP


GAPS = """() => [...document.querySelectorAll(".cv-scale")].flatMap((scale) => {
  const boxes = [...scale.querySelectorAll(".cv-tick")]
    .filter((tick) => tick.checkVisibility({ visibilityProperty: true }))
    .map((tick) => {
      const text = document.createRange();
      text.selectNodeContents(tick);
      return text.getBoundingClientRect();
    });
  return boxes.slice(1).map((box, index) => box.left - boxes[index].right);
})"""


@pytest.mark.parametrize(
    "name",
    [
        "groups_explorer",
        "shape_solver",
        "same_padding",
        "transposed_explorer",
        "channels_explorer",
    ],
)
def test_the_numbers_of_a_scale_stand_apart(name, mount):
    page = mount(name, 360)
    for width in (360, 500, 560, 660, 740, 800, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        gaps = page.evaluate(GAPS)
        assert len(gaps) > 10
        assert min(gaps) >= 2, width


@pytest.mark.parametrize("name", WIDGETS)
def test_an_iphone_zooms_neither_into_a_field_nor_at_two_quick_taps(name, mount):
    page = mount(name, 360)
    small = page.evaluate("""() => [...document.querySelectorAll("input, select")]
      .filter((field) => !["range", "checkbox", "radio"].includes(field.type))
      .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
      .map((field) => field.ariaLabel)""")
    assert small == []
    slow = page.evaluate("""() => [...document.querySelectorAll(".cv-button")]
      .filter((button) => getComputedStyle(button).touchAction !== "manipulation")
      .map((button) => button.textContent)""")
    assert slow == []


# The controls whose name or value runs into a button, another control or out of the widget.
RUN_TOGETHER = """() => {
  const box = (element) => element.getBoundingClientRect();
  const edge = box(document.querySelector(".convlib")).right;
  const controls = [...document.querySelectorAll(".cv-control")]
    .filter((each) => each.checkVisibility());
  const meets = (one, other) => one.left < other.right && other.left < one.right + 4
    && one.top < other.bottom && other.top < one.bottom;
  return controls.filter((control) => {
    const others = controls.filter((each) => each !== control);
    const around = [...others, ...control.querySelectorAll("button")];
    return [...control.querySelectorAll(".cv-name, .cv-value")].some((element) => {
      const text = document.createRange();
      text.selectNodeContents(element);
      return box(text).right > edge - 4 || around.some((each) => meets(box(text), box(each)));
    });
  }).map((control) => control.querySelector(".cv-name").textContent);
}"""
APART = {"padding": (1, 2)}


@pytest.mark.parametrize(
    ("name", "settings"), [*((name, {}) for name in WIDGETS), ("layer_explorer", APART)]
)
def test_the_names_of_controls_run_into_nothing(name, settings, mount):
    page = mount(name, 360, **settings)
    for width in (360, 400, 500, 560, 620, 680, 752, 880, 1000, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(RUN_TOGETHER) == [], width
