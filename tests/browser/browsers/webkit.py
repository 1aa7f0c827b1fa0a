"""WebKitGTK, nearest to Safari of what runs on Linux, in which every page is opened once."""

import glob
import os
import shutil
import signal
import socket
import subprocess
from contextlib import contextmanager
from time import monotonic, sleep

from tests.browser.browsers.packages import apt_install

PROGRAMS = ("WebKitWebDriver", "dbus-run-session", "xvfb-run", "xauth")
MINI_BROWSER = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"
DRIVER = "WebKitWebDriver"
SCREEN = "-screen 0 1600x1400x24"
PATIENCE = 60  # seconds until the driver answers


def find():
    """Return the path of WebKitGTK's small browser, or None; its driver must be there as well."""
    found = sorted(glob.glob(MINI_BROWSER))
    return found[-1] if found and all(map(shutil.which, PROGRAMS)) else None


def install():
    """Install it, and a screen that nobody looks at."""
    apt_install("webkit2gtk-driver", "xvfb", "xauth", "dbus")


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def running(log):
    """Start it; give selenium's driver. What pages write on their console goes to the log."""
    from selenium import webdriver
    from selenium.webdriver.remote.client_config import ClientConfig
    from selenium.webdriver.remote.remote_connection import RemoteConnection
    from urllib3.exceptions import HTTPError

    port = _free_port()
    command = ["dbus-run-session", "--", "xvfb-run", "-a", "-s", SCREEN, DRIVER, f"--port={port}"]
    address = RemoteConnection(client_config=ClientConfig(f"http://127.0.0.1:{port}"))
    options = webdriver.WebKitGTKOptions()
    options.binary_location = find()
    options.add_argument("--automation")
    options.add_argument("--enable-write-console-messages-to-stdout=true")
    with log.open("w") as output:
        service = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
        try:
            driver, end = None, monotonic() + PATIENCE
            while driver is None:
                try:
                    driver = webdriver.Remote(address, options=options)
                except HTTPError:  # it is not listening yet
                    if monotonic() > end:
                        raise
                    sleep(0.1)
            yield driver
            driver.quit()
        finally:
            os.killpg(service.pid, signal.SIGTERM)
            service.wait()
