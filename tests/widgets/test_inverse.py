"""math/inverse.js against PyTorch: which images a network takes, and what tiles need."""

import pytest
import torch

from convlib.widgets import StackLedger

from .javascript import Javascript

CONV = {"kind": "Conv2d", "out_channels": 2, "kernel_size": 3}
HALF = {"kind": "MaxPool2d", "kernel_size": 2}
DOUBLE = {"kind": "Upsample", "scale_factor": 2}


@pytest.fixture(scope="module")
def inverse():
    return Javascript("math/inverse")


def network_of(**settings):
    ledger = StackLedger(breaks=True, **settings)
    names = ("in_channels", "input_size", "layers")
    return ledger, {name: getattr(ledger, name) for name in names}


def taken_by_torch(ledger, most):
    """List the sizes that the network's own code takes."""
    names = {"torch": torch}
    with torch.device("meta"):
        if ledger.code.startswith("class"):
            exec(ledger.code, names)
            net = names["Network"]().eval()
        else:
            net = eval(ledger.code, names).eval()
        sizes = []
        for size in range(1, most + 1):
            try:
                net(torch.empty(1, ledger.in_channels, size, size))
            except RuntimeError:
                continue
            sizes.append(size)
    return sizes


@pytest.mark.parametrize(
    ("settings", "smallest", "rule"),
    [
        ({"preset": "unet", "input_size": 64}, 16, {"step": 16, "rest": 0}),
        ({"preset": "patchgan70"}, 24, {"step": 1, "rest": 0}),
        ({"layers": [CONV, CONV]}, 5, {"step": 1, "rest": 0}),
        (
            {"layers": [HALF, DOUBLE, {"kind": "add", "from": [-1, 1]}], "input_size": 8},
            2,
            {"step": 2, "rest": 0},
        ),
        (
            {"layers": [CONV, HALF, DOUBLE, {"kind": "cat", "from": [0, 2]}], "input_size": 8},
            4,
            {"step": 2, "rest": 0},
        ),
    ],
)
def test_the_sizes_are_those_that_pytorch_takes(settings, smallest, rule, inverse):
    ledger, network = network_of(**settings)
    answer = inverse.sizesOf(network, 70)
    assert answer["sizes"] == taken_by_torch(ledger, 70)
    assert (answer["smallest"], answer["rule"]) == (smallest, rule)


def test_a_fixed_classifier_takes_one_size(inverse):
    layers = [CONV, HALF, {"kind": "Flatten"}, {"kind": "Linear", "out_features": 2}]
    layers[3]["in_features"] = 2 * 7 * 7
    ledger, network = network_of(layers=layers, input_size=16)
    answer = inverse.sizesOf(network, 40)
    assert answer["sizes"] == [16, 17] == taken_by_torch(ledger, 40)


@pytest.mark.parametrize(
    "layers",
    [
        [{**CONV, "padding": 1}] * 3,
        [{**CONV, "padding": 2, "dilation": 2}, {**CONV, "padding": 1}],
        [
            {**CONV, "padding": 1},
            HALF,
            {**CONV, "padding": 1},
            {"kind": "ConvTranspose2d", "out_channels": 2, "kernel_size": 2, "stride": 2},
            {"kind": "cat", "from": [0, 3]},
            {**CONV, "padding": 1},
        ],
    ],
)
def test_a_tile_with_its_margin_gives_the_outputs_of_the_whole_image(layers, inverse):
    ledger, network = network_of(layers=layers, input_size=64, in_channels=1)
    margin = inverse.marginOf(network)[0]
    torch.manual_seed(0)
    names = {"torch": torch}
    exec(
        ledger.code if ledger.code.startswith("class") else f"Network = lambda: {ledger.code}",
        names,
    )
    net = names["Network"]().double().eval()
    image = torch.randn(1, 1, 64, 64, dtype=torch.float64)
    with torch.no_grad():
        whole = net(image)
        for pixels in (margin, margin - 1):
            start, end = 24 - pixels - pixels % 2, 40 + pixels + pixels % 2  # halves meet
            tile = net(image[:, :, start:end, start:end])
            inner = slice(24 - start, 40 - start)
            same = torch.allclose(tile[:, :, inner, inner], whole[:, :, 24:40, 24:40])
            assert same or pixels < margin
