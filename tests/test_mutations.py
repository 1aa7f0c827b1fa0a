# ruff: noqa: E501  (a mutant is one line)
"""Some forty wrong versions of convlib, each of which a named test must notice.

A mutant is convlib with one function changed, loaded beside the real one. The named test then runs
on it and has to fail. The change is a pattern and its replacement in the function's code as
``ast.unparse`` writes it: how the lines are laid out, and what the comments say, does not matter.
"""

import ast
import importlib.util
import re
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
infinite = test_functional.test_infinite_weights_meet_the_padding_too
painted = test_functional.test_transposed_infinite_weights_stay_where_they_are_painted
sizes = test_shapes.test_output_size_at_every_boundary
gradients = test_grad.test_random_gradients_equal_torch
summed = test_grad.test_gradients_are_summed_over_blocks
layer = test_layers.test_every_setting_gives_torchs_output_repr_and_attributes
drawing = test_layers.test_initial_values_have_torchs_distribution

# What is wrong: (module, function, pattern, replacement, test that notices, its arguments).
MUTANTS = {
    "kernel flipped": ("functional", "conv2d", r"w\.reshape", "w[..., ::-1, ::-1].reshape", torch_values),
    "axes of the kernel swapped": ("_columns", "view_windows", r"h \* d_h, w \* d_w", "w * d_w, h * d_h", torch_values),
    "stride swapped": ("_columns", "view_windows", r"h \* s_h, w \* s_w", "h * s_w, w * s_h", torch_values),
    "dilation forgotten": ("_columns", "view_windows", r"h \* d_h, w \* d_w", "h, w", torch_values),
    "size rounded up": ("shapes", "_places", r"\) // s", " + s - 1) // s", sizes),
    "size off by one": ("shapes", "_places", r"\) // s", " - 1) // s", sizes),
    "d * k": ("shapes", "_reach", r"k - 1", "k", sizes),
    "padding on one side": ("shapes", "padding_sides", r"zip\(padding, padding", "zip(padding, [0] * len(padding)", torch_values),
    "padding twice": ("shapes", "padding_sides", r"zip\(padding, padding", "zip([2 * p for p in padding], [2 * p for p in padding]", sizes),
    "padding swapped": ("_columns", "view_windows", r"\*sides", "*sides[::-1]", torch_values),
    "'same' puts the odd pixel first": ("shapes", "_same", r"before, total - before", "total - before, before", words),
    "groups in another order": ("functional", "conv2d", r"(filters = .*)", r"\1[::-1]", torch_values),
    "bias missing": ("functional", "finish", r"output \+= .*", "pass", torch_values),
    "bias of the wrong channel": ("functional", "finish", r"b\[:,", "b[::-1,", torch_values),
    "bias twice": ("functional", "finish", r"output \+= ", "output += 2 * ", torch_values),
    "several images in one piece": ("_columns", "multiply_into", r"place\.shape\[2\] == 1", "True", torch_values),
    "first image for all": ("_columns", "view_windows", r"w \* d_w, n", "w * d_w, 0", torch_values),
    "a row of the kernel left out": ("_columns", "taps_that_meet_the_image", r"lowest <= ", "lowest < ", blocks, 1),
    "a row of the kernel too few": ("_columns", "taps_that_meet_the_image", r"< highest", "< highest - 1", blocks, 1),
    "rows are left out of infinite weights": ("_columns", "taps_that_matter", r"not np\.isfinite\(factor\)\.all\(\)", "False", infinite),
    "a long step is shortened too far": ("refusals.calls", "_reached", r"max\(size", "max(size // 2", torch_values),
    "last row forgotten": ("_columns", "column_blocks", r"slices\(H_out", "slices(H_out - 1", blocks, 1),
    "float64 for float32": ("functional", "finish", r"input\.dtype, copy=False", "np.float64", dtypes, "float32"),
    "integers beyond 2**53": ("functional", "prepare", r"2 \*\* 53", "2 ** 530", wrapping),
    "integers cut off": ("functional", "finish", r"astype\(np\.int64, copy=False\)", "clip(-128, 127)", wrapping),
    "pad returns its input": ("functional", "pad", r"(return surround\(.*\))", r"\1 if any(map(any, sides)) else input", aliasing),
    "reflect repeats the edge": ("functional", "pad", r"source = size - .*", "source = abs(source) % size", padding),
    "replicate wraps": ("functional", "pad", r"mode='clip' if .* else 'wrap'", "mode='wrap'", padding),
    "loops ignore the group": ("functional", "conv2d_loops", r"first = .*", "first = 0", loops),
    "transpose not turned": ("functional", "_collect", r"\[\.\.\., ::-1, ::-1\]", "", transposed),
    "transpose in one part": ("functional", "_paint", r"v \* d_w", "v * d_w // s_w * s_w", transposed),
    "transpose without bias": ("functional", "conv_transpose2d", r"finish\(output, b", "finish(output, None", transposed),
    "zeros around the input are painted": ("functional", "conv_transpose2d", r"np\.isnan\(output\)\.any\(\)", "False", painted),
    "channel check missing": ("refusals.calls", "_check_channels", r"if .* != C_in", "if False", refusals),
    "stride check missing": ("refusals.calls", "_check_steps", r"if min\(stride\) < 1", "if False", refusals),
    "the padded input is not named": ("refusals.calls", "_even_out", r"size \+ after - before", "size", refusals),
    "True is an int": ("refusals.arguments", "is_integer", r" and .*", "", refusals),
    "gradient without the rest": ("grad", "conv2d_input", r"rest, groups", "0, groups", gradients),
    "gradient of one image": ("grad", "conv2d_weight", r"part \+= ", "part[...] = ", summed, 3),
    "gradient of all rows of the kernel": ("grad", "conv2d_weight", r", block\.taps", ", :block.taps.stop - block.taps.start", summed, 3),
    "unlucky draw": ("layers", "__init__", r"fan_in \*\* \S+", "fan_in ** -1", drawing, 3, 1, 3),
    "weights only positive": ("layers", "__init__", r"-bound, bound, shape\)", "0, bound, shape)", drawing, 3, 1, 3),
    "padding_mode ignored": ("layers", "forward", r"if self\.padding_mode != 'zeros'", "if False", layer),
    "repr without dilation": ("layers", "__repr__", r"if any\(\(d != 1.*\)\)", "if False", layer),
}  # fmt: skip


def mutate(source, function, pattern, replacement):
    """Return a module's source with a passage of one function replaced."""
    tree = ast.parse(source)
    (found,) = [n for n in ast.walk(tree) if getattr(n, "name", None) == function]
    code = ast.unparse(found)
    changed = re.sub(pattern, replacement, code)
    assert changed != code, f"nothing in {function} looks like {pattern}: update this mutant"
    found.body = ast.parse(changed).body[0].body
    return ast.unparse(tree)


def load(folder):
    """Import the package in a folder under a name of its own."""
    spec = importlib.util.spec_from_file_location("mutant", folder / "__init__.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutant"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", MUTANTS)
def test_mutant_is_caught(name, tmp_path, monkeypatch):
    module, function, pattern, replacement, test, *arguments = MUTANTS[name]
    folder = shutil.copytree(FOLDER, tmp_path / "mutant", ignore=shutil.ignore_patterns("widgets"))
    path = folder.joinpath(*module.split(".")).with_suffix(".py")
    path.write_text(mutate(path.read_text(), function, pattern, replacement))
    monkeypatch.setattr(sys.modules[test.__module__], "convlib", load(folder))
    try:
        test(*arguments)
    except Exception:
        return
    finally:
        for loaded in [m for m in sys.modules if m.partition(".")[0] == "mutant"]:
            del sys.modules[loaded]
    pytest.fail("nobody noticed")
