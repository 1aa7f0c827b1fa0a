"""What the tests of the decoder share: decoding in V8, with the texts that a widget sends."""

from functools import cache

from convlib.refusals.texts import message_texts
from tests.widgets.javascript import Javascript


@cache
def engine():
    """Return the decoder in V8, which keeps the texts."""
    engine = Javascript("math/paste/errors")
    engine.evaluate("void (globalThis.TEXTS = given[0])", message_texts())
    return engine


def decode_all(messages, shapes=None):
    """Decode many messages at once; None for a text that is no error."""
    return engine().evaluate(
        "given[0].map((text) => decode(text, TEXTS, given[1]))", messages, shapes or {}
    )


def decode(message, shapes=None):
    return decode_all([message], shapes)[0]
