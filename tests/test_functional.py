"""conv2d, conv_transpose2d, pad: against PyTorch, the loops, and what a convolution obeys."""

import os
import random
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import convlib
from tests.configurations import blocks_of, configurations, seeded
from tests.judge import margin, same, tensor

# PyTorch warns once in a process; which test meets it depends on their order.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
FULL = os.environ.get("HYPOTHESIS_PROFILE") == "full"
DTYPES = ["float16", "float32", "float64", "complex64", "complex128", "int64"]
NARROW = ["int32", "int16", "int8", "uint8"]


def by_torch(operation, *arguments, **settings):
    """Call PyTorch with arrays."""
    convert = (tensor(a) if isinstance(a, np.ndarray) else a for a in arguments)
    return operation(*convert, **settings).numpy()


# --- the same numbers ----------------------------------------------------------------------------


@given(configurations(), st.integers(0, 99))
def test_conv2d_and_its_loops_equal_torch(config, seed):
    x, w, b = config.arrays(seed)
    x = x[:1, :, :9, :9] if x[0].size > 300 else x[:1]
    if any(x.shape[i] < config.input[i] for i in (2, 3)):
        config = config._replace(padding=(4, 4), dilation=(1, 1))
    want = by_torch(F.conv2d, x, w, b, *config.settings)
    same(convlib.conv2d(x, w, b, *config.settings), want)
    same(convlib.conv2d_loops(x, w, b, *config.settings), want)


def test_random_configurations_equal_torch():
    """200,000 of them with HYPOTHESIS_PROFILE=full, and both directions."""
    count = 200_000 if FULL else 1500
    for seed in range(count):
        config = seeded(seed)
        x, w, b = config.arrays(seed)
        y = by_torch(F.conv2d, x, w, b, *config.settings)
        same(convlib.conv2d(x, w, b, *config.settings), y)
    print(f"{count} configurations, no difference")


@pytest.mark.parametrize("dtype", DTYPES + NARROW)
def test_dtypes_equal_torch(dtype):
    for seed in range(60):
        config = seeded(seed)
        settings = config.settings
        if dtype in NARROW:
            settings = (*settings[:2], 1, settings[3])
        rng = np.random.default_rng(seed)
        x, w, b = config.arrays(seed, dtype, 0 if dtype == "uint8" else -9, 120)
        if np.dtype(dtype).kind in "fc":
            x, w, b = (rng.standard_normal(a.shape).astype(dtype) for a in (x, w, b))
        want = by_torch(F.conv2d, x, w, b, *settings)
        same(convlib.conv2d(x, w, b, *settings), want, margin(x, w, b, *settings))


def test_large_integers_wrap_like_torch():
    for dtype in ["int64", *NARROW]:
        info = np.iinfo(dtype)
        rng = np.random.default_rng(1)
        x, w, b = (
            rng.integers(info.min, info.max, s, dtype) for s in ((2, 3, 5, 5), (4, 3, 2, 2), 4)
        )
        same(convlib.conv2d(x, w, b), by_torch(F.conv2d, x, w, b))
        same(
            convlib.conv2d_loops(x[:1, :, :3, :3], w, b), by_torch(F.conv2d, x[:1, :, :3, :3], w, b)
        )


def test_large_layers_in_float32_stay_within_the_margin():
    rng = np.random.default_rng(0)
    for C, C_out, H, k, *settings in [
        (64, 32, 40, 3, 1, 1, 1, 1),
        (16, 24, 60, 5, 2, 2, 1, 4),
        (32, 32, 30, 3, 1, 6, 6, 1),
        (48, 48, 56, 3, 1, 1, 1, 48),
    ]:
        x = rng.standard_normal((2, C, H, H), np.float32)
        w = rng.standard_normal((C_out, C // settings[3], k, k), np.float32)
        b = rng.standard_normal(C_out, np.float32)
        want = by_torch(F.conv2d, x, w, b, *settings)
        same(convlib.conv2d(x, w, b, *settings), want, margin(x, w, b, *settings))


def test_large_half_sums():
    """PyTorch sums float16 in float32: 60000 + 60000 - 60000 is no overflow."""
    x = np.array([[[[60000, 60000, -60000]]]], np.float16)
    w = np.ones((1, 1, 1, 3), np.float16)
    same(convlib.conv2d(x, w), by_torch(F.conv2d, x, w))


@pytest.mark.parametrize("columns", [1, 2, 3, 7, 20])
def test_blocks_of_every_size_give_the_same(columns):
    """Small layers fit into one block; here they do not."""
    with blocks_of(columns, convlib):
        for seed in range(40):
            config = seeded(seed)
            x, w, b = config.arrays(seed)
            same(
                convlib.conv2d(x, w, b, *config.settings),
                by_torch(F.conv2d, x, w, b, *config.settings),
            )


def test_wide_images_equal_torch(monkeypatch):
    """There the windows run on over the end of a row; nothing may come of it."""
    rng = np.random.default_rng(0)
    for columns in (1, 100, 512):
        monkeypatch.setattr(convlib._columns, "BLOCK_COLUMNS", columns)
        for seed in range(40):
            config = seeded(seed)._replace(stride=(1, 1))
            *shape, width = config.input
            x, w, b = config._replace(input=(*shape, width + 60)).arrays(seed)
            x[tuple(rng.integers(0, x.shape))] = np.nan
            same(
                convlib.conv2d(x, w, b, *config.settings),
                by_torch(F.conv2d, x, w, b, *config.settings),
            )


def test_words_for_padding_equal_torch():
    rng = np.random.default_rng(0)
    for k in [(1, 1), (2, 3), (4, 4), (5, 2)]:
        for dilation in (1, 2, (3, 1)):
            x = rng.integers(-9, 9, (2, 2, 13, 9)).astype("float32")
            w = rng.integers(-9, 9, (3, 2, *k)).astype("float32")
            for padding in ("same", "valid"):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", UserWarning)
                    want = F.conv2d(tensor(x), tensor(w), None, 1, padding, dilation)
                same(convlib.conv2d(x, w, None, 1, padding, dilation), want)


def test_infinite_and_missing_numbers():
    for bad in (np.inf, -np.inf, np.nan):
        x = np.ones((1, 2, 5, 5), np.float32)
        x[0, 1, 2, 3] = bad
        w = np.arange(18, dtype=np.float32).reshape(1, 2, 3, 3) % 3
        with torch.no_grad():
            want = F.conv2d(tensor(x), tensor(w), None, 1, 1)
        same(convlib.conv2d(x, w, None, 1, 1), want)
        same(convlib.conv2d_loops(x, w, None, 1, 1), want)


def test_infinite_weights_meet_the_padding_too():
    """0 * inf is NaN. PyTorch's kernel for float64 says so; oneDNN, for float32, may skip zeros."""
    for seed in range(60):
        config = seeded(seed)._replace(padding=(3, 4), dilation=(1 + seed % 3, 1 + seed % 2))
        x, w, b = config.arrays(seed)
        w[np.unravel_index(seed % w.size, w.shape)] = (np.inf, -np.inf, np.nan)[seed % 3]
        want = by_torch(F.conv2d, x, w, b, *config.settings)
        for columns in (1, 512):
            with blocks_of(columns, convlib):
                same(convlib.conv2d(x, w, b, *config.settings), want)
        if seed < 10:
            x, want = x[:1, :, :6, :6], by_torch(F.conv2d, x[:1, :, :6, :6], w, b, *config.settings)
            same(convlib.conv2d_loops(x, w, b, *config.settings), want)


# --- what a convolution obeys --------------------------------------------------------------------


@given(configurations())
def test_it_is_linear(config):
    x, w, _ = config.arrays(1)
    other, v, _ = config.arrays(2)
    both = convlib.conv2d(2 * x + other, w, None, *config.settings)
    parts = 2 * convlib.conv2d(x, w, None, *config.settings)
    same(both, parts + convlib.conv2d(other, w, None, *config.settings))
    both = convlib.conv2d(x, w - v, None, *config.settings)
    parts = convlib.conv2d(x, w, None, *config.settings)
    same(both, parts - convlib.conv2d(x, v, None, *config.settings))


@given(configurations())
def test_the_transpose_is_the_adjoint(config):
    """<conv(x), y> = <x, conv_transpose(y)>."""
    x, w, _ = config.arrays()
    z = convlib.conv2d(x, w, None, *config.settings)
    y = np.random.default_rng(3).integers(-9, 9, z.shape).astype(float)
    stride, padding, dilation, groups = config.settings
    rest = [
        (i + 2 * p - d * (k - 1) - 1) % s
        for i, k, s, p, d in zip(x.shape[2:], w.shape[2:], stride, padding, dilation, strict=True)
    ]
    back = convlib.conv_transpose2d(y, w, None, stride, padding, tuple(rest), groups, dilation)
    assert back.shape == x.shape
    assert (z * y).sum() == (x * back).sum()


@given(configurations())
def test_groups_are_a_concatenation(config):
    x, w, b = config.arrays()
    *settings, groups = config.settings
    parts = [
        convlib.conv2d(*arrays, *settings)
        for arrays in zip(
            np.split(x, groups, 1), np.split(w, groups), np.split(b, groups), strict=True
        )
    ]
    same(convlib.conv2d(x, w, b, *settings, groups), np.concatenate(parts, 1))


@given(configurations())
def test_dilation_is_a_kernel_filled_with_zeros(config):
    x, w, b = config.arrays()
    stride, padding, (d_h, d_w), groups = config.settings
    k_h, k_w = w.shape[2:]
    wide = np.zeros((*w.shape[:2], d_h * (k_h - 1) + 1, d_w * (k_w - 1) + 1))
    wide[:, :, ::d_h, ::d_w] = w
    same(
        convlib.conv2d(x, w, b, *config.settings),
        convlib.conv2d(x, wide, b, stride, padding, 1, groups),
    )


@given(configurations())
def test_stride_is_subsampling(config):
    x, w, b = config.arrays()
    (s_h, s_w), *rest = config.settings
    dense = convlib.conv2d(x, w, b, 1, *rest)
    same(convlib.conv2d(x, w, b, (s_h, s_w), *rest), dense[:, :, ::s_h, ::s_w])


@given(configurations())
def test_a_shifted_input_gives_a_shifted_output(config):
    x, w, b = config.arrays()
    (s_h, s_w), _, dilation, groups = config.settings
    x = np.pad(x, [(0, 0), (0, 0), (9, 9), (9, 9)])
    shifted = np.roll(x, (2 * s_h, s_w), (2, 3))
    y = convlib.conv2d(x, w, b, (s_h, s_w), 0, dilation, groups)
    z = convlib.conv2d(shifted, w, b, (s_h, s_w), 0, dilation, groups)
    same(z[:, :, 3:, 2:], y[:, :, 1:-2, 1:-1])


# --- arrays are left alone -----------------------------------------------------------------------

LAYOUTS = {
    "read-only": lambda a: a,
    "transposed": lambda a: np.swapaxes(np.swapaxes(a, -1, -2).copy(), -1, -2),
    "channels last": lambda a: np.moveaxis(np.moveaxis(a, 1, -1).copy(), -1, 1),
    "negative strides": lambda a: a[..., ::-1, ::-1].copy()[..., ::-1, ::-1],
    "every second": lambda a: np.repeat(a, 2, -1)[..., ::2],
    "overlapping": lambda a: np.lib.stride_tricks.as_strided(a, a.shape, (0, *a.strides[1:])),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kernel", [1, 3])
def test_any_layout_is_read_and_none_is_written(layout, kernel):
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 9, (2, 4, 6, 5)).astype("float32")
    w = rng.integers(-9, 9, (4, 2, kernel, kernel)).astype("float32")
    b = rng.integers(-9, 9, 4).astype("float32")
    laid = [LAYOUTS[layout](a) for a in (x, w)] + [b]
    kept = [a.copy() for a in laid]
    for a in laid:
        a.flags.writeable = False
    for mine, theirs in (
        (convlib.conv2d(*laid, 1, 0, 1, 2), by_torch(F.conv2d, *kept, 1, 0, 1, 2)),
        (
            convlib.conv_transpose2d(*laid[:2], None, 2, 0, 1, 2),
            by_torch(F.conv_transpose2d, *kept[:2], None, 2, 0, 1, 2),
        ),
        (convlib.pad(laid[0], (1, 0, 0, 1)), by_torch(F.pad, kept[0], (1, 0, 0, 1))),
    ):
        same(mine, theirs)
        assert mine.flags.writeable
        assert not any(np.shares_memory(mine, a) for a in laid)
    for a, before in zip(laid, kept, strict=True):
        np.testing.assert_array_equal(a, before)


def test_nothing_is_aliased_when_there_is_nothing_to_do():
    x, w = np.ones((1, 1, 2, 2)), np.ones((1, 1, 1, 1))
    for output in (
        convlib.conv2d(x, w),
        convlib.pad(x, ()),
        convlib.pad(x, (0, 0, 0, 0), "reflect"),
    ):
        assert not np.shares_memory(output, x)
        output[...] = 7
    assert (x == 1).all()


# --- conv_transpose2d ----------------------------------------------------------------------------


def first_line(function, *args, **kwargs):
    """Return the result of a call, or the type and first line of its error."""
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__, str(error).split("\n")[0]


def test_transposed_configurations_equal_torch():
    wrong = 0
    for seed in range(4000 if FULL else 600):
        config = seeded(seed)
        x, _, _ = config.arrays(seed)
        rng = random.Random(seed)
        stride, padding, dilation, groups = config.settings
        w = np.random.default_rng(seed).integers(
            -9, 9, (x.shape[1], rng.randint(1, 3), *config.weight[2:])
        )
        b = np.arange(w.shape[1] * groups)
        extra = rng.randint(0, 3), rng.randint(0, 2)
        w, b = w.astype(x.dtype), b.astype(x.dtype)
        arguments = x, w, b, stride, padding, extra, groups, dilation
        mine = first_line(convlib.conv_transpose2d, *arguments)
        want = first_line(by_torch, F.conv_transpose2d, *arguments)
        if isinstance(want, tuple):
            wrong += 1
            assert mine == want
        else:
            same(mine, want)
    assert wrong > 100


def test_transposed_infinite_numbers_stay_where_they_were_painted():
    x = np.arange(12.0).reshape(1, 1, 3, 4)
    x[0, 0, 1, 2], x[0, 0, 0, 0] = np.inf, np.nan
    w = np.arange(1.0, 10).reshape(1, 1, 3, 3)
    for stride in (1, 2, 3):
        same(
            convlib.conv_transpose2d(x, w, None, stride),
            by_torch(F.conv_transpose2d, x, w, None, stride),
        )


def test_transposed_infinite_weights_stay_where_they_are_painted():
    """There are no zeros around the input of a transposed convolution: nothing becomes NaN."""
    rng = np.random.default_rng(0)
    for stride, dilation, groups in [(s, d, g) for s in (1, 2, 3) for d in (1, 2) for g in (1, 2)]:
        for bad in (np.inf, np.nan):
            x, w = rng.integers(1, 5, (2, 2, 3, 4)) / 1, rng.integers(1, 5, (2, 2, 3, 2)) / 1
            w[0, 0, 0, -1] = bad
            settings = None, stride, 0, 0, groups, dilation
            want = by_torch(F.conv_transpose2d, x, w, *settings)
            assert np.isfinite(want).any()
            same(convlib.conv_transpose2d(x, w, *settings), want)


def test_transposed_takes_a_step_of_any_length_if_there_is_none():
    x, w = np.ones((1, 1, 1, 1)), np.arange(6.0).reshape(1, 1, 2, 3)
    same(convlib.conv_transpose2d(x, w, stride=2**40), w)


@pytest.mark.parametrize("dtype", DTYPES)
def test_transposed_dtypes_equal_torch(dtype):
    rng = np.random.default_rng(0)
    x, w, b = (rng.integers(-5, 5, s).astype(dtype) for s in ((2, 4, 5, 4), (4, 3, 3, 2), 6))
    arguments = x, w, b, 2, 1, 1, 2
    same(convlib.conv_transpose2d(*arguments), by_torch(F.conv_transpose2d, *arguments))


X, W = np.ones((1, 2, 4, 4), "float32"), np.ones((2, 3, 3, 3), "float32")


@pytest.mark.parametrize(
    ("arrays", "settings"),
    [((X, W), {name: value}) for name, value in [
        ("stride", 0), ("stride", True), ("stride", (1, 1, 1)), ("padding", -1), ("padding", 9),
        ("padding", "same"), ("padding", 3), ("output_padding", 1), ("output_padding", -1),
        ("output_padding", (1, 1, 1)), ("output_padding", True), ("dilation", -1), ("groups", 0),
        ("groups", 3),
    ]] + [(arrays, {}) for arrays in [
        (X[0, 0], W), (X[None], W), (X, W[0]), (X, W[0, 0]), (X, W[None]), (X[:, :1], W),
        (X, W, np.ones(2, "float32")), (X, W, np.ones((3, 1), "float32")),
        (X, W.astype("float64")), (X.astype("complex64"), W), (X[:, :, :0], W),
        (X[:0], W), (X[0], W), (X, W[:, :0]), (X.astype("int32"), W.astype("int32")),
        (X.astype(bool), W.astype(bool)),
    ]],
)  # fmt: skip
def test_transposed_errors_equal_torch(arrays, settings):
    mine = first_line(convlib.conv_transpose2d, *arrays, **settings)
    want = first_line(by_torch, F.conv_transpose2d, *arrays, **settings)
    if isinstance(want, tuple):
        assert mine == want
    else:
        same(mine, want)


# --- pad -----------------------------------------------------------------------------------------


def test_pad_equals_torch():
    """Every mode, border, crop and refusal that six hundred random calls meet."""
    rng = random.Random(0)
    refused = 0
    for _ in range(6000 if FULL else 1200):
        shape = [
            rng.choice([0, 1, 2, 3, 4, 5, 5, 6])
            for _ in range(rng.choice([1, 2, 3, 3, 4, 4, 4, 5]))
        ]
        x = np.arange(np.prod(shape)).reshape(shape).astype(rng.choice(["float32", "int64"]))
        border = tuple(rng.randint(-2, 4) for _ in range(rng.choice([2, 4, 4, 4, 4, 6, 3])))
        mode = rng.choice(["constant", "reflect", "replicate", "circular", "circle"])
        if mode == "circular" and min(border) < 0:
            border = tuple(min(n, 0) for n in border)  # a mix makes PyTorch read wild memory
        value = rng.choice([None, None, None, 0, 1])
        mine = first_line(convlib.pad, x, border, mode, value)
        want = first_line(by_torch, F.pad, x, border, mode, value)
        if isinstance(want, np.ndarray):
            same(mine, want)
        else:
            refused += 1
            assert isinstance(mine, tuple), (shape, border, mode, want)
            nonsense = "negative dimensions" in want[1]  # PyTorch's answer has a negative size
            assert mine[0] == want[0] or nonsense
            crop = any(text in want[1] for text in ("narrow()", "overflow", "negative", "Negative"))
            assert crop or mine[1] == want[1].replace(" )", ")"), (shape, border, mode)
    assert refused > 100


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular", "constant"])
@pytest.mark.parametrize("border", [(-1, -1), (-2, 0), (-1, 0), (-1, -2, -1, -1), (-2, 0, -2, 0)])
def test_pad_may_cut_off_a_whole_axis_where_torch_lets_it(mode, border):
    for shape in ((3, 2), (1, 2, 2), (1, 1, 3, 2)):
        x = np.ones(shape)
        mine, want = (first_line(f, x, border, mode) for f in (convlib.pad, pad_by_torch))
        if isinstance(want, np.ndarray):
            same(mine, want)
        else:
            assert mine[0] == want[0]
            text = want[1].replace(" )", ")")  # after W, for 'replicate'
            assert mine[1] == text or "too small" not in text


def pad_by_torch(x, border, mode):
    return by_torch(F.pad, x, border, mode)


@pytest.mark.parametrize(
    "border", [1, None, "a", (True, 1), (1.0, 1), (1, 1.0), (1, 2, 3), (1,) * 10]
)
def test_pad_refuses_what_torch_refuses(border):
    x = np.ones((1, 1, 3, 4), np.float32)
    assert first_line(convlib.pad, x, border) == first_line(F.pad, tensor(x), border)


def test_pad_refuses_truth_values_where_torch_does():
    x = np.ones((1, 1, 3, 3), bool)
    for mode in ("constant", "reflect", "replicate", "circular"):
        mine = first_line(convlib.pad, x, (1, 1, 1, 1), mode)
        want = first_line(by_torch, F.pad, x, (1, 1, 1, 1), mode)
        assert np.array_equal(mine, want)


# --- refusals ------------------------------------------------------------------------------------

# The sentence names a kernel or C++ types: see contract/differences.py.
KERNEL_TEXTS = (
    "could not create a primitive", "select(): index 0 out", "narrow()", "add_stub",
    "kernel size should be greater", "non-positive dilation", "should be the same or input",
    "dilation should be greater than zero",
)  # fmt: skip


def random_call(rng):
    """Make a call of conv2d that is broken in about two ways."""
    pick = lambda good, *bad, odds=8: rng.choice([good] * odds + list(bad))  # noqa: E731
    dtype = pick("float32", "float64", "int64", "int32", "bool", "complex64", "uint8", "uint16")
    groups = pick(1, 2, 3, 0, -1, True, 1.0, None)
    each = groups if isinstance(groups, int) and groups > 0 else 1
    x = [pick(2, 1, 0), each * pick(2, 1, 3), pick(5, 0, 1), pick(6, 1, 2)]
    w = [each * pick(2, 1, 0) + pick(0, 1), x[1] // each + pick(0, 1), pick(3, 1, 2), pick(2, 1)]
    x, w = pick(x, x[1:], x[2:], [1, *x]), pick(w, w[1:], w[2:], [1, *w], odds=20)
    fill = lambda shape, dtype: (np.arange(np.prod(shape)) % 5).reshape(shape).astype(dtype)  # noqa: E731
    bias = pick(None, fill(w[:1], pick(dtype, "float64")), fill([2, 2], dtype), odds=2)
    odd = (0, -1, (1, 2), (1,), (1, 1, 1), (), True, 1.5, None, "x", [2, 1], (0, 1), (1, "a"))
    settings = {
        "stride": pick(1, *odd, odds=40),
        "padding": pick(1, *odd, "same", "valid", "full", odds=40),
        "dilation": pick(1, *odd, 2, odds=40),
        "groups": groups,
    }
    return fill(x, dtype), fill(w, pick(dtype, "float32", odds=20)), bias, settings


def test_conv2d_refuses_what_torch_refuses():
    """PyTorch's exception and sentence, also when several things are wrong at once."""
    rng = random.Random(0)
    accepted = refused = 0
    for _ in range(20000 if FULL else 3000):
        *arrays, settings = random_call(rng)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            want = first_line(by_torch, F.conv2d, *arrays, **settings)
        mine = first_line(convlib.conv2d, *arrays, **settings)
        if isinstance(settings["padding"], str) and "bias type" in str(mine):
            continue  # row 83 of the contract
        if isinstance(want, np.ndarray):
            accepted += 1
            assert isinstance(mine, np.ndarray), (mine, settings)
            assert mine.shape == want.shape
            if want.size:
                same(mine, want)
        else:
            refused += 1
            if "add_stub" in want[1]:  # an empty result of uint16 with a bias
                continue
            assert isinstance(mine, tuple), (want, [a.shape for a in arrays[:2]], settings)
            if any(text in want[1] for text in KERNEL_TEXTS):
                continue
            assert mine[0] == want[0], (mine, want)
            two_words = mine[1].startswith("conv2d()") and want[1].startswith("conv2d()")
            assert mine[1] == want[1] or two_words, settings
    assert accepted > 300
    assert refused > 1000


def random_transposed_call(rng):
    """Make a call of conv_transpose2d that is broken in about two ways."""
    pick = lambda good, *bad, odds=30: rng.choice([good] * odds + list(bad))  # noqa: E731
    groups = pick(1, 2, 0, -1, 2**63, True, None, 1.0)
    each = groups if groups == 2 else 1
    x = [pick(1, 2, 0), each * pick(2, 1, 0, 3), pick(5, 0, 1), pick(6, 1, 2)]
    w = [x[1] + pick(0, 1), pick(2, 1, 0), pick(3, 1, 2, 4, 0), pick(2, 1, 3)]
    x, w = pick(x, x[1:], x[2:], [1, *x]), pick(w, w[1:], w[2:], [1, *w])
    fill = lambda shape, dtype: (np.arange(np.prod(shape)) % 5).reshape(shape).astype(dtype)  # noqa: E731
    dtype = pick("float64", "float32", "int64", "int32", "complex128", "bool", odds=12)
    bias = [pick(w[1], 9) * each] if len(w) > 1 else [1]
    bias = pick(None, fill(bias, dtype), fill(bias, "float32"), fill([2, 2], dtype), odds=3)
    odd = (0, -1, (1, 2), (1,), (1, 1, 1), (), True, 1.5, None, "same", (1, None), 2**63, (1, True))
    odd += ((1, np.float64(1)), (2, 2**63), np.array([1, 2]))
    settings = {
        name: pick(good, *odd)
        for name, good in [("stride", 1), ("padding", 0), ("output_padding", 0), ("dilation", 1)]
    }
    return fill(x, dtype), fill(w, pick(dtype, "float32")), bias, settings | {"groups": groups}


# An inner operation speaks of the same fault: of a weight without numbers, or of a negative size.
INNER_TEXTS = (
    *KERNEL_TEXTS,
    "could not construct",
    "invalid shape dimension",
    "cannot reshape",
    "non-empty 2D or 4D",
)


def test_conv_transpose2d_refuses_what_torch_refuses():
    rng = random.Random(0)
    accepted = refused = 0
    for _ in range(20000 if FULL else 1500):
        *arrays, settings = random_transposed_call(rng)
        want = first_line(by_torch, F.conv_transpose2d, *arrays, **settings)
        mine = first_line(convlib.conv_transpose2d, *arrays, **settings)
        if isinstance(want, np.ndarray):
            accepted += 1
            if want.size or want.shape[0] == 0:  # oneDNN may let a width of 0 pass
                assert isinstance(mine, np.ndarray), (mine, settings)
                same(mine, want)
        else:
            refused += 1
            assert isinstance(mine, tuple), (want, [a.shape for a in arrays[:2]], settings)
            assert mine == want or any(text in want[1] for text in INNER_TEXTS), settings
    assert accepted > 100
    assert refused > 500


@pytest.mark.parametrize("operation", ["conv2d", "conv_transpose2d"])
@pytest.mark.parametrize(
    ("shape", "advice"),
    [
        ((28,), "input.reshape(C, H, W)"),
        ((28, 28), "input[None, None]"),
        ((8, 784), "input.reshape(C, H, W)"),
        ((2, 3, 1, 8, 8), "input.flatten(0, 1)"),
        ((2, 3, 1, 8, 8), "Conv3d"),
        ((1, 2, 3, 1, 8, 8), "input.reshape(-1, *input.shape[2:])"),
    ],
)
def test_the_advice_fits_the_number_of_axes(operation, shape, advice):
    x, w = np.ones(shape), np.ones((1, 1, 3, 3))
    mine = first_line(getattr(convlib, operation), x, w)
    assert mine == first_line(by_torch, getattr(F, operation), x, w)
    with pytest.raises(RuntimeError) as caught:
        getattr(convlib, operation)(x, w)
    assert advice in str(caught.value)
    assert len(str(caught.value).split("\n")) == 3
    assert ("[None, None]" in str(caught.value)) == (len(shape) < 3)


def test_the_advice_can_be_followed():
    frames = np.ones((2, 3, 1, 8, 8))
    joined = frames.reshape(-1, *frames.shape[2:])
    assert joined.shape == tensor(frames).flatten(0, 1).shape
    assert convlib.conv2d(joined, np.ones((1, 1, 3, 3))).shape == (6, 1, 6, 6)


@pytest.mark.parametrize("kernel", [(2, 3), (4, 1), (3, 3), (0, 2), (2, 0)])
@pytest.mark.parametrize("dilation", [1, 2, (1, 3)])
def test_same_names_the_input_as_torch_pads_it(kernel, dilation):
    """With one row or column more on one side, PyTorch pads before it compares."""
    for x in (np.ones((1, 3, 5, 6)), np.ones((3, 5, 6)), np.ones((0, 3, 5, 6))):
        for weight in (np.ones((2, 4, *kernel)), np.ones((2, 4, *kernel, 1)), np.ones((2, 4, 2))):
            arguments = x, weight, None, 1, "same", dilation
            assert first_line(convlib.conv2d, *arguments) == first_line(
                by_torch, F.conv2d, *arguments
            )


@pytest.mark.parametrize("operation", ["conv2d", "conv_transpose2d"])
@pytest.mark.parametrize("rank", [3, 5])
def test_a_weight_of_another_rank_is_refused_in_torchs_words(operation, rank):
    x, w = np.ones((1, 2, 5, 6)), np.ones((2, 2, 3, 3, 3)[:rank])
    settings = {"stride": (1,), "dilation": (1,)}
    more = [{"padding": (1,)}, {"padding": "valid"}]
    if operation == "conv_transpose2d":
        more = [{"output_padding": (0,)}, {"output_padding": (0, 0)}]
    for one in more:
        mine = first_line(getattr(convlib, operation), x, w, **settings, **one)
        assert mine == first_line(by_torch, getattr(F, operation), x, w, **settings, **one)
