"""The Python side of Practice."""

import pytest

from convlib.widgets import Practice
from convlib.widgets.practice import TOPICS


def test_starts_at_the_first_question():
    assert Practice().settings() == {
        "topic": "output_size",
        "seed": 1,
        "question": 1,
        "answers": (),
    }


TEXT_FORMS = [
    ("", "topic='output_size'"),
    ("'groups'", "topic='groups'"),
    ("'mixed', 7", "topic='mixed', seed=7"),
    ("seed=np.int64(0), question=3", "topic='output_size', seed=0, question=3"),
    (
        "answers=[[3], None, [64, 8, 3, 3]]",
        "topic='output_size', answers=((3,), None, (64, 8, 3, 3))",
    ),
]


@pytest.mark.parametrize("topic", TOPICS)
def test_code_gives_the_same_questions(topic):
    practice = Practice(topic, seed=12, question=5, answers=[[1]])
    again = eval(practice.code)
    assert (again.topic, again.seed, again.question, again.answers) == (topic, 12, 1, ())


START = {"topic": "padding", "seed": 3, "question": 2, "answers": [[1]]}  # what is changed
REFUSED = [
    ({"topic": "sizes"}, ValueError, "topic='sizes', but it is one of 'output_size', 'padding'"),
    ({"topic": None}, ValueError, "topic=None"),
    ({"topic": ["groups"]}, ValueError, "topic=['groups']"),
    ({"seed": -1}, ValueError, "seed=-1"),
    ({"seed": 1_000_000}, ValueError, "seed=1000000"),
    ({"seed": 1.0}, TypeError, "seed=1.0"),
    ({"seed": "1"}, TypeError, "seed='1'"),
    ({"seed": True}, TypeError, "seed=True"),
    ({"question": 0}, ValueError, "question=0"),
    ({"question": 10_000}, ValueError, "question=10000"),
    ({"question": None}, TypeError, "question=None"),
    ({"answers": "3"}, TypeError, "answers='3'"),
    ({"answers": [3]}, TypeError, "answers holds 3"),
    ({"answers": [[]]}, TypeError, "answers holds []"),
    ({"answers": [["3"]]}, TypeError, "answer='3'"),
    ({"answers": [[-3]]}, ValueError, "answer=-3"),
]


@pytest.mark.parametrize("change", [{"topic": "groups"}, {"seed": 4}])
def test_another_set_starts_at_its_first_question(change):
    practice = Practice("padding", seed=3, question=2, answers=[[1]])
    [(name, value)] = change.items()
    setattr(practice, name, value)
    assert practice.settings() == {
        "topic": "padding",
        "seed": 3,
        **change,
        "question": 1,
        "answers": (),
    }


def test_what_the_page_sends_is_taken_as_it_is():
    practice = Practice("padding", seed=3, question=2, answers=[[1]])
    practice.set_state({"question": 3, "answers": [[1], [4]]})
    assert repr(practice) == "Practice(topic='padding', seed=3, question=3, answers=((1,), (4,)))"
    practice.set_state({"seed": 5, "question": 1, "answers": []})
    assert repr(practice) == "Practice(topic='padding', seed=5)"
