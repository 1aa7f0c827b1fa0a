"""The widgets' own files, served with a page that hosts them."""

import pytest

from tests.browser.pages import WIDGETS, HostedFiles, serving


@pytest.fixture(scope="session")
def widgets_url():
    """Serve convlib/widgets, with the page that hosts them at its root."""
    with serving(WIDGETS, HostedFiles) as url:
        yield url
