"""How the build runs the notebooks: whole lines of output, and a readable log."""

import functools
import logging

from jupyter_cache.executors import utils
from jupyter_client import KernelManager


def setup(app):
    """Set what myst-nb gives no setting for."""
    # What a cell prints may come in pieces; myst-nb would start a line with each.
    utils.executenb = functools.partial(utils.executenb, coalesce_streams=True)
    KernelManager.transport_encryption.default_value = "auto"  # else each kernel warns
    for name in ("traitlets", "fontTools"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
