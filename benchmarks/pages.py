"""How soon the heaviest chapters show themselves on a slow phone: ``python -m benchmarks.pages``.

Chromium runs at a quarter of the machine's speed behind a link of 1.6 Mbit/s and 150 ms, by its own
protocol. The server packs its answers as GitHub Pages does. The figures are medians of seven visits
with an empty cache: the largest contentful paint, and the total blocking time, which is what each
task of the page takes beyond 50 ms.

``python -m benchmarks.pages FOLDER ...`` compares this build with others, each the built folder of
another checkout: in every round each of them is visited once, in a new random order, so that a
machine which slows down for a minute slows all of them down.
"""

import gzip
import random
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from tests.browser.browsers import chromium
from tests.browser.pages import ROOT, SITE, Files, serving

CHAPTERS = 3  # the heaviest
ROUNDS = 7
LINK = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750, "offline": False}
PACKED = {".html", ".css", ".js", ".svg"}
OBSERVE = """
window.paint = 0; window.blocked = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.paint = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.blocked += Math.max(0, entry.duration - 50);
}).observe({ type: "longtask", buffered: true });
"""


class PackedFiles(Files):
    """The site's files, gzipped where that helps."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in PACKED:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def visit(browser, address):
    """Open a page on the slow phone; return its paint and its blocking time in ms."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", LINK)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(OBSERVE)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1000)
    figures = page.evaluate("[window.paint, window.blocked]")
    context.close()
    return figures


def heaviest(site):
    """Return the names of the heaviest chapters of a built site."""
    chapters = [site / "book" / f"{path.stem}.html" for path in (ROOT / "book").glob("*.ipynb")]
    chapters = [path for path in chapters if path.exists()]
    return [
        path.stem for path in sorted(chapters, key=lambda path: -path.stat().st_size)[:CHAPTERS]
    ]


def main():
    """Print a table of the heaviest chapters, a pair of columns for each build."""
    sites = [SITE, *map(Path, sys.argv[1:])]
    for site in sites:
        assert (site / "index.html").is_file(), f"{site} holds no built book: run `make book` there"
    print(f"\na slow phone: 4x slower, 1.6 Mbit/s, 150 ms; medians of {ROUNDS} visits, in ms")
    print("paint: the largest contentful paint; blocked: the total blocking time\n")
    for number, site in enumerate(sites[1:], start=1):
        print(f"build {number}: {site}")
    titles = "".join(f" paint{n or ''} | blocked{n or ''} |" for n in range(len(sites)))
    print(f"| page |{titles}\n|---|{'---|---|' * len(sites)}")
    with ExitStack() as stack:
        addresses = [stack.enter_context(serving(site, PackedFiles)) for site in sites]
        playwright = stack.enter_context(sync_playwright())
        browser = chromium.launch(playwright)
        for name in heaviest(sites[-1]):
            visits = {address: [] for address in addresses}
            for _ in range(ROUNDS):
                for address in random.sample(addresses, len(addresses)):
                    visits[address].append(visit(browser, f"{address}book/{name}.html"))
            figures = [
                f" {median(kind):.0f} |"
                for address in addresses
                for kind in zip(*visits[address], strict=True)
            ]
            print(f"| {name} |{''.join(figures)}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
