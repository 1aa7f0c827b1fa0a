"""The built book, served."""

import pytest

from tests.browser.pages import serving
from tests.site.built import BASE, SITE, SiteFiles


@pytest.fixture(scope="session")
def site_url():
    """Serve the built book; return the address of its first folder."""
    assert (SITE / "index.html").is_file(), "the book is not built: run `make book`"
    with serving(SITE, SiteFiles) as url:
        yield url.rstrip("/") + BASE
