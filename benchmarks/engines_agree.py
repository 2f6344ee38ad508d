"""Whether both engines of the spiking memory recall alike: the same episodes, noise of their own.

    python -m benchmarks.engines_agree [--trials 40]
"""

from __future__ import annotations

import argparse

import numpy as np

from bioKV import Episode, Random, Sequential, SpikingMemory
from bioKV.analysis.accuracy import accuracy, mean_with_interval
from bioKV.protocols import autoassociative

REPORTING_SEED = 20261127


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=40)
    n_trials = parser.parse_args().trials
    print("| third factor | T | compiled | numpy | difference | intervals overlap |\n|---|---|---|---|---|---|")
    for third_factor in (Sequential(), Random(0.1)):
        for n_pairs in (10, 40):
            seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(n_pairs, trial)) for trial in range(n_trials)]
            episode = Episode.stack([autoassociative(np.random.default_rng(seed), n_pairs=n_pairs) for seed in seeds])
            found = {}
            for engine in ("compiled", "numpy"):
                memory = SpikingMemory(40, 40, 40, third_factor, engine=engine)
                streams = [np.random.default_rng(seed.spawn(1)[0]) for seed in seeds]
                found[engine] = mean_with_interval(accuracy(memory.respond(episode, streams), episode))
            one, other = found["compiled"], found["numpy"]
            overlap = one.low <= other.high and other.low <= one.high
            print(f"| {third_factor.name} | {n_pairs} | {one.mean:.4f} [{one.low:.4f}, {one.high:.4f}] |"
                  f" {other.mean:.4f} [{other.low:.4f}, {other.high:.4f}] | {one.mean - other.mean:+.4f} |"
                  f" {'yes' if overlap else 'NO'} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
