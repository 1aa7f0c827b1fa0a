"""A browser, and pages that fail the test if the console shows an error."""

import functools
import shutil
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import sync_playwright

from tests.browser import chromium

ROOT = Path(__file__).parents[2]
WIDGETS = ROOT / "convlib" / "widgets"
SITE = ROOT / "_build" / "html"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
BASE = urlsplit(CONFIG["html"]["baseurl"]).path.rstrip("/") + "/"  # 404.html links from here
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]

# A page that hosts widgets as the published book does: real modules, a model with no kernel.
# `mount(traits)` puts one more widget on the page and returns its number in `mounted`. The address
# names the module: `/?widget=layer_explorer`. `placeOf(cell)` gives the row and column of a cell.
HOST = """<!doctype html>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><link rel="stylesheet" href="parts/parts.css">
<body style="margin: 8px">
<script type="module">
  const name = new URLSearchParams(location.search).get("widget") ?? "layer_explorer";
  const { default: widget } = await import(`./${name}.js`);
  const style = document.createElement("link");
  const styled = new Promise((loaded) => style.addEventListener("load", loaded));
  Object.assign(style, { rel: "stylesheet", href: `${name}.css` });
  document.head.append(style);
  await styled;

  class Model {
    constructor(traits) { this.traits = traits; this.handlers = []; this.saves = 0; }
    get(name) { return this.traits[name]; }
    set(name, value) {
      if (JSON.stringify(this.traits[name]) === JSON.stringify(value)) return;
      this.traits[name] = value;
      for (const [event, handler] of [...this.handlers]) {
        if (event === `change:${name}` || event === "change") handler();
      }
    }
    save_changes() { this.saves += 1; }
    on(event, handler) { this.handlers.push([event, handler]); }
    off(event, handler) {
      this.handlers = this.handlers.filter(([e, h]) => e !== event || h !== handler);
    }
  }

  window.mounted = [];
  window.mount = (traits, signal) => {
    const el = document.createElement("div");
    document.body.append(el);
    const model = new Model(traits);
    mounted.push({ el, model, cleanup: widget.render({ model, el, signal }) });
    return mounted.length - 1;
  };
  const order = (element) => [...element.parentNode.children].indexOf(element) - 1; // 0: headers
  window.placeOf = (cell) => [order(cell.parentNode), order(cell)];
  window.ready = true;
</script>"""


def cell_at(row, column):
    """Return the selector of a cell of a grid; both axes begin with a header."""
    return f".cv-row:nth-child({row + 2}) > :nth-child({column + 2})"


class Files(SimpleHTTPRequestHandler):
    """The files of a folder, without a line in the log for each."""

    def log_message(self, *args):
        """Keep quiet."""


class SiteFiles(Files):
    """The built book, below the path of its published address."""

    def translate_path(self, path):
        """Return the path of the file to answer with."""
        return super().translate_path("/" + urlsplit(path).path.removeprefix(BASE))


class HostedFiles(Files):
    """The widgets' own files, and the page that hosts them."""

    def do_GET(self):
        """Answer with the host page, or with a file."""
        if urlsplit(self.path).path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(HOST.encode())
        return None


def copy_sources(folder):
    """Copy what the book is made of, but for the settings."""
    for name in ("book", "convlib"):
        shutil.copytree(ROOT / name, folder / name)


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


@pytest.fixture(scope="session")
def widgets_url():
    """Serve convlib/widgets, with the page that hosts them at its root."""
    with serving(WIDGETS, HostedFiles) as url:
        yield url


@pytest.fixture(scope="session")
def site_url():
    """Serve the built book; return the address of its first folder."""
    assert (SITE / "index.html").is_file(), "the book is not built: run `make book`"
    with serving(SITE, SiteFiles) as url:
        yield url.rstrip("/") + BASE


@pytest.fixture(scope="session")
def browser():
    """Start one Chromium for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """Open pages; in the end there must be no error on a console and no call to another host."""
    contexts, errors = [], []

    def open_page(url, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        own = urlsplit(url).netloc
        page.on(
            "request",
            lambda request: (
                None if urlsplit(request.url).netloc in (own, "") else errors.append(request.url)
            ),
        )
        page.on("requestfailed", lambda request: errors.append(f"failed: {request.url}"))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if message.type == "error" else None,
        )
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
