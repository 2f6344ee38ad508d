"""Tasks of a study on several processes of this machine, each with one task at a time.

A worker (`python -m bioKV.studies.processes FOLDER`) reads the plan from a private folder, then a task per line of its
standard input, and leaves the answer in that folder. It is ended with the process that runs the study, however that
ends. One that dies is replaced, and its task is repeated.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np

from ..engines.cache import import_folder
from ..engines.children import REFUSED, Server, scratch_folder, threads
from ..engines.open_files import workers_by_files
from ..progress import Say
from .plan import Plan
from .study import Study
from .workers import Answer, Task, answer

TRIES = 3  # of a task whose worker dies
FAILED = 1  # exit code of a task that raised anything but ValueError


class Processes:
    """So many worker processes, or fewer where too few files may be open at once."""

    def __init__(self, n: int):
        self.n = workers_by_files(n)

    def answers(self, plan: Plan, tasks: Iterator[Task], say: Say, share: Callable[[Task, float], None]
                ) -> Iterator[Answer]:  # fmt: skip
        """As of `workers.Workers`. Raises ValueError and RuntimeError as a task did, and RuntimeError, naming the cell,
        for a task whose worker dies three times."""
        study, numbers = Study(plan), count()
        children, pool = threads(self.n)
        with scratch_folder(sum(a.nbytes for a in plan.own_patterns.values())) as folder, ExitStack() as running:
            write_plan(folder, plan)
            idle: list[Server] = []

            def one(task: Task) -> Answer:
                for _ in range(TRIES):
                    try:
                        worker = idle.pop()
                    except IndexError:
                        worker = _started(folder)
                        running.callback(worker.close)
                    code, errors = _ask(worker, task, folder / f"{next(numbers)}", say, share)
                    if isinstance(code, Answer):
                        idle.append(worker)
                        return code
                cell, last = study.cells[task.cell], task.trials.stop - 1
                raise RuntimeError(f"a worker process died {TRIES} times at {cell}, trials {task.trials.start} to"
                                   f" {last}: {errors or f'exit code {code}'}")  # fmt: skip

            pending: set[Future[Answer]] = set()
            try:
                while True:
                    pending |= {pool.submit(one, task) for task in islice(tasks, self.n + 1 - len(pending))}
                    if not pending:
                        break
                    done, pending = wait(pending, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield future.result()
            except BaseException:
                children.stop()
                raise
            finally:
                pool.shutdown(cancel_futures=True)


def _started(folder: Path) -> Server:
    return Server([sys.executable, "-m", "bioKV.studies.processes", str(folder), os.getcwd()], import_folder())


def _ask(worker: Server, task: Task, to: Path, say: Say, share: Callable[[Task, float], None]
         ) -> tuple[Answer | int, str]:  # fmt: skip
    """The answer, or the exit code of a worker that died, and what it said. Raises what the task raised."""

    def heard(line: str) -> None:
        kind, _, said = line.partition(" ")
        if kind == "share":
            share(task, float(said))
        else:
            say(said)

    asked = {"cell": task.cell, "start": task.trials.start, "stop": task.trials.stop, "record": task.record}
    code, errors = worker.run(json.dumps([str(to), asked]), heard)
    last = errors.strip().rpartition("\n")[2]
    try:
        found = json.loads(to.with_suffix(".json").read_text())
    except OSError:
        return code or FAILED, last
    to.with_suffix(".json").unlink()
    if code == REFUSED:
        raise ValueError(found["problem"])
    if code:
        failure = RuntimeError(found["problem"])
        failure.add_note(found["traceback"])
        raise failure
    recordings = {int(path.suffix[1:]): path for path in to.parent.glob(f"{to.name}.*")}
    kept = {trial: path.read_bytes() for trial, path in recordings.items()}
    for path in recordings.values():
        path.unlink()
    return Answer(task, found["rows"], found["seconds"], kept), ""


def portable(plan: Plan) -> bool:
    """Whether a plan is of names, numbers and paths alone, so that another process can make all of it."""
    named = [plan.protocol, *plan.memories, *plan.mechanisms]
    try:
        json.dumps([plan.options, plan.points])
    except (TypeError, ValueError):
        return False
    return all(isinstance(one, str) for one in named)


def write_plan(folder: Path, plan: Plan) -> None:
    """Write a plan that is `portable` into a folder of one's own."""
    np.savez(folder / "patterns.npz", **{name: np.asarray(a, float) for name, a in plan.own_patterns.items()})  # type: ignore[arg-type]
    rest = {name: value for name, value in plan._asdict().items() if name not in plan.own_patterns}
    (folder / "plan.json").write_text(json.dumps(rest))


def read_plan(folder: Path) -> Plan:
    """The plan that `write_plan` wrote."""
    fields: dict[str, Any] = json.loads((folder / "plan.json").read_text())
    options = {name: fields.pop(name) for name in ("options", "axes")}
    with np.load(folder / "patterns.npz", allow_pickle=False) as saved:
        arrays = dict(saved)
    listed = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    return Plan(**{**listed, **options, **arrays})


def main() -> None:
    """Run the tasks that standard input names, until it ends."""
    folder, where = Path(sys.argv[1]), sys.argv[2]
    spoken = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a protocol of one's own prints must not be taken for an answer
    os.chdir(where)  # paths may be relative to it
    study = Study(read_plan(folder))
    for line in sys.stdin:
        to, asked = json.loads(line)
        task = Task(asked["cell"], range(asked["start"], asked["stop"]), asked["record"])
        print(_run(study, task, Path(to), lambda said: print(f">{said}", file=spoken)), file=spoken)


def _run(study: Study, task: Task, to: Path, tell: Say) -> int:
    """Leave the answer, or what went wrong; the exit code of the task."""
    code = 0
    try:
        found = answer(study, task, lambda line: tell(f"say {line}"), lambda done: tell(f"share {done}"))
        said: dict[str, Any] = {"rows": found.rows, "seconds": found.seconds}
        for trial, content in found.recordings.items():
            to.with_suffix(f".{trial}").write_bytes(content)
    except Exception as problem:  # whatever it is, it is said by the process that runs the study
        import traceback

        code = REFUSED if isinstance(problem, ValueError) else FAILED
        said = {"problem": str(problem) or type(problem).__name__, "traceback": traceback.format_exc()}
    new = to.with_suffix(".new")
    new.write_text(json.dumps(said))
    new.replace(to.with_suffix(".json"))
    return code


if __name__ == "__main__":
    main()
