"""How long a sequence the trained controllers of figure 5c copy, and by which keys they find it again.

    biokv figure 5c [--memory ...]                 trains them, minutes each, into runs/figure-5c
    python -m benchmarks.copy_paste accuracy       one row per controller
    python -m benchmarks.copy_paste keys           what tells those apart that copy more than they were trained on
    python -m benchmarks.copy_paste signs          what it costs that keys, values and q are cut to signs

All print a Markdown table and take --run FOLDER. They leave with code 2 where there is no finished run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from bioKV import Episode
from bioKV.analysis.controllers import key_code
from bioKV.models import Controller
from bioKV.paper.copy_paste import ARMS, CONTROLLERS, TRAINED_UP_TO, arm_of, file_of, measure, memory_of
from bioKV.protocols import copy_paste

SHOWN = (5, 10, 12, 16, 20, 25, 30)
SEED, TRIALS, LONG = 20261130, 100, 20


def accuracy_table(run: Path) -> Iterator[str]:
    """Accuracy of every controller at some lengths, and how its training ended."""
    table = pd.read_csv(run / "figure.csv")
    yield f"| memory | controller | {' | '.join(f'n = {x}' for x in SHOWN)} | starts | last loss |"
    yield "|---|---|" + "---|" * (len(SHOWN) + 2)
    for arm in ARMS:
        for number in range(CONTROLLERS):
            mine = table[table.model == f"{arm.model}, controller {number}"].set_index("x")["mean"]
            if mine.empty:  # the spiking memory was not asked for
                continue
            values = " | ".join(f"{mine[x]:.3f}" if x in mine.index else "" for x in SHOWN)
            end = " | "
            if not arm.as_of:
                last = pd.read_csv(file_of(run / "controllers", arm, number).with_suffix(".csv")).iloc[-1]
                end = f"{last.start:.0f} | {last.loss:.4f}"
            yield f"| {arm.label} | {number} | {values} | {end} |"


def keys_table(run: Path) -> Iterator[str]:
    """Means over all rows of sequences of the longest length in training, and of twice that."""
    yield ("| memory | controller | accuracy, n = 20 | content | match, n = 10 | rival, n = 10 | match, n = 20 |"
           " rival, n = 20 | q shown | q blank |")  # fmt: skip
    yield "|---|---|" + "---|" * 8
    table = pd.read_csv(run / "figure.csv").set_index(["model", "x"])["mean"]
    for arm in (arm for arm in ARMS if not arm.as_of):
        for number in range(CONTROLLERS):
            path = file_of(run / "controllers", arm, number)
            controller = Controller.load(path, memory_of(arm, path))
            cells = [f"{table[f'{arm.model}, controller {number}', LONG]:.3f}"]
            for n in (TRAINED_UP_TO, LONG):
                rng = np.random.default_rng([SEED, n])
                episode = Episode.stack([copy_paste(rng, n) for _ in range(TRIALS)])
                _, decided = controller.follow(episode, rng)
                code = key_code(decided.key)
                cells += [f"{code.content.mean():.2f}"] if n == TRAINED_UP_TO else []
                cells += [f"{code.match.mean():.1f}", f"{code.rival.mean():.1f}"]
            cells += [f"{decided.gate[:, part].mean():.2f}" for part in (slice(n + 1), slice(n + 1, None))]
            yield f"| {arm.label} | {number} | {' | '.join(cells)} |"


def signs_table(run: Path) -> Iterator[str]:
    """The sequential controllers on the memory they were trained with, behind signs, and trained for signs."""
    numbers = (5, TRAINED_UP_TO, 15, LONG)
    yield f"| controller | {' | '.join(f'n = {n}' for n in numbers)} |"
    yield "|---|" + len(numbers) * "---|"
    sequential, signs = arm_of("sequential"), arm_of("sequential signs")
    for number in range(CONTROLLERS):
        plain, for_signs = (file_of(run / "controllers", arm, number) for arm in (sequential, signs))
        for name, path, memory in (
            ("as trained", plain, sequential.make()),
            ("cut to signs", plain, signs.make()),
            ("trained for signs", for_signs, signs.make()),
        ):
            controller = Controller.load(path, memory)
            found = (measure(controller, SEED, n, TRIALS).mean() for n in numbers)
            yield f"| {number}, {name} | {' | '.join(f'{value:.3f}' for value in found)} |"


def main() -> None:
    tables = {"accuracy": accuracy_table, "keys": keys_table, "signs": signs_table}
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("table", choices=tables)
    parser.add_argument("--run", type=Path, default=Path("runs/figure-5c"))
    chosen = parser.parse_args()
    if not (chosen.run / "figure.csv").exists():
        print(f"no finished run in {chosen.run}; biokv figure 5c --out {chosen.run} makes it", file=sys.stderr)
        sys.exit(2)
    print("\n".join(tables[chosen.table](chosen.run)))


if __name__ == "__main__":
    main()
