"""Does the everyday suite notice mistakes that a program makes at random? A sample of the mutants of cosmic-ray.

    pip install cosmic-ray
    python -m benchmarks.mutation [--sample 60] [--seed 1] [--jobs 2] [--part models]

Mutants are drawn from all that cosmic-ray makes of the files of a part, but for those that change annotations alone;
each runs in a copy of the checkout, with the tests of its file, up to the first failure. Prints every survivor as a
difference, and how many of the sample there are.
"""

from __future__ import annotations

import argparse
import ast
import random
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from .mutants.copies import ROOT, Trial, passed

BASELINES = ("tests/models/test_step_by_step.py", "tests/models/test_baselines.py", "tests/test_every_state.py")
SPIKING = (
    "tests/network", "tests/test_parameters.py", "tests/test_wrong_arguments.py", "tests/test_open_network.py",
    "tests/test_schedule.py", "tests/test_spiking_memory.py", "tests/test_traces.py", "tests/test_calibration.py",
    "tests/test_spiking_plasticity.py", "tests/test_graded.py", "tests/test_inhibition.py",
    "tests/test_imperfections.py", "tests/test_every_mechanism.py", "tests/test_both_engines.py",
)  # fmt: skip
# the tests that are meant to notice, those that are quick first; for files that are not named those of their part
PARTS = {
    "models": ("models/*.py", BASELINES),
    "protocols": ("protocols/*.py", ("tests/protocols", "tests/test_graded.py")),
    "network": ("bioKV/network/*.py", SPIKING),
}
OF_FILES = {
    "models/open_loop.py": ("tests/models/test_open_loop.py", "tests/models/test_step_by_step.py",
                            "tests/models/test_stability.py", "tests/models/test_rate.py"),
    "models/rate.py": ("tests/models/test_step_by_step.py", "tests/models/test_stability.py",
                       "tests/models/test_rate.py", "tests/test_every_state.py"),
    "models/plasticity.py": ("tests/models/test_plasticity.py", "tests/models/test_learned.py",
                             "tests/models/test_stability.py"),
    "models/learned.py": ("tests/models/test_learned.py",),
    "models/controller.py": ("tests/models/test_controller.py",),
    "models/binary_channel.py": ("tests/models/test_binary_channel.py",),
}  # fmt: skip


def sample_of(pattern: str, size: int, seed: int) -> list[Any]:
    """Some of cosmic-ray's mutations of the files of a pattern, drawn among those that Python can read and that change
    more than annotations."""
    from cosmic_ray.commands import init
    from cosmic_ray.work_db import WorkDB, use_db

    paths = [path.relative_to(ROOT) for path in sorted(ROOT.glob(pattern)) if path.name != "__init__.py"]
    with tempfile.TemporaryDirectory() as folder, use_db(f"{folder}/all.sqlite", WorkDB.Mode.create) as db:
        init(paths, db, {})
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
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--part", choices=PARTS, default="models")
    said = parser.parse_args()
    pattern, tests = PARTS[said.part]
    chosen, noticed = sample_of(pattern, said.sample, said.seed), 0

    def change(mutation: Any) -> Callable[[Path], object]:
        text = mutated(mutation)
        return lambda root: (root / mutation.module_path).write_text(text)

    trials = [Trial(change(one), OF_FILES.get(str(one.module_path), tests)) for one in chosen]
    for number, passes in passed(trials, said.jobs):
        noticed += not passes
        if passes:
            print(difference(chosen[number]), flush=True)
    print(f"{said.part}: {noticed} of {len(chosen)} noticed.")


if __name__ == "__main__":
    main()
