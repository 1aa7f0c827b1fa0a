"""The Python side of PixelUsage."""

import numpy as np
import pytest
import torch

from convlib.widgets import PixelUsage

TEXT_FORMS = [
    ("", "kernel_size=3"),
    ("kernel_size=(2, 2), padding=1", "kernel_size=2, padding=1"),
    ("input_size=np.int64(5), padding='valid'", "input_size=5, kernel_size=3"),
    ("stride=[2, 2]", "kernel_size=3, stride=2"),
    ("cell=[9, 2], view='gradient'", "kernel_size=3, cell=(7, 2), view='gradient'"),
]


REFUSED = [
    ({"stride": 0}, RuntimeError, "non-positive stride is not supported"),
    ({"padding": -1}, RuntimeError, "negative padding is not supported"),
    ({"dilation": 0}, RuntimeError, "dilation should be greater than zero"),
    ({"kernel_size": 3.0}, TypeError, ""),
    ({"kernel_size": "3"}, TypeError, ""),
    ({"padding": "full"}, ValueError, "Invalid padding string 'full'"),
    (
        {"input_size": 4, "kernel_size": 5},
        RuntimeError,
        "Calculated padded input size per channel: (4 x 4). Kernel size: (5 x 5).",
    ),
    # Legal for PyTorch, but not for this picture.
    ({"padding": "same"}, ValueError, "padding='same', but the picture is also a transposed"),
    ({"kernel_size": (1, 3)}, ValueError, "kernel_size=(1, 3), but the picture has one"),
    ({"input_size": 9}, ValueError, "input_size=9, but the picture has room for 1 to 8"),
    ({"cell": 3}, TypeError, "cell=3, but a cell is a pair of ints"),
    ({"cell": (0.0, 1)}, TypeError, "cell=(0.0, 1), but a cell is a pair of ints"),
    ({"view": "backward"}, ValueError, "view='backward', but it is one of 'usage', 'gradient'"),
    ({"view": None}, ValueError, "view=None, but it is one of"),
]


def test_a_smaller_input_takes_the_picked_pixel_along():
    usage = PixelUsage(cell=(7, 1))
    usage.input_size = 5
    assert usage.cell == (4, 1)


COUNTS = [
    ({"padding": 1}, {4: 4, 6: 24, 9: 36}),  # edges
    ({"padding": 2}, {9: 64}),  # only padding k - 1 counts every pixel the same
    ({"stride": 2}, {0: 15, 1: 25, 2: 20, 4: 4}),  # 49 of 64 are read
    ({"kernel_size": 1, "stride": 2}, {0: 48, 1: 16}),  # holes
    ({"input_size": 5, "dilation": 2}, {0: 16, 1: 9}),  # gridding
]


@pytest.mark.parametrize(("settings", "counts"), COUNTS)
def test_counts_of_the_lesson(settings, counts):
    values, times = np.unique(PixelUsage(**settings).picture(), return_counts=True)
    assert dict(zip(values.tolist(), times.tolist(), strict=True)) == counts


@pytest.mark.parametrize("view", ["usage", "gradient"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"padding": 1, "kernel_size": 4},
        {"stride": 2},
        {"input_size": 7, "stride": 4, "dilation": 3, "padding": 2},
    ],
)
def test_picture_code_and_layer_say_the_same_as_pytorch(settings, view):
    usage = PixelUsage(**settings, view=view)
    ours = usage.layer()
    weight = torch.tensor(np.asarray(ours.weight))
    layer = torch.nn.Conv2d(
        1, 1, usage.kernel_size, usage.stride, usage.padding, usage.dilation, bias=False
    )
    assert repr(ours) == repr(layer)
    layer.weight.data[:] = weight if view == "gradient" else 1
    image = torch.zeros(1, 1, usage.input_size, usage.input_size, requires_grad=True)
    output = layer(image)
    output.sum().backward()
    np.testing.assert_array_equal(usage.picture(), image.grad[0, 0].numpy())

    written = eval(usage.code, {"torch": torch})
    if view == "usage":
        assert repr(written) == repr(layer)
    else:
        written.weight.data[:] = weight
        np.testing.assert_array_equal(
            written(torch.ones_like(output)).detach().numpy(), image.grad.numpy()
        )
