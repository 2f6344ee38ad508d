"""A study cut into tasks of about a second: small enough to lose little, large enough to cost little."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from .cell import Cell
from .study import Study
from .workers import Answer, Task, together

AIM = 1.0  # seconds
KEPT_UP = 340  # tasks per second for which scheduler and client of a cluster take half of their time (docs/scaling.md)
FIRST = 8  # trials of a task before anything is known of how long they take
MOST = 5000  # trials: the rows of more would take memory


class Chunks:
    """The tasks of a study, each as large as those before suggest.

    missing : a cell's digest -> ranges of trials to be run. workers : at a time. recorded : digest -> trials whose
    spikes are wanted and not there; they are run in tasks of their own.
    """

    def __init__(self, study: Study, missing: Mapping[str, Sequence[range]], workers: int,
                 recorded: Mapping[str, Sequence[int]] | None = None):  # fmt: skip
        self.study, self.missing, self.workers, self.recorded = study, missing, workers, recorded or {}
        self.aim = max(AIM, workers / KEPT_UP)
        self._pace: dict[tuple[str, str], float] = {}  # (memory, engine) -> seconds per presentation
        self.total = sum(self.weight(Task(i, trials)) for i, ranges in self._todo() for trials in ranges)

    def _todo(self) -> Iterator[tuple[int, list[range]]]:
        """Numbers of cells and what is missing of them; of cells that are one (Cell.digest) the first."""
        seen = set()
        for i, cell in enumerate(self.study.cells):
            if cell.digest not in seen and self.missing.get(cell.digest):
                yield i, list(self.missing[cell.digest])
            seen.add(cell.digest)

    def cells(self) -> Iterator[Cell]:
        """Those of which something is missing."""
        return (self.study.cells[number] for number, _ in self._todo())

    def tasks(self) -> Iterator[Task]:
        """All of them, cell by cell."""
        for number, ranges in self._todo():
            cell = self.study.cells[number]
            wanted, alone = set(self.recorded.get(cell.digest, ())), together(cell.engine)
            for trials in ranges:
                at = trials.start
                while at < trials.stop:
                    stop = min(at + self._size(number), trials.stop)
                    first = min((trial for trial in wanted if at <= trial < stop), default=stop)
                    first -= first % alone if first < stop else 0
                    if first > at:
                        stop = first  # up to what is recorded
                    elif first < stop:
                        stop = min(first + alone, trials.stop)
                    yield Task(number, range(at, stop), bool(wanted & set(range(at, stop))))
                    at = stop

    def _size(self, number: int) -> int:
        cell = self.study.cells[number]
        pace, alone = self._pace.get((cell.memory, cell.engine)), together(cell.engine)
        n = FIRST if pace is None else min(self.aim / (pace * cell.n_steps), MOST)
        n = min(n, self.study.plan.trials / self.workers)  # so that there is one for each
        return max(alone, math.ceil(n / alone) * alone)

    def learn(self, answer: Answer) -> None:
        """How long a task took."""
        cell = self.study.cells[answer.task.cell]
        pace = answer.seconds / (len(answer.task.trials) * cell.n_steps)
        before = self._pace.get((cell.memory, cell.engine), pace)
        self._pace[cell.memory, cell.engine] = 0.5 * (before + pace)

    def weight(self, task: Task) -> float:
        """What a task costs, roughly in seconds: for the progress bar."""
        cell = self.study.cells[task.cell]
        return cell.n_steps * len(task.trials) * {"": 3e-5, "compiled": 6e-4, "numpy": 6e-3}[cell.engine]
