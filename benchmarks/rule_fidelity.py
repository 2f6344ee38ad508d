"""How far a learned rule in spikes is from the same rule in rates, on seeds nobody tuned on.

    python -m benchmarks.rule_fidelity [--trials 100]

The rule is the sequential one of fig. 3, learned from a near-zero start with training seed 0 (needs JAX the first time:
`pip install "bioKV[learn]"`). Each trial runs the spiking network on its own dendrites; the rate twin gets the plateaus
that happened. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.analysis.accuracy import accuracy
from bioKV.analysis.agreement import equivalence
from bioKV.models import LearnedMemory
from bioKV.paper.learned_rules import learned
from bioKV.protocols import autoassociative

REPORTING_SEED = 20261202
SIZE = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=100)
    trials = parser.parse_args().trials
    rule = learned("sequential", seed=0).rule
    print("rule: " + ", ".join(f"{name} {value:.3g}" for name, value in rule._asdict().items()), file=sys.stderr)
    print("| T | spiking | rate | gap ± 95 % | votes | slope of V, spiking on rate |")
    print("|---|---|---|---|---|---|", flush=True)
    for n_pairs in (5, 10, 20, 40, 60, 80):
        seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(n_pairs, k)).spawn(2) for k in range(trials)]
        episode = Episode.stack([autoassociative(np.random.default_rng(seed), n_pairs) for seed, _ in seeds])
        memory = SpikingMemory(SIZE, SIZE, SIZE, rule=rule, engine="compiled")
        twin = LearnedMemory(SIZE, SIZE, SIZE, rule=rule)
        spiking = memory.respond(episode, [np.random.default_rng(seed) for _, seed in seeds])
        rate = twin.respond(episode.with_third_factor(spiking.third_factor), np.random.default_rng(0))
        ours, theirs = accuracy(spiking, episode), accuracy(rate, episode)
        gap = equivalence(ours, theirs).gap
        votes = spiking.counts["votes"].sum(axis=-1)[episode.is_recall].mean()
        slope = np.polyfit(twin.weights(rate.state)[1].ravel(), memory.weights(spiking.state)[1].ravel(), 1)[0]
        found = f"{gap.mean:+.4f} ± {(gap.high - gap.low) / 2:.4f}"
        means = f"{ours.mean():.4f} | {theirs.mean():.4f}"
        print(f"| {n_pairs} | {means} | {found} | {votes:.0f} | {slope:.2f} |", flush=True)


if __name__ == "__main__":
    main()
