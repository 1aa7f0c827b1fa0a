"""Run notebooks and store their outputs as text: ``python -m tests.torch_engine.record a.ipynb``.

With the profile beside this file (``IPYTHONDIR``), what is stored is PyTorch's answer.
"""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

TEXT = {"text/plain", "text/html"}


def record(path):
    """Execute one notebook in place; keep text outputs, drop all that the author did not write."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=60,
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    # What JupyterLab writes on opening; without one of these it would mark the file as changed.
    kept = ("kernelspec", "language_info")
    notebook.metadata = {key: notebook.metadata[key] for key in kept}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "data" in output:
                output["data"] = {k: v for k, v in output["data"].items() if k in TEXT}
    nbformat.validate(notebook)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if "IPYTHONDIR" not in os.environ:
        sys.exit("Set IPYTHONDIR to tests/torch_engine/ipython, or call `make record`.")
    for name in sys.argv[1:]:
        record(Path(name))
        print("recorded", name)
