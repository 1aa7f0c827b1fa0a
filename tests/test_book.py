"""What a stored notebook must be, so that running it against its outputs proves something."""

import ast
import doctest
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
TEXT_OUTPUTS = {"text/plain", "text/html"}
ALLOWED_METADATA = {"tags", "jupyter"}
LONGEST_CELL = 12  # lines

assert CHAPTERS, "no chapters found"


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def notebook(request):
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
    assert set(notebook.metadata) == {"kernelspec"}
    for cell in notebook.cells:
        assert set(cell.metadata) <= ALLOWED_METADATA, cell.metadata
        assert re.fullmatch(r"[a-z0-9_]+", cell.id), f"name the cell {cell.id!r} by what it shows"


def test_code_cells_fit_on_a_phone(notebook):
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= LONGEST_CELL, cell.source


def test_a_chapter_has_its_parts(notebook):
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    code = "\n".join(cell.source for cell in code_cells(notebook))
    for part in ("You will do", "You will learn", "You need", "## Exercises", "## Summary"):
        assert part in prose
    assert "## Check it against PyTorch" in prose
    assert "from convlib" in code
    assert "from convlib.widgets" in code
    assert "import torch" in code


def test_nbval_collects_every_code_cell():
    command = [sys.executable, "-m", "pytest", "--nbval", "--collect-only", "-q", "book"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    total = sum(len(code_cells(nbformat.read(path, as_version=4))) for path in CHAPTERS)
    assert listing.count("::") == total, listing


def test_readme_examples_run():
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried > 0
    assert failed == 0
