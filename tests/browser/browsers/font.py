"""A font with Chinese letters, without which the Chinese pages have the wrong sizes."""

import shutil
import subprocess

from tests.browser.browsers.packages import apt_install


def find():
    """Return the path of such a font, or None; a system without fontconfig has its own."""
    if not shutil.which("fc-list"):
        return "of the system"
    fonts = subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True)
    return next((line.rstrip(": ") for line in fonts.stdout.splitlines()), None)


def install():
    """Install one."""
    apt_install("fonts-wqy-microhei")
