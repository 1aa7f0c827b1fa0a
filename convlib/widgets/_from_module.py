"""Read a real `torch.nn.Module`: run it once, and write down what ran. torch is imported here."""

from contextlib import ExitStack

from ._modules import JOINS, KINDS, complete, output_shape

# Functions that only hand a tensor on.
ALIASES = ("contiguous", "clone", "detach", "to", "float", "requires_grad_", "dropout", "type")
# What a forward pass writes without a module, by the names of the functions.
FUNCTIONS = {
    "add": "add",
    "add_": "add",
    "__add__": "add",
    "__iadd__": "add",
    "__radd__": "add",
    "mul": "mul",
    "mul_": "mul",
    "__mul__": "mul",
    "__imul__": "mul",
    "__rmul__": "mul",
    "cat": "cat",
    "concat": "cat",
    "concatenate": "cat",
}
ACTIVATIONS = {
    "relu": "ReLU",
    "relu_": "ReLU",
    "relu6": "ReLU6",
    "leaky_relu": "LeakyReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
}

# Steps in which each number of an image follows from the numbers at its own place.
POINTWISE = ("chunk", "split", "unsqueeze", "sub", "div", "neg", "abs", "pow", "sqrt", "exp", "log")
POINTWISE += ("clamp", "softmax", "log_softmax", "softplus", "hardtanh", "prelu", "logsigmoid")


def read_module(model, input_shape):
    """Return the layers of a model in the order in which they run, as StackLedger takes them.

    A row is a module without children, or a function that the forward pass calls itself. Where the
    call fails, the last row is the one that broke.

    Parameters
    ----------
    model : torch.nn.Module
        It is run in eval() and put back as it was.
    input_shape : tuple of int
    """
    import torch

    recorder = _Recorder(torch)
    parameter = next(model.parameters(), torch.zeros(0))
    image = torch.zeros(input_shape, device=parameter.device, dtype=parameter.dtype)
    with torch.no_grad():
        _run(model, image, recorder)
    return recorder.layers


def seen_by(model, input_shape, rows, position):
    """Return which pixels of the image one output of each row depends on, by gradients.

    The network runs on ones, with ones as weights, and without what could hide a path: an
    activation hands its input on, a maximum is a mean. So a gradient that is not 0 is a path.

    Parameters
    ----------
    model : torch.nn.Module
    input_shape : tuple of int
    rows : list of int
        As `read_module` numbers them.
    position : 'corner' or 'middle'
        Which output.

    Returns
    -------
    list of (list of int, list of int)
        For each row, the rows and the columns of the image that have a gradient.
    """
    import torch

    recorder = _Recorder(torch)
    recorder.keeps = True
    parameter = next(model.parameters(), torch.zeros(0))
    image = torch.ones(input_shape, device=parameter.device, dtype=torch.float64)
    image.requires_grad_()
    _run(model, image, recorder, _ones(torch))
    found = []
    for row in rows:
        output = recorder.outputs[row]
        places = [0 if position == "corner" else size // 2 for size in output.shape[2:]]
        one = output[(slice(None), slice(None), *places)].sum()
        (gradient,) = torch.autograd.grad(one, image, retain_graph=True)
        seen = gradient.abs().sum((0, 1)) > 0
        found.append(tuple(seen.any(axis).nonzero().flatten().tolist() for axis in (1, 0)))
    return found


def _run(model, image, recorder, *modes):
    """Call a model in eval(), watched by a recorder, and put it back as it was."""
    was_training = [(module, module.training) for module in model.modules()]
    recorder.rows_of[id(image)] = -1
    recorder.alive.append(image)
    recorder.names = {module: name for name, module in model.named_modules()}
    with ExitStack() as stack:
        for module in model.modules():
            if not list(module.children()):
                stack.callback(module.register_forward_pre_hook(recorder.enter).remove)
                stack.callback(module.register_forward_hook(recorder.leave).remove)
        stack.callback(lambda: [setattr(module, "training", on) for module, on in was_training])
        model.eval()
        for mode in (*modes, recorder.mode()):
            stack.enter_context(mode)
        try:
            model(image)
        except Exception as error:
            recorder.fail(error)


def _ones(torch):
    """Put ones in the place of weights, and let every path through."""
    keep = {*ACTIVATIONS, *POINTWISE, "dropout", "batch_norm", "feature_dropout"} - {
        "chunk",
        "split",
    }
    spread = ("instance_norm", "group_norm", "layer_norm")

    class Ones(torch.overrides.TorchFunctionMode):
        def __torch_function__(self, function, types, args=(), kwargs=None):
            kwargs = kwargs or {}
            name = getattr(function, "__name__", "")
            if name in ("conv2d", "conv_transpose2d", "linear"):
                x, weight, _bias, *others = (*args, None)[: max(3, len(args))]
                ones = torch.full_like(weight, 1 / weight.numel(), dtype=x.dtype)
                kwargs.pop("bias", None)
                return function(x, ones, None, *others, **kwargs)
            if name == "max_pool2d":
                return _mean_windows(torch, *args, **kwargs)
            if name == "adaptive_max_pool2d":
                return torch.nn.functional.adaptive_avg_pool2d(*args[:2])
            if name in spread:
                return args[0] + args[0].mean()
            return args[0] if name in keep else function(*args, **kwargs)

    return Ones()


def _mean_windows(torch, x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, **_):
    """Take the mean where a pooling takes the maximum."""
    if dilation in (1, (1, 1), [1, 1]):
        return torch.nn.functional.avg_pool2d(x, kernel_size, stride, padding, ceil_mode)
    size = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    ones = torch.ones(x.shape[1], 1, *size, dtype=x.dtype)
    stride, groups = stride or kernel_size, x.shape[1]
    return torch.nn.functional.conv2d(x, ones, None, stride, padding, dilation, groups)


class _Recorder:
    """What ran so far: the layers, and which row each tensor came from."""

    def __init__(self, torch):
        self.torch = torch
        self.layers = []
        self.shapes = []
        self.rows_of = {}  # from the id of a tensor to its row
        self.alive = []  # the tensors, so that no id is used twice
        self.inside = []  # the module that runs, with its inputs
        self.names = {}
        self.broken = None  # what a function that failed was
        self.keeps = False  # whether the outputs are wanted
        self.outputs = []

    # ------------------------------------------------------------------------- modules

    def enter(self, module, inputs):
        self.inside.append((module, self.tensors(inputs)))

    def leave(self, module, inputs, output):
        _, tensors = self.inside.pop()
        if not self.inside:
            self.record(_layer_of(module, self.names.get(module)), tensors, output, module)

    def fail(self, error):
        """Add the row that broke."""
        if self.inside:
            module, tensors = self.inside[0]
            layer = _layer_of(module, self.names.get(module))
        elif self.broken:
            layer, tensors = self.broken
        else:
            raise error
        sources = self.sources(tensors)
        shapes = [tuple(tensor.shape) for tensor in tensors if id(tensor) in self.rows_of]
        if layer["kind"] == "other" or not _refuses(layer, shapes):
            message = f"{type(error).__name__}: {error}".splitlines()[0]
            layer = {"kind": "other", "text": layer.get("text", layer["kind"]), "error": message}
        self.append(layer, sources, None)

    # ------------------------------------------------------------------------- functions

    def mode(self):
        """Watch the functions that a forward pass calls."""
        recorder = self

        class Watch(self.torch.overrides.TorchFunctionMode):
            def __torch_function__(self, function, types, args=(), kwargs=None):
                kwargs = kwargs or {}
                name = getattr(function, "__name__", str(function))
                tensors = recorder.tensors((args, kwargs))
                sources = recorder.sources(tensors)
                watched = bool(sources) and not recorder.inside
                layer = _function_layer(name, args, kwargs) if watched else None
                # The input of a function in place is written over: its row is asked for before.
                recorder.broken = (layer, tensors) if watched else None
                output = function(*args, **kwargs)
                recorder.broken = None
                if watched and recorder.tensors(output):
                    if name in ALIASES:
                        recorder.remember(output, sources[0])
                    else:
                        recorder.record(layer, tensors, output, None, sources)
                return output

        return Watch()

    # ------------------------------------------------------------------------- rows

    def tensors(self, value):
        """List the tensors in nested arguments."""
        if self.torch.is_tensor(value):
            return [value]
        values = value.values() if isinstance(value, dict) else value
        if not isinstance(value, (tuple, list, dict)):
            return []
        return [tensor for each in values for tensor in self.tensors(each)]

    def sources(self, tensors):
        return [self.rows_of[id(tensor)] for tensor in tensors if id(tensor) in self.rows_of]

    def remember(self, output, row):
        for tensor in self.tensors(output):
            self.rows_of[id(tensor)] = row
            self.alive.append(tensor)

    def record(self, layer, tensors, output, module, sources=None):
        """Add a row; one that our own arithmetic cannot follow keeps what was measured."""
        outputs = self.tensors(output)
        if not outputs:
            return
        sources = self.sources(tensors) if sources is None else sources
        known = [tensor for tensor in tensors if id(tensor) in self.rows_of]
        inputs = [tuple(tensor.shape) for tensor in known]
        shape = list(outputs[0].shape)
        text = layer.get("text", layer["kind"])
        if layer["kind"] != "other":
            layer = {name: value for name, value in layer.items() if name != "text"}
        if not inputs or _follows(layer, inputs) != tuple(shape):
            parameters = module.parameters() if module is not None else ()
            layer = {
                "kind": "other",
                "text": text,
                "output": shape,
                "parameters": sum(each.numel() for each in parameters),
                "pointwise": text in POINTWISE,
                **({"name": layer["name"]} if "name" in layer else {}),
            }
        self.append(layer, sources, shape)
        if self.keeps:
            self.outputs.append(outputs[0])
        self.remember(output, len(self.layers) - 1)

    def append(self, layer, sources, shape):
        if sources != [len(self.layers) - 1] or layer["kind"] in JOINS:
            layer = {**layer, "from": sources or [-1]}
        self.layers.append(layer)
        self.shapes.append(shape)


def _follows(layer, shapes):
    """Return the shape that our own arithmetic finds; None if it cannot tell."""
    try:
        full = complete({**layer, "from": [0]})
        return output_shape(full, shapes)
    except Exception:
        return None


def _refuses(layer, shapes):
    """Tell whether our own arithmetic refuses this row too."""
    try:
        full = complete({**layer, "from": [0]})
    except Exception:
        return False
    try:
        output_shape(full, shapes)
    except Exception:
        return True
    return False


def _plain(value):
    """Return a tuple as a list, and one of two equal numbers as that number."""
    if not isinstance(value, (tuple, list)):
        return value
    return value[0] if len(value) == 2 and value[0] == value[1] else list(value)


def _layer_of(module, name):
    """Return a module as a dict."""
    kind = type(module).__name__
    named = {"name": name} if name else {}
    if kind not in KINDS or not type(module).__module__.startswith("torch.nn"):
        return {"kind": "other", "text": kind, **named}
    layer = {"kind": kind}
    for setting in KINDS[kind]:
        value = getattr(module, setting, None)
        layer[setting] = value is not None if setting == "bias" else _plain(value)
    return {**layer, **named}


def _function_layer(name, args, kwargs):
    """Return the call of a function as a dict."""
    others = {"kind": "other", "text": name.strip("_")}
    given = list(args[1:])

    def argument(key, position, default):
        return kwargs.get(key, given[position] if len(given) > position else default)

    if name in FUNCTIONS:
        kind = FUNCTIONS[name]
        return {"kind": kind, "dim": argument("dim", 0, 0)} if kind == "cat" else {"kind": kind}
    if name in ACTIVATIONS:
        return {"kind": ACTIVATIONS[name]}
    if name == "flatten":
        start, end = argument("start_dim", 0, 0), argument("end_dim", 1, -1)
        return {"kind": "Flatten", "start_dim": start, "end_dim": end}
    if name in ("view", "reshape"):
        sizes = given[0] if given and isinstance(given[0], (tuple, list)) else given
        return {"kind": "Flatten", "text": name} if len(sizes) == 2 else others
    if name == "mean" and argument("dim", 0, None) is not None:
        keep = argument("keepdim", 1, False)
        return {"kind": "mean", "dim": _listed(argument("dim", 0, None)), "keepdim": keep}
    if name == "interpolate":
        size, factor = argument("size", 0, None), argument("scale_factor", 1, None)
        settings = {"mode": argument("mode", 2, "nearest")}
        settings["align_corners"] = argument("align_corners", 3, None)
        return {"kind": "Upsample", "size": _plain(size), "scale_factor": factor, **settings}
    if name in ("max_pool2d", "avg_pool2d"):
        kind = "MaxPool2d" if name == "max_pool2d" else "AvgPool2d"
        kernel, stride = argument("kernel_size", 0, None), argument("stride", 1, None)
        layer = {"kind": kind, "kernel_size": _plain(kernel), "stride": _plain(stride) or None}
        return {**layer, "padding": _plain(argument("padding", 2, 0))}
    if name in ("adaptive_avg_pool2d", "adaptive_max_pool2d"):
        kind = "AdaptiveAvgPool2d" if "avg" in name else "AdaptiveMaxPool2d"
        return {"kind": kind, "output_size": _plain(argument("output_size", 0, 1))}
    return others


def _listed(value):
    return list(value) if isinstance(value, (tuple, list)) else value
