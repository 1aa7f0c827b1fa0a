"""A place to paste: a line of PyTorch, a network, or an error message, and what it means."""

from ..refusals.texts import message_texts
from ._layer import LIMITS, MOST_SPAN
from ._modules import FILLED_IN, KINDS
from ._widget import Constants, Setting, Widget

FAMOUS = "Conv2d(64, 128, 3, stride=2, padding=1, groups=4)"
MOST_LETTERS = 1_000_000


class LayerReader(Widget):
    """One box for what somebody pastes, one field for the shape that goes in, an answer at once.

    Parameters
    ----------
    text : str
        Source code, ``print(model)``, a table of torchsummary or torchinfo, a configuration, an
        error message or a whole traceback.
    input_shape : str
        The shape that goes in, as people write it: ``(8, 64, 56, 56)``, ``3x224x224``, ``224``.
        Empty: the one in the text, or one that fits.
    values : dict
        Values of names that the text uses and does not say: ``{"in_ch": 16}``.

    Raises
    ------
    TypeError
        If `text` or `input_shape` is no string, or `values` no dict of names.
    ValueError
        If `text` has more than 1,000,000 letters.

    Examples
    --------
    >>> LayerReader("Conv2d(3, 8, 3)", input_shape="32")
    LayerReader('Conv2d(3, 8, 3)', input_shape='32')
    """

    always_shown = ("text",)  # what the answer is to

    text = Setting(FAMOUS, positional=True)
    input_shape = Setting("")
    values = Setting({})

    texts = Constants(**message_texts())
    # What LayerExplorer and StackLedger have room for, to link to them.
    constants = Constants(
        small={"limits": LIMITS, "most_span": MOST_SPAN},
        ledger={
            kind: [name for name in settings if name not in FILLED_IN]
            for kind, settings in KINDS.items()
        },
    )

    def check(self, settings):
        """Return `settings`, or raise if they are of another type."""
        for name in ("text", "input_shape"):
            if not isinstance(settings[name], str):
                raise TypeError(f"{name}={settings[name]!r}, but it is a str")
        if len(settings["text"]) > MOST_LETTERS:
            raise ValueError(
                f"text has {len(settings['text'])} letters, but at most {MOST_LETTERS} are read"
            )
        values = settings["values"]
        if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
            raise TypeError(f"values={values!r}, but it is a dict from names to values")
        return dict(settings)

    def __repr__(self):
        """Show the text first, without its name."""
        return super().__repr__().replace("(text=", "(", 1)
