"""The moving picture of the front page: its numbers, its switch, and readers who want no motion."""

import re

import torch

from tests.browser.pages import SITE

STATES = """() => document.getAnimations()
  .filter((each) => each.effect.target.closest(".film")).map((each) => each.playState)"""


def parts_of(page):
    """Return the sign and the strength of each cell, in the order of the drawing."""
    found = re.findall(r'class="film-(zero|more|less)"[^>]*style="--part: ([0-9.]+)"', page)
    signs = {"zero": 0, "more": 1, "less": -1}
    return torch.tensor([signs[sign] * float(part) for sign, part in found])


def test_the_output_is_pytorchs():
    page = (SITE / "book" / "intro.html").read_text(encoding="utf-8")
    picture, kernel, output = parts_of(page).split([144, 9, 100])
    expected = torch.conv2d(picture.view(1, 1, 12, 12), kernel.view(1, 1, 3, 3)).flatten()
    assert expected.unique().numel() > 3
    assert torch.allclose(output, expected / expected.abs().max(), atol=0.01)


def test_it_can_be_stopped_with_the_keyboard(open_page, site_url):
    page = open_page(f"{site_url}book/intro.html")
    assert page.evaluate(STATES) == ["running"] * 4
    page.get_by_role("checkbox", name="Stand still").focus()
    page.keyboard.press("Space")
    assert page.evaluate(STATES) == ["paused"] * 4


def test_without_motion_it_shows_the_whole_output(open_page, site_url):
    page = open_page(f"{site_url}book/intro.html", reduced_motion="reduce")
    assert page.evaluate(STATES) == []
    assert not page.locator(".film-cover").is_visible()
    assert not page.get_by_role("checkbox", name="Stand still").is_visible()
