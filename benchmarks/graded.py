"""How far spiking memories of real numbers are from their rate twins, on seeds nobody tuned on.

    python -m benchmarks.graded [--trials 50]

Gaussian keys, clipped to [-1, 1], that are their own values, d = N = m = 40, sequential third factor; the rate twin
gets the plateaus that happened. Prints two Markdown tables. Loads and kinds of patterns: the share of entries whose
sign is right, the cosine of answer and pattern, and the slope and correlation of spiking weights on rate ones. And what
a finer code brings, at T = 40: faster outputs, and more neurons per slot.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.intervals import gap_interval, t_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.measures.cosine import cosine
from bioKV.analysis.measures.undecided import undecided
from bioKV.models import KeyValueMemory
from bioKV.protocols import graded
from bioKV.units import Hz

REPORTING_SEED = 20261206
SIZE = 40
LOADS = (10, 20, 40, 60, 80)
KINDS: dict[str, dict[str, Any]] = {
    "sd .5": {}, "sd .5, query 60 % unknown": {"corruption": 0.6}, "sd .5, stored key 30 % unknown": {"unknown": 0.3},
    "sd .3": {"sd": 0.3},
}  # fmt: skip
FINER: dict[str, dict[str, Any]] = {
    "default: 100 Hz by evidence of 1": {},
    "200 Hz": {"output_pace": 200 * Hz},
    "400 Hz": {"output_pace": 400 * Hz},
    "16 neurons per slot": {"neurons_per_slot": 16},
    "both": {"output_pace": 400 * Hz, "neurons_per_slot": 16},
}
COLUMNS = ("sign: rate", "gap [95 %]", "undecided", "cosine: rate", "gap [95 %]", "slope of K", "its correlation",
           "slope of V", "its correlation")  # fmt: skip


def cells(n_pairs: int, trials: int, options: dict[str, Any], changed: dict[str, Any]) -> str:
    """What is printed of one point."""
    seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(n_pairs, trial)).spawn(2) for trial in range(trials)]
    episode = Episode.stack([graded(np.random.default_rng(seed), n_pairs, SIZE, **options) for seed, _ in seeds])
    memory = SpikingMemory(SIZE, SIZE, SIZE, parameters=Parameters(**changed), engine="compiled")
    twin = KeyValueMemory(SIZE, SIZE, SIZE)
    spiking = memory.respond(episode, [np.random.default_rng(seed) for _, seed in seeds])
    rate = twin.respond(episode.with_third_factor(spiking.third_factor), np.random.default_rng(0))
    said = []
    signs, cosines = ([measure(response, episode) for response in (spiking, rate)] for measure in (accuracy, cosine))
    said += [f"{signs[1].mean():.4f}", f"{gap_interval(signs[0] - signs[1], unit_of(episode)):+.4f}"]
    said += [f"{cosines[1].mean():.4f}", f"{t_interval(cosines[0] - cosines[1]):+.4f}"]
    said.insert(2, f"{undecided(spiking, episode).mean():.1%}")
    for mine, theirs in zip(memory.weights(spiking.state), twin.weights(rate.state), strict=True):
        said += [f"{np.polyfit(theirs.ravel(), mine.ravel(), 1)[0]:.2f}",
                 f"{np.corrcoef(theirs.ravel(), mine.ravel())[0, 1]:.3f}"]  # fmt: skip
    return " | ".join(said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=50)
    trials = parser.parse_args().trials
    print(f"| patterns | T | {' | '.join(COLUMNS)} |\n|{'---|' * (2 + len(COLUMNS))}", flush=True)
    for kind, options in KINDS.items():
        for n_pairs in LOADS:
            print(f"| {kind} | {n_pairs} | {cells(n_pairs, trials, options, {})} |", flush=True)
    print(f"\n| patterns, T = 40 | outputs | {' | '.join(COLUMNS)} |\n|{'---|' * (2 + len(COLUMNS))}", flush=True)
    for kind in ("sd .5", "sd .3"):
        for name, changed in FINER.items():
            print(f"| {kind} | {name} | {cells(40, trials, KINDS[kind], changed)} |", flush=True)


if __name__ == "__main__":
    main()
