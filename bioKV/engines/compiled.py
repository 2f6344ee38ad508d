"""The compiled engine: a compiled program on every core, trial by trial. Needs no Brian2 once it is built."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..network.presentation import Presentation
from ..network.recording import Joined, Recording, compact
from .cache import Program, Structure, room_for
from .children import Server, in_parallel, scratch_folder
from .job import Job
from .obtain import obtain
from .open_files import workers_by_files


def run(job: Job, *, workers: int, say: Callable[[str], None], progress: Callable[[float], None]) -> Recording:
    """Run every trial of a job in a process of its own, forked from a network that is set up once.

    workers : trials at a time. say : told before something is compiled. progress : told the share of trials that are
    over. Returns all trials in their order; traces are those of the first.
    Raises ValueError for too many presentations, for a cache folder that cannot be trusted, or if there is no compiler
    for a program that is not there yet.
    Raises RuntimeError if too few files may be open at once, if compiling or a program fails, or if a program does not
    finish its presentations.
    """
    workers = workers_by_files(min(workers, len(job.streams)))  # before anything is compiled
    program = obtain(Structure(job.network, room_for(job.presentation.n_windows), job.record, job.traces), say)
    compiled_with = program.manifest["values"]
    values = {
        name: value
        for name, value in job.network.values.items()
        if np.ndim(value) or compiled_with.get(name) != value
    }
    n_trials = len(job.streams)
    joined, n_done = Joined(n_trials), 0

    def finish(trial: int, recording: Recording) -> None:
        nonlocal n_done
        joined.put(trial, recording)
        n_done += 1
        progress(n_done / n_trials)

    with ExitStack() as running:
        idle: list[tuple[Path, Server]] = []

        def one(trial: int) -> Recording:
            alone = job.presentation.of_trials(slice(trial, trial + 1))
            start = {**job.start(trial), **values}
            try:
                served = idle.pop()
            except IndexError:
                served = running.enter_context(_served(program, sum(a.nbytes for a in alone)))
            recording = run_trial(program, *served, alone, start, job.streams[trial])
            idle.append(served)
            return recording

        in_parallel(one, n_trials, workers, finish)
    return joined.recording()


@contextmanager
def _served(program: Program, n_bytes: int) -> Iterator[tuple[Path, Server]]:
    """A running program, and the folder for what a trial of n_bytes reads and writes."""
    with scratch_folder(n_bytes) as folder:
        (folder / "results").mkdir()
        main = program.folder / "main"
        try:
            server = Server([str(main), "--results_dir", f"{folder / 'results'}/"], program.folder)
        except PermissionError:
            said = f"{main} may not be run; is its file system mounted noexec? BIOKV_CACHE names another folder"
            raise RuntimeError(said) from None
        try:
            yield folder, server
        finally:
            server.close()


def run_trial(program: Program, folder: Path, server: Server, presentation: Presentation, start: dict[str, Any],
              stream: np.random.Generator) -> Recording:  # fmt: skip
    """One trial: write what is presented and the variables to start with, have it run, read what it left.

    presentation, and the Recording that comes back : of a single trial, B = 1.
    start : "population.variable" -> a number, or an array with one for each neuron or synapse.
    stream : gives the seed of the trial's noise.
    Arrays are written as 64-bit floating-point numbers into `folder`, each into a file of its name. Numbers go to the
    program on its line, and so does the time at which it stops, in seconds. A table of zeros is not written.
    The program writes folder/results/results, anew in every trial (compile.result_file says what).
    Raises RuntimeError if the program fails, prints anything to standard error, or stops before its presentations are
    over; OSError if a file cannot be written; Stopped if the job is being stopped.
    """
    manifest = program.manifest
    tables = {name: table for name, table in presentation.tables().items() if name in manifest["tables"]}
    given: dict[str, Any] = {name: table for name, table in tables.items() if table.any()} | start  # they are blank yet
    given["run.seed"] = stream.integers(2**31)
    given["run.t_stop"] = (presentation.n_windows - 1.5) * manifest["window_s"]  # first met at the last, blank window
    code, errors = server.run("\t".join(_argument(name, value, folder) for name, value in given.items()))
    if code == -signal.SIGILL:
        raise RuntimeError(
            f"the compiled network in {program.folder} was made for another processor; delete that folder, and give"
            " each kind of machine a cache folder of its own with BIOKV_CACHE"
        )
    if code or errors:
        raise RuntimeError(f"the compiled network failed (exit code {code}): {errors.strip() or 'no message'}")
    return _read(program, folder / "results", presentation.n_windows)


def _argument(name: str, value, folder: Path) -> str:
    if np.ndim(value) == 0:
        return f"{name}={float(value)!r}"
    path = f"{folder}/{name}"
    with open(path, "wb") as file:
        file.write(np.ascontiguousarray(value, float).data)  # unlike tofile it says why it cannot
    return f"{name}={path}"


def _read(program: Program, results: Path, n_windows: int) -> Recording:
    content, at, arrays = (results / "results").read_bytes(), 0, {}
    manifest, columns = program.manifest, {}
    for name, dtype, columns[name] in manifest["layout"]:
        length = int(np.frombuffer(content, np.int64, 1, at)[0])
        arrays[name] = np.frombuffer(content, dtype, length, at + 8)
        at += 8 + arrays[name].nbytes
    readings = {}  # copies, as all below: a view would keep the whole file in memory
    for name in manifest["reads"]:
        monitored = name.replace(".", "_readings.")
        if arrays[monitored].size != n_windows * columns[monitored]:
            raise RuntimeError(f"the compiled network stopped before its {n_windows - 1} presentations were over")
        # the first reading is taken before the first presentation
        readings[name] = compact(name, arrays[monitored].reshape(n_windows, -1)[None, 1:])
    state = {name: arrays[name][None].copy() for name in manifest["keeps"]}
    spikes = {}
    for population in manifest["record"]:
        t, neuron = arrays[f"{population}_spikes.t"].copy(), arrays[f"{population}_spikes.i"].astype(np.int32)
        spikes[population] = (t, neuron, np.zeros(t.size, np.int32))
    traced: dict[str, tuple[np.ndarray, dict[str, np.ndarray]]] = {}
    for name in manifest["traces"]:
        population, variable = name.split(".")
        monitored = f"{population}_traces.{variable}"
        of = traced.setdefault(population, (arrays[f"{population}_traces.t"], {}))[1]
        of[variable] = arrays[monitored].reshape(-1, columns[monitored])  # of one trial, and most of its file
    return Recording(readings, state, spikes, traced)
