"""Pasted texts in Chinese: the same is read and found out, and all of it is said in Chinese."""

import re
from pathlib import Path

import pytest

from convlib.widgets._words import words_of
from tests.paste import decoding, reading

HAN = re.compile(r"[\u4e00-\u9fff]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
BROKEN = [
    "",
    "nn.Conv2d(3, 8, 3",
    "nn.Conv2d(3, 8 3)",
    "nn.Conv2d(3, 8, 3 / 0)",
    "nn.Conv1d(3, 8, 3)",
    "nn.Conv1d(3, 8, 3, padding=1)\nnn.AdaptiveAvgPool3d(1)\nnn.BatchNorm3d(8)",
    "nn.Strange(3, 8)\nnn.Conv2d(3, 8, 3)",
    "nn.Sequential([nn.Conv2d(3, 8, 3)])",
    "x = lambda\nnn.Conv2d(3, 8, 3)",
    "F.conv2d(x, torch.zeros(3, 3))",
    "nn.Conv2d(**cfg)",
    "class A(nn.Module):\n  def __init__(self):\n    self.a = nn.Conv2d(3, 8, 3)\n"
    "    self.b = nn.Conv2d(3, 8, 3)\n  def forward(self, x):\n    return self.a(x)",
    "class A(nn.Module):\n  def __init__(self):\n    self.a = nn.Conv2d(3, 8, 3)\n"
    "  def forward(self, x):\n    if x.sum() > 0:\n      x = strange(x)\n    return self.a(x)",
    "(" * 500,
]


def in_chinese(engine, expression, *given):
    """Evaluate an expression while Chinese is spoken."""
    before, after = "$math_words.setWords('zh-CN', given[0])", "$math_words.setWords('en', {})"
    return engine.evaluate(f"[{before}, {expression}, {after}][1]", words_of("zh-CN"), *given)


def decode_in_chinese(messages):
    return in_chinese(decoding.engine(), "given[1].map((text) => decode(text, TEXTS))", messages)


def without(answer, *names):
    return {name: value for name, value in answer.items() if name not in names}


def said_of(answer):
    """Return the sentences of an answer."""
    return [answer["why"], answer["fix"], *(cause["sentence"] for cause in answer["causes"])]


def found_out(answer):
    """Return an answer without its sentences."""
    causes = [without(cause, "sentence") for cause in answer["causes"]]
    return {**without(answer, "why", "fix"), "causes": causes}


@pytest.fixture
def messages(items):
    """Error messages of several versions, whole and cut off."""
    lines = (Path(__file__).parent / "wordings.txt").read_text(encoding="utf-8").splitlines()
    known = [line.partition("|")[2] for line in lines if not line.startswith("#")]
    known = [text.replace("\\n", "\n") for text in known]
    whole = [item["text"] for item in items("errors.jsonl")] + known
    return whole + [text[: len(text) * 2 // 3] for text in whole]


def test_an_error_has_the_same_cause_and_says_the_same_in_chinese(messages):
    chinese = decode_in_chinese(messages)
    for text, one, other in zip(messages, decoding.decode_all(messages), chinese, strict=True):
        assert (one is None) == (other is None), text
        if one is None:
            continue
        assert found_out(one) == found_out(other), text
        for english, spoken in zip(said_of(one), said_of(other), strict=True):
            assert set(NUMBER.findall(english)) == set(NUMBER.findall(spoken)), text
            assert bool(HAN.search(spoken)) == (english != ""), (english, spoken)
            assert "{" not in spoken, text
    print(f"{len(messages)} messages: found out and said alike in Chinese")


def test_a_sentence_loses_the_same_part_where_a_fact_is_not_known():
    stride = "RuntimeError: non-positive stride is not supported"
    answer = decode_in_chinese([stride])[0]
    assert decoding.decode(stride)["why"] == "The window must move by at least 1 pixel."
    assert answer["why"] == "窗口每次至少移动 1 个像素。"


def test_a_type_that_is_wanted_is_said_in_words():
    text = "TypeError: conv_transpose2d(): argument 'stride' must be tuple of ints, not str"
    answer = decode_in_chinese([text])[0]
    assert "应当是 int 元组" in answer["why"]
    assert answer["message"] == text.partition(": ")[2]


def test_a_text_reads_the_same_and_its_remarks_are_chinese(items):
    texts = [item["text"] for name in ("lines.jsonl", "models.jsonl") for item in items(name)]
    texts += BROKEN
    english = reading.engine().evaluate("given[0].map((text) => read(text))", texts)
    chinese = in_chinese(reading.engine(), "given[1].map((text) => read(text))", texts)
    remarks = 0
    for text, one, other in zip(texts, english, chinese, strict=True):
        for answer in (one, other):
            for module in answer["modules"]:
                module.pop("refusal", None)
        assert without(one, "problems", "notes") == without(other, "problems", "notes"), text
        assert len(one["problems"]) == len(other["problems"]), text
        for said in [problem["why"] for problem in other["problems"]] + other["notes"]:
            assert HAN.search(said), (text, said)
            remarks += 1
    print(f"{len(texts)} texts: {remarks} remarks in Chinese")
    assert remarks > 20
