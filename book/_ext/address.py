"""Tell search engines and chats what each page is: its description, its address and its card.

All but the description need the published address, ``html.baseurl`` in ``_config.yml``. With it
Furo writes the canonical link, ``sphinx_sitemap`` the sitemap, and ``notfound`` the links of
``404.html``. The card is written here: ``sphinxext.opengraph`` writes one without an address too,
cuts a description in mid-sentence, and leaves out the front door.
"""

import html
from urllib.parse import urljoin, urlsplit

from docutils import nodes
from sphinx.locale import get_translation

CARD = "_static/card.png"
_ = get_translation("sphinx")


def description(doctree, otherwise):
    """Return what a chapter says one learns in it, or else a page's first whole sentence."""
    learn = _("You will learn: ")  # each chapter's own summary of itself
    for item in doctree.findall(nodes.list_item):
        if item.astext().startswith(learn):
            text = item.astext().removeprefix(learn)
            return text[:1].upper() + text[1:]
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and paragraph.astext()[-1] in ".?。？":
            return " ".join(paragraph.astext().split())
    return otherwise


def complete(app, config):
    """End the address in a slash, which the sitemap needs, and root the links of 404.html."""
    if config.html_baseurl:
        config.html_baseurl = config.html_baseurl.rstrip("/") + "/"
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path or "/"


def describe(app, pagename, templatename, context, doctree):
    """Add a page's description; with an address, also what a chat shows of a link to it."""
    if pagename == "index":  # the front door speaks for the page that it leads to
        pagename, doctree = app.config.root_doc, app.env.get_doctree(app.config.root_doc)
    if doctree is None:
        context["pageurl"] = None
        return
    title = app.env.titles[pagename].astext()
    text = description(doctree, f"{title}. {app.config.project}.")
    tags = [("name", "description", text)]
    if address := app.config.html_baseurl:
        context["pageurl"] = urljoin(address, app.builder.get_target_uri(pagename))
        tags += [
            ("property", "og:title", title),
            ("property", "og:description", text),
            ("property", "og:type", "website"),
            ("property", "og:site_name", app.config.project),
            ("property", "og:url", context["pageurl"]),
            ("property", "og:image", urljoin(address, CARD)),
            ("name", "twitter:card", "summary_large_image"),
        ]
    context["metatags"] = context.get("metatags", "") + "".join(
        f'\n    <meta {kind}="{name}" content="{html.escape(value)}">' for kind, name, value in tags
    )


def setup(app):
    """Connect to Sphinx."""
    app.connect("config-inited", complete)
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
