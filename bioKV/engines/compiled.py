"""The compiled engine: a compiled program on every core, trial by trial. Needs no Brian2 once it is built."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..network.parameters import STRUCTURE, Parameters, variables
from ..network.presentation import Presentation, initial_variables
from ..network.recording import READ, STATE, TRACED, Recording
from .cache import Program, Structure, obtain, room_for
from .children import Server, in_parallel, scratch_folder


def structure_of(sizes: tuple[int, int, int], n_windows: int, parameters: Parameters, parts: tuple[str, ...],
                 record: tuple[str, ...], traces: tuple[str, ...] = ()) -> Structure:  # fmt: skip
    """The structure that holds n_windows presentations; parameters that are no structure do not count.

    sizes : (d, N, m). n_windows : T + 1, the blank one at the end included.
    Raises ValueError if no program holds as many.
    """
    default = Parameters()
    changed = {n: float(getattr(parameters, n)) for n in STRUCTURE if getattr(parameters, n) != getattr(default, n)}
    return Structure(sizes, room_for(n_windows), changed, parts, record, traces)


def run(sizes: tuple[int, int, int], presentation: Presentation, settings: dict[str, np.ndarray],
        streams: list[np.random.Generator], *, parameters: Parameters, parts: tuple[str, ...] = (),
        record: tuple[str, ...] = (), traces: tuple[str, ...] = (), workers: int, say: Callable[[str], None],
        progress: Callable[[float], None]) -> Recording:  # fmt: skip
    """Run every trial of a presentation in a process of its own, forked from a network that is set up once.

    sizes : (d, N, m). settings : "group.variable" -> a number or an array, the same in every trial.
    streams : one Generator a trial. parts : what the network has of neurons.PARTS. workers : trials at a time.
    say : told before something is compiled. progress : told the share of trials that are over.
    Returns all trials in their order; traces are those of the first.
    Raises ValueError for too many presentations, for a cache folder that cannot be trusted, or if there is no compiler
    for a program that is not there yet.
    Raises RuntimeError if compiling or a program fails, or if a program does not finish its presentations.
    """
    program = obtain(structure_of(sizes, presentation.n_windows, parameters, parts, record, traces), say)
    wanted = variables(parameters, sizes[0])
    settable = [
        f"{name}={wanted[name.split('.')[1]]!r}"
        for name, value in program.manifest["settable"].items()
        if wanted.get(name.split(".")[1], value) != value
    ]
    n_trials = len(streams)
    done: dict[int, Recording] = {}

    def finish(trial: int, recording: Recording) -> None:
        done[trial] = recording
        progress(len(done) / n_trials)

    with ExitStack() as running:
        idle: list[tuple[Path, Server]] = []

        def one(trial: int) -> Recording:
            alone, stream = presentation.of_trial(trial), streams[trial]
            start = initial_variables(sizes, program.manifest["n_feedforward"], parameters, stream, parts)
            try:
                served = idle.pop()
            except IndexError:
                served = running.enter_context(_served(program, sum(a.nbytes for a in alone)))
            recording = run_trial(program, *served, alone, {**start, **settings}, stream, settable, record, traces)
            idle.append(served)
            return recording

        in_parallel(one, n_trials, workers, finish)
    return Recording.join([done[trial] for trial in range(n_trials)])


@contextmanager
def _served(program: Program, n_bytes: int) -> Iterator[tuple[Path, Server]]:
    """A running program, and the folder for what a trial of n_bytes reads and writes."""
    with scratch_folder(n_bytes) as folder:
        (folder / "results").mkdir()
        server = Server([str(program.folder / "main"), "--results_dir", f"{folder / 'results'}/"], program.folder)
        try:
            yield folder, server
        finally:
            server.close()


def run_trial(program: Program, folder: Path, server: Server, presentation: Presentation, start: dict[str, Any],
              stream: np.random.Generator, settable: list[str], record: tuple[str, ...], traces: tuple[str, ...]
              ) -> Recording:  # fmt: skip
    """One trial: write what is presented and the variables to start with, have it run, read what it left.

    presentation, and the Recording that comes back : of a single trial, B = 1.
    start : "group.variable" -> a number, or an array with one for each neuron or synapse.
    stream : gives the seed of the trial's noise. settable : "group.variable=number", parameters to change.
    Arrays are written as 64-bit floating-point numbers into `folder`, each into a file of its name. Numbers go to the
    program on its line, and so does the time at which it stops, in seconds. A table of zeros is not written.
    The program writes folder/results/results, anew in every trial (build.result_file says what).
    Raises RuntimeError if the program fails, prints anything to standard error, or stops before its presentations are
    over; OSError if a file cannot be written; Stopped if the job is being stopped.
    """
    manifest = program.manifest
    shown = {name: table for name, table in presentation.tables().items() if table.any()}  # they are blank already
    given: dict[str, Any] = {**shown, **start}
    given["run.seed"] = stream.integers(2**31)
    given["run.t_stop"] = (presentation.n_windows - 1.5) * manifest["window_s"]  # first met at the last, blank window
    arguments = [_argument(name, value, folder) for name, value in given.items()] + settable
    code, errors = server.run("\t".join(arguments))
    if code or errors:
        raise RuntimeError(f"the compiled network failed (exit code {code}): {errors.strip() or 'no message'}")
    return _read(program, folder / "results", presentation.n_windows, record, traces)


def _argument(name: str, value, folder: Path) -> str:
    if np.ndim(value) == 0:
        return f"{name}={float(value)!r}"
    path = f"{folder}/{name}"
    with open(path, "wb") as file:
        file.write(np.ascontiguousarray(value, float).data)  # unlike tofile it says why it cannot
    return f"{name}={path}"


def _read(program: Program, results: Path, n_windows: int, record: tuple[str, ...], traces: tuple[str, ...]
          ) -> Recording:  # fmt: skip
    content, at, arrays = (results / "results").read_bytes(), 0, {}
    columns = {}
    for name, dtype, columns[name] in program.manifest["layout"]:
        length = int(np.frombuffer(content, np.int64, 1, at)[0])
        arrays[name] = np.frombuffer(content, dtype, length, at + 8)
        at += 8 + arrays[name].nbytes
    readings = {}
    for population, names in READ.items():
        for name in names:
            reading = arrays[f"{population}_readings.{name}"]
            if reading.size != n_windows * columns[f"{population}_readings.{name}"]:
                raise RuntimeError(f"the compiled network stopped before its {n_windows - 1} presentations were over")
            # the first reading is taken before the first presentation
            readings[f"{population}.{name}"] = reading.reshape(n_windows, -1)[None, 1:]
    kept = [f"{group}.{name}" for group, names in STATE.items() for name in names]
    state = {name: arrays[name][None] for name in kept if name in arrays}
    spikes = {}
    for population in record:
        t, neuron = arrays[f"{population}_spikes.t"], arrays[f"{population}_spikes.i"].astype(np.int64)
        spikes[population] = (t, neuron, np.zeros(t.size, np.int64))
    traced = {
        population: (arrays[f"{population}_traces.t"], {
            name: arrays[f"{population}_traces.{name}"].reshape(-1, columns[f"{population}_traces.{name}"])
            for name in TRACED[population]
        })
        for population in traces
    }  # fmt: skip
    return Recording(readings, state, spikes, traced)
