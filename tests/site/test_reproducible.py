"""Two builds of the same files give the same bytes, in another folder and with other hashes too."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.pages import ROOT, SITE
from tests.site.built import copy_sources


def test_a_second_build_gives_the_same_bytes(site_url, sample, tmp_path):
    if not sample.full:
        pytest.skip("a second build, which takes two minutes: make test-full")
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(ROOT / name, tmp_path)
    copy_sources(tmp_path)
    program = Path(sys.executable).with_name("jupyter-book")
    editions = tmp_path / "book" / "_ext" / "editions.py"
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    for command in ([program, "build", tmp_path], [sys.executable, editions, "build"]):
        subprocess.run(command, check=True, capture_output=True, env=environment)
    second = tmp_path / "_build" / "html"
    first = {path.relative_to(SITE) for path in SITE.rglob("*") if path.name != ".built"}
    assert first == {path.relative_to(second) for path in second.rglob("*")}
    files = sorted(path for path in first if (SITE / path).is_file())
    assert [f for f in files if (SITE / f).read_bytes() != (second / f).read_bytes()] == []
