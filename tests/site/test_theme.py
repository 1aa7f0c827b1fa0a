"""What theme.py changes is changed on the built pages; a theme that writes otherwise is told of."""

import re
from types import SimpleNamespace

import pytest
import theme
from sphinx.errors import ExtensionError

from tests.browser.pages import SITE
from tests.site.built import PAGES

every_mend = pytest.mark.parametrize("mend", theme.MENDS, ids=lambda mend: mend.purpose[:40])


@pytest.fixture(scope="module")
def pages(site_url):
    """Return the text of every page that the theme lays out."""
    return [(SITE / name).read_text(encoding="utf-8") for name in ["404.html", *PAGES]]


@every_mend
def test_a_mend_is_needed_and_made_on_every_page(mend, pages):
    assert any(re.search(mend.sign, page) or mend.mended in page for page in pages)
    assert not any(re.search(mend.found, page) for page in pages)


@every_mend
def test_the_build_stops_where_there_is_nothing_to_mend(mend, pages, monkeypatch):
    monkeypatch.setattr(theme, "MENDS", [mend])
    for page in pages:  # they are mended
        if re.search(mend.sign, page):
            with pytest.raises(ExtensionError, match=re.escape(f"cannot {mend.purpose}")):
                theme.mend(page, "book/a.html")


def test_the_build_stops_if_no_extension_adds_a_file_that_is_dropped():
    app = SimpleNamespace(config=SimpleNamespace(language="en"))
    context = {"css_files": ["_static/mystnb.4510f1fc.css"], "script_files": []}
    with pytest.raises(ExtensionError, match=r"book/a: no extension adds 'doctools'"):
        theme.drop_unused(app, "book/a", "page.html", context, None)
    assert context == {"css_files": [], "script_files": []}


def test_the_build_stops_if_the_search_page_has_another_script(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "searchtools.js").write_text("const skipped = [];")
    with pytest.raises(ExtensionError, match=r"searchtools\.js: no"):
        theme.leave_widgets_out_of_the_search(tmp_path)


def test_the_build_stops_if_the_theme_has_no_dark_code():
    with pytest.raises(ExtensionError, match="pygments_dark_style"):
        theme.choose_dark_code(SimpleNamespace(config={}, builder=SimpleNamespace(format="html")))


def test_the_build_stops_if_a_label_that_is_translated_is_not_there(pages, monkeypatch):
    monkeypatch.setattr(theme, "MENDS", [])
    with pytest.raises(ExtensionError, match="has no part that is called 'Toggle site nav"):
        theme.mend("<body>", "book/a.html")
