"""Tests on changed copies of the checkout, each in a fork of this process."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
INSTALLED = ("models", "protocols", "analysis")  # as packages of bioKV
COPIED = ("bioKV", *INSTALLED, "tests", "benchmarks", "docs", "pyproject.toml", "README.md", "LICENSE", "Makefile")
COMPILER = '#!/bin/sh\nexec g++ "$@" -O0\n'  # takes a third of the time
LONGEST = 600  # seconds; what makes a test hang is noticed, too


class Trial(NamedTuple):
    """change : makes a change in a copy, whose folder it is given. tests : pytest's names of files or tests."""

    change: Callable[[Path], object]
    tests: Sequence[str]


def passed(trials: Sequence[Trial], jobs: int) -> Iterator[tuple[int, bool]]:
    """The number of every trial, as they end, and whether its tests passed on the copy that it changes.

    Large packages are loaded here, once, so that no fork has to.
    """
    import brian2  # noqa: F401
    import hypothesis  # noqa: F401
    import pandas  # noqa: F401
    import pytest  # noqa: F401
    import scipy.stats  # noqa: F401

    running: dict[int, int] = {}
    with tempfile.TemporaryDirectory(prefix="biokv-mutants-") as folder:
        for number, trial in enumerate(trials):
            if len(running) == jobs:
                yield _next_end(running)
            child = os.fork()
            if child == 0:
                _run(Path(folder) / str(number), trial)
            running[child] = number
        while running:
            yield _next_end(running)


def _next_end(running: dict[int, int]) -> tuple[int, bool]:
    child, status = os.wait()
    return running.pop(child), status == 0


def _run(root: Path, trial: Trial) -> None:
    """Make the copy, change it, run the tests there and end this process; 0 if they passed."""
    import pytest

    code = 1
    try:
        signal.alarm(LONGEST)
        copy_checkout(root)
        trial.change(root)
        os.dup2(os.open(root / "said", os.O_WRONLY | os.O_CREAT), 1)
        os.dup2(1, 2)
        os.chdir(root)
        os.environ |= {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "CXX": str(root / "c++")}
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(root))
        code = int(pytest.main(["-x", "-q", "-n", "0", "-m", "not slow", "-p", "no:cacheprovider", *trial.tests]))
    finally:
        shutil.rmtree(root, ignore_errors=True)
        os._exit(code)


def copy_checkout(root: Path) -> None:
    """A folder with a copy of the checkout, from which Python imports all of the package."""
    root.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, root / name)
    for name in INSTALLED:
        (root / "bioKV" / name).symlink_to(root / name)
    (root / "c++").write_text(COMPILER)
    (root / "c++").chmod(0o755)
