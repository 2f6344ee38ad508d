"""What each term of a learned rule is for: accuracy with one term set to 0.

    python -m benchmarks.rule_ablation [--trials 100] [--seed-of-training 0]

Rules as those of `biokv figure 3a` (learned first, where they are not in the cache), autoassociative, d = N = m = 40.
Prints a Markdown table; a difference is paired by trial. Leaves with code 2 if JAX is not installed.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from bioKV import Episode
from bioKV.analysis.intervals import fraction_interval, gap_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory, LearnedMemory
from bioKV.paper.learned_rules import learned, third_factor_of
from bioKV.protocols import autoassociative
from bioKV.rule import Rule

REPORTING_SEED = 20261127
LOADS, SIZE = (20, 40, 80), 40
TERMS = ("a_fk", "b_fk", "a_gk", "b_gk", "a_fv", "b_fv", "a_gv", "b_gv")
KINDS = ("sequential", "random p=4/N")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seed-of-training", type=int, default=0)
    options = parser.parse_args()
    try:
        rules = {kind: learned(kind, options.seed_of_training).rule for kind in KINDS}
    except ValueError as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
    for kind, rule in rules.items():
        print(f"| {kind} | value | " + " | ".join(f"T = {n}" for n in LOADS) + " |")
        print("|---|---|" + "---|" * len(LOADS))
        whole = [accuracies(rule, kind, n, options.trials) for n in LOADS]
        simple = [accuracies(None, kind, n, options.trials) for n in LOADS]
        print("| section 2's rule | | " + " | ".join(map(plain, simple)) + " |")
        print("| the learned rule | | " + " | ".join(map(plain, whole)) + " |")
        changes = {f"{name} := 0": ({name: 0.0}, getattr(rule, name)) for name in TERMS}
        changes["decay := 1"] = ({"decay": 1.0}, rule.decay)
        for name, (change, value) in changes.items():
            without = [accuracies(rule._replace(**change), kind, n, options.trials) for n in LOADS]
            cells = [difference(a - b) for a, b in zip(without, whole, strict=True)]
            print(f"| {name} | {value:+.4f} | " + " | ".join(cells) + " |")
        print()


def accuracies(rule: Rule | None, kind: str, n_pairs: int, n_trials: int) -> np.ndarray:
    """One a trial; the same trials for every rule. None: section 2's."""
    seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(n_pairs, trial)) for trial in range(n_trials)]
    pairs = [seed.spawn(2) for seed in seeds]
    episode = Episode.stack([autoassociative(np.random.default_rng(own), n_pairs, SIZE) for own, _ in pairs])
    factor = third_factor_of(kind, SIZE)
    sizes = SIZE, SIZE, SIZE
    memory = KeyValueMemory(*sizes, factor) if rule is None else LearnedMemory(*sizes, factor, rule=rule)
    return accuracy(memory.respond(episode, [np.random.default_rng(own) for _, own in pairs]), episode)


def plain(values: np.ndarray) -> str:
    mean = fraction_interval(values)
    return f"{mean:.3f}"


def difference(values: np.ndarray) -> str:
    mean = gap_interval(values)
    return f"{mean:+.3f}"


if __name__ == "__main__":
    main()
