"""The Python side of DigitNet: its network against PyTorch, on every digit of the test set."""

import numpy as np
import pytest
import torch

from convlib.widgets import DigitNet
from convlib.widgets.digit_net import DIGITS, SHAPES, TRAINED, WEIGHTS
from convlib.widgets.digits import train as training

LAST = len(DIGITS) - 1
PAPER = [[0] * 8 for _ in range(8)]


def with_ink(ink):
    """Return an empty drawing but for one cell."""
    return [[*PAPER[0][:3], ink, *PAPER[0][4:]], *PAPER[1:]]


REFUSED = [
    ({"digit": -1}, ValueError, "digit=-1, but"),
    ({"digit": LAST + 1}, ValueError, f"digit={LAST + 1}, but"),
    ({"digit": 1.0}, TypeError, "digit=1.0, but it is an int"),
    ({"digit": True}, TypeError, "digit=True, but it is an int"),
    ({"digit": None}, TypeError, "digit=None, but it is an int"),
    ({"drawing": 3}, ValueError, "drawing has the shape (), but the image is 8 x 8"),
    ({"drawing": PAPER[1:]}, ValueError, "drawing has the shape (7, 8), but the image is 8 x 8"),
    ({"drawing": "8"}, ValueError, "drawing has the shape (), but the image is 8 x 8"),
    ({"drawing": with_ink(17)}, ValueError, "drawing[0][3]=17, but ink is 0 to 16"),
    ({"drawing": with_ink(-1)}, ValueError, "drawing[0][3]=-1, but ink is 0 to 16"),
    ({"drawing": with_ink(0.5)}, TypeError, "drawing[0][3]=0.5, but ink is an int"),
    ({"drawing": with_ink("<b>")}, TypeError, "drawing[0][3]='<b>', but ink is an int"),
    ({"picked": "conv1"}, TypeError, "picked='conv1', but it is (layer, channel, row, column)"),
    ({"picked": ("conv1", 0, 0)}, TypeError, "picked=('conv1', 0, 0), but it is (layer"),
    ({"picked": ("conv1", 0, 0, 1.0)}, TypeError, "picked=('conv1', 0, 0, 1.0), but it is (layer"),
    ({"picked": ("conv3", 0, 0, 0)}, ValueError, "picked=('conv3', 0, 0, 0), but the layer is one"),
    ({"picked": (["conv1"], 0, 0, 0)}, ValueError, "picked=(['conv1'], 0, 0, 0), but the layer"),
    ({"picked": None}, TypeError, "picked=None, but it is"),
    ({"tool": "brush"}, ValueError, "tool='brush', but it is one of 'pen', 'eraser'"),
]


TEXT_FORMS = [
    ("", "digit=0"),
    ("np.int64(7)", "digit=7"),
    ("picked=['conv1', 9, -4, 3]", "digit=0, picked=('conv1', 3, 0, 3)"),
    ("3, tool='eraser', picked=('linear', 4, 5, 6)", None),
    ("drawing=np.eye(8, dtype=int) * 16", None),
]


def test_a_drawing_stands_in_place_of_the_digit():
    net = DigitNet(5)
    digit = net.image()
    net.drawing = np.full((8, 8), 16)
    assert (net.image() == 16).all()
    net.drawing = None
    assert (net.image() == digit).all()


@pytest.fixture(scope="module")
def model():
    """Build the network that the widget's code writes, with the widget's weights."""
    names = {}
    exec(DigitNet().code, names)
    weights = {name: torch.from_numpy(array) for name, array in DigitNet.weights().items()}
    names["net"].load_state_dict(weights)
    return names["net"].eval()


def torch_maps(model, images):
    """Return what each layer of the model gives, by its name."""
    maps, x = {}, torch.from_numpy(images)
    with torch.no_grad():
        for name, layer in model.named_children():
            x = layer(x)
            maps[name.replace("relu", "conv")] = x.numpy()  # ReLU's in the place of conv's
    return maps


def test_the_whole_test_set_equals_torch(model):
    images, labels = DigitNet.test_digits()
    assert images.shape == (360, 1, 8, 8)
    theirs = torch_maps(model, images)
    net = DigitNet()
    right = 0
    for number, label in enumerate(labels):
        net.digit = number
        maps = net.maps()
        for layer, (channels, rows, columns) in SHAPES.items():
            shape = (1, channels, rows, columns) if layer != "linear" else (1, channels)
            assert maps[layer].shape == shape
            assert maps[layer].dtype == np.float32
            assert np.array_equal(maps[layer], theirs[layer][number : number + 1]), (number, layer)
        right += maps["linear"].argmax() == label
    print(f"{right} of {len(labels)} right, in both")
    assert (right, len(labels)) == (TRAINED["right"], TRAINED["tested"])
    assert right / len(labels) >= 0.96


def test_no_two_scores_share_the_first_place():
    net = DigitNet()
    for number in range(len(DIGITS)):
        net.digit = number
        *_, second, first = np.sort(net.maps()["linear"][0])
        assert first > second, number


def test_every_number_of_the_network_is_whole():
    sizes = {name: array.size for name, array in DigitNet.weights().items()}
    assert sum(sizes.values()) == 666
    assert all(float(n).is_integer() for n in torch.cat([*map(torch.flatten, tensors())]).tolist())


def tensors():
    """Return the weights and biases as PyTorch's."""
    return [torch.tensor(numbers, dtype=torch.float64) for numbers in WEIGHTS.values()]


def test_the_script_trains_the_network_that_is_shown(model):
    images, labels = map(torch.from_numpy, DigitNet.test_digits())
    numbers = dict(zip(WEIGHTS, map(torch.Tensor.float, tensors()), strict=True))
    assert torch.equal(training.scores(numbers, images), model(images))
    assert training.count_right(numbers, images, labels) == TRAINED["right"]
    assert TRAINED["seed"] == training.SEED
    for name, (shape, most, _, _) in training.PARTS.items():
        assert numbers[name].shape == shape
        assert numbers[name].abs().max() <= most


def test_the_script_writes_what_is_stored(tmp_path, monkeypatch):
    stored = {name: (training.HERE / name).read_text("utf-8") for name in FILES}
    monkeypatch.setattr(training, "HERE", tmp_path)
    numbers = dict(zip(WEIGHTS, tensors(), strict=True))
    training.write_weights(numbers, TRAINED["right"])
    training.write_digits(*map(torch.from_numpy, DigitNet.test_digits()))
    assert {name: (tmp_path / name).read_text("utf-8") for name in FILES} == stored


FILES = ("weights.toml", "digits.txt")
