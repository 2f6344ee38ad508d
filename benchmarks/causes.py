"""Where the gap between spiking and rate memory comes from: votes, inhibition, saturation, drive, timing.

    python -m benchmarks.causes [--trials 100]

Four tasks at d = N = m = 40 in which slots compete: twice as many pairs as slots, random plateaus, correlated patterns
at T = N, and played sequences (whole keys). Each row changes what one cause hangs on. The rate twin gets the plateaus
that happened, so a change that only writes other slots leaves the gap alone. Prints a Markdown table: gap with its 95 %
interval, votes per recall, and the 99th percentile of hidden rates while storing. Seeds are not those of tuning.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial

import numpy as np

from bioKV import Parameters, Random, Sequential, SpikingMemory
from bioKV.analysis.activity import peak_rate_hz
from bioKV.models import KeyValueMemory
from bioKV.network.parameters import presented_for
from bioKV.protocols import autoassociative, correlated, sequence
from bioKV.units import Hz, ms

from .twins import drawn, twins

REPORTING_SEED = 20261204
SIZE = 40
TASKS = (
    ("sequential T=80", partial(autoassociative, n_pairs=80), Sequential()),
    ("random T=20", partial(autoassociative, n_pairs=20), Random(0.1)),
    ("correlated T=40", partial(correlated, n_pairs=40), Sequential()),
    ("sequence n=20", partial(sequence, n_patterns=20), Sequential()),
)
DEFAULT = Parameters()
VARIANTS = {
    "default": DEFAULT,
    "votes: 1 neuron per slot (4)": DEFAULT._replace(neurons_per_slot=1),
    "votes: 8 neurons per slot": DEFAULT._replace(neurons_per_slot=8),
    "votes: presentations of 75 ms (150)": presented_for(DEFAULT, 75 * ms),
    "votes: presentations of 300 ms": presented_for(DEFAULT, 300 * ms),
    "controller: twice the votes, cleared twice as fast": DEFAULT._replace(clearance=1500 * Hz),
    "controller: as many votes, both numbers halved": DEFAULT._replace(clearance=375 * Hz, vote_inhibition=2.5),
    "saturation: refractory period 2 ms (5)": DEFAULT._replace(hidden_refractory=2 * ms),
    "saturation: refractory period 10 ms": DEFAULT._replace(hidden_refractory=10 * ms),
    "drive: gain 1 (1.2)": DEFAULT._replace(drive_gain=1.0),
    "drive: gain 1.5": DEFAULT._replace(drive_gain=1.5),
    "drive: read from 25 ms on (60)": DEFAULT._replace(read_onset=25 * ms),
    "plateau: trigger at 5 ms (40)": DEFAULT._replace(trigger_onset=5 * ms),
    "plateau: trigger at 20 ms": DEFAULT._replace(trigger_onset=20 * ms),
    "plateau: trigger at 60 ms": DEFAULT._replace(trigger_onset=60 * ms, plateau_time=30 * ms),
    "plateau: 20 ms long (50)": DEFAULT._replace(plateau_time=20 * ms),
    "pause: 10 ms (50)": DEFAULT._replace(gap_time=10 * ms),
    "pause: 100 ms": DEFAULT._replace(gap_time=100 * ms),
}


def cell(parameters: Parameters, index: int, trials: int) -> str:
    """What is printed of one variant in one task."""
    _, present, factor = TASKS[index]
    memory = SpikingMemory(SIZE, SIZE, SIZE, factor, parameters=parameters, engine="compiled")
    rate = KeyValueMemory(SIZE, SIZE, SIZE, factor)
    both = twins(memory, rate, *drawn(present, REPORTING_SEED, index, trials))
    peak = np.median(peak_rate_hz(both.spiking, "hidden", "store", memory.stimulus_ms))
    return f"{both.gap_of(both.spiking):+.4f}, {both.votes():.0f} votes, {peak:.0f} Hz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=100)
    trials = parser.parse_args().trials
    print(f"| cause: what is changed | {' | '.join(name for name, *_ in TASKS)} |\n|{'---|' * (len(TASKS) + 1)}")
    for name, parameters in VARIANTS.items():
        print(f"{name} ...", file=sys.stderr)
        cells = [cell(parameters, index, trials) for index in range(len(TASKS))]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
