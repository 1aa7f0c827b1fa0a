"""Hand all texts to a reader of error messages: one that knows a message and seeks its reason.

`errors.toml` has convlib's refusals, `neighbours.toml` what PyTorch says around a convolution,
`readings.toml` what both directions need beyond that, and `causes.toml` the causes of mistakes.
"""

import tomllib
from functools import cache
from importlib.resources import files

from . import TEXTS

HERE = files(__package__)


def _load(name):
    return tomllib.loads(HERE.joinpath(name).read_text(encoding="utf-8"))


@cache
def message_texts():
    """Collect the texts that decode an error message.

    Returns
    -------
    dict
        ``rules``: for each key PyTorch's sentence and its explanation; ``causes``: for each
        cause its label, sentence and mend; ``dtypes``: PyTorch's names of the number types.
        Nothing but text, lists and dicts, so that it can be sent as JSON.
    """
    readings = _load("readings.toml")
    rules = {key: TEXTS[key] | reading for key, reading in readings.items()}
    rules |= _load("neighbours.toml")
    return {"rules": rules, "causes": _load("causes.toml"), "dtypes": TEXTS["dtypes"]}
