"""How many votes a small network needs: the gap to the rate twin at d = N = m = 20 against the votes of a recall.

    python -m benchmarks.votes [--trials 200]

More votes come from several neurons per slot, or from a longer presentation. T = 20 and 40 pairs, 60 % of each query
unknown, sequential third factor, the same trials for all. Prints a Markdown table; seeds are not those of tuning.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial

from bioKV import SpikingMemory
from bioKV.models import KeyValueMemory
from bioKV.network.settings import parameters_with
from bioKV.protocols import autoassociative

from .twins import drawn, twins

REPORTING_SEED = 20261205
SIZE = 20
VARIANTS: dict[str, dict[str, float]] = {
    "default": {},
    "1 neuron per slot": {"neurons_per_slot": 1},
    "2 neurons per slot": {"neurons_per_slot": 2},
    "8 neurons per slot": {"neurons_per_slot": 8},
    "presentations of 75 ms": {"presentation_time": 75},
    "presentations of 300 ms": {"presentation_time": 300},
    "presentations of 600 ms": {"presentation_time": 600},
}


def cells(settings: dict[str, float], n_pairs: int, trials: int) -> list[str]:
    """Votes of a recall and the gap."""
    memory = SpikingMemory(SIZE, SIZE, SIZE, parameters=parameters_with(settings), engine="compiled")
    present = partial(autoassociative, n_pairs=n_pairs, key_dim=SIZE)
    both = twins(memory, KeyValueMemory(SIZE, SIZE, SIZE), *drawn(present, REPORTING_SEED, n_pairs, trials))
    return [f"{both.votes():.0f}", f"{both.gap_of(both.spiking):+.4f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=200)
    trials = parser.parse_args().trials
    print("| network | T = 20: votes | gap [95 %] | T = 40: votes | gap [95 %] |\n|---|---|---|---|---|", flush=True)
    for name, settings in VARIANTS.items():
        print(f"{name} ...", file=sys.stderr)
        print(f"| {name} | {' | '.join(cells(settings, 20, trials) + cells(settings, 40, trials))} |", flush=True)


if __name__ == "__main__":
    main()
