"""Other ways to convolve with NumPy and SciPy, as they are usually written."""

import tracemalloc

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate


def windows(x, w, s, p, d):
    """View all windows of the padded batch: (N, C, H_out, W_out, k_h, k_w)."""
    k = w.shape[-1]
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    view = sliding_window_view(x, (d * (k - 1) + 1,) * 2, (2, 3))
    return view[:, :, ::s, ::s, ::d, ::d]


def by_groups(way):
    """Run a way that knows no groups on each group."""

    def grouped(x, w, b, s, p, d, g):
        parts = zip(np.split(x, g, 1), np.split(w, g), strict=True)
        y = np.concatenate([way(part, filters, s, p, d) for part, filters in parts], 1)
        return y + b[:, None, None]

    return grouped


@by_groups
def einsum(x, w, s, p, d):
    return np.einsum("nchwij,ocij->nohw", windows(x, w, s, p, d), w, optimize=True)


@by_groups
def tensordot(x, w, s, p, d):
    return np.moveaxis(np.tensordot(windows(x, w, s, p, d), w, ((1, 4, 5), (1, 2, 3))), 3, 1)


def im2col(x, w, b, s, p, d, g):
    """Copy all windows of the whole batch at once."""
    view = windows(x, w, s, p, d).transpose(0, 1, 4, 5, 2, 3)
    N = len(x)
    columns = view.reshape(N, g, w[0].size, -1)
    y = w.reshape(g, len(w) // g, -1) @ columns
    return y.reshape(N, len(w), *view.shape[4:]) + b[:, None, None]


def scipy_signal(x, w, b, s, p, d, g):
    """Correlate every pair of channels; SciPy knows no stride, dilation or groups."""
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    k = w.shape[-1]
    wide = np.zeros((*w.shape[:2], *(d * (k - 1) + 1,) * 2), w.dtype)
    wide[:, :, ::d, ::d] = w
    each = len(w) // g
    maps = [
        [
            correlate(image[o // each * w.shape[1] :][: w.shape[1]], f, "valid")[0]
            for o, f in enumerate(wide)
        ]
        for image in x
    ]
    return np.array(maps)[:, :, ::s, ::s] + b[:, None, None]


WAYS = {"einsum": einsum, "tensordot": tensordot, "im2col": im2col}


def one_product(x, w, s, p, d, g):
    """Return a call of one matrix product of the layer's shape: the limit of this approach."""
    N, _, H, _ = x.shape
    k = w.shape[-1]
    places = ((H + 2 * p - d * (k - 1) - 1) // s + 1) ** 2
    filters = w.reshape(g, len(w) // g, -1)
    columns = np.ones((N, g, filters.shape[2], places), x.dtype)
    return lambda: filters @ columns


def extra_memory(conv2d, C, C_out, H, k, s, p, d, g):
    """Measure the peak of a call's memory beyond its output; return it and one padded image."""
    x, w = np.ones((1, C, H, H), np.float32), np.ones((C_out, C // g, k, k), np.float32)
    conv2d(x, w, None, s, p, d, g)
    tracemalloc.start()
    output = conv2d(x, w, None, s, p, d, g)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - output.nbytes, 4 * C * (H + 2 * p) ** 2 if p else 0
