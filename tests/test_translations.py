"""The catalogues of the other editions: nothing got lost in them, and what is open is counted.

A sentence that is new or changed is shown in English until it is translated; that fails nothing.
A translation without its link, its formula or its code does.
"""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from languages import OTHERS
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from convlib.widgets._words import words_of

BOOK = Path(__file__).parents[1] / "book"
LANGUAGES = [edition.language for edition in OTHERS]
CATALOGUES = sorted(BOOK.glob("_locale/*/LC_MESSAGES/**/*.po"))
MARKDOWN = MarkdownIt("commonmark").use(dollarmath_plugin).use(myst_role_plugin)
HAN = re.compile(r"[\u4e00-\u9fff]")


def messages(path):
    """Return a catalogue's sentences; of the API's, those of the page and not of docstrings."""
    with path.open("rb") as file:
        found = [message for message in read_po(file) if message.id]
    if path.stem == "api":
        page = " ".join((BOOK / "api.md").read_text(encoding="utf-8").split())
        found = [message for message in found if " ".join(message.id.split()) in page]
    return found


def kept(text):
    """Count what a translation has to keep: by kind, and by what it says where no word is in it."""
    parts = Counter()
    for token in MARKDOWN.parse(text):
        for part in [token, *(token.children or [])]:
            words = {
                "link_open": part.attrs.get("href"),
                "image": part.attrs.get("src"),
                "code_inline": part.content,
                "math_inline": re.sub(r"\\text\{[^}]*\}", r"\\text", part.content),
                "myst_role": f"{part.meta.get('name')} {part.content}",
                "html_inline": part.content,
                "strong_open": "",
            }
            if part.type in words:
                parts[part.type, words[part.type]] += 1
    return parts


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_a_translation_keeps_links_code_formulas_and_emphasis(path):
    for message in messages(path):
        if message.string and not message.fuzzy and path.stem != "sphinx":
            assert kept(message.string) == kept(message.id), message.string
        for name in re.findall(r"\{\w+\}|%\(\w+\)s", message.id) if path.stem == "sphinx" else ():
            assert name in message.string, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_open_is_counted(language):
    every = [m for path in CATALOGUES if language in path.parts for m in messages(path)]
    still = [m for m in every if m.fuzzy or not m.string]
    assert len(every) > 1000
    print(f"{language}: {len(every)} sentences, {len(still)} of them open")


def said_by_extensions():
    """Return the texts that book/_ext hands to be translated, wherever in the code that is."""
    calls = (
        node
        for path in (BOOK / "_ext").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    )
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_extensions_say_is_in_the_catalogue(language):
    catalogue = BOOK / "_locale" / language / "LC_MESSAGES" / "sphinx.po"
    texts = said_by_extensions()
    assert len(texts) > 10
    assert texts - {message.id for message in messages(catalogue)} == set()


def terms():
    """Return the glossary's terms: the English, and the Chinese with its other names."""
    table = (BOOK / "glossary.md").read_text(encoding="utf-8").partition("## In Chinese")[2]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    names = {row[0]: re.sub(r"\(.*?\)", "", row[1]) for row in rows if len(row) == 3}
    return {
        english: [name.strip() for name in chinese.split(",")]
        for english, chinese in names.items()
        if HAN.search(chinese) and len(english.split(",")) == 1
    }


def chinese_texts():
    """Yield every sentence in Chinese with its English: of the pages, then of the widgets."""
    for path in CATALOGUES:
        if path.stem not in ("glossary", "conventions"):  # they name the other names
            yield from ((path.stem, m.id, m.string) for m in messages(path) if not m.fuzzy)
    yield from (("a widget", english, chinese) for english, chinese in words_of("zh_CN").items())


@pytest.mark.parametrize("english", terms())
def test_a_term_has_one_name_in_chinese(english):
    term, *others = terms()[english]
    for place, source, text in chinese_texts():
        for other in others:
            named = other.split()[0] in source  # "1×1 卷积", where the English has the number
            assert named or other not in text.replace(term, ""), (place, text)


def test_the_terms_are_used():
    pages = " ".join(text for _, _, text in chinese_texts())
    for english, (term, *_) in terms().items():
        assert term in pages or english == "state", english
