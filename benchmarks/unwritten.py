"""Why spikes play sequences a little better than rates with random third factors: stores in which no dendrite spikes.

    python -m benchmarks.unwritten [--trials 2000]

In the sequence task the key of a pattern is the memory's own output of the step before, read after the write. With
random third factors p = 0.1 and N = 40, one store in 68 meets no plateau, so nothing is written. The rate memory then
puts out what it recalls, which is another pattern, and the next one is stored with that as its key. In spikes the
output neurons are held at the taught pattern while it is stored, whether or not it is written, so the next one has the
right key. Prints a Markdown table of the paired gaps of all trials, and of those in which every store was written; with
`storage_keys="value"` the key is the taught pattern in both memories. Seeds are not those of tuning.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial

import numpy as np

from bioKV import Random, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.equivalence import equivalence
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.models import KeyValueMemory
from bioKV.protocols import sequence

from .twins import drawn, twins

REPORTING_SEED = 20261209
SIZE = 40
LENGTHS = 5, 10, 20, 40


def row(n: int, storage_keys: str, index: int, trials: int) -> str:
    """What is printed of one length."""
    present = partial(sequence, n_patterns=n, key_dim=SIZE, storage_keys=storage_keys)
    memories = (kind(SIZE, SIZE, SIZE, Random(0.1)) for kind in (SpikingMemory, KeyValueMemory))
    both = twins(*memories, *drawn(present, REPORTING_SEED, index, trials))
    stores, plateaus = both.episode.gate > 0, both.spiking.third_factor.any(axis=-1)
    written = (plateaus | ~stores).all(axis=-1)
    spiking, rate = (accuracy(response, both.episode) for response in (both.spiking, both.rate))
    gap = equivalence(spiking[written], rate[written], unit=unit_of(both.episode)).gap
    return (
        f"| {storage_keys} | {n} | {np.mean(rate):.4f} | {both.gap_of(both.spiking):+.4f} |"
        f" {1 - written.mean():.1%} | {gap:+.4f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=2000)
    trials = parser.parse_args().trials
    columns = ("keys while storing", "n", "rate", "gap [95 %]", "trials with an unwritten store", "gap of the others")
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    for i, storage_keys in enumerate(("output", "value")):
        for j, n in enumerate(LENGTHS):
            print(f"{storage_keys}, n = {n} ...", file=sys.stderr)
            print(row(n, storage_keys, 10 * i + j, trials), flush=True)


if __name__ == "__main__":
    main()
