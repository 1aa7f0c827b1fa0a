"""A network as a table: a row for each layer, with its size, its field of view and its cost."""

from traitlets import observe

from ._from_module import read_module, seen_by
from ._modules import (
    DEFAULTS,
    FILLED_IN,
    JOINS,
    KINDS,
    LIMITS,
    MOST_SIZE,
    complete,
    filled_in,
    output_shape,
    plain,
)
from ._photo import CREDIT, small_photo_of_the_page
from ._presets import PRESETS
from ._settings import whole, word
from ._torch_code import module_code, network_code, sequential_code
from ._widget import Constants, Setting, Widget

OWN = {"in_channels": 3, "input_size": 224}  # the image of layers that are no preset
MOST_LAYERS = LIMITS["layers"][1]

# The settings that a layer's line begins with, without their names.
LEADING = (
    "in_channels",
    "out_channels",
    "num_features",
    "num_groups",
    "num_channels",
    "in_features",
    "out_features",
)


class StackLedger(Widget):
    """A table of a network: what each layer puts out, what it costs, and what it sees of the image.

    Parameters
    ----------
    input_size : int or pair of int, optional
        Height and width of the image, up to 65,536. If left out: the preset's, or 224.
    preset : str or None
        A network or a part of one, for instance 'resnet50_stem', 'resnet18', 'unet' or
        'patchgan70'; ``StackLedger.presets`` has them all. To assign it replaces the whole table.
    in_channels : int, optional
        If left out: the preset's, or 3.
    layers : list of dict, optional
        Layers of your own, in place of a preset, up to 1,000: in each dict ``kind``, the name of
        a class of ``torch.nn``, and its settings; a size is an int or a pair (height, width).
        Those left out have PyTorch's defaults. ``in_channels``, ``num_features`` and
        ``in_features`` follow from what comes in, if left out. 'add', 'mul' and 'cat' join the
        rows that ``from`` lists; -1 is the image. Other layers read the row above, or the one in
        ``from``.
    batch : int
        Images at once.
    picked : int
        The row that is lit and can be edited, from 0.
    breaks : bool
        Whether to show a network that PyTorch refuses, with the row that breaks, instead of
        raising its error.

    Raises
    ------
    TypeError, ValueError, RuntimeError
        What PyTorch raises for a layer, on construction and on assignment; and ValueError for one
        that the table has no room for.

    Examples
    --------
    >>> ledger = StackLedger(preset="resnet50_stem")
    >>> ledger
    StackLedger(preset='resnet50_stem')
    >>> print(ledger.code)
    torch.nn.Sequential(
        torch.nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False),
        torch.nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    )
    >>> StackLedger(layers=[{"kind": "MaxPool2d", "kernel_size": 2}], input_size=32)
    StackLedger(input_size=32, layers=[{'kind': 'MaxPool2d', 'kernel_size': 2}])
    """

    always_shown = ("preset",)

    input_size = Setting(None, positional=True)
    preset = Setting("resnet50_stem", positional=True)
    in_channels = Setting(None)
    layers = Setting(None)
    batch = Setting(1)
    picked = Setting(0)
    breaks = Setting(False)
    presets = Constants(**PRESETS)
    limits = Constants(**{name: list(ends) for name, ends in LIMITS.items()})
    defaults = Constants(**DEFAULTS)
    constants = Constants(photo=small_photo_of_the_page(), credit=CREDIT)

    @classmethod
    def from_module(cls, model, input_shape):
        """Read a `torch.nn.Module`: run it once, and show what ran, row by row.

        Parameters
        ----------
        model : torch.nn.Module
        input_shape : tuple of int
            (N, C, H, W), or (C, H, W) for one image.

        Returns
        -------
        StackLedger
            With the rows in the order in which they ran, the branches marked. If the call fails,
            with the rows so far and the row that broke.
        """
        shape = (1, *input_shape) if len(input_shape) == 3 else tuple(input_shape)
        batch, channels, height, width = shape
        layers = read_module(model, shape)
        ledger = cls(
            height if height == width else (height, width),
            None,
            in_channels=channels,
            batch=batch,
            layers=layers,
            breaks=True,
        )
        ledger._model = model, shape
        return ledger

    def seen_by(self, row):
        """Return which pixels of the image an output in the middle of a row depends on.

        By gradients through the model itself, so that skips and dilation are right by
        construction: for a ledger made by `from_module`.

        Parameters
        ----------
        row : int

        Returns
        -------
        (list of int, list of int)
            Rows and columns of the image.
        """
        if not hasattr(self, "_model"):
            raise ValueError("this ledger has no model; make it by StackLedger.from_module(...)")
        return seen_by(*self._model, [row], "middle")[0]

    @observe("preset")
    def _replace_table(self, change):
        preset = PRESETS.get(change["new"])
        if preset and self.layers != preset["layers"]:
            with self.hold_trait_notifications():
                for name in ("layers", *OWN):
                    setattr(self, name, preset[name])

    def checked(self, proposal):
        """Check one assignment; a preset brings its own layers, which follow."""
        if proposal["trait"].name == "preset":
            return proposal["value"] and word("preset", proposal["value"], tuple(PRESETS))
        return super().checked(proposal)

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        preset, layers = settings["preset"], settings["layers"]
        if preset is not None:
            word("preset", preset, tuple(PRESETS))
        if layers is None:
            if preset is None:
                raise ValueError("preset=None and layers=None, but the table needs one of them")
            layers = PRESETS[preset]["layers"]
        layers = _completed(layers)
        if preset is not None and layers != PRESETS[preset]["layers"]:
            preset = None
        image = _image(settings, preset)
        batch = whole("batch", settings["batch"], LIMITS["batch"])
        picked = whole("picked", settings["picked"], (0, MOST_LAYERS - 1))
        breaks = bool(settings["breaks"])
        shape = (batch, image["in_channels"], *_pair(image["input_size"]))
        return {
            **image,
            "preset": preset,
            "layers": _checked_layers(layers, shape, breaks),
            "batch": batch,
            "picked": min(picked, len(layers) - 1),
            "breaks": breaks,
        }

    def written(self, name, value):
        """Return a setting as one would write it in the call: nothing that follows from others."""
        if name in OWN and value == _home(self.preset)[name]:
            return None
        if name == "layers":
            return None if self.preset else [_brief(layer) for layer in value]
        return value

    def __repr__(self):
        """Show the preset, or the layers in its place."""
        return super().__repr__().replace("preset=None, ", "")

    @property
    def code(self):
        """The network as PyTorch code."""
        rows = _trace(self.layers, self.input_shape, self.breaks)
        modules = [_module_code(layer, inputs) for layer, inputs, _ in rows]
        layers = [layer for layer, _, _ in rows]
        in_line = all(_sources(row, layer) == [row - 1] for row, layer in enumerate(layers))
        return (
            sequential_code(modules) if in_line and all(modules) else network_code(modules, layers)
        )

    @property
    def input_shape(self):
        """(N, C, H, W) of what the network reads."""
        return (self.batch, self.in_channels, *_pair(self.input_size))


def _pair(size):
    return tuple(size) if isinstance(size, (tuple, list)) else (size, size)


def _home(preset):
    """Return the image that a preset meets in its network."""
    return {name: PRESETS[preset][name] for name in OWN} if preset else OWN


def _image(settings, preset):
    """Return the channels and the size of the image, as plain numbers."""
    image = {
        name: value if settings[name] is None else settings[name]
        for name, value in _home(preset).items()
    }
    sizes = [whole("input_size", each, LIMITS["input_size"]) for each in _pair(image["input_size"])]
    if len(sizes) != 2:
        raise ValueError(f"input_size={image['input_size']}, but it is an int or a pair")
    return {
        "in_channels": whole("in_channels", image["in_channels"], LIMITS["in_channels"]),
        "input_size": sizes[0] if sizes[0] == sizes[1] else sizes,
    }


def _completed(layers):
    """Give every layer its settings."""
    if not isinstance(layers, (tuple, list)):
        raise TypeError(f"layers={layers!r}, but it is a list with one dict per layer")
    if not 1 <= len(layers) <= MOST_LAYERS:
        raise ValueError(f"{len(layers)} layers, but the table has room for 1 to {MOST_LAYERS}")
    for row, layer in enumerate(layers):
        if not isinstance(layer, dict):
            raise TypeError(f"layers[{row}]={layer!r}, but it is a dict")
    return [complete(layer) for layer in layers]


def _brief(layer):
    """Leave out of a layer what `complete` puts in."""
    return {name: layer[name] for name in layer if not _implied(layer, name)}


def _implied(layer, name):
    if name in ("kind", "name", "from", *FILLED_IN):
        return False
    default = KINDS[layer["kind"]][name]
    if name == "stride" and default is None:
        default = layer["kernel_size"]
    return layer[name] == (list(default) if isinstance(default, tuple) else default)


def _checked_layers(layers, shape, breaks=False):
    """Return the layers with plain numbers, or raise what refuses the first wrong one."""
    checked, outputs, broken = [], [], False
    for row, layer in enumerate(layers):
        try:
            # What PyTorch refuses in a convolution comes before what the table has no room for.
            if layer["kind"].startswith("Conv") and "from" not in layer and not breaks:
                output_shape(layer, outputs[-1:] or [shape])
            checked.append(plain(layer, row))
            if not broken:
                outputs.append(_output_of(checked[-1], row, outputs, shape))
        except Exception as error:
            if not breaks or len(checked) == row:
                raise _placed(error, row, layer) from None
            broken = True
    return checked


def _placed(error, row, layer):
    """Say in an error which layer it is about."""
    return type(error)(f"{error}\n  This is layers[{row}], a {layer['kind']}.")


def _sources(row, layer):
    """Return the rows that a layer reads; -1 is the image."""
    return layer.get("from", [row - 1])


def _trace(layers, shape, breaks=False):
    """Follow a shape through a network.

    Returns
    -------
    list of (dict, list of tuple, tuple)
        Each layer, what it reads and what it puts out; up to the row that PyTorch refuses, if
        `breaks`.
    """
    outputs = []
    for row, layer in enumerate(layers):
        try:
            outputs.append(_output_of(layer, row, outputs, shape))
        except Exception as error:
            if breaks:
                break
            raise _placed(error, row, layer) from None
    rows = zip(layers, outputs, strict=False)
    return [
        (layer, _inputs(layer, row, outputs, shape), output)
        for row, (layer, output) in enumerate(rows)
    ]


def _inputs(layer, row, outputs, shape):
    return [shape if each < 0 else outputs[each] for each in _sources(row, layer)]


def _output_of(layer, row, outputs, shape):
    """Return the shape that a row puts out, or raise what refuses it."""
    output = output_shape(layer, _inputs(layer, row, outputs, shape))
    if len(output) > 2 and max(output[2:]) > MOST_SIZE:
        size = max(output[2:])
        raise ValueError(f"its output size is {size}, but the table has room for {MOST_SIZE}")
    return output


def _module_code(layer, inputs):
    """Write a layer as a line of PyTorch."""
    kind, full = layer["kind"], filled_in(layer, inputs[0])
    if kind in JOINS or kind in ("mean", "other"):
        return ""
    defaults = {**KINDS[kind]}
    if defaults.get("stride", 1) is None:
        defaults["stride"] = layer["kernel_size"]
    if kind == "Softmax":
        defaults["dim"] = None
    leading = [name for name in LEADING if name in defaults]
    settings = {name: full[name] for name in defaults if name not in leading}
    for values in (settings, defaults):
        values.update({name: tuple(each) for name, each in values.items() if type(each) is list})
    return module_code(kind, [full[name] for name in leading], settings, defaults)
