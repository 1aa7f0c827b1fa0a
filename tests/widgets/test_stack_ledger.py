"""The Python side of StackLedger."""

from inspect import signature

import pytest
import torch

from convlib import shapes
from convlib.widgets import StackLedger
from convlib.widgets._modules import KINDS
from convlib.widgets.stack_ledger import PRESETS, _trace

CONV = {"kind": "Conv2d", "out_channels": 4, "kernel_size": 3}
POOL = {"kind": "MaxPool2d", "kernel_size": 3}
UP = {"kind": "ConvTranspose2d", "out_channels": 4, "kernel_size": 2, "stride": 2}

REFUSED_LAYERS = [
    ([{**CONV, "groups": 2}], ValueError, "in_channels must be divisible by groups"),
    ([CONV, {**CONV, "groups": 3}], ValueError, "in_channels must be divisible by groups"),
    ([{**CONV, "groups": 0}], ValueError, "groups must be a positive integer"),
    ([{**CONV, "stride": 0}], RuntimeError, "non-positive stride is not supported"),
    ([{**CONV, "padding": -1}], RuntimeError, "negative padding is not supported"),
    ([{**CONV, "kernel_size": 15}], RuntimeError, "Calculated padded input size per channel"),
    ([{**CONV, "kernel_size": "3"}], TypeError, ""),
    ([{**POOL, "padding": 2}], RuntimeError, "pad should be at most half of effective kernel"),
    (
        [{**POOL, "padding": 2, "dilation": 2}],
        RuntimeError,
        "pad should be smaller than or equal to half of kernel size, but got padW = 2",
    ),
    ([POOL] * 3, RuntimeError, "Given input size: (3x1x1). Calculated output size: (3x0x0)."),
    ([{**UP, "output_padding": 2}], RuntimeError, "output padding must be smaller than either"),
    ([{**UP, "padding": 13}], RuntimeError, "Given input size per channel: (10 x 10)."),
    ([{**CONV, "kind": "Conv1d"}], ValueError, "kind='Conv1d', but it is one of 'Conv2d'"),
    ([{**CONV, "kind": None}], ValueError, "kind=None, but it is one of"),
    ([{"kind": "Conv2d", "kernel_size": 3}], TypeError, "a Conv2d needs out_channels"),
    ([{**POOL, "groups": 1}], ValueError, "a setting of MaxPool2d='groups', but it is one of"),
    ([{**POOL, "stride": 2.0}], TypeError, "stride=2.0, but it is an int"),
    ([{**POOL, "stride": 0}], ValueError, "stride=0, but the picture has room for 1 to 1024"),
    ([{**CONV, "padding": "full"}], ValueError, "Invalid padding string 'full', should be one of"),
    ([{**CONV, "padding": "same", "stride": 2}], ValueError, "padding='same' is not supported"),
    ([{**CONV, "padding_mode": "mirror"}], ValueError, "padding_mode='mirror', but it is one of"),
    ([{**CONV, "kernel_size": (3, 3, 3)}], RuntimeError, "expected "),
    ([{**CONV, "out_channels": 70000}], ValueError, "out_channels=70000, but the picture has r"),
    ([{**UP, "stride": 100}] * 3, ValueError, "its output size is 90102, but the table has r"),
    ([CONV, {"kind": "add"}], TypeError, "add needs 'from', the rows that it reads, such as"),
    ([CONV, {"kind": "add", "from": [0, 1]}], ValueError, "from=1, but the picture has room for"),
    ([CONV, {"kind": "add", "from": [-1, 0]}], RuntimeError, "The size of tensor a (10) must ma"),
    ([CONV, {"kind": "cat", "from": [-1, 0]}], RuntimeError, "Sizes of tensors must match exce"),
    ([{"kind": "Linear", "out_features": 2, "in_features": 9}], RuntimeError, "mat1 and mat2 sh"),
    ([{"kind": "BatchNorm2d", "num_features": 4}], RuntimeError, "running_mean should contain 3"),
    ([{"kind": "Flatten"}, CONV], RuntimeError, "Expected 3D (unbatched) or 4D (batched) input"),
    ([3], TypeError, "layers[0]=3, but it is a dict"),
    ([], ValueError, "0 layers, but the table has room for 1 to 1000"),
    ([CONV] * 1001, ValueError, "1001 layers, but the table has room for 1 to 1000"),
    (CONV, TypeError, "layers={'kind': 'Conv2d'"),
]


REFUSED = [
    *(({"input_size": 10, "layers": layers}, *rest) for layers, *rest in REFUSED_LAYERS),
    ({"preset": "alexnet"}, ValueError, "preset='alexnet', but it is one of 'resnet50_stem'"),
    ({"preset": "<b>"}, ValueError, "preset='<b>', but it is one of"),
    ({"preset": None, "layers": None}, ValueError, "preset=None and layers=None, but"),
    ({"input_size": 0}, ValueError, "input_size=0, but the picture has room for 1 to 65536"),
    ({"input_size": "9"}, TypeError, "input_size='9', but it is an int"),
    ({"in_channels": 1.0}, TypeError, "in_channels=1.0, but it is an int"),
    ({"picked": "all"}, TypeError, "picked='all', but it is an int"),
]


TEXT_FORMS = [
    ("", "preset='resnet50_stem'"),
    ("224, 'resnet50_stem'", "preset='resnet50_stem'"),
    ("np.int64(64), picked=9", "input_size=64, preset='resnet50_stem', picked=1"),
    ("in_channels=64, preset='vgg_block'", "preset='vgg_block', in_channels=64"),
    (
        "32, layers=[{'kind': 'AvgPool2d', 'kernel_size': 2, 'stride': 2, 'padding': 0}]",
        "input_size=32, layers=[{'kind': 'AvgPool2d', 'kernel_size': 2}]",
    ),
    (
        "preset='vgg_block', layers=[{'kind': 'MaxPool2d', 'kernel_size': 2, 'stride': 1}]",
        "layers=[{'kind': 'MaxPool2d', 'kernel_size': 2, 'stride': 1}]",
    ),
]


def test_an_error_names_the_layer():
    with pytest.raises(RuntimeError, match=r"This is layers\[2\], a MaxPool2d\.$"):
        StackLedger(10, layers=[POOL] * 3)


def test_a_preset_replaces_the_table_and_an_edit_ends_it():
    ledger = StackLedger(112, in_channels=1)
    ledger.preset = "mobilenetv2_block"
    assert repr(ledger) == "StackLedger(preset='mobilenetv2_block')"
    assert (ledger.in_channels, ledger.input_size, len(ledger.layers)) == (24, 56, 3)
    ledger.picked = 2
    ledger.layers = [CONV]
    assert (ledger.preset, ledger.picked, ledger.in_channels) == (None, 0, 24)
    ledger.preset = "resnet50_stem"
    assert repr(ledger) == "StackLedger(preset='resnet50_stem')"


def test_the_pages_state_is_checked_too():
    ledger = StackLedger()
    ledger.set_state({"preset": None, "layers": [CONV], "picked": 0})
    text = f"StackLedger(layers=[{CONV}])"
    assert repr(ledger) == text
    with pytest.raises(ValueError, match="divisible by groups"):
        ledger.set_state({"layers": [{**CONV, "groups": 4}]})
    assert repr(ledger) == text
    preset = PRESETS["vgg_block"]
    ledger.set_state({"preset": "vgg_block", **{n: preset[n] for n in ("layers", "in_channels")}})
    assert repr(ledger) == "StackLedger(preset='vgg_block')"


PARTS = [name for name, preset in PRESETS.items() if len(preset["layers"]) < 4]


@pytest.mark.parametrize("preset", PARTS)
def test_the_code_of_a_preset_is_the_network(preset):
    ledger = StackLedger(preset=preset)
    with torch.device("meta"):
        net = eval(ledger.code, {"torch": torch})
        image = torch.empty(1, ledger.in_channels, ledger.input_size, ledger.input_size)
        assert net(image).ndim == 4
    assert len(net) == len(ledger.layers)
    convs = [layer for layer in ledger.layers if layer["kind"] == "Conv2d"]
    count = sum(parameter.numel() for parameter in net.parameters())
    channels, expected = ledger.in_channels, 0
    for conv in convs:
        names = ("out_channels", "kernel_size", "groups", "bias")
        expected += shapes.parameter_count(channels, *(conv[name] for name in names))
        channels = conv["out_channels"]
    assert count == expected
    assert all(layer["bias"] is (preset in ("vgg_block", "deeplab_aspp")) for layer in convs)


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - set(PARTS)))
def test_the_code_of_a_whole_network_is_the_network(preset):
    ledger = StackLedger(preset=preset)
    with torch.device("meta"):
        names = {"torch": torch}
        if ledger.code.startswith("class"):
            exec(ledger.code, names)
            net = names["Network"]()
        else:
            net = eval(ledger.code, names)
        output = net.eval()(torch.empty(ledger.input_shape))
    rows = _trace(ledger.layers, ledger.input_shape)
    assert tuple(output.shape) == rows[-1][2]


def test_layers_read_what_comes_in_or_say_what_they_read():
    layers = [CONV, {"kind": "BatchNorm2d"}, {"kind": "Flatten"}]
    layers.append({"kind": "Linear", "out_features": 2})
    ledger = StackLedger((8, 12), layers=layers)
    assert ledger.input_shape == (1, 3, 8, 12)
    assert "torch.nn.Linear(240, 2)" in ledger.code
    told = [{**CONV, "in_channels": 3}, *layers[1:3], {**layers[3], "in_features": 240}]
    assert StackLedger((8, 12), layers=told).code == ledger.code


def test_a_network_that_breaks_can_be_shown():
    layers = [CONV, {"kind": "Linear", "in_features": 7, "out_features": 2}]
    ledger = StackLedger(10, layers=layers, breaks=True)
    assert [layer["kind"] for layer in ledger.layers] == ["Conv2d", "Linear"]
    assert eval(repr(ledger)).settings() == ledger.settings()
    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        ledger.breaks = False
    assert ledger.breaks is True


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_pytorchs_settings(kind):
    if kind in ("add", "mul", "cat", "mean", "other"):
        return
    theirs = signature(getattr(torch.nn, kind)).parameters
    for name, default in KINDS[kind].items():
        assert name in theirs or kind == "Softmax"
        if default not in (..., None) and kind != "Softmax":
            assert theirs[name].default == default


def test_one_layer_needs_no_sequential():
    ledger = StackLedger(layers=[{**UP, "output_padding": 1, "bias": False}])
    assert ledger.code == (
        "torch.nn.ConvTranspose2d(3, 4, kernel_size=2, stride=2, output_padding=1, bias=False)"
    )


def test_the_presets_are_not_to_be_changed():
    with pytest.raises(Exception, match="read-only"):
        StackLedger().presets = {}
