"""DigitNet in a browser: every number of it against PyTorch, and what a reader can do."""

import json

import numpy as np
import pytest
import torch
from torch.nn import functional

from convlib.widgets import DigitNet
from convlib.widgets.digit_net import DIGITS, FULL, SHAPES, WEIGHTS
from tests.browser import states
from tests.browser.hands import click, nothing, press, push, type_in
from tests.browser.pages import spoken, trait

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"digit": 8, "picked": ("linear", 8, 0, 0)}
ACTIONS = [
    (click(".cv-bar", 7), "digit=0, picked=('linear', 7, 0, 0)"),
    (push("Next digit"), "digit=1, picked=('linear', 7, 0, 0)"),
    (
        press("[data-layer=conv1] .cv-cursor", "Home", "ArrowRight", "ArrowUp", "ArrowDown"),
        "digit=1, picked=('conv1', 0, 1, 1)",
    ),
    (push("eraser"), "digit=1, picked=('conv1', 0, 1, 1), tool='eraser'"),
]
LABEL = DIGITS[3][0]
CHANGE = ("digit = 3", f"it is a {LABEL}")
AXE_STATES = [
    ({"picked": ("conv1", 0, 0, 0)}, nothing),  # at the border
    ({"picked": ("linear", 3, 0, 0), "digit": 4}, push("eraser")),
    ({"picked": ("pool2", 7, 1, 1)}, push("next misread")),
    ({}, push("clear")),
]
WORD_STATES = [
    ({"picked": ("pool1", 0, 0, 0)}, nothing),
    ({"picked": ("linear", 3, 0, 0)}, push("clear")),
    ({}, type_in("test digit", 400)),
    ({}, lambda view: view.page.evaluate("mounted[0].model.set('tool', 'brush')")),
]
TIMED = [
    ("[data-layer=conv1] [tabindex='0']", ("ArrowDown", "ArrowUp")),
    (".cv-dot[tabindex='0']", ("8", "0")),
]

DRAWN = 2000, 150  # random images, in a full run and in a sample

# For each image all maps, the sums before ReLU, and of every number the sum of each plane, or what
# the pooled number looks at. `wrong` counts the numbers whose shown parts do not make up their sum.
COMPUTE = """async ([weights, images]) => {
  const N = await import("/math/digit_net.js");
  const add = (numbers) => numbers.flat().reduce((a, b) => a + b, 0);
  let wrong = 0;
  const explained = (maps, layer) => {
    const [channels, rows, columns] = N.SHAPES[layer];
    const cells = [];
    for (let c = 0; c < channels; c++) for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        const sum = N.sumOf(weights, maps, [layer, c, y, x]);
        if (N.isPool(layer)) {
          cells.push(sum.window.flat());
          continue;
        }
        for (const { window, kernel, products, sum: shown } of sum.planes) {
          const ours = window.map((line, i) => line.map((ink, j) => (ink ?? 0) * kernel[i][j]));
          wrong += ours.some((line, i) => line.some((each, j) => each !== products[i][j]
            && !(each === 0 && Object.is(products[i][j], 0))));
          wrong += add(products) !== shown;
        }
        wrong += add(sum.planes.map((plane) => plane.sum)) + sum.bias !== sum.before;
        wrong += sum.value !== maps[layer][c][y][x];
        cells.push(sum.planes.map((plane) => plane.sum));
      }
    return cells;
  };
  const answers = images.map((image) => {
    const maps = N.forward(weights, image);
    const { digit } = N.readDigit(maps);
    return { maps, digit, parts: N.LAYERS.map((layer) => explained(maps, layer)) };
  });
  return JSON.stringify({ wrong, answers }); // Playwright is slow with objects
}"""


def drawings(sample):
    """Draw images as no hand does: some full of noise, some with a few strokes, one empty."""
    draw = np.random.default_rng(sample.seed)
    count = sample.size(*DRAWN)
    images = draw.integers(0, FULL + 1, (count, 8, 8))
    images[::2] *= draw.random((len(images[::2]), 8, 8)) < 0.25
    images[0] = 0
    images[1] = FULL
    return images


def torch_parts(layer, x, y):
    """Return the planes of each sum of a layer, or the numbers that a pooled one looks at."""
    N = len(x)
    if layer.startswith("pool"):
        blocks = functional.unfold(x.flatten(0, 1).unsqueeze(1), 2, stride=2)
        return blocks.view(N, x.shape[1], 4, -1).transpose(2, 3).reshape(N, -1, 4)
    weight = torch.tensor(WEIGHTS[f"{layer}.weight"], dtype=torch.float32)
    padding = 1
    if layer == "linear":
        weight, padding = weight.view(10, 8, 2, 2), 0
    planes = [
        functional.conv2d(x[:, p : p + 1], weight[:, p : p + 1], padding=padding).flatten(1)
        for p in range(x.shape[1])
    ]
    return torch.stack(planes, 2)


def torch_answers(images):
    """Compute with PyTorch: all maps, the sums before ReLU, and the parts of each number."""
    x = torch.tensor(images, dtype=torch.float32).unsqueeze(1)
    maps, sums, parts = {}, {}, []
    for layer in SHAPES:
        before = x
        weight, bias = (
            torch.tensor(WEIGHTS.get(f"{layer}.{name}", []), dtype=torch.float32)
            for name in ("weight", "bias")
        )
        if layer.startswith("conv"):
            sums[layer] = functional.conv2d(x, weight, bias, padding=1)
            x = functional.relu(sums[layer])
        elif layer == "linear":
            x = functional.linear(x.flatten(1), weight, bias)[:, :, None, None]
        else:
            x = functional.max_pool2d(x, 2)
        maps[layer] = x
        parts.append(torch_parts(layer, before, x))
    return maps, sums, parts


def test_every_number_equals_torch(open_page, widgets_url, sample):
    page = open_page(widgets_url)
    tested = DigitNet.test_digits()[0][:, 0].astype(int)
    images = np.concatenate([tested, drawings(sample)])
    compared = 0
    for start in range(0, len(images), 100):
        some = images[start : start + 100]
        found = json.loads(page.evaluate(COMPUTE, [WEIGHTS, some.tolist()]))
        assert found["wrong"] == 0
        answers = found["answers"]
        maps, sums, parts = torch_answers(some)
        for layer in SHAPES:
            ours = torch.tensor([answer["maps"][layer] for answer in answers])
            assert torch.equal(ours, maps[layer]), layer
            compared += ours.numel()
        for layer, theirs in sums.items():
            ours = torch.tensor([answer["maps"]["sums"][layer] for answer in answers])
            assert torch.equal(ours, theirs), layer
            compared += ours.numel()
        for layer, theirs in enumerate(parts):
            ours = torch.tensor([answer["parts"][layer] for answer in answers])
            assert torch.equal(ours, theirs), layer
            compared += ours.numel()
        scores = maps["linear"].flatten(1).numpy()
        assert [answer["digit"] for answer in answers] == scores.argmax(1).tolist()
    print(f"\nDigitNet: {len(images)} images, {compared:,} numbers: 0 differences")
    assert compared > 600_000


READS = """async () => {
  const N = await import("/math/digit_net.js");
  const all = [];
  for (const layer of N.LAYERS) {
    const [channels, rows, columns] = N.SHAPES[layer];
    for (let c = 0; c < channels; c++) for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) all.push([[layer, c, y, x], N.readBy([layer, c, y, x])]);
  }
  return JSON.stringify(all);
}"""


def read_by_torch(layer, channel, row, column):
    """Find what a number depends on: where its gradient is not 0, with weights of ones."""
    names = list(SHAPES)
    place = names.index(layer)
    shape = SHAPES[names[place - 1]] if place else (1, 8, 8)
    x = torch.ones(1, *shape, requires_grad=True)
    if layer.startswith("pool"):
        y = functional.avg_pool2d(x, 2)
    else:
        size, padding = (2, 0) if layer == "linear" else (3, 1)
        weight = torch.ones(SHAPES[layer][0], shape[0], size, size)
        y = functional.conv2d(x, weight, padding=padding)
    y[0, channel, row, column].backward()
    return {tuple(cell) for cell in x.grad[0].nonzero().tolist()}, shape


def test_the_frames_are_what_a_number_depends_on(open_page, widgets_url):
    for picked, read in json.loads(open_page(widgets_url).evaluate(READS)):
        theirs, (_, height, width) = read_by_torch(*picked)
        block = range(read["size"])
        ours = {
            (channel, read["top"] + y, read["left"] + x)
            for channel in read["channels"]
            for y in block
            for x in block
            if 0 <= read["top"] + y < height and 0 <= read["left"] + x < width
        }
        assert ours == theirs, picked


DEFAULT = states.traits("digit_net")


@pytest.fixture
def mount(open_widget):
    """Open a page with one widget; return the page."""

    def mount(width=1000, height=900, **settings):
        options = {"viewport": {"width": width, "height": height}, "has_touch": True}
        return open_widget("digit_net", {**DEFAULT, **settings}, **options)

    return mount


def middle(page, css, place=0):
    box = page.locator(css).nth(place).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def inked(page, least=1):
    rows = trait(page, "drawing")
    return {(y, x) for y, row in enumerate(rows) for x, ink in enumerate(row) if ink >= least}


EMPTY = [[0] * 8 for _ in range(8)]


def test_a_stroke_of_the_pointer_draws_and_the_eraser_takes_away(mount):
    page = mount(drawing=EMPTY)
    page.mouse.move(*middle(page, ".cv-dot", 9))
    page.mouse.down()
    page.mouse.move(*middle(page, ".cv-dot", 8 * 5 + 1))  # so fast that cells are left out
    page.mouse.up()
    assert inked(page, FULL) == {(row, 1) for row in range(1, 6)}
    assert inked(page, 6) > {(3, 0), (3, 2), (0, 1), (6, 1)}  # the pen is soft
    page.mouse.move(*middle(page, ".cv-dot", 60))  # no button is pressed
    assert (7, 4) not in inked(page)
    page.get_by_role("button", name="eraser").click()
    page.locator(".cv-dot").nth(8 * 3 + 1).click()
    assert (3, 1) not in inked(page)
    assert (3, 0) in inked(page)
    page.get_by_role("button", name="clear").click()
    assert inked(page) == set()
    assert "your drawing" in spoken(page)


def test_a_finger_draws(mount):
    page = mount(width=360, drawing=EMPTY)
    page.touchscreen.tap(*middle(page, ".cv-dot", 27))
    assert inked(page, FULL) == {(3, 3)}
    assert page.locator(".cv-pad").evaluate("pad => getComputedStyle(pad).touchAction") == "none"


def test_drawing_starts_from_the_digit_that_is_shown(mount):
    page = mount(digit=2, tool="eraser")
    before = DigitNet(2).image()[0, 0].astype(int)
    row, column = np.argwhere(before == before.max())[0]
    page.locator(".cv-dot").nth(int(8 * row + column)).click()
    before[row, column] = 0
    assert trait(page, "drawing") == before.tolist()
    page.get_by_role("button", name="Next digit").click()
    assert trait(page, "drawing") is None
    assert trait(page, "digit") == 3


def test_keys_draw(mount):
    page = mount(drawing=EMPTY)
    page.locator(".cv-dot").first.focus()
    for key in ("ArrowDown", "ArrowRight", "8", "ArrowRight", "3", "End", " "):
        page.keyboard.press(key)
    rows = trait(page, "drawing")
    assert (rows[1][1], rows[1][2], rows[1][7], rows[1][6]) == (16, 6, 16, 6)
    assert page.locator(":focus").get_attribute("aria-label") == "row 1, column 7: ink 16"


def test_arrow_keys_walk_from_map_to_map(mount):
    page = mount(picked=["conv2", 2, 3, 1])
    page.locator("[data-layer=conv2] .cv-cursor").nth(2).focus()
    page.keyboard.press("ArrowDown")
    assert trait(page, "picked") == ["conv2", 3, 0, 1]
    label = page.locator(":focus").get_attribute("aria-label")
    assert label.startswith("conv2, map 3, row 0, column 1: ")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert trait(page, "picked") == ["conv2", 2, 0, 3]
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    assert trait(page, "picked") == ["conv2", 7, 3, 3]
    assert page.locator("[data-layer=conv2] [tabindex='0']").count() == 1


def test_buttons_walk_too_for_whoever_has_no_keys(mount):
    page = mount(width=360, picked=["conv1", 1, 4, 7])
    for name, picked in (
        ("Pick the cell to the right", ["conv1", 2, 4, 0]),
        ("Pick the cell below", ["conv1", 2, 5, 0]),
        ("Pick the cell to the left", ["conv1", 1, 5, 7]),
        ("Pick the cell above", ["conv1", 1, 4, 7]),
    ):
        page.get_by_role("button", name=name).click()
        assert trait(page, "picked") == picked


def test_a_click_picks_the_cell_under_it(mount):
    page = mount()
    box = page.locator("[data-layer=conv1] .cv-one-map").nth(2).bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.2)
    assert trait(page, "picked") == ["conv1", 2, 1, 5]
    frame = page.locator(".cv-pad-frame .cv-read").bounding_box()
    first = page.locator(".cv-dot").nth(4).bounding_box()  # row 0, column 4
    assert abs(frame["x"] - first["x"]) < 2
    assert abs(frame["y"] - first["y"]) < 2
    assert abs(frame["width"] - 3 * first["width"]) < 3


def test_the_sum_is_shown_plane_by_plane_then_bias_then_relu(mount):
    page = mount(digit=3, picked=["conv2", 0, 1, 1])
    net = DigitNet(3)
    x = torch.from_numpy(net.maps()["pool1"])
    weight = torch.from_numpy(net.weights()["conv2.weight"])[:1]
    planes = [
        int(functional.conv2d(x[:, p : p + 1], weight[:, p : p + 1], padding=1)[0, 0, 1, 1])
        for p in range(4)
    ]
    shown = page.locator(".cv-plane-sum strong").all_inner_texts()
    assert [int(text.replace("−", "-")) for text in shown] == planes
    bias = WEIGHTS["conv2.bias"][0]
    total, biased, relu = page.locator(".cv-sum-lines code").all_inner_texts()
    assert total.replace("−", "-").endswith(f"= {sum(planes)}")
    step = f"{sum(planes)} {'-' if bias < 0 else '+'} {abs(bias)} = {sum(planes) + bias}"
    assert biased.replace("−", "-") == step
    assert relu.replace("−", "-") == f"max(0, {sum(planes) + bias}) = {max(0, sum(planes) + bias)}"
    assert f"bias {bias}".replace("-", "minus ") in spoken(page)


def test_what_relu_cuts_off_is_marked_with_a_sign(mount):
    page = mount(digit=0)
    x = torch.from_numpy(DigitNet(0).image())
    weight, bias = (torch.from_numpy(DigitNet.weights()[f"conv1.{n}"]) for n in ("weight", "bias"))
    below = (functional.conv2d(x, weight, bias, padding=1) < 0).sum((0, 2, 3)).tolist()
    marks = page.locator("[data-layer=conv1] .cv-cut").evaluate_all(
        "all => all.map((path) => path.getAttribute('d').split('M').length - 1)"
    )
    assert marks == below
    assert sum(below) > 10


def test_next_misread_goes_through_all_that_torch_misreads(mount):
    images, labels = DigitNet.test_digits()
    maps, _, _ = torch_answers(images[:, 0])
    wrong = (maps["linear"].flatten(1).argmax(1).numpy() != labels).nonzero()[0].tolist()
    page = mount(digit=wrong[-2])
    found = []
    for _ in wrong:
        page.get_by_role("button", name="next misread").click()
        found.append(trait(page, "digit"))
        assert f"wrong: it is a {labels[found[-1]]}" in spoken(page)
    assert found == [wrong[-1], *wrong[:-1]]


def test_a_number_that_is_no_digit_of_the_set_is_refused_with_the_reason(mount):
    page = mount(digit=5)
    field = page.get_by_role("spinbutton", name="test digit")
    field.fill("400")
    field.press("Enter")
    assert trait(page, "digit") == 5
    assert "test digit=400 is not possible" in page.locator(".cv-refused").inner_text()
    field.fill("7")
    field.press("Enter")
    assert trait(page, "digit") == 7
    assert page.locator(".cv-refused").inner_text() == ""


def test_python_and_a_second_view_change_the_picture(mount):
    page = mount()
    page.evaluate("mounted[0].model.set('digit', 9)")
    assert f"it is a {DIGITS[9][0]}" in spoken(page)
    page.evaluate("traits => mount(traits)", DEFAULT)
    page.locator(".convlib").nth(1).get_by_role("button", name="clear").click()
    assert f"it is a {DIGITS[9][0]}" in page.locator(".cv-scores").first.inner_text()
    assert "your drawing" in page.locator(".cv-scores").nth(1).inner_text()


@pytest.mark.parametrize(
    "settings",
    [{"digit": 999}, {"drawing": [[1]]}, {"picked": ["conv9", 0, 0, 0]}, {"tool": "brush"}],
)
def test_settings_that_python_would_refuse_leave_the_picture_and_say_so(mount, settings):
    page = mount(digit=3)
    before = page.locator(".cv-net").inner_html()
    [(name, value)] = settings.items()
    page.evaluate("([name, value]) => mounted[0].model.set(name, value)", [name, value])
    assert "These settings are not possible" in page.locator("[role=status]").inner_text()
    assert page.locator(".cv-net").inner_html() == before


@pytest.mark.parametrize("picked", [("conv1", 0, 0, 0), ("conv2", 0, 0, 0), ("linear", 8, 0, 0)])
def test_on_a_phone_the_drawing_and_the_bars_come_first_and_all_fits(mount, picked):
    page = mount(width=360, height=740, digit=8, picked=picked)
    page.add_style_tag(content="body { overflow-wrap: anywhere }")  # as in the book
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    outside = page.evaluate("""() => {
      const root = document.querySelector(".convlib").getBoundingClientRect();
      return [...document.querySelectorAll(".convlib *")]
        .filter((part) => part.checkVisibility() && !part.closest(".cv-offscreen, .cv-picture"))
        .filter((part) => part.getBoundingClientRect().right > root.right - 12) // its padding
        .map((part) => part.className);
    }""")
    assert outside == []
    broken = page.evaluate("""[...document.querySelectorAll(".cv-square > span")]
      .filter((each) => each.scrollWidth > each.clientWidth || each.offsetHeight > 27).length""")
    assert broken == 0
    for css in (".cv-pad", ".cv-bars"):
        box = page.locator(css).bounding_box()
        assert box["y"] + box["height"] < 400
    small = page.evaluate("""[...document.querySelectorAll("button, input, .cv-bar")]
      .map((each) => [each.textContent, each.getBoundingClientRect()])
      .filter(([, box]) => Math.min(box.width, box.height) < 24).map(([text]) => text)""")
    assert small == []
