"""The built book in Chromium: from a server and from a file, with no other host in reach."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from tests.browser.pages import ROOT
from tests.site.built import PAGES, SITE


def test_the_list_of_pages_is_complete(site_url):
    built = {str(path.relative_to(SITE)) for path in SITE.rglob("*.html")}
    assert built == {"index.html", "404.html", *PAGES}


def test_the_front_door_leads_to_the_first_page(open_page, site_url):
    page = open_page(site_url)
    page.wait_for_url("**/book/intro.html")


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
