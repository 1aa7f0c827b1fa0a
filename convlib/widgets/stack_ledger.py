"""A stack of layers as a table: a row for each, with its size, its field of view and its cost."""

from math import gcd

from traitlets import Any, Dict, observe, validate

from ..shapes import effective_kernel_size, output_size, transposed_output_size, weight_shape
from ._settings import whole, word
from ._torch_code import module_code, sequential_code
from ._widget import Widget

# The settings of each kind of layer with their defaults, in PyTorch's order.
REQUIRED = ...
CONV = {"out_channels": REQUIRED, "kernel_size": REQUIRED, "stride": 1, "padding": 0}
POOL = {"kernel_size": REQUIRED, "stride": None, "padding": 0}  # None: the kernel size
KINDS = {
    "Conv2d": {**CONV, "dilation": 1, "groups": 1, "bias": True},
    "MaxPool2d": {**POOL, "dilation": 1},
    "AvgPool2d": POOL,
    "ConvTranspose2d": {**CONV, "output_padding": 0, "groups": 1, "bias": True, "dilation": 1},
}
OWN = {"in_channels": 3, "input_size": 224}  # the image of layers that are no preset

# What the table has room for; stack.js has the same.
LIMITS = {
    "in_channels": (1, 4096),
    "input_size": (1, 1024),
    "out_channels": (1, 4096),
    "kernel_size": (1, 16),
    "stride": (1, 16),
    "padding": (0, 32),
    "output_padding": (0, 31),
    "dilation": (1, 32),
    "groups": (1, 4096),
}
MOST_LAYERS = 13  # as many as a VGG-11 has before its classifier
MOST = {"output size": 1024, "receptive field": 1024, "number of different fields": 64}


def complete(layer):
    """Give a layer the settings that it leaves out, in PyTorch's order."""
    kind = word("kind", layer.get("kind"), tuple(KINDS))
    defaults = KINDS[kind]
    for name in layer:
        if name != "kind":
            word(f"a setting of {kind}", name, tuple(defaults))
    if missing := [name for name in defaults if defaults[name] is REQUIRED and name not in layer]:
        raise TypeError(f"a {kind} needs {' and '.join(missing)}")
    full = {"kind": kind, **defaults, **layer}
    if full["stride"] is None:
        full["stride"] = full["kernel_size"]
    return full


def _conv(out_channels, kernel_size, **settings):
    layer = {"kind": "Conv2d", "out_channels": out_channels, "kernel_size": kernel_size}
    return complete({**layer, **settings})


def _pool(kernel_size, **settings):
    return complete({"kind": "MaxPool2d", "kernel_size": kernel_size, **settings})


def _without_bias(*layers):
    """Leave the biases out: each layer is followed by a BatchNorm2d, which has its own."""
    return [{**layer, "bias": False} for layer in layers]


# Each with the channels and the size that it meets in its network.
PRESETS = {
    "resnet50_stem": {
        "in_channels": 3,
        "input_size": 224,
        "layers": [
            *_without_bias(_conv(64, 7, stride=2, padding=3)),
            _pool(3, stride=2, padding=1),
        ],
        "note": "The start of ResNet-50 (He et al., arXiv:1512.03385).",
    },
    "resnet50_bottleneck": {
        "in_channels": 256,
        "input_size": 56,
        "layers": _without_bias(_conv(64, 1), _conv(64, 3, padding=1), _conv(256, 1)),
        "note": "A bottleneck of ResNet-50 (He et al., arXiv:1512.03385). Its input is then added.",
    },
    "vgg_block": {
        "in_channels": 3,
        "input_size": 224,
        "layers": [_conv(64, 3, padding=1), _conv(64, 3, padding=1), _pool(2)],
        "note": "The first block of VGG-16 (Simonyan and Zisserman, arXiv:1409.1556).",
    },
    "mobilenetv2_block": {
        "in_channels": 24,
        "input_size": 56,
        "layers": _without_bias(_conv(144, 1), _conv(144, 3, padding=1, groups=144), _conv(24, 1)),
        "note": "An inverted residual of MobileNetV2 (Sandler et al., arXiv:1801.04381): expand"
        " by 6, depthwise, project. Its input is then added.",
    },
    "resnext_block": {
        "in_channels": 256,
        "input_size": 56,
        "layers": _without_bias(_conv(128, 1), _conv(128, 3, padding=1, groups=32), _conv(256, 1)),
        "note": "A block of ResNeXt-50, 32 groups of 4 (Xie et al., arXiv:1611.05431). Its input is"
        " then added.",
    },
    "deeplab_aspp": {
        "in_channels": 512,
        "input_size": 41,
        "layers": [_conv(1024, 3, padding=12, dilation=12), _conv(1024, 1), _conv(21, 1)],
        "note": "One of four branches side by side in DeepLab's ASPP (Chen et al.,"
        " arXiv:1606.00915). The others have padding and dilation 6, 18 and 24.",
    },
}


class StackLedger(Widget):
    """A table of a stack of layers: what each one puts out, sees of the image, and costs.

    Parameters
    ----------
    input_size : int, optional
        Height and width of the image, up to 1024. If left out: the preset's, or 224.
    preset : str or None
        'resnet50_stem', 'resnet50_bottleneck', 'vgg_block', 'mobilenetv2_block', 'resnext_block'
        or 'deeplab_aspp'. To assign it replaces the whole table.
    in_channels : int, optional
        If left out: the preset's, or 3.
    layers : list of dict, optional
        Layers of your own, in place of a preset, up to 16: in each dict ``kind``, which is
        'Conv2d', 'ConvTranspose2d', 'MaxPool2d' or 'AvgPool2d', and its settings as ints; those
        left out have PyTorch's defaults.
    picked : int
        The row that is lit and can be edited, from 0.

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

    input_size = Any().tag(sync=True)
    preset = Any().tag(sync=True)
    in_channels = Any().tag(sync=True)
    layers = Any().tag(sync=True)
    picked = Any().tag(sync=True)
    presets = Dict(PRESETS, read_only=True).tag(sync=True)  # for the page

    def __init__(
        self,
        input_size=None,
        preset="resnet50_stem",
        *,
        in_channels=None,
        layers=None,
        picked=0,
    ):
        super().__init__(
            input_size=input_size,
            preset=preset,
            in_channels=in_channels,
            layers=layers,
            picked=picked,
        )

    @validate("input_size", "in_channels", "layers", "picked")
    def _validate(self, proposal):
        return self.checked(proposal)

    @validate("preset")
    def _validate_preset(self, proposal):
        return proposal["value"] and word("preset", proposal["value"], tuple(PRESETS))

    @observe("preset")
    def _replace_table(self, change):
        preset = PRESETS.get(change["new"])
        if preset and self.layers != preset["layers"]:
            with self.hold_trait_notifications():
                for name in ("layers", *OWN):
                    setattr(self, name, preset[name])

    def check(self, settings):
        """Return `settings` in their normal form, or raise what PyTorch raises for them."""
        preset, layers = settings["preset"], settings["layers"]
        if preset is not None:
            word("preset", preset, tuple(PRESETS))
        if layers is None:
            if preset is None:
                raise ValueError("preset=None and layers=None, but the table needs one of them")
            layers = PRESETS[preset]["layers"]
        if not isinstance(layers, (tuple, list)):
            raise TypeError(f"layers={layers!r}, but it is a list with one dict per layer")
        if not 1 <= len(layers) <= MOST_LAYERS:
            raise ValueError(f"{len(layers)} layers, but the table has room for 1 to {MOST_LAYERS}")
        for row, layer in enumerate(layers):
            if not isinstance(layer, dict):
                raise TypeError(f"layers[{row}]={layer!r}, but it is a dict")
        layers = [complete(layer) for layer in layers]
        if preset is not None and layers != PRESETS[preset]["layers"]:
            preset = None
        image = {}
        for name, value in _home(preset).items():
            given = settings[name]
            image[name] = whole(name, value if given is None else given, LIMITS[name])
        picked = whole("picked", settings["picked"], (0, MOST_LAYERS - 1))
        return {
            **image,
            "preset": preset,
            "layers": _checked_layers(layers, **image),
            "picked": min(picked, len(layers) - 1),
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
        """The stack as PyTorch code."""
        channels = self.in_channels
        modules = []
        for layer in self.layers:
            kind, out_channels = layer["kind"], layer.get("out_channels")
            defaults = {**KINDS[kind]}
            if defaults["stride"] is None:
                defaults["stride"] = layer["kernel_size"]
            names = [name for name in defaults if name != "out_channels"]
            numbers = (channels, out_channels) if out_channels else ()
            settings = {name: layer[name] for name in names}
            modules.append(module_code(kind, numbers, settings, defaults))
            channels = out_channels or channels
        return sequential_code(modules)


def _home(preset):
    """Return the image that a preset meets in its network."""
    return {name: PRESETS[preset][name] for name in OWN} if preset else OWN


def _brief(layer):
    """Leave out of a layer what `complete` puts in."""
    return {name: layer[name] for name in layer if not _implied(layer, name)}


def _implied(layer, name):
    if name == "kind":
        return False
    default = KINDS[layer["kind"]][name]
    return layer[name] == (layer["kernel_size"] if default is None else default)


def _checked_layers(layers, in_channels, input_size):
    """Return the layers with plain numbers, or raise what refuses the first wrong one."""
    checked, channels, size = [], in_channels, input_size
    field = jump = period = 1  # the field is exact without transposed layers, else at most this
    for row, layer in enumerate(layers):
        try:
            layer, channels, size = _checked_layer(layer, channels, size)
            transposed = layer["kind"] == "ConvTranspose2d"
            stride = layer["stride"]
            reach = effective_kernel_size(layer["kernel_size"], layer.get("dilation", 1)) - 1
            if transposed:
                jump /= stride
            field += reach * jump
            if not transposed:
                jump *= stride
            period = period * stride if transposed else period // gcd(period, stride)
            for (name, most), value in zip(MOST.items(), (size, field, period), strict=True):
                if value > most:
                    raise ValueError(
                        f"its {name} is {int(value)}, but the table has room for {most}"
                    )
        except Exception as error:
            raise type(error)(f"{error}\n  This is layers[{row}], a {layer['kind']}.") from None
        checked.append(layer)
    return checked


def _checked_layer(layer, channels, size):
    """Return a layer with plain numbers, its output channels and its output size."""
    kind, k, padding = layer["kind"], layer["kernel_size"], layer["padding"]
    steps = (k, layer["stride"], padding)
    if kind == "Conv2d":
        weight_shape(channels, layer["out_channels"], k, layer["groups"])
        after = output_size((size, size), *steps, layer["dilation"])[0]
    elif kind == "ConvTranspose2d":
        weight_shape(channels, layer["out_channels"], k, layer["groups"])
        extra, dilation = layer["output_padding"], layer["dilation"]
        after = transposed_output_size((size, size), *steps, extra, dilation)[0]
    plain = {
        name: bool(value) if name == "bias" else whole(name, value, LIMITS[name])
        for name, value in layer.items()
        if name != "kind"
    }
    if "out_channels" not in layer:
        after = _pooled_size(channels, size, **plain)
    return {"kind": kind, **plain}, plain.get("out_channels", channels), after


def _pooled_size(channels, size, kernel_size, stride, padding, dilation=1):
    """Count the windows of a pooling layer, or raise what PyTorch raises."""
    reach = effective_kernel_size(kernel_size, dilation)
    if padding > reach // 2:
        raise RuntimeError(
            "pad should be at most half of effective kernel size, but got"
            f" pad={padding}, kernel_size={kernel_size} and dilation={dilation}\n"
            f"  The window spans {reach} pixels. A larger padding could leave it without any.\n"
            f"  Use padding={kernel_size // 2} or less."
        )
    if padding > kernel_size // 2:
        both = f"padW = {padding}, padH = {padding}, kW = {kernel_size}, kH = {kernel_size}"
        raise RuntimeError(
            "pad should be smaller than or equal to half of kernel size, but got"
            f" {both}\n  PyTorch compares with the kernel without its gaps.\n"
            f"  Use padding={kernel_size // 2} or less."
        )
    after = (size + 2 * padding - reach) // stride + 1
    if after < 1:
        raise RuntimeError(
            f"Given input size: ({channels}x{size}x{size}). Calculated output size:"
            f" ({channels}x{after}x{after}). Output size is too small\n"
            f"  The window spans {reach} pixels; with its padding the input has only"
            f" {size + 2 * padding}.\n"
            "  Use a larger image, or a smaller window."
        )
    return after
