"""ChannelsExplorer in a browser: its numbers against PyTorch, and what hands and keys can do."""

import itertools
import json

import numpy as np
import pytest
import torch
from torch.nn.functional import conv2d

from convlib.widgets import ChannelsExplorer
from convlib.widgets.channels_explorer import LIMITS
from tests.browser.hands import click, nothing, press, push, slide
from tests.browser.states import traits

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"in_channels": 4, "out_channels": 4, "input_size": 4, "kernel_size": 3}
ACTIONS = [
    (
        click(".cv-made .cv-cell", 5),
        "in_channels=3, out_channels=2, picked=('output', 1, 0, 1)",
    ),
    (
        press(".cv-planes .cv-input [tabindex='0']", "ArrowRight", "ArrowDown", place=1),
        "in_channels=3, out_channels=2, picked=('input', 1, 1, 1)",
    ),
    (
        click(".cv-planes .cv-kernel .cv-cell", 3),
        "in_channels=3, out_channels=2, picked=('weight', 0, 0, 1, 1)",
    ),
]
CHANGE = ("kernel_size = 1", "kernel_size=1")
AXE_STATES = [
    ({"in_channels": 4, "out_channels": 4, "groups": 2}, nothing),
    ({"picked": ("weight", 1, 2, 0, 0)}, push("1, 10, 100")),
    ({"picked": ("input", 1, 1, 1)}, slide("kernel_size", 3)),
    ({"in_channels": 4}, slide("groups", 3)),
]
WORD_STATES = [
    ({"in_channels": 1, "out_channels": 1}, nothing),
    ({"in_channels": 2, "groups": 2}, nothing),  # depthwise
    ({"bias": False, "picked": ("input", 0, 0, 0)}, nothing),
    ({"input_size": 1, "kernel_size": 1}, slide("kernel_size", 3)),
    ({}, lambda view: view.page.evaluate("mounted[0].model.set('groups', 0)")),
]
TIMED = [
    (".cv-made [tabindex='0']", ("ArrowDown", "ArrowUp")),
    ("[aria-label=out_channels]", ("ArrowRight", "ArrowLeft")),
]

NAMES = (*LIMITS, "bias", "powers")
RANGES = [*(range(low, high + 1) for low, high in LIMITS.values()), (False, True), (False, True)]
EVERY = list(itertools.product(*RANGES))
PICKED = 40  # layers of which every pick is looked at

# For each layer why it is refused, or its planes.
COMPUTE = """async ({ names, states }) => {
  const P = await import("/math/planes.js");
  return JSON.stringify(states.map((values) => {
    const layer = Object.fromEntries(names.map((name, at) => [name, values[at]]));
    const why = P.planesProblem(layer);
    if (why) return { why: `${why.type}: ${why.message}` };
    const { inputs, outputs, code } = P.describe({ ...layer, picked: ["output", 0, 0, 0] });
    return { why: null, inputs, outputs, code };
  }));
}"""

# For each layer and pick what is shown and what it touches.
PICK = """async ({ names, states, picks }) => {
  const P = await import("/math/planes.js");
  const S = await import("/math/planes_story.js");
  const { t } = await import("/math/words.js");
  return JSON.stringify(states.map((values, at) => {
    const layer = Object.fromEntries(names.map((name, at) => [name, values[at]]));
    return picks[at].map((picked) => {
      const { shown, planes, bias, total, touched, ...picture } = P.describe({ ...layer, picked });
      const list = (set) => [...set].map((text) => text.split(",").map(Number));
      const said = S.pickedSentence({ ...picture, shown, planes, bias, total, touched });
      return {
        shown, planes, bias, total,
        touched: Object.fromEntries(
          Object.entries(touched).map(([kind, set]) => [kind, list(set)])),
        says: t(said.text, said.facts),
      };
    });
  }));
}"""


def _explorer(state):
    return ChannelsExplorer(**dict(zip(NAMES, state, strict=True)))


def _legal():
    found = []
    for state in EVERY:
        channels_in, channels_out, groups, size, kernel, *_ = state
        if channels_in % groups == 0 == channels_out % groups and kernel <= size:
            found.append(state)
    return found


def _run(page, script, states, **more):
    given = {"names": NAMES, "states": states, **more}
    return json.loads(page.evaluate(script, given))


def _why(state):
    """Return what PyTorch says to a layer; None if it can be called."""
    channels_in, channels_out, groups, size, kernel, *_ = state
    try:
        layer = torch.nn.Conv2d(channels_in, channels_out, kernel, groups=groups, device="meta")
        layer(torch.empty(1, channels_in, size, size, device="meta"))
    except (ValueError, RuntimeError) as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return None


def test_every_state_equals_pytorch(open_page, widgets_url, sample):
    answers = _run(open_page(widgets_url), COMPUTE, EVERY)
    legal = []
    for state, answer in zip(EVERY, answers, strict=True):
        assert answer["why"] == _why(state), state
        if answer["why"] is None:
            legal.append((state, answer))
    assert [state for state, _ in legal] == _legal()
    for state, answer in sample.of(legal, 250):
        explorer = _explorer(state)
        image, layer = torch.tensor(explorer.input()), explorer.layer()
        weight, bias = torch.tensor(layer.weight), explorer.bias and torch.tensor(layer.bias)
        output = conv2d(image, weight, bias if explorer.bias else None, groups=explorer.groups)
        assert torch.equal(torch.tensor(answer["inputs"], dtype=torch.float32), image[0]), state
        assert torch.equal(torch.tensor(answer["outputs"], dtype=torch.float32), output[0]), state
        assert answer["code"] == explorer.code
    print(f"\n{len(legal)} of {len(EVERY)} layers of ChannelsExplorer are legal, as in PyTorch")
    assert len(legal) > 500


def _picks(state):
    """Return every pick of a layer."""
    explorer = _explorer(state)
    weight = explorer.layer().weight.shape
    out = explorer.input_size - explorer.kernel_size + 1
    shapes = {
        "input": explorer.input().shape[1:],
        "output": (explorer.out_channels, out, out),
        "weight": weight,
    }
    return [[kind, *at] for kind, shape in shapes.items() for at in np.ndindex(*shape)]


def _touches(state, pick):
    """Return what PyTorch multiplies with what: the places that a pick touches in each array."""
    explorer = _explorer(state)
    kind, at = pick[0], tuple(pick[1:])
    weight = torch.ones(explorer.layer().weight.shape)
    image = torch.ones(explorer.input().shape[1:])
    if kind != "output":
        alone = torch.zeros_like(weight if kind == "weight" else image)
        alone[at] = 1
        weight, image = (alone, image) if kind == "weight" else (weight, alone)
    weight.requires_grad_()
    image.requires_grad_()
    output = conv2d(image[None], weight, groups=explorer.groups)[0]
    (output[at] if kind == "output" else output.sum()).backward()
    if kind == "output":
        fed = torch.zeros_like(output)
        fed[at] = 1
    else:
        fed = output
    used = weight.grad if kind != "weight" else weight.detach()
    read = image.grad if kind != "input" else image.detach()
    return {
        name: {tuple(place) for place in array.nonzero().tolist()}
        for name, array in (("input", read), ("output", fed), ("weight", used))
    }


def test_every_pick_touches_what_pytorch_multiplies(open_page, widgets_url, sample):
    states = sample.of(_legal(), PICKED)
    picks = [_picks(state) for state in states]
    answers = _run(open_page(widgets_url), PICK, states, picks=picks)
    for state, own, found in zip(states, picks, answers, strict=True):
        explorer = _explorer(state)
        layer = explorer.layer()
        image, out = explorer.input()[0], layer(explorer.input())[0]
        k, per_group = explorer.kernel_size, layer.weight.shape[1]
        for pick, seen in zip(own, found, strict=True):
            o, row, column = seen["shown"]
            first = o // (explorer.out_channels // explorer.groups) * per_group
            expected = _touches(state, pick)
            touched = {name: {tuple(at) for at in all_} for name, all_ in seen["touched"].items()}
            assert touched["input"] == expected["input"], (state, pick)
            assert touched["output"] == expected["output"], (state, pick)
            # The page shows one filter, and names its kernels by the channels that they read.
            shown = {(i + first, u, v) for f, i, u, v in expected["weight"] if f == o}
            assert touched["weight"] == shown, (state, pick)
            assert (o, row, column) in expected["output"], (state, pick)

            assert seen["total"] == out[o, row, column]
            for index, plane in enumerate(seen["planes"]):
                assert plane["input"] == first + index
                window = image[first + index, row : row + k, column : column + k]
                assert [[each["value"] for each in line] for line in plane["products"]] == (
                    window.tolist()
                )
                assert plane["kernel"] == layer.weight[o, index].tolist()
                assert plane["sum"] == (window * layer.weight[o, index]).sum()
            assert len(seen["planes"]) == per_group
            assert seen["bias"] == (layer.bias[o] if explorer.bias else 0)
            if pick[0] == "input":
                assert f"into {len(touched['output'])} number" in seen["says"]
            if pick[0] == "weight":
                assert f"meets {len(touched['input'])} pixel" in seen["says"]
            if pick[0] == "output":
                assert f"the {len(touched['weight'])} weight" in seen["says"]
    print(f"\n{sum(map(len, picks))} picks in {len(states)} layers of ChannelsExplorer")


@pytest.fixture
def mount(open_widget):
    """Open a page with one widget; return the page."""

    def mount(width=1000, **settings):
        viewport = {"width": width, "height": 900}
        state = traits("channels_explorer", **settings)
        return open_widget("channels_explorer", state, viewport=viewport)

    return mount


def _numbers(page, css):
    texts = page.locator(css).evaluate_all(
        "all => all.filter((each) => each.checkVisibility()).map((each) => each.textContent)"
    )
    return [int(text.replace("−", "-")) for text in texts]


def test_the_picture_shows_what_python_says(mount, sample):
    page = mount()
    draw = sample.draw()
    for state in draw.sample(_legal(), 40):
        explorer = _explorer(state)
        picked = explorer.picked = draw.choice([p for p in _picks(state) if p[0] == "output"])
        page.evaluate("(traits) => mounted[0].model.update(traits)", explorer.settings())
        assert _numbers(page, ".cv-planes .cv-input .cv-cell") == explorer.input().ravel().tolist()
        layer = explorer.layer()
        assert _numbers(page, ".cv-planes .cv-kernel .cv-cell") == (
            layer.weight[picked[1]].ravel().tolist()
        )
        out = layer(explorer.input())
        assert _numbers(page, ".cv-made .cv-cell") == out.ravel().tolist(), explorer
        total = page.locator(".cv-result .cv-output-ink").inner_text()
        assert int(total.replace("−", "-")) == out[0][tuple(picked[1:])]
        assert page.locator(".cv-code").inner_text() == explorer.code


def test_the_numbers_of_the_lesson(mount):
    page = mount(input_size=1, kernel_size=1, powers=True, picked=("output", 1, 0, 0))
    assert page.locator(".cv-sum").inner_text().split() == [
        "output[1,", "0,", "0]", "channel", "0", "1", "channel", "1", "20", "channel", "2", "300",
        "bias", "1", "1000", "sum", "1321",
    ]  # fmt: skip
    assert _numbers(page, ".cv-made .cv-cell") == [111, 1321]


def test_a_slider_jumps_over_what_is_not_legal_and_says_why(mount):
    page = mount(in_channels=4, out_channels=4, groups=2)
    page.get_by_role("slider", name="groups").press("ArrowRight")
    assert page.evaluate("mounted[0].model.get('groups')") == 4
    status = page.get_by_role("status").inner_text()
    assert status.startswith(
        "groups=3 is not possible: in_channels=4 does not split into 3 equal groups."
        " The next one that is: 4."
    )
    assert "ValueError: in_channels must be divisible by groups" in status


def test_a_plane_of_another_group_is_not_read(mount):
    page = mount(in_channels=4, out_channels=4, groups=2, picked=("output", 3, 0, 0))
    rows = page.locator(".cv-plane")
    idle = rows.evaluate_all("all => all.map((row) => row.hasAttribute('data-idle'))")
    assert idle == [True, True, False, False]
    assert "group 0: output 3 does not read it" in rows.first.inner_text()
    assert page.locator(".cv-kernel:visible").count() == 2


def test_keys_walk_from_a_plane_to_its_kernel(mount):
    page = mount()
    page.locator(".cv-planes .cv-input [tabindex='0']").first.focus()
    page.keyboard.press("End")
    assert page.evaluate("mounted[0].model.get('picked')") == ["input", 0, 0, 2]
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("mounted[0].model.get('picked')") == ["weight", 0, 0, 1, 0]
    spoken = page.locator("[aria-live=polite].cv-offscreen").inner_text()
    assert spoken.startswith("weight[0, 0, 1, 0] = 3 meets 4 pixels of channel 0")


@pytest.mark.parametrize("settings", [{}, LARGEST, {**LARGEST, "groups": 2}])
def test_it_fits_a_phone_and_fingers(mount, settings):
    page = mount(width=360, **settings)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("""[...document.querySelectorAll(".cv-stage *")]
      .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > 352)
      .length""") == 0  # fmt: skip
    small = page.evaluate("""[...document.querySelectorAll("button, input, [role=gridcell]")]
      .filter((each) => each.checkVisibility())
      .map((each) => each.getBoundingClientRect())
      .filter((box) => Math.min(box.width, box.height) < 22).length""")
    assert small == 0


@pytest.mark.parametrize("settings", [{}, LARGEST])
def test_nothing_is_cut_off_on_a_laptop(mount, settings):
    page = mount(width=760, **settings)
    outside = page.evaluate("""() => {
      const { left, right } = document.querySelector(".convlib").getBoundingClientRect();
      return [...document.querySelectorAll(".cv-stage *")]
        .filter((each) => each.checkVisibility())
        .map((each) => each.getBoundingClientRect())
        .filter((box) => box.left < left || box.right > right).length;
    }""")
    assert outside == 0
