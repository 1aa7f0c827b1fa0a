"""What this book changes in its theme, Furo, and in how Sphinx and myst-nb write their pages.

A new release of one of them may write a page in another way. So each change looks for what it
changes, and stops the build if that is not there.
"""

import base64
import functools
import hashlib
import html
import logging
import re
from pathlib import Path
from typing import NamedTuple

from jupyter_cache.executors import utils
from jupyter_client import KernelManager
from sphinx.errors import ExtensionError
from sphinx.locale import get_translation

_ = get_translation("sphinx")

# ------------------------------------------------------------------ before the pages are written

DARK_CODE = "a11y-high-contrast-dark"
UNUSED = (
    "mystnb.",  # 43 KB for outputs that no page shows; book.css styles the cells
    "doctools",  # keyboard navigation and the search page's words; only the search page needs it
    "sphinx_highlight",
)
SEARCH_ONLY = ("doctools", "sphinx_highlight")
TRANSLATIONS = "translations.js"  # of the search page's words; it runs text as code


def choose_dark_code(app):
    """Set the colours of code in the dark, which Furo lets nobody set in ``_config.yml``."""
    if app.builder.format != "html":
        return
    if "pygments_dark_style" not in app.config:
        raise ExtensionError("the theme has no pygments_dark_style, for code in the dark")
    app.config.pygments_dark_style = DARK_CODE


def run_quietly():
    """Set how the notebooks run, where myst-nb has no setting: whole lines, and a readable log."""
    # What a cell prints may come in pieces; myst-nb would start a line with each.
    utils.executenb = functools.partial(utils.executenb, coalesce_streams=True)
    KernelManager.transport_encryption.default_value = "auto"  # else each kernel warns
    for name in ("traitlets", "fontTools"):
        logging.getLogger(name).setLevel(logging.WARNING)


def name_of(asset):
    """Return the file name of a stylesheet or a script, without its folder."""
    return str(getattr(asset, "filename", asset) or "").rpartition("/")[2]


def drop_unused(app, pagename, templatename, context, doctree):
    """Leave out the files that extensions add to every page and this page does not use."""
    unused_here = UNUSED if app.config.language == "en" else (*UNUSED, TRANSLATIONS)
    for unused in unused_here:
        if pagename == "search" and unused in SEARCH_ONLY:
            continue
        before = len(context["css_files"]) + len(context["script_files"])
        for kind in ("css_files", "script_files"):
            context[kind] = [a for a in context[kind] if not name_of(a).startswith(unused)]
        if len(context["css_files"]) + len(context["script_files"]) == before:
            raise ExtensionError(f"{pagename}: no extension adds {unused!r} any more")


# ------------------------------------------------------------------ what is mended in every page


class Mend(NamedTuple):
    """A change to the markup of a page. Where `sign` stands, `found` has to stand too."""

    purpose: str
    sign: str
    found: str
    mended: str


EVERY_PAGE = r"<body"
EVERY_FOLD = r'<details class="[^"]*\bhide\b'

MENDS = [
    Mend(
        "style a page once: when the theme's script takes this class away, the browser styles all "
        "of it anew. still.css stands for it",
        EVERY_PAGE,
        r'<html class="no-js"',
        "<html",
    ),
    Mend(
        "name the drawer at the left",
        EVERY_PAGE,
        r'<aside class="sidebar-drawer">',
        '<aside class="sidebar-drawer" aria-label="Chapters">',
    ),
    Mend(
        "name the drawer at the right",
        EVERY_PAGE,
        r'<aside class="toc-drawer',
        '<aside aria-label="Contents" class="toc-drawer',
    ),
    Mend(
        "give the headings among the chapters a level",
        r'<p class="caption"',
        r'<p class="caption" role="heading">',
        '<p class="caption" role="heading" aria-level="2">',
    ),
    Mend(
        "make the link that skips to the text the keyboard's first stop",
        EVERY_PAGE,
        r'(?s)(<input [^>]*"sidebar-toggle".*?)(<a class="skip-to-content.*?</a>)',
        r"\2\n\1",
    ),
    Mend(
        "take away a button that lies over the text and the code",
        EVERY_PAGE,
        r'(?s)<a href="#" class="back-to-top.*?</a>\s*',
        "",
    ),
    Mend(
        "let the label of a fold speak, which says more",
        EVERY_FOLD,
        r'<summary aria-label="Toggle hidden content">',
        "<summary>",
    ),
    Mend(
        "have no paragraph in the label of a fold",
        EVERY_FOLD,
        r'<p (class="(?:collapsed|expanded)[^>]*)>(.*?)</p>',
        r"<span \1>\2</span>",
    ),
    Mend(
        "make an empty head of a column no head",
        r'<th class="head"><p></p>',
        r'<th class="head"><p></p></th>',
        '<td class="head"></td>',
    ),
    Mend(
        "give an entry of the literature a role that is still in the standard",
        r'class="citation"',
        r'role="doc-biblioentry"',
        'role="listitem"',
    ),
    Mend(
        "let the keyboard scroll a wide table",
        r'<table class="docutils',
        r'<div class="table-wrapper',
        '<div tabindex="0" class="table-wrapper',
    ),
    Mend(
        "let the keyboard scroll a wide figure",
        r'(?<!<td>)<p[^>]*><img [^>]*\.svg"',  # a small picture in a table needs no scrolling
        r'(?<!<td>)<p>(<img [^>]*\.svg"[^>]*>)</p>',
        r'<p class="wide-figure" tabindex="0">\1</p>',
    ),
]


def labels():
    """Map what the theme, and the mends above, say in English alone, to the page's language."""
    return {
        "Toggle site navigation sidebar": _("Toggle site navigation sidebar"),
        "Toggle table of contents sidebar": _("Toggle table of contents sidebar"),
        "Toggle Light / Dark / Auto color theme": _("Toggle Light / Dark / Auto color theme"),
        "Chapters": _("Chapters"),
        "Contents": _("Contents"),
    }


def words_of_others():
    """Return what the theme and Sphinx ask for, but have no translation of."""
    return (
        _("Skip to content"),
        _("On this page"),
        _("Previous"),
        _("Next"),
        _("Home"),
        _("Made with "),
        _("Link to this heading"),
    )


def mend(page, name):
    """Return a page of the theme with all mends made, and its labels in its language."""
    for purpose, sign, found, mended in MENDS:
        if not re.search(sign, page):
            continue
        page, count = re.subn(found, mended, page)
        if not count:
            raise ExtensionError(
                f"{name}: the theme or an extension writes pages in a new way, and theme.py cannot "
                f"{purpose}: there is no {found!r}"
            )
    for english, label in labels().items():
        if f'aria-label="{english}"' not in page:
            raise ExtensionError(f"{name}: the theme has no part that is called {english!r}")
        page = page.replace(f'aria-label="{english}"', f'aria-label="{html.escape(label)}"')
    return page


# ------------------------------------------------------------------ what may be wider than a phone

PHONE_COLUMNS = 30  # characters of code that fit on a narrow screen
PHONE_FORMULA = 20  # and of a formula
PREFORMATTED = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
FORMULA = re.compile(r'<div class="math-block">(.*?)</div>', re.DOTALL)
STOP_AFTER_FORMULA = re.compile(
    r"(<math\b(?:(?!</math>).)*</math>)([.,;:?!)、，。；：？！）]+)", re.DOTALL
)


def longest_line(markup):
    """Count the characters that a reader sees in a piece of a page, in its longest line."""
    return max(map(len, html.unescape(re.sub(r"<[^>]*>", "", markup)).splitlines()), default=0)


def focus_wide_code(match):
    """Let the keyboard scroll code that may be wider than the screen."""
    wide = longest_line(match[1]) > PHONE_COLUMNS
    return f'<pre tabindex="0">{match[1]}</pre>' if wide else match[0]


def focus_wide_formula(match):
    """Let the keyboard scroll a formula that may be wider than the screen."""
    wide = longest_line(match[1]) > PHONE_FORMULA
    return f'<div tabindex="0" class="math-block">{match[1]}</div>' if wide else match[0]


def fit_a_phone(page):
    """Let the keyboard scroll what is wide, and keep a formula on one line with its full stop."""
    page = PREFORMATTED.sub(focus_wide_code, page)
    page = FORMULA.sub(focus_wide_formula, page)
    return STOP_AFTER_FORMULA.sub(r'<span class="unbroken">\1\2</span>', page)


# ------------------------------------------------------------------ what a page may load

SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
NOT_INLINE = re.compile(r'\b(src=|type="application/)')  # loaded by address, or data


def policy(page):
    """Return a page's security policy (Content-Security-Policy): it loads what the site holds.

    A script inside the page runs only if its hash stands in the policy, so nothing that an output
    or a text smuggles in can run. It is written last, when the page is final.
    """
    hashes = {
        base64.b64encode(hashlib.sha256(script["body"].encode()).digest()).decode()
        for script in SCRIPT.finditer(page)
        if not NOT_INLINE.search(script["attributes"])
    }
    scripts = " ".join(["'self'", *(f"'sha256-{value}'" for value in sorted(hashes))])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"
    )


# ------------------------------------------------------------------ when the pages are written

SKIPPED = '[".headerlink"'  # what the search leaves out of its results


def leave_widgets_out_of_the_search(folder):
    """Let the search show no text of a widget."""
    path = folder / "_static" / "searchtools.js"
    script = path.read_text(encoding="utf-8")
    mended = script.replace(SKIPPED, '[".widget-view, .headerlink"')
    if mended == script and '[".widget-view' not in script:  # mended by an earlier build
        raise ExtensionError(f"searchtools.js: no {SKIPPED!r}, where the search skips what to show")
    path.write_text(mended, encoding="utf-8")


def finish(app, exception):
    """Rewrite every page that this build wrote."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    leave_widgets_out_of_the_search(folder)
    for path in folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        if "Content-Security-Policy" in page:  # finished by an earlier build
            continue
        if path != folder / "index.html":  # the front door has no theme
            page = fit_a_phone(mend(page, path.relative_to(folder)))
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
        path.write_text(page.replace("<head>", f"<head>\n    {meta}", 1), encoding="utf-8")


def setup(app):
    """Connect to Sphinx: before Furo reads its settings, after all extensions that add files."""
    run_quietly()
    app.connect("builder-inited", choose_dark_code, priority=400)
    app.connect("html-page-context", drop_unused, priority=900)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
