"""How far two right answers may lie apart."""

import numpy as np
import torch
import torch.nn.functional as F


def tensor(array):
    """Copy an array into a tensor; None stays None."""
    return None if array is None else torch.from_numpy(np.array(array, order="C"))


def margin(x, w, b=None, *settings, operation=F.conv2d, terms=None):
    """Bound the difference of two orders of summing: (K + 2) eps (conv(|x|, |w|) + |b|).

    Integers have no margin. `operation` is the convolution that `settings` belong to, `terms` the
    number K of products in each sum.
    """
    if x.dtype.kind not in "fc":
        return 0
    terms = w[0].size if terms is None else terms
    sizes = (None if a is None else tensor(abs(a).astype(np.float64)) for a in (x, w, b))
    return (terms + 2) * np.finfo(x.dtype).eps * operation(*sizes, *settings).numpy()


def same(got, want, margin=0):
    """Compare shape, dtype and, within the margin, every value; NaN equals NaN."""
    want = want.numpy() if isinstance(want, torch.Tensor) else want
    assert got.shape == want.shape
    assert got.dtype == want.dtype
    with np.errstate(invalid="ignore", over="ignore"):
        near = abs(got.astype(complex) - want.astype(complex)) <= margin + np.zeros(got.shape)
    equal = (got == want) | ((got != got) & (want != want))
    assert np.all(near | equal)
