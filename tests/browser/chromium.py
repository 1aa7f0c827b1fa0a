"""Find a Chromium to test with, or install one: ``python -m tests.browser.chromium``."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find():
    """Return the path of an installed Chromium or Chrome, or None.

    ``CHROMIUM`` in the environment names one explicitly and wins.
    """
    if explicit := os.environ.get("CHROMIUM"):
        path = shutil.which(explicit)
        if path is None:
            raise FileNotFoundError(f"CHROMIUM={explicit!r} is not a program that can be run")
        return path
    for name in (*NAMES, MAC):
        if path := shutil.which(name):
            return path
    return _playwright_build()


def _playwright_build():
    """Return the path of the Chromium that Playwright downloaded earlier, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def _run(*command):
    print("+", *command, flush=True)
    return subprocess.run(command).returncode == 0


def install():
    """Install a browser: Debian's package where apt is, else Playwright's download."""
    if shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo"]
        if _run(*root, "apt-get", "update", "-qq"):
            _run(*root, "apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium")
    if find() is None:
        _run(sys.executable, "-m", "playwright", "install", "chromium")


def main():
    """Print the browser's path; install one first if there is none."""
    if find() is None:
        install()
    path = find()
    if path is None:
        sys.exit(
            "No browser found and none could be installed. The tests open the book in Chromium:\n"
            "install Chromium or Google Chrome, or set CHROMIUM to the path of one, and run again."
        )
    print("browser:", path)


if __name__ == "__main__":
    main()
