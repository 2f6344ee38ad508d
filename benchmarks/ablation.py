"""What each part of the spiking network is for: its gap to the rate twin with one part taken out or changed.

    python -m benchmarks.ablation [--trials 40]

Six tasks at d = N = m = 40, each a point of benchmarks.fidelity_map, on seeds of its own. The rate twin gets the
plateaus that happened. Prints a Markdown table: the gap, spiking minus rate, with its 95 % interval.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bioKV import Episode, Parameters, Random, Sequential, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.intervals import gap_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.engines.answer import on_minus_off
from bioKV.models import KeyValueMemory
from bioKV.network import Blueprint, Event, Mechanism, Part
from bioKV.protocols import autoassociative
from bioKV.units import ms

from .fidelity_map import gated, near, other_value

REPORTING_SEED = 20261124
DIM = 40
TASKS = {
    "sequential T=20": (partial(autoassociative, n_pairs=20), Sequential()),
    "random T=20": (partial(autoassociative, n_pairs=20), Random(0.1)),
    "whole queries, T=80": (partial(autoassociative, n_pairs=80, corruption=0.0), Sequential()),
    "keys 4 entries apart": (partial(near, distance=4), Sequential()),
    "gate 0.2": (partial(gated, gate=0.2), Sequential()),
    "another value T=20": (partial(other_value, T=20), Sequential()),
}


@dataclass(frozen=True)
class Instead(Mechanism):
    """owner, name : a part of the network. part : what takes its place, the fields of it that change, or None if it is
    left out."""

    owner: str
    name: str
    part: Part | dict[str, Any] | None

    def add(self, network: Blueprint) -> Blueprint:
        """The network without the part, or with another."""
        if self.part is None:
            return network.removing(self.owner, self.name)
        if isinstance(self.part, dict):
            return network.changing(self.owner, self.name, **self.part)
        return network.replacing(self.owner, self.name, self.part)


DECAYS = Part("dinhibition/dt = -inhibition/(20*ms) : 1\nheard : 1", at={"onset": "heard = 0"}, keeps=("inhibition",))
WHOLE = Part("share = 1 : 1")
INTEGRATES = Part(
    """
    dv/dt = (teacher*target*polarity*stimulus - v)/(tau_output*slowness) : 1
    inhibition : 1
    target : 1
    teacher : 1 (shared, constant)
    tau_output : second (shared, constant)
    """,
    at={"spike": "v = 0", "step": "v -= inhibition\ninhibition = 0", "onset": "target = targets(t, column)"},
    events={"spike": Event("v + noise >= threshold")},
    keeps=("v", "inhibition"),
    tables=("targets",),
)
# as in bioKV 0.1: in units of the threshold
INTEGRATING = Parameters(output_weight=4, opponent=1, teacher=2.2)
# fmt: off
VARIANTS: dict[str, dict[str, Any]] = {
    "all parts": {},
    "one neuron per slot": {"parameters": Parameters(neurons_per_slot=1)},
    "no lateral inhibition": {"parameters": Parameters(vote_inhibition=0)},
    "lateral inhibition decays (20 ms)": {
        "mechanisms": [Instead("pool", "pool", DECAYS)], "parameters": Parameters(vote_inhibition=2.4),
    },
    "interneurons store up input": {
        "mechanisms": [Instead("interneuron", "membrane", {"at": {"spike": "v -= threshold"}})],
    },
    "no feed-forward inhibition": {"parameters": Parameters(feedforward_gain=0)},
    "a drive that rises at once": {"parameters": Parameters(tau_rise=0.5 * ms)},
    "drive without its gain": {"parameters": Parameters(drive_gain=1)},
    "a dendritic spike opens nothing": {"mechanisms": [Instead("key", "opening", None)]},
    "values written whole, not by the slot's share": {"mechanisms": [Instead("hidden", "share", WHOLE)]},
    "no acetylcholine gate": {"parameters": Parameters(acetylcholine=0)},
    "output neurons integrate and fire, no race": {
        "mechanisms": [Instead("output", "membrane", INTEGRATES)], "parameters": INTEGRATING,
    },
    "no opponent inhibition": {"parameters": Parameters(opponent=0)},
}
# fmt: on
COUNTED = "no read-out filter (spike counts of the whole presentation)"


def column(index: int, trials: int) -> dict[str, str]:
    """What is printed of every network in one task."""
    present, factor = list(TASKS.values())[index]
    seeds = [np.random.SeedSequence(REPORTING_SEED, spawn_key=(index, trial)).spawn(2) for trial in range(trials)]
    episode = Episode.stack([present(np.random.default_rng(seed)) for seed, _ in seeds])
    twin, found = KeyValueMemory(DIM, DIM, DIM, factor), {}
    for name, circuit in VARIANTS.items():
        print(f"{name} ...", file=sys.stderr)
        memory = SpikingMemory(DIM, DIM, DIM, factor, engine="compiled", **circuit)
        spiking = memory.respond(episode, [np.random.default_rng(seed) for _, seed in seeds], say=lambda line: None)
        rate = twin.respond(episode.with_third_factor(spiking.third_factor), np.random.default_rng(0))
        truth = accuracy(rate, episode)
        found[name] = _gap(accuracy(spiking, episode), truth, unit_of(episode))
        if not circuit:
            counted = np.sign(on_minus_off(spiking.counts["output"])) == episode.values
            found[COUNTED] = _gap(counted[episode.is_recall].reshape(trials, -1).mean(axis=-1), truth, unit_of(episode))
    return found


def _gap(spiking: np.ndarray, rate: np.ndarray, unit: float) -> str:
    return f"{gap_interval(spiking - rate, unit):+.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=40)
    trials = parser.parse_args().trials
    columns = [column(index, trials) for index in range(len(TASKS))]
    print("| network | " + " | ".join(TASKS) + " |\n|---|" + "---|" * len(TASKS))
    for name in [*VARIANTS, COUNTED]:
        print(f"| {name} | " + " | ".join(one[name] for one in columns) + " |")


if __name__ == "__main__":
    main()
