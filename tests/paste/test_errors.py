"""Pasted error messages: the cause named first, and the texts that it is told in."""

import json
import re
import time
from pathlib import Path

import pytest

from convlib.refusals import TEXTS
from convlib.refusals.texts import message_texts
from tests.paste.decoding import decode, decode_all, engine

ENOUGH = 0.9

GREY = (
    "Given groups=1, weight of size [64, 3, 7, 7], expected input[8, 1, 224, 224] to have 3"
    " channels, but got 1 channels instead"
)


def test_the_cause_named_first_is_the_corpus_s(items):
    corpus = items("errors.jsonl")
    answers = decode_all([item["text"] for item in corpus])
    wrong = [
        f"{item['id']}: {answer and answer['label']}, not {item['label']}"
        for item, answer in zip(corpus, answers, strict=True)
        if answer is None or answer["label"] != item["label"]
    ]
    print(f"error messages: {len(corpus) - len(wrong)} of {len(corpus)} causes right")
    assert len(corpus) - len(wrong) >= ENOUGH * len(corpus), "\n".join(wrong)


def test_older_versions_are_understood():
    lines = (Path(__file__).parent / "wordings.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("|", 1) for line in lines if not line.startswith("#")]
    answers = decode_all([text.replace("\\n", "\n") for _, text in pairs])
    for (label, text), answer in zip(pairs, answers, strict=True):
        assert (answer["label"] if answer else "none") == label, text
        for cause in answer["causes"] if answer else ():
            assert cause["sentence"], text
            assert "{" not in cause["sentence"] + cause["mend"], text
    print(f"{len(pairs)} messages of several versions: each cause right")


# ------------------------------------------------------------------- as people paste a message

WRAPPED = {
    "alone": GREY,
    "with its type": f"RuntimeError: {GREY}",
    "in quotes": f"I get “RuntimeError: {GREY}”.",
    "by pytest": f"E   RuntimeError: {GREY}\n\nconv.py:549: RuntimeError",
    "at a prompt": f">>> RuntimeError: {GREY}",
    "from a process": f"[rank0]: RuntimeError: {GREY}",
    "quoted in a mail": "> RuntimeError: " + GREY.replace(", expected", ",\n> expected"),
    "broken by pytest": "E   " + GREY.replace("to have", "to\nE     have"),
    "in a frame": "│ " + GREY.replace("channels, but", "chan│\n│nels, but") + " │",
    "in a log": json.dumps({"error": f"RuntimeError: {GREY}\n"}),
    "in full-width signs": GREY.replace(",", "，").replace("[", "［").replace("]", "］"),
    "with a question": f"RuntimeError: {GREY} what does it mean? My pictures are 224x224.",
}


@pytest.mark.parametrize("name", WRAPPED)
def test_what_stands_around_a_message_does_not_matter(name):
    answer = decode(WRAPPED[name])
    assert answer["key"] == "channels"
    assert answer["message"] == GREY
    assert answer["facts"]["x"] == [8, 1, 224, 224]
    assert answer["facts"]["weight"] == [64, 3, 7, 7]
    assert (answer["facts"]["C_in"], answer["facts"]["channels"]) == (3, 1)


def test_a_message_that_is_cut_off_keeps_the_numbers_that_it_shows():
    """Wherever it is cut, no number is invented; after the input's channels the cause is known."""
    answers = decode_all([GREY[:length] for length in range(20, len(GREY))])
    whole = decode(GREY)["facts"]
    for length, answer in enumerate(answers, 20):
        if answer is None:
            assert length < GREY.index("64,"), length
            continue
        assert answer["key"] == "channels", length
        for name in ("x", "weight"):
            shown = answer["facts"].get(name, [])
            assert shown == whole[name][: len(shown)], (length, name)
        for name in ("groups", "C_in", "channels"):
            assert answer["facts"].get(name, whole[name]) == whole[name], (length, name)
    enough = GREY.index(" 224") - 20
    assert {answer["label"] for answer in answers[enough:]} == {"grey"}


def test_the_last_exception_of_a_chain_is_the_one():
    chain = (
        "Traceback (most recent call last):\nRuntimeError: negative padding is not supported\n\n"
        "During handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\n'
        f"    y = layer(x)\nRuntimeError: {GREY}\n"
    )
    answer = decode(chain)
    assert (answer["key"], answer["exception"], answer["code"]) == (
        "channels", "RuntimeError", "y = layer(x)",
    )  # fmt: skip


def test_the_line_of_code_is_the_reader_s_own():
    inside = (
        '  File "/usr/lib/site-packages/torch/nn/modules/conv.py", line 5\n    return F.conv2d(\n'
    )
    own = '  File "net.py", line 9, in forward\n    x = self.conv1(x)\n'
    for text in (own + inside, "     8 def f():\n---> 9     x = self.conv1(x)\n     10\n"):
        assert decode(f"{text}RuntimeError: {GREY}")["code"] == "x = self.conv1(x)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nn.Conv2d(3, 64, kernel_size=3, padding='same')",
        "self.fc = nn.Linear(400, 120)  # size mismatch?",
        "x = torch.randn(1, 3, 224, 224)",
        "hello",
    ],
)
def test_code_is_no_error(text):
    assert decode(text) is None


def test_an_unknown_error_says_so():
    answer = decode("Traceback (most recent call last):\nKeyError: 'conv9'")
    assert (answer["key"], answer["label"]) == ("unknown", "unknown")
    assert answer["message"] == "KeyError: 'conv9'"


# ---------------------------------------------------------------------------------- hostile text

HOSTILE = {
    "a megabyte of one letter": "a" * 1_000_000,
    "a megabyte of spaces": " " * 1_000_000,
    "brackets": "[" * 1_000_000,
    "the beginning again and again": "Given groups=" * 80_000,
    "two sentences half": "Given groups=1, weight of size [" * 30_000,
    "keys": 'Missing key(s) in state_dict: "a", ' * 30_000,
    "many keys": 'Missing key(s) in state_dict: "' + '"layer.weight", ' * 60_000,
    "exceptions": "RuntimeError: " * 70_000,
    "underscores": "_" * 1_000_000 + "Error",
    "lines": "  File \n" * 120_000,
    "numbers": f"Given groups={'9' * 500_000}, weight of size [{'1, ' * 100_000}",
    "prefixes": "E " * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_answered_at_once(name):
    engine()
    start = time.perf_counter()
    answer = decode(HOSTILE[name])
    assert time.perf_counter() - start < 1
    assert answer is None or len(answer["message"]) < 1000


def test_markup_stays_text():
    mark = "<img src=x onerror=alert(1)>"
    answer = decode(f"RuntimeError: Invalid padding string: '{mark}'")
    assert answer["facts"]["padding"] == mark
    assert mark in answer["message"]


def test_large_numbers_keep_their_digits():
    size = 2**62 + 1
    answer = decode(
        f"Calculated padded input size per channel: (7 x 7). Kernel size: ({size} x {size}). "
        "Kernel size can't be greater than actual input size"
    )
    assert answer["facts"]["reach"] == [str(size)] * 2
    assert f"{size} x {size}" in answer["why"]


# ------------------------------------------------------------------------------------- the texts

ALL = message_texts()


def javascript_causes():
    """List the rows of the table of causes: (key or table, cause)."""
    return engine().evaluate(
        "Object.entries($math_paste_errors_causes.CAUSES)"
        ".map(([key, rows]) => [key, rows.map(([name]) => name)])"
    )


def test_every_refusal_can_be_read_backwards():
    assert set(TEXTS) - {"dtypes"} <= set(ALL["rules"])


def test_each_rule_has_causes_or_a_label_and_a_mend():
    reasoned = dict(javascript_causes())
    assert set(reasoned) <= set(ALL["rules"])
    parts_of_state = {"state shape", "state missing", "state unexpected"}
    for key, rule in ALL["rules"].items():
        assert (key in reasoned | dict.fromkeys(parts_of_state)) != ("label" in rule), key
        assert ("label" in rule) == ("mend" in rule), key


def test_each_cause_is_used_and_complete():
    used = {name for _, names in javascript_causes() for name in names}
    assert used == set(ALL["causes"])
    for name, cause in ALL["causes"].items():
        assert cause["label"], name
        assert cause["sentence"].endswith("."), name
        assert cause["mend"], name


def test_labels_are_those_of_the_corpus(items):
    known = set(re.findall(r"`(\w+)`", LABELS))
    labels = {cause["label"] for cause in ALL["causes"].values()}
    labels |= {rule["label"] for rule in ALL["rules"].values() if "label" in rule}
    assert labels <= known
    assert {item["label"] for item in items("errors.jsonl")} <= labels


LABELS = """
`grey` `colour` `rgba` `channels_last` `batch_as_channels` `other_layer` `groups`
`one_kernel_for_all` `axes_missing` `axes_too_many` `too_small` `empty` `transposed_padding`
`output_padding` `border_too_wide` `padding_word` `same_with_stride` `pool_padding` `device`
`number_type` `argument` `state_prefix` `state_shape` `state_keys` `bias` `linear_size`
`not_flattened` `sizes_meet` `memory_order` `batchnorm` `unknown`
"""
