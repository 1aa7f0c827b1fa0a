"""A pasted network in StackLedger: the link's settings are ones that it takes."""

import json

import pytest

from convlib.widgets import LayerReader, StackLedger
from tests.browser.states import traits
from tests.widgets.javascript import Javascript

ROOM = LayerReader().constants["ledger"]


@pytest.fixture(scope="module")
def read():
    return Javascript("math/paste/read")


@pytest.fixture(scope="module")
def ledger_link():
    return Javascript("math/ledger_link")


@pytest.fixture(scope="module")
def links():
    return Javascript("math/links")


def test_pasted_networks_open_in_the_ledger(read, ledger_link, links, pytestconfig):
    lines = (pytestconfig.option.pastes / "models.jsonl").read_text("utf-8").splitlines()
    opened, start = 0, json.loads(json.dumps(traits("stack_ledger")))
    for case in map(json.loads, lines):
        rows = case["expect"]
        if not isinstance(rows, list) or case.get("branching") or not case["input"]:
            continue
        modules = read.read(case["text"], {}, case["input"])["modules"]
        settings = ledger_link.ledgerSettings(modules, case["input"], ROOM)
        if settings is None:
            assert not {module["kind"] for module in modules} <= ROOM.keys(), case["id"]
            continue
        assert links.whyNot(start, settings) is None, case["id"]
        ledger = StackLedger(**settings)
        assert len(ledger.layers) == len(modules), case["id"]
        opened += 1
    print(f"{opened} pasted networks open in StackLedger")
    assert opened > 5


def test_what_is_no_batch_of_images_has_no_link(ledger_link):
    linear = {"kind": "Linear", "in_features": 3, "out_features": 2}
    assert ledger_link.ledgerSettings([linear], [1, 3], ROOM) is None
