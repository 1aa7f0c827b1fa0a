"""TransposedExplorer in a browser: its numbers against PyTorch, and what hands and keys can do."""

import itertools
import json

import pytest
import torch
from torch.nn.functional import conv2d, conv_transpose2d

from convlib.widgets import TransposedExplorer
from convlib.widgets._data import input_values, weight_values
from convlib.widgets.transposed_explorer import LIMITS, MOST_SPAN
from tests.browser.hands import click, nothing, press, push, slide
from tests.browser.states import traits

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"input_size": 5, "kernel_size": 5, "stride": 2, "padding": 3}
ACTIONS = [
    (click(".cv-side .cv-input .cv-cell", 0), "kernel_size=3, stride=2, input_cell=(0, 0)"),
    (
        press(".cv-side .cv-input .cv-cell", "End", "ArrowDown"),
        "kernel_size=3, stride=2, input_cell=(1, 2)",
    ),
    (
        click(".cv-large .cv-cell", 9),
        "kernel_size=3, stride=2, input_cell=(1, 2), output_cell=(1, 2)",
    ),
    (
        push("backwards"),
        "kernel_size=3, stride=2, backwards=True, input_cell=(1, 2), output_cell=(1, 2)",
    ),
]
CHANGE = ("backwards = True", "Input of conv2d")
AXE_STATES = [
    ({"padding": 1, "output_padding": 1}, nothing),
    ({"input_size": 4, "kernel_size": 4, "output_cell": (3, 3)}, push("ones")),
    ({"padding": 1}, push("backwards")),
    ({}, slide("output_padding", 3)),
    ({"kernel_size": 1, "stride": 3}, nothing),  # gaps
]
WORD_STATES = [
    ({"stride": 1}, nothing),  # even, and needs no reason
    ({"kernel_size": 4}, nothing),  # even, as the stride divides the kernel
    ({"input_size": 2, "kernel_size": 5, "stride": 1}, nothing),  # edges everywhere
    ({"kernel_size": 2, "dilation": 2}, nothing),
    ({"output_padding": 1}, nothing),  # no stamp reaches the last
    ({"padding": 1, "input_cell": (0, 0)}, nothing),  # cut off
    ({"padding": 1, "backwards": True, "input_cell": (0, 0)}, nothing),  # from padding
    ({"backwards": True, "output_cell": (1, 1)}, nothing),
    ({"backwards": True, "kernel_size": 1, "ones": True}, nothing),  # the numbers are back
    ({"backwards": True, "stride": 1, "dilation": 2, "output_padding": 1}, nothing),
    ({"input_size": 6}, slide("stride", 4)),  # no room
    ({"kernel_size": 1}, slide("padding", 3)),  # cuts off more than there is
    ({}, lambda view: view.page.evaluate("mounted[0].model.set('padding', -1)")),
]
TIMED = [
    (".cv-side [tabindex='0']", ("ArrowDown", "ArrowUp")),
    ("[aria-label=padding]", ("ArrowRight", "ArrowLeft")),
]

NAMES = tuple(LIMITS)
EVERY = list(itertools.product(*(range(low, high + 1) for low, high in LIMITS.values())))
PICKED = 150  # layers of which every pick is looked at
PYTHON = 60  # layers that Python builds too

# For each layer why it is refused, or its planes and what is said, in both directions.
COMPUTE = """async ({ names, states, most }) => {
  const T = await import("/math/transposed.js");
  const S = await import("/math/transposed_story.js");
  const seen = (picture) => [picture.small, picture.large, picture.axis.before, picture.out,
    picture.counts, picture.code, S.sizeEquation(picture).result, S.notesOf(picture).join(" ")];
  return JSON.stringify(states.map(([ones, ...numbers]) => {
    const layer = Object.fromEntries(names.map((name, at) => [name, numbers[at]]));
    const why = T.problem(layer, most);
    if (why) return { why: why.type ? `${why.type}: ${why.message}` : why.rule };
    const traits = { ...layer, ones, input_cell: [0, 0], output_cell: null };
    return { why: null, seen: [false, true].map((backwards) =>
      seen(T.describe({ ...traits, backwards }))) };
  }));
}"""

# For each layer and direction the picture of every pick: kind, cell, number, title, total, paths.
PICK = """async ({ names, states }) => {
  const T = await import("/math/transposed.js");
  const S = await import("/math/transposed_story.js");
  const cells = (size) => Array.from({ length: size ** 2 },
    (_, at) => [Math.floor(at / size), at % size]);
  return JSON.stringify(states.map(([ones, ...numbers]) => [false, true].map((backwards) => {
    const layer = Object.fromEntries(names.map((name, at) => [name, numbers[at]]));
    const traits = { ...layer, ones, backwards };
    const start = T.describe({ ...traits, input_cell: [0, 0], output_cell: null });
    const picks = [
      ...cells(start.small.length).map((cell) => ({ input_cell: cell, output_cell: null })),
      ...cells(start.out).map((cell) => ({ input_cell: [0, 0], output_cell: cell })),
    ];
    return picks.map((pick) => {
      const picture = T.describe({ ...traits, ...pick });
      const products = S.productsOf(picture);
      return [picture.picked.kind, picture.picked.cell, picture.number, S.addsUp(picture),
        S.totalOf(products).result, picture.paths.map(({ small, weightCell, position, isCut }) =>
          [small, weightCell, position, isCut]), products.map(({ product }) => product)];
    });
  })));
}"""


def _tensor(numbers):
    # float64, because oneDNN, which takes float32 alone, has other words for sizes below 1
    return torch.tensor(numbers, dtype=torch.float64)


def _arrays(state):
    """Return the image, the weight and the keyword arguments of a state."""
    ones, n, k, stride, padding, extra, dilation = state
    image, weight = (
        _tensor(numbers)[None, None] for numbers in (input_values(n, n), weight_values(k, k))
    )
    if ones:
        image, weight = torch.ones_like(image), torch.ones_like(weight)
    return image, weight, {"stride": stride, "padding": padding, "dilation": dilation}, extra


def _check(state, seen):
    """Compare what the page computes for a layer with PyTorch."""
    image, weight, how, extra = _arrays(state)
    n, p = image.shape[-1], how["padding"]
    output = conv_transpose2d(image, weight, output_padding=extra, **how)
    back = conv2d(output, weight, **how)
    bare = {**how, "padding": 0}
    full = conv_transpose2d(image, weight, **bare)[0, 0]
    uses = conv_transpose2d(torch.ones_like(image), torch.ones_like(weight), **bare)[0, 0]
    (small, large, before, out, counts, code, size, notes), reverse = seen

    assert torch.equal(_tensor(small), image[0, 0]), state
    assert before == p
    assert out == size == output.shape[-1], state
    large, counts = _tensor(large), _tensor(counts)
    assert torch.equal(large[p : p + out, p : p + out], output[0, 0]), state
    span = full.shape[-1]
    assert torch.equal(large[:span, :span], full), state  # with what is cut off
    assert torch.equal(torch.outer(counts, counts)[:span, :span], uses), state
    assert not large[span:].any(), state  # where no stamp lands
    assert not counts[span:].any(), state
    assert ("cuts" in notes) == (p > 0)
    assert ("output_padding" in notes) == (extra > 0)
    if extra > 0:
        assert ("no stamp reaches" in notes) == (out + p > span), state

    small, padded, _, out, counts, code_back, size, notes = reverse
    assert torch.equal(_tensor(small), back[0, 0]), state
    assert torch.equal(_tensor(padded), torch.nn.functional.pad(output, (p,) * 4)[0, 0]), state
    assert size == back.shape[-1], state
    came_back = back.shape == image.shape
    assert ("size of the input is back" in notes) == came_back, state
    assert ("but not its numbers" in notes) == (came_back and not torch.equal(back, image)), state
    blank = torch.zeros_like(_tensor(padded), requires_grad=True)
    conv2d(blank[None, None], torch.ones_like(weight), **bare).sum().backward()
    counts = _tensor(counts)
    assert torch.equal(torch.outer(counts, counts), blank.grad), state
    for line, theirs in ((code, output), (code_back, back)):
        layer = eval(line.replace("bias=False", "bias=False, device='meta'"), {"torch": torch})
        given = torch.empty(1, 1, *((n, n) if theirs is output else output.shape[-2:]))
        assert layer(given.to("meta")).shape == theirs.shape, state


def _why(state):
    """Return what PyTorch says, or the picture; None if the layer can be shown."""
    image, weight, how, extra = _arrays(state)
    try:
        conv_transpose2d(image, weight, output_padding=extra, **how)
    except RuntimeError as error:
        return f"RuntimeError: {str(error).splitlines()[0]}"
    span = (image.shape[-1] - 1) * how["stride"] + how["dilation"] * (weight.shape[-1] - 1) + 1
    if span + extra <= MOST_SPAN:
        return None
    return (
        f"the full result would span {span + extra} cells, but the picture has room for {MOST_SPAN}"
    )


def _run(page, script, states):
    given = {"names": NAMES, "states": states, "most": MOST_SPAN}
    return json.loads(page.evaluate(script, given))


def test_every_state_equals_pytorch(open_page, widgets_url, sample):
    states = [(ones, *state) for ones in (False, True) for state in EVERY]
    answers = _run(open_page(widgets_url), COMPUTE, states)
    shown = []
    for state, answer in zip(states, answers, strict=True):
        assert answer["why"] == _why(state), state
        if answer["why"] is None:
            _check(state, answer["seen"])
            shown.append((state, answer["seen"]))
    print(f"\n{len(shown)} layers of TransposedExplorer, in both directions, equal PyTorch")
    assert len(shown) > 2000
    for (ones, *numbers), seen in sample.of(shown, PYTHON):
        explorer = TransposedExplorer(**dict(zip(NAMES, numbers, strict=True)), ones=ones)
        forwards, explorer.backwards = explorer.code, True
        assert [forwards, explorer.code] == [each[5] for each in seen]


def test_every_pick_equals_pytorch(open_page, widgets_url, sample):
    legal = [(ones, *each) for ones in (False, True) for each in EVERY if not _why((ones, *each))]
    states = sample.of(legal, PICKED)
    picks = 0
    for state, answer in zip(states, _run(open_page(widgets_url), PICK, states), strict=True):
        image, weight, how, extra = _arrays(state)
        output = conv_transpose2d(image, weight, output_padding=extra, **how)
        padded = torch.nn.functional.pad(output, (how["padding"],) * 4)[0, 0]
        for backwards, seen in zip((False, True), answer, strict=True):
            planes = {"small": image[0, 0], "large": output[0, 0]}
            if backwards:
                planes["small"] = conv2d(output, weight, **how)[0, 0]
            taps = _taps(planes["small"].shape[-1], state)
            for kind, cell, number, adds_up, total, paths, products in seen:
                assert number == planes[kind][tuple(cell)], (state, backwards, cell)
                assert adds_up == ((kind == "small") == backwards)
                if adds_up:
                    assert total == number, (state, backwards, kind, cell)
                found = {(*small, *position): tuple(tap) for small, tap, position, _ in paths}
                large = [at + how["padding"] for at in cell]
                mine = {
                    way: tap
                    for way, tap in taps.items()
                    if (way[:2] if kind == "small" else way[2:])
                    == tuple(cell if kind == "small" else large)
                }
                assert found == mine, (state, backwards, kind, cell)
                for (small, tap, at, is_cut), product in zip(paths, products, strict=True):
                    kept = [how["padding"] <= y < how["padding"] + output.shape[-1] for y in at]
                    assert is_cut == (not all(kept))
                    source = padded[tuple(at)] if backwards else image[0, 0][tuple(small)]
                    assert product == source * weight[0, 0][tuple(tap)]
                picks += 1
    print(f"\n{picks} picks in {len(states)} layers of TransposedExplorer equal PyTorch")


def _taps(stamps, state):
    """Return which weight joins a stamp to a position, as PyTorch's own layer does it."""
    _, weight, how, _ = _arrays(state)
    numbered = torch.arange(1, weight.numel() + 1, dtype=torch.float64).view_as(weight)
    pokes = torch.eye(stamps**2, dtype=torch.float64).view(-1, 1, stamps, stamps)
    landed = conv_transpose2d(pokes, numbered, stride=how["stride"], dilation=how["dilation"])
    k = weight.shape[-1]
    return {
        (*divmod(poke, stamps), y, x): divmod(int(landed[poke, 0, y, x]) - 1, k)
        for poke, _, y, x in landed.nonzero().tolist()
    }


READ = """() => {
  const { el } = mounted[0];
  const texts = (css) => [...el.querySelectorAll(css)].map((part) => part.textContent);
  return {
    small: texts(".cv-side .cv-panel:first-child .cv-cell"),
    large: texts(".cv-large .cv-cell"),
    kept: texts(".cv-large .cv-cell[data-marks~=heat]"),
    cut: el.querySelectorAll(".cv-large [data-marks~=cut]").length,
    extra: el.querySelectorAll(".cv-large [data-marks~=extra]").length,
    tapped: el.querySelectorAll(".cv-large [data-marks~=tap]").length,
    fed: el.querySelectorAll(".cv-side [data-marks~=fed]").length,
    spoken: el.querySelector("[aria-live=polite].cv-offscreen").textContent,
    status: el.querySelector("[role=status]").textContent,
    code: el.querySelector(".cv-code").textContent,
  };
}"""


@pytest.fixture
def mount(open_widget):
    """Open a page with one widget; return the page."""

    def mount(width=1000, **settings):
        viewport = {"width": width, "height": 900}
        state = traits("transposed_explorer", **settings)
        return open_widget("transposed_explorer", state, viewport=viewport)

    return mount


def _numbers(texts):
    return [int(text.replace("−", "-")) for text in texts]


def test_the_picture_shows_what_python_says(mount, sample):
    page = mount()
    draw = sample.draw()
    shown = 0
    while shown < 40:
        settings = dict(zip(NAMES, draw.choice(EVERY), strict=True))
        settings |= {"ones": draw.random() < 0.3, "backwards": draw.random() < 0.4}
        try:
            explorer = TransposedExplorer(**settings)
        except (RuntimeError, ValueError):
            continue
        page.evaluate("(traits) => mounted[0].model.update(traits)", explorer.settings())
        seen = page.evaluate(READ)
        small = explorer.back() if explorer.backwards else explorer.input()
        assert _numbers(seen["small"]) == small.flatten().tolist(), explorer
        assert _numbers(seen["kept"]) == explorer.output().flatten().tolist(), explorer
        assert seen["code"] == explorer.code
        shown += 1


def test_the_border_is_drawn_as_cut_and_the_extra_row_as_extra(mount):
    page = mount(padding=1, output_padding=1)
    seen = page.evaluate(READ)  # 7 x 7, of which 6 x 6 are kept: row and column 0 are cut off
    assert (seen["cut"], seen["extra"]) == (13, 11)
    page.get_by_role("slider", name="padding", exact=True).fill("0")
    seen = page.evaluate(READ)
    assert (seen["cut"], seen["extra"]) == (0, 15)
    page.get_by_role("button", name="backwards").click()
    assert page.evaluate(READ)["extra"] == 0


def test_a_stamp_lights_and_an_output_names_what_adds_up(mount):
    page = mount()
    seen = page.evaluate(READ)
    assert (seen["tapped"], seen["fed"]) == (9, 0)
    assert seen["spoken"].startswith("input[1, 1] = 3 stamps 3 times kernel: ")
    page.get_by_role("grid", name="Output").get_by_role("gridcell").nth(16).click()
    seen = page.evaluate(READ)
    assert (seen["tapped"], seen["fed"]) == (0, 4)
    assert seen["spoken"].startswith("output[2, 2] = 25: 4 stamps land here: 1 times 0 from")
    assert "0 + 15 − 8 + 6" not in page.locator(".cv-total").inner_text()
    assert page.locator(".cv-total").inner_text().endswith("= 25")
    assert page.locator(".cv-readings .cv-paths li").count() == 4
    page.keyboard.press("ArrowRight")
    assert page.evaluate(READ)["spoken"].startswith("output[2, 3] = 10: 2 stamps land here")


def test_what_is_cut_off_cannot_be_picked(mount):
    page = mount(padding=1)
    page.locator(".cv-large .cv-cell").first.click()
    assert page.evaluate("mounted[0].model.get('output_cell')") is None


def test_a_slider_stops_where_pytorch_would_and_says_why(mount):
    page = mount()
    page.get_by_role("slider", name="output_padding").fill("3")
    assert page.evaluate("mounted[0].model.get('output_padding')") == 1
    status = page.evaluate(READ)["status"]
    assert status.startswith("output_padding=2 is not possible: output_padding 2 x 2 must be less")
    assert "output padding must be smaller than either stride or dilation, but got" in status


def test_the_examples_are_what_they_are_called(mount):
    page = mount()
    examples = page.get_by_role("group", name="Examples").get_by_role("button")
    notes = {}
    for index in range(examples.count()):
        examples.nth(index).click()
        shown = page.evaluate("mounted[0].model.traits")
        del shown["constants"]
        explorer = TransposedExplorer(**shown)  # Python allows it
        notes[examples.nth(index).inner_text()] = page.locator(".cv-notes").inner_text(), explorer
    assert "cells get 1, 2 or 4 stamps in turn, a checkerboard" in notes["checkerboard"][0]
    assert "every cell gets 4 stamps" in notes["no checkerboard"][0]
    assert "gaps" in notes["gaps"][0]
    doubling = notes["doubling"][1]
    assert doubling.output().shape[0] == 2 * doubling.input_size
    assert "output_padding=1 adds 1 row and 1 column" in notes["output_padding"][0]


@pytest.mark.parametrize("settings", [{}, LARGEST, {"backwards": True, "padding": 1}])
def test_it_fits_a_phone_and_fingers(mount, settings):
    page = mount(width=360, **settings)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate("""[...document.querySelectorAll("button, input, [role=gridcell]")]
      .filter((each) => each.checkVisibility())
      .map((each) => each.getBoundingClientRect())
      .filter((box) => Math.min(box.width, box.height) < 22).length""")
    assert small == 0


def test_a_slider_moves_nothing_on_a_laptop(mount):
    page = mount(width=1280)
    place = "document.querySelector('.cv-range').getBoundingClientRect().top"
    before = page.evaluate(place)
    for name, value in (("input_size", 4), ("padding", 1), ("kernel_size", 4), ("dilation", 1)):
        page.get_by_role("slider", name=name, exact=True).fill(str(value))
        assert page.evaluate(place) == before, name
