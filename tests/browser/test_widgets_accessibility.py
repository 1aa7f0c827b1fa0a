"""axe-core finds nothing in any widget, in its main states, light and dark, on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from convlib.widgets.practice import TOPICS
from tests.browser.states import LARGEST, WIDGETS, traits


def press(name):
    return lambda view: view.get_by_role("button", name=name, exact=True).first.click()


def slide(name, value):
    return lambda view: view.get_by_role("slider", name=name, exact=True).fill(str(value))


def type_in(name, value):
    def act(view):
        view.get_by_role("spinbutton", name=name, exact=True).fill(str(value))
        view.page.keyboard.press("Enter")

    return act


def answer(*numbers):
    def act(view):
        for field, number in zip(view.locator(".cv-field").all(), numbers, strict=True):
            field.fill(str(number))
        view.page.keyboard.press("Enter")

    return act


def nothing(view):
    """Leave the widget as it starts."""


# Each state: the settings, and what a reader does then.
STATES = {
    "layer_explorer": [
        ({"padding": 1, "padding_mode": "reflect", "stride": 2, "output_cell": (1, 1)}, nothing),
        ({"padding": 1, "padding_mode": "circular", "input_cell": (0, 0)}, nothing),
        ({}, slide("dilation", 3)),
        ({"speed": 1}, press("Play")),
    ],
    "pixel_usage": [
        ({"stride": 2, "dilation": 2, "cell": (4, 4)}, nothing),
        ({"padding": 1}, press("gradient")),
        ({"input_size": 4}, slide("kernel_size", 5)),
        ({"kernel_size": 1, "padding": 3}, nothing),  # the widest output
    ],
    "padding_atlas": [
        ({"cell": (2, 2)}, nothing),
        ({"input_size": 2, "padding": 3}, nothing),  # two modes cannot reach that far
    ],
    "shape_solver": [
        ({}, press("even 'same'")),
        ({}, press("32 → 16")),
        ({}, press("64 → 40")),
        ({"input_size": 4}, slide("kernel_size", 11)),
        ({}, lambda view: view.locator("summary").click()),
    ],
    "dilation_explorer": [
        ({"dilations": (2, 2, 2), "output_cell": (1, 2)}, nothing),
        ({}, slide("kernel_size", 5)),
        ({"speed": 1}, press("Play")),
    ],
    "groups_explorer": [
        ({}, lambda view: view.locator(".cv-cell").nth(5).click()),
        ({}, slide("groups", 3)),
        ({}, press("two layers")),
    ],
    "stack_ledger": [
        ({"preset": "deeplab_aspp"}, lambda view: view.locator(".cv-record").nth(2).click()),
        ({"preset": None, "layers": [{"kind": "MaxPool2d", "kernel_size": 2}]}, press("Remove")),
        ({}, press("+ ConvTranspose2d")),
        ({}, type_in("input_size", 2)),
    ],
    "practice": [
        *(({"topic": topic}, nothing) for topic in TOPICS),
        *(({"topic": topic, "answers": ((0,),)}, nothing) for topic in TOPICS),  # wrong
        ({}, answer(5)),  # right
        ({}, press("Hint")),
        ({}, press("Check")),  # nothing is typed yet
    ],
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", WIDGETS)
def test_axe_finds_nothing(name, scheme, open_page, widgets_url):
    page = open_page(
        f"{widgets_url}?widget={name}",
        viewport={"width": 360, "height": 800}, color_scheme=scheme, reduced_motion="reduce",
    )  # fmt: skip
    page.wait_for_function("window.ready")
    states = [({}, nothing), *STATES.get(name, ()), (LARGEST.get(name, {}), nothing)]
    for number, (settings, act) in enumerate(states):
        page.evaluate("traits => mount(traits)", traits(name, **settings))
        act(page.locator(".convlib").nth(number))
    options = {"resultTypes": ["violations"]}  # the rest is not looked at, and takes long
    results = Axe().run(page, context=".convlib", options=options)
    assert results.violations_count == 0, results.generate_report()
