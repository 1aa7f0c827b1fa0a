"""Keep convlib's widgets alive in the static page: no kernel, no third-party script.

myst-nb leaves two things of a widget in a page: its place, and the state of all models as JSON.
Here the state shrinks to the traits that the widget's own module needs, each long one written once.
The place becomes an element that ``host.js`` fills, and until then, or if JavaScript is off, it
shows a still picture: what the same script drew into ``still_dom.js`` when the book was built.

The host and the widgets of a page are one script, minified; pages with the same widgets share it.
All widgets together would be more than a page may weigh. It is a classic script, because a browser
refuses to load ES modules into a page opened from a file. ``stylesheets.py`` writes the one
stylesheet that goes with it. In another language the texts in the modules are replaced by their
translations, so a page weighs what the English one does.
"""

import html
import json
import re
from functools import cache
from pathlib import Path

import minifyjs
from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from py_mini_racer import MiniRacer
from sphinx.errors import ExtensionError
from sphinx.locale import get_translation
from stylesheets import style_of

import convlib.widgets
from convlib.widgets._bundle import FOLDER, bundle
from convlib.widgets._words import translated, words_of

_ = get_translation("sphinx")

HERE = Path(__file__).parent
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
LONG = 1000  # letters of a trait: another widget's is not written out again
VIEW_TAG = f'<script type="{VIEW}">'
WIDGETS = {name: getattr(convlib.widgets, name) for name in convlib.widgets.__all__}
MODULES = {name: widget.__module__.rpartition(".")[2] for name, widget in WIDGETS.items()}
HOSTED = list(MODULES.values())
MOVED = {
    MODULES[name]: {setting: MODULES[heir] for setting, heir in widget.moved.items()}
    for name, widget in WIDGETS.items()
    if widget.moved
}


def sources_of(app):
    """Return the folder of the host and of all modules, in the language of the edition."""
    return Path(app.doctreedir, "widgets")


def write_sources(app):
    """Write them, once for all pages."""
    words = words_of(app.config.language)
    sources = {path: Path("book/_ext", path.name) for path in HERE.glob("*.js")}
    widgets = Path("convlib/widgets")
    sources |= {path: widgets / path.relative_to(FOLDER) for path in FOLDER.rglob("*.js")}
    for path, place in sources.items():
        target = sources_of(app) / place
        target.parent.mkdir(parents=True, exist_ok=True)
        source, _ = translated(path.read_text(encoding="utf-8"), words)
        target.write_text(source, encoding="utf-8")


def script_of(app, modules, state):
    """Return the name of the script for a page with these widgets; write it if it is not there."""
    modules = sorted(set(modules))
    name = f"widgets-{'-'.join(modules)}.js"
    script = Path(app.outdir, "_static", name)
    if not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        imports = [f'import {each} from "./convlib/widgets/{each}.js";' for each in modules]
        host = 'import { start } from "./book/_ext/host.js";'
        words = words_for(app.config.language, modules, state)
        catalogue = json.dumps(words, ensure_ascii=False)
        given = f"{{ {', '.join(modules)} }}, {catalogue}, {json.dumps(MOVED)}"
        lines = [*imports, host, f"start({given});"]
        entry = sources_of(app) / name
        entry.write_text("\n".join(lines), encoding="utf-8")
        minifyjs.bundle([str(entry)], outfile=str(script), format="iife")
    return name


def words_for(language, modules, state):
    """Return what a page translates itself: words of Python, and tables of the modules."""
    keys = strings_in(json.loads(state)).union(*(kept_texts(each, language) for each in modules))
    return {text: word for text, word in words_of(language).items() if text in keys}


@cache
def kept_texts(module, language):
    """Return the texts that a widget's modules still have in English after `write_sources`."""
    return translated(bundle(module), words_of(language))[1]


def strings_in(value):
    """Return every string in a value of JSON, the names of its fields among them."""
    if isinstance(value, dict):
        return strings_in([*value.keys(), *value.values()])
    if isinstance(value, list):
        return {text for each in value for text in strings_in(each)}
    return {value} if isinstance(value, str) else set()


def module_of(model):
    """Return the name of the module that draws a model, or None if the host has none for it."""
    package, _, _ = model["state"].get("_anywidget_id", "").rpartition(".")
    name = package.removeprefix("convlib.widgets.")
    return name if package != name and name in HOSTED else None


def host_widgets(app, doctree):
    """Replace each widget of a page by an element for the host, and slim the page's state."""
    docname = app.env.docname
    scripts = NbMetadataCollector.get_js_files(app.env, docname)
    if "ipywidgets_state" not in scripts:
        return
    models = json.loads(scripts["ipywidgets_state"][1]["body"])["state"]
    names = {}  # random model id -> its place on the page: two builds give the same bytes
    state = {}
    places = []
    for node in list(doctree.findall(nodes.raw)):
        if not node.astext().startswith(VIEW_TAG):
            continue
        view = json.loads(node.astext().removeprefix(VIEW_TAG).removesuffix("</script>"))
        model = models[view["model_id"]]
        module = module_of(model)
        if module is None:
            raise ExtensionError(
                f"{docname}, cell {cell_number(node)}: host.js has no module for the widget that "
                f"the cell shows, a {model['model_name']}"
            )
        name = names.setdefault(view["model_id"], f"widget-{len(names) + 1}")
        state[name] = {k: v for k, v in model["state"].items() if is_own_trait(k)}
        places.append((node, {"module": module, "model": name}))

    body = json.dumps({"state": state, "same": take_out_repeats(state)}, sort_keys=True)
    name = script_of(app, [place["module"] for _, place in places], body)
    script = Path(app.outdir, "_static", name).read_text(encoding="utf-8")
    language = app.config.language.replace("_", "-")
    pictures = draw(script, body, [place for _, place in places], language)
    for (node, place), picture in zip(places, pictures, strict=True):
        node.replace_self(nodes.raw("", view_of(node, place, picture), format="html"))
    scripts["ipywidgets_state"] = (None, {"type": STATE, "body": body.replace("</", "<\\/")})


def take_out_repeats(state):
    """Leave a long trait to the first widget that has it.

    Returns
    -------
    dict
        Of the other widgets, by their names and the trait's: whose theirs is.
    """
    owners, same = {}, {}
    for name, traits in state.items():
        for trait, value in list(traits.items()):
            text = json.dumps(value, sort_keys=True)
            if len(text) < LONG:
                continue
            owner = owners.setdefault((trait, text), name)
            if owner != name:
                same.setdefault(name, {})[trait] = owner
                del traits[trait]
    return same


def draw(script, state, places, language):
    """Run the page's own script on a page that stands still; return the HTML of each place."""
    with MiniRacer() as page:
        page.eval((HERE / "still_dom.js").read_text(encoding="utf-8"))
        page.eval(f"lay({json.dumps(state)}, {json.dumps(places)}, {json.dumps(language)})")
        page.eval(script)
        return page.call("written")


def view_of(node, place, picture):
    """Return the element of a widget: its still picture, and a caption if JavaScript is off."""
    marks = "".join(f' data-{name}="{value}"' for name, value in place.items())
    caption = _("{widget}, as it starts. With JavaScript on, you can change it.").format(
        widget=f"<code>{html.escape(text_form(node))}</code>"
    )
    return (
        f'<div class="widget-view"{marks}>{picture}'
        f'<noscript><p class="widget-caption">{caption}</p></noscript></div>'
    )


def text_form(node):
    """Return the text that stands beside a widget for front ends without widgets."""
    bundle = node.parent
    while bundle.get("nb_element") != "mime_bundle":
        bundle = bundle.parent
    texts = [part for part in bundle.children if part["mime_type"] == "text/plain"]
    return texts[0].astext()


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
    if data := NbMetadataCollector.get_js_files(app.env, pagename).get("ipywidgets_state"):
        modules = re.findall(r'data-module="(\w+)"', context["body"])
        app.add_css_file(style_of(app, modules))
        app.add_js_file(script_of(app, modules, data[1]["body"]), loading_method="defer")
        still = context["pathto"]("_static/still.css", 1)
        context["metatags"] += f'<noscript><link rel="stylesheet" href="{still}"></noscript>'


def setup(app):
    """Connect to Sphinx."""
    app.connect("builder-inited", write_sources)
    app.connect("doctree-read", host_widgets)
    app.connect("html-page-context", add_host)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
