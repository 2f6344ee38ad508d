"""How long spikes take to leave bioKV, and how large the files are.

    python -m benchmarks.export_formats [--engine compiled|numpy] [--pairs P] [--trials B]

Three trials of 40-bit patterns with one neuron per slot, all five populations recorded (232 units), and with the usual
four and their dendrites (512 units). The first file of a format loads its packages, which is timed apart. Then what it
costs to record: a trial with hidden spikes alone, and with the fixed set that runs with --record have.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

import bioKV
from bioKV import Episode, Parameters, SpikingMemory, SpikingResponse
from bioKV.protocols import autoassociative
from bioKV.studies.recordings import RECORDED


def episode_of(n_pairs: int, n_trials: int) -> Episode:
    return Episode.stack([autoassociative(np.random.default_rng(k), n_pairs=n_pairs) for k in range(n_trials)])


def timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def cpu_s(do: Callable[[], object]) -> float:
    """Of this process and of the programs that it starts and ends."""
    begun = os.times()
    do()
    ended = os.times()
    return sum(ended[:4]) - sum(begun[:4])


def ways(response: SpikingResponse, episode: Episode, weights: tuple, folder: Path) -> dict[str, Callable[[], object]]:
    """Format -> what writes it."""
    export = bioKV.export
    return {
        "npz": lambda: response.save(folder / "a.npz", episode),
        "csv": lambda: export.csv(response, folder / "a.csv"),
        "nwb": lambda: export.nwb(response, folder / "a.nwb", episode, weights=weights),
        "nix": lambda: export.nix(response, folder / "a.nix", episode),
        "Neo block, a train per neuron": lambda: response.to_neo(episode),
        "pandas": response.to_pandas,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", default="compiled", choices=("compiled", "numpy"))
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--trials", type=int, default=3)
    given = parser.parse_args()
    episode = episode_of(given.pairs, given.trials)
    print("| units | spikes | format | first, s | again, s (fastest of 5) | MB |\n|---|---|---|---|---|---|")
    for per_slot, record in ((1, RECORDED[:-1]), (4, RECORDED)):
        parameters = Parameters(neurons_per_slot=per_slot)
        memory = SpikingMemory(40, 40, 40, parameters=parameters, engine=given.engine)
        response = memory.respond(episode, np.random.default_rng(0), record=record)
        n_units = sum(train.n_neurons for train in response.spikes.values())
        n_spikes = sum(len(train.t_ms) for train in response.spikes.values())
        with tempfile.TemporaryDirectory() as folder:
            for name, do in ways(response, episode, memory.weights(response.state), Path(folder)).items():
                first, again = timed(do), min(timed(do) for _ in range(5))
                path = Path(folder) / f"a.{name}"
                size = f"{path.stat().st_size / 1e6:.2f}" if path.exists() else ""
                print(f"| {n_units} | {n_spikes:,} | {name} | {first:.2f} | {again:.3f} | {size} |", flush=True)
    print("\n| recorded | CPU s per trial (least of 5 times 20 trials) | MB per trial, of all kept |\n|---|---|---|")
    many = episode_of(given.pairs, 20)
    for record in ((), ("hidden",), RECORDED):
        memory = SpikingMemory(40, 40, 40, engine=given.engine, workers=1)
        response = memory.respond(many, np.random.default_rng(0), record=record)
        trains = response.spikes.values()
        held = sum(column.nbytes for train in trains for column in (train.t_ms, train.neuron, train.trial))
        took = min(cpu_s(partial(memory.respond, many, np.random.default_rng(0), record=record)) for _ in range(5))
        print(f"| {', '.join(record) or 'nothing'} | {took / 20:.3f} | {held / 20e6:.2f} |", flush=True)


if __name__ == "__main__":
    main()
