"""The widgets' own files, served with a page that hosts them."""

import pytest

from tests.browser.pages import WIDGETS, HostedFiles, serving


@pytest.fixture
def open_host(open_page, widgets_url):
    """Open a page that can mount widgets of one kind; return it."""

    def open_host(name, **options):
        page = open_page(f"{widgets_url}?widget={name}", **options)
        page.wait_for_function("window.ready")
        return page

    return open_host


@pytest.fixture
def open_widget(open_host):
    """Open a page with one widget in the given state, as Python would send it; return the page."""

    def open_widget(name, state, script=None, **options):
        page = open_host(name, **options)
        if script:
            page.evaluate(script)
        page.evaluate("state => mount(state)", state)
        return page

    return open_widget


@pytest.fixture(scope="session")
def widgets_url():
    """Serve convlib/widgets, with the page that hosts them at its root."""
    with serving(WIDGETS, HostedFiles) as url:
        yield url
