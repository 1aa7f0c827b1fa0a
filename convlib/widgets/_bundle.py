"""Make one self-contained JavaScript module out of several that import each other.

JupyterLab loads a widget from a Blob URL, where ``import ... from "./dom.js"`` has nothing to be
relative to. So the modules are joined when Python loads the widget. This is no JavaScript parser:
it knows the few forms written below, and refuses every other one by name.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parent

_NAMES = r"\s*\w+(?:\s*,\s*\w+)*\s*,?\s*"
_IMPORT = re.compile(r'^import \{(%s)\} from "\./(\w+)\.js";$' % _NAMES, re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_OTHER = re.compile(  # outside comments, whose types may say import("./other.js")
    r"^\s*(?:import|export)\b.*|^(?!\s*(?://|/?\*)).*\bimport\b *[(.].*", re.MULTILINE
)


def bundle(name, folder=FOLDER):
    """Join the module ``name.js`` and all that it imports.

    Each module becomes a function that runs once and returns what the module exports, so two
    modules may use the same private name. The forms understood, at the start of a line:
    ``import { a, b } from "./other.js";``, ``export`` before ``function``, ``async function``,
    ``const`` or ``class``, and ``export default``.

    Parameters
    ----------
    name : str
        The module whose default export is the widget.
    folder : Path
        Where the modules are.

    Returns
    -------
    str
        An ES module that imports nothing.

    Raises
    ------
    ValueError
        If a module uses another form, or modules import each other in a circle.
    """
    parts = {}
    _add(name, folder, parts, ())
    return "\n".join([*parts.values(), f"export default ${name}.$default;\n"])


def _add(name, folder, parts, importers):
    """Add a module to `parts`, after those it needs: a script that declares ``$name``."""
    if name in importers:
        circle = " -> ".join([*importers[importers.index(name) :], name])
        raise ValueError(f"JavaScript modules import each other in a circle: {circle}")
    if name in parts:
        return
    source = (folder / f"{name}.js").read_text(encoding="utf-8")
    for _, other in _IMPORT.findall(source):
        _add(other, folder, parts, (*importers, name))

    exports = _EXPORT.findall(source)
    body = _IMPORT.sub(r"const {\1} = $\2;", source)
    body = _EXPORT.sub("", body)
    body, defaults = _DEFAULT.subn("const $default = ", body)
    if other := _OTHER.search(body):
        raise ValueError(
            f"{name}.js: cannot bundle {other[0].strip()!r}. Write"
            ' `import { a, b } from "./module.js";` or `export` before a function, const or class.'
        )
    exports += ["$default"] * defaults
    parts[name] = f"const ${name} = (() => {{\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();"
