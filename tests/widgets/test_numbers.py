"""The numbers that a reader may change: the page and Python agree on every setting of them."""

import random

import numpy as np
import pytest

from convlib.widgets._data import PATTERNS, chosen_values
from tests.widgets.javascript import Javascript

SIZE = {"weight": "kernel_size", "input_values": "input_size"}
AT = {"weight": "weightAt", "input_values": "inputAt"}


@pytest.fixture(scope="module")
def numbers():
    return Javascript("math/numbers")


@pytest.fixture(scope="module")
def film():
    return Javascript("math/film")


def layer(**settings):
    start = {"input_size": 5, "kernel_size": [3, 3], "weight": None, "input_values": None}
    rest = {"stride": 1, "padding": 0, "dilation": 1, "padding_mode": "zeros", "bias": True}
    return {**start, **rest, **settings}


def shown(numbers, name, settings):
    """Return the numbers that the page shows of a layer."""
    arithmetic = Javascript("math/arithmetic")
    full = numbers.withNumbers(settings)
    height, width = settings[SIZE[name]]
    return [
        [getattr(arithmetic, AT[name])(full, row, column) for column in range(width)]
        for row in range(height)
    ]


CHOSEN = [None, [[9]], [[1, None, 3], [], [None, -9]], [[0] * 5] * 5]


@pytest.mark.parametrize("name", SIZE)
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (5, 4)])
def test_both_languages_show_the_same_numbers(name, size, numbers):
    for chosen in [*CHOSEN, *PATTERNS[name]]:
        found = shown(numbers, name, layer(**{SIZE[name]: list(size), name: chosen}))
        assert found == chosen_values(name, chosen, *size).tolist(), chosen


@pytest.mark.parametrize("name", SIZE)
def test_a_changed_number_is_there_and_all_others_stay(name, numbers):
    draw = random.Random(3)
    for chosen in [*CHOSEN, *PATTERNS[name]]:
        size = [draw.randint(1, 5), draw.randint(1, 5)]
        cell = [draw.randrange(side) for side in size]
        settings = layer(**{SIZE[name]: size, name: chosen})
        before = chosen_values(name, chosen, *size)
        after = numbers.changedNumber(settings, name, cell, 7)
        before[tuple(cell)] = 7
        assert chosen_values(name, after, *size).tolist() == before.tolist()
        if isinstance(chosen, list):  # what a larger size shows is kept
            large = chosen_values(name, chosen, 8, 8)
            large[: size[0], : size[1]] = before
            assert chosen_values(name, after, 8, 8).tolist() == large.tolist()


def test_drawn_numbers_lie_between_the_ends(numbers):
    drawn = np.array(numbers.drawnNumbers([-3, 3], [5, 5]))
    assert drawn.shape == (5, 5)
    assert set(drawn.flat) <= set(range(-3, 4))
    ends = numbers.evaluate("drawnNumbers([-3, 3], [1, 2], () => given[0])", 0.999999)
    assert ends == [[3, 3]]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (None, None),
        ("mean", None),
        ([[1, None], []], None),
        ("blur", "weight is no rows of numbers"),
        (3, "weight is no rows of numbers"),
        ([3], "weight is no rows of numbers"),
        ([["mean"]], "weight has mean, but a number is whole, -9 to 9"),
        ([[0] * 6], "weight is no rows of numbers"),
        ([[10]], "weight has 10, but a number is whole, -9 to 9"),
        ([[0.5]], "weight has 0.5, but a number is whole, -9 to 9"),
    ],
)
def test_what_cannot_be_shown_is_refused(value, rule, numbers):
    found = numbers.numbersProblem("weight", value, [-9, 9], 5)
    assert found == (rule and {"rule": rule})


def test_the_film_adds_up_one_product_after_the_other(film):
    settings = layer(input_size=[2, 3], kernel_size=[1, 2])  # 2 x 2 outputs, 2 products, the bias
    assert film.filmLength(settings) == 4 * 4
    scenes = [film.sceneAt(settings, step) for step in range(16)]
    assert [scene["output"] for scene in scenes[::4]] == [[0, 0], [0, 1], [1, 0], [1, 1]]
    # 1 x 2, then 5 x 0, then the bias.
    assert [scene["sum"] for scene in scenes[:4]] == [2, 2, 3, 3]
    assert [scene["lit"] for scene in scenes[:4]] == [1, 2, 2, 2]
    assert [scene["isDone"] for scene in scenes[:4]] == [False, False, False, True]
    assert [film.stepSentence(scene) for scene in scenes[:4]] == [
        "For output row 0, column 0, product 1 of 2: 1 times 2 is 2.",
        "For output row 0, column 0, product 2 of 2: 5 times 0 is 0. The sum so far is 2.",
        "Plus the bias, 1: the sum is 3.",
        "The sum, 3, is output row 0, column 0.",
    ]
    labels = ["1 of 2: 1 × 2 = 2", "2 of 2: 5 × 0 = 0", "and the bias, 1", "output[0, 0] = 3"]
    assert [film.stepLabel(scene) for scene in scenes[:4]] == labels


def test_without_motion_each_press_leads_to_the_end_of_an_output(film):
    settings = layer(input_size=[2, 3], kernel_size=[1, 2])

    def still(step):
        return film.stillStep(settings, {"step": step, "output_cell": [0, 1]})

    assert [still(step) for step in (None, 0, 2, 3, 4, 15)] == [7, 3, 3, 7, 7, 3]
