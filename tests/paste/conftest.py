"""The corpus of pasted texts: `pytest --pastes DIR` reads another one of the same form."""

import json

import pytest


@pytest.fixture
def items(request):
    """Read a file of the corpus, as name -> items."""
    folder = request.config.getoption("pastes")

    def items(name):
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]

    return items
