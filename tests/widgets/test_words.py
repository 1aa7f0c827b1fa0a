"""The words of the widgets: each goes through the catalogue, and each translation fits."""

import re
import string
from pathlib import Path

import pytest

from convlib.refusals.texts import message_texts
from convlib.widgets import LayerExplorer, _words, set_language
from convlib.widgets._words import (
    FOLDER,
    chosen_language,
    folder_of,
    folders,
    keys_in,
    translated,
    words_of,
)
from tests.widgets.javascript import Javascript

HOST = Path(__file__).parents[2] / "book" / "_ext" / "host.js"
SPOKEN = ("why", "fix", "sentence")  # what LayerReader says; the rest is code and PyTorch's words


def texts_of_tables():
    """Return what the tables of refusals say in our words, as LayerReader gets them."""
    texts = message_texts()
    tables = [*texts["rules"].values(), *texts["causes"].values()]
    return {entry[field] for entry in tables for field in SPOKEN if field in entry}


def texts_of_code():
    """Return what the sources hand to be translated."""
    sources = [*FOLDER.parent.rglob("*.js"), *FOLDER.parent.glob("*.py"), HOST]
    return set().union(*(keys_in(path.read_text(encoding="utf-8")) for path in sources))


@pytest.fixture(scope="module")
def keys():
    return texts_of_code() | texts_of_tables()


@pytest.mark.parametrize("language", [path.name for path in folders()])
def test_every_text_has_its_translation_and_no_other_has(language, keys):
    words = words_of(language)
    assert not sorted(keys - words.keys()), "without a translation"
    assert not sorted(words.keys() - keys), "translated, but nowhere said"


@pytest.mark.parametrize("language", [path.name for path in folders()])
def test_a_translation_has_the_facts_of_the_english(language):
    facts = re.compile(r"\{[^{}]*\}")
    for text, entry in words_of(language).items():
        for translation in [entry] if isinstance(entry, str) else entry.values():
            assert sorted(set(facts.findall(translation))) == sorted(set(facts.findall(text))), text
            assert translation.strip(), text


def test_keys_are_found_however_they_are_written():
    source = """
      t("One.") + t(
        "Two, " +
          'with a "quote".',
        { fact },
      );
      plural("{count} cell", "{count} cells", count);
      const HINT = english("Three.");
      el("p", "", {}, ...phrase("Four {x}.", { x }));
      t(HINT); at("no key"); "text"; last("no key");
    """
    found = {"One.", 'Two, with a "quote".', "{count} cells", "Three.", "Four {x}."}
    assert keys_in(source) == found
    assert keys_in('english("Python, " "too.")') == {"Python, too."}


def test_a_source_is_translated_where_its_texts_are_asked_for_at_once():
    words = {
        "One {x}.": '"一" {x}。',
        "{count} cells": "{count} 格",
        "{count} rows": {"one": "{count} 行", "other": "{count} 行"},
        "Later": "以后",
    }
    source = """
      t("One " + "{x}.", { x });
      phrase("One {x}.", { x });
      plural("{count} cell", "{count} cells", count);
      plural("{count} row", "{count} rows", count);
      const HINT = english("Later");
      t(HINT); t("Two"); at("One {x}.");
    """
    expected = """
      t("\\"一\\" {x}。", { x });
      phrase("\\"一\\" {x}。", { x });
      plural("{count} 格", "{count} 格", count);
      plural("{count} row", "{count} rows", count);
      const HINT = english("Later");
      t(HINT); t("Two"); at("One {x}.");
    """
    assert translated(source, words) == (expected, {"{count} rows", "Later", "Two"})


def test_two_files_may_not_translate_the_same_text(tmp_path, monkeypatch):
    folder = tmp_path / "eo"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.toml").write_text('"Play" = "Ludi"\n')
    monkeypatch.setattr(_words, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"two\.toml .* another file does: 'Play'"):
        words_of.__wrapped__("eo")


@pytest.fixture(scope="module")
def words():
    return Javascript("math/words")


def say(words, language, catalogue, expression):
    """Evaluate an expression while a language is spoken."""
    before = f"setWords({language!r}, given[0])"
    after = "setWords('en', {})"
    return words.evaluate(f"[{before}, {expression}, {after}][1]", catalogue)


def test_a_text_without_a_translation_stays_english(words):
    assert words.t("{n} rows", {"n": 3}) == "3 rows"
    assert words.t("{n} rows", {}) == "{n} rows"
    assert say(words, "zh-CN", {}, "t('Play')") == "Play"


def test_facts_stand_where_the_language_has_them(words):
    catalogue = {"{read} of {all} pixels": "{all} 个像素中的 {read} 个"}
    said = say(words, "zh-CN", catalogue, "t('{read} of {all} pixels', { read: 3, all: 9 })")
    assert said == "9 个像素中的 3 个"
    assert say(
        words, "zh-CN", catalogue, "phrase('{read} of {all} pixels', { read: 3, all: 9 })"
    ) == [
        9,
        " 个像素中的 ",
        3,
        " 个",
    ]


@pytest.mark.parametrize(("count", "expected"), [(1, "1 cell"), (2, "2 cells"), (0, "0 cells")])
def test_english_has_two_forms(count, expected, words):
    assert words.plural("{count} cell", "{count} cells", count) == expected
    assert words.plural("{count} cell", "{count} cells", 1234, {"count": "1,234"}) == "1,234 cells"


def test_a_language_may_have_more_forms_or_one(words):
    polish = {
        "{count} cells": {"one": "{count} pole", "few": "{count} pola", "other": "{count} pól"}
    }
    for count, expected in [(1, "1 pole"), (3, "3 pola"), (5, "5 pól")]:
        call = f"plural('{{count}} cell', '{{count}} cells', {count})"
        assert say(words, "pl", polish, call) == expected
    chinese = {"{count} cells": "{count} 格"}
    assert say(words, "zh-CN", chinese, "plural('{count} cell', '{count} cells', 1)") == "1 格"


def test_a_language_is_found_by_its_tag():
    chinese = FOLDER / "zh_CN"
    assert [folder_of(tag) for tag in ("zh-CN", "zh_cn", "zh", "zh-Hans")] == [chinese] * 4
    assert folder_of("eo") is None
    assert words_of("eo") == {}


def test_python_may_choose_the_language():
    set_language("zh-CN")
    try:
        assert LayerExplorer()._language == "zh-CN"
    finally:
        set_language("")
    assert LayerExplorer()._language == ""
    with pytest.raises(ValueError, match=r"language='eo', but the widgets speak en, zh-CN"):
        set_language("eo")
    assert chosen_language() == ""
    set_language("en-GB")
    assert chosen_language() == "en-GB"
    set_language("")


def test_a_view_that_asks_gets_the_words_of_its_language(monkeypatch):
    widget, sent = LayerExplorer(), []
    monkeypatch.setattr(type(widget), "send", lambda self, content: sent.append(content))
    widget._handle_custom_msg({"language": "zh-CN"}, [])
    assert sent == [{"words": words_of("zh-CN")}]


def test_placeholders_are_names():
    for text in texts_of_code():
        for _, name, *_ in string.Formatter().parse(text.replace("{{", "").replace("}}", "")):
            assert name is None or name.isidentifier(), text
