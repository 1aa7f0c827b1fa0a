"""Links to what a reader sees: copied on one page, opened on another visit."""

import json
from urllib.parse import quote, unquote

PAGE = "book/sliding_window.html"


def link(name, **settings):
    return f"{PAGE}#{name}={quote(json.dumps(settings))}"


def test_a_link_opens_with_its_settings(open_page, site_url):
    page = open_page(f"{site_url}{link('layer_explorer', stride=2, kernel_size=[2, 3])}")
    code = page.locator(".cv-layer .cv-code").first
    code.wait_for()
    assert "kernel_size=(2, 3), stride=2" in code.text_content()
    assert page.locator(".widget-note").count() == 0


def test_a_link_that_does_not_fit_says_why_and_starts_as_usual(open_page, site_url):
    usual = open_page(f"{site_url}{PAGE}").locator(".cv-layer .cv-code").first.text_content()
    page = open_page(f"{site_url}{link('layer_explorer', stride=99)}")
    note = page.locator(".widget-note").text_content()
    assert note == (
        "The link does not fit: stride is from 1 to 4, not 99. The picture starts as usual."
    )
    page.locator(".widget-link").first.wait_for()
    assert page.locator(".cv-layer .cv-code").first.text_content() == usual


def test_markup_in_a_link_stays_text(open_page, site_url):
    page = open_page(f"{site_url}{link('layer_explorer', padding='<img src=x>')}")
    page.locator(".widget-link").first.wait_for()
    assert page.locator("article img[src='x']").count() == 0


def test_a_copied_link_holds_what_was_changed(open_page, site_url):
    page = open_page(f"{site_url}{PAGE}", permissions=["clipboard-read", "clipboard-write"])
    view = page.locator(".widget-view", has=page.locator(".cv-layer")).first
    view.get_by_role("slider", name="stride").fill("2")
    view.get_by_role("button", name="Copy link").click()
    view.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert unquote(copied).endswith('#layer_explorer={"stride":2}')
    again = open_page(copied)
    again.locator(".widget-link").first.wait_for()
    assert "stride=2" in again.locator(".cv-layer .cv-code").first.text_content()


def test_the_reader_leads_to_the_same_window_on_a_few_pixels(open_page, site_url):
    page = open_page(f"{site_url}book/intro.html")
    page.get_by_text("See this window move").click()
    page.wait_for_url("**/sliding_window.html#layer_explorer=*")
    page.locator(".widget-link").first.wait_for()
    code = page.locator(".cv-layer .cv-code").first.text_content()
    assert "kernel_size=(3, 3), stride=2, padding=1" in code


def test_the_reader_leads_to_the_same_rows_in_the_ledger(open_page, site_url):
    page = open_page(f"{site_url}book/intro.html")
    page.get_by_role("button", name="a network").click()
    page.get_by_text("in the ledger").click()
    page.wait_for_url("**/stacks.html#stack_ledger=*")
    page.locator(".widget-link").first.wait_for()
    code = page.locator(".cv-ledger .cv-code").first.text_content()
    assert "torch.nn.Conv2d(1, 6, kernel_size=5)" in code
    assert "torch.nn.Linear(400, 10)" in code
    assert page.locator(".widget-note").count() == 0
