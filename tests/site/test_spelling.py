"""The words of the built book, of the other pages and of the docstrings are spelled right.

A word that is right and yet found here goes into words.txt, in its place in the alphabet.
"""

import ast
import re
from pathlib import Path

from bs4 import BeautifulSoup
from spellchecker import SpellChecker

from tests.browser.pages import ROOT, SITE

OWN_WORDS = Path(__file__).with_name("words.txt")
WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
NOT_PROSE = "script, style, pre, code, math, svg, .sig, .citation, .classifier, .field-list strong"
CODE = re.compile(
    r"```.*?```|``.*?``|`[^`]*`|https?://\S+|^ *(>>>|\.\.\.).*$", re.DOTALL | re.MULTILINE
)


def page_text(path):
    """Return what a page says in words: no code, no formula."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for tag in soup.select(NOT_PROSE):
        tag.decompose()
    return re.sub(CODE, " ", soup.get_text(" "))


def docstrings(path):
    """Return the docstrings of a Python file."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = (ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, documented))
    return CODE.sub(" ", "\n".join(filter(None, texts)))


def texts():
    """Yield every text to check, with its file."""
    for path in sorted(SITE.rglob("*.html")):
        yield path, page_text(path)
    for path in sorted(ROOT.glob("*.md")):
        yield path, CODE.sub(" ", path.read_text(encoding="utf-8"))
    for folder in ("convlib", "book/_ext"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, docstrings(path)


def test_every_word_is_known(site_url):
    checker = SpellChecker()
    checker.word_frequency.load_words(OWN_WORDS.read_text(encoding="utf-8").split())
    unknown = {}
    for path, text in texts():
        words = {word.lower().removesuffix("'s") for word in WORD.findall(text.replace("’", "'"))}
        for word in checker.unknown(words):
            unknown.setdefault(word, []).append(str(path.relative_to(ROOT)))
    report = [f"{word}: {', '.join(places)}" for word, places in sorted(unknown.items())]
    assert not report, "\n".join(report)


def test_the_list_of_own_words_is_sorted():
    words = OWN_WORDS.read_text(encoding="utf-8").splitlines()
    assert words == sorted(set(words))
