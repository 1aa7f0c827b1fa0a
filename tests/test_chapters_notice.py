"""A chapter is a test too: break `conv2d` as people do, and at least two chapters must differ.

The cells run here as plain Python, which is quick; their stored outputs are PyTorch's.
"""

import ast
import contextlib
import io

import nbformat
import numpy as np
import pytest

import convlib
import convlib.functional
from tests.test_book import CHAPTERS

REAL = convlib.conv2d
REAL_PAD = convlib.pad


def flipped(input, weight, *args, **kwargs):
    return REAL(input, weight[..., ::-1, ::-1], *args, **kwargs)


def rounded_up(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    # one more window where the last one does not fit: as if zeros stood behind the input
    s = np.broadcast_to(stride, 2)
    if isinstance(padding, str) or (s == 1).all():
        return REAL(input, weight, bias, stride, padding, dilation, groups)
    sides = [(0, 0)] * input.ndim
    for axis in (-2, -1):
        p, d = np.broadcast_to(padding, 2)[axis], np.broadcast_to(dilation, 2)[axis]
        travel = input.shape[axis] + 2 * p - d * (weight.shape[axis] - 1) - 1
        sides[axis] = (p, p + -travel % s[axis])
    return REAL(np.pad(input, sides), weight, bias, stride, 0, dilation, groups)


def padded_once(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    if isinstance(padding, str):
        return REAL(input, weight, bias, stride, padding, dilation, groups)
    p_h, p_w = np.broadcast_to(padding, 2)
    before = [(0, 0)] * (input.ndim - 2) + [(p_h, 0), (p_w, 0)]
    return REAL(np.pad(input, before), weight, bias, stride, 0, dilation, groups)


def spans_d_times_k(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    out = REAL(input, weight, bias, stride, padding, dilation, groups)
    rows, columns = (d - 1 for d in np.broadcast_to(dilation, 2))
    return out[..., : out.shape[-2] - rows, : out.shape[-1] - columns]


def groups_in_the_wrong_order(input, weight, bias=None, *args, **kwargs):
    groups = kwargs.get("groups", args[3] if len(args) > 3 else 1)
    channels = input.shape[-3]
    order = np.arange(channels).reshape(groups, -1)[::-1].ravel()
    return REAL(np.take(input, order, axis=-3), weight, bias, *args, **kwargs)


def mean_over_channels(input, weight, bias=None, *args, **kwargs):
    return REAL(input, (weight / weight.shape[1]).astype(weight.dtype), bias, *args, **kwargs)


def bias_forgotten(input, weight, bias=None, *args, **kwargs):
    return REAL(input, weight, None, *args, **kwargs)


def height_and_width_swapped(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    def swap(value):
        return value[::-1] if isinstance(value, (tuple, list)) else value

    return REAL(input, weight, bias, swap(stride), swap(padding), swap(dilation), groups)


WRONG = [
    flipped,
    rounded_up,
    padded_once,
    spans_d_times_k,
    groups_in_the_wrong_order,
    mean_over_channels,
    bias_forgotten,
    height_and_width_swapped,
]


def reflect_as_replicate(input, pad, mode="constant", value=None):
    return REAL_PAD(input, pad, "replicate" if mode == "reflect" else mode, value)


def agrees(path):
    """Run a chapter's code cells; tell whether each shows its stored output."""
    namespace = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        try:
            shown = run(cell.source, namespace)
        except Exception:
            return False
        if shown != "".join(stored(output) for output in cell.outputs):
            return False
    return True


def run(source, namespace):
    """Return what a cell prints, and the text of its last expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "<cell>", "exec"), namespace)
        value = None
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)
    return printed.getvalue() + ("" if value is None else repr(value))


def stored(output):
    return output.get("text") or output["data"]["text/plain"]


def use(monkeypatch, name, wrong):
    """Put a wrong function wherever convlib holds the right one."""
    right = getattr(convlib, name)
    for module in (convlib, convlib.functional, convlib.layers):
        if getattr(module, name, None) is right:
            monkeypatch.setattr(module, name, wrong)


def test_chapters_agree_with_the_right_one():
    assert [path.stem for path in CHAPTERS if not agrees(path)] == []


@pytest.mark.parametrize("wrong", [*WRONG, reflect_as_replicate], ids=lambda f: f.__name__)
def test_at_least_two_chapters_notice(wrong, monkeypatch):
    use(monkeypatch, "pad" if wrong is reflect_as_replicate else "conv2d", wrong)
    noticed = [path.stem for path in CHAPTERS if not agrees(path)]
    print(f"{wrong.__name__}: {', '.join(noticed)}")
    assert len(noticed) >= 2
