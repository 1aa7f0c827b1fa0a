"""Keep the build's lines readable: what it does to each page, without the chatter of its tools."""

import logging

from jupyter_client import KernelManager


def setup(app):
    """Silence what says nothing about the book; warnings stay."""
    for name in ("traitlets", "fontTools"):
        logging.getLogger(name).setLevel(logging.WARNING)
    KernelManager.transport_encryption.default_value = (
        "auto"  # else each kernel warns that it is not
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
