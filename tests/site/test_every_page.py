"""Every page of the built book, opened once in Chromium and looked at from all sides."""

import gzip
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import SITE
from tests.site.built import CHAPTERS, PAGES, SCHEMES, WIDTHS, widgets_in

pytestmark = pytest.mark.sampled(8)

KB = 1000
PACKED_LIMIT = 150 * KB
DESKTOP = {"width": 1280, "height": 720}
TOGGLE = 'class="sidebar-toggle"'

# In the dark only colours differ.
ALL_RULES = {"resultTypes": ["violations"]}  # the rest is not looked at, and takes long
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], **ALL_RULES}

UNFOLD = "document.querySelectorAll('details').forEach((fold) => (fold.open = true))"
OUT_OF_REACH = """() => [...document.querySelectorAll("article *")].filter((element) => {
  const scrolls = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
  const style = getComputedStyle(element);
  return scrolls && style.overflowX === "auto" && element.tabIndex < 0
    && !element.querySelector("a, button, input, select, [tabindex]");
}).map((element) => element.outerHTML.slice(0, 200))"""


# The last line of each heading of several lines, and its widest line, in pixels.
HEADING_LINES = """(headings) => headings.map((heading) => {
  const lines = new Map();
  const words = document.createRange();
  words.selectNodeContents(heading);
  const link = heading.querySelector(".headerlink"); // on a phone there is none
  if (link) words.setEndBefore(link);
  for (const box of words.getClientRects()) {
    const line = Math.round(box.bottom / 12);
    lines.set(line, (lines.get(line) ?? 0) + box.width);
  }
  return [heading.textContent, [...lines.values()]];
}).filter(([, lines]) => lines.length > 1)"""


def weigh(page, name, site_url):
    """Return the bytes that a first visit loads, gzipped (the font is packed already)."""
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate("performance.getEntries().map((entry) => entry.name)")
    files = {url.split("?")[0] for url in loaded if url.startswith(site_url)}
    contents = [Path(SITE, url.removeprefix(site_url)).read_bytes() for url in files]
    plain = sum(map(len, contents))
    packed = sum(min(len(c), len(gzip.compress(c, 9))) for c in contents)
    print(f"{name}: {plain / KB:.0f} kB, {packed / KB:.0f} kB gzipped, {len(contents)} files")
    return packed


def findings(page, options):
    """List what axe finds on a page: the rule and the element.

    One thing is left out: the drawers' toggles stand outside of every landmark, because the theme's
    stylesheet reaches the drawers from there.
    """
    found = [
        (violation["id"], node["html"])
        for violation in Axe().run(page, options=options).response["violations"]
        for node in violation["nodes"]
    ]
    return [(rule, html) for rule, html in found if not (rule == "region" and TOGGLE in html)]


def wake(page):
    """Scroll to each widget of a page and wait until it is alive; return how many there are."""
    views = page.locator(".widget-view").all()
    for view in views:
        view.scroll_into_view_if_needed()
        view.locator("[inert]").first.wait_for(state="detached")  # the still picture
        assert view.locator("button, input, [tabindex]").count() > 0
    return len(views)


@pytest.mark.parametrize("name", ["404.html", *PAGES])
def test_a_page_is_light_accessible_and_quiet_fits_and_shows_its_widgets(name, open_page, site_url):
    page = open_page(f"{site_url}{name}", viewport=DESKTOP)
    weight = weigh(page, name, site_url) if name in PAGES else 0

    page.evaluate(UNFOLD)
    assert findings(page, ALL_RULES) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page, COLOURS) == []

    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUT_OF_REACH) == []  # on the phone, and there too:
    headings = page.locator("article :is(h1, h2, h3)").evaluate_all(HEADING_LINES)
    assert [text for text, lines in headings if lines[-1] < max(lines) / 4] == []

    assert wake(page) == (len(widgets_in(name)) if name in CHAPTERS else 0)
    signs = set()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        signs.add(tuple(page.locator(".cv-operator").filter(visible=True).all_text_contents()))
    assert len(signs) == 1  # between the grids, on a phone too
    assert weight <= PACKED_LIMIT  # last, so that it hides nothing


def test_every_chapter_shows_a_widget():
    assert all(map(widgets_in, CHAPTERS))
