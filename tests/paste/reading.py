"""What the tests of the reader share: reading in V8, and a module of the page as one of torch."""

from functools import cache

from torch import nn

from tests.widgets.javascript import Javascript

NO_SETTINGS = {"kind", "name", "line", "text", "from", "refusal", "inserted", "functional"}

REAL = {"alpha", "p", "eps"}  # JavaScript has one kind of number: 1.0 comes back as 1


@cache
def engine():
    """Return the reader in V8: one for all tests, since it keeps nothing."""
    return Javascript("math/paste/read")


def read(text, values=None, shape=None):
    return engine().evaluate("read(...given)", text, values or {}, shape)


def read_all(texts):
    """Read many texts at once: of each its reading, and the parameters of its modules."""
    return engine().evaluate(
        "given[0].map((text) => { const reading = read(text); const parameters ="
        " reading.modules.map($math_modules.parameterCount); return { ...reading, parameters }; })",
        texts,
    )


def follow(modules, shape):
    """Return the rows of a network: what math/network.js makes of the modules."""
    return engine().evaluate("$math_network.trace(...given)", modules, shape)


def count(modules):
    """Return each module's weight shape and parameters."""
    return engine().evaluate(
        "given[0].map((module) => [$math_modules.weightShape(module),"
        " $math_modules.parameterCount(module)])",
        modules,
    )


def settings_of(module):
    """Return the arguments of a module for torch.nn: lists are tuples there."""
    settings = {name: value for name, value in module.items() if name not in NO_SETTINGS}
    return {
        name: float(value) if name in REAL else _tuples(value) for name, value in settings.items()
    }


def torch_layer(module):
    """Make the layer of torch.nn that a module of the page stands for."""
    return getattr(nn, module["kind"])(**settings_of(module))


def _tuples(value):
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
