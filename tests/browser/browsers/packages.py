"""Install what a browser needs: Debian's packages where apt is, else Playwright's download."""

import os
import shutil
import subprocess
import sys
from functools import cache


def run(*command):
    """Run a command, which is shown; return whether it went well."""
    print("+", *command, flush=True)
    return subprocess.run(command).returncode == 0


@cache
def _apt():
    """Return how apt-get is called, with a fresh list of packages; None if it cannot be."""
    if not shutil.which("apt-get"):
        return None
    apt = ("apt-get",) if os.geteuid() == 0 else ("sudo", "apt-get")
    return apt if run(*apt, "update", "-qq") else None


def apt_install(*packages):
    """Install packages of Debian, or of a system that is made from it."""
    apt = _apt()
    return bool(apt) and run(*apt, "install", "-qq", "-y", "--no-install-recommends", *packages)


def playwright_install(name):
    """Let Playwright download its own build of a browser."""
    return run(sys.executable, "-m", "playwright", "install", name)


def playwright_build(name):
    """Return the path of the build that Playwright downloaded earlier, or None."""
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        f"with sync_playwright() as playwright: print(playwright.{name}.executable_path)"
    )  # in a process of its own: Playwright may run in this one already
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    path = answer.stdout.strip()
    return path if os.path.exists(path) else None


def explicit(variable):
    """Return the path of the program that an environment variable names, or None."""
    if not (name := os.environ.get(variable)):
        return None
    path = shutil.which(name)
    if path is None:
        raise FileNotFoundError(f"{variable}={name!r} is not a program that can be run")
    return path
