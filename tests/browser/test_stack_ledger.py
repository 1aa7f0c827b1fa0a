"""StackLedger in a real browser: its arithmetic against PyTorch, and what a reader can do."""

import itertools
import json
import os
from types import SimpleNamespace

import numpy as np
import pytest

from convlib.shapes import receptive_field
from convlib.widgets import StackLedger
from convlib.widgets._modules import FILLED_IN, JOINS, complete
from convlib.widgets._modules import KINDS as ALL_KINDS
from convlib.widgets._photo import CREDIT, photo_values
from convlib.widgets.stack_ledger import PRESETS, _checked_layers

os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")
import torch
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode, conv_flop_count

from tests.browser.hands import click, nothing, press, push, type_in, write
from tests.browser.pages import spoken, trait
from tests.browser.states import traits

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {
    "preset": None,
    "layers": [
        {
            "kind": "Conv2d",
            "out_channels": 64,
            "kernel_size": 3,
            "dilation": n % 3,
            "padding": n % 3,
        }
        for n in (1, 2) * 100
    ],
}
ACTIONS = [
    (click(".cv-record", 2), "preset='resnet50_stem', picked=1"),
    (press(".cv-record", "ArrowUp", place=2), "preset='resnet50_stem'"),
    (write("[aria-label=input_size]", "64"), "input_size=64, preset='resnet50_stem'"),
]
CHANGE = ("preset = 'vgg_block'", "1,792")
AXE_STATES = [
    ({"preset": "deeplab_aspp"}, lambda view: view.locator(".cv-record").nth(2).click()),
    ({"preset": None, "layers": [{"kind": "MaxPool2d", "kernel_size": 2}]}, push("Remove")),
    ({}, push("+ ConvTranspose2d")),
    ({}, type_in("input_size", 2)),
]
CONV = {"kind": "Conv2d", "out_channels": 3, "kernel_size": 3}
HALF = {"kind": "MaxPool2d", "kernel_size": 2}
DOUBLE = {"kind": "Upsample", "scale_factor": 2}
ADD = {"kind": "add", "from": [-1, 1]}
FLATTEN, LINEAR = {"kind": "Flatten"}, {"kind": "Linear", "in_features": 12, "out_features": 2}
WRONG = [HALF, FLATTEN, LINEAR, {"kind": "ReLU"}]
MEASURED = {"kind": "other", "text": "roll"}
ASK = push("Which images does it take?")
WORD_STATES = [
    *(({"preset": name}, nothing) for name in PRESETS),
    ({"batch": 4}, push("more columns")),
    ({"layers": [CONV, {**CONV, "padding": "same", "padding_mode": "reflect"}]}, push("every row")),
    ({"layers": [CONV]}, push("height ≠ width")),
    # every kind that has words of its own
    ({"layers": [{"kind": "AdaptiveMaxPool2d", "output_size": [2, 3]}, DOUBLE]}, nothing),
    ({"layers": [{"kind": "GroupNorm", "num_groups": 3}, {"kind": "Dropout"}]}, nothing),
    ({"layers": [{"kind": "mean", "dim": [2, 3]}]}, nothing),
    ({"layers": [CONV, {"kind": "cat", "from": [0, 0], "dim": 1}], "picked": 1}, nothing),
    ({"layers": [{**DOUBLE, "mode": "bicubic"}]}, nothing),  # a field that cannot be told
    ({"layers": [{**MEASURED, "output": [1, 3, 224, 224]}]}, nothing),
    # the images that it takes
    *(({"preset": name, "input_size": 64}, ASK) for name in ("unet", "patchgan70")),
    ({"layers": [{**CONV, "kernel_size": 2}, HALF, DOUBLE, {**ADD, "from": [0, 2]}],
      "input_size": 9}, ASK),
    ({"layers": [HALF, FLATTEN, LINEAR], "input_size": 4}, ASK),
    ({"layers": [FLATTEN, LINEAR], "input_size": 2}, ASK),
    ({"layers": WRONG, "breaks": True, "in_channels": 5}, ASK),
    # what breaks
    *(({"layers": WRONG, "breaks": True, "picked": row}, nothing) for row in (2, 3)),
    ({"layers": [{**LINEAR, "in_features": 3 * 224 * 224}], "breaks": True}, nothing),
    ({"layers": [CONV, {**MEASURED, "error": "RuntimeError: shape '[1]' is invalid"}],
      "breaks": True, "picked": 1}, nothing),
    ({"layers": [{**DOUBLE, "scale_factor": 100}] * 3, "breaks": True, "picked": 2}, nothing),
    # what is refused
    ({"preset": "mobilenetv2_block"}, type_in("out_channels", 100)),
    ({"preset": "unet", "input_size": 64}, type_in("input_size", 50)),
    ({"layers": [HALF, FLATTEN, {**ADD, "from": [1, 1]}], "picked": 2}, push("Move the layer up")),
    ({"layers": [HALF, DOUBLE, ADD]}, push("Remove")),
    ({"layers": [{"kind": "AdaptiveAvgPool2d", "output_size": 1}]}, push("+ MaxPool2d")),
    ({"layers": [{"kind": "ReLU"}] * 1000}, push("+ ReLU")),
]  # fmt: skip
TIMED = [
    (".cv-record[tabindex='0']", ("ArrowDown", "ArrowUp")),
    ("[aria-label=dilation]", ("ArrowDown", "ArrowUp")),
]

STATES, SAMPLED = 10_000, 1500  # and more until every pair of settings has occurred

# The kinds that have windows, with the settings that are drawn; every pair of values occurs.
KINDS = {
    kind: {name: value for name, value in ALL_KINDS[kind].items() if name not in FILLED_IN}
    for kind in ("Conv2d", "MaxPool2d", "AvgPool2d", "ConvTranspose2d")
}

# What the states are drawn from. Every pair of values of two settings of a layer occurs, and every
# pair of settings of two neighbours; the test counts that.
VALUES = {
    "out_channels": (1, 2, 3, 4, 6, 12),
    "kernel_size": (1, 2, 3, 4, 5, 7),
    "stride": (1, 2, 3),
    "padding": (0, 1, 2, 3),
    "output_padding": (0, 1, 2),
    "dilation": (1, 2, 3),
    "groups": (1, 2, 3, 4),
    "bias": (True, False),
    "ceil_mode": (False, True),
    "padding_mode": ("zeros", "reflect", "replicate", "circular"),
}
PAIRS = ("kernel_size", "stride", "padding", "output_padding", "dilation")
OTHERS = (
    {"kind": "BatchNorm2d"},
    {"kind": "ReLU"},
    {"kind": "Dropout"},
    {"kind": "Upsample", "scale_factor": 2},
    {"kind": "Upsample", "scale_factor": 3, "mode": "bilinear"},
    {"kind": "AdaptiveAvgPool2d", "output_size": 4},
    {"kind": "ZeroPad2d", "padding": 1},
)

COMPUTE = """async (text) => {
  const { tableOf, problemIn, fieldOf, seenFrom } = await import("/math/ledger.js");
  const { networkCode } = await import("/math/network_code.js");
  const all = (runs) => runs && runs.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, place) => first + place));
  const axisOf = (rows, index, axis) => {
    const found = fieldOf(rows[index], axis);
    const corner = all(seenFrom(rows, index, 0, axis));
    if (!found) return { corner };
    return { ...found, first: all(found.first), seen: all(found.seen), corner };
  };
  return JSON.stringify(JSON.parse(text).map((stack) => {
    const rows = tableOf(stack);
    return problemIn(stack, rows) ?? {
      code: networkCode(rows, stack.layers),
      rows: rows.map(({ input, output, weight, parameters, macs, from }, index) => ({
        input, output, weight, parameters, macs, from,
        axes: [0, 1].map((axis) => axisOf(rows, index, axis)),
      })),
    };
  }));
}"""


def compute(page, stacks):
    """Let the widget's JavaScript work out the tables. As text: Playwright is slow with objects."""
    return json.loads(page.evaluate(COMPUTE, json.dumps(stacks)))


def random_value(draw, name):
    """Draw a setting: mostly one number for both axes."""
    value = draw.choice(VALUES[name])
    if name in PAIRS and draw.random() < 0.15:
        return [value, draw.choice(VALUES[name])]
    if name == "padding_mode" and draw.random() < 0.6:
        return "zeros"
    return value


def random_stack(draw):
    """Draw one to five layers. Most rules are kept most of the time."""
    channels = draw.choice(VALUES["out_channels"])
    size = draw.choice((draw.randint(1, 64), 48, 64))
    stack = {
        "in_channels": channels,
        "input_size": size if draw.random() < 0.7 else [size, draw.randint(20, 64)],
        "batch": 1,
        "layers": [],
    }
    for row in range(draw.choice((1, 2, 2, 3, 4, 5))):
        if draw.random() < 0.15:
            stack["layers"].append(complete(draw.choice(OTHERS)))
            continue
        if row and draw.random() < 0.08:
            join = {
                "kind": draw.choice(("add", "cat")),
                "from": [row - 1, draw.randint(-1, row - 1)],
            }
            stack["layers"].append(complete(join))
            channels = 2 * channels if join["kind"] == "cat" else channels
            continue
        kind = draw.choice(("Conv2d", "Conv2d", *KINDS))
        for _ in range(draw.choice((1, 20, 20, 20))):
            layer = {name: random_value(draw, name) for name in KINDS[kind]}
            groups = layer.get("groups", 1)
            if channels % groups == 0 and possible(kind, layer):
                break
        if kind == "Conv2d" and layer["stride"] == 1 and draw.random() < 0.1:
            layer["padding"] = "same"
        stack["layers"].append({"kind": kind, **layer})
        channels = layer.get("out_channels", channels)
    return stack


def tuples(value):
    return tuple(value) if isinstance(value, list) else value


def build(layer, channels):
    """Build a layer."""
    settings = {
        name: tuples(value) for name, value in layer.items() if name not in ("kind", "from")
    }
    if "out_channels" in layer or layer["kind"] == "BatchNorm2d":
        return getattr(torch.nn, layer["kind"])(channels, **settings).eval()
    return getattr(torch.nn, layer["kind"])(**settings).eval()


def at_axis(layer, name, axis, default=None):
    value = layer.get(name, default)
    return value[axis] if isinstance(value, (list, tuple)) else value


def apply_along_one_axis(layer, inputs, axis):
    """Apply a layer with one channel, weights of 1 and no bias."""
    kind, x = layer["kind"], inputs[0]
    if kind in JOINS:
        return sum(inputs)
    if kind == "Upsample":
        mode = {"bilinear": "linear"}.get(layer["mode"], layer["mode"])
        return functional.interpolate(x, scale_factor=layer["scale_factor"], mode=mode)
    if kind == "AdaptiveAvgPool2d":
        return functional.adaptive_avg_pool1d(x, layer["output_size"])
    if kind == "ZeroPad2d":
        return functional.pad(x, (layer["padding"],) * 2)
    if kind not in KINDS:
        return x
    names = ("kernel_size", "stride", "padding", "dilation")
    k, stride, padding, dilation = (at_axis(layer, name, axis, 1) for name in names)
    kernel = torch.ones(1, 1, k, dtype=x.dtype)
    if kind == "ConvTranspose2d":
        extra = at_axis(layer, "output_padding", axis)
        return functional.conv_transpose1d(
            x, kernel, stride=stride, padding=padding, output_padding=extra, dilation=dilation
        )
    if kind == "Conv2d":
        total = dilation * (k - 1)
        before = total // 2 if padding == "same" else padding
        after = total - before if padding == "same" else padding
        mode = {"zeros": "constant"}.get(layer["padding_mode"], layer["padding_mode"])
        x = functional.pad(x, (before, after), mode=mode)
        return functional.conv1d(x, kernel, stride=stride, dilation=dilation)
    # A pooling layer reads what a convolution reads; but a maximum shows in one gradient only.
    last = x.shape[-1] + 2 * padding - dilation * (k - 1) - 1
    more = (-last) % stride if layer["ceil_mode"] else 0
    if more and (last + more) // stride * stride >= x.shape[-1] + padding:
        more = 0  # a window that would begin behind the input is left out
    return functional.conv1d(
        functional.pad(x, (padding, padding + more)), kernel, stride=stride, dilation=dilation
    )


def dependence(layers, size, outputs, axis):
    """For each of these output positions, the input positions with a gradient."""
    image = torch.zeros(len(outputs), 1, size, dtype=torch.float64, requires_grad=True)
    rows = []
    for row, layer in enumerate(layers):
        sources = layer.get("from", [row - 1])
        inputs = [image if each < 0 else rows[each] for each in sources]
        rows.append(apply_along_one_axis(layer, inputs, axis))
    (gradient,) = torch.autograd.grad(rows[-1][range(len(outputs)), 0, outputs].sum(), image)
    return [line.nonzero().flatten().tolist() for line in gradient[:, 0]]


def check_seen(stack, answer):
    """Compare what the last layer of a stack sees with PyTorch's gradients, along both axes."""
    size = stack["input_size"]
    for axis, length in enumerate(size if isinstance(size, list) else [size, size]):
        check_axis(stack["layers"], [row["axes"][axis] for row in answer["rows"]], length, axis)


def check_axis(layers, axes, input_size, axis):
    last = axes[-1]
    assert last["corner"] == dependence(layers, input_size, [0], axis)[0]
    if any("field" not in each for each in axes):
        return

    # An image so large that the outputs in its middle do not feel its border.
    period = last["widest"]["every"]
    above, below = last["jump"]
    move = above * period // below
    shift = max(abs(pixel) for each in axes for pixel in each["first"] or [0])
    widest = max(each["field"][1] for each in axes)  # a stack may end up seeing nothing
    size = 4 * (widest + move + shift + 8)
    if any(layer["kind"] == "AdaptiveAvgPool2d" for layer in layers):
        return  # its windows change with the size
    while True:
        middle = round((size / 2 - sum(last["seen"][:1])) * below / above) // period * period
        outputs = list(range(middle, middle + 2 * period))
        try:
            found = dependence(layers, size, outputs, axis)
            break
        except IndexError:  # large strides leave few outputs behind the middle
            size *= 2
        except RuntimeError:  # rows that join may meet at the small size alone
            assert any(layer["kind"] in JOINS for layer in layers)
            return
    moved = middle // period * move
    spans = [seen[-1] - seen[0] + 1 if seen else 0 for seen in found]
    assert last["field"] == [min(spans), max(spans)]
    assert [pixel + moved for pixel in last["first"]] == found[0]
    assert [pixel + moved for pixel in last["seen"]] == found[last["widest"]["first"]]
    assert spans.index(max(spans)) == last["widest"]["first"]
    for one, next_one in zip(found, found[period:], strict=False):
        assert [pixel + move for pixel in one] == next_one
    assert last["start"] == (last["first"][0] if last["first"] else None)


def check_rows(stack, answer):
    """Compare code, sizes and costs with PyTorch; return its count of operations."""
    layers, code = stack["layers"], answer["code"]
    ledger = SimpleNamespace(**stack, breaks=False, input_shape=shape_of(stack))
    assert code == StackLedger.code.fget(ledger)
    outputs, total = [], 0
    with torch.device("meta"):
        image = torch.empty(shape_of(stack))
        for row, (layer, said) in enumerate(zip(layers, answer["rows"], strict=True)):
            inputs = [image if each < 0 else outputs[each] for each in said["from"]]
            assert list(inputs[0].shape) == said["input"]
            if layer["kind"] in JOINS:
                joined = torch.cat(inputs, layer["dim"]) if layer["kind"] == "cat" else sum(inputs)
                outputs.append(joined)
                assert (said["parameters"], said["macs"]) == (0, 0)
            else:
                module = build(layer, inputs[0].shape[1])
                outputs.append(module(inputs[0]))
                operations = 0
                if "out_channels" in layer:
                    shapes = inputs[0].shape, module.weight.shape, outputs[-1].shape
                    is_back = layer["kind"] == "ConvTranspose2d"
                    operations = conv_flop_count(*shapes, transposed=is_back)
                assert said["parameters"] == sum(each.numel() for each in module.parameters())
                assert 2 * said["macs"] == operations  # PyTorch counts one as two
                weight = getattr(module, "weight", None)
                assert said["weight"] == (None if weight is None else list(weight.shape))
                total += operations
            assert list(outputs[-1].shape) == said["output"], (row, layer)
    check_formula(layers, answer)
    return total


def check_formula(layers, answer):
    """Compare a stack of plain windows with convlib's own receptive field."""
    names = ("kernel_size", "stride", "padding", "dilation")
    plain = all(
        layer["kind"] in KINDS
        and layer["kind"] != "ConvTranspose2d"
        and not any(isinstance(layer.get(name), (list, str)) for name in names)
        for layer in layers
    )
    if plain:
        steps = [tuple(layer.get(name, 1) for name in names) for layer in layers]
        size, jump, start = receptive_field(steps)
        for last in answer["rows"][-1]["axes"]:
            assert (last["field"], last["jump"], last["start"]) == ([size, size], [jump, 1], start)


def shape_of(stack):
    size = stack["input_size"]
    return (1, stack["in_channels"], *(size if isinstance(size, list) else (size, size)))


def check_refused(stack, answer):
    """PyTorch, and the Python side of the widget, must refuse it in the same row and words."""
    layers, row = stack["layers"], answer["row"]
    with pytest.raises((ValueError, RuntimeError)) as ours:
        _checked_layers(layers, shape_of(stack))
    assert str(ours.value).endswith(f"This is layers[{row}], a {layers[row]['kind']}.")
    first = str(ours.value).splitlines()[0]
    if "type" not in answer:
        assert (type(ours.value), first) == (ValueError, answer["rule"])
        return
    assert (type(ours.value).__name__, first) == (answer["type"], answer["message"])
    # float64, because oneDNN, which takes float32 alone, has other words for a few sizes.
    image, outputs = torch.zeros(shape_of(stack), dtype=torch.float64), []
    with torch.no_grad():
        for index, layer in enumerate(layers[: row + 1]):
            inputs = [image if n < 0 else outputs[n] for n in layer.get("from", [index - 1])]
            if index == row:
                break
            outputs.append(run(layer, inputs))
        with pytest.raises((ValueError, RuntimeError)) as theirs:
            run(layers[row], inputs)
    said = (type(theirs.value).__name__, str(theirs.value).splitlines()[0])
    assert said == (answer["type"], answer["message"])


def run(layer, inputs):
    if layer["kind"] == "cat":
        return torch.cat(inputs, layer["dim"])
    if layer["kind"] == "add":
        return inputs[0] + inputs[1]
    return build(layer, inputs[0].shape[1]).double()(inputs[0])


@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_every_pair_of_settings_and_seeded_states_equal_torch(
    monkeypatch, open_page, widgets_url, sample
):
    # Nobody looks at the first weights, and drawing them takes longer than all else.
    monkeypatch.setattr(torch.nn.modules.conv._ConvNd, "reset_parameters", lambda self: None)
    page = open_page(widgets_url)
    draw = sample.draw()
    pairs, legal, refused, traced = set(), 0, 0, 0
    wanted = possible_pairs()
    while legal < sample.size(STATES, SAMPLED) or (wanted - pairs and legal < 2 * STATES):
        stacks = [random_stack(draw) for _ in range(500)]
        answers = list(zip(stacks, compute(page, stacks), strict=True))
        for stack, answer in answers:
            if "rule" in answer:
                refused += 1
                check_refused(stack, answer)
                continue
            legal += 1
            check_rows(stack, answer)
            for layer in stack["layers"]:
                items = [(name, tuples(value)) for name, value in layer.items() if name != "from"]
                pairs |= set(itertools.combinations(items[1:], 2))
            if all(each.get("field", [0, 0])[1] <= 100 for each in answer["rows"][-1]["axes"]):
                traced += 1
                check_seen(stack, answer)
    print(
        f"\nStackLedger: {legal} legal states ({traced} with gradients), {refused} refused,"
        f" {len(wanted)} pairs of settings: 0 differences"
    )
    assert wanted <= pairs
    assert traced > 0.9 * legal


def possible_pairs():
    """Return every pair of settings that a layer can have."""
    return {
        ((one, a), (two, b))
        for kind, names in KINDS.items()
        for one, two in itertools.combinations(names, 2)
        for a, b in itertools.product(VALUES[one], VALUES[two])
        if possible(kind, {one: a, two: b})
    }


def possible(kind, pair):
    """Whether PyTorch takes such a layer on some input."""

    def at(name, usual, axis):
        return at_axis(pair, name, axis, usual)

    if kind.endswith("Pool2d"):
        return all(at("padding", 0, axis) <= at("kernel_size", 7, axis) // 2 for axis in (0, 1))
    if pair.get("out_channels", 12) % pair.get("groups", 1):
        return False
    return all(
        at("output_padding", 0, axis) < max(at("stride", 3, axis), at("dilation", 3, axis))
        for axis in (0, 1)
    )


PARTS = [name for name, preset in PRESETS.items() if len(preset["layers"]) < 4]


@pytest.mark.parametrize("preset", PARTS)
def test_presets_equal_torch_in_every_row(preset, open_page, widgets_url):
    page = open_page(widgets_url)
    whole = {name: PRESETS[preset][name] for name in ("in_channels", "input_size", "layers")}
    for count in range(1, len(whole["layers"]) + 1):
        stack = {**whole, "layers": whole["layers"][:count]}
        (answer,) = compute(page, [stack])
        check_seen(stack, answer)
    operations = check_rows(whole, answer)
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        net = eval(answer["code"], {"torch": torch})
        net(torch.empty(1, whole["in_channels"], whole["input_size"], whole["input_size"]))
    assert counter.get_total_flops() == operations


@pytest.mark.parametrize(
    ("layers", "field", "corner", "coverage"),
    [
        # (2, 2, 2) touches 49 of 169 pixels, (1, 2, 3) all of them
        ([(3, 2), (3, 2), (3, 2)], 13, 4, 49),
        ([(3, 1), (3, 2), (3, 3)], 13, 7, 169),
        # a corner after three 3 x 3 layers sees 16 pixels of a nominal 49
        ([(3, 1), (3, 1), (3, 1)], 7, 4, 49),
    ],
)
def test_well_known_fields(layers, field, corner, coverage, open_page, widgets_url):
    page = open_page(widgets_url)
    stack = {"in_channels": 1, "input_size": 32, "layers": [
        {"kind": "Conv2d", "out_channels": 1, "kernel_size": k, "stride": 1,
         "padding": d * (k - 1) // 2, "dilation": d, "groups": 1, "bias": True,
         "padding_mode": "zeros"}
        for k, d in layers
    ]}  # fmt: skip
    row = compute(page, [stack])[0]["rows"][-1]["axes"][0]
    assert (row["field"], len(row["corner"]), len(row["seen"]) ** 2) == (
        [field, field],
        corner,
        coverage,
    )


# ------------------------------------------------------------------------------- what one can do


@pytest.fixture
def mount(open_widget):
    """Open a page with one widget; return the page."""

    def mount(width=1000, **settings):
        options = {"viewport": {"width": width, "height": 900}, "reduced_motion": "reduce"}
        return open_widget("stack_ledger", traits("stack_ledger", **settings), **options)

    return mount


def status(page):
    return page.locator("[role=status]").inner_text()


def cells(page, row):
    texts = (
        page.locator(".cv-body .cv-record").nth(row).locator("[role=gridcell]").all_inner_texts()
    )
    return [" ".join(text.split()) for text in texts]


def number(page, name):
    return page.locator(f'input[type=number][aria-label="{name}"]')


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_the_table_says_what_every_layer_does(mount):
    page = mount()
    assert cells(page, 0)[:6] == [
        "0 Conv2d 7 × 7 s2 p3", "64 × 112 × 112", "64 × 3 × 7 × 7", "9,408", "118,013,952",
        "3.2 MB",
    ]  # fmt: skip
    assert cells(page, 1)[:6] == [
        "1 MaxPool2d 3 × 3 s2 p1", "64 × 56 × 56", "–", "0", "0", "803 kB",
    ]  # fmt: skip
    button(page, "more columns").click()
    assert cells(page, 0)[6:] == ["7", "2", "−3", "4 × 4", "100%"]
    assert cells(page, 1)[6:] == ["11", "4", "−5", "6 × 6", "100%"]
    assert page.locator(".cv-total").inner_text().startswith("All layers: 9,408 parameters, 118,0")
    assert spoken(page) == (
        "Layer 0, Conv2d: output 64 by 112 by 112, receptive field 7, jump 2, start −3, "
        "the corner sees 4 by 4, coverage 100%, 9,408 parameters, 118,013,952 "
        "multiply-accumulates."
    )


def test_pointer_and_keyboard_pick_a_row(mount):
    page = mount(preset="resnext_block")
    page.locator(".cv-body .cv-record").nth(1).click()
    assert trait(page, "picked") == 1
    assert spoken(page).startswith("Layer 1, Conv2d: output 128 by 56 by 56, receptive field 3,")
    page.keyboard.press("ArrowDown")
    assert trait(page, "picked") == 2
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    assert trait(page, "picked") == 0
    page.keyboard.press("End")
    assert trait(page, "picked") == 2
    chosen = page.locator(".cv-body [aria-selected=true]")
    assert chosen.count() == 1
    assert chosen.evaluate("each => each === document.activeElement && each.tabIndex === 0")


def test_the_keyboard_builds_a_stack(mount):
    page = mount(layers=[{"kind": "Conv2d", "out_channels": 8, "kernel_size": 3}], input_size=32)
    button(page, "+ MaxPool2d").focus()
    page.keyboard.press("Enter")
    assert [layer["kind"] for layer in trait(page, "layers")] == ["Conv2d", "MaxPool2d"]
    assert trait(page, "picked") == 1
    button(page, "Move the layer up").focus()
    page.keyboard.press("Enter")
    assert [layer["kind"] for layer in trait(page, "layers")] == ["MaxPool2d", "Conv2d"]
    assert trait(page, "picked") == 0
    number(page, "kernel_size").focus()
    page.keyboard.press("ArrowUp")
    assert trait(page, "layers")[0]["kernel_size"] == 3
    number(page, "stride").fill("3")
    page.keyboard.press("Enter")
    assert trait(page, "layers")[0]["stride"] == 3
    button(page, "Remove").focus()
    page.keyboard.press("Enter")
    assert [layer["kind"] for layer in trait(page, "layers")] == ["Conv2d"]
    button(page, "Remove").click()
    page.wait_for_timeout(50)
    assert status(page) == "An empty table is not possible: a stack has at least one layer."
    assert len(trait(page, "layers")) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_layer_can_be_added_and_edited(mount, kind):
    page = mount(input_size=32, preset="vgg_block")
    button(page, f"+ {kind}").click()
    layer = trait(page, "layers")[1]
    assert layer["kind"] == kind
    assert set(layer) == {"kind", *KINDS[kind]}
    no_numbers = ("bias", "ceil_mode", "padding_mode")
    names = [name for name in KINDS[kind] if name not in no_numbers]
    shown = page.locator(".cv-settings input[type=number]").evaluate_all(
        "all => all.filter((each) => each.checkVisibility()).map((each) => each.ariaLabel)"
    )
    assert sorted(shown) == sorted(names)
    assert trait(page, "preset") is None


def test_what_pytorch_refuses_is_said_and_not_done(mount):
    page = mount(preset="mobilenetv2_block")
    before = trait(page, "layers")
    number(page, "out_channels").fill("100")
    page.keyboard.press("Enter")
    assert trait(page, "layers") == before
    refused = page.locator(".cv-editor .cv-refused").filter(has_text="out_channels")
    assert number(page, "out_channels").input_value() == "100"  # what was typed stays, marked
    assert number(page, "out_channels").get_attribute("aria-invalid") == "true"
    assert refused.inner_text().startswith(
        "out_channels=100 is not possible: layer 1, a Conv2d: in_channels=100 does not split into"
        " 144 equal groups."
    )
    assert "ValueError: in_channels must be divisible by groups" in refused.inner_text()
    number(page, "out_channels").fill("144")
    number(page, "out_channels").press("ArrowUp")  # the next that is legal
    assert trait(page, "layers")[0]["out_channels"] == 288
    assert trait(page, "preset") is None
    for text, rule in (("0", "from 1 to 65,536"), ("1.5", "whole number")):
        number(page, "out_channels").fill(text)
        page.keyboard.press("Enter")
        assert rule in refused.inner_text()
        assert trait(page, "layers")[0]["out_channels"] == 288


def test_groups_step_from_divisor_to_divisor(mount):
    page = mount(preset="resnext_block", picked=1)
    for expected in (64, 128, 128):
        number(page, "groups").press("ArrowUp")
        assert trait(page, "layers")[1]["groups"] == expected


def test_random_clicks_never_reach_an_illegal_state(mount):
    page = mount(width=1000, input_size=20, preset="vgg_block")
    wrong = page.evaluate("""async () => {
      const { problemIn } = await import("/math/ledger.js");
      const { model, el } = mounted[0];
      const wrong = [];
      let seed = 7;
      const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
      for (let step = 0; step < 400; step++) {
        const parts = [...el.querySelectorAll("button:not([disabled]), input, .cv-body .cv-record")]
          .filter((each) => each.checkVisibility() && each.textContent !== "Copy"
            && each.textContent !== "Show it broken");
        const part = parts[random(parts.length)];
        if (part.type === "number") {
          part.value = Number(part.value) + [1, -1, 2, -3][random(4)];
          part.dispatchEvent(new Event("change"));
        } else part.click();
        const { in_channels, input_size, layers, picked } = model.traits;
        const why = problemIn({ in_channels, input_size, layers });
        if (why || picked >= layers.length) wrong.push([part.textContent, why]);
      }
      return [wrong, model.traits.layers.length];
    }""")
    assert wrong[0] == []


def test_presets_are_one_choice(mount):
    page = mount()
    choice = page.locator('select[aria-label="preset"]')
    assert choice.locator("option").all_inner_texts() == ["your own", *PRESETS]
    for name, preset in [*PRESETS.items(), ("deeplab_aspp", PRESETS["deeplab_aspp"])]:
        choice.select_option(name)
        for key in ("layers", "in_channels", "input_size"):
            assert trait(page, key) == preset[key]
        code = page.locator(".cv-code").text_content()
        assert code == StackLedger(preset=name).code
        assert page.locator(".cv-note").inner_text() == preset["note"]
    number(page, "input_size").fill("65")
    page.keyboard.press("Enter")
    assert trait(page, "preset") == "deeplab_aspp"
    button(page, "+ Conv2d").click()
    assert choice.input_value() == "your own"


def test_the_picture_shows_the_holes(mount):
    layer = {"kind": "Conv2d", "out_channels": 1, "kernel_size": 3, "padding": 2, "dilation": 2}
    page = mount(layers=[layer] * 3, input_size=32, picked=2)
    names = page.locator(".cv-view svg[role=img]").evaluate_all(
        "all => all.map((each) => each.ariaLabel)"
    )
    assert names == [
        "On the image: 32 × 32 pixels",
        "Inside: reads 49 of 169",
        "At the corner: reads 16 of 169",
    ]
    holes = page.locator(".cv-view svg").nth(1).locator(".cv-seen").get_attribute("d")
    assert holes.count("M") == 49


def test_uneven_fields_of_a_transposed_layer_are_said(mount):
    up = {"kind": "ConvTranspose2d", "out_channels": 1, "kernel_size": 3, "stride": 2}
    page = mount(layers=[{**up, "padding": 1}], input_size=8)
    button(page, "more columns").click()
    assert cells(page, 0)[6:9] == ["1–2", "1/2", "0"]
    assert "jump 1/2" in spoken(page)
    page = mount(layers=[{**up, "kernel_size": 1, "output_padding": 1}], input_size=8)
    button(page, "more columns").click()
    assert cells(page, 0)[6] == "0–1"
    pick_odd = {"kind": "Conv2d", "out_channels": 1, "kernel_size": 1, "stride": 2, "padding": 1}
    page = mount(layers=[{**up, "kernel_size": 1}, pick_odd], input_size=8, picked=1)
    button(page, "more columns").click()
    assert cells(page, 1)[6:] == ["0", "1", "–", "0 × 0", "–"]
    assert "receptive field 0, jump 1, start none" in spoken(page)


def test_each_kind_of_layer_has_its_own_formula(mount):
    up = {"kind": "ConvTranspose2d", "out_channels": 1, "kernel_size": 3, "stride": 2}
    page = mount(layers=[{"kind": "MaxPool2d", "kernel_size": 2}, up], input_size=8)
    formula, backwards = page.get_by_role("math"), page.get_by_text("H out = (")
    for row in (0, 1, 0):
        page.locator(".cv-body .cv-record").nth(row).click()
        assert (formula.count(), backwards.count()) == (1 - row, row)
        if row:
            said = backwards.text_content()
            assert said == "H out = (4 − 1) · 2 − 2 · 0 + 1 · (3 − 1) + 0 + 1 = 9"
    said = "H out = floor of (8 plus 2 times 0 minus 1 times (2 minus 1) minus 1) over 2, "
    assert formula.get_attribute("aria-label").startswith(said)


def test_python_and_a_second_view_change_the_picture(mount):
    page = mount()
    page.evaluate("mounted[0].model.set('input_size', 64)")
    assert cells(page, 1)[1] == "64 × 16 × 16"
    page.evaluate("traits => mount(traits)", traits("stack_ledger", preset="vgg_block"))
    assert page.evaluate("document.querySelectorAll('[id]').length") == 0
    page.locator(".convlib").nth(1).locator(".cv-body .cv-record").nth(2).click()
    assert page.locator(".cv-body [aria-selected=true]").all_inner_texts()[0].startswith("0")
    assert trait(page, "picked") == 0


@pytest.mark.parametrize("preset", ["resnet50_stem", "deeplab_aspp"])
def test_it_fits_a_phone_and_fingers(mount, preset):
    page = mount(width=360, preset=preset)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".cv-scroll").evaluate_all(
        "all => all.filter((each) => each.scrollWidth > each.clientWidth + 1).length"
    ) == 0  # fmt: skip
    small = page.evaluate("""[...document.querySelectorAll("button, select, input, .cv-record")]
      .filter((each) => each.checkVisibility())
      .map((each) => [each.textContent, each.getBoundingClientRect()])
      .filter(([, box]) => Math.min(box.width, box.height) < 24).map(([text]) => text)""")
    assert small == []
    cut = page.locator(".cv-record > div").evaluate_all(
        "all => all.filter((each) => each.scrollWidth > each.clientWidth)"
        ".map((each) => each.textContent)"
    )
    assert cut == []


# ------------------------------------------------------------------------------- whole networks


def records(page):
    return page.locator(".cv-body .cv-record")


def test_norms_are_folded_and_blocks_that_repeat_are_one_record(mount):
    page = mount(preset="resnet50")
    assert "+ BatchNorm2d, ReLU" in cells(page, 0)[0]
    assert records(page).count() < 60
    repeats = page.locator(".cv-record[data-repeat]")
    assert "× 2" in repeats.first.inner_text()
    before = records(page).count()
    repeats.first.click()
    assert records(page).count() > before
    button(page, "every row").click()
    assert records(page).count() == 175
    assert page.locator(".cv-total").inner_text().startswith(
        "All layers: 25,557,032 parameters, 4,089,184,256 multiply-accumulates"
    )  # fmt: skip


def test_your_own_stays_and_a_layer_typed_over_a_preset_keeps_what_it_says(mount):
    page = mount(preset="resnet50_stem")
    choice = page.locator('select[aria-label="preset"]')
    choice.select_option("your own")
    assert choice.input_value() == "your own"
    assert trait(page, "preset") is None
    assert len(trait(page, "layers")) == 2
    assert page.locator(".cv-note").is_hidden()


def test_height_and_width_can_differ(mount):
    page = mount(layers=[{"kind": "Conv2d", "out_channels": 4, "kernel_size": 3}], input_size=32)
    button(page, "height ≠ width").click()
    number(page, "kernel_size width").fill("5")
    page.keyboard.press("Enter")
    number(page, "input height").fill("16")
    page.keyboard.press("Enter")
    assert trait(page, "layers")[0]["kernel_size"] == [3, 5]
    assert trait(page, "input_size") == [16, 32]
    assert cells(page, 0)[1] == "4 × 14 × 28"
    button(page, "padding='same'").click()
    assert trait(page, "layers")[0]["padding"] == "same"
    assert cells(page, 0)[1] == "4 × 16 × 32"


def test_a_network_that_breaks_shows_why_and_what_it_needs(mount):
    layers = [
        {"kind": "Conv2d", "out_channels": 8, "kernel_size": 3},
        {"kind": "Flatten"},
        {"kind": "Linear", "in_features": 100, "out_features": 10},
        {"kind": "ReLU"},
    ]
    page = mount(layers=layers, input_size=10, breaks=True)
    trouble = page.locator(".cv-trouble")
    assert [line for line in trouble.inner_text().split("\n") if line] == [
        "Row 2, a Linear, breaks: the layer reads 100 numbers, and 512 come in.",
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x512 and 100x10)",
        "It would need in_features=512.",
    ]
    assert page.locator(".cv-record[data-broken]").count() == 1
    records(page).nth(2).click()
    assert spoken(page).startswith("Layer 2, Linear: it breaks. mat1 and mat2 shapes")
    button(page, "Remove").click()
    assert trouble.is_hidden()


def test_an_edit_that_breaks_is_refused_or_shown_broken(mount):
    page = mount(preset="unet", input_size=64)
    number(page, "input_size").fill("50")
    page.keyboard.press("Enter")
    assert "input_size=50 is not possible" in page.locator(".cv-refusals").first.inner_text()
    assert trait(page, "input_size") == 64
    button(page, "Show it broken").click()
    assert (trait(page, "input_size"), trait(page, "breaks")) == (50, True)
    assert "Sizes of tensors must match" in page.locator(".cv-trouble").inner_text()
    assert page.locator(".cv-break").count() == 1


def test_joins_read_the_rows_they_name_after_an_edit(mount):
    layers = [
        {"kind": "Conv2d", "out_channels": 4, "kernel_size": 1},
        {"kind": "ReLU"},
        {"kind": "add", "from": [0, 1]},
    ]
    page = mount(layers=layers, input_size=8)
    button(page, "+ ReLU").click()
    assert trait(page, "layers")[3]["from"] == [0, 2]
    records(page).first.click()


def test_500_rows_are_drawn_and_edited_in_time(mount):
    layers = [{"kind": "Conv2d", "out_channels": 8, "kernel_size": 3, "padding": 1}] * 500
    page = mount(layers=layers, input_size=64)
    assert records(page).count() == 2
    button(page, "every row").click()
    took = page.evaluate("""() => {
      const start = performance.now();
      mounted[0].model.set("input_size", 66);
      return performance.now() - start;
    }""")
    assert cells(page, 499)[1] == "8 × 66 × 66"
    assert took < 1500


def test_it_says_which_images_it_takes(mount):
    page = mount(preset="unet", input_size=64)
    button(page, "Which images does it take?").click()
    assert page.locator(".cv-inverse p").inner_text() == (
        "The smallest square image is 16 × 16. It takes sizes divisible by 16, and no others."
        " Cut into tiles, a large image needs 107 pixels more on every side of a tile."
    )
    page.locator('select[aria-label="preset"]').select_option("vgg_block")
    assert page.locator(".cv-inverse p").inner_text() == ""


# ------------------------------------------------------------------------------- the photograph

# Of each view: the photograph's place, and those of the frames, as shares of the photograph.
PLACES = """(views) => views.map((view) => {
  const { x, y, width, height } = view.querySelector("image").getBBox();
  return ["cv-image", "cv-nominal", "cv-seen"].map((name) =>
    [...view.querySelectorAll(`.${name}`)].map((path) => {
      const box = path.getBBox();
      return [(box.x - x) / width, (box.y - y) / height, box.width / width, box.height / height];
    }));
})"""
GREYS = """async ([address]) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const context = Object.assign(document.createElement("canvas"), { width, height })
    .getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return [height, width, [...data].filter((_, at) => at % 4 === 0)];
}"""


def photographs(page):
    return page.locator(".cv-view image")


def test_the_photograph_stands_behind_the_frames_at_the_same_scale(mount):
    layers = [{"kind": "Conv2d", "out_channels": 4, "kernel_size": 5, "stride": 2, "padding": 2}]
    page = mount(layers=layers * 2, input_size=(32, 48), picked=1)
    on_it, inside, corner = page.locator(".cv-view").evaluate_all(PLACES)
    whole, middle = [0, 0, 1, 1], on_it[2][0]
    assert on_it[0] == [whole]
    # the middle output, 4 of 8 and 6 of 12, sees 13 pixels around 4 times its place
    assert middle == pytest.approx([(24 - 6) / 48, (16 - 6) / 32, 13 / 48, 13 / 32])
    assert inside[2][0] == pytest.approx(middle) == inside[0][0]
    assert corner[1][0] == pytest.approx([-6 / 48, -6 / 32, 13 / 48, 13 / 32])
    assert corner[0][0] == corner[2][0] == on_it[2][1] == pytest.approx([0, 0, 7 / 48, 7 / 32])


def test_the_photograph_has_the_pixels_of_the_image(mount):
    page = mount(layers=[{"kind": "ReLU"}], input_size=(32, 64))
    addresses = photographs(page).evaluate_all("all => all.map((each) => each.href.baseVal)")
    assert len(addresses) == 3
    assert len(set(addresses)) == 1
    height, width, greys = page.evaluate(GREYS, addresses)
    assert (height, width) == (32, 64)
    means = photo_values("grey")[0, 0].reshape(32, 8, 64, 4).mean(axis=(1, 3))
    assert abs(means - np.reshape(greys, (32, 64))).mean() < 8
    page = mount(input_size=20_000)
    addresses = photographs(page).evaluate_all("all => all.map((each) => each.href.baseVal)")
    assert page.evaluate(GREYS, addresses)[:2] == [256, 256]


def test_it_is_there_where_the_image_is_a_picture(mount):
    page = mount(preset="patchgan70")
    assert page.locator(".cv-credit").inner_text() == CREDIT
    page.locator('select[aria-label="preset"]').select_option("resnext_block")
    assert photographs(page).count() == 0
    assert page.locator(".cv-credit").is_hidden()
    page.locator('select[aria-label="preset"]').select_option("unet")
    assert photographs(page).count() == 3
    records(page).nth(2).click()
    assert photographs(page).count() == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_frame_is_seen_on_any_photograph(scheme, open_widget):
    page = open_widget("stack_ledger", traits("stack_ledger"), color_scheme=scheme)
    halo, line = (
        page.locator(f".cv-view .{name}").first.evaluate(
            "(path) => getComputedStyle(path).stroke.match(/[\\d.]+/g).map(Number)"
        )
        for name in ("cv-halo", "cv-seen")
    )
    lighter, darker = sorted(map(luminance, (halo, line)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) > 4.5


def luminance(colour):
    """Compute how light a colour is, as WCAG does."""
    parts = [c / 255 for c in colour]
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
