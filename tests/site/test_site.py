"""The built book in Chromium: from a server and from a file, with no other host in reach."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from tests.browser.pages import ROOT, SITE
from tests.site.built import OTHERS, PAGES, WIDTHS


def test_the_list_of_pages_is_complete(site_url):
    built = {str(path.relative_to(SITE)) for path in SITE.rglob("*.html")}
    doors = {folder + "index.html" for folder in ("", *OTHERS)}
    assert built == {*doors, "404.html", *PAGES}  # a server has one 404.html


@pytest.mark.parametrize("folder", ["", *OTHERS])
def test_the_front_door_leads_to_the_first_page(folder, open_page, site_url):
    page = open_page(site_url + folder)
    page.wait_for_url(f"{site_url}{folder}book/intro.html")


COVERED = """() => {
  const article = document.querySelector("article").getBoundingClientRect();
  const covered = [];
  for (let y = 5; y < innerHeight; y += 10) {
    for (let x = article.left + 5; x < article.right; x += 20) {
      const top = document.elementFromPoint(x, y);
      const isOver = top?.closest(".article-container > :not(article)") && y > article.top;
      if (isOver) covered.push(top.outerHTML.slice(0, 99));
    }
  }
  return [...new Set(covered)];
}"""


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_lies_over_the_text_of_a_reader_who_scrolls_back(width, open_page, site_url):
    page = open_page(f"{site_url}book/fast.html", viewport={"width": width, "height": 900})
    for distance in (3000, -100, -400):
        page.mouse.move(width / 2, 500)
        page.mouse.wheel(0, distance)
        page.wait_for_timeout(300)
        assert page.evaluate(COVERED) == []


def test_a_widget_far_below_waits_until_it_comes_near(open_page, site_url):
    page = open_page(f"{site_url}book/stacks.html", viewport={"width": 1280, "height": 900})
    last = page.locator(".widget-view").last
    assert last.locator("[inert]").count() > 0
    last.scroll_into_view_if_needed()
    last.locator("[inert]").first.wait_for(state="detached")


@pytest.mark.parametrize("name", PAGES)
def test_policy_allows_only_the_scripts_of_the_page(name, site_url):
    html = (SITE / name).read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1]
    scripts = re.search(r"script-src ([^;]*);", policy)[1]
    assert "default-src 'self'" in policy
    assert "unsafe" not in scripts
    for body in re.findall(r"<script>(.*?)</script>", html, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in scripts


def test_policy_is_in_force(browser, site_url):
    page = browser.new_page()  # not by open_page: the console is to complain
    page.goto(f"{site_url}book/intro.html")
    refused = page.evaluate(
        """() => new Promise((resolve) => {
          document.addEventListener("securitypolicyviolation", () => resolve(true));
          setTimeout(() => resolve(false), 2000);
          const script = document.createElement("script");
          script.textContent = "window.smuggled = true";
          document.body.append(script);
        })"""
    )
    assert refused
    assert page.evaluate("window.smuggled") is None
    page.close()


def test_search_finds_a_parameter(open_page, site_url):
    page = open_page(f"{site_url}search.html?q=padding_mode")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a[href*='parameters.html']").count() > 0
    page.locator("#search-results .context").nth(4).wait_for()
    assert "Pick an output cell" not in page.locator("#search-results").inner_text()  # a widget's


def test_notebook_can_be_downloaded(open_page, site_url):
    page = open_page(f"{site_url}book/parameters.html")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this notebook").click()
    stored = (ROOT / "book" / "parameters.ipynb").read_bytes()
    assert Path(download.value.path()).read_bytes() == stored


def test_formulas_use_the_font_of_the_site(open_page, site_url):
    page = open_page(f"{site_url}book/parameters.html")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.fonts.check('16px \"STIX Two Math\"')")
    loaded = page.evaluate("[...document.fonts].map((f) => f.family + f.status)")
    assert any("STIX" in font and font.endswith("loaded") for font in loaded)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_cheat_sheet_prints_on_one_page(paper, open_page, site_url):
    pdf = open_page(f"{site_url}book/cheatsheet.html").pdf(format=paper)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
