"""Every refusal of the contract, raised by PyTorch and by convlib, pasted and recognised."""

import re
import sys
import warnings
from contextlib import contextmanager
from string import Formatter

import pytest

import convlib
from convlib import refusals
from convlib.refusals import TEXTS
from tests.contract import test_contract as contract
from tests.paste import refused
from tests.paste.decoding import decode_all


@contextmanager
def watched():
    """Note every rule that convlib refuses by, with its facts."""
    noted = []
    original = refusals.refuse

    def refuse(rule, /, **facts):
        noted.append((rule, facts))
        return original(rule, **facts)

    modules = [m for name, m in sys.modules.items() if name.startswith("convlib")]
    users = [m for m in modules if getattr(m, "refuse", None) is original]
    for module in users:
        module.refuse = refuse
    try:
        yield noted
    finally:
        for module in users:
            module.refuse = original


def said_by(names, call):
    """Run a call that is refused; return what Python would print."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            eval(call, dict(names))
        except NameError:
            return None  # a function of convlib's own
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    raise AssertionError(f"{call} is accepted")


def collect():
    """List (rule, facts, PyTorch's message, convlib's) of each refused call."""
    with watched() as noted:
        for _, title, call, _ in contract.ROWS:
            noted.clear()
            mine, _ = contract.ask(contract.CONVLIB, call)
            theirs, _ = contract.ask(contract.TORCH, call)
            if mine.startswith("accepts") or theirs.startswith("accepts"):
                continue
            rule, facts = noted[-1] if noted else (None, {})
            yield title, rule, facts, pasted(theirs), pasted(mine)
        for rule, call in refused.CALLS:
            noted.clear()
            mine = said_by(refused.CONVLIB, call)
            assert noted[-1][0] == rule, (call, noted)
            yield call, rule, noted[-1][1], said_by(refused.TORCH, call), mine


def pasted(answer):
    """Take out the moment that the contract's table notes."""
    return answer.replace(" at construction:", ":", 1).replace(" at call:", ":", 1)


@pytest.fixture(scope="module")
def cases():
    return list(collect())


def sentence(rule):
    """Write PyTorch's sentence with nameless gaps."""
    return re.sub(r"\{.*?\}", "{}", "".join(TEXTS[rule]["torch"].split()))


def same_sentence(rule):
    """List the rules that a message alone cannot tell apart: their sentence is the same."""
    return {other for other in TEXTS if other != "dtypes" and sentence(other) == sentence(rule)}


def test_every_rule_is_raised(cases):
    assert {rule for _, rule, *_ in cases if rule} == set(TEXTS) - {"dtypes"}


@pytest.mark.parametrize("engine", ["torch", "convlib"])
def test_every_refusal_is_recognised(cases, engine):
    """Where both say the same, by the very rule; its type and its shapes tell rules apart."""
    asked = [(case, case[3 if engine == "torch" else 4]) for case in cases]
    asked = [(case, message) for case, message in asked if message]
    answers = decode_all([message for _, message in asked])
    exact = 0
    for ((call, rule, _, theirs, mine), message), answer in zip(asked, answers, strict=True):
        assert answer is not None, (call, message)
        assert answer["key"] != "unknown", (call, message)
        assert answer["exception"] == message.partition(":")[0], call
        if rule and not one_gap(rule) and first_line(theirs or mine) == first_line(mine):
            assert answer["key"] in same_sentence(rule), (call, message, answer["key"])
            exact += answer["key"] == rule
    print(f"{engine}: {len(asked)} refusals recognised, {exact} of them by the very rule")
    assert exact >= 150


def first_line(message):
    return message.partition("\n")[0].partition(" - ")[0]


def one_gap(rule):
    return TEXTS[rule]["torch"] == "{error}"


def test_every_number_is_the_call_s(cases):
    """The facts of the decoder, written as `refuse` writes them, are those of the call."""
    known = [case for case in cases if case[1] and not one_gap(case[1])]
    answers = decode_all([mine for *_, mine in known])
    compared = 0
    for (call, rule, facts, _, mine), answer in zip(known, answers, strict=True):
        for name in names_in(TEXTS[rule]["torch"]):
            base = name.partition("[")[0]
            if base not in facts or base == "found" or answer["key"] != rule:
                continue  # a dtype, a phrase, another rule's name: the sentence is compared below
            found = answer["facts"][base]
            assert written(found) == written(facts[base]), (call, name)
            compared += 1
        if rule not in ("state_dict", "conv2d type"):
            said = first_line(mine).partition(": ")[2]
            assert "".join(answer["message"].split()) == "".join(said.split()), call
    print(f"{compared} numbers of {len(known)} messages are the calls'")
    assert compared > 200


def names_in(template):
    return [field for _, field, _, _ in Formatter().parse(template) if field]


def written(value):
    """Write shapes as one text: arrays, tuples, "5, 5" and "5 x 5" alike."""
    value = getattr(value, "shape", value)
    if isinstance(value, (tuple, list)):
        value = ",".join(map(str, value))
    return str(value).replace(" x ", ",").replace(" ", "").strip("[]")


def test_the_numbers_stand_in_the_explanation():
    try:
        convlib.conv2d(contract.numbers(1, 1, 8, 8), contract.numbers(5, 3, 3, 3))
    except RuntimeError as error:
        lines = str(error).split("\n  ")
    [answer] = decode_all([lines[0]])
    assert [answer["message"], answer["why"], answer["fix"]] == lines
