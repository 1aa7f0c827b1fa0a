"""How soon the heaviest chapters show themselves on a slow phone: ``python -m benchmarks.pages``.

Chromium runs at a quarter of the machine's speed behind a link of 1.6 Mbit/s and 150 ms, by its own
protocol. The server packs its answers as GitHub Pages does. The figures are medians of five visits
with an empty cache: the largest contentful paint, and the total blocking time, which is what each
task of the page takes beyond 50 ms.
"""

import gzip
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from tests.browser.browsers import chromium
from tests.site.built import SITE

CHAPTERS = 3  # the heaviest
VISITS = 5
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


def main():
    """Print a table of the heaviest chapters."""
    assert (SITE / "index.html").is_file(), "the book is not built: run `make book`"
    chapters = (SITE / "book" / f"{path.stem}.html" for path in (ROOT / "book").glob("*.ipynb"))
    pages = sorted(chapters, key=lambda path: -path.stat().st_size)
    print("\na slow phone: 4x slower, 1.6 Mbit/s, 150 ms; medians of five, in ms\n")
    print("| page | largest contentful paint | total blocking time |\n|---|---|---|")
    with serving(SITE, PackedFiles) as url, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for path in pages[:CHAPTERS]:
            visits = [visit(browser, f"{url}book/{path.name}") for _ in range(VISITS)]
            paint, blocked = map(median, zip(*visits, strict=True))
            print(f"| {path.stem} | {paint:.0f} | {blocked:.0f} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
