"""The NumPy engine: Brian2 without a compiler, many trials side by side in one network.

`run` splits trials into batches of fixed size, each with one random stream, and gives every batch to a child process
(`python -m bioKV.engines.numpy FOLDER`) unless there is only one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..network.blueprint import Blueprint
from ..network.presentation import Presentation
from ..network.recording import Joined, Recording
from ..network.refusal import Refused
from .cache import import_folder
from .children import REFUSED, in_parallel, run_child, scratch_folder
from .job import Job
from .prepared import Batch, PreparedRun

BATCH = 20  # trials side by side; part of the result's identity, because a batch shares one stream of noise


def run(job: Job, *, workers: int, say: Callable[[str], None], progress: Callable[[float], None]) -> Recording:
    """Run every trial of a job, batch by batch, in their order; so many workers at a time.

    progress : told the share that is done. Raises RuntimeError if a child process fails.
    """
    n_trials = len(job.streams)
    batches = [batch_of(job, range(i, min(i + BATCH, n_trials))) for i in range(0, n_trials, BATCH)]
    if len(batches) == 1:
        return run_batch(batches[0], progress)
    shares = [0.0] * len(batches)
    joined = Joined(n_trials)

    def one(i: int) -> Recording:
        def on_line(line: str) -> None:
            shares[i] = float(line)
            progress(sum(shares) / len(shares))

        return _run_child(batches[i], on_line)

    in_parallel(one, len(batches), workers, lambda i, recording: joined.put(i * BATCH, recording))
    return joined.recording()


def batch_of(job: Job, trials: range) -> Batch:
    """Some trials of a job; the seed of their noise comes from the first one's stream."""
    each = [job.start(trial) for trial in trials]
    start = {name: np.concatenate([e[name] for e in each]) for name in each[0]}
    shown = job.presentation.of_trials(slice(trials.start, trials.stop))
    seed = int(job.streams[trials.start].integers(2**31))
    return Batch(job.network, shown, start, seed, job.record, job.traces)


def run_batch(batch: Batch, progress: Callable[[float], None] = lambda share: None) -> Recording:
    """All trials of a batch in one network and one run.

    progress : told the share that is done about once a second; it sees that number and nothing of the network.
    """
    prepared = PreparedRun(batch)
    prepared.run(progress)
    return prepared.recording()


def _run_child(batch: Batch, on_line: Callable[[str], None]) -> Recording:
    arrays: dict[str, Any] = {f"presentation/{name}": a for name, a in batch.presentation._asdict().items()}
    arrays |= {f"start/{name}": a for name, a in batch.start.items()}
    with scratch_folder(sum(a.nbytes for a in arrays.values())) as folder:
        np.savez(folder / "batch.npz", **arrays)
        (folder / "network.json").write_text(batch.network.to_json())
        (folder / "batch.json").write_text(json.dumps({"seed": batch.seed, "record": batch.record}))
        code, errors = run_child(
            [sys.executable, "-m", "bioKV.engines.numpy", str(folder)], cwd=import_folder(), on_line=on_line, own=folder
        )
        last = errors.strip().rpartition("\n")[2]  # of a traceback, what went wrong
        if code == REFUSED:
            raise ValueError(last)
        if code:
            failure = RuntimeError(f"a batch of the NumPy engine failed (exit code {code}): {last or 'no message'}")
            failure.add_note(errors)
            raise failure
        with np.load(folder / "result.npz", allow_pickle=False) as result:
            return Recording.from_arrays(dict(result))


def main() -> None:
    """A batch in the folder that is named: its result, and on standard output the share that is done."""
    from . import brian2_alone  # noqa: F401  (before Brian2)

    folder = Path(sys.argv[1])
    with np.load(folder / "batch.npz", allow_pickle=False) as saved:
        arrays = dict(saved)

    def of(prefix: str) -> dict[str, np.ndarray]:
        return {name.removeprefix(prefix): a for name, a in arrays.items() if name.startswith(prefix)}

    said = json.loads((folder / "batch.json").read_text())
    network = Blueprint.from_json((folder / "network.json").read_text())
    shown, start = Presentation(**of("presentation/")), of("start/")
    batch = Batch(network, shown, start, said["seed"], tuple(said["record"]))
    try:
        recording = run_batch(batch, lambda share: print(share, flush=True))
    except Refused as problem:
        print(problem, file=sys.stderr)
        sys.exit(REFUSED)
    everything: dict[str, Any] = recording.to_arrays()
    np.savez(folder / "result.npz", **everything)


if __name__ == "__main__":
    main()
