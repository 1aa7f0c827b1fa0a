"""Settings for all tests: they must stand before the first import of torch."""

import os

# float16 makes torch 2.13 crash on AVX512-FP16; one thread keeps small cases fast and repeatable.
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hypothesis import settings

settings.register_profile("push", max_examples=60, derandomize=True, deadline=None, database=None)
settings.register_profile("full", max_examples=2000, deadline=None, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "push"))


def pytest_terminal_summary(terminalreporter):
    """Show what passing tests print: how many states, samples and bytes they looked at."""
    reports = terminalreporter.getreports("passed")
    lines = [line for report in reports for line in report.capstdout.splitlines() if line.strip()]
    if lines:
        terminalreporter.section("what was counted")
    for line in lines:
        terminalreporter.line(line)
