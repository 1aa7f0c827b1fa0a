"""Find the browsers to test with, or install them: ``python -m tests.browser.browsers``."""

import sys

from tests.browser.browsers import chromium, firefox, webkit


def main():
    """Print where each browser is; install those that are not there. One of them is needed."""
    for browser in (chromium, firefox, webkit):
        name = browser.__name__.rpartition(".")[2]
        if browser.find() is None:
            browser.install()
        if path := browser.find():
            print(f"{name}: {path}")
        else:
            print(f"NO {name.upper()} on this machine, and none could be installed: not tested.")
    if chromium.find() is None:
        sys.exit(
            "No browser found and none could be installed. The tests open the book in Chromium:\n"
            "install Chromium or Google Chrome, or set CHROMIUM to the path of one, and run again."
        )


if __name__ == "__main__":
    main()
