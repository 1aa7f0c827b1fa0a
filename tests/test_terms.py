"""One word has one meaning on every page."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

BOOK = Path(__file__).parents[1] / "book"


def paragraphs(path):
    """Return the text of a page, as a list of its paragraphs."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8").split("\n\n")
    cells = nbformat.read(path, as_version=4).cells
    return [part for c in cells if c.cell_type == "markdown" for part in c.source.split("\n\n")]


CHAPTERS = sorted(BOOK.glob("*.ipynb"))
TEXTS = {path.stem: paragraphs(path) for path in [*CHAPTERS, *sorted(BOOK.glob("*.md"))]}


@pytest.mark.parametrize("page", TEXTS)
def test_no_formula_calls_something_else_than_the_batch_n(page):
    for text in TEXTS[page]:
        formulas = re.findall(r"\$+([^$]+)\$+", text)
        if "Many pages" not in text:  # the one place that says what N means elsewhere
            assert not [formula for formula in formulas if re.search(r"\bN\b", formula)], text


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_n_is_the_first_axis_of_an_image_wherever_code_sets_it(path):
    cells = nbformat.read(path, as_version=4).cells
    tree = ast.parse("\n".join(cell.source for cell in cells if cell.cell_type == "code"))
    firsts = [node.elts[0] for node in ast.walk(tree) if isinstance(node, ast.Tuple) and node.elts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "N" and isinstance(node.ctx, ast.Store):
            assert node in firsts, ast.dump(node)


def test_a_receptive_field_includes_its_holes_wherever_it_is_defined():
    link = "(glossary.md#receptive-field)"
    places = {page: [t for t in texts if link in t] for page, texts in TEXTS.items()}
    [[dilation], [stacks]] = [found for found in places.values() if found]
    [size] = [text for text in TEXTS["stacks"] if text.startswith("- **size**")]
    [sheet] = [text for text in TEXTS["cheatsheet"] if "receptive field" in text]
    glossary = TEXTS["glossary"][TEXTS["glossary"].index("### receptive field") + 1]
    for text in (dilation, stacks, size, sheet, glossary):
        words = " ".join(text.lower().split())
        assert re.search("from the first .*to the last", words), text
        assert re.search("holes", words), text


def test_leftover_rows_are_rows_of_the_image():
    entry = TEXTS["glossary"][TEXTS["glossary"].index("### leftover") + 1]
    assert "of the image" in entry
    assert "of the image" in next(t for t in TEXTS["output_shape"] if "#leftover" in t)
