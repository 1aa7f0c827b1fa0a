"""Settings for all tests, which must stand before the first import of torch; and one browser."""

import os
import random
from collections import defaultdict
from pathlib import Path

# float16 makes torch 2.13 crash on AVX512-FP16; one thread keeps small cases fast and repeatable.
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from urllib.parse import urlsplit

import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

from tests.browser.browsers import chromium
from tests.browser.pages import SITE, serving
from tests.sample import Sample
from tests.site.built import BASE, SiteFiles

settings.register_profile("push", max_examples=60, derandomize=True, deadline=None, database=None)
settings.register_profile("full", max_examples=2000, deadline=None, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "push"))

SAMPLE = pytest.StashKey[Sample]()


def pytest_addoption(parser):
    """Add --full, --seed and --pastes."""
    parser.addoption("--full", action="store_true", help="every state, where a sample is usual")
    parser.addoption("--seed", type=int, help="the sample to take; a new one each run")
    pastes = Path(__file__).parent / "paste" / "pastes"
    parser.addoption("--pastes", type=Path, default=pastes, help="a folder with pasted texts")


def pytest_configure(config):
    """Draw the seed of this run, unless it is given."""
    given = config.option.seed
    seed = random.SystemRandom().randrange(10**6) if given is None else given
    config.stash[SAMPLE] = Sample(seed, config.option.full)


@pytest.hookimpl(trylast=True)  # after -k has chosen
def pytest_collection_modifyitems(config, items):
    """Of a test that is marked ``sampled(count)`` keep so many cases, drawn by this run's seed."""
    cases = defaultdict(list)
    for item in items:
        if mark := item.get_closest_marker("sampled"):
            cases[item.nodeid.partition("[")[0], mark.args[0]].append(item)
    left = set()
    for (_, count), group in cases.items():
        left |= set(group) - set(config.stash[SAMPLE].of(group, count))
    if left:
        config.hook.pytest_deselected(items=list(left))
        items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session")
def sample(request):
    """Give the sample of this run."""
    return request.config.stash[SAMPLE]


@pytest.fixture(scope="session")
def site_url():
    """Serve the built book; return the address of its first folder."""
    assert (SITE / "index.html").is_file(), "the book is not built: run `make book`"
    with serving(SITE, SiteFiles) as url:
        yield url.rstrip("/") + BASE


@pytest.fixture(scope="session")
def playwright():
    """Start Playwright."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright):
    """Start one Chromium for all tests."""
    browser = chromium.launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser):
    """Open pages; in the end there must be no error on a console and no call to another host."""
    contexts, errors = [], []

    def open_page(url, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        own = urlsplit(url).netloc
        page.on(
            "request",
            lambda request: (
                None if urlsplit(request.url).netloc in (own, "") else errors.append(request.url)
            ),
        )
        page.on("requestfailed", lambda request: errors.append(f"failed: {request.url}"))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if message.type == "error" else None,
        )
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def pytest_terminal_summary(terminalreporter, config):
    """Show what passing tests print: how many states, samples and bytes they looked at."""
    reports = terminalreporter.getreports("passed")
    lines = [line for report in reports for line in report.capstdout.splitlines() if line.strip()]
    terminalreporter.section("what was counted")
    for line in [*lines, str(config.stash[SAMPLE])]:
        terminalreporter.line(line)
    for report in terminalreporter.getreports("skipped"):
        terminalreporter.line(f"NOT TESTED: {report.longrepr[2]}", yellow=True)
