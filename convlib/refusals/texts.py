"""Hand all texts to a reader of error messages: one that knows a message and seeks its reason.

`errors.toml` has convlib's refusals, `neighbours.toml` what PyTorch says around a convolution,
`readings.toml` what both directions need beyond that, and `causes.toml` the causes of mistakes.
"""

import tomllib
from functools import cache
from importlib.resources import files

HERE = files(__package__)


def _load(folder, name):
    return tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))


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
    home = HERE if HERE.joinpath("errors.toml").is_file() else files("convlib")
    rules = _load(home, "errors.toml")
    dtypes = rules.pop("dtypes")
    for key, reading in _load(HERE, "readings.toml").items():
        rules[key] |= reading
    rules |= _load(HERE, "neighbours.toml")
    return {"rules": rules, "causes": _load(HERE, "causes.toml"), "dtypes": dtypes}
