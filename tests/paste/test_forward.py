"""Whole networks pasted as source: forward is followed, and every row is what a hook sees."""

import runpy
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from tests.paste.reading import follow, read

FOLDER = Path(__file__).parent / "networks"
INPUTS = {
    "resnet": (2, 3, 64, 64),
    "unet": (1, 3, 50, 70),
    "mobilenet": (2, 3, 64, 96),
    "branches": (2, 3, 64, 64),
    "functional": (3, 1, 28, 28),
    "gan": (4, 100, 1, 1),
    "densenet": (2, 3, 64, 64),
}


def test_every_network_has_an_input():
    assert {path.stem for path in FOLDER.glob("*.py")} == set(INPUTS)


def run_with_hooks(path, shape):
    """Run a network in torch: the calls of its layers, its output, parameters and flops."""
    names = runpy.run_path(str(path))
    [network] = [value for value in names.values() if isinstance(value, nn.Module)]
    network.eval()
    calls = []

    def note(name):
        return lambda _module, _inputs, output: calls.append((name, list(output.shape)))

    for name, module in network.named_modules():
        if not list(module.children()):
            module.register_forward_hook(note(name))
    with torch.no_grad(), FlopCounterMode(display=False) as flops:
        output = network(torch.zeros(shape))
    learnt = sum(weight.numel() for weight in network.parameters())
    return calls, list(output.shape), learnt, flops.get_total_flops()


@pytest.mark.parametrize("name", INPUTS)
def test_rows_are_the_calls_of_forward(name):
    path, shape = FOLDER / f"{name}.py", INPUTS[name]
    reading = read(path.read_text(encoding="utf-8"), {}, list(shape))
    assert reading["problems"] == []
    assert reading["unknowns"] == []
    rows = follow(reading["modules"], list(shape))
    assert not any("refusal" in row for row in rows)
    calls, output, learnt, flops = run_with_hooks(path, shape)
    named = [row for row in rows if row["module"].get("name") in {name for name, _ in calls}]
    assert [(row["module"]["name"], row["output"]) for row in named] == calls
    assert rows[-1]["output"] == output
    once = {row["module"]["name"]: row["parameters"] for row in named}
    assert sum(once.values()) == learnt
    assert sum(row["macs"] for row in rows) * 2 * shape[0] == flops
    print(f"followed: {name}, {len(rows)} rows")


@pytest.mark.parametrize("name", INPUTS)
def test_an_unknown_input_is_never_guessed(name):
    """Without a shape, forward is followed as far as it does not need one; else that is said."""
    path, shape = FOLDER / f"{name}.py", INPUTS[name]
    reading = read(path.read_text(encoding="utf-8"))
    calls, _, _, _ = run_with_hooks(path, shape)
    assert {module.get("name") for module in reading["modules"]} >= {name for name, _ in calls}
    rows = follow(reading["modules"], reading["input"] or list(shape))
    named = [(row["module"].get("name"), row["output"]) for row in rows]
    followed = [row for row in named if row[0] in {name for name, _ in calls}] == calls
    assert followed or any("not followed" in note for note in reading["notes"])
