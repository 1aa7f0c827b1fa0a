"""The Python side of TransposedExplorer."""

from itertools import product

import numpy as np
import pytest
import torch

from convlib.widgets import TransposedExplorer
from tests.widgets.javascript import Javascript

TEXT_FORMS = [
    ("", "kernel_size=3, stride=2"),
    ("kernel_size=(2, 2), padding=0", "kernel_size=2, stride=2"),
    ("input_size=np.int64(4), ones=1", "input_size=4, kernel_size=3, stride=2, ones=True"),
    ("input_cell=[9, 0]", "kernel_size=3, stride=2, input_cell=(2, 0)"),
    (
        "output_cell=[9, 2], backwards=True",
        "kernel_size=3, stride=2, backwards=True, output_cell=(6, 2)",
    ),
]


REFUSED = [
    (
        {"output_padding": 2},
        RuntimeError,
        "output padding must be smaller than either stride or dilation, but got"
        " output_padding_height: 2 output_padding_width: 2 stride_height: 2 stride_width: 2"
        " dilation_height: 1 dilation_width: 1",
    ),
    (
        {"input_size": 2, "kernel_size": 1, "padding": 2},
        RuntimeError,
        "Given input size per channel: (2 x 2). Calculated output size per channel: (-1 x -1).",
    ),
    ({"stride": 0}, RuntimeError, "non-positive stride is not supported"),
    ({"padding": -1}, RuntimeError, "negative padding is not supported"),
    ({"output_padding": -1}, RuntimeError, "negative output_padding is not supported"),
    ({"dilation": 0}, RuntimeError, "dilation should be greater than zero"),
    ({"padding": "same"}, TypeError, "conv_transpose2d(): argument 'padding'"),
    ({"kernel_size": 3.0}, TypeError, ""),
    # Legal for PyTorch, but not for this picture.
    ({"kernel_size": (1, 3)}, ValueError, "kernel_size=(1, 3), but the picture has one"),
    ({"input_size": 1}, ValueError, "input_size=1, but the picture has room for 2 to 6"),
    ({"input_size": 7, "stride": 1}, ValueError, "input_size=7, but the picture has room for"),
    (
        {"input_size": 6, "kernel_size": 4},
        ValueError,
        "the full result would span 14 cells, but the picture has room for 13",
    ),
    ({"input_cell": None}, TypeError, "input_cell=None, but a cell is a pair of ints"),
    ({"output_cell": 3}, TypeError, "output_cell=3, but a cell is a pair of ints"),
]


def test_a_smaller_output_takes_the_picked_cell_along():
    explorer = TransposedExplorer(output_cell=(6, 1))
    explorer.padding = 1
    assert explorer.output_cell == (4, 1)


@pytest.mark.parametrize("ones", [False, True])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"input_size": 4, "kernel_size": 4, "padding": 1},
        {"padding": 1, "output_padding": 1},
        {"kernel_size": 2, "stride": 1, "dilation": 3, "output_padding": 2},
    ],
)
def test_numbers_and_code_say_the_same_as_pytorch(settings, ones):
    explorer = TransposedExplorer(**settings, ones=ones)
    image = torch.tensor(explorer.input(), dtype=torch.float32)[None, None]
    weight = torch.tensor(explorer.weight(), dtype=torch.float32)[None, None]
    for backwards, numbers in ((False, explorer.output()), (True, explorer.back())):
        explorer.backwards = backwards
        layer = eval(explorer.code, {"torch": torch})
        layer.weight.data[:] = weight
        image = layer(image).detach()
        np.testing.assert_array_equal(numbers, image[0, 0].numpy())
    extra = explorer.output_padding // explorer.stride  # then conv2d makes more than the input was
    assert numbers.shape == (explorer.input_size + extra,) * 2


@pytest.mark.parametrize(("kernel", "even"), [(3, False), (4, True)])
def test_the_lesson_a_stride_that_divides_the_kernel_covers_evenly(kernel, even):
    counts = TransposedExplorer(input_size=4, kernel_size=kernel, ones=True).output()
    assert (len(set(counts[2:-2, 2:-2].flat)) == 1) is even


def test_the_words_on_overlaps_are_true_of_a_wide_image():
    story = Javascript("math/transposed_story")
    for k, stride, dilation in product(range(1, 6), range(1, 5), range(1, 4)):
        axis = {"size": 6, "kernel": k, "stride": stride, "dilation": dilation}
        said = story.coverSentence({"axis": axis})
        ones = torch.ones(1, 1, 40, 40), torch.ones(1, 1, k, k)
        wide = torch.nn.functional.conv_transpose2d(*ones, stride=stride, dilation=dilation)
        found = [int(count) for count in wide[0, 0, 12:-12, 12:-12].unique()]
        if len(found) == 1:
            assert f", every cell gets {found[0]} stamp" in said, axis
        else:
            named = f", cells get {', '.join(map(str, found[:-1]))} or {found[-1]} stamps"
            assert named in said, axis
            assert ("gaps" in said) == (0 in found), axis
            assert ("checkerboard" in said) == (0 not in found), axis
            assert ("does not divide" in said) == (k % stride > 0), axis


def test_words_speak_of_cells_away_from_the_edges_only_where_there_are_some():
    story = Javascript("math/transposed_story")
    for n, k, stride in product(range(2, 7), range(1, 6), range(1, 5)):
        axis = {"size": n, "kernel": k, "stride": stride, "dilation": 1}
        full = torch.zeros((n - 1) * stride + k)
        wide = [-(-place // stride) for place in (0, k - 1)]  # stamps that begin before the first
        for stamp in range(-wide[1], n + wide[1]):
            for tap in range(k):
                place = stamp * stride + tap
                if 0 <= place < len(full) and not 0 <= stamp < n:
                    full[place] = 1  # a stamp is missing here
        said = story.coverSentence({"axis": axis})
        if said.startswith("Away"):
            assert (full == 0).any(), axis
