"""How far learned rules in spikes are from the same rules in rates, on seeds nobody tuned on.

    python -m benchmarks.rule_fidelity [--trials 100]

The rules are those of fig. 3 with sequential and random (p = 4/N) third factors, learned from a near-zero start with
training seed 0 (needs JAX the first time: `pip install "bioKV[learn]"`). Each trial runs the spiking network on its own
dendrites; the rate twin gets the plateaus that happened. Prints two Markdown tables: all loads, the random rule with
32 neurons per slot too, and the random rule at T = 20 against the number of spikes that decide a recall.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial

import numpy as np

from bioKV import Parameters, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import LearnedMemory
from bioKV.paper.learned_rules import learned, third_factor_of
from bioKV.protocols import autoassociative
from bioKV.rule import Rule

from .twins import drawn, twins

REPORTING_SEED = 20261202
SIZE = 40
FACTORS = ("sequential", "random p=4/N")
LOADS = (5, 10, 20, 40, 60, 80)
DEFAULT, MANY = Parameters().neurons_per_slot, 32
PER_SLOT = (1, 2, 4, 8, 16, 32, 64)
COLUMNS = "spiking | rate | gap [95 %] | votes | slope of V, spiking on rate | its correlation |"


def cells(name: str, rule: Rule, n_pairs: int, trials: int, per_slot: int) -> str:
    """What is printed of one load."""
    factor, parameters = third_factor_of(name, SIZE), Parameters(neurons_per_slot=per_slot)
    memory = SpikingMemory(SIZE, SIZE, SIZE, factor, rule=rule, parameters=parameters, engine="compiled")
    twin = LearnedMemory(SIZE, SIZE, SIZE, factor, rule=rule)
    both = twins(memory, twin, *drawn(partial(autoassociative, n_pairs=n_pairs), REPORTING_SEED, n_pairs, trials))
    ours, theirs = (accuracy(response, both.episode).mean() for response in (both.spiking, both.rate))
    V_rate, V = twin.weights(both.rate.state)[1].ravel(), memory.weights(both.spiking.state)[1].ravel()
    return (
        f"{ours:.4f} | {theirs:.4f} | {both.gap_of(both.spiking):+.4f} | {both.votes():.0f} |"
        f" {np.polyfit(V_rate, V, 1)[0]:.2f} | {np.corrcoef(V_rate, V)[0, 1]:.3f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=100)
    trials = parser.parse_args().trials
    rules = {name: learned(name, seed=0).rule for name in FACTORS}
    print(f"| rule | neurons per slot | T | {COLUMNS}\n|{'---|' * 9}", flush=True)
    for name, per_slot in ((FACTORS[0], DEFAULT), (FACTORS[1], DEFAULT), (FACTORS[1], MANY)):
        rule = rules[name]
        print(f"{name}: " + ", ".join(f"{key} {value:.3g}" for key, value in rule._asdict().items()), file=sys.stderr)
        for n_pairs in LOADS:
            row = cells(name, rule, n_pairs, trials, per_slot)
            print(f"| {name} | {per_slot} | {n_pairs} | {row}", flush=True)
    print(f"\n| random rule, T = 20: neurons per slot | {COLUMNS}\n|{'---|' * 7}", flush=True)
    for per_slot in PER_SLOT:
        print(f"| {per_slot} | {cells(FACTORS[1], rules[FACTORS[1]], 20, trials, per_slot)}", flush=True)


if __name__ == "__main__":
    main()
