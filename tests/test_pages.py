"""Every block of code and every command of every page: run, or, where running takes too long, understood.

A fence of Python, or of shell (`sh`), is run, a page from its first block to its last, in a folder of its own. Commands
in indented blocks, and those that install, measure a figure or need a cluster, are only asked whether the package
understands them.
"""

from __future__ import annotations

import functools
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import typer.main
from command_line import biokv
from conftest import ROOT
from markdown_it import MarkdownIt

from bioKV.commands.cli import app

PAGES = [ROOT / "README.md", *sorted(page for page in (ROOT / "docs").rglob("*.md") if "auto_" not in str(page))]
# pages with more of a scene than a folder: their blocks are run by a test of their own
ELSEWHERE = {
    "README.md": ("test_docs.py", "test_extend.py"),
    "docs/copy_paste.md": ("test_docs.py",),
    "docs/learning.md": ("test_docs.py",),
    "docs/export.md": ("test_docs.py",),
    "docs/extend.md": ("test_extend.py",),
    "docs/studies.md": ("test_studies_page.py",),
}
SIMULATES = re.compile(r"SpikingMemory\(|--memory spiking|biokv (?:compare|raster|look|robustness|learn)")
NEEDS = {"docs/howto/learn_rule.md": ("jax",), "docs/howto/spikes_out.md": ("neo", "pynwb"),
         "docs/howto/rates_and_cv.md": ("elephant",), "docs/howto/results.md": ("seaborn",)}  # fmt: skip
# of other programs, which no test of ours runs
OTHERS = {"sudo", "brew", "xcode-select", "conda", "source", "dask", "timeout", "cmp", "kill"}
TRIES = ("run", "compare", "robustness")  # the commands with --dry-run


class Block(NamedTuple):
    """language : of a fence, "" for an indented block. name : of the file that it is, or ""."""

    language: str
    text: str
    name: str


@functools.cache
def blocks(page: Path) -> list[Block]:
    text = re.sub(r"<!-- output of: .*?<!-- end -->", "", page.read_text(), flags=re.DOTALL)
    lines = text.splitlines()
    found = []
    for token in MarkdownIt().parse(text):
        if token.type in ("fence", "code_block"):
            before = " ".join(lines[max(0, token.map[0] - 4) : token.map[0]]).rstrip()
            name = re.search(r"`([\w-]+\.\w+)`:$", before)
            found.append(Block(token.info if token.type == "fence" else "", token.content, name[1] if name else ""))
    return found


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def is_run(page: Path) -> bool:
    return name_of(page) not in ELSEWHERE and any(block.language in ("python", "sh") for block in blocks(page))


def takes_long(page: Path) -> bool:
    return any(block.language in ("python", "sh") and SIMULATES.search(block.text) for block in blocks(page))


def is_only_shown(command: str) -> bool:
    first, *rest = shlex.split(command)
    return first in {*OTHERS, "make", "pip"} or (first == "biokv" and rest[0] == "figure")


def commands(text: str) -> list[str]:
    """The commands in a block of shell, one per line."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def shown(page: Path) -> Iterator[str]:
    """The commands of a page that its test does not run."""
    for block in blocks(page):
        if block.language == "sh":
            yield from (one for one in commands(block.text) if is_only_shown(one))
        elif block.language in ("", "text"):
            for line in commands(block.text):
                if re.match(r"(biokv|python -m (?!venv)|make|pip|conda|dask) ?\S", line.removeprefix("# ")):
                    yield re.sub(r"\s+# .*|\s*& \w+=\$!$", "", line.removeprefix("# "))


@pytest.mark.parametrize(
    "page",
    [pytest.param(p, marks=pytest.mark.slow) if takes_long(p) else p for p in PAGES if is_run(p)], ids=name_of,
)  # fmt: skip
def test_every_block_of_the_page_runs_in_its_order(page, tmp_path, monkeypatch, capsys):
    for package in NEEDS.get(name_of(page), ()):
        pytest.importorskip(package)
    monkeypatch.chdir(tmp_path)
    scope: dict = {"__name__": "page"}
    for block in blocks(page):
        if block.name:
            Path(block.name).write_text(block.text)
        elif block.language == "python":
            exec(compile(block.text, page.name, "exec"), scope)
        elif block.language == "sh":
            for command in commands(block.text):
                if not is_only_shown(command):
                    first, *words = shlex.split(command)
                    assert first == "biokv", f"{page.name} shows {command}"
                    done = biokv(*words)
                    assert done.exit_code == 0, f"{command}\n{done.output}"


@pytest.mark.parametrize("page", [p for p in PAGES if name_of(p) in ELSEWHERE], ids=name_of)
def test_a_page_whose_blocks_another_test_runs_is_named_there(page):
    for test in ELSEWHERE[name_of(page)]:
        assert page.name in (ROOT / "tests" / test).read_text()


def test_no_fence_has_a_language_that_nobody_looks_at():
    known = {"python", "sh", "toml", "text", ""}
    other = {(name_of(page), block.language) for page in PAGES for block in blocks(page)} - {
        (name_of(page), language) for page in PAGES for language in known
    }
    assert all(language.startswith("{") for _, language in other), other


@pytest.mark.parametrize(
    ("page", "command"),
    [pytest.param(p, one, id=f"{name_of(p)}: {one[:60]}") for p in PAGES for one in dict.fromkeys(shown(p))],
)
def test_a_command_that_is_only_shown_is_understood(page, command, tmp_path, monkeypatch):
    """A plan is checked without being run; of the others, options are read and files, targets and extras are there."""
    words = shlex.split(command)
    if words[:2] == ["python", "-m"]:
        understood_benchmark(words[2], words[3:])
    elif words[0] == "biokv":
        monkeypatch.chdir(tmp_path)
        (tmp_path / "studies").symlink_to(ROOT / "studies")
        for block in (block for of in (ROOT / "README.md", page) for block in blocks(of)):
            if block.name:
                Path(block.name).write_text(block.text)
        understood(words[1], words[2:])
    elif words[0] == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    elif words[:2] == ["pip", "install"]:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
        assert {*re.findall(r"\w+", "".join(re.findall(r"\[(.+)\]", command)))} <= {*extras}
    elif words[:3] == ["conda", "env", "create"]:
        assert (ROOT / words[-1]).exists()
    else:
        assert words[0] in OTHERS


def understood(name: str, words: list[str]) -> None:
    """`biokv name words`: tried out where that can be done without running, else its options are read."""
    made_up = {"--rule", "--resume", "--cluster", "--scheduler", "images.csv"} & {*words}
    if name in TRIES and "--resume" not in words and not made_up:
        done = biokv(name, *words, "--dry-run")
        assert done.exit_code == 0, done.output
    else:
        group = typer.main.get_command(app)
        group.commands[name].make_context(name, list(words))


def understood_benchmark(module: str, words: list[str]) -> None:
    path = ROOT / module.replace(".", "/")
    source = (path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__main__.py").read_text()
    if "add_picture_options(parser)" in source:
        source += (ROOT / "benchmarks" / "kept.py").read_text()
    for word in words:
        if word.startswith("--"):
            assert f'"{word}"' in source, f"{module} has no {word}"
