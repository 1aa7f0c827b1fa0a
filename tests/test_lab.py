"""JupyterLab, as `make lab` and Binder start it, lists the chapters, not how the site is built."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_events import EventLogger
from jupyter_server.serverapp import ServerApp

ROOT = Path(__file__).parents[1]


def test_the_list_of_files_begins_with_the_chapters(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(ROOT / "binder"))
    app = ServerApp(root_dir=str(ROOT / "book"))
    app.load_config_file()
    files = app.contents_manager_class(
        parent=app, root_dir=app.root_dir, event_logger=EventLogger()
    )
    # In a thread of its own, since a browser that other tests keep open runs a loop in this one.
    with ThreadPoolExecutor() as thread:
        folder = thread.submit(lambda: asyncio.run(files.get("", content=True))).result()
    shown = {file["name"] for file in folder["content"]}
    written = {name for name in os.listdir(ROOT / "book") if not name.startswith((".", "_"))}
    assert shown == written


def test_both_ways_of_starting_it_read_the_settings():
    assert "JUPYTER_CONFIG_PATH=$(CURDIR)/binder $(BIN)/jupyter lab" in read("Makefile")
    assert "binder/jupyter_server_config.json ~/.jupyter/" in read("binder/postBuild")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")
