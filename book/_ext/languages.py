"""Lead from each page to the same page in the other languages.

English stands at the root of the site, every other edition in a folder of it, with the same
addresses and anchors: see ``book/_locale``.
"""

import html
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

import yaml
from docutils import nodes
from sphinx import addnodes, locale
from sphinx.transforms import SphinxTransform, i18n

# A link of MyST is a page and a place in it. Sphinx gives a translated link all that the English
# link to the same page has; so of several to one page each would lead to the last one's place.
i18n.EXCLUDED_PENDING_XREF_ATTRIBUTES += ("reftargetid",)

LOCALE = Path(__file__).parents[1] / "_locale"


class Edition(NamedTuple):
    """The book in one language; `folder` is its place in the site."""

    language: str
    name: str
    folder: str
    not_found: str

    @property
    def tag(self):
        """The language as HTML writes it: ``zh-CN``."""
        return self.language.replace("_", "-")


def read_edition(path):
    """Return the edition that an ``edition.yml`` describes."""
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    language = path.parent.name
    folder = language.partition("_")[0] + "/"  # zh for zh_CN
    return Edition(language, settings["name"], folder, settings["not_found"])


ENGLISH = Edition("en", "English", "", "")
OTHERS = [read_edition(path) for path in sorted(LOCALE.glob("*/edition.yml"))]
EDITIONS = [ENGLISH, *OTHERS]


def catalogue(config, docname):
    """Return the translations of a page's sentences."""
    return locale.init([str(LOCALE)], config.language, docname)[0]


class TranslateFormulas(SphinxTransform):
    """Translate the words of displayed formulas: Sphinx would write them as reStructuredText."""

    default_priority = 19  # before Sphinx's own, at 20

    def apply(self, **kwargs):
        """Translate each."""
        sentences = catalogue(self.config, self.env.docname)
        for formula in self.document.findall(nodes.math_block):
            translation = sentences.gettext(formula.astext())
            formula.children = [nodes.Text(translation)]
            formula.rawsource = translation  # by which Sphinx would look it up again


def translate_rest(app, doctree):
    """Translate what Sphinx does not: the headings among the chapters, and the words of folds."""
    sentences = catalogue(app.config, app.env.docname)
    for toctree in doctree.findall(addnodes.toctree):
        if caption := toctree.get("caption"):
            toctree["caption"] = sentences.gettext(caption)
    for raw in doctree.findall(nodes.raw):
        text = raw.rawsource or raw.astext()
        if (translation := sentences.gettext(text)) != text:
            raw.children = [nodes.Text(translation)]


def drop_backlinks(app, doctree, docname):
    """Take the links back out of the literature: in a translation they lead to a wrong place."""
    for citation in doctree.findall(nodes.citation):
        citation["backrefs"] = []


def link_editions(app, pagename, templatename, context, doctree):
    """Give the page's template the other editions, and search engines the address of each."""
    here = next(each for each in EDITIONS if each.language == app.config.language)
    page = "book/intro" if pagename == "404" else pagename
    to_root = "../" if here.folder else ""
    addresses = {each: f"{to_root}{each.folder}{page}.html" for each in EDITIONS}
    urls = {each: context["pathto"](address, 1) for each, address in addresses.items()}
    context["editions"] = [
        {"tag": each.tag, "name": each.name, "url": urls[each], "not_found": each.not_found}
        for each in EDITIONS
        if each != here
    ]
    if pagename != "404":
        if root := app.config.html_baseurl:  # search engines want whole addresses
            urls = {each: urljoin(root, address) for each, address in addresses.items()}
        context["metatags"] = context.get("metatags", "") + "".join(
            f'\n    <link rel="alternate" hreflang="{each.tag}" href="{html.escape(urls[each])}">'
            for each in EDITIONS
        )


def setup(app):
    """Connect to Sphinx."""
    app.add_js_file("editions.js", loading_method="defer")
    app.add_transform(TranslateFormulas)
    app.connect("doctree-read", translate_rest)
    app.connect("doctree-resolved", drop_backlinks)
    app.connect("html-page-context", link_editions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
