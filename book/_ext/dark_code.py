"""Choose the colours of code in the dark, which the theme lets nobody set in ``_config.yml``."""

STYLE = "a11y-high-contrast-dark"


def choose(app):
    """Set the style, before the theme reads it."""
    app.config.pygments_dark_style = STYLE


def setup(app):
    """Connect to Sphinx."""
    app.connect("builder-inited", choose, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
