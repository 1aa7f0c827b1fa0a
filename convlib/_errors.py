"""Build convlib's exceptions from the texts in ``errors.toml``."""

import builtins
import tomllib
from importlib.resources import files

TEXTS = tomllib.loads(files(__package__).joinpath("errors.toml").read_text("utf-8"))


def refuse(rule, /, **facts):
    """Build the exception for a broken rule, ready to be raised.

    Parameters
    ----------
    rule : str
        The name of a table in ``errors.toml``.
    **facts
        The values of this call that the text shows. Tuples are shown as PyTorch shows them, as
        lists; arrays by their shape and dtype.

    Returns
    -------
    Exception
        PyTorch's type; its first line is PyTorch's sentence.

    Examples
    --------
    >>> print(refuse("stride", stride=(1, 0)))
    non-positive stride is not supported
      stride = [1, 0], but the window must move by at least 1 pixel.
      Use stride=1 to visit every position.
    """
    for name, value in list(facts.items()):
        if hasattr(value, "dtype") and hasattr(value, "shape"):
            dtype = value.dtype.name
            names = TEXTS["dtypes"].get(dtype, dict.fromkeys(("torch", "cpp", "tensor"), dtype))
            names |= {"dtype": dtype, "ndim": value.ndim}
            facts |= {f"{name}_{key}": text for key, text in names.items()}
        if hasattr(value, "shape") or isinstance(value, tuple):
            facts[name] = list(getattr(value, "shape", value))
    text = TEXTS[rule]
    lines = "\n".join((text["torch"].strip(), text["why"], text["fix"])).format(**facts)
    return getattr(builtins, text["raises"])(lines.replace("\n", "\n  "))
