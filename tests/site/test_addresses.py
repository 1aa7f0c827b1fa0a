"""What the two addresses in _config.yml switch on: a book of two pages, with them and without."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.browser.pages import ROOT
from tests.site.built import copy_sources

SITE, REPOSITORY = "https://someone.example/conv2d", "https://github.com/someone/conv2d"
TOC = {"format": "jb-book", "root": "book/intro", "chapters": [{"file": "book/parameters"}]}


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Build the book's first page and one chapter, the chapter unexecuted; return its folder."""

    def build(site, repository):
        folder = tmp_path_factory.mktemp("book")
        config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
        config["execute"]["execute_notebooks"] = "off"
        config["sphinx"]["config"]["extensions"].remove("other_names")  # of pages that are not here
        config["html"]["baseurl"] = site
        config["sphinx"]["config"]["html_context"]["repository"]["url"] = repository
        (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        (folder / "_toc.yml").write_text(yaml.safe_dump(TOC), encoding="utf-8")
        copy_sources(folder)
        program = Path(sys.executable).with_name("jupyter-book")
        subprocess.run([program, "build", folder], check=True, capture_output=True)
        return folder / "_build" / "html"

    return build


def read(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def described(page):
    tags = page.select("meta[name=description], meta[property^=og], meta[name^=twitter]")
    return {tag.get("property") or tag["name"]: tag["content"] for tag in tags}


def launchers(page):
    hosts = (urlsplit(link["href"]).netloc for link in page.select(".run-it a"))
    return [host for host in hosts if host]


def test_with_addresses(build):
    html = build(SITE, REPOSITORY)
    page = read(html / "book" / "parameters.html")
    address = f"{SITE}/book/parameters.html"
    assert page.find("link", rel="canonical")["href"] == address
    tags = described(page)
    assert tags["og:url"] == address
    assert tags["og:description"] == tags["description"]
    assert tags["og:image"].startswith(f"{SITE}/")
    assert (html / tags["og:image"].removeprefix(f"{SITE}/")).is_file()
    assert f"<loc>{address}</loc>" in (html / "sitemap.xml").read_text(encoding="utf-8")
    front_door = read(html / "index.html")
    assert front_door.find("link", rel="canonical")["href"] == f"{SITE}/book/intro.html"
    assert described(front_door)["og:title"] == "Conv2d, seen and checked"
    for name in ("href", "src", "action"):
        for tag in read(html / "404.html").find_all(**{name: True}):
            assert tag[name].startswith(("/conv2d/", "#", "https:")), tag
    assert launchers(page) == ["mybinder.org", "colab.research.google.com"]
    assert REPOSITORY in page.select_one(".run-it").text


def test_without_addresses(build):
    html = build("", "")
    page = read(html / "book" / "parameters.html")
    assert page.find("link", rel="canonical") is None
    assert list(described(page)) == ["description"]
    assert not (html / "sitemap.xml").exists()
    assert launchers(page) == []
    for tag in read(html / "404.html").find_all(href=True):
        assert tag["href"].startswith(("/", "#", "https:")), tag


def test_binder_has_the_torch_that_the_course_is_tested_with():
    wanted = yaml.safe_load((ROOT / "binder" / "environment.yml").read_text(encoding="utf-8"))
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    (torch,) = (d for d in wanted["dependencies"] if d.startswith("pytorch-cpu="))
    assert f"\ntorch=={torch.removeprefix('pytorch-cpu=')}." in pins
