"""The rate memory against the authors' curves of Fig. 2a, point by point.

    python -m benchmarks.reference_curves [--trials 400]

Reference rows are in analysis/reference_curves.csv. Chi-square from the standard errors of both sides.
"""

from __future__ import annotations

import argparse

import numpy as np
from scipy import stats

from bioKV import Episode, Random, Sequential
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.reference import reference_rows
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative

REPORTING_SEED = 20261125
N_PAIRS = (1, 5, 10, 20, 40, 60, 100, 180)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=400)
    n_trials = parser.parse_args().trials
    print("| third factor | T | bioKV | reference | difference |\n|---|---|---|---|---|")
    verdicts = []
    for model, third_factor in (("sequential", Sequential()), ("random", Random(0.1))):
        memory = KeyValueMemory(40, 40, 40, third_factor, initial_scale=1e-10)  # the authors' start
        chi2, points, reference = 0.0, 0, reference_rows("2a", model)
        for n_pairs in N_PAIRS:
            seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(n_pairs, trial)) for trial in range(n_trials)]
            streams = [np.random.default_rng(seed) for seed in seeds]
            episode = Episode.stack([autoassociative(stream, n_pairs=n_pairs) for stream in streams])
            found = accuracy(memory.respond(episode, streams), episode)
            row = reference[reference.x == n_pairs].iloc[0]
            reference_error = (row.ci95_high - row.ci95_low) / 2 / stats.t.ppf(0.975, row.n_trials - 1)
            error = np.hypot(stats.sem(found), reference_error)
            if error > 0:
                chi2, points = chi2 + ((found.mean() - row["mean"]) / error) ** 2, points + 1
            difference = found.mean() - row["mean"]
            print(f"| {third_factor.name} | {n_pairs} | {found.mean():.4f} ± {1.96 * stats.sem(found):.4f} |"
                  f" {row['mean']:.4f} ± {1.96 * reference_error:.4f} | {difference:+.4f} |")  # fmt: skip
        p = stats.chi2.sf(chi2, points)
        verdicts.append(f"{third_factor.name}: chi-square {chi2:.1f} on {points} points, p = {p:.3f} (target p > .001)")
    print("\n" + "; ".join(verdicts))


if __name__ == "__main__":
    main()
