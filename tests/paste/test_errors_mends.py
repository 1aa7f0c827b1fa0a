"""Mends that PyTorch proves: a call fails, its message is decoded, and the mended call runs."""

from copy import deepcopy
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tests.paste.decoding import decode


class Failure(NamedTuple):
    """A line that fails, the cause that it should be told, and what the mend works on."""

    label: str
    line: str
    names: dict


def picture(*shape, dtype=torch.float32):
    return torch.zeros(shape, dtype=dtype)


class Wrapped(nn.Module):
    """What DataParallel does to the names of the weights."""

    def __init__(self, layer):
        super().__init__()
        self.module = layer


def network(**settings):
    return nn.Sequential(
        nn.Conv2d(**{"in_channels": 3, "out_channels": 8, "kernel_size": 3} | settings)
    )


CALL = "y = layer(x)"
LOAD = "model.load_state_dict(state)"
SAVED = {"state": network().state_dict()}

FAILURES = [
    Failure("grey", CALL, {"layer": nn.Conv2d(3, 8, 5), "x": picture(2, 1, 9, 9)}),
    Failure("grey", CALL, {"layer": nn.Conv3d(3, 8, (1, 3, 3)), "x": picture(2, 1, 4, 9, 9)}),
    Failure("colour", CALL, {"layer": nn.Conv2d(1, 8, 5), "x": picture(2, 3, 9, 9)}),
    Failure("rgba", CALL, {"layer": nn.Conv2d(3, 8, 3), "x": picture(1, 4, 9, 9)}),
    Failure("channels_last", CALL, {"layer": nn.Conv2d(3, 8, 3), "x": picture(2, 9, 7, 3)}),
    Failure("batch_as_channels", CALL, {"layer": nn.Conv2d(1, 8, 3), "x": picture(16, 28, 28)}),
    Failure("batch_as_channels", CALL, {"layer": nn.Conv2d(3, 8, 3), "x": picture(3, 16, 28, 28)}),
    Failure("other_layer", CALL, {"layer": nn.Conv2d(3, 8, 3), "x": picture(2, 64, 9, 9)}),
    Failure("other_layer", CALL, {"layer": nn.ConvTranspose2d(9, 8, 3), "x": picture(2, 5, 9, 9)}),
    Failure(
        "other_layer",
        CALL,
        {"layer": nn.Conv2d(32, 8, 3), "x": picture(1, 16, 9, 9), "skip": picture(1, 16, 9, 9)},
    ),
    Failure(
        "one_kernel_for_all",
        "y = F.conv2d(x, w)",
        {"x": picture(1, 3, 20, 20), "w": picture(1, 1, 11, 11)},
    ),
    Failure(
        "one_kernel_for_all",
        "y = F.conv2d(x, w, groups=3)",
        {"x": picture(1, 3, 20, 20), "w": picture(1, 1, 5, 5)},
    ),
    Failure(
        "groups",
        "y = F.conv2d(x, w, groups=2)",
        {"x": picture(1, 4, 9, 9), "w": picture(6, 4, 3, 3)},
    ),
    Failure("groups", "y = F.conv2d(x, w)", {"x": picture(1, 6, 9, 9), "w": picture(6, 1, 3, 3)}),
    Failure(
        "groups",
        "y = F.conv2d(x, w, groups=4)",
        {"x": picture(1, 4, 9, 9), "w": picture(6, 1, 3, 3)},
    ),
    Failure("axes_missing", CALL, {"layer": nn.Conv2d(1, 8, 3), "x": picture(28, 28)}),
    Failure("axes_missing", CALL, {"layer": nn.Conv2d(1, 8, 3), "x": picture(16, 784)}),
    Failure(
        "axes_missing", CALL, {"layer": nn.ConvTranspose2d(100, 8, 4), "x": picture(16, 100)}
    ),
    Failure("axes_too_many", CALL, {"layer": nn.Conv2d(3, 8, 3), "x": picture(2, 5, 3, 9, 9)}),
    Failure("axes_too_many", CALL, {"layer": nn.Conv2d(3, 8, 3), "x": picture(2, 1, 3, 9, 9)}),
    Failure("too_small", CALL, {"layer": nn.Conv2d(3, 8, 4), "x": picture(1, 3, 3, 3)}),
    Failure("too_small", CALL, {"layer": nn.MaxPool2d(2), "x": picture(1, 3, 6, 1)}),
    Failure("border_too_wide", "y = F.pad(x, (4, 4, 0, 0), mode='reflect')",
            {"x": picture(1, 3, 64, 4)}),
    Failure("pool_padding", CALL, {"layer": nn.MaxPool2d(3, padding=2), "x": picture(1, 3, 9, 9)}),
    Failure("padding_word", "layer = nn.Conv2d(3, 8, 3, padding='SAME')",
            {"x": picture(1, 3, 9, 9)}),
    Failure("padding_word", "layer = nn.Conv2d(3, 8, 3, padding='reflect')",
            {"x": picture(1, 3, 9, 9)}),
    Failure("same_with_stride", "layer = nn.Conv2d(3, 8, 3, stride=2, padding='same')",
            {"x": picture(1, 3, 9, 9)}),
    Failure("output_padding", CALL,
            {"layer": nn.ConvTranspose2d(3, 8, 3, output_padding=1), "x": picture(1, 3, 9, 9)}),
    Failure("number_type", CALL,
            {"layer": nn.Conv2d(3, 8, 3), "x": picture(1, 3, 9, 9, dtype=torch.uint8)}),
    Failure("number_type", CALL,
            {"layer": nn.Conv2d(3, 8, 3), "x": picture(1, 3, 9, 9, dtype=torch.float64)}),
    Failure("number_type", CALL,
            {"layer": nn.Conv2d(3, 8, 3, bias=False), "x": picture(1, 3, 9, 9).long()}),
    Failure("number_type", CALL,
            {"layer": nn.Conv2d(3, 8, 3).half(), "x": picture(1, 3, 9, 9)}),
    Failure("argument", CALL,
            {"layer": nn.Conv2d(3, 8, 3), "x": np.zeros((1, 3, 9, 9), "float32")}),
    Failure("argument", CALL, {"layer": nn.Conv2d(3, 8, 3), "x": [picture(1, 3, 9, 9)]}),
    Failure("argument", "layer = nn.Conv2d(3, 8, 3.0)", {"x": picture(1, 64 // 2, 9, 9)}),
    Failure("not_flattened", CALL, {"layer": nn.Linear(3136, 128), "x": picture(8, 64, 7, 7)}),
    Failure("linear_size", CALL, {"layer": nn.Linear(400, 120), "x": picture(64, 512)}),
    Failure("linear_size", "x = x.view(-1, 400)", {"x": picture(3, 31, 124)}),
    Failure("memory_order", "x = x.permute(0, 2, 3, 1).view(2, -1)", {"x": picture(2, 3, 4, 4)}),
    Failure(
        "sizes_meet",
        "y = torch.cat([skip, x], dim=1)",
        {"skip": picture(1, 8, 53, 53), "x": picture(1, 8, 52, 52)},
    ),
    Failure("batchnorm", "y = model(x)",
            {"model": nn.Sequential(nn.BatchNorm2d(4)), "x": picture(1, 4, 1, 1)}),
    Failure("other_layer", "y = norm(x)",
            {"norm": nn.GroupNorm(2, 8), "x": picture(1, 6, 4, 4)}),
    Failure("channels_last", "x = norm(x)", {"norm": nn.LayerNorm(8), "x": picture(1, 8, 4, 4)}),
    Failure("bias", "y = F.conv2d(x, w, b)",
            {"x": picture(1, 3, 9, 9), "w": picture(8, 3, 3, 3), "b": picture(1)}),
    Failure("state_prefix", LOAD,
            {"model": network(), "state": Wrapped(network()).state_dict()}),
    Failure("state_prefix", LOAD, {"model": Wrapped(network()), **SAVED}),
    Failure("state_shape", LOAD, {"model": network(in_channels=1), **SAVED}),
    Failure("state_shape", LOAD,
            {"model": network(), "state": network(in_channels=1).state_dict()}),
    Failure("state_shape", "model.load_state_dict(state)",
            {"model": nn.Linear(8, 10), "state": nn.Linear(8, 1000).state_dict()}),
    Failure("state_keys", LOAD, {"model": network(bias=False), **SAVED}),
]  # fmt: skip

TOOLS = {"torch": torch, "nn": nn, "F": F}


def run(code, names):
    exec(code, names)  # one scope: a comprehension sees no other


@pytest.mark.parametrize("failure", FAILURES, ids=lambda f: f"{f.label}: {f.line}")
def test_the_mended_call_runs(failure):
    names = TOOLS | deepcopy(failure.names)
    with pytest.raises((RuntimeError, ValueError, TypeError)) as caught:
        run(failure.line, names)
    answer = decode(f"{caught.typename}: {caught.value}")
    assert answer["label"] == failure.label
    mend = answer["causes"][0]["mend"]
    run(mend, names)
    if mend.startswith("layer ="):
        run("y = layer(x)", names)
    elif target(mend) != target(failure.line) and "load_state_dict" not in mend:
        run(failure.line, names)  # else the mend is the line itself, written anew


UNBATCHED = [
    Failure("grey", CALL, {"layer": nn.Conv2d(3, 8, 5), "x": picture(1, 9, 9)}),
    Failure("colour", CALL, {"layer": nn.Conv2d(1, 8, 5), "x": picture(3, 9, 9)}),
    Failure("rgba", CALL, {"layer": nn.Conv2d(3, 8, 3), "x": picture(4, 9, 9)}),
    Failure("channels_last", CALL, {"layer": nn.Conv2d(3, 8, 3), "x": picture(9, 7, 3)}),
    Failure("batch_as_channels", CALL, {"layer": nn.Conv2d(1, 8, 3), "x": picture(16, 28, 28)}),
]


@pytest.mark.parametrize("failure", UNBATCHED, ids=lambda f: f.label)
def test_the_mend_fits_the_axes_of_an_input_that_is_known(failure):
    """PyTorch's message shows one picture as a batch of 1; the reader may say which it is."""
    names = TOOLS | deepcopy(failure.names)
    with pytest.raises(RuntimeError) as caught:
        run(CALL, names)
    answer = decode(f"RuntimeError: {caught.value}", {"input": list(names["x"].shape)})
    assert answer["label"] == failure.label
    run(answer["causes"][0]["mend"], names)
    run(CALL, names)


def target(line):
    """Return the name that a line gives a value to."""
    return line.partition(" =")[0]


def test_the_main_labels_are_proven():
    print(f"{len(FAILURES)} mends run in PyTorch, for {len({f.label for f in FAILURES})} labels")
    assert len({f.label for f in FAILURES}) >= 25
