"""What all widgets share: synced settings that are legal or unchanged, and a stable text form."""

from contextlib import contextmanager
from inspect import signature

import anywidget
from traitlets import TraitError

from ._bundle import bundle, stylesheet


class Widget(anywidget.AnyWidget):
    """Base class of the course's widgets.

    A subclass has one synced trait for each argument of its ``__init__``, and a method
    ``check(settings)`` that returns the settings in their normal form or raises. No assignment,
    alone or several at once, leaves the widget with settings that `check` refuses.

    Attributes
    ----------
    always_shown : tuple of str
        Arguments that the text form shows even if they have their default value.
    """

    always_shown = ()

    def __init_subclass__(cls, **kwargs):
        if "_esm" not in vars(cls):  # add_traits makes a subclass of its own for each widget
            stem = cls.__module__.rpartition(".")[2]
            cls._esm = bundle(stem)
            cls._css = stylesheet(stem)
        super().__init_subclass__(**kwargs)
        for name in signature(cls).parameters:
            getattr(cls, name).allow_none = False  # None is not let through: check() decides

    def __init__(self, **settings):
        # Checked before the widget exists, so that a refused one leaves nothing behind.
        super().__init__(**self.check(settings))
        self.observe(self._settle, names=list(settings))

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
        """Check one assignment: what a subclass's trait validator returns."""
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
