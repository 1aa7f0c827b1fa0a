"""math/modules.js against PyTorch: shapes, weights, work, and what PyTorch says when it refuses."""

import inspect
import itertools
import os
import warnings
from collections import Counter

import pytest

os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")
import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.browser.test_words import narrow_words

from .javascript import Javascript

CASES = 6_000
WORKING = {"Conv2d": 4, "ConvTranspose2d": 4, "Linear": 2}  # with so many axes there is a batch
FREE = ("add", "mul", "cat", "view", "mean")  # written in a network's forward, no class

# What each setting is drawn from: mostly legal, sometimes not.
SIZE = (1, 1, 2, 2, 3, 3, 4, 5)
VALUES = {
    "in_channels": (1, 2, 3, 3, 4, 6),
    "out_channels": (1, 2, 3, 4, 6, 0),
    "groups": (1, 1, 1, 1, 1, 2, 3, 0),
    "stride": (1, 1, 2, 3),
    "padding": (0, 0, 1, 1, 2, 3, -1),
    "output_padding": (0, 0, 0, 1, 2, -1),
    "dilation": (1, 1, 1, 2, 3, -1),
    "bias": (True, False),
    "padding_mode": ("zeros",) * 4 + ("reflect", "replicate", "circular"),
    "ceil_mode": (False, True),
    "count_include_pad": (True, False),
    "divisor_override": (None, None, None, None, 2, 0),
    "num_features": (1, 3, 3, 4, 6),
    "affine": (True, False),
    "track_running_stats": (True, False),
    "elementwise_affine": (True, False),
    "num_groups": (1, 1, 2, 3),
    "num_channels": (3, 3, 4, 6),
    "num_parameters": (1, 3, 4),
    "p": (0, 0.1, 0.5, 1, 1.5, -1),
    "start_dim": (0, 1, 1, 2, -2, 3, -5),
    "end_dim": (-1, -1, -1, 2, 1, 4),
    "in_features": (3, 5, 7, 8),
    "out_features": (1, 4, 10, -1),
    "upscale_factor": (1, 2, 3, 0),
    "downscale_factor": (1, 2, 3, 0),
    "mode": (
        "nearest",
        "nearest",
        "bilinear",
        "bicubic",
        "area",
        "trilinear",
        "linear",
        "nearest-exact",
    ),
    "align_corners": (None, None, None, True, False),
    "recompute_scale_factor": (None, None, True),
    "threshold": (0.5,),
    "value": (1.5,),
}
OWN = {  # where a name means something else in one class
    ("Upsample", "size"): lambda draw: draw.choice((None, 5, 7, 0, (4, 6), (3,))),
    ("UpsamplingNearest2d", "size"): lambda draw: draw.choice((None, 5, (4, 6))),
    ("UpsamplingBilinear2d", "size"): lambda draw: draw.choice((None, 5, (4, 6))),
    ("LocalResponseNorm", "size"): lambda draw: draw.choice((1, 2, 5)),
    ("LayerNorm", "normalized_shape"): lambda draw: draw.choice((8, 7, (8, 8), (3, 8, 8), ())),
    ("Unflatten", "dim"): lambda draw: draw.choice((0, 1, -1, 2, 5)),
    ("GLU", "dim"): lambda draw: draw.choice((0, 1, -1, 2, 5)),
    ("Unflatten", "unflattened_size"): lambda draw: draw.choice(
        ((3, 1), (-1, 2), (2, 4), (1,), (-1, -1), (), (2, -1, 2))
    ),
    ("PReLU", "init"): lambda draw: 0.25,
}  # fmt: skip
SHAPES = ((1, 3, 8, 8), (2, 3, 8, 7), (2, 6, 5, 9), (1, 4, 6, 6), (3, 8, 8), (2, 1, 1, 1))
ODD_SHAPES = ((1, 3, 1, 1), (2, 8), (5,), (3, 7, 7, 1, 2), (0, 3, 8, 8), (1, 3, 0, 8), (1, 0, 8, 8))


def wide(draw, values):
    """Draw a size: one number, or a pair."""
    return draw.choice((draw.choice(values), [draw.choice(values), draw.choice(values)]))


def setting(draw, kind, name):
    """Draw one setting of a module."""
    if (kind, name) in OWN:
        return OWN[kind, name](draw)
    if name == "kernel_size":
        convolves = kind.startswith("Conv")  # whose kernels differ on a size of 0
        return wide(draw, (*SIZE, *SIZE, 9 if convolves else 0))
    if name == "padding" and kind.endswith("Pad2d"):
        values = (
            (0, 1, 2, 3, 8, 9) if kind in ("ReflectionPad2d", "ReplicationPad2d") else (0, 2, -1, 9)
        )
        return draw.choice((draw.choice(values), [draw.choice(values) for _ in range(4)]))
    if name == "padding" and kind == "Conv2d" and draw.random() < 0.25:
        return draw.choice(("same", "same", "valid", "full"))
    if name == "output_size":
        return draw.choice((1, 7, 0, -1, [2, 3], [None, 4], [5, -2]))
    if name == "scale_factor":
        return draw.choice((None, 2, 2, 0.5, 1.7, 0.1, [2, 0.5], 0))
    if name == "stride" and kind.endswith("Pool2d"):
        return draw.choice((None, wide(draw, (1, 2, 2, 3, 0, -1))))
    if name == "out_channels" and kind == "ConvTranspose2d":
        return draw.choice((1, 2, 3, 4, 6))  # on 0 its kernels differ
    if name == "padding_mode" and kind == "ConvTranspose2d":
        return "zeros"
    if name == "padding" and kind == "Conv2d" and draw.random() < 0.25:
        return wide(draw, (0, 1, 2, 3))
    if name in ("stride", "padding", "output_padding", "dilation"):
        return wide(draw, VALUES[name])
    if name == "dim":
        return draw.choice((None, 0, 1, -1, 3, 4, -5))
    if name == "groups" and kind == "ChannelShuffle":
        return draw.choice((1, 2, 3))
    return draw.choice(VALUES[name])


def random_module(draw, kind, signature):
    """Draw a module: all it must have, and some of what it may have."""
    plain = {
        "device",
        "dtype",
        "inplace",
        "eps",
        "momentum",
        "return_indices",
        "alpha",
        "beta",
        "k",
    }
    module = {"kind": kind}
    for name, *default in signature:
        known = (kind, name) in OWN or name in VALUES or name in setting.__code__.co_consts
        if default and (name in plain or not known or draw.random() < 0.5):
            continue
        module[name] = setting(draw, kind, name)
    return module


def tuples(value):
    return tuple(value) if isinstance(value, list) else value


def ask_torch(module, shape):
    """Build a module and call it: its shape, weights, parameters and MACs; or the error."""
    settings = {name: tuples(value) for name, value in module.items()}
    kind, training = settings.pop("kind"), settings.pop("training", False)
    try:
        layer = getattr(torch.nn, kind)(**settings).train(training)
        output = layer(torch.zeros(shape))
    except Exception as error:
        return {"type": type(error).__name__, "message": str(error).split("\n")[0]}
    macs = count_macs(layer, shape) if kind in WORKING and 0 not in (*shape, *output.shape) else 0
    weight, bias = getattr(layer, "weight", None), getattr(layer, "bias", None)
    return {
        "output": list(output.shape),
        "weight": None if weight is None else list(weight.shape),
        "bias": None if bias is None else list(bias.shape),
        "parameters": sum(each.numel() for each in layer.parameters()),
        "macs": macs,
    }


def count_macs(layer, shape):
    """Count with PyTorch's own counter what one image costs; it counts two for each."""
    has_batch = len(shape) >= WORKING[type(layer).__name__]
    image = torch.zeros(1, *shape[1:]) if has_batch else torch.zeros(shape)
    with FlopCounterMode(display=False) as counter:
        layer(image)
    return counter.get_total_flops() // 2


@pytest.fixture(scope="module")
def modules():
    return Javascript("math/modules")


@pytest.fixture(scope="module")
def signatures(modules):
    return {kind: each["parameters"] for kind, each in modules.evaluate("MODULES").items()}


def test_every_signature_is_pytorchs(signatures):
    for kind, parameters in signatures.items():
        if kind in FREE:
            continue
        own = inspect.signature(getattr(torch.nn, kind).__init__).parameters.values()
        expected = [
            [each.name] if each.default is each.empty else [each.name, each.default]
            for each in own
            if each.name not in ("self", "args", "kwargs", "min_value", "max_value")
        ]
        assert parameters == expected, kind


ANSWER = """given[0].map(([module, shape]) => {
  const output = outputShape(module, [shape]);
  if (!Array.isArray(output)) return output;
  const [weight, bias] = [weightShape(module), biasShape(module)];
  const [parameters, macs] = [parameterCount(module), macCount(module, shape, output)];
  return { output, weight, bias, parameters, macs };
})"""

# Sentences that change from run to run, since they print a set; and those of oneDNN and other
# kernels, which differ with the machine: any refusal is right.
PRINTING_A_SET = ("padding_mode must be one of", "Invalid padding string")
VARYING = ("could not create", "could not construct", "kernel size should be", "dilation should be")


def agrees(answer, expected):
    """Tell whether an answer is PyTorch's."""
    if answer.get("rule") == "output too small" and 0 in expected.get("output", ()):
        return True  # oneDNN lets a size of 0 pass, PyTorch's other kernels refuse it
    if "message" not in answer or "message" not in expected:
        return answer == expected
    if expected["message"].startswith(VARYING):
        return answer["type"] == expected["type"]
    for beginning in PRINTING_A_SET:
        if expected["message"].startswith(beginning):
            return answer["message"].startswith(beginning)
    return all(answer[part] == expected[part] for part in ("type", "message"))


@pytest.mark.filterwarnings("ignore:input's size at dim")
def test_norms_on_inputs_without_numbers(modules):
    settings = itertools.product(("BatchNorm2d", "InstanceNorm2d"), (1, 3, 6), *[(False, True)] * 3)
    images = list(itertools.product((0, 1, 2), (0, 1, 3), (0, 1, 8), (0, 8)))
    names = ("kind", "num_features", "track_running_stats", "affine", "training")
    made = [dict(zip(names, each, strict=True)) for each in settings]
    calls = [[module, shape] for module in made for shape in images if 0 in shape]
    for (module, shape), answer in zip(calls, modules.evaluate(ANSWER, calls), strict=True):
        expected = ask_torch(module, shape)
        if "output" in expected:
            expected["macs"] = answer.get("macs")
        assert agrees(answer, expected), (module, shape, answer, expected)


def test_random_modules_on_random_shapes(modules, signatures, sample):
    draw = sample.draw()
    kinds = [kind for kind in signatures if kind not in FREE]
    weighted = kinds + ["Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d", "Upsample"] * 6
    calls = []
    while len(calls) < CASES:
        kind = draw.choice(weighted)
        module = random_module(draw, kind, signatures[kind])
        if draw.random() < 0.2:
            module["training"] = True
        calls.append([module, draw.choice(SHAPES if draw.random() < 0.9 else ODD_SHAPES)])
    answers = modules.evaluate(ANSWER, calls)
    counts = Counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for (module, shape), answer in zip(calls, answers, strict=True):
            expected = ask_torch(module, shape)
            if "output" in expected and 0 in (*shape, *expected["output"]):
                expected["macs"] = answer.get("macs")  # no image, no work to count
            assert agrees(answer, expected), (module, shape, answer, expected)
            counts[module["kind"], "message" in expected] += 1
            if "message" in expected:
                assert answer["rule"], (module, answer)
                assert answer["why"], (module, answer)
    refused = sum(number for (_, refusal), number in counts.items() if refusal)
    print(f"{CASES} modules of {len(kinds)} kinds: {refused} refused by PyTorch")
    assert all(counts[kind, False] for kind in kinds)
    assert CASES / 10 < refused < CASES * 0.8


# The reasons while a language of wide letters is spoken; PyTorch's own message stays English.
WIDE = """(() => {
  const { setWords } = $math_words;
  const wide = (text) => text.replace(/(\\{\\w+\\})|([A-Za-z])/g, (all, fact, letter) =>
    fact ?? String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
  setWords("en", new Proxy({}, { get: (_, text) => wide(text) }));
  const answers = given[0].map(([module, shapes]) => outputShape(module, shapes));
  setWords("en", {});
  return answers.map(({ why }) => why ?? "");
})()"""
JOINED = (
    [{"kind": "add"}, [[1, 3, 8, 8], [1, 3, 7, 8]]],
    [{"kind": "cat", "dim": 1}, [[1, 3, 8, 8], [1, 3, 7, 8]]],
    [{"kind": "cat", "dim": 1}, [[1, 3, 8, 8], [1, 3]]],
    [{"kind": "view", "size": [-1, -1]}, [[1, 3, 8, 8]]],
    [{"kind": "view", "size": [1, 7]}, [[1, 3, 8, 8]]],
    [{"kind": "mean", "dim": [4]}, [[1, 3, 8, 8]]],
)


def test_every_reason_goes_through_the_catalogue(modules, signatures, sample):
    draw = sample.draw()
    calls = list(JOINED)
    for kind in [kind for kind in signatures if kind not in FREE] * 60:
        module = random_module(draw, kind, signatures[kind])
        calls.append([{**module, "training": draw.random() < 0.5}, [draw.choice(ODD_SHAPES)]])
    reasons = set(modules.evaluate(WIDE, calls)) - {""}
    print(f"{len(reasons)} reasons of {len(calls)} calls")
    assert narrow_words(reasons) == {}
