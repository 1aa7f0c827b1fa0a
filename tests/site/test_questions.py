"""What a reader may ask is answered: each quote of questions_*.toml stands on its built page."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.browser.pages import SITE
from tests.site.built import PAGES

FILES = sorted(Path(__file__).parent.glob("questions_*.toml"))
QUESTIONS = [
    question
    for path in FILES
    for question in tomllib.loads(path.read_text(encoding="utf-8"))["question"]
]
FEWEST, FEWEST_WORDS = 50, 6
BLOCKS = "p, li, td, th, tr, dt, dd, h1, h2, h3, h4, h5, h6, pre, figcaption, summary"
NOT_READ = "script, style, annotation, .headerlink"
SIGNS = str.maketrans("’‘“”−", "''\"\"-", "\u2061\u2062\u2063\u2064")


def plain(text):
    """Return a text as it is compared: one space between words, none beside other signs.

    A formula is set with other spaces than it is typed with, and with letters of its own.
    """
    text = unicodedata.normalize("NFKC", text).translate(SIGNS)
    return re.sub(r"\s*([^\w\s])\s*", r"\1", " ".join(text.split()))


@cache
def blocks(page):
    """Return the paragraphs, items and cells of a built page."""
    html = (SITE / f"book/{page}.html").read_text(encoding="utf-8")
    article = BeautifulSoup(html, "html.parser").select_one("article")
    for tag in article.select(NOT_READ):
        tag.decompose()
    return [plain(block.get_text()) for block in article.select(BLOCKS)]


def stands(quote, text):
    """Tell whether a text holds a quote, whole words of it."""
    whole = [r"\b" if re.match(r"\w", sign) else "" for sign in (quote[0], quote[-1])]
    return re.search(re.escape(quote).join(whole), text)


def test_there_are_enough_questions_and_none_twice():
    assert len({question["ask"] for question in QUESTIONS}) == len(QUESTIONS) >= FEWEST


@pytest.mark.parametrize("question", QUESTIONS, ids=[q["ask"][:50] for q in QUESTIONS])
def test_a_quote_is_an_answer_that_stands_on_its_page(question, site_url):
    assert set(question) == {"ask", "page", "quote"}
    assert "?" in question["ask"]
    assert f"book/{question['page']}.html" in PAGES
    quote = question["quote"]
    assert len(re.findall(r"\S*\w\S*", quote)) >= FEWEST_WORDS, "too short for an answer"
    assert any(stands(plain(quote), block) for block in blocks(question["page"])), quote


@pytest.mark.parametrize(
    ("typed", "built"),
    [
        ("max(b, 0) times", "  max ( b ,  0 )\n times"),
        ("it's d(k - 1) + 1", "it’s 𝑑(𝑘−1)+1"),
        ("2p rows", "2\u2062p rows"),
    ],
)
def test_spaces_and_the_letters_of_formulas_make_no_difference(typed, built):
    assert plain(typed) == plain(built)


def test_half_a_word_is_not_quoted():
    assert stands("size.", "the size.It")
    assert not stands("size", "the sizes")
    assert not stands("size", "resize it")


@pytest.mark.parametrize("other", ["the same size", "a size", "the sizes", "thesize", "the size 2"])
def test_another_word_makes_a_difference(other):
    assert plain("the size") != plain(other)
