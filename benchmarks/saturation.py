"""What happens to the gap where several hidden neurons reach the highest rate their refractory period allows.

    python -m benchmarks.saturation [--trials 100]

Three tasks on which slots compete: played sequences (whole keys), correlated patterns at T = N, and random plateaus.
The rate twin gets the plateaus that happened. Prints a Markdown table; seeds are not those of tuning.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial

import numpy as np
from brian2 import ms

from bioKV import Episode, Parameters, Random, Sequential, SpikingMemory
from bioKV.analysis.accuracy import accuracy
from bioKV.analysis.activity import peak_rate_hz
from bioKV.analysis.agreement import equivalence
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative, correlated, sequence

REPORTING_SEED = 20261129
SIZE = 40
TASKS = (
    ("sequence n=20", partial(sequence, n_patterns=20), Sequential()),
    ("correlated T=40", partial(correlated, n_pairs=40), Sequential()),
    ("random T=20", partial(autoassociative, n_pairs=20), Random(0.1)),
)
DEFAULT = Parameters()
VARIANTS = {
    "default": DEFAULT,
    "the whole threshold constant": DEFAULT._replace(feedforward_gain=1.0, theta_per_entry=0.15),
    "refractory period 6 ms": DEFAULT._replace(hidden_refractory=6 * ms),
    "refractory period 3 ms": DEFAULT._replace(hidden_refractory=3 * ms),
    "inhibition of 10 ms, 0.1 per entry": DEFAULT._replace(tau_inhibition=10 * ms, inhibition_per_entry=0.1),
    "inhibition of 10 ms, 0.075 per entry, refractory period 6 ms": DEFAULT._replace(
        tau_inhibition=10 * ms, inhibition_per_entry=0.075, hidden_refractory=6 * ms
    ),
    "lateral inhibition 0.08 per entry": DEFAULT._replace(inhibition_per_entry=0.08),
}


def cell(parameters: Parameters, index: int, trials: int) -> str:
    """The gap of one variant in one task, its votes a recall, and the 99th percentile of hidden rates while storing."""
    _, present, factor = TASKS[index]
    seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(index, trial)).spawn(2) for trial in range(trials)]
    episode = Episode.stack([present(np.random.default_rng(seed)) for seed, _ in seeds])
    streams = [np.random.default_rng(seed) for _, seed in seeds]
    spiking = SpikingMemory(SIZE, SIZE, SIZE, factor, parameters, engine="compiled").respond(episode, streams)
    twin = KeyValueMemory(SIZE, SIZE, SIZE, factor).respond(
        episode.with_third_factor(spiking.third_factor), np.random.default_rng(0)
    )
    gap = equivalence(accuracy(spiking, episode), accuracy(twin, episode)).gap
    votes = spiking.counts["votes"].sum(axis=-1)[episode.is_recall].mean()
    rate = np.median(peak_rate_hz(spiking, "hidden", "store", 100.0))
    return f"{gap.mean:+.4f} ± {(gap.high - gap.low) / 2:.4f}, {votes:.0f} votes, {rate:.0f} Hz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=100)
    trials = parser.parse_args().trials
    print(f"| hidden neurons | {' | '.join(name for name, *_ in TASKS)} |\n|{'---|' * (len(TASKS) + 1)}")
    for name, parameters in VARIANTS.items():
        print(f"{name} ...", file=sys.stderr)
        cells = [cell(parameters, index, trials) for index in range(len(TASKS))]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
