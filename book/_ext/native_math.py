r"""Set mathematics as MathML, in a font that comes with the site: no script, no other host.

latex2mathml turns each formula into MathML. The font is STIX Two Math, as the ziamath package
carries it, cut down after the build to the characters that the pages use.
"""

import html
import re
from pathlib import Path

import ziamath
from docutils import nodes
from fontTools import subset
from latex2mathml.converter import convert
from sphinx.errors import ExtensionError
from sphinx.util.math import get_node_equation_number

FONT = Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf"
# What a widget may write into a formula while it runs.
WIDGET_TEXT = "".join(map(chr, range(0x20, 0x7F))) + "⌊⌋⌈⌉×·−+=≤≥≠∑√∈…"


def mathml(latex, display):
    """Return a formula's MathML; a command that the converter does not know is an error."""
    markup = convert(latex, display=display)
    if "\\" in re.sub(r"<[^>]*>", "", markup):
        raise ExtensionError(f"the formula {latex!r} has a command that latex2mathml does not know")
    # latex2mathml takes a lone floor or ceiling for a letter; an operator is spaced and read well
    return re.sub(r"<mi>(&#x0230[89AB];)</mi>", r'<mo stretchy="false">\1</mo>', markup)


def visit_math(translator, node):
    """Write a formula inside a line."""
    translator.body.append(mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def visit_math_block(translator, node):
    """Write a formula on a line of its own, with its number if it has a label."""
    translator.body.append(translator.starttag(node, "div", CLASS="math-block"))
    translator.body.append(mathml(node.astext(), "block"))
    if number := get_node_equation_number(translator, node) if node["number"] else "":
        translator.body.append(f'<span class="eqno">({number})</span>')
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def italic(letter):
    """Return the mathematical italic that a browser shows for a one-letter identifier."""
    if letter == "h":
        return "\u210e"  # the Planck constant fills this gap in the Unicode block
    return chr((0x1D434 if letter.isupper() else 0x1D44E) + ord(letter.upper()) - ord("A"))


def subset_font(app, exception):
    """Write the font with only the characters that the site's formulas use."""
    if exception or app.builder.format != "html":
        return
    formulas = (
        html.unescape(formula)
        for page in Path(app.outdir).rglob("*.html")
        for formula in re.findall(r"<math.*?</math>", page.read_text(encoding="utf-8"), re.DOTALL)
    )
    characters = set(WIDGET_TEXT).union(*formulas)
    characters |= {italic(c) for c in characters if c.isascii() and c.isalpha()}
    options = subset.Options(flavor="woff2", hinting=False, recalc_timestamp=False)
    font = subset.load_font(FONT, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(font)
    subset.save_font(font, Path(app.outdir, "_static", "stix-two-math.woff2"), options)


def setup(app):
    """Connect to Sphinx."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    app.connect("build-finished", subset_font)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
