"""The built stylesheets use nothing that Safari 16 does not know, and follow the theme's switch."""

import re

import pytest

from tests.browser.pages import SITE
from tests.browser.test_layer_explorer import View, assert_weights_ride_over_their_taps
from tests.site.built import SCHEMES

COMMENT_OR_TEXT = re.compile(r"/\*.*?\*/|\"[^\"]*\"", re.DOTALL)


def nested(style):
    """List the rules that stand inside another rule, not inside an at-rule alone."""
    found, open_rules = [], []
    for before, brace in re.findall(r"([^{}]*)([{}])", COMMENT_OR_TEXT.sub("", style)):
        if brace == "}":
            open_rules.pop()
            continue
        head = before.rpartition(";")[2].strip()
        if any(not outer.startswith("@") for outer in open_rules):
            found.append(f"{open_rules} {head}")
        open_rules.append(head)
    return found


def test_nesting_is_found():
    assert nested('@media print { .a { color: red; } } .b { content: "{" }') == []
    assert len(nested("a { color: red; & b { top: 0 } @media print { left: 0 } }")) == 2


def test_old_browsers_can_read_them(site_url):
    sheets = [SITE / "_static" / "book.css", *SITE.glob("_static/widgets-*.css")]
    assert len(sheets) > 10
    for sheet in sheets:
        style = sheet.read_text(encoding="utf-8")
        assert "light-dark(" not in style, sheet
        assert nested(style) == [], sheet
        prefixed = [style.count(f"{prefix}user-select:none") for prefix in ("-webkit-", "")]
        assert prefixed[1] == 2 * prefixed[0], sheet  # each is in "-webkit-user-select" too


COLOURS = """() => [".convlib", ".highlight"].map((name) => {
  const [red, green, blue] = getComputedStyle(document.querySelector(name)).backgroundColor
    .match(/[0-9]+/g).map(Number);
  return red + green + blue > 3 * 128 ? "light" : "dark";
})"""


@pytest.mark.parametrize("system", SCHEMES)
def test_widgets_and_code_follow_the_switch(system, open_page, site_url):
    page = open_page(f"{site_url}book/parameters.html", color_scheme=system)
    seen = set()
    for _ in range(3):
        now = page.evaluate("document.body.dataset.theme")
        seen.add(now)
        expected = system if now == "auto" else now
        assert page.evaluate(COLOURS) == [expected, expected]
        page.locator(".theme-toggle:visible").click()
    assert seen == {"auto", *SCHEMES}


@pytest.mark.parametrize("system", SCHEMES)
def test_widgets_and_code_follow_the_system_without_a_script(system, open_page, site_url):
    options = {"color_scheme": system, "java_script_enabled": False}
    page = open_page(f"{site_url}book/parameters.html", **options)
    assert page.evaluate(COLOURS) == [system, system]


def test_paper_is_light(open_page, site_url):
    page = open_page(f"{site_url}book/parameters.html", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(COLOURS) == ["light", "light"]


def test_the_books_rules_for_figures_leave_those_of_a_widget_alone(open_page, site_url):
    page = open_page(f"{site_url}book/stride_and_padding.html")
    assert_weights_ride_over_their_taps(View(page, 0))
