"""Chromium or Chrome, in which all tests run."""

import shutil

from tests.browser.browsers.packages import (
    apt_install,
    explicit,
    playwright_build,
    playwright_install,
)

# The first is the same without a window: a page of it costs a fifth of the time.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


def find():
    """Return the path of an installed Chromium or Chrome, or None.

    ``CHROMIUM`` in the environment names one explicitly and wins.
    """
    found = filter(None, map(shutil.which, (*NAMES, MAC)))
    return explicit("CHROMIUM") or next(found, None) or playwright_build("chromium")


def install():
    """Install one."""
    apt_install(SHELL)
    if find() is None:
        apt_install("chromium")
    if find() is None:
        playwright_install("chromium")


def launch(playwright):
    """Start it."""
    return playwright.chromium.launch(executable_path=find(), args=FLAGS)
