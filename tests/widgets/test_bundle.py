"""The bundler: what it joins, and what it refuses."""

import pytest

from convlib.widgets import LayerExplorer, ShapeSolver
from convlib.widgets._bundle import FOLDER, bundle


@pytest.fixture
def write(tmp_path):
    """Write modules, given as name=source, and return their folder."""

    def write(**modules):
        for name, source in modules.items():
            (tmp_path / f"{name}.js").write_text(source, encoding="utf-8")
        return tmp_path

    return write


def test_modules_come_before_those_that_need_them_and_only_once(write):
    folder = write(
        top='import { b } from "./left.js";\nimport { c } from "./right.js";\nexport default b;\n',
        left='import { a } from "./base.js";\nexport const b = a;\n',
        right='import {\n  a,\n} from "./base.js";\nexport async function c() {}\n',
        base="export const a = 1;\nconst b = 'private';\n",
    )
    source = bundle("top", folder)
    order = [source.index(f"const ${name} =") for name in ("base", "left", "right", "top")]
    assert order == sorted(order)
    assert source.count("const a = 1") == 1
    assert source.endswith("export default $top.$default;\n")
    assert "import" not in source


@pytest.mark.parametrize(
    "line",
    [
        'import a from "./base.js";',
        'import * as base from "./base.js";',
        'import { a as b } from "./base.js";',
        'import { a } from "https://example.org/base.js";',
        "import { a } from './base.js';",
        'import "./base.js";',
        'const base = await import("./base.js");',
        "const here = import.meta.url;",
        "export { a };",
        'export { a } from "./base.js";',
        'export * from "./base.js";',
        "export let a = 1;",
        "  export const a = 1;",
    ],
)
def test_every_other_form_is_refused_by_name(write, line):
    folder = write(top=f"// a comment\n{line}\nexport default 1;\n", base="export const a = 1;\n")
    with pytest.raises(ValueError, match=r"top\.js: cannot bundle") as error:
        bundle("top", folder)
    assert line.strip().split("(")[0] in str(error.value)


def test_types_in_comments_are_no_imports(write):
    folder = write(
        top='/**\n * @param {import("./base.js").A} a\n */\n// import("x")\nexport default 1;\n'
    )
    assert "export default $top.$default" in bundle("top", folder)


def test_circle_is_refused_with_its_members(write):
    folder = write(
        a='import { b } from "./b.js";\nexport const a = 1;\n',
        b='import { a } from "./a.js";\nexport const b = 1;\n',
    )
    with pytest.raises(ValueError, match="circle: a -> b -> a"):
        bundle("a", folder)


def test_widget_carries_everything_it_needs():
    assert "import {" not in LayerExplorer._esm
    assert LayerExplorer._esm.count("const $math_arithmetic = (() =>") == 1
    shared, own = (
        (FOLDER / sheet).read_text(encoding="utf-8")
        for sheet in ("parts/parts.css", "shape_solver.css")
    )
    assert shared in LayerExplorer._css
    assert shared in ShapeSolver._css
    assert own in ShapeSolver._css
    assert own not in LayerExplorer._css
