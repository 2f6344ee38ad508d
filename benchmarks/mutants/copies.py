"""Tests on changed copies of the checkout, each in a fork of this process."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
INSTALLED = ("models", "protocols", "analysis")  # as packages of bioKV
COMPILER = '#!/bin/sh\nexec g++ "$@" -O0\n'  # takes a third of the time


class Trial(NamedTuple):
    """change : makes a change in a copy, whose folder it is given. tests : pytest's names of files or tests; without
    any, the trial passes. longest : seconds after which it is over, and has failed: what makes a test hang is noticed.
    """

    change: Callable[[Path], object]
    tests: Sequence[str]
    longest: int = 600


def noticed(trials: Sequence[Trial], jobs: int) -> Iterator[tuple[int, str]]:
    """The number of every trial, as they end, and the test that failed on the copy that it changes, or another end that
    it took; "" if all passed.

    Large packages are loaded here, once, and git is asked once, so that no fork has to.
    """
    import brian2  # noqa: F401
    import hypothesis  # noqa: F401
    import pandas  # noqa: F401
    import pytest  # noqa: F401
    import scipy.stats  # noqa: F401

    _files()
    running: dict[int, Path] = {}
    with tempfile.TemporaryDirectory(prefix="biokv-mutants-") as folder:
        for number, trial in enumerate(trials):
            if len(running) == jobs:
                yield _next_end(running)
            root = Path(folder) / str(number)
            copy_checkout(root)  # here, so that what cannot be copied is no test that failed
            trial.change(root)
            child = os.fork()
            if child == 0:
                _run(root, trial)
            running[child] = root
        while running:
            yield _next_end(running)


def _next_end(running: dict[int, Path]) -> tuple[int, str]:
    while True:
        child, status = os.wait()
        if child in running:  # and not what a test left behind, where this is the first process
            root = running.pop(child)
            failed = root.with_suffix(".failed")
            said = failed.read_text() if failed.exists() else f"ended with {status}"
            return int(root.name), said if status else ""


class _Failed:
    """A plug-in of pytest that writes down which test failed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.path.write_text(report.nodeid)


def _run(root: Path, trial: Trial) -> None:
    """Run the tests in the copy and end this process; 0 if they passed."""
    import pytest

    code = 1
    try:
        signal.alarm(trial.longest)
        os.dup2(os.open(root / "said", os.O_WRONLY | os.O_CREAT), 1)
        os.dup2(1, 2)
        os.chdir(root)
        os.environ |= environment(root)
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(root))
        said = ["-x", "-q", "-n", "0", "-m", "not slow", "-p", "no:cacheprovider", *trial.tests]
        code = int(pytest.main(said, [_Failed(root.with_suffix(".failed"))])) if trial.tests else 0
    finally:
        shutil.rmtree(root, ignore_errors=True)
        os._exit(code)


def environment(root: Path) -> dict[str, str]:
    """What a process is told that works with a copy."""
    return {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "CXX": str(root / "c++")}


def copy_checkout(root: Path) -> None:
    """A folder with a copy of the checkout, from which Python imports all of the package."""
    for name in _files():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for name in INSTALLED:
        (root / "bioKV" / name).symlink_to(root / name)
    (root / "c++").write_text(COMPILER)
    (root / "c++").chmod(0o755)


@functools.cache
def _files() -> list[str]:
    """What git keeps, or would, of what is there."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names if (ROOT / name).is_file()]
