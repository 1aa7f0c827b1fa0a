"""The 225 rows of ``behaviour.txt``, each asked of PyTorch and of convlib."""

import re
import warnings
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import convlib
from tests.contract.differences import BEYOND, DIFFERENCES
from tests.judge import tensor

HERE = Path(__file__).parent


def read_rows():
    """Split the table into rows: number, title, call, answers."""
    text = re.sub(r"^#.*\n", "", (HERE / "behaviour.txt").read_text(), flags=re.MULTILINE)
    for block in text.strip().split("\n\n"):
        title, call, *answers = (line.strip() for line in block.split("\n"))
        yield int(title.split()[0]), title, call, answers


ROWS = list(read_rows())


def numbers(*shape, dtype="float32"):
    """Fill an array with small whole numbers, none like its neighbours."""
    return (np.arange(np.prod(shape)) * 7 % 11).reshape(shape).astype(dtype)


def filled(value, *shape, dtype="float32"):
    return np.full(shape, value, dtype)


def read_only(array):
    array = array.view()
    array.flags.writeable = False
    return array


DATA = {
    "np": np,
    "inf": np.inf,
    "ramp": numbers,
    "ones": lambda *shape: filled(1, *shape),
    "full": filled,
    "image": lambda rows: np.array([[rows]], np.float32),
    "read_only": read_only,
    "X": numbers(1, 1, 7, 7),
    "K": numbers(1, 1, 3, 3),
}


@contextmanager
def quiet():
    """Silence PyTorch's warnings: on an even kernel with 'same', and on empty weights."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def torch_conv2d(input, weight, bias=None, **settings):
    tensors = map(tensor, (input, weight, bias))
    with quiet():
        return torch.nn.functional.conv2d(*tensors, **settings).numpy()


def torch_layer(*args, **kwargs):
    with quiet():
        layer = torch.nn.Conv2d(*args, **kwargs)

    def call(x):
        with torch.no_grad(), quiet():
            return layer(tensor(x)).numpy()

    return layer, call


def convlib_layer(*args, **kwargs):
    layer = convlib.Conv2d(*args, **kwargs)
    return layer, layer


TORCH = SimpleNamespace(conv2d=torch_conv2d, layer=torch_layer)
CONVLIB = SimpleNamespace(conv2d=convlib.conv2d, layer=convlib_layer)


def ask(engine, call):
    """Run a call; return its answer as text, and the array or the layer."""
    moment = ""
    try:
        if not call.startswith("Conv2d"):
            value = eval(call, DATA | {"conv2d": engine.conv2d})
        else:
            moment = " at construction"
            construct, _, input = call.partition(" ; ")
            value, run = eval(construct, {"np": np, "Conv2d": engine.layer})
            if not input:
                return "accepts", value
            state = {name: numbers(*array.shape) for name, array in value.state_dict().items()}
            if engine is TORCH:
                state = {name: tensor(array) for name, array in state.items()}
            value.load_state_dict(state)
            moment = " at call"
            value = run(eval(input, DATA))
    except Exception as error:
        return f"{type(error).__name__}{moment}: {error}", None
    return f"accepts: {value.shape} {value.dtype.name}", value


def fits(answer, wanted, value=None):
    """Say whether an answer is the one in the table; its texts may stop with ``...``."""
    wanted, _, numbers_wanted = wanted.partition(" = ")
    if numbers_wanted and value is not None:
        listed = numbers_wanted.strip("[]").split(", ")
        if not np.array_equal(
            value.ravel(), np.array(listed, value.dtype), equal_nan=value.dtype.kind == "f"
        ):
            return False
    answer = in_order(answer.split("\n")[0])
    if wanted.endswith(" ..."):
        return answer.startswith(in_order(wanted.removesuffix(" ...")))
    return answer == in_order(wanted)


def in_order(text):
    """Sort a set that stands in a message: Python prints sets in any order."""
    return re.sub(r"\{(.*?)\}", lambda m: "{%s}" % ", ".join(sorted(m[1].split(", "))), text)


def test_the_table_is_complete():
    assert [number for number, *_ in ROWS] == list(range(1, 226))


@pytest.mark.parametrize(("number", "title", "call", "answers"), ROWS, ids=[r[1] for r in ROWS])
def test_row(number, title, call, answers):
    torch_answer, torch_value = ask(TORCH, call)
    assert any(fits(torch_answer, wanted, torch_value) for wanted in answers), torch_answer
    answer, value = ask(CONVLIB, call)
    if number in DIFFERENCES:
        assert fits(answer, DIFFERENCES[number].convlib), answer
        return
    assert any(fits(answer, wanted, value) for wanted in answers), answer
    if not answer.startswith("accepts"):
        python_signature = "__init__() " in answer
        assert python_signature or len(answer.split("\n")) >= 3, "the help is missing"
    elif "(the values vary)" in title:
        assert value.shape == torch_value.shape
    elif isinstance(value, np.ndarray):
        np.testing.assert_array_equal(value, torch_value)
    else:
        assert repr(value) == repr(torch_value)
        assert {k: v.shape for k, v in value.state_dict().items()} == {
            k: tuple(v.shape) for k, v in torch_value.state_dict().items()
        }


@pytest.mark.parametrize("difference", [*DIFFERENCES.values(), *BEYOND], ids=lambda d: d.why)
def test_difference_is_still_there(difference):
    """When PyTorch mends one of these, the list shrinks."""
    answer, value = ask(CONVLIB, difference.call)
    assert fits(answer, difference.convlib, value), answer
    if difference.torch:
        answer, value = ask(TORCH, difference.call)
        assert fits(answer, difference.torch, value), answer
        assert not fits(answer, difference.convlib, value)


def test_an_even_kernel_with_same_gives_no_warning():
    """PyTorch warns about it, once in a process."""
    convlib.conv2d(DATA["X"], numbers(1, 1, 4, 4), padding="same")
