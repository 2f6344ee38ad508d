"""Whether both engines of the spiking memory recall alike on every task: the same episodes, noise of their own.

    python -m benchmarks.engines_agree [--tasks 2a 4a ...] [--share 1.0]

The tasks and their memories are those of benchmarks.task_fidelity, at a point or two of each; lives of the continual
tasks are shorter than the figures', for the NumPy engine is slow. Differences are paired, trial by trial. The engines
agree at a point where the 95 % interval of the mean difference holds 0. Of many points that do agree one in twenty
says NO by chance, so the last lines say how many NOs that explains. --share takes that share of the trials.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy import stats

from benchmarks.task_fidelity import TASKS
from bioKV import Episode, SpikingMemory
from bioKV.analysis.intervals import Mean, fraction_interval, gap_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.progress import bar, say_to_stderr
from bioKV.third_factors import ThirdFactor

REPORTING_SEED = 20261129
LEVEL = 0.05  # of the test that an interval of 95 % is


class Points(NamedTuple):
    """Where on its x axis a task is looked at, in how many trials, and how long a life is if that is to be chosen."""

    xs: tuple[int, ...]
    trials: int
    life: int | None = None


POINTS = {
    "2a": Points((10, 40), 40),
    "4a": Points((10, 40), 20, life=150),
    "4b": Points((60,), 20, life=200),
    "4c": Points((20, 40), 40),
    "5a": Points((20, 40), 40),
    "5b": Points((10, 40), 40),
}


class Comparison(NamedTuple):
    """Accuracies of both engines on the same episodes, and their paired difference."""

    compiled: Mean
    numpy: Mean
    difference: Mean
    p: float  # of the paired t test; 1 where nothing differs

    @staticmethod
    def of(compiled: np.ndarray, other: np.ndarray) -> Comparison:
        """compiled, other (n,) : one number per trial."""
        gaps = compiled - other
        difference = gap_interval(gaps)
        still = np.ptp(gaps) == 0  # no spread, so no t: the difference is what it is
        p = float(difference.mean == 0) if still else float(stats.ttest_rel(compiled, other).pvalue)
        return Comparison(fraction_interval(compiled), fraction_interval(other), difference, p)

    @property
    def agree(self) -> bool:
        return self.difference.low <= 0 <= self.difference.high


def compare(key: str, factor: ThirdFactor, x: int, share: float) -> Iterator[tuple[str, Comparison]]:
    """(subset, comparison) for every subset of one point."""
    task, points = TASKS[key], POINTS[key]
    present = task.present if points.life is None else partial(task.present, n_steps=points.life)
    place = list(TASKS).index(key)
    trials = max(4, round(points.trials * share))
    seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(place, x, trial)) for trial in range(trials)]
    episode = Episode.stack([present(np.random.default_rng(seed), x) for seed in seeds])
    responses = []
    for engine in ("compiled", "numpy"):
        streams = [np.random.default_rng(seed.spawn(1)[0]) for seed in seeds]  # spawns another one the second time
        memory = task.memory(SpikingMemory, factor, engine=engine)
        with bar(f"{key} {task.name}, {factor.name}, {task.x_name}={x}, {engine}", total=1) as progress:
            responses.append(memory.respond(episode, streams, say=say_to_stderr, progress=progress))
    for subset in episode.subset_names:
        name = None if len(episode.subset_names) == 1 else subset
        yield subset, Comparison.of(*(accuracy(response, episode, name) for response in responses))


def summary(found: dict[str, Comparison]) -> str:
    """How many points disagree, how likely as many are by chance, and what stands out among so many."""
    apart = [name for name, comparison in found.items() if not comparison.agree]
    chance = float(stats.binom.sf(len(apart) - 1, len(found), LEVEL))
    outstanding = [name for name in found if found[name].p < LEVEL / len(found)]
    largest = max(found, key=lambda name: abs(found[name].difference.mean))
    return (
        f"{len(found) - len(apart)} of {len(found)} points agree. Intervals without 0: {'; '.join(apart) or 'none'}"
        f" (of engines that are alike as many or more with p = {chance:.2f}; {LEVEL * len(found):.1f} are expected).\n"
        f"Different at 5 % when corrected for {len(found)} points (Bonferroni): {'; '.join(outstanding) or 'none'}.\n"
        f"Largest difference: {found[largest].difference.mean:+.4f} ({largest})."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", nargs="*", default=list(POINTS), choices=list(POINTS))
    parser.add_argument("--share", type=float, default=1.0, help="share of the trials")
    chosen = parser.parse_args()
    columns = ("task", "third factor", "x", "subset", "trials", "compiled [95 %]", "numpy [95 %]",
               "difference [95 %]", "agree")  # fmt: skip
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    found = {}
    for key in chosen.tasks:
        task = TASKS[key]
        for factor in task.third_factors():
            for x in POINTS[key].xs:
                for subset, point in compare(key, factor, x, chosen.share):
                    found[f"{task.name}, {factor.name}, {task.x_name}={x}, {subset}"] = point
                    one, other, gap = point.compiled, point.numpy, point.difference
                    print(
                        f"| {key} {task.name} | {factor.name} | {task.x_name}={x} | {subset} | {one.n} |"
                        f" {one.mean:.4f} [{one.low:.4f}, {one.high:.4f}] |"
                        f" {other.mean:.4f} [{other.low:.4f}, {other.high:.4f}] |"
                        f" {gap.mean:+.4f} [{gap.low:+.4f}, {gap.high:+.4f}] | {'yes' if point.agree else 'NO'} |",
                        flush=True,
                    )
    print(f"\n{summary(found)}")


if __name__ == "__main__":
    main()
