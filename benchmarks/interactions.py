"""How long a reader waits for a picture: from a key to the painted frame, in Chromium.

Keys are pressed through the browser's own input (the DevTools protocol), so they take the way of a
real key. The clock starts at the event's time stamp and stops in the first task after the next
frame was drawn: ``requestAnimationFrame`` runs before the frame is painted, and a message that it
posts arrives after that. Event Timing measures the same but rounds to 8 ms. Between two keys is a
pause of no fixed length, as a reader looks before pressing again: pressed right after a frame, even
an empty page would wait 1/60 s for the next. The first row shows what such a page takes.

``python -m benchmarks.interactions FOLDER ...`` compares the widgets with those of other checkouts:
the pages of all are open in one browser, and each key is pressed on one after the other, so that a
machine which slows down for a minute slows all of them down.
"""

import json
import platform
import random
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from tests.browser.browsers import chromium
from tests.browser.pages import ROOT
from tests.browser.states import WIDGETS, said

PRESSES = 60
WARM_UP = 20  # presses before those, which also compile the code
PAUSE = 0.1, 0.2  # seconds

WATCH = """() => addEventListener("keydown", ({ timeStamp }) => {
  window.waited = new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); resolve(performance.now() - timeStamp); };
    port2.postMessage(null);
  }));
}, { capture: true })"""

# What runs in a checkout, and knows only its own modules.
SERVE = """
from tests.browser.pages import WIDGETS, HostedFiles, serving
with serving(WIDGETS, HostedFiles) as url:
    print(url, flush=True)
    input()
"""
LARGEST = """
import json
from tests.browser.states import WIDGETS, said, traits
print(json.dumps({name: traits(name, **said(name, "LARGEST")) for name in WIDGETS}))
"""


class Checkout:
    """The widgets of one checkout: the address of their host page, and their largest states."""

    def __init__(self, address, states):
        self.address, self.states = address, states

    def open(self, browser, name):
        """Open a page with this widget, or an empty one; return it."""
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto(self.address + (f"?widget={name}" if name in WIDGETS else ""))
        page.wait_for_function("window.ready")
        if name in WIDGETS:
            page.evaluate("traits => mount(traits)", self.states[name])
        page.evaluate(WATCH)
        return page


@contextmanager
def checkout(folder):
    """Serve the widgets of a checkout."""
    command, pipe = [sys.executable, "-c"], subprocess.PIPE
    states = subprocess.run([*command, LARGEST], cwd=folder, check=True, capture_output=True)
    server = subprocess.Popen([*command, SERVE], cwd=folder, stdin=pipe, stdout=pipe, text=True)
    with server:
        yield Checkout(server.stdout.readline().strip(), json.loads(states.stdout))
        server.stdin.write("\n")


def wait_times(pages, css, keys):
    """Press the keys on one element of each page in turn; return each page's waits in ms."""
    times = [[] for _ in pages]
    for page in pages:
        page.locator(css).first.focus()
    for press in range(WARM_UP + PRESSES):
        for page, waits in random.sample(list(zip(pages, times, strict=True)), len(pages)):
            time.sleep(random.uniform(*PAUSE))
            page.bring_to_front()
            page.keyboard.press(keys[press % len(keys)])
            waits.append(page.evaluate("waited"))
    return [waits[WARM_UP:] for waits in times]


def main():
    """Print the table, with three columns for each checkout."""
    folders = [ROOT, *map(Path, sys.argv[1:])]
    print(f"\nfrom key to painted frame, in ms, {PRESSES} keys each; {platform.machine()}\n")
    for number, folder in enumerate(folders[1:], start=1):
        print(f"checkout {number}: {folder}")
    titles = "".join(
        f" median{n or ''} | 95 %{n or ''} | most{n or ''} |" for n in range(len(folders))
    )
    print(f"| widget | pressed on |{titles}\n|---|---|{'---|---|---|' * len(folders)}")
    with ExitStack() as stack:
        checkouts = [stack.enter_context(checkout(folder)) for folder in folders]
        browser = chromium.launch(stack.enter_context(sync_playwright()))
        rows = [("empty page", "body", ("a",))]
        rows += [(name, css, keys) for name in WIDGETS for css, keys in said(name, "TIMED")]
        for name, css, keys in rows:
            if not all(name in each.states or name not in WIDGETS for each in checkouts):
                print(f"| {name} | is not in all checkouts |")
                continue
            pages = [each.open(browser, name) for each in checkouts]
            figures = "".join(
                f" {median(times):.1f} | {quantiles(times, n=20)[-1]:.1f} | {max(times):.1f} |"
                for times in wait_times(pages, css, keys)
            )
            print(f"| {name} | {css} |{figures}", flush=True)
            for page in pages:
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
