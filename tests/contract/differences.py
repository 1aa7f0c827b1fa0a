"""The deliberate differences between convlib and PyTorch 2.13: all of them.

Everything else agrees: value, shape, dtype, acceptance, exception, and the first line of its text.
"""

from typing import NamedTuple


class Difference(NamedTuple):
    """What convlib answers where PyTorch errs or answers at random."""

    call: str
    torch: str  # "" if PyTorch's answer cannot be reproduced everywhere
    convlib: str
    why: str


# A row of behaviour.txt.
DIFFERENCES = {
    83: Difference(
        "conv2d(X, K, ramp(1, dtype='float64'), padding='same')",
        "accepts: (1, 1, 7, 7) float32",
        "RuntimeError: Input type (float) and bias type (double) should be the same",
        "PyTorch checks the bias dtype under padding='same' only for some batch sizes.",
    ),
}

# Calls beyond the table.
BEYOND = [
    Difference(
        "conv2d(ramp(3, 2, 2, 1, dtype='float16'), ramp(3, 2, 4, 1, dtype='float16'), "
        "ramp(3, dtype='float16'), stride=(1, 4), padding=(1, 3), dilation=(1, 2))",
        "",
        "accepts: (3, 3, 1, 2) float16",
        "PyTorch crashes on some processors.",
    ),
    Difference(
        "conv2d(ones(2, 1, 3, 3), image([[inf, 1, 1], [1, 1, 1], [1, 1, 1]]), padding=1)",
        "",
        "accepts: (2, 1, 3, 3) float32 = [nan, nan, nan, nan, inf, inf, nan, inf, inf, "
        "nan, nan, nan, nan, inf, inf, nan, inf, inf]",
        "An infinite weight meets zero padding: 0 * inf is NaN by definition, PyTorch may skip it.",
    ),
    Difference(
        "conv2d(X, K, dilation=2**62)",
        "accepts: (1, 1, 7, 7) float32",
        "RuntimeError: Calculated padded input size per channel: (7 x 7). Kernel size: "
        "(9223372036854775809 x 9223372036854775809). Kernel size can't be greater than actual "
        "input size",
        "PyTorch's 64-bit size overflows.",
    ),
    Difference(
        "Conv2d(1, 1, 0, padding='same', dilation=(2**63, 1), padding_mode='reflect') ; X",
        "RuntimeError at call: IntArrayRef contains an int that cannot be represented as a SymInt: "
        "-9223372036854775801",
        "RuntimeError at call: Negative padding value is resulting in an empty dimension",
        "PyTorch's text speaks of its own type of integers.",
    ),
    Difference(
        "conv2d(X, K, stride=np.array(2))",
        "RuntimeError: ...",
        "TypeError: conv2d() received an invalid combination of arguments ...",
        "PyTorch fails an internal assertion.",
    ),
    Difference(
        "conv2d(ramp(0, 1, 5, 5), ramp(1, 1, 0, 0))",
        "IndexError: select(): index 0 out of range for tensor of size [0] at dimension 0",
        "RuntimeError: kernel size should be greater than zero, but got kernel_height: 0 "
        "kernel_width: 0",
        "PyTorch's text names an inner operation.",
    ),
    Difference(
        "conv2d(ramp(1, 0, 5, 5), ramp(1, 0, 3, 3, dtype='float64'))",
        "accepts: (1, 0, 3, 3) float64",
        "accepts: (1, 0, 3, 3) float32",
        "An empty result always has the dtype of the input.",
    ),
    Difference(
        "conv2d(full(1e8 + 1e-8j, 1, 1, 1, 1, dtype='complex128'), "
        "ones(1, 1, 1, 1).astype('complex128'))",
        "accepts: (1, 1, 1, 1) complex128",
        "accepts: (1, 1, 1, 1) complex128 = [(100000000+1e-08j)]",
        "PyTorch computes one complex convolution as three real ones and loses the small part.",
    ),
]
