"""What holds for all widgets alike: text stays text, keys reach all, and an end is an end."""

import base64
import random
import re

import pytest

from convlib.widgets.stack_ledger import PRESETS
from tests.browser.states import WIDGETS, said, traits

pytestmark = pytest.mark.sampled(5)

EVIL = '<img src=x onerror="window.hacked = true"></script>\'"&amp;'
EVIL_NOTE = {"preset": EVIL, "presets": {EVIL: {**PRESETS["vgg_block"], "note": EVIL}}}


@pytest.fixture
def page(open_host, name):
    """Open a page for widgets of one kind."""
    return open_host(name)


def add(page, name, **settings):
    """Put one more widget on the page."""
    number = page.evaluate("traits => mount(traits)", {**traits(name), **settings})
    return page.locator(".convlib").nth(number)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("layer_explorer", {"padding": EVIL}),
        ("layer_explorer", {"padding_mode": EVIL}),
        ("pixel_usage", {"padding": EVIL}),
        ("shape_solver", {"padding": EVIL}),
        ("shape_solver", {"target": EVIL}),
        ("dilation_explorer", {"speed": EVIL}),
        ("groups_explorer", {"stack": EVIL}),
        ("stack_ledger", EVIL_NOTE),
        ("practice", {"topic": EVIL, "question": 2}),
        ("practice", {"answers": [[EVIL]]}),
    ],
)
def test_markup_is_shown_as_text(name, settings, page):
    assert EVIL in add(page, name, **settings).text_content()
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("name", WIDGETS)
def test_no_trait_is_ever_read_as_markup(name, browser, widgets_url):
    page = browser.new_page()  # nonsense may fail, also on the console: Python lets none through
    page.goto(f"{widgets_url}?widget={name}")
    page.wait_for_function("window.ready")
    add(page, name)
    page.evaluate(
        """(evil) => {
          for (const [trait, good] of Object.entries(mounted[0].model.traits)) {
            for (const bad of [evil, [evil, evil], [[evil]], { [evil]: evil }, [{ kind: evil }]]) {
              try {
                mounted[0].model.set(trait, bad);
              } catch {}
              try {
                mounted[0].model.set(trait, good);
              } catch {}
            }
          }
        }""",
        EVIL,
    )
    assert page.locator("img").count() == 0
    assert page.evaluate("window.hacked") is None
    page.close()


COUNT_TIMERS = """() => {
  window.timers = new Set();
  const { setTimeout: set, clearTimeout: clear } = window;
  window.setTimeout = (task, wait) => {
    const timer = set(() => { timers.delete(timer); task(); }, wait);
    timers.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => { timers.delete(timer); clear(timer); };
}"""
LISTENERS = """[kept, ...kept.querySelectorAll("*")]
  .flatMap((part) => Object.values(getEventListeners(part)).flat()).length"""


@pytest.mark.parametrize("end", ["mounted[1].cleanup()", "ender.abort()"])
@pytest.mark.parametrize("name", WIDGETS)
def test_an_end_leaves_no_listener_and_no_timer(name, end, page):
    devtools = page.context.new_cdp_session(page)

    def listeners():
        ask = {"expression": LISTENERS, "includeCommandLineAPI": True, "returnByValue": True}
        return devtools.send("Runtime.evaluate", ask)["result"]["value"]

    add(page, name)  # another one, which stays
    page.evaluate(COUNT_TIMERS)
    page.evaluate(
        """(traits) => {
          window.ender = new AbortController();
          mount(traits, ender.signal);
          window.kept = mounted[1].el.firstElementChild;
        }""",
        traits(name),
    )
    view = page.locator(".convlib").last
    running = 0
    for button in view.locator(".cv-play").all():
        button.click()
        running += 1
    for button in view.get_by_role("button", name="Copy", exact=True).all()[:1]:
        button.click()
        page.wait_for_function("count => timers.size === count", arg=running + 1)
        running += 1
    for box in view.locator("textarea").all():
        box.press("x")  # what is to be said of it waits until the keys rest
        page.wait_for_function("count => timers.size === count", arg=running + 1)
        running += 1
    if name != "padding_atlas":
        assert running >= 1
    assert listeners() > 5
    settings = WIDGETS[name]().settings()
    assert page.evaluate("mounted[1].model.listeners.length") >= len(settings)

    page.evaluate(end)
    assert listeners() == 0
    assert page.evaluate("timers.size") == 0
    assert page.evaluate("mounted[1].model.listeners.length") == 0
    assert page.evaluate("mounted[1].el.childElementCount") == 0
    assert page.locator(".convlib").count() == 1
    page.evaluate(end)  # a second time does no harm


@pytest.mark.parametrize("name", WIDGETS)
def test_two_copies_do_not_disturb_each_other(name, page):
    views = [add(page, name), add(page, name)]
    before = page.evaluate("mounted[0].model.traits")
    act, _ = said(name, "ACTIONS")[0]
    act(views[1])
    after = page.evaluate("mounted.map(({ model }) => model.traits)")
    assert after[0] == before != after[1]
    assert views[0].inner_html() != views[1].inner_html()
    assert page.locator("[id]").count() == 0


CROWDED = """() => [...document.querySelectorAll(".cv-button")].filter((button) => {
  const value = button.closest(".cv-control")?.querySelector(".cv-value")?.getBoundingClientRect();
  const { left, top } = button.getBoundingClientRect();
  return button.scrollWidth > button.clientWidth || (left < value?.right && top < value?.bottom);
}).map((button) => button.textContent)"""


@pytest.mark.parametrize("name", WIDGETS)
def test_on_a_phone_no_button_covers_a_value_or_is_too_small_for_its_words(name, page):
    page.set_viewport_size({"width": 344, "height": 740})  # less margin than the book's 360
    add(page, name)
    assert page.evaluate(CROWDED) == []


REACHABLE = """() => [...document.querySelectorAll(".convlib *")]
  .filter((part) => part.checkVisibility({ checkVisibilityCSS: true }) && !part.disabled)
  .filter((part) => part.matches("button, input, select, textarea, summary, [tabindex='0']"))
  .filter((part) => !part.matches("[tabindex='-1']"))
  .map((part) => [...document.querySelectorAll(".convlib *")].indexOf(part))"""
HERE = """() => {
  const { activeElement } = document;
  const at = [...document.querySelectorAll(".convlib *")].indexOf(activeElement);
  const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
  return [at, outlineStyle !== "none" && parseFloat(outlineWidth) >= 1];
}"""


@pytest.mark.parametrize("name", WIDGETS)
def test_tab_reaches_every_control_in_order_and_shows_where_it_is(name, page):
    add(page, name)
    expected = page.evaluate(REACHABLE)
    stops = []
    for _ in expected:
        page.keyboard.press("Tab")
        stops.append(page.evaluate(HERE))
    assert [at for at, _ in stops] == expected
    assert all(shown for _, shown in stops), stops


# From the middle of each side of a picture inwards: the colours of so many pixels.
COLOURS = """async ([png, depth]) => {
  const file = await fetch(`data:image/png;base64,${png}`);
  const bitmap = await createImageBitmap(await file.blob());
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const [x, y] = [Math.round(width / 2), Math.round(height / 2)];
  const sides = [
    (inset) => [x, inset], (inset) => [x, height - 1 - inset],
    (inset) => [inset, y], (inset) => [width - 1 - inset, y],
  ];
  return sides.map((side) => [...Array(depth).keys()].map((inset) =>
    [...context.getImageData(...side(inset), 1, 1).data].slice(0, 3)));
}"""
RING = 2  # pixels that the ring around a cell is wide
AROUND = RING + 1  # a cell may be drawn one pixel beside its place, which is no whole number


@pytest.mark.parametrize(
    "name",
    [
        "layer_explorer",
        "pixel_usage",
        "padding_atlas",
        "dilation_explorer",
        "transposed_explorer",
        "channels_explorer",
    ],
)
def test_no_neighbour_covers_the_ring_of_the_cell_in_focus(name, page):
    root = add(page, name)
    page.emulate_media(reduced_motion="reduce")
    root.locator("[role=grid] [tabindex='0']").first.focus()
    for key in ("Control+Home", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    at = root.locator("[role=grid] :focus").bounding_box()
    clip = {"x": at["x"] - AROUND, "y": at["y"] - AROUND}
    clip |= {side: at[side] + 2 * AROUND for side in ("width", "height")}
    picture = base64.b64encode(page.screenshot(clip=clip, full_page=True)).decode()
    for side in page.evaluate(COLOURS, [picture, AROUND + 2]):
        dark = [colour == pytest.approx([28, 32, 38], abs=40) for colour in side]  # --text
        assert dark.count(True) == RING


@pytest.mark.parametrize("name", WIDGETS)
def test_all_that_a_pointer_can_press_a_key_can_too(name, page):
    """Whatever has a pointer's hand is a control, or a cell of a grid that has a tab stop."""
    add(page, name)
    lost = page.evaluate("""() => [...document.querySelectorAll(".convlib *")]
      .filter((part) => getComputedStyle(part).cursor === "pointer")
      .filter((part) => !part.closest("button, input, select, summary, label"))
      .filter((part) => !part.closest("[role=grid], [role=listbox]")
        ?.querySelector("[tabindex='0']"))
      .map((part) => part.outerHTML.slice(0, 120))""")
    assert lost == []


SPOKEN_AND_SHOWN = """() => {
  const root = document.querySelector(".convlib");
  const spoken = [...root.querySelectorAll("[aria-live].cv-offscreen")];
  const said = spoken.map((part) => part.textContent).join(" ");
  spoken.forEach((part) => { part.hidden = true; });
  const shown = root.innerText;
  spoken.forEach((part) => { part.hidden = false; });
  return [said, shown];
}"""
CHANGE_ONE = """(seed) => {
  const controls = [...document.querySelectorAll(".convlib :is(input, select)")]
    .filter((part) => part.checkVisibility() && !part.matches(".cv-field, [type=radio]"));
  const cells = [...document.querySelectorAll(
    "[role=grid] .cv-cell, [role=option], .cv-body > .cv-record")]
    .filter((part) => part.checkVisibility());
  const pick = (list) => list[Math.floor(seed / 3) % list.length];
  if (cells.length && seed % 3 === 0) return pick(cells).click();
  const control = pick(controls);
  const value = Math.floor(seed / 100); // apart from which control it is
  if (control.type === "checkbox") return control.click();
  if (control.type === "range") control.value = value % (Number(control.max) + 1);
  else if (control.type === "number") control.value = 1 + (value % Math.min(control.max, 64));
  else control.selectedIndex = value % control.options.length;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def numbers_in(text):
    """Return all numbers, written with any minus sign, and without the commas of thousands."""
    text = re.sub(r"minus (?=\d)", "-", text.replace("−", "-"))
    return set(re.findall(r"\d+", re.sub(r"(?<=\d),(?=\d{3})", "", text)))


# Practice speaks only of a new question, LayerReader only once the keys rest. ShapeSolver speaks of
# places in the padding, which the strip draws without a number. All three have tests of their own.
SPEAK_OTHERWISE = {"practice", "layer_reader", "shape_solver"}


@pytest.mark.parametrize("name", sorted(WIDGETS.keys() - SPEAK_OTHERWISE))
def test_no_number_is_spoken_that_the_picture_does_not_show(name, page):
    add(page, name)
    draw = random.Random(4)
    sentences = set()
    for _ in range(100):
        page.evaluate(CHANGE_ONE, draw.randrange(10**6))
        spoken, shown = page.evaluate(SPOKEN_AND_SHOWN)
        sentences.add(spoken)
        assert spoken
        assert numbers_in(spoken) - numbers_in(shown) == set(), spoken
    assert len(sentences) > 10
