"""``convlib.layers`` on PyTorch."""

import numpy as np
import torch


class Conv2d:
    """`torch.nn.Conv2d` behind convlib's door: arrays in and out, and a weight that is an array."""

    def __init__(self, *args, dtype=None, rng=None, **kwargs):
        # The draws differ from convlib's, as every machine's do: no cell may show them.
        if rng is not None:
            torch.manual_seed(int(rng.integers(2**32)))
        if dtype is not None:
            kwargs["dtype"] = torch.from_numpy(np.empty(0, dtype)).dtype
        self.__dict__["_layer"] = torch.nn.Conv2d(*args, **kwargs)

    def __getattr__(self, name):
        value = getattr(self._layer, name)
        return value.detach().numpy() if isinstance(value, torch.Tensor) else value

    def __setattr__(self, name, value):
        if isinstance(value, np.ndarray):
            value = torch.nn.Parameter(torch.from_numpy(value))
        setattr(self._layer, name, value)

    def __call__(self, input):
        with torch.no_grad():
            return self._layer(torch.from_numpy(input)).numpy()

    forward = __call__

    def __repr__(self):
        return repr(self._layer)

    def state_dict(self):
        return {name: value.numpy() for name, value in self._layer.state_dict().items()}

    def load_state_dict(self, state_dict):
        self._layer.load_state_dict({k: torch.from_numpy(v) for k, v in state_dict.items()})
