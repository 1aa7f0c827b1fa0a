"""The last pass over the built pages: what the theme leaves out, then each page's security policy.

The policy (Content-Security-Policy) lets a page load only what the site itself holds. A script
inside a page runs only if its hash stands in that page's policy, so nothing that an output or a
text smuggles in can run. It is written here, when the pages are final.
"""

import base64
import hashlib
import html
import re
from pathlib import Path

MENDED = {
    # When the theme's script takes this class away, the browser styles the whole page anew;
    # still.css stands for it.
    '<html class="no-js"': "<html",
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Chapters">',
    '<aside class="toc-drawer': '<aside aria-label="Contents" class="toc-drawer',
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<summary aria-label="Toggle hidden content">': "<summary>",  # its text says more
    '<th class="head"><p></p></th>': '<td class="head"></td>',
    'role="doc-biblioentry"': 'role="listitem"',
}
SKIP_LINK = re.compile(
    r'(<input [^>]*"sidebar-toggle".*?)(<a class="skip-to-content.*?</a>)', re.DOTALL
)
FOLD_LABEL = re.compile(r'<p (class="(?:collapsed|expanded)[^>]*)>(.*?)</p>')  # no <p> in a summary
PHONE_COLUMNS = 30  # characters of code that fit on a narrow screen
PHONE_FORMULA = 20  # and of a formula
WIDE_FIGURE = re.compile(r'<p>(<img [^>]*\.svg"[^>]*>)</p>')
FORMULA = re.compile(r'<div class="math-block">(.*?)</div>', re.DOTALL)
STOP_AFTER_FORMULA = re.compile(r"(<math\b(?:(?!</math>).)*</math>)([.,;:?!)]+)", re.DOTALL)
PREFORMATTED = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
NOT_INLINE = re.compile(r'\b(src=|type="application/)')  # loaded by address, or data


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


def make_accessible(page):
    """Mend the theme's markup, name its landmarks, let the keyboard reach what scrolls."""
    for found, mended in MENDED.items():
        page = page.replace(found, mended)
    page = SKIP_LINK.sub(r"\2\n\1", page)  # the keyboard's first stop
    page = FOLD_LABEL.sub(r"<span \1>\2</span>", page)
    page = page.replace('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper')
    page = WIDE_FIGURE.sub(r'<p class="wide-figure" tabindex="0">\1</p>', page)
    page = FORMULA.sub(focus_wide_formula, page)
    page = STOP_AFTER_FORMULA.sub(r'<span class="unbroken">\1\2</span>', page)
    return PREFORMATTED.sub(focus_wide_code, page)


def policy(page):
    """Return the security policy for one page."""
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


def finish(app, exception):
    """Rewrite every page that this build wrote, and keep widgets out of the search results."""
    if exception or app.builder.format != "html":
        return
    search = Path(app.outdir, "_static", "searchtools.js")
    found = search.read_text(encoding="utf-8")
    search.write_text(found.replace('[".headerlink"', '[".widget-view, .headerlink"'), "utf-8")
    for path in Path(app.outdir).rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        if "Content-Security-Policy" in page:  # finished by an earlier build
            continue
        page = make_accessible(page)
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
        path.write_text(page.replace("<head>", f"<head>\n    {meta}", 1), encoding="utf-8")


def setup(app):
    """Connect to Sphinx."""
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
