"""What `import convlib` loads, which module may know which, and how long a function is."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import convlib

FOLDER = Path(convlib.__file__).parent
CORE = sorted([*FOLDER.glob("*.py"), *FOLDER.glob("refusals/*.py")])

# Each module, and those of convlib that it may import: an arrow points one way.
ARROWS = {
    "refusals": set(),
    "refusals.arguments": {"refusals"},
    "refusals.texts": {"refusals"},
    "shapes": {"refusals", "refusals.arguments"},
    "refusals.calls": {"refusals", "refusals.arguments", "shapes"},
    "_columns": set(),
    "functional": {"_columns", "refusals.calls"},
    "grad": {
        "_columns",
        "functional",
        "refusals",
        "refusals.arguments",
        "refusals.calls",
        "shapes",
    },
    "layers": {"functional", "refusals", "refusals.arguments", "shapes"},
    "": {"shapes", "functional", "grad", "layers"},
}


def test_import_loads_numpy_and_nothing_else():
    """In a fresh interpreter, every new top-level module is standard, NumPy's or convlib's."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); import convlib;"
        "print(*sorted({m for m in set(sys.modules) - before}))"
    )
    command = [sys.executable, "-c", script, str(FOLDER.parent)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert foreign(loaded) == set()
    assert "convlib.shapes" in loaded
    assert not [name for name in loaded if name.startswith("convlib.widgets")]


def foreign(modules):
    """Leave what is neither standard, nor NumPy's, nor convlib's.

    NumPy's compiled parts bring the runtime of Cython with them, under two names.
    """
    tops = {name.partition(".")[0].lstrip("_") for name in modules}
    own = {name.lstrip("_") for name in sys.stdlib_module_names} | {"numpy", "convlib"}
    return {top for top in tops - own if not re.fullmatch(r"cython_runtime|cython_3(_\d+)+", top)}


def test_a_foreign_module_is_noticed():
    assert foreign(["numpy.linalg", "_cython_3_2_1", "cython_runtime", "json.decoder"]) == set()
    assert foreign(["cython_9_9", "scipy.signal", "cython"]) == {"cython_9_9", "scipy", "cython"}


def test_public_names_exist_and_are_documented():
    for name in convlib.__all__:
        assert getattr(convlib, name).__doc__


def module_name(path):
    """Name a file of convlib as imports do; the package itself is the empty string."""
    parts = path.relative_to(FOLDER).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported(path):
    """List the modules of convlib that a file imports, at its top or inside a function."""
    here = path.relative_to(FOLDER.parent).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = [*here[1 : len(here) - node.level + 1], *(node.module or "").split(".")]
            module = ".".join(filter(None, package))
            inner = [".".join(filter(None, (module, alias.name))) for alias in node.names]
            submodules = {name for name in inner if name in ARROWS}
            yield from submodules or {module}
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
            yield from (name for name in names if name.partition(".")[0] == "convlib")


def test_every_module_has_its_arrows():
    assert {module_name(path) for path in CORE} == set(ARROWS)


@pytest.mark.parametrize("path", CORE, ids=module_name)
def test_imports_point_one_way(path):
    assert set(imported(path)) == ARROWS[module_name(path)]


def test_the_arrows_form_no_circle():
    placed = []
    while len(placed) < len(ARROWS):
        free = [name for name in ARROWS if name not in placed and ARROWS[name] <= set(placed)]
        assert free, f"a circle among {set(ARROWS) - set(placed)}"
        placed += free


def lines_of_code(function):
    """Count a function's lines from its def, without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        lines -= function.body[0].end_lineno - function.body[0].lineno + 1
    return lines


def test_no_function_is_longer_than_forty_lines():
    counted = {}
    for path in CORE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                counted[f"{path.stem}.{node.name}"] = lines_of_code(node)
    print(len(counted), "functions, the longest:", max(counted, key=counted.get))
    assert len(counted) > 50
    assert {name: lines for name, lines in counted.items() if lines > 40} == {}
