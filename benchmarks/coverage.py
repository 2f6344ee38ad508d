"""How often intervals cover the truth, and how often the verdict errs, in samples whose truth is known.

    python -m benchmarks.coverage [--samples 4000]

Trials are of 20 recalls of 40 bits; a wrong recall has random bits. Shapes of accuracies: recalls that fail on their
own; recalls whose chance to fail differs from trial to trial; single bits that fail; whole trials that collapse, as the
trajectories of a sequence do; a smooth distribution; and trials drawn from our own data, the rate memory with
sequential and random third factors, hetero-associative pairs and sequences, each at several loads. Shapes of gaps: what
is lost alone, differences of both signs, often and rarely, a normal distribution, collapse of one side, and the rate
memory with two draws of its plateaus. Prints a Markdown table, in percent, for every shape and number of trials over
all means: the smallest and largest coverage of nominal 95 % intervals, in brackets the largest shares of misses with
the truth below and above, and the least that Student's t covers. Then how often a gap of just the margin is called
equivalent (the type-I error, nominally 5 %).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from bioKV import Episode, Random, Sequential
from bioKV.analysis.asked import unit_of
from bioKV.analysis.equivalence import equivalence
from bioKV.analysis.intervals import fraction_interval, gap_interval, t_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative, heteroassociative, sequence

SEED = 20261231
RECALLS, BITS = 20, 40
MEANS = (0.55, 0.75, 0.9, 0.98, 0.995, 0.999, 0.9999)
GAPS = (0.0, -0.0002, -0.002, -0.005, -0.02)
TRIALS = (5, 10, 20, 40, 100, 200)
MARGIN = 0.02
Rng = np.random.Generator
Draw = Callable[[Rng, float, int], np.ndarray]


class Shape(NamedTuple):
    """draw(rng, truth, n) : n trials whose mean is the truth. truths : at which it exists. unit : what fails as one."""

    draw: Draw
    truths: tuple[float, ...]
    unit: float = 1 / RECALLS


def bits_of(rng: Rng, wrong: np.ndarray) -> np.ndarray:
    """Bits right in trials with so many wrong recalls, whose bits are random."""
    return 1 - wrong / RECALLS + rng.binomial(wrong * BITS, 0.5) / (RECALLS * BITS)


def recalls(rng: Rng, mean: float, n: int) -> np.ndarray:
    return bits_of(rng, rng.binomial(RECALLS, 2 * (1 - mean), size=n))


def uneven(rng: Rng, mean: float, n: int) -> np.ndarray:
    share = 2 * (1 - mean)
    return bits_of(rng, rng.binomial(RECALLS, rng.beta(10 * share, 10 * (1 - share), size=n)))


def single_bits(rng: Rng, mean: float, n: int) -> np.ndarray:
    return rng.binomial(RECALLS * BITS, mean, size=n) / (RECALLS * BITS)


def collapsing(rng: Rng, mean: float, n: int) -> np.ndarray:
    return np.where(rng.random(n) < 4 * (1 - mean), rng.uniform(0.5, 1, size=n), 1.0)


def smooth(rng: Rng, mean: float, n: int) -> np.ndarray:
    return rng.beta(50 * mean, 50 * (1 - mean), size=n)


def lost(rng: Rng, gap: float, n: int) -> np.ndarray:
    return bits_of(rng, rng.binomial(RECALLS, -2 * gap, size=n)) - 1


def both_ways(rng: Rng, gap: float, n: int, often: float) -> np.ndarray:
    up, down = rng.binomial(RECALLS, often, size=n), rng.binomial(RECALLS, often - 2 * gap, size=n)
    return bits_of(rng, down) - bits_of(rng, up)


def normal(rng: Rng, gap: float, n: int) -> np.ndarray:
    return rng.normal(gap, 0.02, size=n)


def collapse_of_one(rng: Rng, gap: float, n: int) -> np.ndarray:
    return np.where(rng.random(n) < -4 * gap, -rng.uniform(0, 0.5, size=n), 0.0)


def own_data() -> tuple[dict[str, Shape], dict[str, Shape]]:
    """Trials of the rate memory, of which samples are drawn: accuracies, and differences of two draws of plateaus."""
    scores, gaps = {}, {}
    tasks: dict[str, tuple] = {
        "own: sequential": (autoassociative, Sequential(), (20, 40, 60)),
        "own: random": (autoassociative, Random(0.1), (5, 20, 40)),
        "own: hetero-associative": (partial(heteroassociative, value_dim=20), Random(0.1), (5, 20)),
        "own: sequences": (sequence, Random(0.1), (5, 10)),
    }
    for name, (protocol, factor, loads) in tasks.items():
        for load in loads:
            rng = np.random.default_rng([SEED, load])
            episode = Episode.stack([protocol(rng, load) for _ in range(1000)])
            memory = KeyValueMemory(40, 40, episode.value_dim, factor)
            one, other = (accuracy(memory.respond(episode, rng), episode) for _ in range(2))
            scores[f"{name}, {load}"] = drawn_from(one, unit_of(episode))
            if not isinstance(factor, Sequential):
                gaps[f"{name}, {load}"] = drawn_from(one - other, unit_of(episode))
    return scores, gaps


def drawn_from(pool: np.ndarray, unit: float) -> Shape:
    """Trials drawn from these, whose mean is the truth."""
    return Shape(lambda rng, truth, n: rng.choice(pool, size=n), (float(pool.mean()),), unit)


class Covered(NamedTuple):
    """Over all truths of a shape, for one number of trials: the least and most coverage, the largest shares of misses
    with the truth below and above the interval, and what Student's t covers at least."""

    least: float
    most: float
    below: float
    above: float
    students: float


def coverage(shape: Shape, n: int, samples: int, interval: Callable, rng: Rng) -> Covered:
    """So many samples of n trials at each truth."""
    found = []
    for truth in shape.truths:
        drawn = [shape.draw(rng, truth, n) for _ in range(samples)]
        ours, plain = [interval(one, shape.unit) for one in drawn], [t_interval(one) for one in drawn]
        below, above = np.mean([one.low > truth for one in ours]), np.mean([one.high < truth for one in ours])
        students = [one.mean == truth if np.isnan(one.low) else one.low <= truth <= one.high for one in plain]
        found.append((1 - below - above, below, above, np.mean(students)))
    covered, below, above, students = (np.array(column) for column in zip(*found, strict=True))
    return Covered(covered.min(), covered.max(), below.max(), above.max(), students.min())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=4000)
    samples = parser.parse_args().samples
    own_scores, own_gaps = own_data()
    rare = tuple(gap for gap in GAPS if gap < 0)
    accuracies = {
        "recalls fail": Shape(recalls, MEANS), "recalls fail, uneven trials": Shape(uneven, MEANS),
        "single bits fail": Shape(single_bits, MEANS), "trials collapse": Shape(collapsing, MEANS[1:], 1.0),
        "smooth": Shape(smooth, MEANS[:4]), **own_scores,
    }  # fmt: skip
    differences = {
        "lost alone": Shape(lost, rare), "both signs": Shape(partial(both_ways, often=0.05), GAPS),
        "both signs, rare": Shape(partial(both_ways, often=0.005), GAPS), "normal": Shape(normal, GAPS),
        "trials collapse": Shape(collapse_of_one, rare, 1.0), **own_gaps,
    }  # fmt: skip
    cells: dict[str, Covered] = {}
    by_trials = " | ".join(f"{n} trials" for n in TRIALS)
    for what, shapes, interval in (
        ("accuracy", accuracies, fraction_interval), ("gap", differences, gap_interval)
    ):  # fmt: skip
        print(f"| {what} | {by_trials} | Student's t from 10 trials |\n|---|{'---|' * len(TRIALS)}---|", flush=True)
        for number, (name, shape) in enumerate(shapes.items()):
            print(f"{what}: {name} ...", file=sys.stderr)
            row = {n: coverage(shape, n, samples, interval, np.random.default_rng([SEED, number, n])) for n in TRIALS}
            cells |= {f"{what}, {name}, {n} trials": one for n, one in row.items() if n >= 10}
            said = [f"{100 * one.least:.1f} to {100 * one.most:.1f} ({100 * one.below:.1f}, {100 * one.above:.1f})"
                    for one in row.values()]  # fmt: skip
            students = min(one.students for n, one in row.items() if n >= 10)
            print(f"| {name} | {' | '.join(said)} | {100 * students:.1f} |", flush=True)
        print()
    print(f"| equivalence at a gap of the margin | {by_trials} |\n|---|{'---|' * len(TRIALS)}", flush=True)
    for number, (name, shape) in enumerate(differences.items()):
        if -MARGIN in shape.truths:
            print(f"equivalence: {name} ...", file=sys.stderr)
            errors = []
            for n in TRIALS:
                rng = np.random.default_rng([SEED, number, n, 1])
                drawn = [shape.draw(rng, -MARGIN, n) for _ in range(max(samples // 4, 100))]
                wrong = np.mean([equivalence(one, 0 * one, MARGIN, shape.unit).holds for one in drawn])
                errors.append(f"{100 * wrong:.1f}")
            print(f"| {name} | {' | '.join(errors)} |", flush=True)
    print(f"\n{len(cells)} cells of 10 trials or more.")
    for said, wrong in (
        ("some coverage below 93 %", [name for name, one in cells.items() if one.least < 0.93]),
        ("misses on one side above 4 %", [name for name, one in cells.items() if max(one.below, one.above) > 0.04]),
    ):
        print(f"{said}: {len(wrong)} ({'; '.join(wrong) or 'none'})")
    print(f"some coverage above 97 %: {sum(one.most > 0.97 for one in cells.values())}, where most trials are equal")


if __name__ == "__main__":
    main()
