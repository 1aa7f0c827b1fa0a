"""Print the tables: every figure but the widgets' is a multiple of PyTorch's time for the layer.

All ways are timed in turn in one process, so that a busy machine slows all of them alike, and in a
new order each round: who runs after whom matters, because a way finds in the caches, and in the
memory to be used again, what the way before it left there. The median of each counts. The parent
process runs one child for each thread count, because OpenBLAS and PyTorch read theirs from the
environment.
"""

import os
import platform
import subprocess
import sys
from datetime import date
from math import exp, log
from statistics import median
from time import perf_counter

# name: C_in, C_out, size, kernel, stride, padding, dilation, groups
LAYERS = {
    "stem": (3, 64, 224, 7, 2, 3, 1, 1),
    "res": (64, 64, 56, 3, 1, 1, 1, 1),
    "res/2": (128, 128, 56, 3, 2, 1, 1, 1),
    "1x1": (256, 64, 56, 1, 1, 0, 1, 1),
    "deep": (512, 512, 7, 3, 1, 1, 1, 1),
    "vgg": (64, 128, 112, 3, 1, 1, 1, 1),
    "depthwise": (144, 144, 56, 3, 1, 1, 1, 144),
    "depthwise/2": (144, 144, 56, 3, 2, 1, 1, 144),
    "ResNeXt": (128, 128, 56, 3, 1, 1, 1, 32),
    "dilated": (256, 256, 33, 3, 1, 6, 6, 1),
    "ASPP": (256, 256, 33, 3, 1, 18, 18, 1),
}


def table(threads, seconds):
    """Time every layer in this process."""
    import numpy as np
    import torch

    import convlib
    from benchmarks.others import WAYS, extra_memory, one_product, scipy_signal

    torch.set_num_threads(threads)
    rng = np.random.default_rng(0)

    def numbers(*shape, dtype="float32"):
        return rng.standard_normal(shape).astype(dtype)

    def ratios(calls):
        """Time the calls, each round in a new order; return their medians, over PyTorch's."""
        times = {name: [] for name in calls}
        end, rounds = perf_counter() + seconds, 0
        while rounds < 9 or perf_counter() < end:
            rounds += 1
            for name in rng.permutation(list(calls)):
                start = perf_counter()
                calls[name]()
                times[name].append(perf_counter() - start)
        return {name: median(t) / median(times["torch"]) for name, t in times.items()}

    def show(title, rows):
        names = [name for name in next(iter(rows.values())) if name != "torch"]
        print(f"\n{title}; {threads} thread(s); multiples of PyTorch's time\n")
        print("| layer | " + " | ".join(names) + " |")
        print("|---" * (len(names) + 1) + "|")
        for layer, row in rows.items():
            print(f"| {layer} | " + " | ".join(f"{row[n]:.2f}" for n in names) + " |")
        means = (exp(sum(log(row[n]) for row in rows.values()) / len(rows)) for n in names)
        print("| geometric mean | " + " | ".join(f"{m:.2f}" for m in means) + " |", flush=True)

    def forward(C, C_out, H, k, s, p, d, g, N, dtype, others):
        x, w, b = (
            numbers(N, C, H, H, dtype=dtype),
            numbers(C_out, C // g, k, k, dtype=dtype),
            numbers(C_out, dtype=dtype),
        )
        tx, tw, tb = map(torch.from_numpy, (x, w, b))
        calls = {
            "torch": lambda: torch.nn.functional.conv2d(tx, tw, tb, s, p, d, g),
            "convlib": lambda: convlib.conv2d(x, w, b, s, p, d, g),
        }
        if others:
            calls["one product"] = one_product(x, w, s, p, d, g)
            for name, way in WAYS.items():
                calls[name] = lambda way=way: way(x, w, b, s, p, d, g)
        with torch.inference_mode():
            return ratios(calls)

    def backward(C, C_out, H, k, s, p, d, g, N):
        x, w = numbers(N, C, H, H), numbers(C_out, C // g, k, k)
        y = numbers(*convlib.conv2d(x, w, None, s, p, d, g).shape)
        tx, tw, ty = map(torch.from_numpy, (x, w, y))
        settings, listed = (s, p, d, g), ([s, s], [p, p], [d, d], False, [0, 0], g)
        call = torch.ops.aten.convolution_backward

        def mine():
            convlib.grad.conv2d_input(x.shape, w, y, *settings)
            convlib.grad.conv2d_weight(x, w.shape, y, *settings)
            y.sum((0, 2, 3))

        theirs = lambda: call(ty, tx, tw, [C_out], *listed, [True, True, True])  # noqa: E731
        return ratios({"torch": theirs, "convlib": mine})

    machine = f"{platform.machine()}, {os.cpu_count()} processors, torch {torch.__version__}"
    print(f"{date.today()}, {machine}")
    for N in (1, 8):
        rows = {n: forward(*layer, N, "float32", True) for n, layer in LAYERS.items()}
        show(f"forward, float32, batch {N}", rows)
    show(
        "forward, float64, batch 1",
        {n: forward(*v, 1, "float64", False) for n, v in LAYERS.items()},
    )
    show("all three gradients, float32, batch 1", {n: backward(*v, 1) for n, v in LAYERS.items()})

    x, mine, theirs = numbers(1, 1, 7, 7), convlib.Conv2d(1, 1, 3), torch.nn.Conv2d(1, 1, 3)
    tx = torch.from_numpy(x)
    calls = {
        "torch": lambda: theirs(tx),
        "convlib": lambda: mine(x),
        "loops": lambda: convlib.conv2d_loops(x, mine.weight, mine.bias),
        "scipy.signal": lambda: scipy_signal(x, mine.weight, mine.bias, 1, 0, 1, 1),
    }
    for name, way in WAYS.items():
        calls[name] = lambda way=way: way(x, mine.weight, mine.bias, 1, 0, 1, 1)
    show("a tiny call, 1 x 1 x 7 x 7", {"tiny": ratios(calls)})
    print("\nextra memory beside input and output, in KB (one padded image; the rest)")
    for name, layer in LAYERS.items():
        extra, image = extra_memory(convlib.conv2d, *layer)
        print(f"{name}: {extra // 1024} ({image // 1024}; {(extra - image) // 1024})")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        table(int(sys.argv[1]), float(sys.argv[2]))
    else:
        from benchmarks import interactions

        for threads in ("1", "2"):
            names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
            environment = os.environ | dict.fromkeys(names, threads)
            # What some machines and our tests set, and what would slow NumPy or PyTorch down.
            for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "ONEDNN_MAX_CPU_ISA"):
                environment.pop(name, None)
            command = [sys.executable, "-m", "benchmarks", threads, "2"]
            subprocess.run(command, env=environment, check=True)
        interactions.main()
