"""How far the spiking network is from its rate twin on every task of the paper, on seeds nobody tuned on.

    python -m benchmarks.task_fidelity [--tasks 2a 4a ...] [--share 1.0]

Every trial runs the spiking network on its own dendrites. The gap is paired: the plateaus that happened are replayed
into a rate memory. The last columns are not paired: the rate memory draws plateaus of its own, so a dendrite that
chooses wrongly shows there. Prints a Markdown table and what misses the targets, |gap| <= 0.005 and equivalence within
0.01. --share takes that share of the trials, for a quick look.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from bioKV import Episode, LeastRecentlyUsed, Random, Sequential, SpikingMemory
from bioKV.analysis.agreement import plateau_errors
from bioKV.analysis.asked import unit_of
from bioKV.analysis.equivalence import equivalence
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative, continual, correlated, flashbulb, heteroassociative, sequence
from bioKV.third_factors import ThirdFactor

REPORTING_SEED = 20261128  # tuning used others
LIMIT, MARGIN = 0.005, 0.01
STEPS_AT_ONCE = 20_000  # presentations, over all trials that are answered together
SIZE = 40


class Task(NamedTuple):
    """One figure's points: a trial at x, the points, trials at each, and what the memories are."""

    name: str
    present: Any
    x_name: str
    xs: tuple[int, ...]
    trials: int
    value_dim: int = SIZE
    thresholds: tuple[Any, Any] = (None, None)  # sequential, random
    lru: bool = False  # whether it is run with the third factor least recently used too

    def third_factors(self) -> tuple[ThirdFactor, ...]:
        return (Sequential(), Random(0.1), *([LeastRecentlyUsed()] if self.lru else []))

    def memory(self, kind: Any, factor: ThirdFactor, **more: Any) -> Any:
        """A memory of this kind (SpikingMemory or KeyValueMemory) as the task needs it."""
        threshold = self.thresholds[isinstance(factor, Random)]
        return kind(SIZE, SIZE, self.value_dim, factor, stability_threshold=threshold, **more)


TASKS = {
    "2a": Task("autoassociative", autoassociative, "T", (5, 10, 20, 40, 60, 80, 120, 180), 100, lru=True),
    "4a": Task("continual", continual, "R", (1, 10, 20, 40, 41, 80, 120), 8, lru=True),
    "4b": Task("flashbulb", flashbulb, "R", (1, 20, 60), 120, thresholds=(10, (5, 10))),
    "4c": Task("correlated", partial(correlated, correlation=0.6), "T", (5, 20, 40, 80), 100),
    "5a": Task("heteroassociative", partial(heteroassociative, value_dim=20), "T", (5, 10, 20, 40, 60), 100, 20),
    "5b": Task("sequence", sequence, "n", (5, 10, 20, 40), 2000),
}


class Row(NamedTuple):
    """Accuracies of one point and subset."""

    task: str
    factor: str
    x: int
    subset: str
    spiking: np.ndarray
    twin: np.ndarray
    fresh: np.ndarray
    unit: float
    extra: float
    missed: float
    plateaus: float  # per presentation


def measure(key: str, factor, x: int, share: float) -> Iterator[Row]:
    """A row for every subset of one point."""
    task = TASKS[key]
    trials = max(4, round(task.trials * share))
    memory, rate = task.memory(SpikingMemory, factor, engine="compiled"), task.memory(KeyValueMemory, factor)
    seeds = [
        np.random.SeedSequence(REPORTING_SEED, spawn_key=(list(TASKS).index(key), x, trial)) for trial in range(trials)
    ]
    found: dict[str, list] = {}
    units: dict[str, float] = {}
    errors = []
    first = task.present(np.random.default_rng(seeds[0]), x)
    side = max(2, STEPS_AT_ONCE // first.n_steps)
    for start in range(0, trials, side):
        streams = [[np.random.default_rng(s) for s in seed.spawn(3)] for seed in seeds[start : start + side]]
        episode = Episode.stack([task.present(protocol, x) for protocol, _, _ in streams])
        spiking = memory.respond(episode, [own for _, own, _ in streams])
        twin = rate.respond(episode.with_third_factor(spiking.third_factor), [own for _, own, _ in streams])
        fresh = rate.respond(episode, [other for _, _, other in streams])
        expected = None if isinstance(factor, Random) else fresh.third_factor
        errors.append((*plateau_errors(spiking, expected), spiking.third_factor.sum(axis=-1).mean(axis=-1)))
        for subset in episode.subset_names:
            name = None if len(episode.subset_names) == 1 else subset
            scores = [accuracy(response, episode, name) for response in (spiking, twin, fresh)]
            found.setdefault(subset, []).append(scores)
            units[subset] = max(units.get(subset, 0.0), unit_of(episode, name))
    missed, extra, plateaus = (float(np.mean(np.concatenate(part))) for part in zip(*errors, strict=True))
    for subset, parts in found.items():
        scores = [np.concatenate(part) for part in zip(*parts, strict=True)]
        yield Row(task.name, factor.name, x, subset, *scores, units[subset], extra, missed, plateaus)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", nargs="*", default=list(TASKS), choices=list(TASKS))
    parser.add_argument("--share", type=float, default=1.0, help="share of the trials")
    chosen = parser.parse_args()
    columns = ("task", "third factor", "x", "subset", "trials", "spiking", "rate", "gap [95 %]", "p of ±.01",
               "fresh plateaus: rate", "difference ± 95 %")  # fmt: skip
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    far, unclear, apart, beyond, others, random, n = [], [], [], [], [], [], 0
    for key in chosen.tasks:
        for factor in TASKS[key].third_factors():
            for x in TASKS[key].xs:
                print(f"{key} {factor.name} {x} ...", file=sys.stderr)
                for row in measure(key, factor, x, chosen.share):
                    gap = equivalence(row.spiking, row.twin, margin=MARGIN, unit=row.unit)
                    spread = np.hypot(row.spiking.std(ddof=1), row.fresh.std(ddof=1)) / np.sqrt(len(row.spiking))
                    difference = row.spiking.mean() - row.fresh.mean()
                    wide = stats.t.ppf(0.975, 2 * len(row.spiking) - 2) * spread
                    name = f"{row.task}, {row.factor}, {TASKS[key].x_name}={x}, {row.subset}"
                    print(
                        f"| {key} {row.task} | {row.factor} | {TASKS[key].x_name}={x} | {row.subset} |"
                        f" {len(row.spiking)} | {row.spiking.mean():.4f} | {row.twin.mean():.4f} |"
                        f" {gap.gap:+.4f} | {gap.p:.1g} | {row.fresh.mean():.4f} |"
                        f" {difference:+.4f} ± {wide:.4f} |",
                        flush=True,
                    )
                    n += 1
                    far += [f"{name}: {gap.gap.mean:+.4f}"] if abs(gap.gap.mean) > LIMIT else []
                    unclear += [f"{name}: p = {gap.p:.2g}"] if gap.p >= 0.05 else []
                    apart += [f"{name}: {difference:+.4f} ± {wide:.4f}"] if abs(difference) > wide else []
                    beyond += [name] if abs(difference) > wide + LIMIT else []
                if row.factor == "random":
                    random.append(row.plateaus)
                if row.factor != "random" and row.extra + row.missed > 0:
                    others += [f"{key} {row.factor} {TASKS[key].x_name}={x}: {row.extra:.3g}, {row.missed:.3g}"]
    print(f"\n{n} points. Gap above {LIMIT}: {'; '.join(far) or 'none'}.")
    print(f"Not shown to be equivalent within {MARGIN}: {'; '.join(unclear) or 'none'}.")
    print(f"Unpaired intervals without 0: {'; '.join(apart) or 'none'}.")
    print(f"Of these, further than {LIMIT} beyond the interval: {'; '.join(beyond) or 'none'}.")
    print("Plateaus per presentation, extra and missed, against a rate memory that chooses its own slots:"
          f" {'; '.join(others) or 'none'}.")  # fmt: skip
    low, high = min(random), max(random)
    print(f"Plateaus per presentation with random third factors, pN = {0.1 * SIZE:g}: {low:.3f} to {high:.3f}.")


if __name__ == "__main__":
    main()
