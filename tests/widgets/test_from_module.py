"""StackLedger.from_module on real networks: shapes by hooks, totals, and fields by gradients."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from convlib.widgets import StackLedger
from convlib.widgets._from_module import seen_by
from convlib.widgets.stack_ledger import PRESETS

from .javascript import Javascript
from .networks import NETWORKS, Plain

# For gradients the image is small: what is clipped at its border is compared as well.
SMALL = {"resnet18": 96, "resnet50": 64, "vgg16": 64, "mobilenetv2": 64, "unet": 32}
SMALL["patchgan70"] = 96

TABLE = """tableOf(given[0]).map(({ output, parameters, macs, refusal }) =>
  ({ output, parameters, macs, refusal }))"""
SEEN = """given[1].map((row) => [0, 1].map((axis) => {
  const { output } = given[2][row];
  const position = given[3] === "corner" || output.length < 4 ? 0
    : Math.floor(output.at(axis - 2) / 2);
  return seenFrom(rows, row, position, axis);
}))"""


@pytest.fixture(scope="module")
def ledger_js():
    return Javascript("math/ledger")


def state_of(ledger):
    return {name: getattr(ledger, name) for name in ("in_channels", "input_size", "layers")}


@pytest.fixture(scope="module", params=NETWORKS)
def network(request):
    make, shape = NETWORKS[request.param]
    torch.manual_seed(0)
    return request.param, make().eval(), shape


def hooked_shapes(model, shape):
    """List name and output shape of every module without children, in order of execution."""
    found, handles = [], []
    for name, module in model.named_modules():
        if not list(module.children()):
            note = lambda _m, _i, out, name=name: found.append((name, list(out.shape)))  # noqa: E731
            handles.append(module.register_forward_hook(note))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(torch.zeros(shape))
    for handle in handles:
        handle.remove()
    return found, counter.get_total_flops() // 2


def test_shapes_are_those_of_hooks_and_totals_those_of_pytorch(network, ledger_js):
    _name, model, shape = network
    ledger = StackLedger.from_module(model, shape)
    rows = ledger_js.evaluate(TABLE, state_of(ledger))
    assert [row.get("refusal") for row in rows] == [None] * len(ledger.layers)
    found, macs = hooked_shapes(model, shape)
    named = [
        (layer["name"], row["output"])
        for layer, row in zip(ledger.layers, rows, strict=True)
        if "name" in layer
    ]
    assert named == found
    assert sum(row["macs"] for row in rows) == macs
    assert sum(row["parameters"] for row in rows) == sum(p.numel() for p in model.parameters())


def test_fields_are_the_gradients_of_ones(network, ledger_js, sample):
    name, model, shape = network
    size = SMALL.get(name)
    shape = (*shape[:2], size, size) if size else shape
    ledger = StackLedger.from_module(model, shape)
    table = ledger_js.evaluate("tableOf(given[0])", state_of(ledger))
    images = [row for row, each in enumerate(table) if len(each["output"]) == 4]
    rows = sorted({*sample.of(images, 4), images[-1]})
    told = 0
    for position in ("corner", "middle"):
        expression = f"(() => {{ const rows = tableOf(given[0]); return {SEEN}; }})()"
        seen = ledger_js.evaluate(expression, state_of(ledger), rows, table, position)
        expected = seen_by(model, shape, rows, position)
        for row, runs, pixels in zip(rows, seen, expected, strict=True):
            if None in runs:
                continue
            told += 1
            ours = tuple(
                [n for first, last in axis for n in range(first, last + 1)] for axis in runs
            )
            assert ours == pixels, (name, row, ledger.layers[row]["kind"], position)
    assert told >= (len(rows) if name in ("plain",) else 2 * len(rows))


def test_a_model_is_left_as_it_was():
    model = Plain().train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    StackLedger.from_module(model, (3, 32, 32))
    assert model.training
    assert model.conv1.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not model.conv1._forward_hooks
    assert not model.conv1._forward_pre_hooks


@pytest.mark.parametrize(
    ("model", "shape", "kind", "message"),
    [
        (
            torch.nn.Sequential(
                torch.nn.Conv2d(3, 8, 3), torch.nn.Flatten(), torch.nn.Linear(9, 2)
            ),
            (1, 3, 8, 8),
            "Linear",
            "mat1 and mat2 shapes cannot be multiplied (1x288 and 9x2)",
        ),
        (
            torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(4)),
            (1, 3, 8, 8),
            "BatchNorm2d",
            "running_mean should contain 8 elements not 4",
        ),
        (
            torch.nn.Sequential(torch.nn.Conv2d(4, 8, 3)),
            (1, 3, 8, 8),
            "Conv2d",
            "Given groups=1, weight of size [8, 4, 3, 3], expected input[1, 3, 8, 8] to have 4"
            " channels, but got 3 channels instead",
        ),
    ],
)
def test_a_call_that_fails_shows_the_rows_so_far_and_the_one_that_broke(
    model, shape, kind, message, ledger_js
):
    ledger = StackLedger.from_module(model, shape)
    assert ledger.layers[-1]["kind"] == kind
    refusal = ledger_js.evaluate(TABLE, state_of(ledger))[-1]["refusal"]
    with pytest.raises(RuntimeError) as error:
        model(torch.zeros(shape))
    assert str(error.value).splitlines()[0] == message == refusal["message"]


def test_a_join_that_fails_names_its_rows(ledger_js):
    class Halves(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.pool, self.up = torch.nn.MaxPool2d(2), torch.nn.Upsample(scale_factor=2)

        def forward(self, x):
            return torch.cat([x, self.up(self.pool(x))], dim=1)

    ledger = StackLedger.from_module(Halves(), (1, 3, 7, 8))
    last = ledger.layers[-1]
    assert (last["kind"], last["from"], last["dim"]) == ("cat", [-1, 1], 1)
    refusal = ledger_js.evaluate(TABLE, state_of(ledger))[-1]["refusal"]
    assert refusal["message"].startswith("Sizes of tensors must match except in dimension 1.")
    assert refusal["facts"]["sizes"] == [7, 6]


class Strange(torch.nn.Module):
    """A layer that torch.nn does not have."""

    def forward(self, x):
        raise KeyError("nothing here")


def test_a_layer_of_ones_own_that_fails_is_shown_with_its_error(ledger_js):
    ledger = StackLedger.from_module(torch.nn.Sequential(torch.nn.ReLU(), Strange()), (1, 3, 4, 4))
    assert ledger.layers[-1]["text"] == "Strange"
    assert ledger_js.evaluate(TABLE, state_of(ledger))[-1]["refusal"]["type"] == "KeyError"


def test_the_field_of_a_row_can_be_asked_for():
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3, dilation=2), torch.nn.ReLU())
    rows, columns = StackLedger.from_module(model, (1, 16, 16)).seen_by(1)
    assert (rows, columns) == ([6, 8, 10], [6, 8, 10])
    with pytest.raises(ValueError, match="has no model"):
        StackLedger().seen_by(0)


@pytest.mark.parametrize("name", sorted(set(PRESETS) & set(NETWORKS)))
def test_a_preset_is_the_network(name, ledger_js):
    make, shape = NETWORKS[name]
    model = make().eval()
    preset = StackLedger(preset=name)
    assert preset.input_shape == shape
    ours = ledger_js.evaluate(TABLE, state_of(preset))
    found, macs = hooked_shapes(model, shape)
    steps = [row["output"] for row, layer in zip(ours, preset.layers, strict=True)
             if layer["kind"] not in ("add", "cat", "Flatten", "AdaptiveAvgPool2d")]  # fmt: skip
    kinds = dict(model.named_modules())
    hooked = [shape for name, shape in found
              if type(kinds[name]).__name__ not in ("AdaptiveAvgPool2d", "Flatten")]  # fmt: skip
    assert steps == hooked
    assert sum(row["macs"] for row in ours) == macs
    assert sum(row["parameters"] for row in ours) == sum(p.numel() for p in model.parameters())
