"""The widgets by the names of their modules, and the largest picture of each."""

import convlib.widgets
from convlib.widgets.stack_ledger import MOST_LAYERS

WIDGETS = {
    widget.__module__.rpartition(".")[2]: widget
    for widget in (getattr(convlib.widgets, name) for name in convlib.widgets.__all__)
}

_LAYER = {"kind": "Conv2d", "out_channels": 64, "kernel_size": 3, "dilation": 2, "padding": 2}

# The pictures that take longest to draw, by their cells, wires, rows or answers.
LARGEST = {
    "layer_explorer": {"input_size": 8, "kernel_size": 5, "padding": "same"},
    "pixel_usage": {"input_size": 8, "kernel_size": 5, "padding": 3},
    "padding_atlas": {"input_size": 5, "padding": 3, "width": 10, "kernel_size": 7, "stride": 1},
    "shape_solver": {
        "input_size": 256, "kernel_size": 11, "stride": 1, "padding": 6, "target": 64,
        "max_kernel_size": 11, "max_stride": 4, "max_padding": 6, "max_dilation": 4,
    },
    "dilation_explorer": {"kernel_size": 3, "dilations": (1, 2, 3, 3), "dilation": 4},
    "groups_explorer": {
        "in_channels": 8, "out_channels": 12, "groups": 1, "kernel_size": 7, "input_size": 224,
        "stack": "shuffled",
    },
    "stack_ledger": {"preset": None, "layers": [_LAYER] * MOST_LAYERS},
    "practice": {"topic": "channels", "question": 500, "answers": ((1,),) * 500},
}  # fmt: skip


def traits(name, **settings):
    """Return what the page gets of a widget with these settings."""
    widget = WIDGETS[name](**settings)
    return {trait: getattr(widget, trait) for trait in WIDGETS[name].class_own_traits(sync=True)}
