"""Links to StackLedger on a page of the book: a preset's name stands for all that it brings."""

import json
from urllib.parse import quote, urlsplit

import pytest
import static_widgets

from convlib.widgets import StackLedger
from convlib.widgets.stack_ledger import PRESETS
from tests.browser.pages import ROOT, Files, serving
from tests.browser.states import traits

BOOK_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/convlib/widgets/parts/parts.css">
<script type="application/vnd.jupyter.widget-state+json">STATE</script>
<div class="widget-view" data-module="stack_ledger" data-model="widget-1"></div>
<div class="widget-view" data-module="stack_ledger" data-model="widget-2"></div>
<script type="module">
  import { start } from "/book/_ext/host.js";
  import stack_ledger from "/convlib/widgets/stack_ledger.js";
  start({ stack_ledger }, {}, {});
</script></html>"""


@pytest.fixture
def follow(open_page, tmp_path):
    """Open a link to the ledger on a page of the book; return the page."""
    file = tmp_path / "page.html"
    state = {"widget-1": traits("stack_ledger"), "widget-2": traits("stack_ledger", preset="unet")}
    body = json.dumps({"state": state, "same": static_widgets.take_out_repeats(state)})
    file.write_text(BOOK_PAGE.replace("STATE", body), encoding="utf-8")

    class Book(Files):
        def translate_path(self, path):
            return str(file) if urlsplit(path).path == "/" else super().translate_path(path)

    def follow(**settings):
        page = open_page(f"{url}#stack_ledger={quote(json.dumps(settings))}")
        page.locator(".widget-link").first.wait_for()
        return page

    with serving(ROOT, Book) as url:
        yield follow


@pytest.mark.parametrize(
    "settings",
    [
        {"preset": "resnet18"},
        {"preset": "resnext_block"},  # with its own channels and size
        {"preset": "unet", "input_size": 64},
        {"preset": "vgg_block", "picked": 2},
    ],
)
def test_a_link_that_names_a_preset_shows_it_as_python_does(settings, follow):
    page, expected = follow(**settings), StackLedger(**settings)
    assert page.locator(".widget-note").count() == 0
    view = page.locator(".widget-view").first
    assert view.locator(".cv-code").text_content() == expected.code
    assert view.locator('select[aria-label="preset"]').input_value() == settings["preset"]
    for name in ("in_channels", "input_size"):
        assert view.locator(f"[aria-label={name}]").input_value() == str(getattr(expected, name))
    chosen = view.locator(".cv-body [aria-selected=true]")
    assert chosen.text_content().startswith(str(expected.picked))


def test_a_link_says_which_of_a_presets_settings_are_others(follow):
    stem = PRESETS["resnet50_stem"]["layers"]
    page = follow(preset="vgg_block", layers=PRESETS["vgg_block"]["layers"][:1], picked=0)
    assert page.locator(".widget-view").first.locator(".cv-body .cv-record").count() == 1
    page = follow(preset="alexnet", layers=stem)
    assert page.locator(".widget-note").text_content() == (
        'The link does not fit: preset cannot be "alexnet". The picture starts as usual.'
    )


def test_what_widgets_of_a_page_have_in_common_is_written_once(follow):
    state = {"widget-1": traits("stack_ledger"), "widget-2": traits("stack_ledger", preset="unet")}
    shared = ("presets", "defaults", "constants")
    same = static_widgets.take_out_repeats(state)
    assert same == {"widget-2": dict.fromkeys(shared, "widget-1")}
    assert not state["widget-2"].keys() & set(shared)
    view = follow().locator(".widget-view").nth(1)
    assert view.locator(".cv-code").text_content() == StackLedger(preset="unet").code
    names = view.locator('select[aria-label="preset"] option').all_inner_texts()
    assert names == ["your own", *PRESETS]
    assert view.locator("image").count() == 3
