"""Find the browsers to test with, and a Chinese font, or install them.

Run it as ``python -m tests.browser.browsers``.
"""

import sys

from tests.browser.browsers import chromium, firefox, font, webkit


def main():
    """Print where each is; install those that are not there. Only Chromium is needed."""
    for part in (chromium, firefox, webkit, font):
        name = part.__name__.rpartition(".")[2]
        if part.find() is None:
            part.install()
        if path := part.find():
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
