"""Every link, picture, script and style of the built book leads to something in it."""

import re
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from tests.browser.pages import SITE
from tests.site.built import BASE


def read(path):
    """Return a page's identifiers and the addresses that it uses."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    names = {tag["id"] for tag in soup.find_all(id=True)}
    links = [tag[name] for name in ("href", "src") for tag in soup.find_all(**{name: True})]
    return names, links


def test_every_address_resolves(site_url):
    names, links = {}, []
    for path in sorted(SITE.rglob("*.html")):
        names[path], addresses = read(path)
        links += [(path, address) for address in addresses]
    for path in sorted(SITE.rglob("*.css")):
        text = path.read_text(encoding="utf-8")
        links += [(path, address) for address in re.findall(r"""url\(["']?([^"')]+)""", text)]
    broken = []
    for path, address in links:
        scheme, host, file, _, fragment = urlsplit(address)
        if scheme or host:
            continue
        folder = SITE if file.startswith(BASE) else path.parent
        target = (folder / unquote(file).removeprefix(BASE)).resolve() if file else path
        # The settings of a widget name no element: test_widget_links.py opens them.
        anchor = "" if "=" in fragment else unquote(fragment)
        lost = anchor and target in names and anchor not in names[target]
        if lost or not target.is_file():
            broken.append(f"{path.relative_to(SITE)}: {address}")
    assert len(links) > 1000
    assert not broken, "\n".join(broken)
