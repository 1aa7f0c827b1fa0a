"""Predict, then check: endless questions on the arithmetic of a convolution."""

from ._settings import whole, word
from ._widget import Constants, Setting, Widget
from ._words import english

# The order of the course; "mixed" goes through all the others in turn.
TOPICS = (
    english("output_size"),
    english("padding"),
    english("dilation"),
    english("channels"),
    english("weight_shape"),
    english("parameters"),
    english("groups"),
    english("receptive_field"),
    english("pixel_usage"),
    english("transposed"),
    english("network"),
    english("compose"),
    english("layer_state"),
    english("number_types"),
    english("foreign_weights"),
    english("mixed"),
)

LARGEST_SEED = 999_999
LAST_QUESTION = 9_999


class Practice(Widget):
    """Questions on one topic, each checked and worked out.

    The same topic and seed give the same questions to everybody, in a notebook and in the
    published book: hand out a set by its seed. A new topic or seed starts again at question 1.

    Parameters
    ----------
    topic : str
        'output_size', 'padding', 'dilation', 'channels', 'weight_shape', 'parameters', 'groups',
        'receptive_field', 'pixel_usage', 'transposed', 'network', 'compose', 'layer_state',
        'number_types', 'foreign_weights', or 'mixed' for all of them in turn.
    seed : int
        Which set of questions, 0 to 999,999.
    question : int
        Which question is shown; the first is 1.
    answers : sequence
        What was answered: for each question so far a tuple of ints, or None if it was skipped.

    Raises
    ------
    TypeError, ValueError
        If an argument is of another type, or out of range.

    Examples
    --------
    >>> practice = Practice("padding", seed=7)
    >>> practice
    Practice(topic='padding', seed=7)
    >>> print(practice.code)
    Practice('padding', seed=7)
    """

    always_shown = ("topic",)

    topic = Setting("output_size", positional=True)
    seed = Setting(1, positional=True)
    question = Setting(1)
    answers = Setting(())
    constants = Constants(topics=TOPICS, largest_seed=LARGEST_SEED, last_question=LAST_QUESTION)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.observe(self._restart, names=["topic", "seed"])

    def check(self, settings):
        """Return `settings` in their normal form, or raise."""
        return {
            "topic": word("topic", settings["topic"], TOPICS),
            "seed": whole("seed", settings["seed"], (0, LARGEST_SEED)),
            "question": whole("question", settings["question"], (1, LAST_QUESTION)),
            "answers": _answers(settings["answers"]),
        }

    def _restart(self, _change):
        self.question, self.answers = 1, ()

    @property
    def code(self):
        """The call that gives the same questions."""
        return f"Practice({self.topic!r}, seed={self.seed})"


def _answers(value):
    """Return a tuple of answers, each None or a tuple of ints."""
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"answers={value!r}, but it is a sequence with an answer for each question")
    return tuple(None if answer is None else _answer(answer) for answer in value)


def _answer(value):
    if not isinstance(value, (tuple, list)) or not value:
        raise TypeError(f"answers holds {value!r}, but an answer is a tuple of ints, or None")
    return tuple(whole("answer", number, (0, 10**9 - 1)) for number in value)
