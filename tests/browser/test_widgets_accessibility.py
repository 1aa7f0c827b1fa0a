"""axe-core finds nothing in any widget, in its main states, light and dark, on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.hands import nothing
from tests.browser.states import WIDGETS, said, traits

pytestmark = pytest.mark.sampled(10)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", WIDGETS)
def test_axe_finds_nothing(name, scheme, open_host):
    page = open_host(
        name,
        viewport={"width": 360, "height": 800},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    states = [({}, nothing), *said(name, "AXE_STATES"), (said(name, "LARGEST"), nothing)]
    for number, (settings, act) in enumerate(states):
        page.evaluate("traits => mount(traits)", traits(name, **settings))
        act(page.locator(".convlib").nth(number))
    options = {"resultTypes": ["violations"]}  # the rest is not looked at, and takes long
    results = Axe().run(page, context=".convlib", options=options)
    assert results.violations_count == 0, results.generate_report()
