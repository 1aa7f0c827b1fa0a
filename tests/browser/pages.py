"""What the tests in a browser share: the page that hosts widgets, servers, selectors."""

import functools
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
WIDGETS = ROOT / "convlib" / "widgets"
SITE = ROOT / "_build" / "html"

# The page that hosts widgets, at the root beside their own files, and what else it loads.
HERE = Path(__file__).parent
HOST = {
    "/": HERE / "host.html",
    "/host.js": HERE / "host.js",
    "/model.js": ROOT / "book" / "_ext" / "model.js",
}


def cell_at(row, column):
    """Return the selector of a cell of a grid; both axes begin with a header."""
    return f".cv-row:nth-child({row + 2}) > :nth-child({column + 2})"


class Files(SimpleHTTPRequestHandler):
    """The files of a folder, without a line in the log for each."""

    def log_message(self, *args):
        """Keep quiet."""


class HostedFiles(Files):
    """The widgets' own files, and the page that hosts them."""

    def translate_path(self, path):
        """Return the path of the file to answer with."""
        file = HOST.get(urlsplit(path).path)
        return str(file) if file else super().translate_path(path)


@contextmanager
def serving(folder, handler):
    """Serve a folder on a free port."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def trait(page, name):
    """Return a trait of the first widget that is mounted on a page."""
    return page.evaluate("name => mounted[0].model.get(name)", name)


def spoken(page):
    """Return what the only widget of a page says."""
    return page.locator("[aria-live=polite].cv-offscreen").inner_text()
