"""ShapeSolver in a browser: its sizes and solutions against PyTorch, and how one works with it."""

import json
import random
from itertools import product

import numpy as np
import pytest
import torch

from convlib.shapes import effective_kernel_size, output_size, same_padding, solve
from convlib.widgets import ShapeSolver
from convlib.widgets.shape_solver import LIMITS, SLIDERS
from tests.browser.hands import click, nothing, press, push, slide, type_in, write
from tests.browser.states import reached, traits

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {
    "input_size": 256,
    "kernel_size": 11,
    "stride": 1,
    "padding": 6,
    "target": 64,
    "max_kernel_size": 11,
    "max_stride": 4,
    "max_padding": 6,
    "max_dilation": 4,
}
ACTIONS = [
    (click("text=32 → 16"), "input_size=32, kernel_size=3, stride=2, padding=1, target=16"),
    (press("li .cv-setting", "Enter"), "input_size=32, kernel_size=1, stride=2, target=16"),
    (write("[aria-label=target]", "8"), "input_size=32, kernel_size=1, stride=2, target=8"),
]
CHANGE = ("padding = 5", "input 32 → output 21")
AXE_STATES = [
    ({}, push("even 'same'")),
    ({}, push("32 → 16")),
    ({}, push("64 → 40")),
    ({"input_size": 4}, slide("kernel_size", 11)),
    ({}, lambda view: view.locator("summary").click()),
]
WORD_STATES = [
    ({"input_size": 3}, nothing),  # the window fills the axis
    ({"padding": 1}, nothing),  # only padding is left over
    ({"padding": "same", "stride": 1}, nothing),
    ({"input_size": 130, "stride": 9}, nothing),  # long lists
    ({"input_size": 9, "target": 1}, nothing),
    ({}, type_in("target", 0)),
    ({}, type_in("stride", 1.5)),
    ({"kernel_size": 2}, type_in("kernel_size", 999)),
]
TIMED = [
    ("[aria-label=kernel_size]", ("ArrowLeft", "ArrowRight")),
    ("[aria-label=target]", ("ArrowDown", "ArrowUp")),
]


SIZES = list(range(1, 257))
BOX = {
    "dilation": reached(SLIDERS["dilation"]),
    "stride": reached(SLIDERS["stride"]),
    "kernel_size": reached(SLIDERS["kernel_size"]),
    "padding": [*reached(SLIDERS["padding"]), "same"],
}
BOUNDS = ("max_kernel_size", "max_stride", "max_padding", "max_dilation")

# For every state of the layer, with the input size as the innermost loop: the output size, 0 if
# refused; the leftover; and which inputs share the output, as first and last.
SWEEP = """async ([box, sizes]) => {
  const A = await import("/math/arithmetic.js");
  const S = await import("/math/solver.js");
  const { layerOf } = S;
  const out = [];
  for (const dilation of box.dilation) for (const stride of box.stride)
  for (const kernel_size of box.kernel_size) for (const padding of box.padding)
  for (const input_size of sizes) {
    const layer = layerOf({ input_size, kernel_size, stride, padding, dilation });
    if (A.problem(layer)) { out.push(0, 0, 0, 0); continue; }
    const [axis] = A.axesOf(layer);
    const inputs = S.inputsWithSameOutput(axis);
    out.push(A.outputSize(axis), A.leftover(axis), inputs[0], inputs.at(-1));
  }
  return JSON.stringify(out); // the driver is slow with a million single numbers
}"""

SOLVE = """async (questions) => {
  const S = await import("/math/solver.js");
  return JSON.stringify(JSON.parse(questions).map(([input, output, ...most]) => {
    const [max_kernel_size, max_stride, max_padding, max_dilation] = most;
    const bounds = { max_kernel_size, max_stride, max_padding, max_dilation };
    const found = S.solve(input, output, bounds).map(Object.values);
    return found.length ? found : S.whyNone(input, output, bounds);
  }));
}"""


def _ask(page, questions):
    return json.loads(page.evaluate(SOLVE, json.dumps(questions)))


@pytest.fixture(scope="module")
def sizes():
    """Tabulate every output size by convlib, 0 if refused; axes as in BOX, then the input size."""
    table = np.zeros((*map(len, BOX.values()), len(SIZES)), np.int64)
    for place, (d, s, k, p) in zip(
        np.ndindex(table.shape[:-1]), product(*BOX.values()), strict=True
    ):
        if p == "same" and s > 1:
            continue
        padding = d * (k - 1) if p == "same" else 2 * p
        valid = [n for n in SIZES if n + padding >= effective_kernel_size(k, d)]
        for low, high in zip(valid[: -(len(valid) // -2)], valid[len(valid) // 2 :], strict=True):
            table[(*place, [low - 1, high - 1])] = output_size((low, high), k, s, p, d)
    return table


def _torch_size(n, k, s, p, d):
    try:
        output = torch.nn.functional.conv1d(
            torch.zeros(1, 1, n), torch.zeros(1, 1, k), None, s, p, d
        )
    except RuntimeError:
        return 0
    return output.shape[-1]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_every_reachable_layer_has_the_right_size(open_page, widgets_url, sizes, sample):
    answer = json.loads(open_page(widgets_url).evaluate(SWEEP, [BOX, SIZES]))
    output, left, first, last = np.moveaxis(np.reshape(answer, (*sizes.shape, 4)), -1, 0)
    np.testing.assert_array_equal(output, sizes)

    # Inputs with the same output: as far as the table reaches, exactly those.
    valid = sizes > 0
    place = np.indices(sizes.shape)[:, valid][:-1]
    n, low, high = SIZES[0] + np.nonzero(valid)[-1], first[valid], last[valid]
    wall = np.pad(sizes, [(0, 0)] * 4 + [(1, 1)], constant_values=-1)  # index n is input size n
    mine = sizes[valid]
    assert ((low <= n) & (n <= high)).all()
    assert (wall[(*place, low)] == mine).all()
    assert (wall[(*place, np.minimum(high, SIZES[-1]))] == mine).all()
    assert (wall[(*place, low - 1)] != mine).all()
    inside = high < SIZES[-1]
    assert (wall[(*place[:, inside], high[inside] + 1)] != mine[inside]).all()
    # What the floor cuts off is what can be taken away without a smaller output.
    whole = low > 1
    assert (left[valid][whole] == (n - low)[whole]).all()

    rng, draws = sample.draw(), sample.size(10_000, 2_000)
    for _ in range(draws):
        at = tuple(rng.randrange(length) for length in sizes.shape)
        d, s, k, p, n = (row[i] for row, i in zip([*BOX.values(), SIZES], at, strict=True))
        assert sizes[at] == _torch_size(n, k, s, p, d), (n, k, s, p, d)
    print(f"\n{valid.sum()} layers of ShapeSolver equal convlib, {draws} of them PyTorch, "
          f"{(~valid).sum()} refused")  # fmt: skip
    assert valid.sum() > 200_000


def _expected(sizes, n, m, kernel, stride, padding, dilation):
    """Read the solutions off the table, in the order of convlib.shapes.solve."""
    table = sizes[:dilation, :stride, :kernel, : padding + 1, n - 1]
    found = np.add(np.argwhere(table == m), (1, 1, 1, 0))
    found = [[k, s, p, d] for d, s, k, p in found.tolist() if k > 1 or d == 1]
    return found, sorted(set(table[table > 0].tolist()))


def test_solutions_are_complete(open_page, widgets_url, sizes, sample):
    rng = sample.draw()
    default = [ShapeSolver().settings()[name] for name in BOUNDS]
    grid = [(n, m, *default) for n in range(1, 41) for m in range(1, 49)]
    seeded = []
    for _ in range(sample.size(10_000, 2_000)):
        n = rng.choice(SIZES)
        near = max(1, n // rng.choice([1, 1, 2, 2, 3, 4]) + rng.randint(-6, 6))
        most = [rng.choice(reached(SLIDERS[name.removeprefix("max_")])) for name in BOUNDS]
        seeded.append((n, rng.choice([near, near, rng.randint(1, 512)]), *most))
    questions = grid + seeded
    answers = _ask(open_page(widgets_url), questions)
    none = 0
    for question, answer in zip(questions, answers, strict=True):
        found, within_reach = _expected(sizes, *question)
        if found:
            assert answer == found, question
            continue
        none += 1
        n, m, _, stride, _, _ = question
        assert answer["below"] == max((size for size in within_reach if size < m), default=None)
        assert answer["above"] == min((size for size in within_reach if size > m), default=None)
        # a travel is an output at stride 1, less the first stop; the reason must be a reason
        needed = {
            travel for need in answer["needs"] for travel in range(need["from"], need["to"] + 1)
        }
        assert needed == {t for s in range(1, stride + 1) for t in range((m - 1) * s, m * s)}
        assert not needed & set(answer["travels"]), question
    print(f"\n{len(questions)} questions to ShapeSolver, {none} without a solution: all right")
    assert 1000 < none < len(questions) - 1000


def test_solutions_are_those_of_convlib(open_page, widgets_url):
    questions = [(n, m, 7, 2, 3, 2) for n in range(3, 40, 3) for m in range(1, n + 5)]
    answers = _ask(open_page(widgets_url), questions)
    for (n, m, k, s, p, d), answer in zip(questions, answers, strict=True):
        bounds = dict(zip(BOUNDS, (k, s, p, d), strict=True))
        if isinstance(answer, dict):
            with pytest.raises(ValueError, match=f"no setting within the bounds maps {n} to {m}"):
                solve(n, m, **bounds)
        else:
            assert [list(setting) for setting in solve(n, m, **bounds)] == answer


# ------------------------------------------------------------------------------ in the page


READ = """({ el }) => ({
  code: el.querySelector(".cv-code").textContent,
  sizes: el.querySelector(".cv-sizes").textContent,
  notes: [...el.querySelectorAll(".cv-readings p")].map((p) => p.textContent),
  strip: el.querySelector(".cv-strip").getAttribute("aria-label"),
  marks: [...el.querySelectorAll(".cv-position")].map((cell) => cell.dataset.marks),
  stops: [...el.querySelectorAll(".cv-stop")].map((label) => label.textContent),
  taps: el.querySelectorAll(".cv-tap").length,
  inputs: [...el.querySelectorAll(".cv-readings button")].map((button) =>
    [Number(button.textContent), button.ariaPressed]),
  title: el.querySelector(".cv-back .cv-title").textContent,
  answer: [...el.querySelectorAll(".cv-reached p")].map((p) => p.textContent),
  settings: [...el.querySelectorAll("li .cv-setting")].map((row) => row.textContent.split("\t")),
  pressed: [...el.querySelectorAll("li .cv-setting")].map((row) => row.ariaPressed === "true"),
  spoken: el.querySelector("[aria-live=polite].cv-offscreen").textContent,
})"""


def _traits(**settings):
    return traits("shape_solver", **settings)


@pytest.fixture
def mount(open_widget):
    """Open a page with one widget; return the page."""

    def mount(traits, **options):
        return open_widget("shape_solver", traits, **options)

    return mount


def _read(page, number=0):
    return page.evaluate(f"() => ({READ})(mounted[{number}])")


def _trait(page, name):
    return page.evaluate("(name) => mounted[0].model.traits[name]", name)


def test_the_strip_shows_the_stops_and_what_is_never_read(mount):
    page = mount(_traits())
    shown = _read(page)
    assert shown["sizes"] == "input 10 → output 4"
    assert shown["stops"] == ["0", "1", "2", "3", "✗"]
    assert shown["taps"] == 5 * 3
    assert len(shown["marks"]) == 10
    assert [mark for mark in shown["marks"] if "unread" in mark] == ["core unread floor fifth"]
    assert page.get_by_text("never read", exact=True).is_visible()
    assert shown["strip"] == (
        "Input 10. The window spans 3 cells and stops at 0, 2, 4, 6: output size 4. "
        "The last 1 cell of the padded axis is never read."
    )
    assert shown["notes"] == [
        "The window can travel 7 cells: 3 steps of 2, and 1 left over. "
        "The next stop (✗) would hang over the end by 1.",
        "1 of 10 input cells is never read: 9.",
    ]
    assert shown["inputs"] == [[9, "false"], [10, "true"]]
    assert shown["spoken"].startswith(shown["strip"])


@pytest.mark.parametrize("settings", [
    {"input_size": 224, "kernel_size": 7, "padding": 3},
    {"input_size": 256, "kernel_size": 11, "dilation": 4, "stride": 1},
    {"input_size": 34, "kernel_size": 1, "stride": 4},
    {"input_size": 1, "kernel_size": 1, "stride": 4},
    {"input_size": 20, "kernel_size": 4, "stride": 1, "padding": "same", "dilation": 3},
])  # fmt: skip
def test_a_long_strip_keeps_its_ends(mount, settings):
    page = mount(_traits(**settings), viewport={"width": 800, "height": 900})
    solver = ShapeSolver(**settings)
    out = output_size(*(getattr(solver, name) for name in (
        "input_size", "kernel_size", "stride", "padding", "dilation")))  # fmt: skip
    shown = _read(page)
    assert shown["sizes"] == f"input {solver.input_size} → output {out}"
    assert shown["stops"][-2:] == [str(out - 1), "✗"]
    numbers = page.locator(".cv-position[data-marks~=core]").all_text_contents()
    assert (numbers[0], numbers[-1]) == ("0", str(solver.input_size - 1))
    # nothing stands outside the strip's own columns, and the wall is where the padded axis ends
    boxes = page.evaluate("""() => {
      const right = (selector) => [...document.querySelectorAll(selector)].at(-1)
        .getBoundingClientRect().right;
      return [right(".cv-position"), right(".cv-wall") ,
        document.querySelector(".cv-wall").getBoundingClientRect().left,
        right(".cv-strip"), right(".cv-ghost")];
    }""")
    assert abs(boxes[0] - boxes[2]) < 4
    assert boxes[4] <= boxes[3] + 1


def test_same_says_which_side_takes_the_extra_cell(mount):
    page = mount(_traits(stride=1, kernel_size=4))
    page.get_by_role("button", name="same", exact=True).click()
    assert same_padding(4) == (1, 2)
    assert page.locator(".cv-extent").all_text_contents() == ["+1", "10", "+2"]
    assert "stops at minus 1, 0, 1, 2 and so on to 8: output size 10." in _read(page)["strip"]
    assert _read(page)["notes"][1] == (
        "'same' adds 1 before and 2 after: the extra cell goes to the end, "
        "which is the bottom and the right of an image."
    )
    page.get_by_role("slider", name="dilation", exact=True).fill("2")
    assert same_padding(4, 2) == (3, 3)
    assert page.locator(".cv-extent").all_text_contents() == ["+3", "10", "+3"]
    page.get_by_role("slider", name="stride", exact=True).fill("2")
    assert _trait(page, "stride") == 1
    assert "padding='same' is not supported" in page.get_by_role("status").inner_text()


def test_one_click_loads_a_solution(mount):
    page = mount(_traits(input_size=32))
    page.get_by_role("spinbutton", name="target").fill("16")
    page.keyboard.press("Enter")
    shown = _read(page)
    assert shown["title"] == "11 settings turn 32 into 16."
    solver = ShapeSolver(input_size=32, target=16)
    assert [[int(cell) for cell in row[:3]] for row in shown["settings"]] == [
        list(setting[:3]) for setting in solver.solutions()
    ]
    assert shown["settings"][0] == ["1", "2", "0", "1–2", "16 of 32"]
    assert shown["settings"][2] == ["3", "2", "1", "1", "all"]
    assert not any(shown["pressed"])
    for index, setting in enumerate(solver.solutions()):
        row = page.locator("li .cv-setting").nth(index)
        row.focus()
        page.keyboard.press("Enter")
        shown = _read(page)
        assert shown["sizes"] == "input 32 → output 16"
        assert [at for at, pressed in enumerate(shown["pressed"]) if pressed] == [index]
        assert {name: _trait(page, name) for name in setting._fields} == setting._asdict()
        assert row.evaluate("(row) => row === document.activeElement")


def test_says_why_there_is_none_and_offers_the_nearest(mount):
    page = mount(_traits(input_size=64, target=40))
    shown = _read(page)
    assert shown["title"] == "No setting within the bounds turns 64 into 40."
    assert shown["answer"] == [
        "For 40 outputs the window must travel this many cells: 39 at stride 1, or 78 or 79 at "
        "stride 2.",
        "Within the bounds it can travel 51, 53, 55, 57 to 69.",
    ]
    assert shown["spoken"].endswith(" ".join([shown["title"], *shown["answer"]]))
    page.get_by_role("button", name="35", exact=True).focus()
    page.keyboard.press("Enter")
    assert _trait(page, "target") == 35
    assert "turn 64 into 35" in _read(page)["title"]
    assert page.evaluate("() => document.activeElement.ariaLabel") == "target"
    page.locator("summary").click()
    page.get_by_role("slider", name="max_stride").fill("1")
    assert _read(page)["title"] == "No setting within the bounds turns 64 into 35."


def test_inputs_with_the_same_output_can_be_tried(mount):
    page = mount(_traits(stride=3))
    assert _read(page)["inputs"] == [[9, "false"], [10, "true"], [11, "false"]]
    page.get_by_role("button", name="11", exact=True).focus()
    page.keyboard.press("Enter")
    assert _trait(page, "input_size") == 11
    assert _read(page)["inputs"] == [[9, "false"], [10, "false"], [11, "true"]]
    assert page.evaluate("() => document.activeElement.textContent") == "11"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("65537", "it is a number from 1 to 65,536"),
        ("0", "it is a number from 1 to 65,536"),
        ("-3", "it is a number from 1 to 65,536"),
        ("12.6", "it is a whole number"),
        ("2", "the window would span 5 x 5 cells, and the padded input has only 2 x 2"),
    ],
)
def test_a_typed_number_is_refused_with_the_reason_and_stays(mount, typed, why):
    page = mount(_traits(kernel_size=5))
    before = page.evaluate("() => mounted[0].model.traits")
    field = page.get_by_role("spinbutton", name="input_size")
    field.fill(typed)
    page.keyboard.press("Enter")
    assert page.evaluate("() => mounted[0].model.traits") == before
    assert field.input_value() == typed
    assert field.get_attribute("aria-invalid") == "true"
    sentence = f"input_size={typed} is not possible: {why}. The picture still shows input_size=10."
    assert page.locator(".cv-refused", has_text=sentence).is_visible()
    assert field.get_attribute("aria-description") == sentence
    # another change leaves it there as long as the reason holds
    page.get_by_role("slider", name="stride", exact=True).fill("1")
    assert field.input_value() == typed
    page.get_by_role("slider", name="kernel_size", exact=True).fill("1")
    assert field.input_value() == ("10" if typed == "2" else typed)
    field.fill("")
    page.keyboard.press("Enter")
    assert field.input_value() == "10"
    assert field.get_attribute("aria-invalid") is None
    assert page.locator(".cv-refused").all_inner_texts() == [""] * 6


def _typed_states():
    """Return the sizes that readers ask about, and seeded ones as far as may be typed."""
    yield from [
        (640, 64, 16, 20, 1),
        (1504, 41, 16, 20, 18),
        (224, 16, 16, 0, 1),
        (1504, 3, 1, 18, 18),
    ]
    rng = random.Random(2)
    for _ in range(300):
        yield (
            rng.choice([rng.randint(1, 700), rng.randint(1, 65_536)]),
            *(
                rng.choice([rng.randint(low, 12), rng.randint(low, high)])
                for low, high in (
                    LIMITS[n] for n in ("kernel_size", "stride", "padding", "dilation")
                )
            ),
        )


def test_every_typed_layer_has_the_size_of_pytorch(open_page, widgets_url):
    states = list(_typed_states())
    answers = open_page(widgets_url).evaluate(
        """async (states) => {
          const A = await import("/math/arithmetic.js");
          const S = await import("/math/solver.js");
          return states.map(([input_size, kernel_size, stride, padding, dilation]) => {
            const layer = S.layerOf({ input_size, kernel_size, stride, padding, dilation });
            const setting = { kernel_size, stride, padding, dilation };
            return A.problem(layer) ? [0, 0]
              : [A.outputSize(A.axesOf(layer)[0]), S.readCount(setting, input_size)];
          });
        }""",
        states,
    )
    for (n, k, s, p, d), (size, read) in zip(states, answers, strict=True):
        assert size == _torch_size(n, k, s, p, d), (n, k, s, p, d)
        if size:  # an input cell is read if the gradient of the sum of all outputs reaches it
            used = torch.nn.functional.conv_transpose1d(
                torch.ones(1, 1, size), torch.ones(1, 1, k), None, s, 0, 0, 1, d
            )[0, 0, p : p + n]
            assert read == int((used > 0).sum()), (n, k, s, p, d)
    assert sum(size == 0 for size, _ in answers) > 20


def test_what_is_typed_is_shown_beside_the_slider(mount):
    page = mount(_traits(input_size=1504))
    for name, value in {"kernel_size": 41, "stride": 16, "padding": 20, "dilation": 18}.items():
        page.get_by_role("spinbutton", name=name).fill(str(value))
        page.keyboard.press("Enter")
        slider = page.get_by_role("slider", name=name, exact=True)
        assert slider.input_value() == str(SLIDERS[name][1])
        assert slider.get_attribute("aria-valuetext") == str(value)
    shown = _read(page)
    assert shown["code"] == (
        "torch.nn.Conv2d(1, 1, kernel_size=(41, 41), stride=16, padding=20, dilation=18)"
    )
    assert shown["sizes"] == f"input 1504 → output {output_size(1504, 41, 16, 20, 18)}"
    # a chip for each of 16 inputs would be too many
    same = [
        n for n in range(1400, 1600) if f"output {output_size(n, 41, 16, 20, 18)}" in shown["sizes"]
    ]
    assert [size for size, _ in shown["inputs"]] == [same[0], same[-1]]
    assert len(same) == 16


def test_a_cut_strip_has_one_line_for_its_input(mount):
    page = mount(_traits(input_size=224, kernel_size=7, padding=3))
    assert page.locator(".cv-extent").all_text_contents() == ["+3", "224", "+3"]
    # the last number stays inside its cell, and does not run into the padding
    over = page.locator(".cv-position[data-last]").evaluate("""(cell) => {
      const text = document.createRange();
      text.selectNodeContents(cell);
      return text.getBoundingClientRect().right - cell.getBoundingClientRect().right;
    }""")
    assert over <= 0.5


@pytest.mark.parametrize(("name", "typed"), [("stride", "0"), ("padding", "-1")])
def test_a_typed_number_that_pytorch_refuses_is_refused_in_its_words(mount, name, typed):
    page = mount(_traits())
    page.get_by_role("spinbutton", name=name).fill(typed)
    page.keyboard.press("Enter")
    with pytest.raises(RuntimeError) as error:
        ShapeSolver(**{name: int(typed)})
    said = page.locator(".cv-refused code").inner_text()
    assert said == f"RuntimeError: {str(error.value).splitlines()[0]}"


@pytest.mark.parametrize(
    "settings",
    [{}, {"input_size": 256, "kernel_size": 11, "dilation": 4, "stride": 1, "target": 100}],
)
def test_fits_a_phone_and_a_finger(mount, settings):
    page = mount(_traits(**settings), viewport={"width": 360, "height": 800})
    page.locator("summary").click()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    small = page.evaluate("""() => [...document.querySelectorAll("button, input, summary")]
      .map((element) => element.getBoundingClientRect())
      .filter(({ width, height }) => width < 24 || height < 24).length""")
    assert small == 0


def test_a_long_scale_on_a_phone_shows_every_second_number_and_where_it_stands(mount):
    page = mount(_traits(kernel_size=3), viewport={"width": 360, "height": 800})
    scale = page.get_by_role("slider", name="kernel_size").locator("xpath=..")
    seen = [tick.inner_text() for tick in scale.locator(".cv-tick").all() if tick.is_visible()]
    assert seen == ["2", "3", "4", "6", "8", "10"]
