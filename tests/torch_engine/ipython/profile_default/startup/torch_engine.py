"""Put the PyTorch twins in the place of convlib's modules, before a notebook imports them."""

import importlib
import sys
import warnings
from pathlib import Path

import convlib

# Once per process, and with the path of a source file in it: no cell could store that.
warnings.filterwarnings("ignore", "Using padding='same' with even kernel")

tests = Path(__file__).parents[4]  # startup, profile_default, ipython, torch_engine
sys.path.insert(0, str(tests))
for name in ("shapes", "functional", "grad", "layers"):
    twin = importlib.import_module(f"torch_engine.{name}")
    setattr(convlib, name, twin)
    sys.modules[f"convlib.{name}"] = twin
    for public in convlib.__all__:
        if hasattr(twin, public):
            setattr(convlib, public, getattr(twin, public))
sys.path.remove(str(tests))
del importlib, sys, warnings, Path, convlib, tests, name, twin, public
