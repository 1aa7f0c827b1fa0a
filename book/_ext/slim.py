"""Leave out what other extensions add to every page and this book does not use."""

UNUSED = (
    "mystnb.",  # 43 KB for outputs that no page shows; book.css styles the cells
    "copybutton_funcs",
    "doctools",  # keyboard navigation and the search page's words; only the search page needs it
    "sphinx_highlight",
)
SEARCH_ONLY = ("doctools", "sphinx_highlight")


def name_of(asset):
    """Return an asset's file name without its folder."""
    return str(getattr(asset, "filename", asset) or "").rpartition("/")[2]


def drop_unused(app, pagename, templatename, context, doctree):
    """Filter a page's stylesheets and scripts."""
    unused = [u for u in UNUSED if not (pagename == "search" and u in SEARCH_ONLY)]
    for kind in ("css_files", "script_files"):
        context[kind] = [
            asset for asset in context[kind] if not name_of(asset).startswith(tuple(unused))
        ]


def setup(app):
    """Connect to Sphinx, after all extensions that add files."""
    app.connect("html-page-context", drop_unused, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
