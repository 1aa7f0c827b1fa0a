"""LayerExplorer as a thing to touch: its numbers, its axes, and the film that explains it."""

import pytest

from tests.browser.test_layer_explorer import View, mount, traits

__all__ = ["mount"]  # the fixture


def press(view, *keys):
    for key in keys:
        view.page.keyboard.press(key)


def outputs(view):
    return view.root.locator(".cv-output .cv-cell").all_text_contents()


# ------------------------------------------------------------------------------ the numbers


def test_a_digit_on_a_cell_begins_a_number_and_enter_comes_back(mount):
    view = mount()
    view.cell("kernel", 0, 1).click()
    assert view.get("weight_cell") == [0, 1]
    assert view.marked("kernel", "target") == [[0, 1]]
    press(view, "-", "4")
    assert view.get("weight") is None  # not yet
    press(view, "Enter")
    assert view.get("weight")[0][:3] == [2, -4, 3]
    assert view.cell("kernel", 0, 1).text_content() == "−4"
    assert view.page.evaluate("placeOf(document.activeElement)") == [0, 1]
    assert outputs(view)[0] == "26"  # 46 - 4 * 5
    press(view, "ArrowDown", "7", "Enter")
    assert view.get("weight")[1][:3] == [3, 7, -1]
    view.cell("input", 0, 1).click()
    press(view, "9", "Enter")
    assert view.get("input_values")[0][:3] == [1, 9, 9]
    assert view.page.evaluate("document.activeElement.ariaLabel").startswith("row 0, column 1: 9")


def test_the_kernel_is_reached_by_keys_and_spoken(mount):
    view = mount()
    view.cell("kernel", 0, 0).focus()
    press(view, "ArrowRight", "ArrowDown")
    assert view.get("weight_cell") == [1, 1]
    assert view.page.evaluate("document.activeElement.ariaLabel") == "row 1, column 1: 1"
    assert view.page.evaluate("document.activeElement.ariaSelected") == "true"
    assert view.root.locator(".cv-kernel [tabindex='0']").count() == 1


@pytest.mark.parametrize("typed", ["10", "-12", "1.5"])
def test_a_number_without_room_is_refused_with_the_reason(mount, typed):
    view = mount()
    field = view.root.get_by_role("spinbutton", name="weight[0, 0]")
    field.fill(typed)
    press(view, "Enter")
    assert view.get("weight") is None
    assert field.input_value() == typed  # it stays, marked
    assert field.get_attribute("aria-invalid") == "true"
    reason = view.root.locator(".cv-refused").text_content()
    rule = "it is a whole number" if "." in typed else "it is a number from -9 to 9"
    assert reason == (
        f"weight[0, 0]={typed} is not possible: {rule}. The picture still shows weight[0, 0]=2."
    )
    press(view, "Escape")
    assert field.input_value() == "2"
    assert view.page.evaluate("document.activeElement.ariaLabel") == "row 0, column 0: 2"
    assert view.root.locator(".cv-refused").text_content() == ""
    field.fill(typed)
    view.cell("kernel", 2, 2).click()  # another cell: the refusal is not its own
    assert view.root.get_by_role("spinbutton", name="weight[2, 2]").input_value() == "0"
    assert view.root.locator(".cv-refused").text_content() == ""


def test_one_more_and_one_less_stop_at_the_ends(mount):
    view = mount(traits(weight=[[8]]))
    more, less = (view.root.get_by_role("button", name=f"One {way}") for way in ("more", "less"))
    more.click()
    assert view.get("weight")[0][0] == 9
    more.click()
    assert view.get("weight")[0][0] == 9
    assert "from -9 to 9" in view.root.locator(".cv-refused").text_content()
    less.click()
    assert view.get("weight")[0][0] == 8
    assert view.root.locator(".cv-refused").text_content() == ""
    view.cell("input", 4, 4).click()
    less.click()
    assert view.get("input_values")[4][4] == 8


def test_patterns_fit_every_size_and_reset_brings_the_standard_numbers(mount):
    view = mount()
    button = {name: view.root.get_by_role("button", name=name) for name in ("mean", "Reset")}
    view.root.get_by_role("button", name="vertical edge").click()
    view.root.get_by_role("button", name="edge", exact=True).click()
    assert outputs(view)[:3] == ["1", "25", "25"]  # 3 rows of 9 - 1, and the bias
    view.slider("kernel width").fill("2")
    assert view.root.locator(".cv-kernel .cv-cell").all_text_contents() == ["−1", "1"] * 3
    button["mean"].click()
    assert button["mean"].get_attribute("aria-pressed") == "true"
    assert set(view.root.locator(".cv-kernel .cv-cell").all_text_contents()) == {"1"}
    view.root.get_by_role("button", name="random").first.click()
    assert len(view.get("weight")) == 5
    assert button["mean"].get_attribute("aria-pressed") == "false"
    button["Reset"].click()
    assert view.get("weight") is view.get("input_values") is None


def test_long_outputs_stay_inside_their_cells(mount):
    numbers = {"weight": [[-9] * 5] * 5, "input_values": [[9] * 8] * 8}
    for width in (360, 1280):
        state = traits(input_size=8, kernel_size=5, padding="same", **numbers)
        view = mount(state, viewport={"width": width, "height": 900})
        view.page.set_viewport_size({"width": width, "height": 900})
        assert "−2024" in outputs(view)
        wide = view.root.locator(".cv-output .cv-cell").evaluate_all(
            """(cells) => cells.filter((cell) => {
              const text = document.createRange();
              text.selectNodeContents(cell);
              return text.getBoundingClientRect().width > cell.getBoundingClientRect().width;
            }).map((cell) => cell.textContent)"""
        )
        assert wide == []


# ------------------------------------------------------------------------------ the axes


def test_height_and_width_go_their_own_ways_behind_one_switch(mount):
    view = mount(traits(input_size=6))
    switch = view.root.get_by_role("button", name="height ≠ width")
    assert view.slider("stride height").is_hidden()
    switch.click()
    assert switch.get_attribute("aria-pressed") == "true"
    assert view.slider("stride").is_hidden()
    for name, value in {"stride height": 2, "padding width": 1, "dilation width": 2}.items():
        view.slider(name).fill(str(value))
    view.slider("input width").fill("7")
    assert view.code == (
        "torch.nn.Conv2d(1, 1, kernel_size=(3, 3), stride=(2, 1), padding=(0, 1), dilation=(1, 2))"
    )
    assert view.get("input_size") == [6, 7]
    assert view.root.locator(".cv-output .cv-row").count() == 1 + 2
    view.slider("stride height").fill("1")
    assert view.get("stride") == 1  # equal numbers are one again
    switch.click()
    assert view.code == "torch.nn.Conv2d(1, 1, kernel_size=(3, 3))"
    assert view.get("input_size") == 6


def test_the_width_follows_the_height_only_where_that_is_possible(mount):
    view = mount(traits(input_size=(3, 8), dilation=(1, 2), kernel_size=(1, 3)))
    switch = view.root.get_by_role("button", name="height ≠ width")
    assert switch.get_attribute("aria-pressed") == "true"
    view.slider("dilation height").fill("3")
    switch.click()
    assert view.get("dilation") == [3, 2]
    assert view.status.startswith("The width cannot follow the height: the window would span 1 x 7")
    assert switch.get_attribute("aria-pressed") == "true"


def test_same_goes_with_both_axes(mount):
    view = mount(traits(padding=(0, 1)))
    same = view.root.get_by_role("button", name="same")
    same.click()
    assert view.get("padding") == "same"
    view.slider("padding height").fill("2")
    assert view.get("padding") == [2, 1]


# ------------------------------------------------------------------------------ the film


@pytest.fixture
def clock(mount):
    """Mount a widget under a clock that only the test moves."""

    def clock(state):
        page = mount().page
        page.clock.install(time=0)
        page.clock.pause_at(1000)
        return View(page, page.evaluate("(state) => mount(state)", state))

    return clock


def test_play_explains_product_by_product(clock):
    view = clock(traits(input_size=(2, 3), kernel_size=(1, 2), speed=1))
    whole = outputs(view)
    view.root.get_by_role("button", name="Play").click()
    assert outputs(view) == ["", "", "", ""]
    assert view.marked("kernel", "now") == [[0, 0]]
    assert view.marked("input", "now") == [[0, 0]]
    seen = []
    for _ in range(4):
        now = [view.marked("kernel", "now"), view.root.locator(".cv-total").text_content()]
        seen.append([*now, outputs(view)[0]])
        view.page.clock.run_for(1000)
    assert seen == [
        [[[0, 0]], "sum so far: 2", ""],
        [[[0, 1]], "sum so far: 2", ""],
        [[], "sum so far: 3", ""],
        [[], "2 + 1 (bias) = 3", "3"],
    ]
    assert view.marked("output", "coming") == [[0, 1]]
    view.page.clock.run_for(11_000)
    assert outputs(view) == whole
    view.page.clock.run_for(1000)
    assert outputs(view) == ["", "", "", ""]  # and from the start
    view.cell("output", 1, 1).click()
    assert outputs(view) == whole
    assert view.get("step") is None


def test_the_scrubber_leads_to_every_step_and_says_it(mount):
    view = mount(traits(input_size=(2, 3), kernel_size=(1, 2)))
    scrubber = view.root.get_by_role("slider", name="step", exact=True)
    assert scrubber.get_attribute("max") == "15"
    assert scrubber.input_value() == "3"  # the picked output is there
    for step in range(16):
        scrubber.fill(str(step))
        assert view.get("step") == step
        assert view.get("output_cell") == [step // 8, step // 4 % 2]
        there = [text != "" for text in outputs(view)]
        assert there == [number < (step + 1) // 4 for number in range(4)]
    scrubber.fill("4")
    assert view.spoken == "For output row 0, column 1, product 1 of 2: 5 times 2 is 10."
    assert scrubber.get_attribute("aria-valuetext") == "1 of 2: 5 × 2 = 10"


def test_a_change_in_the_middle_shows_all_outputs_again(mount):
    for change in ("slider", "number", "pattern"):
        view = mount(traits(step=12))
        assert "" in outputs(view)
        if change == "slider":
            view.slider("stride").fill("2")
        elif change == "number":
            view.root.get_by_role("button", name="One more").click()
        else:
            view.root.get_by_role("button", name="mean").click()
        assert "" not in outputs(view)
        assert view.get("step") is None


def test_without_motion_play_stands_still_and_says_the_sum(mount):
    view = mount(reduced_motion="reduce")
    play = view.root.get_by_role("button", name="Play")
    for number in range(2):
        play.click()
        assert [text != "" for text in outputs(view)] == [n <= number for n in range(9)]
        assert view.status == view.spoken
        assert view.status.startswith(f"Output row 0, column {number}: ")
        before = view.root.inner_html()
        view.page.wait_for_timeout(400)
        assert view.root.inner_html() == before
    moves = view.cell("output", 0, 1).evaluate("cell => getComputedStyle(cell).animationName")
    assert moves == "none"


# ------------------------------------------------------------------------------ its size


@pytest.mark.parametrize(
    "settings", [{}, {"input_size": 7, "kernel_size": 5, "padding": 3}, {"step": 40}]
)
def test_it_is_no_higher_than_a_laptops_screen(mount, settings):
    view = mount(traits(**settings), viewport={"width": 1280, "height": 800})
    assert view.root.bounding_box()["height"] <= 720


@pytest.mark.parametrize("height", [568, 740, 780, 915])
def test_on_a_phone_the_titles_of_a_high_picture_are_in_reach(height, mount):
    view = mount(
        traits(input_size=8, dilation=2, padding=1), viewport={"width": 360, "height": height}
    )
    stage = view.root.locator(".cv-stage").bounding_box()
    for caption in view.root.locator(".cv-stage .cv-caption").all():
        assert caption.bounding_box()["y"] >= stage["y"]


def test_on_a_phone_the_picture_comes_first_and_stays_in_view(mount):
    view = mount(viewport={"width": 360, "height": 740})
    place = view.root.locator(".cv-stage").bounding_box()
    assert place["y"] < 120
    for name in ("input_size", "dilation"):
        view.slider(name).focus()
        slider = view.slider(name).bounding_box()
        picture = view.root.locator(".cv-stage").bounding_box()
        assert 0 <= picture["y"] < picture["y"] + picture["height"] <= slider["y"] + 1
        for kind in ("input", "output"):
            assert view.cell(kind, 0, 0).bounding_box()["y"] >= 0
