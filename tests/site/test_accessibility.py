"""The keyboard reaches the text and shows where it is; motion stops where it is not wanted."""

import pytest

PHONE = {"viewport": {"width": 360, "height": 740}}


def test_the_first_stop_skips_to_the_text(open_page, site_url):
    page = open_page(f"{site_url}book/intro.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[role=main]') !== null")


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("parameters", "Conv2d(64, 128, 3, stride=2, padding=1, groups=4)"),
        ("api", "layer = Conv2d("),
    ],
)
def test_the_keyboard_copies_code_and_no_prompt(name, copied, open_page, site_url):
    clipboard = {"permissions": ["clipboard-read", "clipboard-write"]}
    page = open_page(f"{site_url}book/{name}.html", reduced_motion="reduce", **clipboard)
    button = page.locator(".copybtn").first
    button.focus()
    assert button.evaluate("(button) => getComputedStyle(button).opacity") == "1"
    page.keyboard.press("Enter")
    page.locator(".copybtn.success").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith(copied)
    assert page.locator(".cell_output .copybtn").count() == 0


@pytest.mark.parametrize("drawer", ["sidebar-drawer", "toc-drawer"])
def test_a_drawer_opens_by_keyboard_and_is_quiet_while_closed(drawer, open_page, site_url):
    page = open_page(f"{site_url}book/stacks.html", reduced_motion="reduce", **PHONE)
    links = page.locator(f".{drawer} a")
    assert links.count() > 5
    assert links.locator("visible=true").count() == 0
    toggle = {"sidebar-drawer": "site navigation", "toc-drawer": "table of contents"}[drawer]
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.ariaLabel?.includes('{toggle}')"):
            break
    page.keyboard.press("Space")
    assert links.locator("visible=true").count() > 5


def test_motion_stops_where_it_is_not_wanted(open_page, site_url):
    page = open_page(f"{site_url}book/intro.html", reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((element) => {
          const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
          return parseFloat(transitionDuration) > 0 || animationName !== "none"
            || scrollBehavior === "smooth";
        }).map((element) => element.className)"""
    )
    assert moving == []
