"""Tell search engines and chats what each page is: description, canonical address, card, sitemap.

All but the description need the published address, ``html.baseurl`` in ``_config.yml``. The theme
itself writes the canonical link.
"""

import html
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from docutils import nodes

CARD = "_static/card.png"
LEARN = "You will learn: "  # each chapter's own summary of itself
RELATIVE = re.compile(r'\b(href|src|action|data-content_root)="(?![a-z]+:|/|#)')


def description(doctree, otherwise):
    """Return what a chapter says one learns in it, or else a page's first whole sentence."""
    for item in doctree.findall(nodes.list_item):
        if item.astext().startswith(LEARN):
            text = item.astext().removeprefix(LEARN)
            return text[:1].upper() + text[1:]
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and paragraph.astext()[-1] in ".?":
            return " ".join(paragraph.astext().split())
    return otherwise


def base(app):
    """Return the published address, ending in a slash, or nothing."""
    return app.config.html_baseurl and app.config.html_baseurl.rstrip("/") + "/"


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
    if base(app):
        context["pageurl"] = urljoin(base(app), app.builder.get_target_uri(pagename))
        tags += [
            ("property", "og:title", title),
            ("property", "og:description", text),
            ("property", "og:type", "website"),
            ("property", "og:site_name", app.config.project),
            ("property", "og:url", context["pageurl"]),
            ("property", "og:image", urljoin(base(app), CARD)),
            ("name", "twitter:card", "summary_large_image"),
        ]
    context["metatags"] = context.get("metatags", "") + "".join(
        f'\n    <meta {kind}="{name}" content="{html.escape(value)}">' for kind, name, value in tags
    )


def write_sitemap(app, exception):
    """List all pages, if the site has an address."""
    if exception or app.builder.format != "html" or not base(app):
        return
    addresses = (urljoin(base(app), app.builder.get_target_uri(d)) for d in app.env.found_docs)
    lines = "".join(f"<url><loc>{html.escape(a)}</loc></url>\n" for a in sorted(addresses))
    Path(app.outdir, "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n',
        encoding="utf-8",
    )


def root_the_lost_page(app, exception):
    """Make the addresses on 404.html absolute: it is shown in place of a page of any depth."""
    if exception or app.builder.format != "html":
        return
    root = urlsplit(base(app)).path or "/"
    path = Path(app.outdir, "404.html")
    page = path.read_text(encoding="utf-8")
    path.write_text(RELATIVE.sub(rf'\1="{root}', page), encoding="utf-8")


def setup(app):
    """Connect to Sphinx."""
    app.connect("html-page-context", describe)
    app.connect("build-finished", write_sitemap)
    app.connect("build-finished", root_the_lost_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
