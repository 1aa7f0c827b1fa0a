"""The chapter of errors, and the decoder that links to it: each message leads to its section."""

import re
from functools import cache
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from myst_nb.docutils_ import Parser

from convlib.refusals.texts import message_texts
from tests.paste.decoding import decode

BOOK = Path(__file__).parents[2] / "book"
RULES = message_texts()["rules"]
NO_MESSAGE = "no-message-at-all"
LEAST_MESSAGES, LEAST_ROWS = 60, 30

# "reflect 3: RuntimeError: ...", or "Error(s) in loading ...:" and the lines that belong to it
MESSAGE = re.compile(
    r"^(?:\w+ \d+: )?((?:\w+Error: |Error\(s\) in ).*(?:\n[ \t].*)*)", re.MULTILINE
)


@pytest.fixture(scope="module", autouse=True)
def elsewhere(tmp_path_factory):
    """Work in an empty directory: the parser writes a file of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("parsed"))
        yield


@cache
def sections():
    """Return the chapter's sections as MyST reads them: the anchor of the page, and the node."""
    source = (BOOK / "errors.ipynb").read_text(encoding="utf-8")
    how = {"nb_execution_mode": "off", "report_level": 5, "doctitle_xform": False}
    document = publish_doctree(source, parser=Parser(), settings_overrides=how)
    return {section["ids"][0]: section for section in document.findall(nodes.section)}


def own(section, kind):
    """Return the nodes of a kind in a section, without those of the sections inside it."""
    children = (child for child in section.children if not isinstance(child, nodes.section))
    return [node for child in children for node in child.findall(kind)]


def messages(section):
    """Return the messages that a section raises or quotes."""
    texts = (block.astext() for block in own(section, nodes.literal_block))
    return [message for text in texts for message in MESSAGE.findall(text)]


def decoded_sections():
    """Return the sections about a message: those below the headings of the third level."""
    return {
        anchor: section
        for anchor, section in sections().items()
        if isinstance(section.parent, nodes.section)
        and isinstance(section.parent.parent, nodes.section)
    }


def test_each_link_of_the_decoder_is_an_anchor_of_the_page():
    pages = {f"{path.stem}.html" for path in BOOK.glob("*.*")}
    anchors = {f"errors.html#{anchor}" for anchor in sections()}
    wrong = {key: rule["section"] for key, rule in RULES.items()}
    assert {key: link for key, link in wrong.items() if link not in pages | anchors} == {}


def test_only_the_unknown_message_leads_to_no_section_of_the_chapter():
    assert [key for key, rule in RULES.items() if rule["section"] == "errors.html"] == ["unknown"]


def test_the_decoder_leads_to_each_section():
    linked = {rule["section"].partition("#")[2] for rule in RULES.values()}
    assert set(decoded_sections()) - linked == {NO_MESSAGE}


def test_each_message_leads_back_to_the_section_that_raises_it():
    count = 0
    for anchor, section in decoded_sections().items():
        for message in messages(section):
            assert decode(message)["section"] == f"errors.html#{anchor}", message
            count += 1
    print(f"{count} messages raised, each decoded to its section")
    assert count >= LEAST_MESSAGES


def rows(section):
    """Return the rows of a section's tables: the code of the first and of the last column."""
    for body in own(section, nodes.tbody):
        for row in body.children:
            first, *_, last = row.children
            yield tuple(
                [code.astext() for code in cell.findall(nodes.literal)] for cell in (first, last)
            )


def test_each_row_of_a_table_is_raised_and_mended_as_the_decoder_says():
    count = 0
    for anchor, section in decoded_sections().items():
        for parts, [mend] in rows(section):
            told = [text for text in messages(section) if all(part in text for part in parts)]
            assert told, f"{anchor}: no message with {parts}"
            causes = [cause for text in told for cause in decode(text)["causes"]]
            assert any(mend in cause["mend"] + cause["other"] for cause in causes), (parts, mend)
            count += 1
    print(f"{count} causes in tables, each raised, each with the decoder's mend")
    assert count >= LEAST_ROWS
