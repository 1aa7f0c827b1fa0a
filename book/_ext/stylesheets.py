"""Write the two stylesheets of the site: ``book.css`` for all pages, ``widgets.css`` for widgets.

``lightningcss`` turns what Safari knows only since 17.5, ``light-dark()`` and nesting, into what
older browsers know, adds their prefixes, and minifies. For ``light-dark()`` it sets two custom
properties wherever a rule sets ``color-scheme``; so each rule of a switch has to come through here.
"""

from pathlib import Path

import lightningcss
from static_widgets import HOSTED

from convlib.widgets._bundle import FOLDER

OLDEST = ["chrome 110", "firefox 115", "safari 16"]  # in which every widget works
HERE = Path(__file__).parent
SHEETS = {
    "book.css": [HERE / "book.css"],
    "widgets.css": [FOLDER / "parts" / "parts.css", *(FOLDER / f"{name}.css" for name in HOSTED)],
}


def write(app):
    """Join the files of each stylesheet and write it for old browsers too."""
    folder = Path(app.outdir, "_static")
    folder.mkdir(parents=True, exist_ok=True)
    for name, files in SHEETS.items():
        style = "\n".join(file.read_text(encoding="utf-8") for file in files)
        lowered = lightningcss.process_stylesheet(style, filename=name, browsers_list=OLDEST)
        (folder / name).write_text(lowered, encoding="utf-8")


def setup(app):
    """Connect to Sphinx."""
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
