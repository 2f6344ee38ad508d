"""Small mistakes made on purpose, one at a time, in a copy of the checkout: does the everyday suite notice?

    python -m benchmarks.mutants [--jobs 2] [--only TEXT]

Every mutant says which tests should fail; these alone are run, up to the first failure. First all of them are run on
the code as it is. Prints a Markdown table. Exit code 1 if fewer than 95 % are noticed, 2 if the tests fail without a
mutant.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from . import circuit, engines, mechanisms, plumbing, rate
from .mutant import Mutant

ROOT = Path(__file__).parents[2]
MUTANTS = (*circuit.MUTANTS, *mechanisms.MUTANTS, *plumbing.MUTANTS, *engines.MUTANTS, *rate.MUTANTS)
INSTALLED = ("models", "protocols", "analysis")  # as packages of bioKV
COPIED = ("bioKV", *INSTALLED, "tests", "benchmarks", "docs", "pyproject.toml", "README.md", "LICENSE", "Makefile")
COMPILER = '#!/bin/sh\nexec g++ "$@" -O0\n'  # takes a third of the time
LEAST_NOTICED = 0.95
LONGEST = 600  # seconds; a mutant that makes a test hang is noticed, too


@contextmanager
def copy_of_checkout() -> Iterator[Path]:
    """A folder with a copy of the checkout, from which Python imports all of the package."""
    with tempfile.TemporaryDirectory(prefix="biokv-mutant-") as folder:
        root = Path(folder)
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, root / name)
        for name in INSTALLED:
            (root / "bioKV" / name).symlink_to(root / name)
        (root / "c++").write_text(COMPILER)
        (root / "c++").chmod(0o755)
        yield root


def passes(root: Path, tests: Sequence[str], workers: int = 0) -> bool:
    """Whether these tests pass on the code in a folder. workers : of pytest; 0 for this process alone."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", str(workers), "--dist", "loadfile"]
    command += ["-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "CXX": str(root / "c++")}
    try:
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def noticed(mutant: Mutant) -> bool:
    """Whether the tests of a mutant fail on it."""
    with copy_of_checkout() as root:
        mutant.make_in(root)
        return not passes(root, mutant.tests)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2, help="mutants at a time")
    parser.add_argument("--only", default="", help="those whose file, text or tests have this in them")
    said = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if said.only in " ".join((*mutant[:3], *mutant.tests))]
    with copy_of_checkout() as root:
        if not passes(root, sorted({test for mutant in chosen for test in mutant.tests}), said.jobs):
            print("the tests fail on the code as it is", file=sys.stderr)
            sys.exit(2)
    print("| file | from | to | |\n|---|---|---|---|", flush=True)
    found = []
    with ThreadPoolExecutor(said.jobs) as pool:
        for mutant, was in zip(chosen, pool.map(noticed, chosen), strict=True):
            found.append(was)
            before, after = (" ".join(text.split()).replace("|", "\\|") for text in (mutant.before, mutant.after))
            print(f"| {mutant.file} | `{before}` | `{after}` | {'noticed' if was else '**survives**'} |", flush=True)
    print(f"\n{sum(found)} of {len(found)} noticed ({sum(found) / len(found):.0%}).")
    sys.exit(sum(found) < LEAST_NOTICED * len(found))


if __name__ == "__main__":
    main()
