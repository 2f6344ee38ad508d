"""Does the everyday suite notice mistakes that a program makes at random? A sample of the mutants of cosmic-ray.

    pip install cosmic-ray coverage
    python -m benchmarks.mutants.lines
    python -m benchmarks.mutation [--part models] [--sample 60] [--seed 1] [--jobs 2]

Mutants are drawn from all that cosmic-ray makes of the files of a part, but for those that change annotations alone;
each runs in a copy of the checkout, with the everyday tests that run its line, up to the first failure or as many as
take a minute. Prints every survivor as a difference, and how many of the sample are noticed. It sees no processes but
its own (`unshare`, Linux), because a mutant of what ends processes may end any.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from .mutants.copies import ROOT, Trial, noticed
from .mutants.lines import FOUND, TestsOfLines

# Files that draw are a part of their own: most of their mutants move or colour something, which is for eyes.
PARTS = {
    "models": "models/*.py",
    "protocols": "protocols/*.py",
    "analysis": "analysis/**/*.py",
    "pictures": "analysis/**/*.py",
    "studies": "bioKV/studies/*.py",
    "network": "bioKV/network/*.py",
    "engines": "bioKV/engines/*.py",
}
PATIENCE = 60.0  # seconds of tests per mutant
ALONE = ("unshare", "--map-current-user", "--pid", "--kill-child", "--mount-proc")


def files_of(part: str) -> list[Path]:
    """The files of a part, in order; of those of analysis/, the ones that draw are pictures."""
    files = sorted(ROOT.glob(PARTS[part]))
    if part in ("analysis", "pictures"):
        files = [path for path in files if ("matplotlib" in path.read_text()) == (part == "pictures")]
    return [path.relative_to(ROOT) for path in files]


def sample_of(part: str, size: int, seed: int) -> list[Any]:
    """Some of cosmic-ray's mutations of the files of a part, drawn among those that Python can read and that change
    more than annotations."""
    from cosmic_ray.commands import init
    from cosmic_ray.work_db import WorkDB, use_db

    with tempfile.TemporaryDirectory() as folder, use_db(f"{folder}/all.sqlite", WorkDB.Mode.create) as db:
        init(files_of(part), db, {})
        every = [mutation for item in db.pending_work_items for mutation in item.mutations]
    every.sort(key=lambda one: (str(one.module_path), one.operator_name, one.occurrence))
    random.Random(seed).shuffle(every)
    return list(islice((one for one in every if matters(one)), size))


def matters(mutation: Any) -> bool:
    """Whether a mutation is one of what is run."""
    try:
        return what_runs(mutated(mutation)) != what_runs((ROOT / mutation.module_path).read_text())
    except SyntaxError:
        return False


def mutated(mutation: Any) -> str:
    """The file's text with the mutation."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    operator = get_operator(mutation.operator_name)(**mutation.operator_args)
    return mutate_code((ROOT / mutation.module_path).read_text(), operator, mutation.occurrence)


def what_runs(text: str) -> str:
    """A module without its annotations."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.unparse(tree)


def difference(mutation: Any) -> str:
    """The first line that a mutation changes, before and after."""
    texts = (ROOT / mutation.module_path).read_text().splitlines(), mutated(mutation).splitlines()
    line, (before, after) = next((n, pair) for n, pair in enumerate(zip(*texts, strict=False), 1) if pair[0] != pair[1])
    return f"{mutation.module_path}:{line}\n- {before.strip()}\n+ {after.strip()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=PARTS, default="models")
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    said = parser.parse_args()
    if not FOUND.exists():
        parser.error("which tests run which line is not known yet: python -m benchmarks.mutants.lines")
    if os.getpid() != 1:
        if not shutil.which(ALONE[0]):
            parser.error("unshare is not there, without which a mutant may end processes of yours (Linux: util-linux)")
        os.execvp(ALONE[0], [*ALONE, sys.executable, "-m", "benchmarks.mutation", *sys.argv[1:]])
    tests = TestsOfLines()
    chosen = sample_of(said.part, said.sample, said.seed)
    by = {}
    for number, failed in noticed([trial_of(one, tests) for one in chosen], said.jobs):
        if failed:
            by[number] = failed
        else:
            print(f"{number} {difference(chosen[number])}", flush=True)
    those = sorted({test for test in by.values() if test in tests.seconds})
    for _, failed in noticed([Trial(lambda root: None, those)], 1):
        if failed:
            print(f"{failed} fails without a mutant", file=sys.stderr)
            sys.exit(2)
    low, high = binomtest(len(by), len(chosen)).proportion_ci(method="wilson")
    share = f"{len(by) / len(chosen):.0%}, 95 %: {low:.0%} to {high:.0%}"
    print(f"{said.part}: {len(by)} of {len(chosen)} noticed ({share}).")


def trial_of(mutation: Any, tests: TestsOfLines) -> Trial:
    """A mutation, and the tests that should notice; a hang is noticed long before the longest of all."""
    text, names = mutated(mutation), tests.of(mutation.module_path, mutation.start_pos[0], PATIENCE)
    longest = 60 + 3 * sum(tests.seconds[name] for name in names)
    return Trial(lambda root: (root / mutation.module_path).write_text(text), names, int(longest))


if __name__ == "__main__":
    main()
