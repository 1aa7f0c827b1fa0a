"""The widgets in a real JupyterLab: in step with Python both ways, and with keys of their own."""

import json
import os
import platform
import subprocess
import sys
from ast import literal_eval
from time import monotonic, sleep

import nbformat
import pytest

from tests.browser.pages import ROOT
from tests.browser.states import WIDGETS, said

pytestmark = pytest.mark.sampled(5)

PATIENCE = 120  # seconds until a condition that never comes is a failure
CHAPTER = "dilation.ipynb"
NAMES = {widget.__name__: module for module, widget in WIDGETS.items()}

# Keep the timers that a widget's module has set.
WATCH = """
  window.timers = new Set();
  const { setTimeout: set, clearTimeout: clear } = window;
  window.setTimeout = (task, ...rest) => {
    const ours = new Error().stack.includes("blob:"); // anywidget imports from a Blob
    const timer = set((...values) => { timers.delete(timer); task(...values); }, ...rest);
    if (ours) timers.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => { timers.delete(timer); clear(timer); };
"""


def wait_for(expected, ask):
    """Ask until the answer is the expected one."""
    end = monotonic() + PATIENCE
    while (answer := ask()) != expected and monotonic() < end:
        sleep(0.02)
    assert answer == expected


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Start JupyterLab on a notebook with every widget; give its address."""
    home = tmp_path_factory.mktemp("jupyter")
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [
        "from convlib.widgets import *",
        *(f"{name.lower()} = {name}()\n{name.lower()}" for name in NAMES),
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "widgets.ipynb")
    chapter = nbformat.read(ROOT / "book" / CHAPTER, as_version=4)
    chapter.metadata.language_info.version = platform.python_version()  # it may be another here
    nbformat.write(chapter, folder / CHAPTER)
    quiet = home / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True})
    )
    folders = {
        name: str(home / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    environment = {
        **os.environ, **folders,
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--ServerApp.root_dir={folder}", "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        running = home / "runtime"
        wait_for(1, lambda: len(list(running.glob("jpserver-*.json"))))
        yield json.loads(next(running.glob("jpserver-*.json")).read_text())["url"]
    finally:
        process.terminate()
        process.wait()


class Lab:
    """A notebook open in JupyterLab, all its cells run."""

    def __init__(self, page):
        self.page = page
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length")
        page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.ready")
        self.command("run-all-cells")

    def command(self, name):
        """Do what an entry of JupyterLab's menu does."""
        self.page.evaluate("name => jupyterapp.commands.execute(`notebook:${name}`)", name)

    def python(self, code, expression="None"):
        """Run code in the notebook's kernel, and return the value of an expression."""
        answer = self.page.evaluate(PYTHON, [code, f"repr({expression})"])
        assert answer["status"] == "ok", answer
        return literal_eval(literal_eval(answer["data"]["text/plain"]))

    def notebook(self):
        """Return the sources of all cells, and which one is active in which mode."""
        return self.page.evaluate("""() => {
          const { content } = jupyterapp.shell.currentWidget;
          const sources = content.widgets.map(({ model }) => model.sharedModel.getSource());
          return [sources, content.activeCellIndex, content.mode];
        }""")


PYTHON = """async ([code, value]) => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  const asked = { code, user_expressions: { value }, store_history: false };
  const { content } = await kernel.requestExecute(asked).done;
  return { ...content, ...content.user_expressions.value };
}"""


@pytest.fixture(scope="module")
def lab(server, browser):
    """Open the notebook once for all tests; no script may fail."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(1000 * PATIENCE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda each: errors.append(each.text) if each.type == "error" else None)
    page.add_init_script(WATCH)
    page.goto(f"{server}lab/tree/widgets.ipynb")
    lab = Lab(page)
    yield lab
    page.close()
    assert errors == []


@pytest.fixture
def view(lab, name):
    """Show one widget."""
    view = lab.page.locator(".jp-OutputArea .convlib").nth(list(NAMES).index(name))
    view.scroll_into_view_if_needed()
    return view


@pytest.mark.parametrize("name", NAMES)
def test_python_hears_of_every_pick_and_the_picture_of_every_change(lab, name, view):
    variable = name.lower()
    for act, settings in said(NAMES[name], "ACTIONS"):
        act(view)
        wait_for(f"{name}({settings})", lambda: lab.python("", f"repr({variable})"))
    # The code behind a LayerReader is what was pasted.
    code = view.locator(".cv-share code" if name == "Practice" else ".cv-code").first
    if has_code := hasattr(WIDGETS[NAMES[name]], "code"):
        assert code.text_content() == lab.python("", f"{variable}.code")

    change, shown = said(NAMES[name], "CHANGE")
    lab.python(f"{variable}.{change}")
    view.get_by_text(shown).first.wait_for()
    if has_code:
        assert code.text_content() == lab.python("", f"{variable}.code")


FOCUS_ONE_OF_EACH = """(view) => {
  const kinds = new Map();
  for (const part of view.querySelectorAll("button, input, select, summary, [tabindex='0']")) {
    const kind = [part.tagName, part.type, part.role].join();
    if (part.checkVisibility() && !part.disabled) kinds.set(kind, part);
  }
  return [...kinds.values()];
}"""


@pytest.mark.parametrize("name", NAMES)
def test_no_key_pressed_in_a_widget_is_a_command_to_jupyterlab(lab, name, view):
    parts = view.evaluate_handle(FOCUS_ONE_OF_EACH).get_properties().values()
    assert len(parts) > 2
    for part in (handle.as_element() for handle in parts):
        keys = ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "Home", *"rmjadd"]
        for key in keys + ["Enter"] * (part.get_attribute("class") != "cv-select"):
            if part.evaluate("part => part.isConnected"):
                part.focus()  # which makes its cell the active one
                before = lab.notebook()
                lab.page.keyboard.press(key)
                assert lab.notebook() == before, (part, key)


LISTENERS = """(function () {
  return window.kept.flatMap((root) => [root, ...root.querySelectorAll("*")])
    .flatMap((part) => Object.values(getEventListeners(part))).flat().length;
})()"""


def test_a_cleared_output_leaves_nothing_behind(lab):
    page = lab.page
    devtools = page.context.new_cdp_session(page)

    def listeners():
        ask = {"expression": LISTENERS, "includeCommandLineAPI": True, "returnByValue": True}
        return devtools.send("Runtime.evaluate", ask)["result"]["value"]

    for play in page.locator(".cv-play").all():
        play.click()
    page.evaluate("() => { window.kept = [...document.querySelectorAll('.convlib')]; }")
    assert page.evaluate("kept.length") == len(NAMES)
    assert page.evaluate("timers.size") >= 2
    assert listeners() > 100
    lab.command("clear-all-cell-outputs")
    wait_for(0, page.locator(".convlib").count)
    assert listeners() == 0
    assert page.evaluate("timers.size") == 0
    assert lab.python("", "repr(practice)")  # the model lives on


def test_widgets_speak_the_language_of_the_front_end_or_the_one_that_python_asks_for(lab):
    lab.page.evaluate("document.documentElement.lang = 'zh-CN'")
    lab.command("run-all-cells")
    lab.page.get_by_role("button", name="全屏").first.wait_for()
    lab.command("clear-all-cell-outputs")
    lab.python("from convlib.widgets import set_language; set_language('en')")
    lab.command("run-all-cells")
    lab.page.get_by_role("button", name="Full screen").first.wait_for()


def test_a_chapter_is_not_marked_as_changed_when_it_opens(server, browser):
    page = browser.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(f"{server}lab/workspaces/reader/tree/{CHAPTER}")
    page.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
    )
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.info")
    page.wait_for_function(
        "jupyterapp.shell.currentWidget.context.model.getMetadata('language_info').version"
    )
    page.wait_for_timeout(1000)  # it would be marked late
    shown, changed = page.evaluate("""() => {
      const { context, content } = jupyterapp.shell.currentWidget;
      return [content.widgets[0].node.innerText, context.model.dirty];
    }""")
    assert "Run All Cells" in shown
    assert not changed
    page.close()
