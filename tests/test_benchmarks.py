"""The benchmark of the widgets finds what the tests state, without the tests' own settings."""

import json
import subprocess
import sys

from benchmarks.interactions import LARGEST
from tests.browser.pages import ROOT
from tests.browser.states import WIDGETS


def test_a_checkout_tells_its_largest_states():
    command = [sys.executable, "-c", LARGEST]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert json.loads(answer.stdout).keys() == WIDGETS.keys()
