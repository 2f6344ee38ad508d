"""The site: built without a warning, with every public name on it, no dead link inside, and nothing from any network.

Scripts of the tutorials and the gallery are shown here and not run; `make docs` runs them.
"""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import ROOT

PAGES = [ROOT / "README.md", *sorted(page for page in (ROOT / "docs").rglob("*.md") if "auto_" not in str(page))]
# Of these packages nobody needs a name: they serve the command line, the paper's figures, and what is documented
INSIDE = {"bioKV.engines", "bioKV.paper", "bioKV.commands", "bioKV.studies", "bioKV.report"}


class Links(HTMLParser):
    """What a page refers to, and the anchors that it has."""

    def __init__(self, page: Path):
        super().__init__()
        self.page, self.links, self.loaded, self.anchors = page, [], [], set()
        self.feed(page.read_text())

    def handle_starttag(self, tag, attrs):
        of = dict(attrs)
        self.anchors |= {of[name] for name in ("id", "name") if of.get(name)}
        if tag == "a" and of.get("href"):
            self.links.append(of["href"])
        elif tag in ("img", "script", "link", "iframe") and (of.get("src") or of.get("href")):
            self.loaded.append(of.get("src") or of.get("href"))


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    pytest.importorskip("sphinx_gallery")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    for name in ("docs", "examples", "bioKV", "models", "protocols", "analysis"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "auto_*"))
    for name in ("pyproject.toml", "README.md", "CITATION.cff"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-j", "2", "-D", "plot_gallery=0"]
    env = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run([*command, "docs", str(out)], cwd=source, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-5000:]
    return out


def pages_of(site: Path) -> list[Path]:
    """All but a template that the theme brings along."""
    return [page for page in site.rglob("*.html") if "_static" not in page.parts]


def public_names() -> set[str]:
    """Every public module, class and function of every package but those inside, each class and function as
    module:name, since a reader may find it under a shorter one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found = set()
    for package in (name for name in project["tool"]["setuptools"]["packages"] if name not in INSIDE):
        folder = Path(importlib.import_module(package).__file__).parent
        names = [one.name for one in pkgutil.iter_modules([str(folder)]) if not one.ispkg and one.name[0] != "_"]
        for module in (importlib.import_module(name) for name in (package, *(f"{package}.{name}" for name in names))):
            found.add(module.__name__)
            for name, value in vars(module).items():
                is_thing = inspect.isclass(value) or inspect.isfunction(value)
                if is_thing and value.__module__ == module.__name__ and name[0] != "_":
                    found.add(f"{module.__name__}:{name}")
    return found


@pytest.mark.slow
def test_every_public_module_class_and_function_is_on_a_page(site):
    anchors = {one for page in (site / "api").glob("*.html") for one in Links(page).anchors}
    anchors |= {one for page in (site / "auto_api").glob("*.html") for one in Links(page).anchors}
    written = {anchor.removeprefix("module-") for anchor in anchors}
    missing = []
    for one in public_names():
        module, _, name = one.partition(":")
        words = module.split(".")
        under = {f"{'.'.join(words[:n])}.{name}" for n in range(1, len(words) + 1)} if name else {module}
        if not under & written:
            missing.append(one)
    assert not missing


@pytest.mark.slow
def test_no_link_of_the_site_is_dead(site):
    pages = {page: Links(page) for page in pages_of(site)}
    dead = []
    for page, of in pages.items():
        for link in (*of.links, *of.loaded):
            there = urlsplit(link)
            if there.scheme or there.netloc:
                continue
            target = (page.parent / unquote(there.path)).resolve() if there.path else page
            target = target / "index.html" if target.is_dir() else target
            if not target.exists() or (
                there.fragment and target in pages and unquote(there.fragment) not in pages[target].anchors
            ):
                dead.append(f"{page.relative_to(site)}: {link}")
    assert not dead


@pytest.mark.slow
def test_the_site_needs_no_network(site):
    """No script, style, font or picture of elsewhere, in pages and in what they load."""
    for page in pages_of(site):
        elsewhere = [one for one in Links(page).loaded if urlsplit(one).netloc]
        assert not elsewhere, page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", sheet.read_text()), sheet


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_of_a_page_lead_somewhere_on_a_git_host_too(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        there = urlsplit(target)
        if there.scheme:
            continue
        path = page if not there.path else page.parent / there.path
        assert path.exists(), f"{page.name} links to {target}"
        if there.fragment:
            assert there.fragment in headings(path.read_text()), f"{page.name} links to {target}"


def headings(text: str) -> set[str]:
    """The anchors that a Git host gives to the headings of a page."""
    outside = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    found = re.findall(r"^#+ (.+)$", outside, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower().strip()).replace(" ", "-") for heading in found}


def test_every_sentence_of_the_page_of_troubles_is_one_of_the_package():
    """Words in CAPITALS, and what stands in quotation marks, are the reader's; pieces between are in the sources."""
    sources = "".join(path.read_text() for name in ("bioKV", "models", "protocols", "analysis")
                      for path in (ROOT / name).rglob("*.py"))  # fmt: skip
    sources = re.sub(r'"\s*\n\s*f?"', "", sources)
    rows = re.findall(r"^\| `([^`]+)`", (ROOT / "docs" / "troubleshooting.md").read_text(), re.MULTILINE)
    assert len(rows) > 25
    other = []
    for sentence in rows:
        pieces = re.split(r"'?(?:(?:~/)?\b[A-Z]{3,}(?:/[\w.]+)?\b)'?|\.\.\.|\d+", sentence)
        other += [sentence for piece in pieces if len(piece.strip()) > 4 and piece.strip() not in sources]
    assert not other
