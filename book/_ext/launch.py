"""Give the chapters the repository's address, for the links that run them elsewhere.

Jupyter Book hands ``repository`` of ``_config.yml`` to its own theme only, so it is read here.
"""

from pathlib import Path
from urllib.parse import urlsplit

import yaml


def add_repository(app, pagename, templatename, context, doctree):
    """Add the repository to a page's context, if its address is set."""
    settings = yaml.safe_load(Path(app.srcdir, "_config.yml").read_text(encoding="utf-8"))
    if url := settings["repository"]["url"].rstrip("/"):
        name = urlsplit(url).path.strip("/")
        context["repository"] = settings["repository"] | {"url": url, "name": name}


def setup(app):
    """Connect to Sphinx."""
    app.connect("html-page-context", add_repository)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
