"""Peak memory of a process that has the spiking memory answer, against what the answer itself takes.

    python -m benchmarks.response_memory [--engine compiled|numpy] [--n-slots N] [--steps T] [--trials B]
        [--record hidden output ...]

The peak is that of a fresh process (ru_maxrss), and so is that of one that only imports
what it needs; programs are compiled before, by another process. Trials of the compiled engine run in processes of their
own, which do not count. The NumPy engine's network, which holds its readings as 64-bit numbers until the end, does.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys

import numpy as np

from bioKV import Episode, SpikingMemory
from bioKV.protocols import autoassociative
from bioKV.response import SpikingResponse


def peak_mb() -> float:
    """Of this process, up to now."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def held_mb(response: SpikingResponse) -> float:
    """All arrays of a response, without its state."""
    arrays = [response.values, response.hidden, response.third_factor, *response.counts.values()]
    arrays += [*response.evoked.values()]
    arrays += [column for train in response.spikes.values() for column in (train.t_ms, train.neuron, train.trial)]
    return sum(array.nbytes for array in arrays) / 1e6


def measure(engine: str, n_slots: int, n_steps: int, n_trials: int, record: list[str]) -> dict[str, float]:
    """In this process: answer, and say what that took."""
    begun = peak_mb()
    memory = SpikingMemory(40, n_slots, 40, engine=engine, workers=1)
    episode = Episode.stack([autoassociative(np.random.default_rng(k), n_pairs=n_steps // 2) for k in range(n_trials)])
    response = memory.respond(episode, np.random.default_rng(0), record=record, say=lambda line: None)
    spikes = sum(len(train.t_ms) for train in response.spikes.values())
    return {"begun_mb": begun, "peak_mb": peak_mb(), "held_mb": held_mb(response), "spikes": spikes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", default="compiled", choices=("compiled", "numpy"))
    parser.add_argument("--n-slots", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=250)
    parser.add_argument("--trials", type=int, default=10)
    parser.add_argument("--record", nargs="+", default=["hidden"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    asked = (given.engine, given.n_slots, given.steps, given.trials, given.record)
    if given.here:
        print(json.dumps(measure(*asked)))
        return

    def apart(*words: str) -> dict[str, float]:
        command = [sys.executable, "-m", "benchmarks.response_memory", "--here", *words]
        return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)

    sizes = ["--engine", given.engine, "--n-slots", str(given.n_slots), "--steps", str(given.steps),
             "--record", *given.record]  # fmt: skip
    if given.engine == "compiled":
        apart(*sizes, "--trials", "1")
    found = apart(*sizes, "--trials", str(given.trials))
    print("| engine | N | T | trials | recorded spikes | imports, MB | peak, MB | held by the answer, MB |")
    print("|---|---|---|---|---|---|---|---|")
    print(f"| {given.engine} | {given.n_slots} | {given.steps} | {given.trials} | {found['spikes']:,} |"
          f" {found['begun_mb']:.0f} | {found['peak_mb']:.0f} | {found['held_mb']:.0f} |")  # fmt: skip


if __name__ == "__main__":
    main()
