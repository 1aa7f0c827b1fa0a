"""What all widgets share: settings that are legal or unchanged, stated once, and a text form."""

from contextlib import contextmanager
from importlib import import_module
from inspect import Parameter, Signature, signature
from typing import ClassVar

import anywidget
from traitlets import Any, Dict, TraitError, Unicode, validate

from ._bundle import bundle, stylesheet
from ._words import chosen_language, words_of


def engine(module):
    """Return a module of the engine that the notebook runs on at the time of the call.

    Parameters
    ----------
    module : str
        'layers', 'functional' or 'grad'.
    """
    return import_module(f"convlib.{module}")


def layer_of_ones(kernel_size, **settings):
    """Return a `convlib.layers.Conv2d` of one channel that adds up what its window covers.

    Parameters
    ----------
    kernel_size : int or pair of int
    **settings
        Further arguments of the layer.
    """
    layer = engine("layers").Conv2d(1, 1, kernel_size, **settings)
    layer.weight[:], layer.bias[:] = 1, 0
    return layer


class Setting(Any):
    """A trait that is an argument of its widget: synced, and what the widget's `check` allows.

    Parameters
    ----------
    default : object
    positional : bool
        Whether the argument may be given without its name.

    Examples
    --------
    A widget that writes ``size = Setting(5)`` has the argument ``size=5``.
    """

    allow_none = False  # None is not let through: check() decides

    def __init__(self, default, *, positional=False):
        super().__init__(default)
        self.tag(sync=True)
        self.positional = positional

    def parameter(self, name):
        """Return the argument of this name, as `inspect.signature` shows it."""
        kind = Parameter.POSITIONAL_OR_KEYWORD if self.positional else Parameter.KEYWORD_ONLY
        return Parameter(name, kind, default=self.default_value)


class Constants(Dict):
    """A synced trait that never changes: the limits, words and defaults that the page needs.

    Python states them, and the widget's module reads them with ``model.get(...)``.
    """

    def __init__(self, **values):
        super().__init__(values, read_only=True)
        self.tag(sync=True)


class Widget(anywidget.AnyWidget):
    """Base class of the course's widgets.

    A subclass has one `Setting` for each argument, and a method ``check(settings)`` that returns
    the settings in their normal form or raises. No assignment, alone or several at once, leaves
    the widget with settings that `check` refuses.

    Attributes
    ----------
    always_shown : tuple of str
        Arguments that the text form shows even if they have their default value.
    moved : dict
        Arguments that the widget once had, and the name of the widget that has each now: the error
        names it, and the links that readers kept open there.
    """

    always_shown = ()
    moved: ClassVar = {}
    _language = Unicode().tag(sync=True)  # that Python asks for; "" follows the front end

    def __init_subclass__(cls, **kwargs):
        if "_esm" not in vars(cls):  # add_traits makes a subclass of its own for each widget
            stem = cls.__module__.rpartition(".")[2]
            cls._esm = bundle(stem)
            cls._css = stylesheet(stem)
        settings = {name: trait for name, trait in vars(cls).items() if isinstance(trait, Setting)}
        if settings:
            cls.__signature__ = Signature([each.parameter(name) for name, each in settings.items()])
            cls._checked = validate(*settings)(cls.checked)
        super().__init_subclass__(**kwargs)

    def __init__(self, *args, **kwargs):
        for name in self.moved.keys() & kwargs.keys():
            heir = self.moved[name]
            raise TypeError(f"{type(self).__name__}() has no {name!r} any more: {heir}() has it")
        try:
            given = signature(type(self)).bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{type(self).__name__}() {error}") from None
        given.apply_defaults()
        # Checked before the widget exists, so that a refused one leaves nothing behind.
        super().__init__(**self.check(given.arguments), _language=chosen_language())
        self.observe(self._settle, names=list(given.arguments))
        self.on_msg(self._send_words)

    def check(self, settings):
        """Return `settings` (a dict of all arguments) in their normal form.

        Raises
        ------
        Exception
            What PyTorch raises for these settings.
        """
        raise NotImplementedError

    def settings(self):
        """Return the present value of every argument as a dict."""
        return {name: getattr(self, name) for name in signature(type(self)).parameters}

    def checked(self, proposal):
        """Check one assignment, and return the value in its normal form."""
        name = proposal["trait"].name
        return self.check({**self.settings(), name: proposal["value"]})[name]

    def _settle(self, _change):
        # A smaller layer may have lost the picked cell: check() moves it to the nearest one.
        self._assign(self.check(self.settings()))

    @contextmanager
    def hold_trait_notifications(self):
        """Take several assignments as one: all of them, or none if the result is refused."""
        before, refusal = self.settings(), None
        try:
            with super().hold_trait_notifications():
                try:
                    yield
                    self._assign(self.check(self.settings()))
                except Exception as error:
                    refusal = error
                    # traitlets undoes what it takes for a change, if it sees a TraitError; but for
                    # 1.0 in place of 1, say, it sees no change.
                    self._assign(before)
                    raise TraitError(str(error)) from error
        except TraitError:
            if refusal is None:
                raise
            raise refusal from None

    def _send_words(self, _widget, message, _buffers):
        """Answer a view that asks for the words of its language."""
        self.send({"words": words_of(message["language"])})

    def _assign(self, settings):
        for name, value in settings.items():
            setattr(self, name, value)

    def __repr__(self):
        """Show the arguments that differ from their defaults, in the order of the signature."""
        parameters = signature(type(self)).parameters
        written = {name: self.written(name, value) for name, value in self.settings().items()}
        shown = [
            f"{name}={value!r}"
            for name, value in written.items()
            if name in self.always_shown or value != parameters[name].default
        ]
        return f"{type(self).__name__}({', '.join(shown)})"

    def written(self, name, value):
        """Return a setting as one would write it in the call."""
        return value
