"""Which everyday tests run a line, and how long each of them takes: all of them once, under coverage, in a copy.

    python -m benchmarks.mutants.lines [--jobs 2] [tests/test_new.py ...]

Leaves what it found in build/tests_of_lines, from which `benchmarks.mutation` picks tests. It takes some ten minutes;
with names of test files only these are run, and what is known of others stays.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from .copies import ROOT, copy_checkout, environment

FOUND = ROOT / "build" / "tests_of_lines"
# Children of a test, which read this when they start, file what they run under the test that runs then.
COVERAGE = """[run]
data_file = {found}/coverage
source_dirs = {copy}/bioKV, {copy}/models, {copy}/protocols, {copy}/analysis
parallel = true
patch = fork, _exit
context = ${{PYTEST_CURRENT_TEST-}}
disable_warnings = no-data-collected, module-not-measured
[paths]
checkout =
    {here}
    {copy}
"""


class TestsOfLines:
    """The everyday tests of every line, as they were found."""

    def __init__(self) -> None:
        from coverage import CoverageData

        self._data = CoverageData(str(FOUND / "coverage"))
        self._data.read()
        self.seconds: dict[str, float] = json.loads((FOUND / "seconds.json").read_text())
        self._of_file: dict[str, set[str]] = defaultdict(set)
        for test in self.seconds:
            self._of_file[test.partition("::")[0]].add(test)

    def of(self, path: Path, line: int, patience: float) -> list[str]:
        """The tests that run a line, the quickest first, as many as take so many seconds together.

        Of a line that is run when its module is loaded, then those that run any line of its function and of its file.
        """
        contexts = self._data.contexts_by_lineno(str(ROOT / path))
        chosen: list[str] = []
        for first, last in (*around(path, line), (1, sys.maxsize)):
            found = {context for n, of_line in contexts.items() if first <= n <= last for context in of_line}
            tests = {test for context in found for test in self._tests(context)}.difference(chosen)
            chosen += sorted(tests, key=self.seconds.__getitem__)
            if chosen and "" not in found:
                break
        left = patience - np.cumsum([self.seconds[test] for test in chosen])
        return chosen[: max(1, int((left >= 0).sum()))]

    def _tests(self, context: str) -> set[str]:
        """The tests of a context: one that passed, or all of a file, whose fixtures ran the line."""
        name = re.sub(r" \((setup|call|teardown)\)$", "", context)
        return self._of_file[name] if name in self._of_file else {name} & self.seconds.keys()


def around(path: Path, line: int) -> list[tuple[int, int]]:
    """First and last lines of the statement that a line belongs to, without its body, and of its functions, from the
    innermost on."""
    spans, functions = [], []
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            start = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
            body = getattr(node, "body", None)
            head = max(start, body[0].lineno - 1) if body else node.end_lineno
            if start <= line <= head:
                spans.append((start, head))
            if isinstance(node, ast.FunctionDef) and start <= line <= node.end_lineno:
                functions.append((node.body[0].lineno, node.end_lineno))
    return [(line, line), *sorted(spans, key=_length), *sorted(functions, key=_length)]


def _length(span: tuple[int, int]) -> int:
    return span[1] - span[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    said = parser.parse_args()
    if not said.files:
        shutil.rmtree(FOUND, ignore_errors=True)
    FOUND.mkdir(parents=True, exist_ok=True)
    settings = FOUND / "coveragerc"
    with tempfile.TemporaryDirectory(prefix="biokv-lines-") as folder:
        root = Path(folder) / "copy"
        copy_checkout(root)
        settings.write_text(COVERAGE.format(found=FOUND, here=ROOT, copy=root))
        command = [sys.executable, "-m", "pytest", "-m", "not slow", "-q", "-p", "benchmarks.mutants.noting",
                   "-p", "no:cacheprovider", "-n", str(said.jobs), "--dist", "loadfile", *said.files]  # fmt: skip
        env = os.environ | environment(root) | {"COVERAGE_PROCESS_START": str(settings)}
        subprocess.run(command, cwd=root, env=env, check=False)  # tests that fail are left out
        combine = [sys.executable, "-m", "coverage", "combine", f"--rcfile={settings}", "-q", "--append"]
        subprocess.run(combine, cwd=root, check=True)


if __name__ == "__main__":
    main()
