"""How irregularly each population fires in each regime, and what that costs in accuracy.

    python -m benchmarks.irregular [--trials 20]

First a table of firing, of autoassociative trials with T = 20 pairs: mean rate, CV, CV2, correlation of spikes in bins
of 2 ms, and, in trials of their own in which one of 20 stored patterns is asked for 40 times, Fano factors and
correlations of counts, which are then of the response alone and not of what differs between keys. The steps between the
regimes are shown too: the noise of the irregular one without what makes neurons answer to it, and its hidden part
alone. Then accuracy and gaps, paired by trial: the plateaus that happened are replayed into the rate memory. d = N =
40, 60 % of each query unknown. Seeds are not those of tuning, which was done at T = 20, 40 and 80, autoassociative,
T = 10 and 40 with random third factors, and T = 40, correlated. Prints Markdown, and then which CV and CV2 of hidden
and output neurons lie outside 0.5 to 1.2 (Softky and Koch 1993).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from bioKV import Episode, Parameters, Random, Sequential, SpikingMemory, SpikingResponse
from bioKV.analysis.asked import unit_of
from bioKV.analysis.evoked import evoked
from bioKV.analysis.firing import measure
from bioKV.analysis.intervals import Mean, gap_interval, t_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.network.regimes import parameters_of_regime, settings_of_regime
from bioKV.network.settings import parameters_with
from bioKV.protocols import autoassociative, correlated, heteroassociative
from bioKV.protocols.patterns import corrupt, random_patterns
from bioKV.third_factors import ThirdFactor

REPORTING_SEED = 20261202
CORTEX = (0.5, 1.2)
POPULATIONS = ("input", "feedforward", "hidden", "interneuron", "output")
RECORDED = {"regular": (), "irregular": POPULATIONS}  # where tasks are compared
NOISE = ("input_irregularity", "release_failure", "axon_delay", "hidden_noise")
OUTPUT = ("output_noise", "tau_noise", "output_threshold", "output_weight", "teacher", "tau_opponent")


def _networks() -> dict[str, Parameters]:
    """The regimes, and steps from one to the other."""
    settings = settings_of_regime("irregular")
    noise = {name: settings[name] for name in NOISE}
    noisy_outputs = {**noise, "output_noise": 0.5}  # of an evidence of 2
    hidden = {name: value for name, value in settings.items() if name not in OUTPUT}
    return {"regular": Parameters(), "noise alone": parameters_with(noisy_outputs),
            "hidden part alone": parameters_with(hidden), "irregular": parameters_of_regime("irregular")}  # fmt: skip


class Point(NamedTuple):
    """A task: its name, its episode, and the third factor."""

    name: str
    present: Callable[[np.random.Generator], Episode]
    factor: ThirdFactor = Sequential()


def repeated(rng: np.random.Generator) -> Episode:
    """20 patterns are stored, one of them 20 times more, and then it is asked for 40 times, with one query."""
    x = random_patterns(20, 40, rng)
    again = np.repeat(x[:1], 20, axis=0)
    queries = np.repeat(corrupt(x[:1], 0.6, rng), 40, axis=0)
    stored = np.concatenate([x, again])
    return Episode(
        keys=np.concatenate([stored, queries]), values=np.concatenate([stored, np.repeat(x[:1], 40, axis=0)]),
        gate=np.repeat([1.0, 0.0], 40), source=np.repeat([-1, 0], 40),
    )  # fmt: skip


POINTS = [
    *(Point(f"autoassociative T={n}", partial(autoassociative, n_pairs=n)) for n in (10, 20, 40, 80)),
    *(Point(f"autoassociative T={n}", partial(autoassociative, n_pairs=n), Random(0.1)) for n in (10, 40)),
    *(Point(f"correlated T={n}", partial(correlated, n_pairs=n)) for n in (10, 40)),
    *(Point(f"heteroassociative T={n}", partial(heteroassociative, n_pairs=n)) for n in (10, 40)),
]


def answered(point: Point, parameters: Parameters, trials: int, record: tuple[str, ...] = ()
             ) -> tuple[SpikingMemory, SpikingResponse, Episode]:  # fmt: skip
    """Trial k draws from a stream of its own, the same in all regimes."""
    key = [ord(letter) for letter in point.name]
    seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(*key, k)).spawn(2) for k in range(trials)]
    episode = Episode.stack([point.present(np.random.default_rng(one)) for one, _ in seeds])
    memory = SpikingMemory(40, 40, episode.value_dim, point.factor, parameters=parameters)
    response = memory.respond(episode, [np.random.default_rng(one) for _, one in seeds], record)
    return memory, response, episode


def mean(values: np.ndarray) -> str:
    """A mean over trials, with half of its interval."""
    values = values[~np.isnan(values)]
    of = t_interval(values) if len(values) else Mean(np.nan, np.nan, np.nan, 0)
    return "–" if np.isnan(of.mean) else f"{of.mean:.2f}" + ("" if np.isnan(of.low) else f" ± {of.high - of.mean:.2f}")


def firing(trials: int) -> list[str]:
    """Prints the table of firing; the CVs and CV2s of hidden and output neurons that are unlike cortex."""
    print("| network | population | phase | rate (Hz) | CV | CV2 | r, 2 ms | Fano, one key | r of counts, one key |")
    print(f"|{'---|' * 9}", flush=True)
    beyond = []
    for name, parameters in _networks().items():
        memory, response, _ = answered(POINTS[1], parameters, trials, POPULATIONS)
        _, same, _ = answered(Point("repeated", repeated), parameters, trials)
        same.phase[:, :20] = "other"  # what is stored once
        for population in POPULATIONS:
            for phase in ("store", "recall"):
                did, again = (evoked(of, population, phase, memory.stimulus_ms) for of in (response, same))
                found = {one: measure(one)(did) for one in ("mean_rate", "cv", "cv2", "synchrony")}
                found |= {one: measure(one)(again) for one in ("fano", "count_correlation")}
                print(f"| {name} | {population} | {phase} | {' | '.join(mean(values) for values in found.values())} |",
                      flush=True)  # fmt: skip
                if population in ("hidden", "output"):
                    beyond += [f"{name}, {population}, {phase}: {one} {value:.2f}" for one in ("cv", "cv2")
                               if not CORTEX[0] <= (value := np.nanmean(found[one])) <= CORTEX[1]]  # fmt: skip
    return beyond


def price(trials: int) -> list[str]:
    """Prints the table of accuracy, with the CVs of the irregular network; those that are unlike cortex."""
    names, unlike = ("regular", "irregular"), list[str]()
    print("\n| task | third factor | rate | " + " | ".join(f"{name} | gap [95 %]" for name in names)
          + " | hidden: CV, CV2 storing | recalling | output: storing | recalling |")  # fmt: skip
    print(f"|{'---|' * 11}", flush=True)
    for point in POINTS:
        cells, shown = [], ""
        for name in names:
            memory, response, episode = answered(point, parameters_of_regime(name), trials, RECORDED[name])
            twin = KeyValueMemory(40, 40, episode.value_dim, point.factor)
            rate = twin.respond(episode.with_third_factor(response.third_factor), np.random.default_rng(0))
            ours, theirs = accuracy(response, episode), accuracy(rate, episode)
            shown = shown or f"{theirs.mean():.4f}"
            cells += [f"{ours.mean():.4f}", f"{gap_interval(ours - theirs, unit_of(episode)):+.4f}"]
        for population in ("hidden", "output"):  # of the last, the irregular one
            for phase in ("store", "recall"):
                did = evoked(response, population, phase, memory.stimulus_ms)
                values = {one: np.nanmean(measure(one)(did)) for one in ("cv", "cv2")}
                cells.append(", ".join(f"{value:.2f}" for value in values.values()))
                unlike += [f"{point.name}, {point.factor.name}, {population}, {phase}: {one} {value:.2f}"
                           for one, value in values.items() if not CORTEX[0] <= value <= CORTEX[1]]  # fmt: skip
        print(f"| {point.name} | {point.factor.name} | {shown} | {' | '.join(cells)} |", flush=True)
    return unlike


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=20)
    trials = parser.parse_args().trials
    beyond, of_tasks = firing(trials), price(trials)
    print(f"\nHidden and output CVs outside {CORTEX[0]} to {CORTEX[1]}, at T = 20: {'; '.join(beyond) or 'none'}.")
    print(f"Of the irregular network in all tasks: {'; '.join(of_tasks) or 'none'}.")


if __name__ == "__main__":
    main()
