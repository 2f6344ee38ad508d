"""What short-term depression of the key synapses costs, against the rate twin on the same plateaus.

    python -m benchmarks.depression [--trials 40]

T = 20 pairs at d = N = m = 40, 60 % of each query unknown, 40 trials per point on the seeds of benchmarks.robustness.
Prints a Markdown table: the gap, spiking minus rate, with its 95 % interval and the votes per recall, one row per pair
of a utilisation and a time constant of recovery. One compile serves all rows but the first, which has no depression.
"""

from __future__ import annotations

import argparse

import numpy as np

from bioKV import Episode, Random, Sequential, SpikingMemory
from bioKV.analysis.accuracy import accuracy
from bioKV.analysis.agreement import equivalence
from bioKV.models import KeyValueMemory
from bioKV.network.mechanisms.short_term_depression import ShortTermDepression
from bioKV.protocols import autoassociative
from bioKV.units import ms

from .robustness import REPORTING_SEED

SIZE, N_PAIRS = 40, 20
FACTORS = (Sequential(), Random(0.1))
UTILISATIONS = (0.1, 0.2, 0.5)
RECOVERIES_MS = (30, 100, 300, 800)  # Tsodyks and Markram (1997) fitted 800 ms to pyramidal cells


def measure(mechanisms: list[ShortTermDepression], index: int, trials: int) -> list[str]:
    """Cells of a row: spiking accuracy, gap with interval, votes per recall."""
    seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(index, trial)).spawn(2) for trial in range(trials)]
    episode = Episode.stack([autoassociative(np.random.default_rng(seed), N_PAIRS) for seed, _ in seeds])
    memory = SpikingMemory(SIZE, SIZE, SIZE, FACTORS[index], mechanisms=mechanisms, engine="compiled")
    spiking = memory.respond(episode, [np.random.default_rng(seed) for _, seed in seeds])
    twin = KeyValueMemory(SIZE, SIZE, SIZE, FACTORS[index]).respond(
        episode.with_third_factor(spiking.third_factor), np.random.default_rng(0)
    )
    right = accuracy(spiking, episode)
    gap = equivalence(right, accuracy(twin, episode)).gap
    votes = spiking.counts["votes"].sum(axis=-1)[episode.is_recall].mean()
    return [f"{right.mean():.4f}", f"{gap.mean:+.4f} ± {(gap.high - gap.low) / 2:.4f}", f"{votes:.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=40)
    trials = parser.parse_args().trials
    print("| utilisation | recovery | sequential: accuracy | gap ± 95 % | votes | random p=.1: accuracy | gap ± 95 %"
          " | votes |")  # fmt: skip
    print(f"|{'---|' * 8}", flush=True)
    none: list[ShortTermDepression] = []
    print(f"| none | | {' | '.join(measure(none, 0, trials) + measure(none, 1, trials))} |", flush=True)
    for used in UTILISATIONS:
        for recovery in RECOVERIES_MS:
            depressed = [ShortTermDepression(used, recovery * ms)]
            cells = measure(depressed, 0, trials) + measure(depressed, 1, trials)
            print(f"| {used:g} | {recovery} ms | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
