"""Random convolutions, from any source of random integers."""

from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import strategies as st


class Configuration(NamedTuple):
    """The shapes and settings of one call of conv2d."""

    input: tuple
    weight: tuple
    stride: tuple
    padding: tuple
    dilation: tuple
    groups: int

    @property
    def settings(self):
        return self[2:]

    def arrays(self, seed=0, dtype="float64", low=-9, high=9):
        """Fill input, weight and bias with whole numbers, so that every sum is exact."""
        rng = np.random.default_rng(seed)
        shapes = self.input, self.weight, self.weight[:1]
        return [rng.integers(low, high + 1, shape).astype(dtype) for shape in shapes]


def configuration(integer):
    """Build one with ``integer(low, high)``; input sizes start where the kernel just fits."""
    pair = lambda low, high: (integer(low, high), integer(low, high))  # noqa: E731
    groups = integer(1, 3) if integer(0, 1) else 1
    kernel, stride, padding, dilation = pair(1, 4), pair(1, 4), pair(0, 4), pair(1, 3)
    axes = zip(kernel, padding, dilation, strict=True)
    least = [max(1, d * (k - 1) + 1 - 2 * p) for k, p, d in axes]
    size = tuple(integer(n, n + 6) for n in least)
    C_in, C_out = integer(1, 3), integer(1, 3)
    shape = (integer(1, 3), groups * C_in, *size)
    return Configuration(shape, (groups * C_out, C_in, *kernel), stride, padding, dilation, groups)


def seeded(seed):
    rng = np.random.default_rng(seed)
    return configuration(lambda low, high: int(rng.integers(low, high + 1)))


@st.composite
def configurations(draw):
    return configuration(lambda low, high: draw(st.integers(low, high)))


@contextmanager
def blocks_of(columns, package):
    """Let a convlib make blocks of so few columns: small layers would all fit into one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package._columns, "BLOCK_BYTES", 1)
        patch.setattr(package._columns, "BLOCK_COLUMNS", columns)
        yield
