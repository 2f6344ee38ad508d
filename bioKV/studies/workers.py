"""Who runs a study's trials: this process alone, or others that are given tasks.

A task is some trials of a cell. Whoever runs it gives back text to be kept, and only the process that runs the study
writes files.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol, runtime_checkable

from ..engines.children import cores, scratch_folder
from ..engines.numpy import BATCH
from ..episode import Episode
from ..progress import Say, Share
from ..response import SpikingResponse
from .cell import Cell
from .plan import Plan
from .recordings import kept, path_of, recorded, write_recording
from .scores import SIDE, measured
from .study import Study


class Task(NamedTuple):
    """Some trials of a study's cell (by its number). record : whether spikes of them are wanted."""

    cell: int
    trials: range
    record: bool = False


class Answer(NamedTuple):
    """A task that is done: its rows (scores.ROW) as the lines of a CSV file, the seconds it took, and recordings by
    trial, as files."""

    task: Task
    rows: str
    seconds: float
    recordings: dict[int, bytes] = {}  # noqa: RUF012  (never written to)


@runtime_checkable
class Workers(Protocol):
    """What runs tasks. n : at a time."""

    n: int

    def answers(self, plan: Plan, tasks: Iterator[Task], say: Say, share: Callable[[Task, float], None]
                ) -> Iterator[Answer]:  # fmt: skip
        """All tasks, answered, in any order. They are taken from the iterator as workers get free, since how many
        trials are in one depends on how long those before took.

        plan : its engine is chosen. say, share : told what takes long, and the share of a task that is done.
        Raises what a task raises.
        """
        ...


class Here:
    """This process alone. workers : processes at a time that the spiking memory has for itself; None takes all cores.
    For studies of a moment, and where memories or protocols are objects that other processes cannot be given."""

    n = 1

    def __init__(self, workers: int | None = None):
        self.workers = workers or cores()

    def answers(self, plan: Plan, tasks: Iterator[Task], say: Say, share: Callable[[Task, float], None]
                ) -> Iterator[Answer]:  # fmt: skip
        """One task after the other."""
        study = Study(plan)
        for task in tasks:
            yield answer(study, task, say, lambda done: share(task, done), self.workers)  # noqa: B023


def answer(study: Study, task: Task, say: Say, progress: Share, workers: int = 1) -> Answer:
    """Run a task in this process. workers : processes at a time of the spiking memory."""
    began = time.perf_counter()
    cell, written = study.cells[task.cell], io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    record = recorded(study.plan.record) if task.record else ()
    recordings: dict[int, bytes] = {}
    side = len(task.trials) if cell.engine else SIDE
    for start in range(0, len(task.trials), side):
        trials = task.trials[start : start + side]
        rows, response, episode = measured(cell, trials, workers, say, progress, record)
        lines.writerows(rows)
        if isinstance(response, SpikingResponse) and task.record:
            recordings |= _recordings(cell, trials, response, episode)
    return Answer(task, written.getvalue(), time.perf_counter() - began, recordings)


def _recordings(cell: Cell, trials: range, response: SpikingResponse, episode: Episode) -> dict[int, bytes]:
    """The trials whose spikes are to be kept, each as a file."""
    plan, memory = cell.study.plan, cell.made()
    K, V = memory.weights(response.state)
    about = {"memory": cell.memory, "third_factor": cell.third_factor, "engine": response.engine,
             "options": {name: cell.options[name] for name in cell.study.varying},
             "plateau_ms": float(memory.parameters.plateau_time) * 1e3}  # fmt: skip
    files = {}
    with scratch_folder() as folder:
        for i, trial in enumerate(trials):
            if trial in plan.record_trials:
                one = kept(response, episode, i, plan.record)
                write_recording(folder, cell.digest, trial, *one, about={**about, "trial": trial}, weights=(K[i], V[i]))
                files[trial] = path_of(folder, cell.digest, trial).read_bytes()
    return files


def together(engine: str) -> int:
    """How many neighbouring trials are only run together: on the NumPy engine they share a stream of noise, and what
    rate memories answer to several depends on them in its last digit."""
    return {"": SIDE, "numpy": BATCH, "compiled": 1}[engine]
