"""The page for an address without a page, served at any depth as GitHub Pages does."""

from pathlib import Path

import pytest

from tests.browser.pages import SITE, serving
from tests.site.built import BASE, SiteFiles


class PagesHost(SiteFiles):
    """The site's files; 404.html in place of any other."""

    def translate_path(self, path):
        """Return the path of the file to answer with."""
        found = super().translate_path(path)
        return found if Path(found).is_file() else str(SITE / "404.html")


@pytest.mark.parametrize("lost", ["nowhere", "book/nowhere.html", "a/b/c/nowhere.html"])
def test_a_lost_reader_finds_the_way(lost, open_page):
    with serving(SITE, PagesHost) as url:
        page = open_page(f"{url.rstrip('/')}{BASE}{lost}")
        assert page.get_by_role("heading", level=1).inner_text() == "No page here"
        assert page.locator(".sidebar-logo").evaluate("(image) => image.naturalWidth") > 0
        page.get_by_role("link", name="start from the first page").click()
        page.wait_for_url("**/book/intro.html")
