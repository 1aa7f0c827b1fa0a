"""What `import convlib` loads, and how large it is."""

import ast
import io
import subprocess
import sys
import tokenize
from pathlib import Path

import convlib

FOLDER = Path(convlib.__file__).parent


def test_import_loads_numpy_and_nothing_else():
    """In a fresh interpreter, every new top-level module is standard, NumPy's or convlib's."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); import convlib;"
        "print(*sorted({m for m in set(sys.modules) - before}))"
    )
    command = [sys.executable, "-c", script, str(FOLDER.parent)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    tops = {name.partition(".")[0].lstrip("_") for name in loaded}
    foreign = tops - {n.lstrip("_") for n in sys.stdlib_module_names} - {"numpy", "convlib"}
    assert foreign - {"cython_runtime", "cython_3_2_1"} == {f for f in foreign if "cython" in f}
    assert "convlib.shapes" in loaded
    assert not [name for name in loaded if name.startswith("convlib.widgets")]


def test_public_names_exist_and_are_documented():
    for name in convlib.__all__:
        assert getattr(convlib, name).__doc__


def code_lines(path):
    """Count the lines that hold code: no docstring, comment or empty line."""
    source = path.read_text()
    lines = set()
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in (*skipped, tokenize.ENDMARKER):
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(
            node
        ):
            lines.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def test_convlib_is_small():
    counts = {path.name: code_lines(path) for path in FOLDER.glob("*.py")}
    print(counts, sum(counts.values()))
    assert 100 < sum(counts.values()) <= 500


def test_imports_point_one_way():
    order = ["_errors", "shapes", "_checks", "functional", "grad", "layers"]
    for place, name in enumerate(order):
        tree = ast.parse((FOLDER / f"{name}.py").read_text())
        used = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]
        allowed = order[:place] if name != "layers" else order[:4]
        assert set(used) <= set(allowed)
