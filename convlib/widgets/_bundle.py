"""Make one self-contained JavaScript module out of several that import each other.

JupyterLab loads a widget from a Blob URL, where ``import ... from "./parts/dom.js"`` has nothing to
be relative to. So the modules are joined when Python loads the widget. This is no JavaScript
parser: it knows the few forms written below, and refuses every other one by name.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parent

_NAMES = r"\s*\w+(?:\s*,\s*\w+)*\s*,?\s*"
_ADDRESS = r"(?:\.|\.\.(?:/\.\.)*)(?:/\w+)+\.js"
_IMPORT = re.compile(rf'^import \{{({_NAMES})\}} from "({_ADDRESS})";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_OTHER = re.compile(  # outside comments, whose types may say import("./other.js")
    r"^\s*(?:import|export)\b.*|^(?!\s*(?://|/?\*)).*\bimport\b *[(.].*", re.MULTILINE
)


def bundle(name, folder=FOLDER):
    """Join the module ``name.js`` and all that it imports.

    Each module becomes a function that runs once and returns what the module exports, so two
    modules may use the same private name. The forms understood, at the start of a line:
    ``import { a, b } from "./folder/other.js";``, ``export`` before ``function``,
    ``async function``, ``const`` or ``class``, and ``export default``.

    Parameters
    ----------
    name : str
        The module whose default export is the widget.
    folder : Path
        Where the modules are, in rooms of their own or beside each other.

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
    folder = folder.resolve()
    _add(folder / f"{name}.js", folder, parts, ())
    return "\n".join([*parts.values(), f"export default {_variable(name)}.$default;\n"])


def stylesheet(*names):
    """Join the stylesheet that all widgets share and those of some widgets, ``name.css``."""
    sheets = [FOLDER / "parts" / "parts.css", *(FOLDER / f"{name}.css" for name in names)]
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


def _variable(name):
    """Return the name of what a module exports: ``$math_lists`` for ``math/lists.js``."""
    return "$" + name.replace("/", "_")


def _add(path, folder, parts, importers):
    """Add a module to `parts`, after those it needs: a script that declares its variable."""
    name = path.relative_to(folder).with_suffix("").as_posix()
    if name in importers:
        circle = " -> ".join([*importers[importers.index(name) :], name])
        raise ValueError(f"JavaScript modules import each other in a circle: {circle}")
    if name in parts:
        return
    source = path.read_text(encoding="utf-8")
    addresses = {
        address: (path.parent / address).resolve() for _, address in _IMPORT.findall(source)
    }
    for other in addresses.values():
        _add(other, folder, parts, (*importers, name))

    def borrow(match):
        other = addresses[match[2]].relative_to(folder).with_suffix("").as_posix()
        return f"const {{{match[1]}}} = {_variable(other)};"

    exports = _EXPORT.findall(source)
    body = _IMPORT.sub(borrow, source)
    body = _EXPORT.sub("", body)
    body, defaults = _DEFAULT.subn("const $default = ", body)
    if other := _OTHER.search(body):
        raise ValueError(
            f"{name}.js: cannot bundle {other[0].strip()!r}. Write"
            ' `import { a, b } from "./module.js";` or `export` before a function, const or class.'
        )
    exports += ["$default"] * defaults
    returned = ", ".join(exports)
    parts[name] = f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {returned} }};\n}})();"
