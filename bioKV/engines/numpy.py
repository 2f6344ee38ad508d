"""The NumPy engine: Brian2 without a compiler, many trials side by side in one network.

`run` splits trials into batches of fixed size, each with one random stream, and gives every batch to a child process
(`python -m bioKV.engines.numpy FOLDER`) unless there is only one. `run_batch` does the work.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..network.parameters import RANGES, Parameters
from ..network.presentation import Presentation, feedforward_size, initial_variables
from ..network.recording import READ, TRACED, Recording, state_of
from .cache import import_folder
from .children import in_parallel, run_child, scratch_folder

BATCH = 20  # trials side by side; part of the result's identity, because a batch shares one stream of noise


def run(sizes: tuple[int, int, int], presentation: Presentation, settings: dict[str, np.ndarray],
        streams: list[np.random.Generator], *, parameters: Parameters, parts: tuple[str, ...] = (),
        record: tuple[str, ...] = (), traces: tuple[str, ...] = (), workers: int, say: Callable[[str], None],
        progress: Callable[[float], None]) -> Recording:  # fmt: skip
    """Run every trial of a presentation, batch by batch.

    parts : of neurons.PARTS. streams : one Generator a trial.
    """
    batches = [slice(i, min(i + BATCH, len(streams))) for i in range(0, len(streams), BATCH)]
    starts = [_starts(sizes, streams[batch], parameters, parts) for batch in batches]
    if len(batches) == 1:
        return run_batch(sizes, presentation, settings, *starts[0], parameters, parts, record, traces, progress)
    shares = [0.0] * len(batches)
    done: dict[int, Recording] = {}

    def one(i: int) -> Recording:
        def on_line(line: str) -> None:
            shares[i] = float(line)
            progress(sum(shares) / len(shares))

        part = Presentation(*(a[:, batches[i]] for a in presentation))
        return _run_child(sizes, part, settings, *starts[i], parameters, parts, record, on_line)

    in_parallel(one, len(batches), workers, done.__setitem__)
    return Recording.join([done[i] for i in range(len(batches))])


def _starts(sizes, streams, parameters, parts) -> tuple[dict[str, np.ndarray], int]:
    """Initial variables of a batch, trial by trial, and the seed of its noise, from its first trial's stream."""
    n_feedforward = feedforward_size(sizes[0], parameters)
    each = [initial_variables(sizes, n_feedforward, parameters, stream, parts) for stream in streams]
    return {name: np.concatenate([e[name] for e in each]) for name in each[0]}, int(streams[0].integers(2**31))


def run_batch(
    sizes,
    presentation: Presentation,
    settings,
    start: dict[str, np.ndarray],
    seed: int,
    parameters: Parameters,
    parts: tuple[str, ...] = (),
    record: tuple[str, ...] = (),
    traces: tuple[str, ...] = (),
    progress: Callable[[float], None] = lambda share: None,
) -> Recording:
    """All trials of a presentation in one network and one run.

    start : variable -> (B*n) initial values, at least `initial_variables`; what STATE names may be there too.
    progress : told the share that is done about once a second; it sees that number and nothing of the network.
    """
    import brian2
    from brian2 import second

    from ..network.build import build
    from ..network.populations import Sizes

    d, n, m = sizes
    n_windows, n_trials = presentation.gate.shape
    brian2.prefs.codegen.target = "numpy"
    brian2.set_device("runtime")
    spiking = build(Sizes(d, n, m, n_trials), parameters, presentation.tables(), parts, record, traces)
    owners = {owner.name: owner for owner in (*spiking.groups.groups(), *spiking.synapses.bundles())}
    for name, values in start.items():
        owner, variable = name.split(".")
        if variable in owners[owner].variables:
            getattr(owners[owner], variable)[:] = values
    for name, value in settings.items():
        owner, variable = name.split(".")
        setattr(owners[owner], variable, np.tile(value, n_trials) if np.ndim(value) else float(value))
    brian2.seed(seed)  # Brian2's stream is one for the whole process
    duration = (n_windows - 1) * float(spiking.onset.dt) * second + spiking.groups.hidden.clock.dt
    spiking.network.run(
        duration,
        namespace=dict(spiking.inputs),
        report=lambda elapsed, share, *_: progress(share),
        report_period=1 * second,
    )
    readings = {
        f"{population}.{name}": _by_trial(getattr(spiking.readings[population], name), n_trials)
        for population, names in READ.items()
        for name in names
    }
    state = {name: np.array(getattr(owners[name.split(".")[0]], name.split(".")[1])).reshape(n_trials, -1)
             for name in state_of(owners)}  # fmt: skip
    spikes = {}
    for population, monitor in spiking.spikes.items():
        trial, neuron = np.divmod(np.array(monitor.i), len(monitor.source) // n_trials)
        t = np.array(monitor.t / second)
        order = np.lexsort((t, trial))
        spikes[population] = (t[order], neuron[order], trial[order])
    traced = {
        population: (np.array(monitor.t / second), {
            name: np.array(getattr(monitor, name)).T for name in TRACED[population]
        })
        for population, monitor in spiking.traces.items()
    }  # fmt: skip
    return Recording(readings, state, spikes, traced)


def _by_trial(reading, n_trials: int) -> np.ndarray:
    """(B*n, T+1) as Brian2 monitors it -> (B, T, n), without the reading before the first presentation."""
    reading = np.asarray(reading)[:, 1:]
    return np.moveaxis(reading.reshape(n_trials, -1, reading.shape[-1]), 2, 1)


def _run_child(sizes, presentation, settings, start, seed, parameters, parts, record, on_line) -> Recording:
    job = {"sizes": list(map(int, sizes)), "seed": seed, "parameters": parameters._asdict(), "parts": list(parts),
           "record": list(record)}  # fmt: skip
    arrays: dict[str, Any] = {f"presentation/{name}": a for name, a in presentation._asdict().items()}
    arrays |= {f"settings/{name}": a for name, a in settings.items()} | {
        f"start/{name}": a for name, a in start.items()
    }
    with scratch_folder(sum(np.asarray(a).nbytes for a in arrays.values())) as folder:
        np.savez(folder / "job.npz", **arrays)
        (folder / "job.json").write_text(json.dumps(job))
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
    folder = Path(sys.argv[1])
    job = json.loads((folder / "job.json").read_text())
    with np.load(folder / "job.npz", allow_pickle=False) as saved:
        arrays = dict(saved)

    def part(prefix: str) -> dict[str, np.ndarray]:
        return {name.removeprefix(prefix): a for name, a in arrays.items() if name.startswith(prefix)}

    given: dict[str, Any] = {name: RANGES[name].kind(value) for name, value in job["parameters"].items()}
    parameters = Parameters(**given)
    recording = run_batch(
        tuple(job["sizes"]),
        Presentation(**part("presentation/")),
        part("settings/"),
        part("start/"),
        job["seed"],
        parameters,
        tuple(job["parts"]),
        tuple(job["record"]),
        (),
        lambda share: print(share, flush=True),
    )
    everything: dict[str, Any] = recording.to_arrays()
    np.savez(folder / "result.npz", **everything)


if __name__ == "__main__":
    main()
