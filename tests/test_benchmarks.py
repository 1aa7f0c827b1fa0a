"""The benchmarks run without pytest, whose settings let tests import the site's extensions."""

import json
import subprocess
import sys

from benchmarks.interactions import LARGEST
from tests.browser.pages import ROOT
from tests.browser.states import WIDGETS


def run_alone(code):
    """Run code in a Python of its own; return what it printed."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout


def test_every_benchmark_is_there():
    run_alone("import benchmarks.interactions, benchmarks.others, benchmarks.pages")


def test_a_checkout_tells_its_largest_states():
    assert json.loads(run_alone(LARGEST)).keys() == WIDGETS.keys()
