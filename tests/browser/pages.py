"""What the tests in a browser share: the page that hosts widgets, servers, selectors."""

import functools
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
WIDGETS = ROOT / "convlib" / "widgets"
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
