"""Links to what somebody sees: what a page takes of one, in V8."""

import json

import pytest

from convlib.widgets import LayerExplorer, LayerReader, StackLedger
from tests.browser.states import WIDGETS, traits
from tests.widgets.javascript import Javascript


@pytest.fixture(scope="module")
def links():
    return Javascript("math/links")


# By the names of their modules: the settings that a widget once had, and the widget that has each.
MODULES = {widget.__name__: module for module, widget in WIDGETS.items()}
MOVED = {
    module: {setting: MODULES[heir] for setting, heir in widget.moved.items()}
    for module, widget in WIDGETS.items()
}

# Links that readers may have kept: the names of settings are an interface.
OLD = [
    ("layer_explorer", {"stride": 2, "padding": "same", "kernel_size": [3, 2]}),
    ("layer_explorer", {"input_size": 8, "output_cell": [1, 1], "input_cell": [2, 2]}),
    ("layer_explorer", {"padding_mode": "reflect", "bias": False, "speed": 2}),
    ("layer_explorer", {"stride": [1, 2], "input_size": [4, 8], "fast": True, "step": 3}),
    (
        "layer_explorer",
        {"weight": [[1, None], [-9]], "input_values": "edge", "weight_cell": [1, 1]},
    ),
    ("layer_reader", {"text": "Conv2d(3, 8, 3)", "input_shape": "32", "values": {"k": 3}}),
    ("shape_solver", {"input_size": 224, "kernel_size": 7, "stride": 2, "padding": 3}),
    ("channels_explorer", {"in_channels": 4, "picked": ["weight", 1, 0, 0, 0]}),
    ("dilation_explorer", {"kernel_size": 3, "dilation": 2, "dilations": [1, 2, 3]}),
    ("dilated_stack", {"kernel_size": 3, "dilations": [1, 2, 3]}),
    ("groups_explorer", {"in_channels": 4, "out_channels": 4, "groups": 2}),
    ("padding_atlas", {"padding": 2, "kernel_size": 4}),
    ("same_padding", {"width": 5, "kernel_size": 4, "stride": 1}),
    ("pixel_usage", {"stride": 2, "padding": 1}),
    ("stack_ledger", {"preset": "vgg_block", "picked": 1}),
    ("transposed_explorer", {"kernel_size": 4, "padding": 1, "output_cell": [2, 2]}),
    ("practice", {"topic": "output_size", "question": 3}),
]


@pytest.mark.parametrize(("name", "settings"), OLD)
def test_an_old_link_opens(name, settings, links):
    fragment = links.toFragment(name, settings)
    assert links.fromFragment(f"#{fragment}") == {"name": name, "settings": settings}
    parts = parts_of({"name": name, "settings": settings}, WIDGETS, links)
    assert settings == {k: v for part in parts for k, v in part["settings"].items()}
    assert all(links.whyNot(traits(part["name"]), part["settings"]) is None for part in parts)


def parts_of(link, page, links):
    """Return what each widget of a page takes of a link."""
    state = {name: traits(name) for name in page}
    state_of = "(name) => new Map(Object.entries(given[2])).get(name)"
    return links.evaluate(f"partsOf(given[0], given[1], {state_of})", link, MOVED, state)


ATLAS, SAME = "padding_atlas", "same_padding"
EXPLORER, STACK = "dilation_explorer", "dilated_stack"


@pytest.mark.parametrize(
    ("name", "settings", "page", "parts"),
    [
        (ATLAS, {"padding": 2, "kernel_size": 4}, [ATLAS, SAME],
         [(ATLAS, {"padding": 2}), (SAME, {"kernel_size": 4})]),
        (ATLAS, {"padding": 2}, [ATLAS, SAME], [(ATLAS, {"padding": 2})]),
        (ATLAS, {}, [ATLAS, SAME], [(ATLAS, {})]),
        (ATLAS, {"padding": 2, "stride": 1}, [SAME], [(SAME, {"stride": 1})]),
        (ATLAS, {"padding": 2}, [SAME], [(SAME, {})]),
        (SAME, {"stride": 1}, [ATLAS, SAME], [(SAME, {"stride": 1})]),
        # The kernel is one of both.
        (EXPLORER, {"kernel_size": 2, "dilation": 3, "dilations": [1, 2]}, [EXPLORER, STACK],
         [(EXPLORER, {"kernel_size": 2, "dilation": 3}),
          (STACK, {"kernel_size": 2, "dilations": [1, 2]})]),
        (EXPLORER, {"kernel_size": 2}, [EXPLORER, STACK], [(EXPLORER, {"kernel_size": 2})]),
        (EXPLORER, {"kernel_size": 2, "dilation": 3}, [STACK], [(STACK, {"kernel_size": 2})]),
        # What is no setting of any widget is for the one that is named, to be refused.
        (ATLAS, {"stride": 1, "toString": 1}, [ATLAS, SAME],
         [(ATLAS, {"toString": 1}), (SAME, {"stride": 1})]),
        ("layer_explorer", {"stride": 1}, [ATLAS, SAME], []),
        ("constructor", {"name": 1}, [ATLAS, SAME], []),
    ],
)  # fmt: skip
def test_an_old_link_is_for_the_widgets_that_have_its_settings(name, settings, page, parts, links):
    found = parts_of({"name": name, "settings": settings}, page, links)
    assert found == [{"name": each, "settings": taken} for each, taken in parts]


@pytest.mark.parametrize(
    ("name", "settings", "why"),
    [
        ("layer_explorer", {"strides": 2}, "there is no setting strides"),
        ("layer_explorer", {"constants": {}}, "there is no setting constants"),
        ("layer_explorer", {"__proto__x": 1}, "there is no setting __proto__x"),
        ("layer_explorer", {"stride": 99}, "stride is from 1 to 4, not 99"),
        ("layer_explorer", {"stride": 1.5}, "stride cannot be 1.5"),
        ("layer_explorer", {"stride": True}, "stride cannot be true"),
        ("layer_explorer", {"bias": 1}, "bias cannot be 1"),
        ("layer_explorer", {"stride": [1, 5]}, "stride is from 1 to 4, not [1,5]"),
        ("layer_explorer", {"weight": [[10]]}, "weight is from -9 to 9, not [[10]]"),
        ("layer_explorer", {"weight": [[0.5]]}, "weight is from -9 to 9, not [[0.5]]"),
        ("layer_explorer", {"kernel_size": {"a": 1}}, 'kernel_size cannot be {"a":1}'),
        ("stack_ledger", {"preset": "alexnet"}, 'preset cannot be "alexnet"'),
        ("stack_ledger", {"preset": "toString"}, 'preset cannot be "toString"'),
        ("layer_reader", {"text": 3}, None),
        ("layer_reader", {"values": [1]}, "values cannot be [1]"),
    ],
)
def test_a_link_that_does_not_fit_says_why(name, settings, why, links):
    found = links.whyNot(traits(name), settings)
    assert found == why or (why is None and "text" in found)


@pytest.mark.parametrize("text", ["", "#", "#a-heading", "#x=", "#x={", "#x=%E0%A4%A", "#x=[1]"])
def test_what_is_no_link_is_passed_over(text, links):
    assert links.fromFragment(text) is None


@pytest.mark.parametrize(
    "widget", [LayerExplorer(stride=2), LayerReader("Conv2d(1, 1, 3)"), StackLedger()]
)
def test_only_what_was_changed_stands_in_a_link(widget, links):
    name = type(widget).__module__.rpartition(".")[2]
    start = json.loads(json.dumps(traits(name)))
    now = {trait: getattr(widget, trait) for trait in start}
    found = links.evaluate("changed(given[0], (name) => given[1][name])", start, now)
    assert found == {
        trait: value
        for trait, value in json.loads(json.dumps(now)).items()
        if start[trait] != value
    }


@pytest.mark.parametrize(
    ("settings", "link"),
    [
        ({"preset": "resnet50"}, {"preset": "resnet50"}),
        ({"preset": "unet", "input_size": 64}, {"preset": "unet", "input_size": 64}),
        ({"preset": "unet", "input_size": 224}, {"preset": "unet", "input_size": 224}),
        ({"preset": "resnet50_stem", "input_size": 64}, {"input_size": 64}),
    ],
)
def test_a_preset_stands_in_a_link_for_what_it_brings(settings, link, links):
    start = json.loads(json.dumps(traits("stack_ledger")))
    now = json.loads(json.dumps(traits("stack_ledger", **settings)))
    assert links.evaluate("changed(given[0], (name) => given[1][name])", start, now) == link
    assert {**start, **links.whole(start, link)} == now


def test_a_link_with_rows_of_its_own_keeps_the_image_of_the_page(links):
    start = json.loads(json.dumps(traits("stack_ledger", input_size=28)))
    rows = start["presets"]["vgg_block"]["layers"]
    for link in ({"preset": "vgg_block", "layers": rows}, {"layers": rows}, {"preset": None}):
        assert links.whole(start, link) == link
