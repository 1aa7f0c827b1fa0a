"""Every refusal of convlib: the texts in ``errors.toml``, and `refuse`, which fills them in.

`arguments` reads what a caller wrote; `calls` checks one call of an operation. Both only ask and
refuse: nothing is computed here.
"""

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
    shown = {}
    for name, value in facts.items():
        shown[name] = list(value) if isinstance(value, tuple) else value
        if hasattr(value, "dtype") and hasattr(value, "shape"):
            shown[name] = list(value.shape)
            shown |= _dtype_names(name, value.dtype.name) | {f"{name}_ndim": value.ndim}
    text = TEXTS[rule]
    lines = "\n".join((text["torch"].strip(), text["why"], text["fix"])).format(**shown)
    return getattr(builtins, text["raises"])(lines.replace("\n", "\n  "))


def _dtype_names(name, dtype):
    """Give NumPy's name of an array's dtype, and PyTorch's three."""
    by_torch = TEXTS["dtypes"].get(dtype, {"torch": dtype, "cpp": dtype, "tensor": dtype})
    return {f"{name}_{kind}": text for kind, text in {"dtype": dtype, **by_torch}.items()}
