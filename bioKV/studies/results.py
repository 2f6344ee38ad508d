"""The files of a run: parts/ grows while the study runs, results.csv is made of it, run.json says how it came about."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ..progress import say_to_stderr
from ..stopping import was_asked
from ..whole_file import replacing
from . import parts
from .earlier import remove_earlier
from .inputs import added, begun_with, inputs_of, keep
from .plan import Plan
from .plan_text import plan_text
from .record import describe, differences, read_record, spent, write_record
from .recordings import path_of
from .scores import ROW
from .study import Study
from .workers import Answer, together

FIRST, LAST = ("protocol", *ROW[:3]), (*ROW[3:], "part")  # columns, with those of the options that vary between them


class RunFolder:
    """A folder of results: opened anew (empty, or force), or to go on with the run that is in it.

    study : with its engine chosen. plan : as it was asked for. engine : [that of the spiking memory], or []. anyway :
    resume though something has changed; the trials to come are a part of their own.
    Raises ValueError if it cannot be written, if another run is writing to it, if it holds results and neither force
    nor resume is set, or if versions, engine or the content of an input have changed since the run to resume began.
    """

    def __init__(self, path: str | Path, study: Study, plan: Plan, command: str, engine: Sequence[str] = (), *,
                 force: bool = False, resume: bool = False, anyway: bool = False):  # fmt: skip
        self.path, self.study = Path(path), study
        self.table = self.path / "results.csv"
        self.record = self.path / "run.json"
        self.started = time.time()
        self.part = 0
        make_writable(self.path)
        self.lock = FileLock(self.path / ".running", timeout=0, fallback_to_soft=False)
        try:
            self.lock.acquire()
        except Timeout:
            raise ValueError(
                f"another run writes to {self.path}; wait for its end, or choose another --out"
                f" (if there is none, on no machine, delete {self.lock.lock_file})"
            ) from None
        except OSError as problem:
            say_to_stderr(
                f"note: {self.path} cannot be locked ({problem.strerror}); see to it that no other run writes there"
            )
        try:
            self._open(plan, command, list(engine), force, resume, anyway)
        except BaseException:
            self._unlock()
            raise

    def _open(self, plan: Plan, command: str, engine: list[str], force: bool, resume: bool, anyway: bool) -> None:
        self.description = {**describe(plan, command), "engine": engine}
        if resume:
            self._resume(plan, command, anyway)
        elif (self.table.exists() or self.record.exists()) and not force:
            go_on = " or --resume (go on)" if self.record.exists() else ""
            raise ValueError(
                f"{self.path} already holds results; choose another --out, or add --force (replace){go_on}"
            )
        else:
            remove_earlier(self.path)
            self.description["inputs"] = keep(self.path, inputs_of(plan))
        self.description["state"] = "running"
        write_record(self.path, self.description)
        self._write_plan(plan)

    def _resume(self, plan: Plan, command: str, anyway: bool) -> None:
        record = read_record(self.path)
        now, inputs = self.description, inputs_of(plan)
        differs = differences(record, now, inputs, now["engine"])
        if differs and not anyway:
            raise ValueError(
                f"since the run in {self.path} began, something has changed ({'; '.join(differs)}); --resume needs the"
                " same, and --anyway goes on all the same, with another `part` in results.csv"
            )
        # the record stays that of the beginning, but for what the study has grown by
        grown = {name: now[name] for name in ("plan", "options", "varying")}
        kept = record["inputs"]
        new = keep(self.path, added(kept, inputs), taken=[one["kept"] for one in kept.values()])
        grown["inputs"] = kept | new
        self.description = {**record, **grown, "commands": [*record["commands"], command]}
        self.part = len(record.get("later_parts", []))
        if differs:
            self.part += 1
            part = {name: now[name] for name in ("engine", "versions", "git_revision", "machine")}
            part |= {"differs": differs, "inputs": keep(self.path, inputs, self.part)}
            self.description["later_parts"] = [*record.get("later_parts", []), part]
        if self.part:  # a cell keeps its name, though the content of an input is part of that
            begun = Study(begun_with(self.path, self.study.plan, self.description["inputs"]))
            for cell, first in zip(self.study.cells, begun.cells, strict=True):
                cell.digest = first.digest

    def _write_plan(self, plan: Plan) -> None:
        """study.toml, by which the run can be done again anywhere: its own files are those in inputs/."""
        inputs = self.description["inputs"]
        kept = {one["path"] or name: one["kept"] for name, one in inputs.items()}
        with replacing(self.path / "study.toml") as new:
            new.write_text(plan_text(plan, paths=kept), encoding="utf-8")

    def missing(self) -> dict[str, list[range]]:
        """Digest of a cell -> trials that are yet to be run, or run again since their spikes are to be kept."""
        there, trials, unrecorded = parts.listed(self.path), self.study.plan.trials, self.unrecorded()
        return {
            cell.digest: parts.missing(there.get(cell.digest, []), trials, together(cell.engine),
                                       unrecorded.get(cell.digest, ()))
            for cell in self.study.cells
        }  # fmt: skip

    def unrecorded(self) -> dict[str, list[int]]:
        """Digest of a cell -> trials whose spikes are to be kept and are not there."""
        plan = self.study.plan
        wanted = plan.record_trials if plan.record else ()
        return {cell.digest: [trial for trial in wanted if not path_of(self.path, cell.digest, trial).exists()]
                for cell in self.study.cells if cell.memory == "spiking"}  # fmt: skip

    def add(self, answer: Answer) -> None:
        """Keep an answer. Raises ValueError if there is no room; what was there before stays."""
        digest = self.study.cells[answer.task.cell].digest
        for trial, content in answer.recordings.items():  # before the rows, which say that the trial is done
            path = path_of(self.path, digest, trial)
            path.parent.mkdir(exist_ok=True)
            with replacing(path) as new:
                new.write_bytes(content)
        parts.keep(self.path, digest, answer.task.trials, self.part, answer.rows)

    def assemble(self) -> int:
        """Make results.csv of all parts, in the order of the cells; the number of its rows.

        Raises ValueError if a part is damaged, or there is no room.
        """
        there, trials, study = parts.listed(self.path), self.study.plan.trials, self.study
        rows = 0
        with (
            replacing(self.table, "; all finished trials are kept, --resume makes it") as new,
            open(new, "w", newline="", **parts.TEXT) as file,
        ):
            csv.writer(file, lineterminator="\n").writerow([*FIRST, *study.varying, *LAST])
            for cell in study.cells:
                options, at = [cell.options[name] for name in study.varying], 0
                for part in there.get(cell.digest, []):
                    lines = parts.lines_of(part, range(at, trials), study.plan.name, options)
                    file.write(lines)
                    rows += lines.count("\n")
                    at = max(at, part.stop)
        return rows

    @contextmanager
    def ending(self) -> Iterator[None]:
        """The run itself within: its record says how it ended. What was finished before an error stays."""
        try:
            yield
            self.assemble()
        except BaseException as problem:
            stopped, rows = isinstance(problem, KeyboardInterrupt) or was_asked(), 0
            with suppress(ValueError):  # a full disk must not hide what went wrong
                rows = self.assemble()
            with suppress(ValueError):
                self.finish("interrupted" if stopped else "failed")
            if rows and not stopped:
                say_to_stderr(f"the trials finished before are in {self.table}; --resume goes on from there")
            raise
        self.finish("finished")

    def finish(self, state: str) -> None:
        """Note how the run ended, and what it cost."""
        self.description |= {"state": state, **spent(self.started)}
        write_record(self.path, self.description)
        self._unlock()

    def _unlock(self) -> None:
        self.lock.release()
        (self.path / ".running").unlink(missing_ok=True)


def make_writable(folder: Path) -> None:
    """Make a folder. Raises ValueError if that, or writing into it, is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise ValueError(f"cannot write to the output folder {folder}: {problem.strerror}") from None
