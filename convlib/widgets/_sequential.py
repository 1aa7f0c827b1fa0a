"""Layers as lines of PyTorch. sequential.js has the same."""


def module_code(name, numbers, settings=None, defaults=None):
    """Write a module of ``torch.nn`` without the arguments that have their default value.

    Examples
    --------
    >>> module_code("Conv2d", (3, 8), {"kernel_size": 3, "stride": 1}, {"stride": 1})
    'torch.nn.Conv2d(3, 8, kernel_size=3)'
    """
    settings, defaults = settings or {}, defaults or {}
    changed = [
        f"{key}={value!r}"
        for key, value in settings.items()
        if key not in defaults or value != defaults[key]
    ]
    return f"torch.nn.{name}({', '.join([*map(str, numbers), *changed])})"


def sequential_code(modules):
    """Write several modules as a ``torch.nn.Sequential``; a single one stands for itself."""
    if len(modules) == 1:
        return modules[0]
    return "torch.nn.Sequential(\n" + "".join(f"    {module},\n" for module in modules) + ")"
