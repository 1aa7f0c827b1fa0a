# ruff: noqa: E501  (a mutant is one line)
"""Forty wrong versions of convlib, each of which a named test must notice.

A mutant is convlib with one passage of its source replaced, loaded beside the real one. The named
test then runs on it and has to fail.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

import convlib
from tests import test_functional, test_grad, test_layers, test_shapes

FOLDER = Path(convlib.__file__).parent

torch_values = test_functional.test_random_configurations_equal_torch
blocks = test_functional.test_blocks_of_every_size_give_the_same
dtypes = test_functional.test_dtypes_equal_torch
words = test_functional.test_words_for_padding_equal_torch
transposed = test_functional.test_transposed_configurations_equal_torch
padding = test_functional.test_pad_equals_torch
aliasing = test_functional.test_nothing_is_aliased_when_there_is_nothing_to_do
loops = test_functional.test_conv2d_and_its_loops_equal_torch
refusals = test_functional.test_conv2d_refuses_what_torch_refuses
wrapping = test_functional.test_large_integers_wrap_like_torch
sizes = test_shapes.test_output_size_at_every_boundary
gradients = test_grad.test_random_gradients_equal_torch
summed = test_grad.test_gradients_are_summed_over_blocks
layer = test_layers.test_every_setting_gives_torchs_output_repr_and_attributes
drawing = test_layers.test_initial_values_have_torchs_distribution

# What is wrong: (file, passage, replacement, test that notices, its arguments).
MUTANTS = {
    "kernel flipped": ("functional", "filters = w.reshape(groups", "filters = w[..., ::-1, ::-1].reshape(groups", torch_values),
    "axes of the kernel swapped": ("functional", "h * d_h, w * d_w, i", "w * d_w, h * d_h, i", torch_values),
    "stride swapped": ("functional", "h * s_h, w * s_w)", "h * s_w, w * s_h)", torch_values),
    "dilation forgotten": ("functional", "h * d_h, w * d_w, i", "h, w, i", torch_values),
    "size rounded up": ("shapes", "_reach(k, d)) // s + 1", "_reach(k, d) + s - 1) // s + 1", sizes),
    "size off by one": ("shapes", "_reach(k, d)) // s + 1", "_reach(k, d) - 1) // s + 1", sizes),
    "d * k": ("shapes", "return d * (k - 1) + 1", "return d * k", sizes),
    "padding on one side": ("shapes", "return tuple(zip(padding, padding, strict=True))", "return tuple((p, 0) for p in padding)", torch_values),
    "padding twice": ("shapes", "return tuple(zip(padding, padding, strict=True))", "return tuple((2 * p, 2 * p) for p in padding)", sizes),
    "padding swapped": ("functional", "border = ((0, 0), (0, 0), *sides)", "border = ((0, 0), (0, 0), *sides[::-1])", torch_values),
    "'same' puts the odd pixel first": ("shapes", "return (_reach(k, d) - 1) // 2, _reach(k, d) // 2", "return _reach(k, d) // 2, (_reach(k, d) - 1) // 2", words),
    "groups in another order": ("functional", "*w.shape[1:])\n    return finish", "*w.shape[1:])[::-1]\n    return finish", torch_values),
    "bias missing": ("_checks", "output += b[:, None, None]", "pass", torch_values),
    "bias of the wrong channel": ("_checks", "output += b[:, None, None]", "output += b[::-1, None, None]", torch_values),
    "bias twice": ("_checks", "output += b[:, None, None]", "output += 2 * b[:, None, None]", torch_values),
    "several images in one piece": ("functional", "block.shape[2] == 1 and ", "", torch_values),
    "first image for all": ("functional", "w * d_w, i, h", "w * d_w, 0, h", torch_values),
    "a row of the kernel left out": ("functional", "low <= u * d_h", "low < u * d_h", blocks, 1),
    "a row of the kernel too few": ("functional", "u * d_h < high", "u * d_h < high - 1", blocks, 1),
    "a long step is shortened too far": ("_checks", "longest = [sum(side, n)", "longest = [sum(side, n) // 2", torch_values),
    "last row forgotten": ("functional", "range(0, H_out, height)", "range(0, H_out - 1, height)", blocks, 1),
    "float64 for float32": ("_checks", ".astype(input.dtype, copy=False)", ".astype(np.float64)", dtypes, "float32"),
    "integers beyond 2**53": ("_checks", "<= 2**53", "<= 2**530", wrapping),
    "integers cut off": ("_checks", "output = output.astype(np.int64, copy=False)", "output = output.clip(-128, 127)", wrapping),
    "pad returns its input": ("functional", "        return _surround(input, sides, value)", "        return _surround(input, sides, value) if any(map(any, sides)) else input", aliasing),
    "reflect repeats the edge": ("functional", "size - 1 - abs(size - 1 - abs(source))", "abs(source) % size", padding),
    "replicate wraps": ("functional", '"clip" if mode == "replicate" else "wrap"', '"wrap"', padding),
    "loops ignore the group": ("functional", "first = o // (len(w) // groups) * w.shape[1]", "first = 0", loops),
    "transpose not turned": ("functional", "[..., ::-1, ::-1]", "", transposed),
    "transpose in one part": ("functional", "parts[:, :, row, column, y", "parts[:, :, 0, column, y", transposed),
    "transpose without bias": ("functional", "finish(output, b, input)", "finish(output, None, input)", transposed),
    "channel check missing": ("_checks", 'or (channels != C_in and prefix + "channels")', "", refusals),
    "stride check missing": ("_checks", 'or (min(stride) < 1 and "stride")', "", refusals),
    "True is an int": ("shapes", 'kind == "bool" or not number', "not number", refusals),
    "gradient without the rest": ("grad", "rest, groups", "0, groups", gradients),
    "gradient of one image": ("grad", "total[part, :, seen] += ", "total[part, :, seen] = ", summed, 3),
    "gradient of all rows of the kernel": ("grad", "total[part, :, seen] += product.reshape(total[part, :, seen].shape)", "total[part, :, : product.shape[1] // weight_size[1] // weight_size[3]] += product.reshape(total[part, :, seen].shape)", summed, 3),
    "unlucky draw": ("layers", "fan_in**-0.5", "fan_in**-1", drawing, 3, 1, 3),
    "weights only positive": ("layers", "rng.uniform(-bound, bound, shape)", "rng.uniform(0, bound, shape)", drawing, 3, 1, 3),
    "padding_mode ignored": ("layers", 'if self.padding_mode != "zeros":', "if False:", layer),
    "repr without dilation": ("layers", "if any(d != 1 for d in self.dilation)", "if False", layer),
}  # fmt: skip


def load(folder):
    """Import the package in a folder under a name of its own."""
    spec = importlib.util.spec_from_file_location("mutant", folder / "__init__.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutant"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", MUTANTS)
def test_mutant_is_caught(name, tmp_path, monkeypatch):
    file, passage, replacement, test, *arguments = MUTANTS[name]
    for source in (*FOLDER.glob("*.py"), FOLDER / "errors.toml"):
        shutil.copy(source, tmp_path)
    text = (tmp_path / f"{file}.py").read_text()
    assert passage in text, "the passage to break is gone: update this mutant"
    (tmp_path / f"{file}.py").write_text(text.replace(passage, replacement))
    monkeypatch.setattr(sys.modules[test.__module__], "convlib", load(tmp_path))
    try:
        test(*arguments)
    except Exception:
        return
    finally:
        for module in [m for m in sys.modules if m.partition(".")[0] == "mutant"]:
            del sys.modules[module]
    pytest.fail("nobody noticed")
