"""Links to what a reader sees: copied on one page, opened on another visit."""

import json
from urllib.parse import quote, unquote

import pytest

import convlib.widgets

PAGE = "book/sliding_window.html"

# Links that stand in somebody's mail or slides: names and values here are never changed, since the
# reader's links cannot be. Page, widget, settings, and what the widget then shows.
OLD_LINKS = [
    (
        "sliding_window",
        "layer_explorer",
        {"kernel_size": [2, 3], "stride": 2, "padding": 1, "output_cell": [0, 1]},
        "kernel_size=(2, 3), stride=2, padding=1",
    ),
    ("stride_and_padding", "padding_atlas", {"padding": 3}, "padding < input_size: 3 < 5"),
    ("stride_and_padding", "same_padding", {"kernel_size": 5, "stride": 1}, "kernel_size=(5, 5)"),
    ("stride_and_padding", "pixel_usage", {"padding": 1, "cell": [2, 2]}, "padding=1"),
    ("dilation", "dilation_explorer", {"dilation": 3, "output_cell": [1, 1]}, "dilation=3"),
    ("dilation", "dilated_stack", {"dilations": [1, 2, 4]}, "dilation=4"),
    ("groups", "groups_explorer", {"in_channels": 6, "groups": 3}, "groups=3"),
    (
        "groups",
        "channels_explorer",
        {"groups": 1, "picked": ["weight", 1, 0, 0, 0]},
        "weight[1, 0, 0, 0]",
    ),
    (
        "gradients",
        "transposed_explorer",
        {"kernel_size": 4, "padding": 1, "output_cell": [2, 2]},
        "kernel_size=4, stride=2, padding=1",
    ),
    (
        "filters",
        "image_explorer",
        {"kernel": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]], "stride": 2, "picture": "colour"},
        "[0, -1, 0], [-1, 4, -1], [0, -1, 0]",
    ),
    ("digits", "digit_net", {"digit": 4, "picked": ["conv1", 1, 2, 3]}, "conv1[1, 2, 3]"),
    ("compose", "two_layers", {"first": 2, "second": 3, "stride": 2}, "kernel_size=(6, 6)"),
    ("output_shape", "shape_solver", {"input_size": 32, "padding": 2}, "padding=2"),
    ("output_shape", "practice", {"seed": 7}, "seed=7"),
    ("stacks", "stack_ledger", {"preset": "vgg_block", "picked": 1}, "Conv2d(3, 64"),
    ("stacks", "stack_ledger", {"preset": "resnet18"}, "torch.nn.Linear(512, 1000)"),
    (
        "stacks",
        "stack_ledger",
        {
            "preset": None,
            "input_size": [32, 48],
            "in_channels": 3,
            "layers": [{"kind": "Conv2d", "out_channels": 4, "kernel_size": 5, "stride": 2}],
        },
        "Conv2d(3, 4, kernel_size=5, stride=2)",
    ),
    ("intro", "layer_reader", {"text": "nn.Conv2d(7, 9, 3)", "input_shape": "30"}, "(1, 9, 28"),
]

# The same, from before a widget was made two: page, widget, settings, and who has them now.
MOVED_LINKS = [
    (
        "stride_and_padding",
        "padding_atlas",
        {"kernel_size": 5, "stride": 1},
        "same_padding",
        "kernel_size=(5, 5)",
    ),
    (
        "weights",
        "padding_atlas",
        {"padding": 3, "kernel_size": 5},
        "same_padding",
        "kernel_size=(5, 5)",
    ),
    ("dilation", "dilation_explorer", {"dilations": [1, 2, 4]}, "dilated_stack", "dilation=4"),
    ("stacks", "dilation_explorer", {"dilations": [1, 2, 4]}, "dilated_stack", "dilation=4"),
    (
        "dilation",
        "dilation_explorer",
        {"kernel_size": 2, "dilation": 3, "dilations": [5, 5]},
        "dilated_stack",
        "kernel_size=(2, 2), dilation=5",
    ),
]


def link(name, **settings):
    return f"{PAGE}#{name}={quote(json.dumps(settings))}"


def test_a_link_opens_with_its_settings(open_page, site_url):
    page = open_page(f"{site_url}{link('layer_explorer', stride=2, kernel_size=[2, 3])}")
    code = page.locator(".cv-layer .cv-code").first
    code.wait_for()
    assert "kernel_size=(2, 3), stride=2" in code.text_content()
    assert page.locator(".widget-note").count() == 0


@pytest.mark.parametrize(("page", "widget", "settings", "shown"), OLD_LINKS)
def test_an_old_link_opens(page, widget, settings, shown, open_page, site_url):
    fragment = f"{widget}={quote(json.dumps(settings))}"
    view = open_page(f"{site_url}book/{page}.html#{fragment}").locator(
        f".widget-view:has([data-module='{widget}']), .widget-view[data-module='{widget}']"
    )
    view.filter(has_text=shown).first.wait_for()
    assert view.page.locator(".widget-note").count() == 0


@pytest.mark.parametrize(("page", "widget", "settings", "heir", "shown"), MOVED_LINKS)
def test_an_old_link_opens_at_the_widget_that_has_its_settings_now(
    page, widget, settings, heir, shown, open_page, site_url
):
    fragment = f"{widget}={quote(json.dumps(settings))}"
    page = open_page(f"{site_url}book/{page}.html#{fragment}")
    view = page.locator(f".widget-view[data-module='{heir}']").filter(has_text=shown)
    view.wait_for()
    page.wait_for_function(
        "element => Math.abs(element.getBoundingClientRect().top) < 100", arg=view.element_handle()
    )
    assert page.locator(".widget-note").count() == 0


def test_what_an_old_link_asks_of_both_is_given_to_both(open_page, site_url):
    settings = {"kernel_size": 2, "dilation": 3, "dilations": [5, 5]}
    page = open_page(
        f"{site_url}book/dilation.html#dilation_explorer={quote(json.dumps(settings))}"
    )
    single = page.locator(".widget-view[data-module='dilation_explorer']")
    single.scroll_into_view_if_needed()
    single.filter(has_text="kernel_size=(2, 2), dilation=3").wait_for()


def test_every_widget_has_an_old_link():
    modules = {widget for _, widget, *_ in OLD_LINKS}
    assert modules == {
        getattr(convlib.widgets, name).__module__.rpartition(".")[2]
        for name in convlib.widgets.__all__
    }


def test_a_link_that_does_not_fit_says_why_and_starts_as_usual(open_page, site_url):
    usual = open_page(f"{site_url}{PAGE}").locator(".cv-layer .cv-code").first.text_content()
    page = open_page(f"{site_url}{link('layer_explorer', stride=99)}")
    note = page.locator(".widget-note").text_content()
    assert note == (
        "The link does not fit: stride is from 1 to 4, not 99. The picture starts as usual."
    )
    page.locator(".widget-link").first.wait_for()
    assert page.locator(".cv-layer .cv-code").first.text_content() == usual


@pytest.mark.parametrize(
    ("page", "widget", "settings", "why"),
    [
        ("groups", "groups_explorer", {"groups": 4}, "out_channels=6 does not split into 4"),
        ("dilation", "dilated_stack", {"dilations": [5, 5, 5]}, "would be 31 pixels"),
        ("sliding_window", "layer_explorer", {"kernel_size": [5, 5], "input_size": 3}, "span"),
        (
            "stride_and_padding",
            "pixel_usage",
            {"kernel_size": 5, "input_size": 3, "padding": 0},
            "span",
        ),
    ],
)
def test_a_link_whose_settings_do_not_fit(page, widget, settings, why, open_page, site_url):
    address = f"{site_url}book/{page}.html"
    usual = open_page(address).locator(f"[data-module='{widget}'] .cv-code").first.text_content()
    opened = open_page(f"{address}#{widget}={quote(json.dumps(settings))}")
    note = opened.locator(".widget-note").text_content()
    assert note.startswith("The link does not fit: these settings are not possible: ")
    assert why in note
    assert opened.locator(f"[data-module='{widget}'] .cv-code").first.text_content() == usual


def test_markup_in_a_link_stays_text(open_page, site_url):
    page = open_page(f"{site_url}{link('layer_explorer', padding='<img src=x>')}")
    page.locator(".widget-link").first.wait_for()
    assert page.locator("article img[src='x']").count() == 0


def test_a_copied_link_holds_what_was_changed(open_page, site_url):
    page = open_page(f"{site_url}{PAGE}", permissions=["clipboard-read", "clipboard-write"])
    view = page.locator(".widget-view", has=page.locator(".cv-layer")).first
    view.get_by_role("slider", name="stride").fill("2")
    view.get_by_role("button", name="Copy link").click()
    view.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert unquote(copied).endswith('#layer_explorer={"stride":2}')
    again = open_page(copied)
    again.locator(".widget-link").first.wait_for()
    assert "stride=2" in again.locator(".cv-layer .cv-code").first.text_content()


def test_the_reader_leads_to_the_same_window_on_a_few_pixels(open_page, site_url):
    page = open_page(f"{site_url}book/intro.html")
    page.get_by_text("See this window move").click()
    page.wait_for_url("**/sliding_window.html#layer_explorer=*")
    page.locator(".widget-link").first.wait_for()
    code = page.locator(".cv-layer .cv-code").first.text_content()
    assert "kernel_size=(3, 3), stride=2, padding=1" in code


def test_the_reader_leads_to_the_same_rows_in_the_ledger(open_page, site_url):
    page = open_page(f"{site_url}book/intro.html")
    page.get_by_role("button", name="a network").click()
    page.get_by_text("in the ledger").click()
    page.wait_for_url("**/stacks.html#stack_ledger=*")
    page.locator(".widget-link").first.wait_for()
    code = page.locator(".cv-ledger .cv-code").first.text_content()
    assert "torch.nn.Conv2d(1, 6, kernel_size=5)" in code
    assert "torch.nn.Linear(400, 10)" in code
    assert page.locator(".widget-note").count() == 0
