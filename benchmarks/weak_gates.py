"""How many votes pairs that were stored with a weak gate take, beside what drawing so many votes costs by itself.

    python -m benchmarks.weak_gates [--trials 40]

d = N = m = 40, T = 20, 60 % of each query unknown. A gate q below 1 stores q of key and value: the softmax is flat, and
what is recalled is a small difference of many shares. "Sampling alone" is the rate twin with its shares replaced by as
many votes drawn from them, independently of each other (multinomial), without any neuron. Prints a Markdown table;
seeds are not those of tuning.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from functools import partial

import numpy as np

from bioKV import Parameters, Random, Sequential, SpikingMemory
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory

from .fidelity_map import gated
from .twins import drawn, twins

REPORTING_SEED = 20261206
SIZE = 40
GATES = (0.1, 0.2, 0.5)
PER_SLOT = (1, 4, 8, 16, 32)


def row(factor, gate: float, per_slot: int, trials: int) -> str:
    """What is printed of one network."""
    parameters, twin = Parameters(neurons_per_slot=per_slot), KeyValueMemory(SIZE, SIZE, SIZE, factor)
    memory = SpikingMemory(SIZE, SIZE, SIZE, factor, parameters=parameters, engine="compiled")
    both = twins(memory, twin, *drawn(partial(gated, gate=gate), REPORTING_SEED, int(100 * gate), trials))
    votes, rate = both.votes(), both.rate
    counts = np.random.default_rng(REPORTING_SEED).multinomial(round(votes), rate.hidden)
    sampled = replace(rate, values=np.einsum("bts,bms->btm", counts, twin.weights(rate.state)[1]))
    return (
        f"| {gate} | {factor.name} | {per_slot} | {votes:.0f} | {accuracy(rate, both.episode).mean():.4f} |"
        f" {both.gap_of(both.spiking):+.4f} | {both.gap_of(sampled):+.4f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=40)
    trials = parser.parse_args().trials
    columns = ("gate q", "third factor", "neurons per slot", "votes", "rate", "gap [95 %]", "sampling alone [95 %]")
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    for factor in (Sequential(), Random(0.1)):
        for gate in GATES:
            print(f"{factor.name} {gate} ...", file=sys.stderr)
            for per_slot in PER_SLOT:
                print(row(factor, gate, per_slot, trials), flush=True)


if __name__ == "__main__":
    main()
