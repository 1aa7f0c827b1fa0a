"""What a stored notebook must be, so that running it against its outputs proves something."""

import ast
import doctest
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from docutils.core import publish_string
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelspec import KERNEL_NAME, get_kernel_dict
from markdown_it.renderer import RendererHTML
from myst_nb.docutils_ import Parser
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

import convlib
import convlib.widgets

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
CHAPTERS = [path for path in NOTEBOOKS if path.stem != "intro"]  # the front page is no chapter
CONTENTS = re.findall(r"file: book/(\w+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
TEXT_OUTPUTS = {"text/plain", "text/html"}
ALLOWED_METADATA = {"tags", "jupyter"}
LONGEST_CELL = 12  # lines
FEWEST_CELLS, FEWEST_WORDS = 20, 500
RUN_ALL = "**Only text, no pictures?** Run all cells: menu *Run*, *Run All Cells*."
MARKDOWN = create_md_parser(MdParserConfig(enable_extensions={"dollarmath"}), RendererHTML)
SPANS = {"code_inline": "code", "math_inline": "formula", "myst_role": "citation", "softbreak": " "}

assert CHAPTERS, "no chapters found"


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_cell_was_recorded_in_order(notebook):
    # nbval passes a cell without an execution count whatever it prints
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1)), "run `make record`"


def test_every_result_is_stored(notebook):
    for cell in code_cells(notebook):
        assert bool(cell.outputs) == shows_something(cell.source), cell.source


def shows_something(source):
    """Tell whether a cell prints, or ends with an expression whose value appears."""
    tree = ast.parse(source)
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    prints = any(isinstance(func, ast.Name) and func.id == "print" for func in calls)
    return prints or isinstance(tree.body[-1], ast.Expr)


def test_a_cell_without_output_imports_defines_or_asserts(notebook):
    quiet = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assert)
    for cell in code_cells(notebook):
        if not cell.outputs:
            assert any(isinstance(node, quiet) for node in ast.parse(cell.source).body), cell.source


def test_outputs_are_text_without_warnings(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type in ("stream", "execute_result", "display_data"), cell.source
            assert output.get("name", "stdout") == "stdout", cell.source
            assert set(output.get("data", {})) <= TEXT_OUTPUTS, cell.source
            assert " at 0x" not in str(output), f"a memory address in the output of\n{cell.source}"


def test_nothing_switches_the_comparison_off(notebook):
    for cell in notebook.cells:
        assert "NBVAL" not in cell.source.upper().replace("-", "_"), cell.source
        assert not any("nbval" in tag for tag in cell.metadata.get("tags", [])), cell.source
        assert "raises-exception" not in cell.metadata.get("tags", []), cell.source


def test_the_file_holds_what_its_author_wrote(notebook):
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    for cell in notebook.cells:
        assert set(cell.metadata) <= ALLOWED_METADATA, cell.metadata
        assert re.fullmatch(r"[a-z0-9_]+", cell.id), f"name the cell {cell.id!r} by what it shows"


def test_opening_it_in_jupyterlab_changes_nothing(notebook):
    """JupyterLab writes these two from its kernel; another value would mark the file as changed.

    The version alone is that of the Python which recorded the chapter.
    """
    names = get_kernel_dict()
    kernelspec = {"name": KERNEL_NAME, **{key: names[key] for key in ("display_name", "language")}}
    assert notebook.metadata.kernelspec == kernelspec
    assert {**IPythonKernel.language_info, **notebook.metadata.language_info} == (
        notebook.metadata.language_info
    )


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_file_is_written_as_jupyterlab_writes_it(path):
    text = path.read_text(encoding="utf-8")
    assert json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n" == text


def test_a_chapter_says_first_how_to_see_its_pictures(notebook):
    first = notebook.cells[0]
    assert (first.cell_type, first.source) == ("markdown", RUN_ALL)
    assert first.metadata.tags == ["remove-cell"]  # the published page shows them anyway


def test_the_published_page_does_not_say_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the parser writes a file of its own
    source = CHAPTERS[0].read_text(encoding="utf-8")
    how = {"nb_execution_mode": "off", "report_level": 5, "output_encoding": "unicode"}
    page = publish_string(source, parser=Parser(), settings_overrides=how)
    assert notebook_title(source) in page
    assert "Run All Cells" not in page


def notebook_title(source):
    """Return the heading at the top of a stored notebook."""
    return re.search(r'"# (.*)\\n"', source)[1]


def test_code_cells_fit_on_a_phone(notebook):
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= LONGEST_CELL, cell.source


def test_a_chapter_has_its_parts(chapter):
    prose, code = markdown(chapter), "\n".join(cell.source for cell in code_cells(chapter))
    for part in ("You will do", "You will learn", "You need"):
        assert part in prose
    sections = re.findall("^## (.*)", prose, re.MULTILINE)
    assert sections[-3:] == ["Exercises", "Check it against PyTorch", "Summary"]
    assert "from convlib import" in code
    assert "import torch" in code


def test_a_chapter_has_a_picture_and_practice(chapter):
    data = (output.get("data", {}) for cell in code_cells(chapter) for output in cell.outputs)
    shown = {values.get("text/plain", "").split("(")[0] for values in data}
    widgets = shown & set(convlib.widgets.__all__)
    assert "Practice" in widgets
    assert len(widgets) > 1


def test_a_chapter_has_exercises_with_solutions(chapter):
    [number] = [i for i, c in enumerate(chapter.cells) if c.source.startswith("## Exercises")]
    exercises, solutions = chapter.cells[number : number + 2]
    assert 3 <= len(re.findall(r"^\d\. ", exercises.source, re.MULTILINE)) <= 5
    assert solutions.metadata.tags == ["hide-cell"]
    assert solutions.outputs


def test_a_chapter_is_more_than_a_note(chapter):
    assert len(chapter.cells) >= FEWEST_CELLS
    assert count_words(markdown(chapter)) >= FEWEST_WORDS


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_summary_leads_to_the_next_page(path):
    summary = nbformat.read(path, as_version=4).cells[-1].source
    following = CONTENTS[CONTENTS.index(path.stem) + 1]
    assert re.findall(r"\]\((\w+)\.\w+\)", summary) == [following]


def markdown(notebook):
    """Return a notebook's text."""
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def count_words(source):
    """Count what a reader reads: headings, paragraphs, lists, tables and folded answers.

    A formula, a citation or code inside a sentence is one word; a block of code is none.
    """
    count = 0
    for block in MARKDOWN.parse(source):
        spans = block.children or []
        text = "".join(s.content if s.type == "text" else SPANS.get(s.type, "") for s in spans)
        count += len(re.findall(r"\S*\w\S*", text))
    return count


def test_words_are_counted_as_a_reader_reads():
    source = "# A *b* `c d`\n\n```\ncode\n```\n\n| e | f $g + h$ |\n|---|---|\n| – | [i j](k) |"
    folded = "\n\n<details>\n<summary>Answer</summary>\n\nl m,\nn {cite}`o` ![p](q)\n\n</details>"
    assert count_words(source + folded) == 12


def test_every_word_of_the_glossary_is_linked_from_a_chapter():
    glossary = (ROOT / "book/glossary.md").read_text(encoding="utf-8")
    found = re.findall("^### (.*)", glossary, re.MULTILINE)
    words = {word.replace(" ", "-").lower() for word in found}  # as an address writes them
    texts = (markdown(nbformat.read(path, as_version=4)) for path in CHAPTERS)
    assert {slug for text in texts for slug in re.findall(r"\(glossary\.md#(.*?)\)", text)} == words


def test_a_word_is_linked_where_a_chapter_first_uses_it(chapter):
    unlinked = (
        r"^(#|\||- \*\*You).*|`+[^`]*`+|\$+[^$]*\$+"  # headings, tables, aims, code, formulas
    )
    text = re.sub(unlinked, "", markdown(chapter), flags=re.MULTILINE)
    links = list(re.finditer(r"\[([^]]*)\]\(glossary\.md#(.*?)\)", text))
    assert len(links) == len({link[2] for link in links}) > 0, "a word is linked twice"
    for link in links:
        before = re.sub(r"!\[.*?\]|\]\(.*?\)", "", text[: link.start()])  # no picture, no address
        assert not re.search(rf"\b{link[1]}\b", before, re.IGNORECASE), link[0]


def computes(source):
    """Tell whether a cell does more than import, define and assert."""
    quiet = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assert)
    return not all(isinstance(node, quiet) for node in ast.parse(source).body)


def test_nearly_all_results_are_stored():
    notebooks = (nbformat.read(path, as_version=4) for path in CHAPTERS)
    cells = [cell for nb in notebooks for cell in code_cells(nb) if computes(cell.source)]
    share = sum(bool(cell.outputs) for cell in cells) / len(cells)
    print(f"{share:.1%} of {len(cells)} cells that compute have a stored output")
    assert share >= 0.95


def public_names():
    """Return the names that a reader may use: all of `__all__`, and each documented function."""
    names = {name for name in convlib.__all__ if not inspect.ismodule(getattr(convlib, name))}
    for module in (convlib.shapes, convlib.grad):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and "Examples" in str(function.__doc__):
                names.add(name)
    return names | set(convlib.widgets.__all__)


def test_every_public_name_is_called_in_a_chapter_and_described():
    cells = [c for path in NOTEBOOKS for c in code_cells(nbformat.read(path, as_version=4))]
    nodes = [node for cell in cells for node in ast.walk(ast.parse(cell.source))]
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    called = {getattr(call, "attr", getattr(call, "id", None)) for call in calls}
    described = re.findall(r"\w+", (ROOT / "book/api.md").read_text(encoding="utf-8"))
    assert public_names() <= called
    assert public_names() <= set(described)


def test_nbval_collects_every_code_cell():
    command = [sys.executable, "-m", "pytest", "--nbval", "--collect-only", "-q", "book"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    total = sum(len(code_cells(nbformat.read(path, as_version=4))) for path in NOTEBOOKS)
    assert listing.count("::") == total, listing


def test_readme_examples_run():
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried > 0
    assert failed == 0
