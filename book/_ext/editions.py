"""Build the book's other editions, and bring their catalogues up to date.

No extension but a program. A language is a folder of ``book/_locale``: ``edition.yml``, what it
sets otherwise than ``_config.yml``, and ``LC_MESSAGES``, a catalogue for each page (its ``.po``
files).

``make book`` runs it with ``build``, after the English edition, which has run the chapters;
``make translations`` runs it with ``update``.
"""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from languages import LOCALE, OTHERS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / "_build"
SITE = BUILD / "html"
HEAD = r"""msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
OUTPUTS = BUILD / ".jupyter_cache"  # of the chapters, which the English build has run


def settings():
    """Return the book's settings."""
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def merged(settings, changes):
    """Return settings with those of `changes` in their place, at every depth."""
    both = {**settings, **changes}
    for name in settings.keys() & changes.keys():
        if isinstance(settings[name], dict) and isinstance(changes[name], dict):
            both[name] = merged(settings[name], changes[name])
    return both


def run_jupyter_book(name, changes, *options):
    """Build the book with changed settings into a folder of this name; return where it is."""
    changed = merged(settings(), changes)
    extensions = changed["sphinx"]["local_extensions"]
    extensions |= {extension: str(ROOT / folder) for extension, folder in extensions.items()}
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config = folder / "_config.yml"
    config.write_text(yaml.safe_dump(changed), encoding="utf-8")
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", ".", "--config", config, "--path-output", folder, *options]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder / "_build"


def build():
    """Build each edition into a folder of the English site."""
    for edition in OTHERS:
        stated = LOCALE / edition.language / "edition.yml"
        changes = yaml.safe_load(stated.read_text(encoding="utf-8"))
        changes["execute"] = {"cache": str(OUTPUTS)}
        if root := settings()["html"]["baseurl"]:
            changes["html"] = {"baseurl": f"{root.rstrip('/')}/{edition.folder}"}
        built = run_jupyter_book(edition.language, changes, "-W", "-n", "--keep-going")
        target = SITE / edition.folder
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(built / "html", target)
        (target / "404.html").unlink()  # a server has one, at the root


def update():
    """Write what the pages say into the catalogues; a changed sentence becomes fuzzy."""
    changes = {
        "execute": {"execute_notebooks": "off"},
        # Sphinx finds the words of folds in HTML, but would lose the HTML: languages.py keeps it.
        "sphinx": {"config": {"gettext_additional_targets": ["image", "raw"]}},
    }
    folder = run_jupyter_book("gettext", changes, "--builder=custom", "--custom-builder=gettext")
    add_words_of_code(folder / "gettext" / "sphinx.pot")
    for edition in OTHERS:
        program = Path(sys.executable).with_name("sphinx-intl")
        options = ["-p", folder / "gettext", "-d", LOCALE, "-l", edition.language]
        subprocess.run([program, "update", *options], cwd=ROOT, check=True)
        for path in (LOCALE / edition.language).rglob("*.po"):
            tidy(path, edition.language)


def add_words_of_code(template):
    """Add what our extensions say to what the templates say."""
    catalog = read_po(io.BytesIO(template.read_bytes()))
    for _, _, message, _, _ in extract_from_dir(HERE, keywords={"_": None}):
        catalog.add(message)
    with template.open("wb") as file:
        write_po(file, catalog)


def tidy(path, language):
    """Take dates and unknown names out of a catalogue's head, and what nobody has to translate.

    That is sentences that are gone, and numbers alone, as the cells of a table have them.
    """
    catalog = read_po(io.BytesIO(path.read_bytes()), locale=language)
    for message in list(catalog):
        if message.id and not any(map(str.isalpha, message.id)):
            catalog.delete(message.id)
    text = io.BytesIO()
    write_po(text, catalog, width=100, ignore_obsolete=True, omit_header=True)
    path.write_text(HEAD.format(language=language) + text.getvalue().decode(), encoding="utf-8")


if __name__ == "__main__":
    {"build": build, "update": update}[sys.argv[1]]()
