"""The pages to look up: each formula, each change of axes, each table holds on PyTorch."""

import inspect
import re
from itertools import product
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch.nn import functional

import convlib

BOOK = Path(__file__).parents[1] / "book"
SHEET = (BOOK / "cheatsheet.md").read_text(encoding="utf-8")
CONVENTIONS = (BOOK / "conventions.md").read_text(encoding="utf-8")
IN_PYTHON = {
    r"\left\lfloor": "(", r"\right\rfloor": ")", "/": "//", r"\bmod": "%", r"\max": "max",
    "2p": "2 * p", "d(k-1)": "d * (k - 1)", ")s": ") * s",
}  # fmt: skip


def formula(term):
    """Return a formula of the cheat sheet as a function of its letters."""
    line = re.search(rf"^{term}\n: (.*)$", SHEET, re.MULTILINE)[1]
    for there, here in IN_PYTHON.items():
        line = line.replace(there, here)
    text, *others = re.findall(r"\$(.*?)\$", line)
    for letter, meaning in (other.split(" = ") for other in others if " = " in other):
        text = re.sub(rf"\b{letter}\b", f"({meaning})", text)
    code = compile(text, "<cheat sheet>", "eval")
    return lambda **letters: eval(code, {"max": max}, letters)


def settings():
    """Yield every small H, k, s, p, d whose window fits and is wider than the padding."""
    ranges = range(1, 11), range(1, 5), range(1, 4), range(3), range(1, 4)
    for H, k, s, p, d in product(*ranges):
        if p <= d * (k - 1) < H + 2 * p:
            yield {"H": H, "k": k, "s": s, "p": p, "d": d}


def run(H, k, s, p, d):
    """Let one row of ones pass under a kernel of ones; give the row and the result."""
    row = torch.ones(1, 1, 1, H, requires_grad=True)
    kernel = torch.ones(1, 1, 1, k)
    return row, functional.conv2d(row, kernel, None, (1, s), (0, p), (1, d))


def test_the_sheet_predicts_every_size():
    size = formula("size out")
    for each in settings():
        assert size(**each) == run(**each)[1].shape[-1], each


@pytest.mark.parametrize(("k", "d"), [*product(range(1, 5), range(1, 4))])
def test_the_sheet_knows_the_span(k, d):
    span = formula("span of the kernel")(k=k, d=d)
    assert run(H=span, k=k, s=1, p=0, d=d)[1].shape[-1] == 1
    with pytest.raises(RuntimeError):
        run(H=span - 1, k=k, s=1, p=0, d=d)


def test_the_sheet_predicts_every_transposed_size():
    size = formula("size out, transposed")
    for (H, k, s, p, d), o in product((each.values() for each in settings()), range(3)):
        letters = {"H": H, "k": k, "s": s, "p": p, "d": d, "o": o}
        if o < max(s, d) and size(**letters) > 0:
            row, kernel = torch.ones(1, 1, 1, H), torch.ones(1, 1, 1, k)
            steps = {"stride": (1, s), "padding": (0, p), "dilation": (1, d)}
            result = functional.conv_transpose2d(row, kernel, output_padding=(0, o), **steps)
            assert size(**letters) == result.shape[-1], letters


def test_the_sheet_knows_what_is_never_read():
    """A window reaches from its first tap to its last, so the gaps of dilation are filled."""
    left, span = formula("never read at the end"), formula("span of the kernel")
    for each in settings():
        row, result = run(each["H"], span(**each), each["s"], each["p"], 1)
        result.sum().backward()
        last = int(row.grad.ravel().nonzero()[-1])
        assert left(**each) == each["H"] - 1 - last, each


@pytest.mark.parametrize(
    ("H", "k", "s", "p", "lost"),
    [(224, 7, 2, 3, 0), (10, 3, 2, 1, 0), (10, 3, 2, 0, 1), (256, 16, 16, 2, 2)],
)
def test_the_padding_is_not_counted_as_lost(H, k, s, p, lost):
    assert formula("never read at the end")(H=H, k=k, s=s, p=p, d=1) == lost


# --- a weight from TensorFlow ---------------------------------------------------------------------


def recipe(layer):
    """Return what the page does to a weight of this layer, as a function of the weight."""
    text = re.search(rf"^- `{layer}`.*?:\s+`(.*?)`", CONVENTIONS, re.MULTILINE | re.DOTALL)[1]
    return lambda w: eval(
        text, {}, {"w": w, **dict(zip(("k_h", "k_w", "C", "M"), w.shape, strict=True))}
    )


def small_numbers(*shape):
    return np.random.default_rng(1).integers(-4, 5, shape).astype(float)


def in_torch(function, x, w, **how):
    """Compute with PyTorch on an image of (N, H, W, C)."""
    x, w = torch.from_numpy(x).permute(0, 3, 1, 2), torch.from_numpy(w.copy())
    return function(x, w, **how).permute(0, 2, 3, 1).numpy()


X = small_numbers(2, 6, 7, 4)  # (N, H, W, C)


def test_a_weight_of_conv2d_is_carried_over():
    # https://www.tensorflow.org/api_docs/python/tf/nn/conv2d
    w = small_numbers(2, 3, 4, 5)
    theirs = np.einsum("nijcuv,uvco->nijo", sliding_window_view(X, (2, 3), axis=(1, 2)), w)
    assert np.array_equal(in_torch(functional.conv2d, X, recipe("Conv2D")(w)), theirs)


@pytest.mark.parametrize("multiplier", [1, 2, 3])
def test_a_depthwise_weight_is_carried_over(multiplier):
    # https://www.tensorflow.org/api_docs/python/tf/nn/depthwise_conv2d
    w = small_numbers(2, 3, 4, multiplier)
    theirs = np.einsum("nijcuv,uvcm->nijcm", sliding_window_view(X, (2, 3), axis=(1, 2)), w)
    ours = in_torch(functional.conv2d, X, recipe("DepthwiseConv2D")(w), groups=4)
    assert np.array_equal(ours, theirs.reshape(2, 5, 5, 4 * multiplier))


def test_a_transposed_weight_is_carried_over():
    # https://www.tensorflow.org/api_docs/python/tf/nn/conv2d_transpose
    w = small_numbers(2, 3, 5, 4)
    theirs = np.zeros((2, 12, 15, 5))
    for i, j, u, v in np.ndindex(6, 7, 2, 3):
        theirs[:, 2 * i + u, 2 * j + v] += X[:, i, j] @ w[u, v].T
    recipes = recipe("Conv2DTranspose")(w)
    assert np.array_equal(in_torch(functional.conv_transpose2d, X, recipes, stride=2), theirs)


# --- the call, and its table ----------------------------------------------------------------------

ORDER = list(inspect.signature(torch.nn.Conv2d).parameters)[:9]
[TABLE] = [
    dict(re.findall(r"^\| `(\w+).*?` \| (.*) \|$", cell.source, re.MULTILINE))
    for cell in nbformat.read(BOOK / "parameters.ipynb", as_version=4).cells
    if cell.id == "table"
]


def test_the_call_is_shown_in_its_order():
    call = re.search(r"Conv2d\((.*?)\)\n", SHEET, re.DOTALL)[1]
    assert re.findall(r"^ +(\w+)", call, re.MULTILINE) == ORDER
    assert list(TABLE) == ORDER


LEAST = {
    name: int(re.search(r"(\d) or more", row)[1]) for name, row in TABLE.items() if "or more" in row
}


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
@pytest.mark.parametrize("name", LEAST)
def test_the_least_legal_value_is_the_one_in_the_table(name):
    least = {"kernel_size": 1, name: LEAST[name]}
    below = {"kernel_size": 1, name: LEAST[name] - 1}
    assert torch.nn.Conv2d(1, 1, **least)(torch.ones(1, 1, 5, 5)).ndim == 4
    assert convlib.Conv2d(1, 1, **least)(np.ones((1, 1, 5, 5), "float32")).ndim == 4
    with pytest.raises(RuntimeError):
        torch.nn.Conv2d(1, 1, **below)(torch.ones(1, 1, 5, 5))
    with pytest.raises(RuntimeError):
        convlib.Conv2d(1, 1, **below)(np.ones((1, 1, 5, 5), "float32"))
