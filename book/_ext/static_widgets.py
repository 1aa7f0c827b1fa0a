"""Keep convlib's widgets alive in the static page: no kernel, no third-party script.

myst-nb leaves two things of a widget in a page: its place, and the state of all models as JSON.
Here the place becomes an element that ``_static/host.js`` fills, and the state shrinks to the
traits that the widget's own module needs. The modules are served once for all pages, and as classic
scripts, because a browser refuses to load ES modules into a page opened from a file.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.errors import ExtensionError

from convlib.widgets._bundle import FOLDER, scopes

STATE = "application/vnd.jupyter.widget-state+json"
COMMENT = re.compile(r"^\s*(/\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)  # on lines of its own
VIEW_TAG = '<script type="application/vnd.jupyter.widget-view+json">'


def module_of(model):
    """Return the name of the module that draws a model, or None if it is not ours."""
    package, _, _ = model["state"].get("_anywidget_id", "").rpartition(".")
    name = package.removeprefix("convlib.widgets.")
    return name if package != name and (FOLDER / f"{name}.js").is_file() else None


def host_widgets(app, doctree):
    """Replace each widget of a page by an element for the host, and slim the page's state."""
    docname = app.env.docname
    scripts = NbMetadataCollector.get_js_files(app.env, docname)
    if "ipywidgets_state" not in scripts:
        return
    models = json.loads(scripts["ipywidgets_state"][1]["body"])["state"]
    slim = {}
    names = {}  # random model id -> its place on the page: two builds give the same bytes
    for node in list(doctree.findall(nodes.raw)):
        if not node.astext().startswith(VIEW_TAG):
            continue
        view = json.loads(node.astext().removeprefix(VIEW_TAG).removesuffix("</script>"))
        model = models[view["model_id"]]
        module = module_of(model)
        if module is None:
            raise ExtensionError(
                f"{docname}, cell {cell_number(node)}: the static page can host a widget of "
                f"convlib.widgets only, but the cell shows a {model['model_name']}"
            )
        name = names.setdefault(view["model_id"], f"widget-{len(names) + 1}")
        traits = {k: v for k, v in model["state"].items() if is_own_trait(k)}
        slim[name] = {"module": module, "state": traits}
        node.replace_self(
            nodes.raw(
                "",
                f'<div class="widget-view" data-module="{module}" data-model="{name}">'
                "<noscript>This picture moves: it needs JavaScript.</noscript></div>",
                format="html",
            )
        )
    body = json.dumps({"state": slim}, sort_keys=True).replace("</", "<\\/")
    scripts["ipywidgets_state"] = (None, {"type": STATE, "body": body})


def is_own_trait(name):
    """Tell a widget's own trait from what every ipywidget carries."""
    return not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")


def cell_number(node):
    """Return the number, from 0, of the notebook cell that a node came from."""
    while "cell_index" not in node.attributes:
        node = node.parent
    return node["cell_index"]


def add_host(app, pagename, templatename, context, doctree):
    """Load the host, the modules and their stylesheet on pages that have a widget."""
    _, state = NbMetadataCollector.get_js_files(app.env, pagename).get("ipywidgets_state", (0, 0))
    if not state:
        return
    folder = Path(app.outdir, "_static", "widgets")
    folder.mkdir(parents=True, exist_ok=True)
    style = (FOLDER / "widgets.css").read_text(encoding="utf-8")
    (folder / "widgets.css").write_text(COMMENT.sub("", style), encoding="utf-8")
    app.add_css_file("widgets/widgets.css")
    app.add_js_file("host.js", loading_method="defer")
    written = {}  # in the order of loading: a module after those it imports
    for module in sorted({m["module"] for m in json.loads(state["body"])["state"].values()}):
        written |= scopes(module)
        written[module] += f'\nhost.start("{module}", ${module}.$default);\n'
    for name, script in written.items():
        (folder / f"{name}.js").write_text(COMMENT.sub("", script), encoding="utf-8")
        app.add_js_file(f"widgets/{name}.js", loading_method="defer")


def setup(app):
    """Connect to Sphinx."""
    app.connect("doctree-read", host_widgets)
    app.connect("html-page-context", add_host)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
