"""The NumPy engine: Brian2 without a compiler, many trials side by side in one network.

`run` splits trials into batches of fixed size, each with one random stream, and gives every batch to a child process
(`python -m bioKV.engines.numpy FOLDER`) unless there is only one. `Batch` does the work.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..network.blueprint import Blueprint
from ..network.presentation import Presentation
from ..network.recording import Recording
from .cache import import_folder
from .children import in_parallel, run_child, scratch_folder
from .job import Job

BATCH = 20  # trials side by side; part of the result's identity, because a batch shares one stream of noise


class Batch(NamedTuple):
    """Trials of one network side by side.

    start : "population.variable" -> (B*n,) initial values, of what is random and, where presentations go on from
    others, of all that they hand on. seed : of the noise of all of them.
    """

    network: Blueprint
    presentation: Presentation
    start: dict[str, np.ndarray]
    seed: int
    record: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()


def run(job: Job, *, workers: int, say: Callable[[str], None], progress: Callable[[float], None]) -> Recording:
    """Run every trial of a job, batch by batch, in their order; so many workers at a time.

    progress : told the share that is done. Raises RuntimeError if a child process fails.
    """
    n_trials = len(job.streams)
    batches = [batch_of(job, range(i, min(i + BATCH, n_trials))) for i in range(0, n_trials, BATCH)]
    if len(batches) == 1:
        return run_batch(batches[0], progress)
    shares = [0.0] * len(batches)
    done: dict[int, Recording] = {}

    def one(i: int) -> Recording:
        def on_line(line: str) -> None:
            shares[i] = float(line)
            progress(sum(shares) / len(shares))

        return _run_child(batches[i], on_line)

    in_parallel(one, len(batches), workers, done.__setitem__)
    return Recording.join([done[i] for i in range(len(batches))])


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
    prepared = Prepared(batch)
    prepared.run(progress)
    return prepared.recording()


class Prepared:
    """A batch as Brian2 objects that are ready to run; `built` has them by name."""

    def __init__(self, batch: Batch):
        import brian2

        from ..network.build import build, set_value

        self.batch = batch
        self.n_trials = batch.presentation.gate.shape[1]
        brian2.prefs.codegen.target = "numpy"
        brian2.set_device("runtime")
        self.built = build(batch.network, batch.presentation.tables(), self.n_trials, batch.record, batch.traces)
        for name, values in batch.start.items():
            set_value(self.built.owners, name, values, 1)

    def run(self, progress: Callable[[float], None] = lambda share: None) -> None:
        """All presentations, and the first step of the blank one, which reads the last."""
        import brian2
        from brian2 import second

        brian2.seed(self.batch.seed)  # Brian2's stream is one for the whole process
        onset, step = self.built.onset, self.built.groups["hidden"].clock
        duration = (self.batch.presentation.n_windows - 1) * float(onset.dt) * second + step.dt
        self.built.network.run(
            duration,
            namespace=dict(self.built.inputs),
            report=lambda elapsed, share, *_: progress(share),
            report_period=1 * second,
        )

    def recording(self) -> Recording:
        """What the run brought, as plain arrays."""
        from brian2 import second

        network, built, n_trials = self.batch.network, self.built, self.n_trials
        readings = {
            f"{population}.{name}": _by_trial(getattr(monitor, name), n_trials)
            for population, monitor in built.readings.items()
            for name in network.neurons[population].names("reads")
        }
        state = {
            name: np.array(getattr(built.owners[owner], f"{variable}_")).reshape(n_trials, -1)
            for name in network.listed("keeps")
            for owner, variable in [name.split(".")]
        }
        spikes = {}
        for population, monitor in built.spikes.items():
            trial, neuron = np.divmod(np.array(monitor.i), len(monitor.source) // n_trials)
            t = np.array(monitor.t / second)
            order = np.lexsort((t, trial))
            spikes[population] = (t[order], neuron[order], trial[order])
        traced = {
            population: (np.array(monitor.t / second), {
                name: np.array(getattr(monitor, f"{name}_")).T for name in network.neurons[population].names("traces")
            })
            for population, monitor in built.traces.items()
        }  # fmt: skip
        return Recording(readings, state, spikes, traced)


def _by_trial(reading: Any, n_trials: int) -> np.ndarray:
    """(B*n, T+1) as Brian2 monitors it -> (B, T, n), without the reading before the first presentation."""
    reading = np.asarray(reading)[:, 1:]
    return np.moveaxis(reading.reshape(n_trials, -1, reading.shape[-1]), 2, 1)


def _run_child(batch: Batch, on_line: Callable[[str], None]) -> Recording:
    arrays: dict[str, Any] = {f"presentation/{name}": a for name, a in batch.presentation._asdict().items()}
    arrays |= {f"start/{name}": a for name, a in batch.start.items()}
    with scratch_folder(sum(a.nbytes for a in arrays.values())) as folder:
        np.savez(folder / "batch.npz", **arrays)
        (folder / "network.json").write_text(batch.network.to_json())
        (folder / "batch.json").write_text(json.dumps({"seed": batch.seed, "record": batch.record}))
        code, errors = run_child(
            [sys.executable, "-m", "bioKV.engines.numpy", str(folder)], cwd=import_folder(), on_line=on_line
        )
        if code:
            last = errors.strip().rpartition("\n")[2]  # of a traceback, what went wrong
            failure = RuntimeError(f"a batch of the NumPy engine failed (exit code {code}): {last or 'no message'}")
            failure.add_note(errors)
            raise failure
        with np.load(folder / "result.npz", allow_pickle=False) as result:
            return Recording.from_arrays(dict(result))


def main() -> None:
    """A batch in the folder that is named: its result, and on standard output the share that is done."""
    folder = Path(sys.argv[1])
    with np.load(folder / "batch.npz", allow_pickle=False) as saved:
        arrays = dict(saved)

    def of(prefix: str) -> dict[str, np.ndarray]:
        return {name.removeprefix(prefix): a for name, a in arrays.items() if name.startswith(prefix)}

    said = json.loads((folder / "batch.json").read_text())
    network = Blueprint.from_json((folder / "network.json").read_text())
    shown, start = Presentation(**of("presentation/")), of("start/")
    recording = run_batch(
        Batch(network, shown, start, said["seed"], tuple(said["record"])), lambda share: print(share, flush=True)
    )
    everything: dict[str, Any] = recording.to_arrays()
    np.savez(folder / "result.npz", **everything)


if __name__ == "__main__":
    main()
