"""The gap between spiking and rate memory over load and corruption at once.

    python -m benchmarks.fidelity_grid [--trials 20] [--picture FILE]

d = N = m = 40; T pairs are stored and each is asked for once. Rows: the unknown share of a query, columns: the load.
Gaps are paired, on the plateaus that happened. Prints a Markdown table for each third factor, then how many points are
further than 0.01 off beyond their interval. With --picture it draws both. Seeds are not those of tuning.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

import numpy as np

from bioKV import Parameters
from bioKV.protocols import autoassociative

from .fidelity_map import LIMIT, RANDOM, SEQUENTIAL, Found, Point, measure

UNKNOWN = (0.0, 0.3, 0.6, 0.8, 0.9)
LOADS = (0.25, 0.5, 1.0, 2.0, 4.0)
FACTORS = (SEQUENTIAL, RANDOM)
GRID = 100  # the first number of its streams' keys, which no family of the map has


def row(factor, unknown: float, trials: int) -> list[Found]:
    """One share of unknown entries at every load."""
    points = [
        Point(load, partial(autoassociative, n_pairs=int(40 * load), corruption=unknown), factor) for load in LOADS
    ]
    keys = [(GRID, FACTORS.index(factor), UNKNOWN.index(unknown), i) for i in range(len(LOADS))]
    return [measure(point, key, trials, Parameters()) for point, key in zip(points, keys, strict=True)]


def draw(found: dict[str, list[list[Found]]], path: Path) -> None:
    """A table of colours for each third factor, with every gap written in it and the rate memory's accuracy below."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(found), figsize=(4.2 * len(found), 3.9), layout="constrained", sharey=True)
    for ax, (name, grid) in zip(axes, found.items(), strict=True):
        gaps = np.array([[one.gap for one in line] for line in grid])
        image = ax.imshow(gaps, cmap="RdBu", vmin=-2 * LIMIT, vmax=2 * LIMIT, aspect="auto")
        for i, line in enumerate(grid):
            for k, one in enumerate(line):
                ax.text(k, i, f"{one.gap:+.4f}\n{one.rate:.3f}", ha="center", va="center", fontsize="small",
                        color="white" if abs(one.gap) > 1.3 * LIMIT else "black")  # fmt: skip
        ax.set_xticks(range(len(LOADS)), [f"{load:g}" for load in LOADS])
        ax.set_yticks(range(len(UNKNOWN)), [f"{share:.0%}" for share in UNKNOWN])
        ax.set(xlabel="load T/N", title=f"{name} third factors")
    axes[0].set_ylabel("unknown share of a query")
    figure.colorbar(image, ax=axes, label="accuracy, spiking − rate (below: rate)", shrink=0.9)
    figure.savefig(path, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--picture", type=Path)
    chosen = parser.parse_args()
    found: dict[str, list[list[Found]]] = {}
    for factor in FACTORS:
        print(f"| {factor.name}: unknown | {' | '.join(f'T/N = {load:g}' for load in LOADS)} |")
        print(f"|{'---|' * (1 + len(LOADS))}", flush=True)
        for unknown in UNKNOWN:
            print(f"{factor.name}, {unknown:.0%} unknown ...", file=sys.stderr)
            line = row(factor, unknown, chosen.trials)
            found.setdefault(factor.name, []).append(line)
            cells = [f"{one.gap:+.4f} [{one.low:+.4f}, {one.high:+.4f}] of {one.rate:.3f}" for one in line]
            print(f"| {unknown:.0%} | {' | '.join(cells)} |", flush=True)
        print()
    every = [one for grid in found.values() for line in grid for one in line]
    worst, silent = min(one.gap for one in every), max(one.undecided for one in every)
    print(f"{len(every)} points; {sum(one.off for one in every)} are off by more than {LIMIT} beyond their interval;"
          f" the lowest gap is {worst:+.4f}, undecided are at most {silent:.1%}.")  # fmt: skip
    if chosen.picture:
        draw(found, chosen.picture)


if __name__ == "__main__":
    main()
