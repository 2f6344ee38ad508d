"""Where the spiking memory is its rate twin and where it is not, beyond the paper's own conditions.

    python -m benchmarks.fidelity_map [--families gate ...] [--neurons-per-slot 4] [--picture FILE [--from PAGE]]

Each family changes one thing about a task in which T pairs are stored and each is asked for once; d = N = m = 40,
T = 20 and 60 % of each query unknown where nothing else is said. The gap is paired: the plateaus that happened are
replayed into the rate memory. b is that of softmax(b u), u the rate twin's dot products, which fits the votes of all
recalls best; it is given where more than 200 votes should fall to slots less than half as good as the best. Undecided
is the share of recalled entries without an answer; the slope and correlation of V are of the spiking memory's on the
rate twin's, after the last presentation. More than 160 slots take fewer trials. Images need scikit-learn. Prints a
Markdown table, then the points that are further than 0.01 off beyond their interval, those where b is outside 0.85 to
1.15, and the silent. With --picture it draws all families, with --from those of a page of the docs without measuring.
Seeds are not those of tuning.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.gap_panels import Gap, draw_gaps
from benchmarks.kept import add_picture_options, lines_of, parsed, rows_of
from bioKV import Episode, Parameters, Random, Sequential, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.intervals import gap_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.measures.undecided import undecided
from bioKV.analysis.votes import inverse_temperature
from bioKV.models import KeyValueMemory
from bioKV.protocols import autoassociative, heteroassociative, sequence
from bioKV.protocols.patterns import corrupt, random_patterns, redraw
from bioKV.third_factors import ThirdFactor

REPORTING_SEED = 20261203
LIMIT = 0.01
FEW, WITHIN = 200, (0.85, 1.15)  # votes that tell b, and where it should lie
SEQUENTIAL, RANDOM = Sequential(), Random(0.1)


def pairs(keys: np.ndarray, values: np.ndarray, queries: np.ndarray, asked: Any = None) -> Episode:
    """Every key (n, d) is stored with its value (n, m), then every query (n_asked, d) is asked for pair asked[k]."""
    stored = len(keys)
    asked = np.arange(stored) if asked is None else asked
    return Episode(
        keys=np.concatenate([keys, queries]),
        values=np.concatenate([values, values[asked]]),
        gate=np.repeat([1.0, 0.0], [stored, len(asked)]),
        source=np.concatenate([np.full(stored, -1), asked]),
    )


def gated(rng, gate) -> Episode:
    """Patterns stored with this global third factor."""
    episode = autoassociative(rng)
    return replace(episode, gate=gate * episode.gate)


def flipped(rng, share) -> Episode:
    x = random_patterns(20, 40, rng)
    return pairs(x, x, np.where(rng.random(x.shape) < share, -x, x))


def correlated_keys(rng, correlation) -> Episode:
    """40 keys near a template, with values of their own, whole queries."""
    template = random_patterns(1, 40, rng)[0]
    x = np.stack([redraw(template, 1 - np.sqrt(correlation), rng) for _ in range(40)])
    return pairs(x, random_patterns(40, 40, rng), x)


def biased(rng, share) -> Episode:
    """Patterns with this share of +1 entries, 30 % of each query unknown."""
    x = np.where(rng.random((20, 40)) < share, 1.0, -1.0)
    return pairs(x, x, corrupt(x, 0.3, rng))


def near(rng, distance) -> Episode:
    """Ten keys, each with a neighbour that differs in so many entries; whole queries, values of their own."""
    x = random_patterns(10, 40, rng)
    neighbour = x * np.where(np.arange(40) < distance, -1.0, 1.0)
    keys = np.concatenate([x, neighbour])
    return pairs(keys, random_patterns(20, 40, rng), keys)


def one_hot(rng, T) -> Episode:
    keys = 2 * np.eye(40)[:T] - 1
    return pairs(keys, random_patterns(T, 40, rng), keys)


def copies(rng, n) -> Episode:
    """One pair stored n times, then asked for 20 times."""
    x = random_patterns(1, 40, rng)
    stored, asked = np.repeat(x, n, axis=0), np.repeat(x, 20, axis=0)
    return pairs(stored, stored, corrupt(asked, 0.6, rng), asked=np.zeros(20, int))


def other_value(rng, T) -> Episode:
    """T keys stored twice, with another value each time; the first is asked for, with whole queries."""
    x, values = random_patterns(T, 40, rng), random_patterns(2 * T, 40, rng)
    return pairs(np.concatenate([x, x]), values, x, asked=np.arange(T))


class Point(NamedTuple):
    """A place on the map. x : where it stands on its family's axis."""

    x: Any
    present: Callable[[np.random.Generator], Episode]
    factor: ThirdFactor = SEQUENTIAL
    sizes: tuple[int, int, int] = (40, 40, 40)


def _both(xs, present: Callable[[Any], Any]) -> list[Point]:
    return [Point(x, present(x), factor) for factor in (SEQUENTIAL, RANDOM) for x in xs]


def images(rng, T) -> Episode:
    """Handwritten digits (scikit-learn's, 8 by 8, dark or light), 40 % of each query unknown."""
    from sklearn.datasets import load_digits

    x = np.where(load_digits().data > 7, 1.0, -1.0)
    x = rng.choice(np.unique(x, axis=0), T, replace=False)
    return pairs(x, x, corrupt(x, 0.4, rng))


SIZES = {"8": (8, 8, 8), "20": (20, 20, 20), "80": (80, 80, 80), "160": (160, 160, 160), "320": (320, 320, 320),
         "200/30/5": (200, 30, 5), "20/200/20": (20, 200, 20), "5/50/50": (5, 50, 50),
         "40/1000/40": (40, 1000, 40)}  # fmt: skip
SQUARE = {name: SIZES[name] for name in ("20", "80", "160", "320")}
FAMILIES: dict[str, list[Point]] = {
    "unknown": _both((0, 0.2, 0.4, 0.6, 0.8, 0.9), lambda c: partial(autoassociative, corruption=c)),
    "flipped": _both((0.1, 0.2, 0.3, 0.4), lambda share: partial(flipped, share=share)),
    "load T/N": _both((0.25, 1, 2, 4), lambda load: partial(autoassociative, n_pairs=int(40 * load))),
    "load, whole": _both((0.25, 1, 2, 4),
                         lambda load: partial(autoassociative, n_pairs=int(40 * load), corruption=0.0)),
    "size d/N/m": [Point(name, partial(heteroassociative, n_pairs=n, key_dim=d, value_dim=m, corruption=0.4),
                         sizes=(d, n, m))
                   for name, (d, n, m) in SIZES.items()],
    "size, T=2N": [Point(name, partial(heteroassociative, n_pairs=2 * n, key_dim=d, value_dim=m), sizes=(d, n, m))
                   for name, (d, n, m) in SQUARE.items()],
    "correlation": [Point(c, partial(correlated_keys, correlation=c)) for c in (0, 0.3, 0.6, 0.9)],
    "share of +1": [Point(share, partial(biased, share=share)) for share in (0.05, 0.1, 0.3, 0.5, 0.7, 0.95)],
    "distance": [Point(n, partial(near, distance=n)) for n in (1, 2, 4, 8)],
    "one-hot T": [Point(n, partial(one_hot, T=n)) for n in (5, 20, 40)],
    "gate": _both((0.1, 0.2, 0.5, 1, 5, 15), lambda q: partial(gated, gate=q)),
    "p": [Point(p, autoassociative, Random(p)) for p in (0.01, 0.025, 0.05, 0.1, 0.3, 0.5, 1.0)],
    "copies": _both((1, 2, 4, 8), lambda n: partial(copies, n=n)),
    "other value T": [Point(n, partial(other_value, T=n)) for n in (5, 20)],
    "images T": [Point(n, partial(images, T=n), factor, (64, 40, 64)) for factor in (SEQUENTIAL, RANDOM)
                 for n in (10, 40)],
    "loop n": [Point(n, partial(sequence, n_patterns=n)) for n in (5, 20, 40)],
}  # fmt: skip
AXIS = {
    "unknown": "unknown share of a query", "flipped": "flipped share of a query", "load T/N": "load T/N, 60 % unknown",
    "load, whole": "load T/N, whole queries", "size d/N/m": "sizes d/N/m at T = N, 40 % unknown",
    "correlation": "correlation of keys", "share of +1": "share of +1 entries", "distance": "distance of neighbours",
    "one-hot T": "one-hot keys", "gate": "gate q of storing", "p": "p of a plateau",
    "copies": "copies of one pair", "other value T": "keys stored twice",
    "size, T=2N": "sizes at T = 2N, 60 % unknown", "images T": "digits, 40 % unknown",
    "loop n": "patterns of a played sequence",
}  # fmt: skip


class Found(NamedTuple):
    """What was measured at a point."""

    rate: float
    gap: float
    low: float
    high: float
    undecided: float
    b: float
    votes: float
    slope: float
    r: float
    telling: float

    @property
    def off(self) -> bool:
        """Whether the gap is beyond LIMIT by more than its interval says."""
        return self.high < -LIMIT or self.low > LIMIT

    @property
    def defines_b(self) -> bool:
        """Whether enough votes should have fallen to slots that are clearly not the best: copies of it tell nothing."""
        return self.telling > FEW and not np.isnan(self.b)


def measure(point: Point, key: tuple[int, ...], trials: int, parameters: Parameters) -> Found:
    """One point; trial k draws from a stream of its own, by the point's key."""
    trials = max(2, trials * min(160, point.sizes[1]) // point.sizes[1])
    seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(*key, trial)).spawn(2) for trial in range(trials)]
    episode = Episode.stack([point.present(np.random.default_rng(seed)) for seed, _ in seeds])
    memory = SpikingMemory(*point.sizes, point.factor, parameters=parameters, engine="compiled")
    spiking = memory.respond(episode, [np.random.default_rng(seed) for _, seed in seeds], say=lambda line: None)
    twin = KeyValueMemory(*point.sizes, point.factor)
    rate = twin.respond(episode.with_third_factor(spiking.third_factor), np.random.default_rng(0))
    scores = accuracy(spiking, episode), accuracy(rate, episode)
    gap = gap_interval(scores[0] - scores[1], unit_of(episode))
    votes = spiking.counts["votes"]
    V, V_rate = (memory.weights(response.state)[1].ravel() for memory, response in ((memory, spiking), (twin, rate)))
    return Found(
        scores[1].mean(), gap.mean, gap.low, gap.high, undecided(spiking, episode).mean(),
        inverse_temperature(votes, rate.hidden, episode).b, votes.sum(axis=-1)[episode.is_recall].mean(),
        np.polyfit(V_rate, V, 1)[0], np.corrcoef(V_rate, V)[0, 1],
        (votes.sum(axis=-1) * lesser(rate.hidden))[episode.is_recall].sum(),
    )  # fmt: skip


def lesser(softmax: np.ndarray) -> np.ndarray:
    """The share (..., T) of all slots whose own is less than half of the largest."""
    return np.where(softmax < softmax.max(axis=-1, keepdims=True) / 2, softmax, 0).sum(axis=-1)


def draw(lines: list[str], path: Path) -> None:
    """The gaps of the printed table, a panel for every family."""
    gaps = []
    for family, x, factor, _, gap, ends, *_ in rows_of(lines):
        if family in FAMILIES:
            low, high = map(float, ends.split(" to "))
            gaps.append(Gap(AXIS[family], x, factor, float(gap), low, high))
    draw_gaps(gaps, LIMIT, path)


def rows(chosen: list[str], trials: int, parameters: Parameters) -> Iterator[tuple[str, int, Found]]:
    for family in chosen:
        print(f"{family} ...", file=sys.stderr)
        for index, point in enumerate(FAMILIES[family]):
            yield family, index, measure(point, (list(FAMILIES).index(family), index), trials, parameters)


def measured(chosen: list[str], trials: int, parameters: Parameters) -> Iterator[str]:
    """The lines of the output, as they are known."""
    yield "| family | x | third factor | rate | gap | 95 % | undecided | b | votes | slope of V | r |"
    yield f"|{'---|' * 11}"
    found = {}
    for family, index, one in rows(chosen, trials, parameters):
        found[family, index], point = one, FAMILIES[family][index]
        yield (
            f"| {family} | {point.x} | {point.factor.name} | {one.rate:.4f} | {one.gap:+.4f} | {one.low:+.4f} to"
            f" {one.high:+.4f} | {one.undecided:.1%} | {f'{one.b:.2f}' if one.defines_b else ''} | {one.votes:.0f} |"
            f" {one.slope:.2f} | {one.r:.3f} |"
        )
    named = {f"{family} {FAMILIES[family][i].x}, {FAMILIES[family][i].factor.name}": one
             for (family, i), one in found.items()}  # fmt: skip
    off = sorted((one.gap, name) for name, one in named.items() if one.off)
    listed = "; ".join(f"{name}: {gap:+.3f}" for gap, name in off) or "none"
    yield f"\n{len(found)} points; {len(off)} are off by more than {LIMIT} beyond their interval: {listed}."
    defined = sorted((one.b, name) for name, one in named.items() if one.defines_b)
    outside = [(b, name) for b, name in defined if not WITHIN[0] <= b <= WITHIN[1]]
    listed = "; ".join(f"{name}: {b:.2f}" for b, name in outside) or "none"
    yield f"b is given at {len(defined)} points and outside {WITHIN[0]} to {WITHIN[1]} at {len(outside)}: {listed}."
    silent = "; ".join(f"{name}: {one.undecided:.1%}" for name, one in named.items() if one.undecided > 0.005) or "none"
    yield f"More than 0.5 % of entries undecided: {silent}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--neurons-per-slot", type=int, default=Parameters().neurons_per_slot)
    parser.add_argument("--families", nargs="*", default=list(FAMILIES), choices=list(FAMILIES))
    add_picture_options(parser)
    chosen = parsed(parser)
    if "images T" in chosen.families and find_spec("sklearn") is None and not chosen.page:
        print("images take scikit-learn, which no extra of bioKV brings: pip install scikit-learn; or name other"
              " --families", file=sys.stderr)  # fmt: skip
        sys.exit(2)
    parameters = Parameters(neurons_per_slot=chosen.neurons_per_slot)
    lines = lines_of(chosen, measured(chosen.families, chosen.trials, parameters))
    if chosen.picture:
        draw(lines, chosen.picture)


if __name__ == "__main__":
    main()
