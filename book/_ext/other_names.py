"""Let the search know the other names of what the book explains.

They stand in ``other_names.toml``. An error message is a name too: of the section that explains it.
All of them become entries of Sphinx's index, which its search reads (``_static/search.js``).
"""

import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError

from convlib.refusals.texts import message_texts

FILE = Path(__file__).parents[1] / "other_names.toml"
FACT = re.compile(r"\{.*?\}")  # what a message fills in: {kernel_size}, {got}


def messages():
    """Yield each error message, without its facts, and the address that explains it."""
    for rule in message_texts()["rules"].values():
        for sentence in (rule["torch"], *rule.get("older", [])):
            if words := " ".join(FACT.sub(" ", sentence).split()):
                yield rule["section"].replace(".html", ""), words


@cache
def read_names():
    """Return for each page its other names: (the name, the section or "" for the whole page)."""
    addresses = tomllib.loads(FILE.read_text(encoding="utf-8"))
    names = defaultdict(list)
    for address, name in [
        *((address, name) for address, names in addresses.items() for name in names),
        *messages(),
    ]:
        page, _, section = address.partition("#")
        names[f"book/{page}"].append((name, section))
    return names


def sections(doctree, metadata):
    """Map each name of a section to the one that links use.

    A heading has two: the one in the address, and MyST's, for links in the text.
    """
    names = {"": ""}
    names |= {name: s["ids"][0] for s in doctree.findall(nodes.section) for name in s["ids"]}
    return names | {slug: found[1] for slug, found in metadata.get("myst_slugs", {}).items()}


def check(app, env):
    """Stop the build if a page or a section with other names is not there."""
    wrong = []
    for page, names in read_names().items():
        known = (
            sections(env.get_doctree(page), env.metadata[page]) if page in env.found_docs else {}
        )
        wrong += sorted({f"{page}#{section}" for _, section in names if section not in known})
    if wrong:
        raise ExtensionError(
            f"{FILE.name} or convlib/refusals leads to what is not there: {', '.join(wrong)}"
        )


def add_names(app, doctree, docname):
    """Add a page's other names to the index."""
    known = sections(doctree, app.env.metadata[docname])
    doctree.insert(
        0,
        addnodes.index(
            entries=[
                ("single", name.replace(";", ","), known[section], "main", None)
                for name, section in read_names().get(docname, [])
            ]
        ),
    )


def setup(app):
    """Connect to Sphinx."""
    app.connect("env-check-consistency", check)
    app.connect("doctree-resolved", add_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
