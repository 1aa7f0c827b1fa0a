"""GroupsExplorer in a real browser: its arithmetic against PyTorch, and what a reader can do."""

import json
import os
from functools import cache
from types import SimpleNamespace

import pytest

from convlib.widgets import GroupsExplorer
from convlib.widgets._words import words_of
from convlib.widgets.groups_explorer import ROOM, STACKS
from tests.browser import states

os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")
import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.browser.hands import click, nothing, press, push, slide
from tests.browser.pages import spoken

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {
    "in_channels": 8,
    "out_channels": 12,
    "groups": 1,
    "kernel_size": 7,
    "input_size": 224,
    "stack": "shuffled",
}
ACTIONS = [
    (click("[role=option]", 3), "in_channels=4, out_channels=4, groups=2, picked=('input', 3)"),
    (
        press("[role=option]", "ArrowUp", place=3),
        "in_channels=4, out_channels=4, groups=2, picked=('input', 2)",
    ),
    (
        press("[aria-label=kernel_size]", "ArrowDown"),
        "in_channels=4, out_channels=4, groups=2, kernel_size=5, picked=('input', 2)",
    ),
]
CHANGE = ("stack = 'shuffled'", "ChannelShuffle(2)")
AXE_STATES = [
    ({}, lambda view: view.locator(".cv-cell").nth(5).click()),
    ({}, slide("groups", 3)),
    ({}, push("two layers")),
]
WORD_STATES = [
    ({"picked": ("input", 0)}, nothing),
    ({"groups": 1}, nothing),
    ({"groups": 4}, nothing),  # depthwise
    ({"groups": 4, "out_channels": 8}, nothing),
    ({}, slide("multiplier", 4)),  # no room
    ({}, push("depthwise")),
    ({"stack": "stacked", "picked": ("hidden", 1)}, nothing),
    ({"stack": "stacked", "groups": 1}, nothing),
    *(
        ({"stack": "shuffled", "groups": groups, "out_channels": outputs}, nothing)
        for groups, outputs in ((1, 4), (2, 4), (4, 4), (4, 8))  # mends, helps, or cannot
    ),
    ({}, lambda view: view.page.evaluate("mounted[0].model.set('groups', 0)")),
    ({}, lambda view: view.page.evaluate("mounted[0].model.set('stack', '?')")),
]
TIMED = [
    ("[role=option][tabindex='0']", ("ArrowDown", "ArrowUp")),
    ("[aria-label=in_channels]", ("ArrowLeft", "ArrowRight")),
]

# Both sides walk through all channel counts, all numbers of groups, all stacks.
# For each state the browser gives
#   why       PyTorch's refusal, or null;
# and for each legal one
#   code      the lines of PyTorch;
#   shuffle   the order of the channels between two layers;
#   paths     for each output, the inputs from which a path leads to it;
#   back      for each input, the outputs that a path leads to;
#   weights   for each output, the input that each kernel of weight[output] reads;
#   costs     for each kernel size and input size: weights, biases, parameters, macs, and those of
#             groups=1.
COMPUTE = """async ({ room, stacks }) => {
  const C = await import("/math/channels.js");
  const G = await import("/math/groups.js");
  const states = [];
  for (const in_channels of room.in_channels) for (const out_channels of room.out_channels)
    for (const groups of [0, ...room.groups]) for (const stack of stacks) {
      const layer = { in_channels, out_channels, groups };
      const why = C.groupsProblem(layer);
      if (why) {
        states.push({ why: `${why.type}: ${why.message}` });
        continue;
      }
      const graph = C.wiring(layer, stack);
      const last = graph.counts.length - 1;
      const list = (set) => [...set].sort((a, b) => a - b);
      const reach = (column, count, to) => Array.from({ length: count },
        (_, place) => list(C.connected(graph, column, place)[to]));
      states.push({
        why: null,
        code: room.kernel_size.map((kernel_size) => G.codeOf({ ...layer, kernel_size }, stack)),
        shuffle: C.shuffle(out_channels, groups),
        paths: reach(last, out_channels, 0),
        back: reach(0, in_channels, last),
        weights: Array.from({ length: out_channels }, (_, o) => C.inputsOf(layer, o)),
        costs: room.kernel_size.map((kernel_size) => room.input_size.map((input_size) => {
          const numbers = ({ weights, biases, parameters, macs, shapes }) =>
            [weights, biases, parameters, macs, shapes];
          const full = { ...layer, kernel_size, input_size };
          return [numbers(G.costs(full, stack)), numbers(G.costs(full, stack, 1))];
        })),
      });
    }
  return JSON.stringify(states); // Playwright is slow with objects
}"""


@cache
def torch_layer(in_channels, out_channels, groups, kernel_size):
    """Shape of the weight, number of biases, and MACs for each input size."""
    layer = torch.nn.Conv2d(
        in_channels, out_channels, kernel_size, padding=kernel_size // 2, groups=groups,
        device="meta",
    )  # fmt: skip
    macs = []
    with FlopCounterMode(display=False) as counter:
        for size in ROOM["input_size"]:
            before = counter.get_total_flops()
            image = torch.empty(1, in_channels, size, size, device="meta")
            assert layer(image).shape == (1, out_channels, size, size)
            macs.append((counter.get_total_flops() - before) // 2)  # two operations each
    return list(layer.weight.shape), layer.bias.numel(), macs


def torch_costs(in_channels, out_channels, groups, stack, kernel_size):
    """For each input size: weights, biases, parameters, MACs, shapes."""
    layers = [torch_layer(in_channels, out_channels, groups, kernel_size)]
    if stack != "single":
        layers.append(torch_layer(out_channels, out_channels, groups, kernel_size))
    shapes = [shape for shape, _, _ in layers]
    weights = sum(torch.Size(shape).numel() for shape in shapes)
    biases = sum(count for _, count, _ in layers)
    return [
        [weights, biases, weights + biases, sum(macs), shapes]
        for macs in zip(*(macs for _, _, macs in layers), strict=True)
    ]


def torch_stack(in_channels, out_channels, groups, stack):
    """Build the stack with 1 x 1 kernels; raise what PyTorch raises."""
    conv = torch.nn.Conv2d(in_channels, out_channels, 1, groups=groups, bias=False)
    modules = [conv]
    if stack == "shuffled":
        modules.append(torch.nn.ChannelShuffle(groups))
    if stack != "single":
        modules.append(torch.nn.Conv2d(out_channels, out_channels, 1, groups=groups, bias=False))
    for module in modules:
        for weight in module.parameters():
            torch.nn.init.ones_(weight)
    return torch.nn.Sequential(*modules)


def torch_state(in_channels, out_channels, groups, stack):
    """Read one state off PyTorch. Positive weights: no path can cancel another."""
    try:
        net = torch_stack(in_channels, out_channels, groups, stack)
    except ValueError as error:
        return {"why": f"ValueError: {error}"}
    with torch.no_grad():
        lit = net(torch.eye(in_channels)[:, :, None, None])[:, :, 0, 0] > 0  # [input, output]
        conv = net[0]
        conv.weight[:] = torch.arange(1.0, conv.weight.numel() + 1).view_as(conv.weight)
        reads = conv(torch.eye(in_channels)[:, :, None, None])[:, :, 0, 0]
        weights = [
            [(reads[:, o] == kernel).nonzero().item() for kernel in conv.weight[o].flatten()]
            for o in range(out_channels)
        ]
        order = torch.arange(float(out_channels)).view(1, -1, 1, 1)
        shuffle = torch.nn.ChannelShuffle(groups)(order).flatten().int().tolist()
    kernels = ROOM["kernel_size"]
    sized = [torch_costs(in_channels, out_channels, groups, stack, k) for k in kernels]
    full = [torch_costs(in_channels, out_channels, 1, stack, k) for k in kernels]
    return {
        "why": None,
        "shuffle": shuffle,
        "paths": [lit[:, o].nonzero().flatten().tolist() for o in range(out_channels)],
        "back": [lit[i].nonzero().flatten().tolist() for i in range(in_channels)],
        "weights": weights,
        "costs": [
            [list(pair) for pair in zip(*both, strict=True)]
            for both in zip(sized, full, strict=True)
        ],
    }


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
def test_every_state_equals_torch(open_page, widgets_url):
    page = open_page(widgets_url)
    room = {name: list(values) for name, values in ROOM.items()}
    answers = iter(json.loads(page.evaluate(COMPUTE, {"room": room, "stacks": STACKS})))
    legal = refused = 0
    for in_channels in room["in_channels"]:
        for out_channels in room["out_channels"]:
            for groups in [0, *room["groups"]]:
                for stack in STACKS:
                    answer = next(answers)
                    code = answer.pop("code", None)
                    state = (in_channels, out_channels, groups, stack)
                    assert answer == torch_state(*state), state
                    if code is None:
                        refused += 1
                        continue
                    legal += len(code) * len(room["input_size"])
                    for line, k in zip(code, room["kernel_size"], strict=True):
                        settings = SimpleNamespace(
                            in_channels=in_channels, out_channels=out_channels, groups=groups,
                            stack=stack, kernel_size=k,
                        )  # fmt: skip
                        assert line == GroupsExplorer.code.fget(settings)
    assert next(answers, None) is None
    print(f"\nGroupsExplorer: {legal} legal states, {refused} refused: 0 differences")
    assert legal > 10_000


DEFAULT = states.traits("groups_explorer")


@pytest.fixture
def mount(open_widget):
    """Open a page with one widget; return the page."""

    def mount(width=1000, **settings):
        options = {"viewport": {"width": width, "height": 900}, "reduced_motion": "reduce"}
        return open_widget("groups_explorer", {**DEFAULT, **settings}, **options)

    return mount


def traits(page, *names):
    return page.evaluate(
        "names => names.map((name) => mounted[0].model.get(name))",
        names or list(GroupsExplorer().settings()),
    )


def nodes(page, column):
    return page.locator(f'[role=listbox][aria-label="{column} channels"] [role=option]')


def slider(page, name):
    return page.locator(f'input[type=range][aria-label="{name}"]')


def test_pointer_picks_and_lights_what_is_wired(mount):
    page = mount()
    assert spoken(page).startswith("Output 0 reads inputs 0 and 1: 2 of 4. 2 groups:")
    nodes(page, "input").nth(3).click()
    assert traits(page, "picked") == [["input", 3]]
    assert spoken(page).startswith("Input 3 reaches outputs 2 and 3: 2 of 4.")
    marks = nodes(page, "output").evaluate_all("all => all.map((each) => each.dataset.marks)")
    assert marks == ["dim", "dim", "lit", "lit"]

    page.locator(".cv-cell").nth(5).click()
    assert traits(page, "picked") == [["weight", 2, 1]]
    assert spoken(page).startswith("weight[2, 1] is the kernel from input 3 to output 2.")
    marks = nodes(page, "input").evaluate_all("all => all.map((each) => each.dataset.marks)")
    assert marks == ["dim", "dim", "dim", "lit"]
    assert page.locator("path.cv-lit").first.get_attribute("d").count("M") == 1
    ties = page.locator(".cv-row:has(.cv-cell)").evaluate_all(
        "all => all.map((row) => getComputedStyle(row, '::before').borderTopColor)"
    )
    assert ties[2] not in ties[:2] + ties[3:]  # only the row of the picked kernel is lit


def test_weight_rows_stand_beside_their_outputs(mount):
    for settings in ({}, {"in_channels": 8, "out_channels": 4}, {"groups": 4, "out_channels": 12}):
        page = mount(**settings)
        middle = "all => all.map((e) => e.getBoundingClientRect()).map((r) => r.y + r.height / 2)"
        circles = nodes(page, "output").evaluate_all(middle)
        rows = page.locator(".cv-row:has(.cv-cell)").evaluate_all(middle)
        assert len(circles) == len(rows)
        assert max(abs(a - b) for a, b in zip(circles, rows, strict=True)) < 1.5


def test_keyboard_alone_reaches_everything(mount):
    page = mount()
    stops = []
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                "(document.activeElement.getAttribute('aria-label') ??"
                " document.activeElement.textContent).split(',')[0]"
            )
        )
    assert stops == [
        "Copy", "input 0", "output 0", "weight 0", "in_channels", "out_channels", "groups",
        "depthwise", "multiplier", "kernel_size", "input_size", "one layer",
    ]  # fmt: skip
    page.locator(".cv-hold [tabindex='0']").first.focus()
    page.keyboard.press("End")
    assert traits(page, "picked") == [["input", 3]]
    page.keyboard.press("ArrowUp")
    assert traits(page, "picked") == [["input", 2]]
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert traits(page, "picked") == [["output", 1]]
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert traits(page, "picked") == [["weight", 0, 1]]
    assert page.evaluate("document.activeElement.className") == "cv-cell"


def test_a_slider_jumps_over_what_is_not_legal_and_says_why(mount):
    page = mount()
    slider(page, "groups").press("ArrowRight")
    assert traits(page, "groups") == [4]
    status = page.locator("[role=status]").inner_text()
    assert status.startswith(
        "groups=3 is not possible: in_channels=4 does not split into 3 equal groups."
        " The next one that is: 4."
    )
    assert "ValueError: in_channels must be divisible by groups" in status
    slider(page, "groups").press("ArrowRight")
    assert traits(page, "groups") == [4]
    slider(page, "multiplier").press("ArrowRight")
    assert traits(page, "in_channels", "out_channels", "groups") == [4, 8, 4]
    slider(page, "in_channels").press("ArrowLeft")  # stays depthwise
    assert traits(page, "in_channels", "out_channels", "groups") == [3, 6, 3]
    slider(page, "multiplier").press("End")
    assert traits(page, "out_channels") == [12]


@pytest.mark.parametrize(("channels", "outputs", "expected"), [(4, 4, 4), (8, 4, 8), (6, 12, 12)])
def test_depthwise_is_one_click(mount, channels, outputs, expected):
    page = mount(in_channels=channels, out_channels=outputs, groups=2)
    page.get_by_role("button", name="depthwise").click()
    assert traits(page, "groups", "out_channels") == [channels, expected]
    assert "no output mixes two inputs" in spoken(page)


def test_sliders_never_reach_an_illegal_state(mount):
    page = mount()
    wrong = page.evaluate("""async () => {
      const { MOVES, mostOf, problem } = await import("/math/groups.js");
      const { model, el } = mounted[0];
      const { room } = model.get("constants");
      const wrong = [];
      let seed = 1;
      const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
      for (let step = 0; step < 400; step++) {
        const names = Object.keys(MOVES);
        const name = names[random(names.length)];
        const input = el.querySelector(`input[aria-label="${name}"]`);
        input.value = 1 + random(mostOf(name, room));
        input.dispatchEvent(new Event("input"));
        const why = problem(model.traits, room);
        if (why) wrong.push([name, why.rule]);
      }
      return wrong;
    }""")
    assert wrong == []


def test_two_layers_never_mix_and_a_shuffle_mends_it(mount):
    page = mount()
    page.get_by_role("button", name="two layers").click()
    assert "Output 0 sees inputs 0 and 1: 2 of 4. Two layers" in spoken(page)
    assert "never mix: they are 2 separate nets." in spoken(page)
    page.get_by_role("button", name="two, shuffled").click()
    assert "Output 0 sees inputs 0, 1, 2 and 3: 4 of 4. The shuffle mends it" in spoken(page)
    assert page.locator('[aria-label="shuffled channels"]').inner_text().split() == list("0213")
    nodes(page, "shuffled").nth(1).click()
    assert traits(page, "picked") == [["hidden", 2]]
    assert "Hidden 2 reads inputs 2 and 3 and reaches outputs 0 and 1." in spoken(page)
    assert "ChannelShuffle(2)" in page.locator(".cv-code").inner_text()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"groups": 4}, "With one channel in each group there is nothing to shuffle"),
        ({"groups": 4, "out_channels": 8}, "The shuffle helps: each output sees 2 of 4 groups."),
        ({"groups": 1}, "One group: every output sees every input."),
    ],
)
def test_the_story_of_a_shuffle_is_exact(mount, settings, sentence):
    assert sentence in spoken(mount(stack="shuffled", **settings))


def test_numbers_stand_beside_those_of_one_group(mount):
    page = mount(kernel_size=5, input_size=14)
    table = page.locator(".cv-costs").inner_text().split()
    assert table[:2] == ["groups=2", "groups=1"]
    for number in ("200", "400", "204", "404", "39,200", "78,400"):
        assert number in table
    assert spoken(page).endswith(
        "204 parameters; groups=1 has 404. 39,200 multiply-accumulates; groups=1 has 78,400."
    )


def test_python_and_a_second_view_change_the_picture(mount):
    page = mount()
    page.evaluate("mounted[0].model.set('groups', 1)")
    assert "groups" not in page.locator(".cv-code").inner_text()
    page.evaluate("traits => mount(traits)", DEFAULT)
    assert page.evaluate("document.querySelectorAll('[id]').length") == 0
    page.locator(".convlib").nth(1).get_by_role("button", name="two layers").click()
    assert page.locator(".cv-code").nth(0).inner_text().count("Conv2d") == 1
    assert page.locator(".cv-code").nth(1).inner_text().count("Conv2d") == 2


@pytest.mark.parametrize("stack", STACKS)
def test_it_fits_a_phone_and_fingers(mount, stack):
    page = mount(width=360, in_channels=8, out_channels=8, stack=stack)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate("""[...document.querySelectorAll(
        "button, select, input, [role=option], [role=gridcell]")]
      .filter((each) => each.checkVisibility())
      .map((each) => [each.textContent, each.getBoundingClientRect()])
      .filter(([, box]) => Math.min(box.width, box.height) < 24).map(([text]) => text)""")
    assert small == []


def test_in_chinese_the_settings_keep_pytorchs_names(open_widget):
    words = json.dumps(words_of("zh-CN"))
    speak = f"import('/math/words.js').then(({{ setWords }}) => setWords('zh-CN', {words}))"
    page = open_widget("groups_explorer", DEFAULT, script=speak)
    names = page.locator(".cv-control .cv-name").all_inner_texts()
    assert names == [
        "in_channels", "out_channels", "groups", "通道倍数", "kernel_size", "input_size", "堆叠",
    ]  # fmt: skip
    assert spoken(page).startswith("输出 0 读取输入 0 和 1：4 个中的 2 个。")
