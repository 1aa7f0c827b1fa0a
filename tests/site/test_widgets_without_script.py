"""The widgets of the built book with JavaScript off, and while their script is on its way."""

import re

import pytest

import convlib.widgets
from tests.browser.pages import SITE
from tests.site.built import CHAPTERS, WIDTHS, widgets_in

pytestmark = pytest.mark.sampled(5)

SCRIPT = re.compile(r"/widgets-\w[^/]*\.js")
# What the keyboard may reach without a script.
SCROLLED = ".cv-scroll, .cv-paths, .cv-picture, .cv-listing code"
HEIGHTS = "(views) => views.map((view) => view.getBoundingClientRect().height)"

# How far the page's content moves by itself, as Chromium's Layout Instability API counts it.
WATCH = """() => {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shift += entry.value;
  }).observe({ type: "layout-shift" });
}"""
PAINTED = """() => new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(shift)))))"""


def test_a_page_has_one_script_and_one_stylesheet_of_ours():
    for name in CHAPTERS:
        page = (SITE / name).read_text(encoding="utf-8")
        [script] = re.findall(r'src="\.\./_static/(widgets[^"?]*\.js)', page)
        [sheet] = re.findall(r'href="\.\./_static/(widgets[^"?]*\.css)', page)
        shown = set(re.findall(r'data-module="(\w+)"', page))
        assert script == f"widgets-{'-'.join(sorted(shown))}.js"
        assert sheet == script.replace(".js", ".css")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_without_script_every_picture_stands_still(chapter, open_page, site_url):
    page = open_page(f"{site_url}{chapter}", java_script_enabled=False)
    views = page.locator(".widget-view")
    captions = views.locator(".widget-caption")
    assert captions.locator("code").all_text_contents() == widgets_in(chapter)
    assert all(caption.is_visible() for caption in captions.all())
    assert all(picture.is_visible() for picture in views.locator(".convlib").all())

    controls = views.locator("button, input, select, summary, textarea").filter(visible=True)
    assert [each for each in controls.all() if each.is_enabled()] == []
    assert (
        views.locator("[role=grid], [role=listbox], [aria-pressed]:enabled")
        .filter(visible=True)
        .count()
        == 0
    )
    stops = views.locator("[tabindex]").filter(visible=True)
    assert stops.count() == stops.and_(page.locator(SCROLLED)).count()


# What a browser holds of a box is not in its text.
TEXTS = """(pictures) => pictures.map((picture) => {
  const copy = picture.cloneNode(true);
  for (const box of copy.querySelectorAll("textarea")) box.remove();
  return copy.textContent;
})"""


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_still_picture_says_what_the_live_one_says(chapter, open_page, site_url):
    still = open_page(f"{site_url}{chapter}", java_script_enabled=False)
    live = open_page(f"{site_url}{chapter}")
    pictures = still.locator(".widget-view .convlib").evaluate_all(TEXTS)
    assert pictures == live.locator(".widget-view .convlib").evaluate_all(TEXTS)
    assert len(pictures) > 0


# What is to be seen of each picture, without what is operated: element, class and own text. The
# rows beyond a grid's edge hold only room, and a browser that reads a table adds a body.
SEEN = """(pictures) => pictures.map((picture) => [...picture.querySelectorAll("*")]
  .filter((part) => !part.closest("[data-operated], [inert], [data-outside]"))
  .filter((part) => !part.matches("tbody, div:not([class])")) // a div without a class shows nothing
  .filter((part) => {
    const leaves = [...part.querySelectorAll("*")].filter((child) => !child.children.length);
    return !leaves.length || !leaves.every((leaf) => leaf.closest("[data-operated], [hidden]"));
  })
  .filter((part) => {
    const { width, height } = part.getBoundingClientRect();
    return width > 0 && height > 0;
  })
  .map((part) => {
    const own = [...part.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE);
    const text = own.map((child) => child.data).join("");
    return `${part.localName}.${part.getAttribute("class") ?? ""} ${text}`;
  }))"""


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_still_picture_shows_all_that_is_not_operated(chapter, open_page, site_url):
    still = open_page(f"{site_url}{chapter}", java_script_enabled=False)
    live = open_page(f"{site_url}{chapter}", viewport={"width": 1280, "height": 20_000})
    live.wait_for_selector(".widget-view [inert]", state="detached")
    pictures = still.locator(".widget-view .convlib").evaluate_all(SEEN)
    assert pictures == live.locator(".widget-view .convlib").evaluate_all(SEEN)
    assert all(len(picture) > 3 for picture in pictures)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_is_marked_as_operated_is_operated(chapter, open_page, site_url):
    page = open_page(f"{site_url}{chapter}", viewport={"width": 1280, "height": 20_000})
    page.wait_for_selector(".widget-view [inert]", state="detached")
    others = page.locator("[data-operated]").evaluate_all("""(parts) => parts
      .filter((part) => !part.matches("button, textarea, p")) // sentences about the controls
      .filter((part) => part.matches(":empty, :has(> :not(p))"))
      .filter((part) => !part.querySelector("button, input, select, summary, [role=status]"))
      .map((part) => part.outerHTML)""")
    assert others == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_still_numbers_are_those_of_python(chapter, open_page, site_url):
    page = open_page(f"{site_url}{chapter}", java_script_enabled=False)
    for view, text in zip(page.locator(".widget-view").all(), widgets_in(chapter), strict=True):
        widget = eval(text, vars(convlib.widgets))  # a text form that nbval compares with ours
        if isinstance(widget, convlib.widgets.Practice):
            assert view.locator(".cv-ask").is_visible()
            number = re.findall(r"\d+", view.locator(".cv-which").text_content())
            assert number == [str(widget.question)]
        elif isinstance(widget, convlib.widgets.LayerReader):
            assert view.locator("textarea").text_content() == widget.text
            assert "(1, 64, 56, 56) → (1, 128, 28, 28)" in view.text_content()
        elif hasattr(type(widget), "code"):
            codes = view.locator(".cv-code").all_text_contents()
            assert widget.code in codes or widget.code == "\n".join(codes)
        if isinstance(widget, convlib.widgets.LayerExplorer):
            output = widget.layer()(widget.input())
            shown = view.locator(".cv-output .cv-cell").all_text_contents()
            assert [int(number.replace("−", "-")) for number in shown] == output.ravel().tolist()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_nothing_moves_when_the_script_comes(chapter, width, browser, site_url):
    # High enough for all widgets: only what is on the screen counts as moved.
    page = browser.new_page(viewport={"width": width, "height": 20_000})
    waiting = []
    page.route(SCRIPT, lambda route: waiting.append(route))  # the script does not come
    page.goto(f"{site_url}{chapter}", wait_until="commit")
    page.wait_for_selector("footer", state="attached")
    page.evaluate(WATCH)
    page.evaluate("() => Promise.all([...document.images].map((image) => image.decode()))")
    page.evaluate(PAINTED)  # asks for the fonts that it needs
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate(PAINTED)
    views = page.locator(".widget-view")
    before = views.evaluate_all(HEIGHTS)
    assert min(before) > 0
    assert page.locator(".widget-view [inert]").count() > 0  # the still pictures

    page.evaluate("window.shift = 0")  # of what came with images and fonts
    for route in waiting:
        route.continue_()  # now it comes
    views.first.locator("[inert]").first.wait_for(state="detached")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # to the last one of a long page
    page.wait_for_selector(".widget-view [inert]", state="detached")  # the live ones
    assert page.evaluate(PAINTED) < 0.01
    assert views.evaluate_all(HEIGHTS) == before
    page.close()
