"""torch.nn.Conv2d in a few hundred lines of NumPy.

Read `shapes` first, then `functional`, `grad` and `layers`: each imports only the ones before it.
"""

from . import grad, shapes
from .functional import conv2d, conv2d_loops, conv_transpose2d, pad
from .layers import Conv2d

__all__ = ["Conv2d", "conv2d", "conv2d_loops", "conv_transpose2d", "grad", "pad", "shapes"]
