"""Cases that PyTorch's own developers wrote for these operations, run on convlib."""

import warnings

import numpy as np
import pytest
import torch
from torch.testing._internal import common_nn
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

import convlib
from tests.judge import margin, same

OPERATIONS = {
    "nn.functional.conv2d": convlib.conv2d,
    "nn.functional.conv_transpose2d": convlib.conv_transpose2d,
}
DTYPES = [
    torch.float16,
    torch.float32,
    torch.float64,
    torch.complex64,
    torch.complex128,
    torch.int64,
]
INFOS = {info.name: info for info in op_db if info.name in OPERATIONS}


def numpy(value):
    """Turn a tensor into an array of the same strides."""
    return value.detach().numpy() if isinstance(value, torch.Tensor) else value


def spaced(value):
    """Lay a tensor out with gaps between its numbers."""
    if not isinstance(value, torch.Tensor) or value.ndim == 0:
        return value
    return torch.stack([value, value * 0 + 7], -1)[..., 0]


def transposed_margin(x, w, b, *settings):
    terms = w.shape[0] * w.shape[2] * w.shape[3]
    return margin(x, w, b, *settings, operation=torch.nn.functional.conv_transpose2d, terms=terms)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_sample_inputs_agree(name, dtype):
    info, count = INFOS[name], 0
    if dtype not in info.supported_dtypes("cpu") | {torch.complex64, torch.complex128}:
        pytest.fail(f"PyTorch has no samples of {dtype}")
    for sample in info.sample_inputs("cpu", dtype):
        for layout in (lambda t: t, spaced):
            tensors = [layout(t) for t in (sample.input, *sample.args)]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                want = info.op(*tensors, **sample.kwargs)
            arrays = [numpy(t) for t in tensors]
            mine = OPERATIONS[name](*arrays, **sample.kwargs)
            same(mine, want.numpy(), bound(name, *arrays, **sample.kwargs))
            count += 1
    print(f"{name} {dtype}: {count} samples agree")
    assert count >= 10


def bound(name, x, w, b=None, stride=1, padding=0, *rest, **settings):
    """Judge by the margin of the call; the two operations order their arguments differently."""
    stride, padding = settings.pop("stride", stride), settings.pop("padding", padding)
    b = settings.pop("bias", b)
    if name.endswith("transpose2d"):
        names = ("output_padding", "groups", "dilation")
        settings = (
            {"output_padding": 0, "groups": 1, "dilation": 1}
            | dict(zip(names, rest, strict=False))
            | settings
        )
        return transposed_margin(x, w, b, stride, padding, *settings.values())
    settings = (
        {"dilation": 1, "groups": 1}
        | dict(zip(("dilation", "groups"), rest, strict=False))
        | settings
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return margin(x, w, b, stride, padding, settings["dilation"], settings["groups"])


def test_error_inputs_are_refused():
    """There are none for conv_transpose2d."""
    name, count = "nn.functional.conv2d", 0
    for case in INFOS[name].error_inputs("cpu"):
        sample = case.sample_input
        arrays = [numpy(t) for t in (sample.input, *sample.args)]
        with pytest.raises(case.error_type, match=case.error_regex):
            OPERATIONS[name](*arrays, **{k: numpy(v) for k, v in sample.kwargs.items()})
        count += 1
    print(f"{name}: {count} errors agree")
    assert count > 0


def layers(mode):
    (info,) = (info for info in module_db if info.module_cls is torch.nn.Conv2d)
    for dtype in (torch.float32, torch.float64):
        for case in info.module_inputs_func(info, "cpu", dtype, False, mode):
            made = case.constructor_input
            yield made.args, made.kwargs, case.forward_input.args[0]


def test_module_db_layers_agree():
    count = sum(layer_agrees(*case) for case in layers(False))
    print(f"module_db: {count} layers agree")
    assert count >= 8


def layer_agrees(args, kwargs, x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        theirs = torch.nn.Conv2d(*args, **{"dtype": x.dtype} | kwargs)
        want = theirs(x).detach().numpy()
    state = {name: t.detach().numpy() for name, t in theirs.state_dict().items()}
    settings = {k: v for k, v in kwargs.items() if k not in ("device", "dtype")}
    mine = convlib.Conv2d(*args, **settings, dtype=want.dtype)
    mine.load_state_dict(state)
    terms = state["weight"][0].size + 2
    same(
        mine(x.detach().numpy()), want, terms * np.finfo(want.dtype).eps * abs(want).max(initial=1)
    )
    return True


def test_common_nn_layers_agree():
    count = 0
    for case in common_nn.get_new_module_tests():
        if case.get("module_name") != "Conv2d":
            continue
        args = case["constructor_args"]
        args = args() if callable(args) else args
        x = torch.testing.make_tensor(case["input_size"], dtype=torch.float32, device="cpu")
        count += layer_agrees(args, {}, x)
    print(f"common_nn: {count} layers agree")
    assert count >= 5
