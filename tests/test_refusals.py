"""The texts of the refusals: each is used, and each call brings the facts that its text names."""

import ast
import builtins
from pathlib import Path
from string import Formatter

import numpy as np

import convlib
from convlib.refusals import TEXTS, refuse

RULES = set(TEXTS) - {"dtypes"}
OF_AN_ARRAY = ("ndim", "dtype", "torch", "cpp", "tensor")  # what `refuse` adds for each array


def calls_of_refuse():
    """Find every call in convlib and in its widgets: where it stands, its rule, its facts."""
    for path in sorted(Path(convlib.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refuse":
                yield f"{path.name}:{node.lineno}", node.args, [k.arg for k in node.keywords]


CALLS = list(calls_of_refuse())


def names_in(rule):
    """List the names in braces in a text."""
    for line in ("torch", "why", "fix"):
        for _, field, _, _ in Formatter().parse(TEXTS[rule][line]):
            if field is not None:
                yield field.partition("[")[0].partition(".")[0]


def test_a_rule_is_written_out_where_it_is_refused():
    """No rule is put together, and no facts are passed by the dozen."""
    for place, arguments, facts in CALLS:
        assert len(arguments) == 1, place
        assert isinstance(arguments[0], ast.Constant), place
        assert None not in facts, place


def test_each_call_brings_the_facts_that_its_text_names():
    for place, (rule,), facts in CALLS:
        derived = {f"{fact}_{kind}" for fact in facts for kind in OF_AN_ARRAY}
        names = set(names_in(rule.value))
        assert names <= {*facts, *derived}, place
        unused = {
            f for f in facts if f not in names and not {f"{f}_{k}" for k in OF_AN_ARRAY} & names
        }
        assert unused == set(), place


def test_each_rule_is_used():
    assert {rule.value for _, (rule,), _ in CALLS} == RULES
    assert len(CALLS) > 70


def test_each_text_has_three_parts_and_an_exception():
    for rule in RULES:
        assert set(TEXTS[rule]) == {"raises", "torch", "why", "fix"}, rule
        assert issubclass(getattr(builtins, TEXTS[rule]["raises"]), Exception), rule


def test_an_array_shows_its_shape_and_its_dtype():
    x, w = np.ones((1, 2, 3, 4), "float32"), np.ones((1, 1), "float64")
    assert str(refuse("weight dtype", input=x, weight=w)).split("\n")[:2] == [
        "expected scalar type Float but found Double",
        "  input.dtype = float32, but weight.dtype = float64; they must be the same.",
    ]
    assert str(refuse("empty", x=x)).split("\n")[0].endswith("input shape: [1, 2, 3, 4]")
