"""The files of a run: results.csv grows while the study runs, run.json says how it came about."""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from ..engines.numpy import BATCH
from ..progress import say_to_stderr
from ..stopping import was_asked
from .earlier import remove_earlier
from .inputs import inputs_of, keep
from .plan import Plan, sweep
from .record import describe, differences, read_record, spent, write_record
from .study import COLUMNS, Chunk

TABLE = (*COLUMNS, "part")  # part : 0; 1, 2, ... where a run went on --anyway with something changed
TEXT: dict[str, Any] = {"encoding": "utf-8", "errors": "surrogateescape"}  # whatever the locale; names as in the shell


class RunFolder:
    """A folder of results: opened anew (empty, or force) or to go on where an interrupted run stopped.

    engine : [the engine of the spiking memory], or []. anyway : resume though something has changed; the trials to come
    are a part of their own.
    Raises ValueError if it cannot be written, if another run is writing to it, if it holds results and neither force
    nor resume is set, or if versions, engine or the content of an input have changed since the run to resume began.
    """

    def __init__(self, path: str | Path, plan: Plan, command: str, engine: Sequence[str] = (), *, force: bool = False,
                 resume: bool = False, anyway: bool = False):  # fmt: skip
        self.path = Path(path)
        self.table = self.path / "results.csv"
        self.record = self.path / "run.json"
        self.started = time.time()
        self.done: set[tuple] = set()
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
        elif self.table.exists() and self.record.exists() and not force:
            raise ValueError(
                f"{self.path} already holds results; choose another --out, or add --force (replace) or --resume (go on)"
            )
        elif (self.table.exists() or self.record.exists()) and not force:
            raise ValueError(f"{self.path} already holds results; choose another --out, or add --force (replace)")
        else:
            remove_earlier(self.path)
            self.description["inputs"] = keep(self.path, inputs_of(plan))
            self._rewrite([])
        self.description["state"] = "running"
        self._note_size()

    def _resume(self, plan: Plan, command: str, anyway: bool) -> None:
        record = read_record(self.path)
        if not self.table.exists():
            raise ValueError(f"there is no run to resume in {self.path}")
        now, inputs = self.description, inputs_of(plan)
        differs = differences(record, now, inputs, now["engine"])
        if differs and not anyway:
            raise ValueError(
                f"since the run in {self.path} began, something has changed ({'; '.join(differs)}); --resume needs the"
                " same, and --anyway goes on all the same, with another `part` in results.csv"
            )
        try:
            whole = self.table.read_bytes()[: record.get("whole_bytes")]  # what comes after was cut off in the middle
            lines = whole.decode(**TEXT).splitlines(keepends=True)
            if lines[:1] != [",".join(TABLE) + "\n"]:
                raise ValueError("its first line is no header of ours")
            complete = (line for line in lines[1:] if line.endswith("\n"))
            rows = [row for row in csv.reader(complete) if len(row) == len(TABLE)]
            self.done, kept = finished_trials(rows, plan)
        except (OSError, ValueError, TypeError, csv.Error) as problem:
            raise ValueError(
                f"{self.table} cannot be resumed ({' '.join(str(problem).split())}); start anew with --force"
            ) from None
        # the record stays that of the beginning
        self.description = {**record, "commands": [*record["commands"], command]}
        self.part = len(record.get("later_parts", []))
        if differs:
            self.part += 1
            part = {name: now[name] for name in ("engine", "versions", "git_revision", "machine")}
            part |= {"differs": differs, "inputs": keep(self.path, inputs, self.part)}
            self.description["later_parts"] = [*record.get("later_parts", []), part]
        self._rewrite(kept)

    def _rewrite(self, rows: list[list[str]]) -> None:
        new = self.table.with_suffix(".new")
        try:
            with open(new, "w", newline="", **TEXT) as file:
                csv.writer(file, lineterminator="\n").writerows([TABLE, *rows])
            new.replace(self.table)
        except OSError as problem:
            new.unlink(missing_ok=True)
            raise ValueError(f"cannot write to {self.table}: {problem.strerror}") from None

    def add(self, chunk: Chunk) -> None:
        """Append a chunk's rows and put them on the disk. Raises ValueError if there is no room; the rest stays."""
        size = self.table.stat().st_size
        try:
            with open(self.table, "a", newline="", **TEXT) as file:
                csv.writer(file, lineterminator="\n").writerows((*row, self.part) for row in chunk.rows)
                file.flush()
                os.fsync(file.fileno())
        except OSError as problem:
            os.truncate(self.table, size)
            raise ValueError(
                f"cannot write to {self.table}: {problem.strerror}; the trials before are kept, --resume goes on"
            ) from None
        self._note_size()

    def _note_size(self) -> None:
        self.description["whole_bytes"] = self.table.stat().st_size
        self._write_record()

    def read(self) -> pd.DataFrame:
        """The table so far."""
        return pd.read_csv(self.table, keep_default_na=False, na_values={"value": ["nan"]})

    @contextmanager
    def ending(self) -> Iterator[None]:
        """The run itself within: its record says how it ended. What was finished before an error stays."""
        try:
            yield
        except KeyboardInterrupt:
            self.finish("interrupted")
            raise
        except BaseException:
            with suppress(ValueError):  # a full disk must not hide what went wrong
                self.finish("interrupted" if was_asked() else "failed")
                if not was_asked() and len(self.read()):
                    say_to_stderr(f"the trials finished before are in {self.table}; --resume goes on from there")
            raise
        self.finish("finished")

    def finish(self, state: str) -> None:
        """Note how the run ended, and what it cost."""
        self.description |= {"state": state, **spent(self.started)}
        self._write_record()
        self._unlock()

    def _unlock(self) -> None:
        self.lock.release()
        (self.path / ".running").unlink(missing_ok=True)

    def _write_record(self) -> None:
        try:
            write_record(self.path, self.description)
        except OSError as problem:
            raise ValueError(f"cannot write to {self.record}: {problem.strerror}; the trials before are kept") from None


def make_writable(folder: Path) -> None:
    """Make a folder. Raises ValueError if that, or writing into it, is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise ValueError(f"cannot write to the output folder {folder}: {problem.strerror}") from None


def finished_trials(rows: list[list[str]], plan: Plan) -> tuple[set[tuple], list[list[str]]]:
    """(memory, third factor, x index, trial) of what a cut-off table holds whole, and its rows.

    A trial of which a row is missing does not count, nor does a trial of the NumPy engine whose batch is not whole,
    nor one side of a comparison without the other.
    """
    xs = [str(x) for x in sweep(plan)[1]]
    columns = {name: i for i, name in enumerate(TABLE)}
    written: dict[tuple, list[list[str]]] = {}

    def key_of(row: list[str]) -> tuple:
        memory = "spiking" if plan.replay else row[columns["memory"]]
        return memory, row[columns["third_factor"]], xs.index(row[columns["x"]]), int(row[columns["trial"]])

    for row in rows:
        written.setdefault(key_of(row), []).append(row)
    most = {
        memory: max(len(of) for key, of in written.items() if key[0] == memory)
        for memory in {key[0] for key in written}
    }
    whole = {key for key, of in written.items() if len(of) == most[key[0]]}
    done = set()
    for key in whole:
        batch = [key[3]]
        if "numpy" in {row[columns["engine"]] for row in written[key]}:
            first = key[3] // BATCH * BATCH
            batch = list(range(first, min(first + BATCH, plan.trials)))
        if all((*key[:3], trial) in whole for trial in batch):
            done.add(key)
    return done, [row for row in rows if key_of(row) in done]
