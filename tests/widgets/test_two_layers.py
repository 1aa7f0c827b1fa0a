"""The Python side of TwoLayers."""

import torch

from convlib.widgets import TwoLayers

TEXT_FORMS = [
    ("", "first=3, second=3"),
    ("2, 1", "first=2, second=1"),
    ("stride=np.int64(2), picked=[2, 0]", "first=3, second=3, stride=2, picked=(2, 0)"),
    ("second=2, picked=(9, 9)", "first=3, second=2, picked=(1, 1)"),
]


REFUSED = [
    ({"first": 0}, ValueError, "first=0, but the picture has room for 1 to 3"),
    ({"second": 4}, ValueError, "second=4, but the picture has room for 1 to 3"),
    ({"stride": 4}, ValueError, "stride=4, but the picture has room for 1 to 3"),
    ({"first": 2.0}, TypeError, "first=2.0, but it is an int"),
    ({"second": "3"}, TypeError, "second='3', but it is an int"),
    ({"stride": True}, TypeError, "stride=True, but it is an int"),
    ({"picked": 1}, TypeError, "picked=1, but a cell is a pair of ints"),
    ({"picked": (0.5, 1)}, TypeError, "picked=(0.5, 1), but a cell is a pair of ints"),
]


def test_a_smaller_kernel_takes_the_picked_weight_along():
    two = TwoLayers(picked=(2, 1))
    two.second = 2
    assert two.picked == (1, 1)


def test_the_one_layer_does_what_the_two_do():
    two = TwoLayers(3, 2, stride=2)
    image = torch.arange(225.0).reshape(1, 1, 15, 15) % 7
    first, second = (torch.from_numpy(w.astype("float32"))[None, None] for w in two.weights())
    one = eval(two.code)
    with torch.no_grad():
        one.weight.copy_(torch.from_numpy(two.kernel().astype("float32")))
        result = one(image)
    conv2d = torch.nn.functional.conv2d
    assert torch.equal(conv2d(conv2d(image, first, stride=2), second), result)
