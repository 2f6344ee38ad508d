"""Why spiking and rate memories part ways with the third factor least recently used: the race, or what counts as use.

    python -m benchmarks.oldest_slot [--trials 8]

Continual lives of 600 presentations, d = N = m = 40. A spiking network keeps the rest of a slot in its dendrite: reset
by a write, or by `use_share` of the votes in a recall; the rate memory resets it where the softmax is above 1/2.
Printed is how old the slot is that the race chooses, by the network's own count of uses; how often a recall counts as
use in one memory and not in the other, on the same plateaus; and after how many presentations a rate memory on plateaus
of its own first chooses another slot. Seeds are not those of tuning.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial

import numpy as np

from bioKV import LeastRecentlyUsed, SpikingMemory
from bioKV.models import KeyValueMemory
from bioKV.protocols import continual

from .twins import drawn

REPORTING_SEED = 20261203
SIZE, LIFE = 40, 600
DELAYS = (10, 20, 40, 80, 120)


def ranks(used: np.ndarray, plateaus: np.ndarray) -> np.ndarray:
    """How many slots had rested longer than the one that was chosen, at every presentation of every trial (B, T).

    used, plateaus (B, T, N). Before the first presentation the slots rest as if used in their order.
    """
    n_trials, n_steps, n_slots = used.shape
    last = np.tile(np.arange(n_slots) - n_slots, (n_trials, 1))
    found = np.empty((n_trials, n_steps), int)
    for step in range(n_steps):
        chosen = plateaus[:, step].argmax(axis=-1)
        found[:, step] = (last < np.take_along_axis(last, chosen[:, None], axis=-1)).sum(axis=-1)
        last = np.where(used[:, step], step, last)
    return found


def row(delay: int, trials: int) -> str:
    """One delay: what is printed of it."""
    episode, streams = drawn(partial(continual, delay=delay, n_steps=LIFE), REPORTING_SEED, delay, trials)
    factor = LeastRecentlyUsed()
    memory = SpikingMemory(SIZE, SIZE, SIZE, factor, engine="compiled")
    spiking = memory.respond(episode, streams)
    rate = KeyValueMemory(SIZE, SIZE, SIZE, factor)
    twin = rate.respond(episode.with_third_factor(spiking.third_factor), streams)
    fresh = rate.respond(episode, streams)
    storing = (episode.gate > 0)[..., None]
    written = storing & (spiking.third_factor > 0)
    in_spikes = ~storing & (spiking.counts["votes"] >= memory.blueprint().values["hidden.use_votes"])
    in_rates = ~storing & (twin.hidden > 0.5)
    rank = ranks(written | in_spikes, spiking.third_factor)
    recalls = ~storing[..., 0] & np.any(episode.keys != 0, axis=-1)
    apart = (spiking.third_factor != fresh.third_factor).any(axis=-1)
    first = np.where(apart.any(axis=-1), apart.argmax(axis=-1), LIFE)
    only = [(a & ~b).any(axis=-1)[recalls].mean() for a, b in ((in_spikes, in_rates), (in_rates, in_spikes))]
    return (
        f"| R={delay} | {(rank == 0).mean():.3f} | {(rank <= 1).mean():.3f} | {rank.max()} | {only[0]:.3f} |"
        f" {only[1]:.3f} | {np.median(first):.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=8)
    trials = parser.parse_args().trials
    columns = ("delay", "oldest slot chosen", "one of the two oldest", "most that were older", "use in spikes alone",
               "use in rates alone", "first other slot, presentation")  # fmt: skip
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    for delay in DELAYS:
        print(f"R={delay} ...", file=sys.stderr)
        print(row(delay, trials), flush=True)


if __name__ == "__main__":
    main()
