"""The built book: where it is, what its pages are, how it is served, what it is made of."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import languages
import nbformat
import yaml

import convlib.widgets
from tests.browser.pages import ROOT, Files

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
BASE = urlsplit(CONFIG["html"]["baseurl"]).path.rstrip("/") + "/"  # 404.html links from here
ENGLISH = ["search.html"] + [
    f"book/{path.stem}.html"
    for path in sorted((ROOT / "book").iterdir())
    if path.suffix in (".md", ".ipynb")
]
OTHERS = [edition.folder for edition in languages.OTHERS]  # the folders of the other editions
PAGES = [folder + page for folder in ("", *OTHERS) for page in ENGLISH]
NOTEBOOKS = {path.stem: path for path in sorted((ROOT / "book").glob("*.ipynb"))}
CHAPTERS = [f"{folder}book/{stem}.html" for folder in ("", *OTHERS) for stem in NOTEBOOKS]
SCHEMES = ("light", "dark")
WIDTHS = (360, 1280)


class SiteFiles(Files):
    """The built book, below the path of its published address."""

    def translate_path(self, path):
        """Return the path of the file to answer with."""
        return super().translate_path("/" + urlsplit(path).path.removeprefix(BASE))


def copy_sources(folder):
    """Copy what the book is made of, but for the settings."""
    for name in ("book", "convlib"):
        shutil.copytree(ROOT / name, folder / name)


def widgets_in(chapter):
    """Return the text form of each widget in a chapter's notebook."""
    notebook = nbformat.read(NOTEBOOKS[Path(chapter).stem], as_version=4)
    outputs = (o for cell in notebook.cells for o in cell.get("outputs", []))
    texts = (o["data"]["text/plain"] for o in outputs if "data" in o)
    return [text for text in texts if text.split("(")[0] in convlib.widgets.__all__]
