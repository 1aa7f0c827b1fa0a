"""The words of the widgets in other languages: one folder of ``words/`` for each.

A file holds the texts of one part of the widgets: the English, as the code writes it, and its
translation, with the same facts in braces. Where a language has plural forms, the translation is a
table with one text for each: ``{one = "...", few = "...", other = "..."}``.
"""

import ast
import json
import re
import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"

_STRING = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_TEXT = rf"{_STRING}(?:\s*\+?\s*{_STRING})*"  # in several pieces, if it is long
_USES = re.compile(
    rf"\b(?:(?P<name>t|phrase|english)\(\s*|plural\(\s*(?P<one>{_TEXT}),\s*)(?P<text>{_TEXT})"
)

_chosen = ""


def set_language(language):
    """Choose the language of the widgets that are made from now on.

    Parameters
    ----------
    language : str
        A language tag such as ``"en"`` or ``"zh-CN"``; ``""`` follows the page or the notebook's
        front end, as the widgets do without this call.

    Raises
    ------
    ValueError
        If the widgets have no words in this language.
    """
    global _chosen
    if language and language.partition("-")[0].lower() != "en" and not folder_of(language):
        known = ", ".join(["en", *(path.name.replace("_", "-") for path in folders())])
        raise ValueError(f"language={language!r}, but the widgets speak {known}")
    _chosen = language


def chosen_language():
    """Return the language that `set_language` chose, or ``""``."""
    return _chosen


def folders():
    """Return the folder of each language."""
    return sorted(path for path in FOLDER.iterdir() if path.is_dir())


def folder_of(language):
    """Return the folder of a language, or None. ``"zh"`` and ``"zh-Hans"`` get the same."""
    wanted = language.replace("-", "_").lower()
    exact = [path for path in folders() if path.name.lower() == wanted]
    near = [path for path in folders() if path.name.split("_")[0] == wanted.split("_")[0]]
    return next(iter(exact + near), None)


@cache
def words_of(language):
    """Return the translations into a language by the English; none for an unknown language.

    Raises
    ------
    ValueError
        If two files translate the same text.
    """
    folder = folder_of(language)
    words = {}
    for path in sorted(folder.glob("*.toml")) if folder else ():
        texts = tomllib.loads(path.read_text(encoding="utf-8"))
        if twice := words.keys() & texts:
            raise ValueError(f"{path.name} translates what another file does: {min(twice)!r}")
        words |= texts
    return words


def keys_in(source):
    """Return the texts that a source, in JavaScript or Python, hands to be translated."""
    return {_read(use["text"]) for use in _USES.finditer(source)}


def translated(source, words):
    """Translate a source of JavaScript itself, so that a page needs no second copy of its texts.

    Parameters
    ----------
    source : str
    words : dict
        The translations by the English.

    Returns
    -------
    source : str
        With the translations in place of the texts that it hands to be translated at once, and of
        sentences.
    rest : set of str
        The other texts, which need the catalogue: words in tables, which may be names of
        something too, and texts in several forms.
    """
    rest = set()

    def put(use):
        text = _read(use["text"])
        word = words.get(text)
        if not isinstance(word, str) or (use["name"] == "english" and text[-1] not in ".?"):
            rest.add(text)
            return use[0]
        word = json.dumps(word, ensure_ascii=False)
        return f"plural({word}, {word}" if use["one"] else f"{use['name']}({word}"

    return _USES.sub(put, source), rest


def _read(text):
    # Python joins strings that stand side by side.
    joined = re.sub(rf"({_STRING})\s*\+\s*(?={_STRING})", r"\1 ", text)
    return ast.literal_eval(f"({joined})")


def english(text):
    """Mark a text of Python that a page translates: so that it is found among the keys."""
    return text
