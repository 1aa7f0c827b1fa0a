"""Firefox, in which every page is opened once."""

import shutil

from tests.browser.browsers.packages import (
    apt_install,
    explicit,
    playwright_build,
    playwright_install,
)

# Playwright has no protocol for a Firefox that it did not build, but for the standard one, BiDi.
CHANNEL = "moz-firefox"
PATIENCE = 240_000  # milliseconds: its first start writes a profile


def _released():
    return explicit("FIREFOX") or shutil.which("firefox-esr")


def find():
    """Return the path of an installed Firefox, or None.

    ``FIREFOX`` in the environment names one explicitly and wins.
    """
    return _released() or playwright_build("firefox")


def install():
    """Install one."""
    apt_install("firefox-esr")
    if find() is None:
        playwright_install("firefox")


def launch(playwright):
    """Start it."""
    if path := _released():
        return playwright.firefox.launch(channel=CHANNEL, executable_path=path, timeout=PATIENCE)
    return playwright.firefox.launch(timeout=PATIENCE)
