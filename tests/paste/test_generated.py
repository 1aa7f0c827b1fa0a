"""Random layers and networks, written in many forms and read again: equal to torch's own."""

import random

import pytest

from tests.paste import writing
from tests.paste.reading import read_all, torch_layer

SEED = 20261


def check_layers(readings, wanted, texts):
    """Compare the layers that were read with those of torch: names, settings, numbers learnt."""
    total = 0
    for reading, layers, text in zip(readings, wanted, texts, strict=True):
        assert not reading["problems"], (text, reading["problems"])
        rows = zip(reading["modules"], reading["parameters"], strict=True)
        kept = [(module, number) for module, number in rows if "inserted" not in module]
        modules = [module for module, _ in kept]
        assert not any("refusal" in module for module in modules), (text, modules)
        got = [(module.get("name", ""), repr(torch_layer(module))) for module in modules]
        assert got == [(name, repr(layer)) for name, layer in layers], text
        for (_, parameters), (_, layer) in zip(kept, layers, strict=True):
            assert parameters == sum(weight.numel() for weight in layer.parameters()), text
        total += len(layers)
    return total


def test_layers_as_they_print_themselves():
    rng = random.Random(SEED)
    layers = [writing.make(writing.random_layer(rng)) for _ in range(1500)]
    texts = [repr(layer) for layer in layers]
    total = check_layers(read_all(texts), [[("", layer)] for layer in layers], texts)
    print(f"pasted: {total} layers by repr")


def test_layers_as_people_write_them():
    rng = random.Random(SEED + 1)
    layers = [writing.random_layer(rng) for _ in range(2500)]
    texts = [writing.write_layer(layer, rng) for layer in layers]
    wanted = [[("", writing.make(layer))] for layer in layers]
    print(f"pasted: {check_layers(read_all(texts), wanted, texts)} layers as source")


def test_networks_as_they_print_themselves():
    rng = random.Random(SEED + 2)
    networks = [writing.random_tree(rng) for _ in range(300)]
    texts = [rng.choice(["", "print(model)\n"]) + str(network) for network in networks]
    wanted = [writing.leaves(network) for network in networks]
    print(f"pasted: {check_layers(read_all(texts), wanted, texts)} layers in 300 prints")


def test_networks_as_people_write_them():
    rng = random.Random(SEED + 3)
    wanted, texts = [], []
    for _ in range(500):
        layers = [writing.random_layer(rng) for _ in range(rng.randint(2, 7))]
        text, names = writing.write_stack(layers, rng)
        texts.append(text)
        wanted.append(list(zip(names, map(writing.make, layers), strict=True)))
    print(f"pasted: {check_layers(read_all(texts), wanted, texts)} layers in 500 sources")


def test_arithmetic_is_that_of_python():
    rng = random.Random(SEED + 4)
    expressions = [_expression(rng, 0) for _ in range(3000)]
    names = {"k": 3, "c": 16, "w": 0.75}
    head = "".join(f"{name} = {value}\n" for name, value in names.items())
    readings = read_all([f"{head}nn.Conv2d(1, 1, {expression})" for expression in expressions])
    compared = 0
    for expression, reading in zip(expressions, readings, strict=True):
        try:
            value = eval(expression, {}, dict(names))
        except (ZeroDivisionError, OverflowError):
            assert reading["problems"], expression
            continue
        if abs(value) > 2**50 or isinstance(value, complex):
            continue
        compared += 1
        [module] = reading["modules"]
        assert module["kernel_size"] == pytest.approx(value, rel=1e-12), expression
        wrong = module.get("refusal", {}).get("message", "")
        assert ("float" in wrong) == isinstance(value, float), (expression, value, wrong)
    print(f"pasted: {compared} sums as Python computes them")


FORMS = ["{} + {}", "{} - {}", "{} * {}", "({}) // ({})", "({}) % ({})"] * 2
FORMS += ["({}) / ({})", "int({}) + {}", "max({}, {})", "min({}, {})", "-({}) + {}"]
FORMS += ["({} if {} > 1 else 2)", "abs({}) * ({})", "int({})**2 - {}", "round({}) - {}"]


def _expression(rng, depth):
    if depth > 3 or rng.random() < 0.25:
        return rng.choice(["k", "c", "w", "1", "2", "7", "0.5", "64", "(3)", "-1"])
    left, right = _expression(rng, depth + 1), _expression(rng, depth + 1)
    form = rng.choice(
        ["{} + {}", "{} - {}", "{} * {}", "({}) // ({})", "({}) % ({})"] * 2
        + [
            "({}) / ({})",
            "int({}) + {}",
            "max({}, {})",
            "min({}, {})",
            "-({}) + {}",
            "({} if {} > 1 else 2)",
            "abs({}) * ({})",
            "int({})**2 - {}",
        ]
    )
    return form.format(left, right)
