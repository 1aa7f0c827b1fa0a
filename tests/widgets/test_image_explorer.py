"""The Python side of ImageExplorer, and its arithmetic in V8."""

import base64
import struct
import zlib

import numpy as np
import pytest
import torch

from convlib.widgets import ImageExplorer
from convlib.widgets._photo import (
    FILE,
    LETTERS,
    photo,
    photo_of_the_page,
    photo_values,
    small_photo_of_the_page,
)
from convlib.widgets.image_explorer import KERNELS
from tests.widgets.javascript import Javascript

ARGUMENTS = "conv2d() received an invalid combination of arguments"
REFUSED = [
    ({"stride": 0}, RuntimeError, "non-positive stride is not supported"),
    ({"padding": -1}, RuntimeError, "negative padding is not supported"),
    ({"padding": 1.0}, TypeError, ARGUMENTS),
    ({"padding": "half"}, ValueError, "Invalid padding string 'half'"),
    ({"dilation": 0}, RuntimeError, "dilation should be greater than zero"),
    ({"padding_mode": "mirror"}, ValueError, "padding_mode must be one of"),
    ({"padding": 256, "padding_mode": "reflect"}, RuntimeError, "Argument #4: Padding size"),
    # Legal for PyTorch, but not for this picture.
    ({"padding": "same"}, TypeError, "padding='same', but it is an int"),
    ({"padding": 65}, ValueError, "padding=65, but the picture has room for 0 to 64"),
    ({"stride": 5}, ValueError, "stride=5, but the picture has room for 1 to 4"),
    ({"dilation": 4}, ValueError, "dilation=4, but the picture has room for 1 to 3"),
    ({"bias": 256}, ValueError, "bias=256, but the picture has room for -255 to 255"),
    ({"bias": 0.5}, TypeError, "bias=0.5, but it is an int"),
    ({"relu": 1}, TypeError, "relu=1, but it is True or False"),
    ({"picture": "blue"}, ValueError, "picture='blue', but it is one of 'grey', 'colour'"),
    ({"shown": "grey"}, ValueError, "shown='grey', but it is one of 'signs', 'picture'"),
    ({"cursor": 3}, TypeError, "cursor=3, but a cell is a pair of ints"),
    ({"kernel": "sobel"}, ValueError, "kernel='sobel', but it is one of 'identity', 'box'"),
    ({"kernel": [[1, 2], [3, 4]]}, ValueError, "kernel has the shape (2, 2), but the picture"),
    ({"kernel": [[1, 2, 3]] * 4}, ValueError, "kernel has the shape (4, 3), but the picture"),
    ({"kernel": 1}, ValueError, "kernel has the shape ()"),
    ({"kernel": [["1"] * 3] * 3}, TypeError, "kernel holds '1', but a weight is a number"),
    ({"kernel": [[True] * 3] * 3}, TypeError, "kernel holds True, but a weight is a number"),
    ({"kernel": [[100] * 3] * 3}, ValueError, "kernel holds 100, but a weight is a number from"),
    ({"kernel": [[float("nan")] * 3] * 3}, ValueError, "kernel holds nan, but a weight"),
]

SETTINGS = [
    {},
    {"kernel": "box", "padding": 1},
    {"kernel": "gaussian", "picture": "colour", "bias": -3, "relu": True},
    {"kernel": np.arange(16).reshape(4, 4) - 7, "stride": 2, "padding": 3, "dilation": 2},
    {"kernel": [[0.5, 0, 0], [0, 1, 0], [0, 0, 0.25]], "padding": 9, "padding_mode": "reflect"},
    {"kernel": [[0.123456, 0, 0], [0, 1, 0], [0, 0, -2.5]], "padding_mode": "circular"},
]


TEXT_FORMS = [
    ("", "kernel='sobel_x'"),
    ("'emboss', padding=2", "kernel='emboss', padding=2"),
    ("[[0, 0, 0], [0, 1.0, 0], [0, 0, 0]]", "kernel='identity'"),
    ("np.ones((3, 3)) / 9, stride=2", "kernel='box', stride=2"),
    ("np.eye(3), relu=True", "kernel=((1, 0, 0), (0, 1, 0), (0, 0, 1)), relu=True"),
    ("'box', stride=4, cursor=(99, 0)", "kernel='box', stride=4, cursor=(63, 0)"),
]


def test_the_pages_state_is_checked_too():
    explorer = ImageExplorer()
    explorer.set_state({"kernel": [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "stride": 4})
    assert repr(explorer) == "ImageExplorer(kernel='identity', stride=4, cursor=(63, 60))"
    with pytest.raises(ValueError, match="kernel has the shape"):
        explorer.set_state({"kernel": [[1]]})
    assert explorer.kernel == KERNELS["identity"]


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_layer_and_the_output_are_those_of_the_code(settings):
    explorer = ImageExplorer(**settings)
    names = {"torch": torch, "picture": torch.from_numpy(explorer.input())}
    with torch.no_grad():
        exec(explorer.code, names)
    assert repr(explorer.layer()) == repr(names["layer"])
    np.testing.assert_array_equal(explorer.layer().weight, names["layer"].weight.detach())
    np.testing.assert_allclose(
        explorer.output(), names["output"].detach().numpy(), rtol=1e-5, atol=1e-3
    )


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_page_writes_the_same_code(settings):
    explorer = ImageExplorer(**settings)
    own = Javascript("image_explorer").evaluate(
        "$math_image_code.imageCode(given[0])", explorer.settings()
    )
    assert own == explorer.code


def test_the_photograph_is_small_and_the_same_in_python_and_on_the_page():
    assert 10_000 < FILE.stat().st_size < 30_000
    palette, pixels = photo()
    assert pixels.shape == (256, 256)
    colour = palette[pixels].astype(np.float32).transpose(2, 0, 1)
    np.testing.assert_array_equal(photo_values("colour")[0], colour)
    page = Javascript("image_explorer")
    page.evaluate("globalThis.colour = $math_image_pixels.readPhoto(given[0])", photo_of_the_page())
    assert page.evaluate("[...colour.values]") == colour.ravel().tolist()
    grey = page.evaluate("[...$math_image_pixels.toGrey(colour).values]")
    assert grey == photo_values("grey").ravel().tolist()
    half = {"height": 1, "width": 1, "channels": 3, "values": [0, 0, 128]}  # 14.5
    assert page.evaluate("[...$math_image_pixels.toGrey(given[0]).values]", half) == [15]
    red, green, blue = colour
    lightness = 0.299 * red + 0.587 * green + 0.114 * blue
    assert abs(photo_values("grey")[0, 0] - lightness).max() < 1


@pytest.mark.parametrize("channels", [1, 3])
def test_a_still_picture_is_a_png_with_every_second_pixel(channels):
    page = Javascript("image_explorer")
    levels = np.random.default_rng(5).integers(0, 256, (channels, 9, 7))
    picture = {"height": 9, "width": 7, "channels": channels, "levels": levels.ravel().tolist()}
    table = [[level, 255 - level, 7, level] for level in range(256)]
    address = page.evaluate(
        "$math_image_png.toPng($math_image_png.halved(given[0]), given[1])", picture, table
    )
    start, _, text = address.partition(",")
    assert start == "data:image/png;base64"
    data = base64.b64decode(text, validate=True)
    parts, at = {}, 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        content = data[at + 8 : at + 8 + length]
        [check] = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(kind + content)
        parts[kind], at = content, at + 12 + length
    width, height, depth, kind = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    assert (width, height, depth, kind) == (4, 5, 8, 3 if channels == 1 else 2)
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, -1)
    assert not rows[:, 0].any()
    expected = levels[:, ::2, ::2].transpose(1, 2, 0).reshape(height, -1)
    np.testing.assert_array_equal(rows[:, 1:], expected)
    if channels == 1:
        assert list(parts[b"PLTE"]) == [number for colour in table for number in colour[:3]]
        assert list(parts[b"tRNS"]) == [colour[3] for colour in table]


def test_a_large_still_picture_has_several_blocks():
    page = Javascript("image_explorer")
    picture = {"height": 300, "width": 300, "channels": 1, "levels": [7] * 90_000}
    table = [[0, 0, 0, 0]] * 256
    text = page.evaluate("$math_image_png.toPng(given[0], given[1])", picture, table)
    data = base64.b64decode(text.partition(",")[2])
    at = data.index(b"IDAT")
    [length] = struct.unpack(">I", data[at - 4 : at])
    assert len(zlib.decompress(data[at + 4 : at + 4 + length])) == 300 * 301


def test_a_kernel_changes_its_size_around_its_middle():
    page = Javascript("image_explorer")

    def resize(kernel, size):
        return page.evaluate("$math_image_kernels.resizeKernel(given[0], given[1])", kernel, size)

    three = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    five = resize(three, 5)
    assert [line[1:4] for line in five[1:4]] == three
    assert sum(map(sum, five)) == 45
    assert resize(five, 3) == three
    four = resize(three, 4)
    assert four[0] == [0] * 4
    assert [line[1:] for line in four[1:]] == three
    assert resize(four, 3) == three


def test_the_scale_ends_where_hardly_any_number_is_further():
    page = Javascript("image_explorer")

    def limit(values):
        return page.evaluate("$math_image_paint.limitOf(Float32Array.from(given[0]))", values)

    assert limit([0] * 100) == 1
    assert limit([*range(-50, 50)]) == pytest.approx(50, abs=2)
    assert limit([3] * 995 + [-1000] * 5) < 10
    assert limit([0.25, -0.5]) == pytest.approx(0.5, abs=0.02)


def test_the_small_photograph_is_the_same_in_fewer_greys():
    small = small_photo_of_the_page()
    height, width = small["size"]
    palette = np.array(small["palette"])[:, 0]
    greys = palette[[LETTERS.index(letter) for letter in small["pixels"]]].reshape(height, width)
    means = photo_values("grey")[0, 0].reshape(height, 2, width, 2).mean(axis=(1, 3))
    assert abs(greys - means).max() <= 256 / len(palette) / 2
