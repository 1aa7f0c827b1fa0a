"""Build the book's other editions, and bring their catalogues up to date.

A language is a folder beside this file: ``edition.yml``, what it sets otherwise than
``_config.yml``, and ``LC_MESSAGES``, a catalogue for each page (gettext's ``.po`` files).

Run from the project's root, after the English edition is built::

    python book/_locale/editions.py build    # _build/html/zh and its like
    python book/_locale/editions.py update   # take changed English sentences into the catalogues
"""

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / "_build"
SITE = BUILD / "html"


def languages():
    """Return the folder of each language."""
    return sorted(path.parent for path in HERE.glob("*/edition.yml"))


def address(language):
    """Return the folder of an edition in the site: zh for zh_CN."""
    return language.name.partition("_")[0]


def merged(settings, changes):
    """Return settings with those of `changes` in their place, at every depth."""
    both = {**settings, **changes}
    for name in settings.keys() & changes.keys():
        if isinstance(settings[name], dict) and isinstance(changes[name], dict):
            both[name] = merged(settings[name], changes[name])
    return both


def run_jupyter_book(name, changes, *options):
    """Build the book with changed settings into a folder of this name; return where it is."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings["sphinx"]["local_extensions"] = {
        extension: str(ROOT / folder)
        for extension, folder in settings["sphinx"]["local_extensions"].items()
    }
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config = folder / "_config.yml"
    config.write_text(yaml.safe_dump(merged(settings, changes)), encoding="utf-8")
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", ".", "--config", config, "--path-output", folder, *options]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder / "_build"


def build():
    """Build each edition into a folder of the English site."""
    for language in languages():
        changes = yaml.safe_load((language / "edition.yml").read_text(encoding="utf-8"))
        built = run_jupyter_book(language.name, changes, "-W", "-n", "--keep-going")
        target = SITE / address(language)
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(built / "html", target)


def update():
    """Write what the pages say into the catalogues; a changed sentence becomes fuzzy."""
    changes = {"execute": {"execute_notebooks": "off"}}
    messages = run_jupyter_book("gettext", changes, "--builder=custom", "--custom-builder=gettext")
    for language in languages():
        program = Path(sys.executable).with_name("sphinx-intl")
        options = ["-p", messages / "gettext", "-d", HERE, "-l", language.name]
        subprocess.run([program, "update", *options], cwd=ROOT, check=True)


if __name__ == "__main__":
    {"build": build, "update": update}[sys.argv[1]]()
