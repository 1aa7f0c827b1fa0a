"""The other editions: each page has all that the English page has, and leads to it and back."""

import re
from collections import Counter

import languages
import pytest
from bs4 import BeautifulSoup

from tests.browser.pages import SITE
from tests.site.built import ENGLISH, OTHERS

HAN = re.compile(r"[\u4e00-\u9fff]")
TAGS = {"": "en", **{edition.folder: edition.tag for edition in languages.OTHERS}}
pairs = pytest.mark.parametrize(
    ("folder", "name"), [(folder, name) for folder in OTHERS for name in ENGLISH]
)


def read(name):
    """Return a built page."""
    return BeautifulSoup((SITE / name).read_text(encoding="utf-8"), "html.parser")


def parts(page):
    """Count what does not depend on the language: by kind, and by what it is."""
    article = page.find("article")
    for widget in article.select(".widget-view"):
        widget.clear()  # its still picture; test_words.py reads the widgets
    own_words = re.compile(r"\.[a-z]{2}_[A-Z]{2}(?=\.svg$)")  # a drawing with words in it
    return Counter(
        [
            *(("anchor", tag["id"]) for tag in page.find_all(id=True)),
            *(("link", tag.get("href")) for tag in article.select("a:not(.editions a)")),
            *(("picture", own_words.sub("", tag["src"])) for tag in article.select("img")),
            *(("code", tag.get_text()) for tag in article.select("pre, code")),
            *(("formula", re.sub(r"<mtext>.*?</mtext>", "", str(tag))) for tag in article("math")),
            *(("fold", "") for tag in article("summary")),
            *(("heading", tag.name) for tag in article.select("h1, h2, h3")),
            *(("cell of a table", "") for tag in article.select("td, th")),
            *(("widget", tag["data-module"]) for tag in article.select(".widget-view")),
        ]
    )


@pairs
def test_a_page_has_the_anchors_links_code_and_formulas_of_the_english_one(folder, name):
    english, other = (parts(read(page)) for page in (name, folder + name))
    assert sum(english.values()) > 3
    assert other - english == english - other == Counter()


@pairs
def test_a_page_is_in_its_language(folder, name):
    page = read(folder + name)
    assert page.html["lang"] == TAGS[folder]


@pytest.mark.parametrize("name", ENGLISH)
def test_headings_are_chinese(name):
    page = read(f"zh/{name}")
    assert HAN.search(page.title.get_text())
    for heading in page.select("article h1, article h2, article summary"):
        for code in heading.select("code"):
            code.decompose()
        text = heading.get_text().strip("¶、“”")
        english = re.search(r"[a-z]{3}", text) and text != "same"  # a value of padding
        # Messages of PyTorch and names of functions are headings too.
        assert HAN.search(text) or not english or "errors" in name or "api" in name, text


@pairs
def test_each_page_leads_to_the_other_and_names_both(folder, name):
    depth = "../" * name.count("/")
    to_other, to_english = f"{depth}{folder}{name}", f"{depth}../{name}"
    english, other = read(name), read(folder + name)
    for page, address, tag in [(english, to_other, TAGS[folder]), (other, to_english, "en")]:
        links = page.select(f".editions a[hreflang={tag}]")
        assert len(links) == 2  # at the top of the page, and in the drawer
        assert {(link["href"], link["lang"]) for link in links} == {(address, tag)}
    for page in (english, other):
        tags = {tag["hreflang"] for tag in page.select("link[rel=alternate][hreflang]")}
        assert tags == {*TAGS.values()}


def test_a_change_of_language_stays_in_the_section(open_page, site_url):
    page = open_page(f"{site_url}book/dilation.html")
    show = "document.getElementById('gridding').scrollIntoView({ behavior: 'instant' })"
    page.evaluate(show)
    page.locator(".sidebar-drawer").get_by_role("link", name="中文").click()
    page.wait_for_url("**/zh/book/dilation.html#gridding")
    page.evaluate(show)  # the page is still on its way there
    page.locator(".sidebar-drawer").get_by_role("link", name="English").click()
    page.wait_for_url(re.compile(r"(?<!zh)/book/dilation\.html#gridding$"))


def test_a_change_of_language_at_the_top_keeps_what_the_address_asks_for(open_page, site_url):
    page = open_page(f"{site_url}book/dilation.html")
    page.get_by_role("link", name="中文").last.click()
    page.wait_for_url(re.compile(r"/zh/book/dilation\.html$"))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("步幅", "步幅"),
        ("感受野", "感受野"),
        ("转置卷积", "转置卷积"),
        ("mat1 and mat2 shapes", "mat1 and mat2"),
        ("分组卷积", "分组"),
        ("输出大小", "输出大小"),
        ("膨胀卷积的有效卷积核大小", "有效卷积核大小"),
        ("棋盘格", "棋盘格"),
        ("groups", "groups"),
    ],
)
def test_the_search_finds_chinese_words(query, title, open_page, site_url):
    page = open_page(f"{site_url}zh/search.html?q={query}")
    link = page.locator("#search-results a").first
    link.wait_for()
    assert title in link.inner_text(), page.locator("#search-results").inner_text()
    assert "找到" in page.get_by_role("status").filter(has_text="最合适的在最前").inner_text()


def test_a_widget_speaks_the_language_of_its_page(open_page, site_url):
    page = open_page(f"{site_url}zh/book/groups.html")
    view = page.locator(".widget-view").first
    view.scroll_into_view_if_needed()
    view.get_by_role("button", name="全屏").wait_for()
    view.get_by_role("button", name="复制链接").wait_for()
