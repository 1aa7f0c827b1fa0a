"""What PyTorch answers to Practice's questions on weights that come from elsewhere.

Each gives all answers that PyTorch leaves open: the right one must be the only one.
"""

import re
from itertools import permutations, product

import torch
from torch.nn import Conv2d, PixelUnshuffle, functional

MOST = 4  # pads of a question are smaller


def whole_numbers(text):
    return tuple(int(n) for n in re.findall(r"-?\d+", text.replace("−", "-")))


def conv2d(line):
    """Build the layer of this line, its weights ones."""
    layer = eval(line, {"Conv2d": Conv2d})
    torch.nn.init.ones_(layer.weight)
    return layer


def orders(q):
    shape, names = re.fullmatch(r"w\.shape == \((.*)\)  # \((.*)\)", q["code"]).groups()
    w = torch.empty(whole_numbers(shape), device="meta")
    sizes = dict(zip(names.split(", "), w.shape, strict=True))
    layer = Conv2d(sizes["in"], sizes["out"], (sizes["k_h"], sizes["k_w"]), device="meta")
    return [p for p in permutations(range(4)) if w.permute(p).shape == layer.weight.shape]


def borders(q):
    top, left, bottom, right = whole_numbers(q["code"])
    padded = torch.zeros(top + 2 + bottom, left + 3 + right)
    padded[top : top + 2, left : left + 3] = image = torch.arange(1.0, 7).reshape(2, 3)
    candidates = product(range(MOST), repeat=4)
    return [c for c in candidates if torch.equal(functional.pad(image, c), padded)]


def shared_rows(q):
    """Try ever more rows of padding until as many rows come out as the word promises."""
    kernel, _, stride, _ = whole_numbers(q["code"].partition("kernel_shape")[2])
    size = q["input"][2]
    layer = Conv2d(1, 1, (kernel, 1), (stride, 1), device="meta")
    total = max(0, kernel - size)
    while layer(torch.empty(1, size + total, 1, device="meta")).shape[1] < -(-size // stride):
        total += 1
    less, more = total // 2, total - total // 2
    return [(less, more) if "SAME_UPPER" in q["code"] else (more, less)]


def weight_for_grey(q):
    layer = conv2d(q["code"])
    weights = whole_numbers(q["ask"].partition(", and it")[0])
    layer.weight.data = torch.tensor(weights).reshape(layer.weight.shape).double()
    return [(int(layer(torch.ones(1, 3, 1, 1).double())),)]


def constant_of_a_filter(q):
    first, _, last = q["code"].split("\n")
    first, last = conv2d(first), conv2d(last)
    bias, *kernel = whole_numbers(q["ask"])
    for parameter in (*first.parameters(), *last.parameters()):
        parameter.data.zero_()
    first.bias.data[5] = bias
    last.weight.data[0, 5] = torch.tensor(kernel).reshape(last.kernel_size)
    result = last(torch.relu(first(torch.ones(1, 8, 6, 6).double())))
    [constant] = set(result.ravel().tolist())
    return [(int(constant),)]


def one_call(q):
    x_shape, w_shape = (whole_numbers(line.partition("#")[0]) for line in q["code"].split("\n"))
    (N, C, *_), (_, out, _, k, _) = x_shape, w_shape
    x = torch.arange(N * C * 49.0).reshape(N, C, 7, 7) % 11
    w = torch.arange(N * out * C * k * k * 1.0).reshape(N, out, C, k, k) % 7
    wanted = torch.cat([functional.conv2d(*pair)[None] for pair in zip(x, w, strict=True)])
    found = []
    for groups in range(1, N * C + 1):
        planes = N * C // groups
        if N * C % groups or N * out % groups or N * out * planes * k * k != w.numel():
            continue
        weight = w.reshape(N * out, planes, k, k)
        y = functional.conv2d(x.reshape(1, N * C, 7, 7), weight, groups=groups)
        if torch.equal(y.reshape(wanted.shape), wanted):
            found.append((groups, *weight.shape[:2]))
    return found


def layer_of_slices(q):
    """Read the layer off the rows that two of its outputs read, far from the border."""
    unshuffle, line = q["code"].split("\n")
    unshuffle, layer = eval(unshuffle, {"PixelUnshuffle": PixelUnshuffle}), conv2d(line)
    channels = layer.in_channels // unshuffle.downscale_factor**2
    read = []
    for row in (5, 6):
        image = torch.ones(1, channels, 96, 96, dtype=torch.float64, requires_grad=True)
        layer(unshuffle(image))[0, 0, row, 5].backward()
        rows = image.grad[0].sum((0, 2)).nonzero().ravel().tolist()
        read.append((rows[0], rows[-1]))
    (first, last), (following, _) = read
    stride = following - first
    return [(last - first + 1, stride, 5 * stride - first)]


REFERENCES = {
    "Which four numbers does w.transpose take, so that w fits Conv2d?": orders,
    r"Its weights are .*, and it reads a grey plane three times. "
    r"Which weight gives Conv2d\(1, 1, 1\) the same output?": weight_for_grey,
    "An ONNX file says so. Which four numbers does torch's pad take for the same border?": borders,
    "One layer does the same. Which kernel_size, stride and padding has it?": layer_of_slices,
    "Each picture has own filters. For one call, which groups "
    r"and which weight \(?, ?, k_h, k_w\)?": one_call,
    "How many rows of padding are put above the image, and how many below?": shared_rows,
    r"A filter of the first layer is all zeros, its bias is \d+. The kernel that reads its plane "
    r"is .*. The filter is taken out: how much must the last bias grow?": constant_of_a_filter,
}
