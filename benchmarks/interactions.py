"""How long a reader waits for a picture: from a key to the painted frame, in Chromium.

Keys are pressed through the browser's own input (the DevTools protocol), so they take the way of a
real key. The clock starts at the event's time stamp and stops in the first task after the next
frame was drawn: ``requestAnimationFrame`` runs before the frame is painted, and a message that it
posts arrives after that. Event Timing measures the same but rounds to 8 ms. Between two keys is a
pause of no fixed length, as a reader looks before pressing again: pressed right after a frame, even
an empty page would wait 1/60 s for the next. The first row shows what such a page takes.
"""

import platform
import random
import time
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from tests.browser.browsers import chromium
from tests.browser.pages import WIDGETS, HostedFiles, serving
from tests.browser.states import WIDGETS as NAMES
from tests.browser.states import said, traits

PRESSES = 100
PAUSE = 0.1, 0.2  # seconds

WATCH = """() => addEventListener("keydown", ({ timeStamp }) => {
  window.waited = new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); resolve(performance.now() - timeStamp); };
    port2.postMessage(null);
  }));
}, { capture: true })"""


def wait_times(page, css, keys):
    """Press the keys in turn on one element; return the waits in milliseconds."""
    page.locator(css).first.focus()
    times = []
    for press in range(PRESSES + 20):
        time.sleep(random.uniform(*PAUSE))
        page.keyboard.press(keys[press % len(keys)])
        times.append(page.evaluate("waited"))
    return times[20:]  # the first ones also compile the code


def main():
    """Print the table."""
    print(f"\nfrom key to painted frame, in ms, {PRESSES} keys each; {platform.machine()}\n")
    print("| widget | pressed on | median | 95 % | most |\n|---|---|---|---|---|")
    with serving(WIDGETS, HostedFiles) as url, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        rows = [("empty page", "body", ("a",))]
        rows += [(name, css, keys) for name in NAMES for css, keys in said(name, "TIMED")]
        for name, css, keys in rows:
            page = browser.new_page(viewport={"width": 1000, "height": 900})
            page.goto(url + (f"?widget={name}" if name in NAMES else ""))
            page.wait_for_function("window.ready")
            if name in NAMES:
                page.evaluate("traits => mount(traits)", traits(name, **said(name, "LARGEST")))
            page.evaluate(WATCH)
            times = wait_times(page, css, keys)
            late = quantiles(times, n=20)[-1]
            print(
                f"| {name} | {css} | {median(times):.1f} | {late:.1f} | {max(times):.1f} |",
                flush=True,
            )
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
