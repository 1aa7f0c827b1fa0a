"""How the widgets' modules are built: who may import whom, and how long a function may be."""

import re
from collections import defaultdict
from functools import cache
from itertools import pairwise

import pytest

import convlib.widgets
from convlib.widgets._bundle import FOLDER

WIDGETS = {
    getattr(convlib.widgets, name).__module__.rpartition(".")[2] for name in convlib.widgets.__all__
}
MODULES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js"))
LONGEST = 40  # lines of a function; a list of parts may be longer

# Longer, but lists of parts: a question with the slips that lead away from its answer.
LISTS = {
    "math/questions/channels.js: learned",
    "math/questions/networks.js: folded",
    "math/questions/networks.js: oneLayer",
    "math/questions/sizes.js: count",
    "math/questions/sizes.js: field",
    "math/questions/sizes.js: unread",
}

IMPORT = re.compile(r'^import [^;]*? from "([^"]+)";', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
STRING = re.compile(r"""'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*\"""")
FUNCTION = re.compile(r"^ *(?:export )?(?:default )?(?:async )?function\*? (\w+)", re.MULTILINE)
METHOD = re.compile(
    r"^ +(?:async )?(?!(?:if|for|while|switch|catch)\b)(\w+)\([^;\n]*\) \{$", re.MULTILINE
)
DOM = re.compile(r"(?<![\w.])(document|window|navigator|HTMLElement|Node)\b\s*[.(\[]")
DECLARED = re.compile(r"(?:const|let|function|[(,])\s*(document|window|navigator)\b\s*[=,)]")


@cache
def source(module):
    """Return a module without its comments; their lines stay."""
    text = (FOLDER / module).read_text(encoding="utf-8")
    return COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def imports(module):
    """Return the modules that a module imports, by their paths from the widgets' folder."""
    folder = (FOLDER / module).parent
    addresses = IMPORT.findall(source(module))
    return [
        (folder / each).resolve().relative_to(FOLDER.resolve()).as_posix() for each in addresses
    ]


def room(module):
    """Return the room that a module is in; a widget may have a folder of its own name."""
    name = module.partition("/")[0].removesuffix(".js")
    return f"widget {name}" if name in WIDGETS else name


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module):
    allowed = {"math": {"math"}, "parts": {"parts", "math"}}
    own = room(module)
    assert own in allowed or own.startswith("widget ")
    assert {room(other) for other in imports(module)} <= allowed.get(own, {own, "parts", "math"})


def test_no_module_imports_itself_by_way_of_others():
    def follow(module, path):
        assert module not in path, " -> ".join([*path, module])
        for other in imports(module):
            follow(other, [*path, module])

    for name in WIDGETS:
        follow(f"{name}.js", [])


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) == "math"])
def test_mathematics_needs_no_page(module):
    text = STRING.sub('""', source(module))
    names = set(DOM.findall(text)) - set(DECLARED.findall(text))
    assert names == set()


EXPORT = re.compile(r"^export (?:async )?(?:const|function\*?) (\w+)", re.MULTILINE)
ROOT = FOLDER.parents[1]


def test_what_a_module_exports_is_asked_for_elsewhere():
    hosts = [*(ROOT / "book" / "_ext").glob("*.js"), *(ROOT / "tests").rglob("*.py")]
    texts = {module: source(module) for module in MODULES}
    texts |= {str(path): path.read_text(encoding="utf-8") for path in hosts}
    users = defaultdict(set)
    for name, text in texts.items():
        for word in re.findall(r"\w+", text):
            users[word].add(name)
    exported = [(module, name) for module in MODULES for name in EXPORT.findall(source(module))]
    assert len(exported) > 500
    assert [each for each in exported if users[each[1]] == {each[0]}] == []


def lengths(module):
    """Return how long each named function is, without those inside it and without comments."""
    text = STRING.sub(lambda match: "s" * len(match[0]), source(module))
    rows = text.split("\n")
    starts = {
        match.start(): match[1] for form in (FUNCTION, METHOD) for match in form.finditer(text)
    }
    spans = []
    for start, name in sorted(starts.items()):
        lines = text[start:].lstrip("\n").split("\n")
        indent = len(lines[0]) - len(lines[0].lstrip())
        first = text.count("\n", 0, start) + (text[start] == "\n")
        closing = re.compile(rf"^ {{{indent}}}\}}[;,)]*$")
        last = next(at for at, line in enumerate(lines) if closing.match(line))
        spans.append((name, first, first + last))
    found = {}
    for name, first, last in spans:
        inner = {
            line
            for other, a, b in spans
            if first < a and b <= last and other is not None
            for line in range(a, b + 1)
        }
        own = [line for at, line in enumerate(rows) if first <= at <= last and at not in inner]
        found[f"{module}: {name}"] = len([line for line in own if line.strip()])
    return found


def test_functions_are_short():
    found = {name: length for module in MODULES for name, length in lengths(module).items()}
    assert len(found) > 300
    long = {name: length for name, length in found.items() if length > LONGEST}
    assert set(long) - LISTS == set(), long
    assert LISTS - set(long) == set(), "shorter now: take it out of the table"


def test_a_long_function_would_be_found(tmp_path, monkeypatch):
    inner = "\n".join(f"    a({n});" for n in range(50))
    text = f"function outer() {{\n  function inner() {{\n{inner}\n  }}\n  return inner;\n}}\n"
    (tmp_path / "x.js").write_text(text)
    monkeypatch.setitem(globals(), "FOLDER", tmp_path)
    source.cache_clear()
    assert lengths("x.js") == {"x.js: outer": 3, "x.js: inner": 52}
    source.cache_clear()


@pytest.mark.parametrize("sheet", sorted(FOLDER.rglob("*.css")), ids=lambda path: path.stem)
def test_safari_gets_its_own_name_for_user_select(sheet):
    lines = [line.split("/*")[0].strip() for line in sheet.read_text("utf-8").splitlines()]
    for before, line in pairwise(lines):
        if line.startswith("user-select:"):
            assert before == f"-webkit-{line}"
