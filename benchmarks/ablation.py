"""What each part of the spiking network is for: accuracy with one part taken out.

    python -m benchmarks.ablation [--trials 40]

T = 20, d = N = m = 40; the rate twin gets the plateaus of the intact network. Prints a Markdown table.
"""

from __future__ import annotations

import argparse

import numpy as np

from bioKV import Episode, Parameters, Random, Sequential, SpikingMemory
from bioKV.analysis.accuracy import accuracy, mean_with_interval
from bioKV.engines.answer import on_minus_off
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

REPORTING_SEED = 20261124
N_PAIRS, DIM = 20, 40
PARTS = {
    "all parts": {},
    "no feed-forward inhibition": {"feedforward_gain": 0.0},
    "no lateral inhibition": {"inhibition_per_entry": 0.0},
    "no value decay": {"value_decay": 0.0},
    "no acetylcholine gate": {"acetylcholine": 0.0},
    "neither value decay nor acetylcholine gate": {"value_decay": 0.0, "acetylcholine": 0.0},
    "no opponent inhibition": {"opponent": 0.0},
}
COUNTED = "no read-out filter (spike counts of the whole presentation)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=40)
    n_trials = parser.parse_args().trials
    columns: dict[str, dict[str, str]] = {}
    for third_factor in (Sequential(), Random(0.1)):
        seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(trial,)) for trial in range(n_trials)]
        episode = Episode.stack(
            [autoassociative(np.random.default_rng(seed), n_pairs=N_PAIRS, key_dim=DIM) for seed in seeds]
        )
        column = columns[third_factor.name] = {}
        for name, change in PARTS.items():
            parameters = Parameters()._replace(**change)
            memory = SpikingMemory(DIM, DIM, DIM, third_factor, parameters=parameters, engine="compiled")
            response = memory.respond(episode, [np.random.default_rng(seed.spawn(1)[0]) for seed in seeds])
            column[name] = _text(accuracy(response, episode))
            if not change:
                counted = np.sign(on_minus_off(response.counts["output"])) == episode.values
                column[COUNTED] = _text(counted[:, N_PAIRS:].mean(axis=(1, 2)))
                twin = KeyValueMemory(DIM, DIM, DIM).respond(
                    episode.with_third_factor(response.third_factor), np.random.default_rng(0)
                )
                column["rate twin"] = _text(accuracy(twin, episode))
    print("| network | " + " | ".join(columns) + " |")
    print("|---|" + "---|" * len(columns))
    for name in ["rate twin", *PARTS, COUNTED]:
        print(f"| {name} | " + " | ".join(column[name] for column in columns.values()) + " |")


def _text(values: np.ndarray) -> str:
    mean = mean_with_interval(values)
    return f"{mean.mean:.3f} ± {(mean.high - mean.low) / 2:.3f}"


if __name__ == "__main__":
    main()
