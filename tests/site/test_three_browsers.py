"""Every page and every widget in Chromium, Firefox and WebKit: it opens, it is quiet, it reacts.

Chromium opens the book's pages as files, the other two from a server.
"""

from time import monotonic, sleep

import pytest

from tests.browser.browsers import firefox, webkit
from tests.browser.browsers.tab import PlaywrightTab, WebKitTab
from tests.browser.pages import SITE
from tests.site.built import CHAPTERS, PAGES

pytestmark = pytest.mark.sampled(18)

PATIENCE = 30  # seconds
MOMENT = 0.3  # for what is drawn at once, on a busy machine too

WAKE = """(view) => {
  const widget = document.querySelectorAll(".widget-view")[view];
  widget.scrollIntoView();
  return widget.querySelector("[inert]") === null && widget.querySelector("button") !== null;
}"""
COUNT = "() => document.querySelectorAll('.widget-view').length"

# Mark the first part of this kind that can be used; return whether there is one.
FIND = """(view, kind) => {
  document.querySelector("[data-tried]")?.removeAttribute("data-tried");
  const parts = document.querySelectorAll(".widget-view")[view].querySelectorAll(kind);
  const part = [...parts].find((each) =>
    each.checkVisibility({ visibilityProperty: true }) && !each.disabled);
  part?.setAttribute("data-tried", "");
  part?.scrollIntoView({ block: "center", behavior: "instant" });
  return part !== undefined;
}"""
FOCUS = "() => document.querySelector('[data-tried]').focus()"
STATE = """(view) => {
  const widget = document.querySelectorAll(".widget-view")[view];
  const values = [...widget.querySelectorAll("input, select, textarea")].map((each) => each.value);
  return widget.innerHTML.replaceAll(' data-tried=""', "") + values;
}"""

# What a pointer may click, what keys may move, and which keys; the first that reacts will do.
CLICKED = (
    "[role=gridcell]:not([aria-selected=true])",
    "[role=option]:not([aria-selected=true])",
    ".cv-record:not([aria-selected=true]) > div",
    "button:not(.cv-play)",
    "button ~ button",  # the first may choose what is chosen already
)
MOVED = (
    "[role=grid] [tabindex='0']", "[role=listbox] [tabindex='0']", ".cv-field",
    "input[type=number]", "textarea", "select", "input[type=range]",  # a grid may hold one cell
)  # fmt: skip
KEYS = ("ArrowRight", "ArrowDown", "5")


def wait_for(condition):
    """Wait until a condition holds; return whether it came to hold."""
    end = monotonic() + PATIENCE
    while not (held := condition()) and monotonic() < end:
        sleep(0.02)
    return held


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def tab(request, tmp_path_factory):
    """Open one tab in each browser; say so where there is no such browser."""
    kind = request.param
    if kind == "chromium":
        yield PlaywrightTab(request.getfixturevalue("browser"))
    elif kind == "firefox":
        if firefox.find() is None:
            pytest.skip("no page in Firefox: it is not installed")
        started = firefox.launch(request.getfixturevalue("playwright"))
        yield PlaywrightTab(started)
        started.close()
    else:
        if webkit.find() is None:
            pytest.skip("no page in WebKit: WebKitGTK's driver is not installed")
        log = tmp_path_factory.mktemp("webkit") / "log"
        with webkit.running(log) as driver:
            yield WebKitTab(driver, log)


class Widget:
    """One widget of the page that is open."""

    def __init__(self, tab, place):
        self.tab, self.place = tab, place
        assert wait_for(lambda: tab.run(WAKE, place)), f"widget {place} does not come alive"

    def has(self, kind):
        """Find a part, and put the next click or the focus there."""
        return self.tab.run(FIND, self.place, kind)

    def reacts(self, *acts, patience=MOMENT):
        """Do one thing after the other; return whether the picture or a value changed."""
        before = self.tab.run(STATE, self.place)
        for act in acts:
            act()
        end = monotonic() + patience
        while not (changed := self.tab.run(STATE, self.place) != before) and monotonic() < end:
            sleep(0.05)
        return changed

    def click(self):
        """Click the part that was found."""
        self.tab.click("[data-tried]")

    def press(self, key):
        """Focus the part that was found, and press a key."""
        self.tab.run(FOCUS)
        self.tab.press(key)

    def try_all(self):
        """Click, press keys, move a slider and play; return what was tried."""
        place = self.place
        assert any(self.has(kind) and self.reacts(self.click) for kind in CLICKED), place
        assert any(
            self.has(kind) and self.reacts(lambda key=key: self.press(key))
            for kind in MOVED
            for key in KEYS
        ), place
        tried = ["click", "keys"]
        if self.has("input[type=range]"):
            keys = [lambda key=key: self.press(key) for key in ("ArrowRight", "ArrowDown")]
            assert any(map(self.reacts, keys)), place
            tried.append("slider")
        if self.has(".cv-play"):
            assert self.reacts(self.click, patience=PATIENCE), place
            assert self.has(".cv-play")
            self.click()
            tried.append("play")
        return tried


@pytest.mark.parametrize("name", ["404.html", *PAGES])
def test_a_page_opens_quietly_and_its_widgets_react(name, tab, site_url):
    quiet = len(tab.errors)
    as_file = tab.kind == "chromium" and name.startswith("book/")
    tab.open((SITE / name).as_uri() if as_file else f"{site_url}{name}")
    tried = [Widget(tab, place).try_all() for place in range(tab.run(COUNT))]
    assert tab.errors[quiet:] == []
    assert tried or name not in CHAPTERS
    if tried:
        print(f"{tab.kind}: {name}: {len(tried)} widgets react")
