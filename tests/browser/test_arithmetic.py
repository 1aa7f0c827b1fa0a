"""Every state that the controls can reach, computed by the widget's JavaScript and by PyTorch."""

import base64
import itertools
import os
from bisect import bisect
from functools import cache

import numpy as np
import pytest

from convlib.widgets import LayerExplorer
from convlib.widgets._data import BIAS, chosen_values, input_values, weight_values
from convlib.widgets.layer_explorer import LIMITS, PADDING_MODES
from tests.browser.states import reached

os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")
import torch

NO_ROOM = "the padded input would span"
SIZES = reached(LIMITS["input_size"])
BOX = {
    "height": reached(LIMITS["kernel_size"]),
    "width": reached(LIMITS["kernel_size"]),
    "stride": reached(LIMITS["stride"]),
    "padding": [*reached(LIMITS["padding"]), "same"],
    "dilation": reached(LIMITS["dilation"]),
    "padding_mode": list(PADDING_MODES),
}

SAMPLED = 1000  # layers, a sixth of them all

# Both sides walk through the layers in one order, with the input size as the innermost loop, and
# write down the same lists of numbers. For each state
#   verdict   0, or the number of the refusal;
# and for each valid one
#   size      of the output;
#   outputs   without bias, then with bias;
#   unread    for each input cell, 1 if it lies in a row or column that no output reads;
#   paths     for each input cell, the sum over all it feeds of
#             (number of the output) * (number of the weight). Numbers count from 1: a cell that
#             feeds nothing has 0, and a slip in which output or weight is meant changes the sum;
#   sources   for each padded cell, the number of the input cell whose value stands there, 0 for a
#             zero (at stride 1: the stride plays no part).
COMPUTE = """async ({ sizes, states }) => {
  const A = await import("/math/arithmetic.js");
  const { layerCode } = await import("/math/torch_code.js");
  const layers = states.map(([height, width, stride, padding, dilation, padding_mode]) =>
    ({ kernel_size: [height, width], stride, padding, dilation, padding_mode }));

  const compute = () => {
    const lists = { verdict: [], size: [], outputs: [], unread: [], paths: [], sources: [] };
    const refusals = [null];
    for (const settings of layers) for (const input_size of sizes) {
      const layer = { ...settings, input_size, bias: false };
      const why = A.problem(layer);
      const text = why && `${why.type}: ${why.message}`;
      if (!refusals.includes(text)) refusals.push(text);
      lists.verdict.push(refusals.indexOf(text));
      if (why) continue;
      const axes = A.axesOf(layer);
      const [height, width] = axes.map(A.outputSize);
      lists.size.push(height, width);
      lists.outputs.push(...A.convolve(layer).flat());
      lists.outputs.push(...A.convolve({ ...layer, bias: true }).flat());
      const [rows, columns] = axes.map((axis) => A.unreadIndices(axis, layer.padding_mode));
      for (let cell = 0; cell < input_size ** 2; cell++) {
        const [row, column] = [Math.floor(cell / input_size), cell % input_size];
        lists.unread.push(Number(rows.includes(row) || columns.includes(column)));
        const fed = A.fedBy(layer, row, column);
        lists.paths.push(fed.reduce((sum, { output: [row, column], weightCell: [i, j] }) =>
          sum + (row * width + column + 1) * (i * layer.kernel_size[1] + j + 1), 0));
      }
      if (layer.stride === 1) {
        lists.sources.push(...A.paddedInput(layer).flat().map(({ source }) =>
          source ? source[0] * input_size + source[1] + 1 : 0));
      }
    }
    const encode = (numbers) => {
      const bytes = new Uint8Array(Int32Array.from(numbers).buffer);
      let text = "";
      for (let i = 0; i < bytes.length; i += 32768) {
        text += String.fromCharCode(...bytes.subarray(i, i + 32768));
      }
      return btoa(text);
    };
    const encoded = Object.entries(lists).map(([name, numbers]) => [name, encode(numbers)]);
    return { refusals, lists: Object.fromEntries(encoded) };
  };

  // The answer is computed while Python computes its own.
  window.computed = new Promise((done) => setTimeout(() => done(compute())));
  return layers.map((layer) => [false, true].map((bias) => layerCode({ ...layer, bias })));
}"""


def _tensor(array):
    return torch.tensor(array[None, None], dtype=torch.float64)


@cache
def _numbers(shape):
    """Return 1, 2, 3, ... in this shape."""
    height, width = shape
    return _tensor(np.arange(1, height * width + 1).reshape(height, width))


IMAGES = {size: _tensor(input_values(size, size)) for size in SIZES}


@pytest.fixture
def exact_torch(monkeypatch):
    """Compute in float64, and do not draw weights that are overwritten at once."""
    monkeypatch.setattr(torch.nn.Conv2d, "reset_parameters", lambda self: None)
    dtype, threads = torch.get_default_dtype(), torch.get_num_threads()
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)  # the images are tiny
    yield
    torch.set_default_dtype(dtype)
    torch.set_num_threads(threads)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_every_reachable_state_equals_pytorch(exact_torch, open_page, widgets_url, sample):
    page = open_page(widgets_url)
    every = list(itertools.product(*BOX.values()))
    layers = sample.of(every, SAMPLED)
    codes = page.evaluate(COMPUTE, {"sizes": SIZES, "states": layers})

    expected = Lists()
    for layer, pair in zip(layers, codes, strict=True):
        expected.compute(layer, pair)
    states = [(*layer, size) for layer in layers for size in SIZES]
    for state, verdict in zip(states, expected.lists["verdict"], strict=True):
        assert _python_refusal(*state) == expected.refusals[verdict], state

    answer = page.evaluate("() => window.computed")
    assert answer["refusals"] == expected.refusals
    for name, numbers in expected.lists.items():
        found = np.frombuffer(base64.b64decode(answer["lists"][name]), np.int32)
        wrong = np.flatnonzero(found[: len(numbers)] != numbers[: len(found)])
        assert wrong.size == 0, f"{name} differs at {expected.state_at(name, wrong[0])}"
        assert len(found) == len(numbers)

    valid = expected.lists["verdict"].count(0)
    print(f"\nLayerExplorer: {2 * valid} states equal PyTorch, {2 * (len(states) - valid)} refused")
    assert valid > 20_000 * len(layers) / len(every)


class Lists:
    """What PyTorch computes, in the lists described above."""

    def __init__(self):
        self.lists = {
            name: [] for name in ("verdict", "size", "outputs", "unread", "paths", "sources")
        }
        self.refusals = [None]
        self.starts = {name: [] for name in self.lists}  # where each state begins
        self.states = []

    def state_at(self, name, index):
        """Return the state to which a place in a list belongs."""
        return self.states[bisect(self.starts[name], index) - 1]

    def compute(self, settings, codes):
        """Add the states of one layer on every input size; `codes` are JavaScript's lines for it.

        The layers are made by running the very lines that a reader would copy.
        """
        try:
            layers = [eval(code, {"torch": torch}).requires_grad_(False) for code in codes]
        except ValueError as error:
            layers = error
        for size in SIZES:
            self.states.append((*settings, size))
            for name, numbers in self.lists.items():
                self.starts[name].append(len(numbers))
            try:
                if isinstance(layers, Exception):
                    raise layers
                self._compute_valid(*layers, IMAGES[size])
                self.lists["verdict"].append(0)
            except (RuntimeError, ValueError) as error:
                if (text := _first_line(error)) not in self.refusals:
                    self.refusals.append(text)
                self.lists["verdict"].append(self.refusals.index(text))

    def _compute_valid(self, plain, biased, image):
        plain.weight[:] = biased.weight[:] = _tensor(weight_values(*plain.kernel_size))
        output = plain(image)
        assert plain.bias is None
        biased.bias[:] = BIAS
        self.lists["size"] += output.shape[2:]
        self.lists["outputs"] += output.flatten().tolist() + biased(image).flatten().tolist()

        plain.weight[:] = _numbers(plain.kernel_size)
        image = image.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(plain(image), image, _numbers(output.shape[2:]))
        gradient = gradient.flatten().tolist()
        self.lists["paths"] += gradient
        self.lists["unread"] += [int(number == 0) for number in gradient]

        if plain.stride == (1, 1):
            mode = "constant" if plain.padding_mode == "zeros" else plain.padding_mode
            sides = plain._reversed_padding_repeated_twice  # left, right, top, bottom
            padded = torch.nn.functional.pad(_numbers(image.shape[2:]), sides, mode)
            self.lists["sources"] += padded.flatten().tolist()


def _first_line(error):
    return f"{type(error).__name__}: {str(error).splitlines()[0]}"


def _python_refusal(height, width, stride, padding, dilation, padding_mode, input_size):
    """Return what the widget's Python side says to a setting, or None.

    That the picture has no room for it is no matter of arithmetic: see test_layer_explorer.py.
    """
    settings = {
        "input_size": input_size,
        "kernel_size": (height, width),
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "padding_mode": padding_mode,
        "bias": True,
        "output_cell": (0, 0),
        "input_cell": None,
        "weight": None,
        "input_values": None,
        "weight_cell": (0, 0),
        "step": None,
        "fast": False,
        "speed": 1,
    }
    try:
        LayerExplorer.check(None, settings)
    except (RuntimeError, ValueError) as error:
        return None if NO_ROOM in str(error) else _first_line(error)
    return None


# With every number and both axes free: pairs of controls, and states that a seed draws.
FREE = {
    "input height": SIZES,
    "input width": SIZES,
    "kernel height": BOX["height"],
    "kernel width": BOX["width"],
    "stride height": BOX["stride"],
    "stride width": BOX["stride"],
    "padding height": BOX["padding"],
    "padding width": reached(LIMITS["padding"]),
    "dilation height": BOX["dilation"],
    "dilation width": BOX["dilation"],
    "padding_mode": BOX["padding_mode"],
    "bias": [True, False],
    "weight": [None, "vertical edge", "mean", "own"],
    "input_values": [None, "edge", "own"],
}
USUAL = dict(zip(FREE, [5, 6, 3, 2, 1, 1, 1, 0, 1, 1, "zeros", True, None, None], strict=True))
DRAWN, SAMPLED_FREE = 10_000, 2_000

COMPUTE_FREE = """async (states) => {
  const A = await import("/math/arithmetic.js");
  const { withNumbers } = await import("/math/numbers.js");
  const { filmLength, sceneAt, stepsEach } = await import("/math/film.js");
  const { layerCode } = await import("/math/torch_code.js");
  return states.map((settings) => {
    const layer = withNumbers(settings);
    const why = A.problem(layer);
    const code = layerCode(layer);
    if (why) return { code, why: `${why.type}: ${why.message}` };
    const [H, W] = A.axesOf(layer).map((axis) => axis.size);
    const [, width] = A.axesOf(layer).map(A.outputSize);
    const [rows, columns] = A.axesOf(layer).map((axis) =>
      A.unreadIndices(axis, layer.padding_mode));
    const cells = [...Array(H * W).keys()].map((cell) => [Math.floor(cell / W), cell % W]);
    const each = stepsEach(layer);
    const ends = [...Array(filmLength(layer) / each).keys()].map((n) => (n + 1) * each - 1);
    return {
      code,
      why: null,
      outputs: A.convolve(layer),
      film: ends.map((step) => sceneAt(layer, step).sum),
      unread: cells.map(([row, column]) => Number(rows.includes(row) || columns.includes(column))),
      paths: cells.map(([row, column]) => A.fedBy(layer, row, column).reduce(
        (sum, { output: [y, x], weight }) => sum + (y * width + x + 1) * weight, 0)),
    };
  });
}"""


def _free_states(sample):
    """Return the settings of every pair of controls, and of states that the seed draws."""
    draw = sample.draw()
    pairs = [
        {**USUAL, a: first, b: second}
        for a, b in itertools.combinations(FREE, 2)
        for first in FREE[a]
        for second in FREE[b]
    ]
    drawn = [
        {name: draw.choice(values) for name, values in FREE.items()}
        for _ in range(sample.size(DRAWN, SAMPLED_FREE))
    ]
    return [_settings(state, draw) for state in pairs + drawn]


def _settings(state, draw):
    """Return a state as the widget's settings, its own numbers drawn."""

    def sides(name):
        return [state[f"{name} height"], state[f"{name} width"]]

    def own(name):
        low, high = LIMITS[name]
        side = LIMITS["input_size"][1]
        numbers = [[draw.randint(low, high) for _ in range(side)] for _ in range(side)]
        return numbers if state[name] == "own" else state[name]

    return {
        "input_size": sides("input"),
        "kernel_size": sides("kernel"),
        "stride": sides("stride"),
        "padding": "same" if state["padding height"] == "same" else sides("padding"),
        "dilation": sides("dilation"),
        "padding_mode": state["padding_mode"],
        "bias": state["bias"],
        "weight": own("weight"),
        "input_values": own("input_values"),
    }


def _by_pytorch(settings, code):
    """Compute what the page computed of these settings, by the line of code that it shows."""
    size, kernel = settings["input_size"], settings["kernel_size"]
    image = _tensor(chosen_values("input_values", settings["input_values"], *size))
    image.requires_grad_()
    try:
        layer = eval(code, {"torch": torch})
        layer.weight.data[:] = _tensor(chosen_values("weight", settings["weight"], *kernel))
        if layer.bias is not None:
            layer.bias.data[:] = BIAS
        output = layer(image)
    except (RuntimeError, ValueError) as error:
        return {"code": code, "why": _first_line(error)}
    (paths,) = torch.autograd.grad(output, image, _numbers(output.shape[2:]))
    ones = torch.nn.init.ones_(layer.weight.requires_grad_(False))
    (reads,) = torch.autograd.grad(layer(image).sum(), image)
    assert ones.min() == 1
    return {
        "code": code,
        "why": None,
        "outputs": output[0, 0].tolist(),
        "film": output.flatten().tolist(),
        "unread": (reads.flatten() == 0).int().tolist(),
        "paths": paths.flatten().tolist(),
    }


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_edited_numbers_and_unequal_axes_equal_pytorch(exact_torch, open_page, widgets_url, sample):
    states = _free_states(sample)
    page = open_page(widgets_url)
    valid = 0
    for start in range(0, len(states), 1000):
        part = states[start : start + 1000]
        for settings, found in zip(part, page.evaluate(COMPUTE_FREE, part), strict=True):
            assert found == _by_pytorch(settings, found["code"]), settings
            assert _refused_by_python(settings) == found["why"], settings
            valid += found["why"] is None
    print(f"\nLayerExplorer, all free: {valid} of {len(states)} states equal PyTorch")
    assert valid > len(states) / 3


def _refused_by_python(settings):
    """Return what the widget's Python side says to these settings, or None."""
    rest = {"output_cell": (0, 0), "input_cell": None, "weight_cell": (0, 0), "step": None}
    numbers = {"weight": None, "input_values": None}  # drawn for the largest picture
    try:
        LayerExplorer.check(None, {**settings, **numbers, **rest, "fast": False, "speed": 1})
    except (RuntimeError, ValueError) as error:
        return None if NO_ROOM in str(error) else _first_line(error)
    return None
