"""The search of the built book: each query of queries.txt finds its place first."""

from types import SimpleNamespace
from urllib.parse import quote

import other_names
import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import ExtensionError

from tests.browser.pages import ROOT, SITE

LINES = (ROOT / "tests/site/queries.txt").read_text(encoding="utf-8").splitlines()
QUERIES = [tuple(line.rsplit(" -> ", 1)) for line in LINES if line and line[0] != "#"]

RANK = """(queries) => queries.map((query) =>
  Search._performSearch(...Search._parseQuery(query)).reverse()
    .map(([page, , anchor]) => page.replace("book/", "") + anchor))"""


def test_there_are_enough_queries_and_none_twice():
    assert len(dict(QUERIES)) == len(QUERIES) >= 60


@pytest.fixture(scope="module")
def ranked(browser, site_url):
    """Return the places found for each query, best first: one page does all."""
    page = browser.new_page()
    page.goto(f"{site_url}search.html?q=stride")
    page.locator("#search-results li").first.wait_for()
    found = page.evaluate(RANK, [query for query, _ in QUERIES])
    page.close()
    return dict(zip((query for query, _ in QUERIES), found, strict=True))


@pytest.mark.parametrize(("query", "place"), QUERIES, ids=[query[:40] for query, _ in QUERIES])
def test_a_query_finds_its_place_first(query, place, ranked):
    first = ranked[query][0]
    assert place in (first, first.partition("#")[0]), ranked[query]


def test_the_reader_is_told_which_words_are_not_here(open_page, site_url):
    page = open_page(f"{site_url}search.html?q=asymmetric+xylophone")
    status = page.get_by_role("status").filter(has_text="Places found")
    status.wait_for()
    assert status.inner_text().startswith("Not in this book: xylophone. ")
    link = page.locator("#search-results a").first
    assert link.inner_text() == "Choose stride and padding > Unequal sides (asymmetric padding)"


def test_nothing_is_found_for_a_word_that_is_not_here(open_page, site_url):
    page = open_page(f"{site_url}search.html?q=xylophone")
    page.get_by_text("Not in this book: xylophone. Nothing was found.").wait_for()
    assert page.locator("#search-results li").count() == 0


def test_what_is_pasted_is_never_markup(open_page, site_url):
    query = quote("<img src=x onerror=alert(1)> asymmetric padding <b>")
    page = open_page(f"{site_url}search.html?q={query}")
    page.locator("#search-results li").first.wait_for()
    assert page.locator("#search-results").locator("img, b").count() == 0


def test_the_search_works_in_a_file_with_the_keyboard_on_a_phone(open_page):
    page = open_page(
        (SITE / "search.html").as_uri(), viewport={"width": 360, "height": 640}, has_touch=True
    )
    field = page.get_by_role("searchbox", name="Words, or an error message")
    field.fill("mat1 and mat2 shapes")
    field.press("Enter")
    link = page.locator("#search-results a").first
    link.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("searchbox", name="Words, or an error message").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the button
    assert link.evaluate("link => link === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/errors.html#mat1-and-mat2-shapes-cannot-be-multiplied")


def book_of(section, slug):
    """Return what Sphinx knows of a book with one page, which has one section."""
    page = new_document("book/a")
    page += nodes.section(ids=[section])
    return SimpleNamespace(
        found_docs={"book/a"},
        metadata={"book/a": {"myst_slugs": {slug: (1, section, "a title")}}},
        get_doctree={"book/a": page}.get,
    )


@pytest.mark.parametrize("section", ["", "same-is-not-supported", "same-isnt"])
def test_a_name_leads_to_a_page_or_a_section_by_either_address(section, monkeypatch):
    monkeypatch.setattr(other_names, "read_names", lambda: {"book/a": [("same", section)]})
    other_names.check(None, book_of("same-is-not-supported", "same-isnt"))


@pytest.mark.parametrize(
    ("page", "section"), [("book/a", "gone"), ("book/gone", ""), ("book/gone", "b")]
)
def test_the_build_stops_if_a_name_leads_nowhere(page, section, monkeypatch):
    monkeypatch.setattr(other_names, "read_names", lambda: {page: [("same", section)]})
    with pytest.raises(ExtensionError, match=f"leads to what is not there: {page}#{section}$"):
        other_names.check(None, book_of("same-is-not-supported", "same-isnt"))
