"""Write the site's stylesheets: ``book.css`` for all pages, and one for the widgets of a page.

``lightningcss`` turns what Safari knows only since 17.5, ``light-dark()`` and nesting, into what
older browsers know, adds their prefixes, and minifies. For ``light-dark()`` it sets two custom
properties wherever a rule sets ``color-scheme``; so each rule of a switch has to come through here.
"""

from pathlib import Path

import lightningcss

from convlib.widgets._bundle import stylesheet

OLDEST = ["chrome 110", "firefox 115", "safari 16"]  # in which every widget works
BOOK = Path(__file__).with_name("book.css")


def write_style(app, name, style):
    """Write a stylesheet of the site, for old browsers too."""
    folder = Path(app.outdir, "_static")
    folder.mkdir(parents=True, exist_ok=True)
    lowered = lightningcss.process_stylesheet(style, filename=name, browsers_list=OLDEST)
    (folder / name).write_text(lowered, encoding="utf-8")


def style_of(app, modules):
    """Return the name of the stylesheet for a page with these widgets; write it if need be."""
    modules = sorted(set(modules))
    name = f"widgets-{'-'.join(modules)}.css"
    if not Path(app.outdir, "_static", name).exists():
        write_style(app, name, stylesheet(*modules))
    return name


def write_book(app):
    """Write the stylesheet of all pages."""
    write_style(app, BOOK.name, BOOK.read_text(encoding="utf-8"))


def setup(app):
    """Connect to Sphinx."""
    app.connect("builder-inited", write_book)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
