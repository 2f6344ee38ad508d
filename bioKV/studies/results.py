"""The files of a run: results.csv grows while the study runs, run.json says how it came about."""

from __future__ import annotations

import csv
import json
import os
import time
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from ..engines.numpy import BATCH
from .plan import Plan, sweep
from .record import describe, read_record, spent
from .study import COLUMNS, Chunk

TEXT: dict[str, Any] = {"encoding": "utf-8", "errors": "surrogateescape"}  # whatever the locale; names as in the shell

class RunFolder:
    """A folder of results: opened anew (empty, or force) or to go on where an interrupted run stopped.

    Raises ValueError if it cannot be written, if another run is writing to it, if it holds results and neither force
    nor resume is set, or if a run to resume had another plan (naming what differs).
    """

    def __init__(self, path: str | Path, plan: Plan, command: str, *, force: bool = False, resume: bool = False):
        self.path = Path(path)
        self.table = self.path / "results.csv"
        self.record = self.path / "run.json"
        self.started = time.time()
        self.done: set[tuple] = set()
        self.engine: str | None = None  # of the run that is resumed
        make_writable(self.path)
        self.lock = FileLock(self.path / ".running", timeout=0)
        try:
            self.lock.acquire()
        except Timeout:
            raise ValueError(f"another run writes to {self.path}; wait for its end, or choose another --out") from None
        try:
            self._open(plan, command, force, resume)
        except BaseException:
            self._unlock()
            raise

    def _open(self, plan: Plan, command: str, force: bool, resume: bool) -> None:
        self.description = describe(plan, command)
        if resume:
            self._resume(plan)
        elif self.table.exists() and self.record.exists() and not force:
            raise ValueError(
                f"{self.path} already holds results; choose another --out, or add --force (replace) or --resume (go on)"
            )
        elif (self.table.exists() or self.record.exists()) and not force:
            raise ValueError(f"{self.path} already holds results; choose another --out, or add --force (replace)")
        else:
            self._rewrite([])
        self.description["state"] = "running"
        self._note_size()

    def _resume(self, plan: Plan) -> None:
        if not self.record.exists() or not self.table.exists():
            raise ValueError(f"there is no run to resume in {self.path}")
        record = read_record(self.path)
        before, self.engine = record["plan"], next(iter(record.get("engine") or []), None)
        now = json.loads(json.dumps(self.description["plan"]))
        for name in {**before, **now}:
            if before.get(name) != now.get(name):
                raise ValueError(
                    f"the run in {self.path} had {name} {before.get(name)!r}, this one has {now.get(name)!r};"
                    " --resume needs the same"
                )
        try:
            whole = self.table.read_bytes()[: record.get("whole_bytes")]  # what comes after was cut off in the middle
            lines = whole.decode(**TEXT).splitlines(keepends=True)
            if lines[:1] != [",".join(COLUMNS) + "\n"]:
                raise ValueError("its first line is no header of ours")
            rows = [
                row for row in csv.reader(line for line in lines[1:] if line.endswith("\n")) if len(row) == len(COLUMNS)
            ]
            self.done, kept = finished_trials(rows, plan)
        except (OSError, ValueError, TypeError, csv.Error) as problem:
            raise ValueError(
                f"{self.table} cannot be resumed ({' '.join(str(problem).split())}); start anew with --force"
            ) from None
        self._rewrite(kept)

    def _rewrite(self, rows: list[list[str]]) -> None:
        new = self.table.with_suffix(".new")
        try:
            with open(new, "w", newline="", **TEXT) as file:
                csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
            new.replace(self.table)
        except OSError as problem:
            new.unlink(missing_ok=True)
            raise ValueError(f"cannot write to {self.table}: {problem.strerror}") from None

    def add(self, chunk: Chunk) -> None:
        """Append a chunk's rows and put them on the disk. Raises ValueError if there is no room; the rest stays."""
        size = self.table.stat().st_size
        try:
            with open(self.table, "a", newline="", **TEXT) as file:
                csv.writer(file, lineterminator="\n").writerows(chunk.rows)
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
        return pd.read_csv(self.table, keep_default_na=False)

    def begin(self, engines: list[str]) -> None:
        """Note which engines the spiking memory runs on."""
        self.description["engine"] = engines
        self._write_record()

    def finish(self, state: str) -> None:
        """Note how the run ended, and what it cost."""
        self.description |= {"state": state, **spent(self.started)}
        self._write_record()
        self._unlock()

    def _unlock(self) -> None:
        self.lock.release()
        (self.path / ".running").unlink(missing_ok=True)

    def _write_record(self) -> None:
        new = self.record.with_suffix(".new")
        try:
            new.write_text(json.dumps(self.description, indent=2) + "\n")
            new.replace(self.record)
        except OSError as problem:
            new.unlink(missing_ok=True)
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
    columns = {name: i for i, name in enumerate(COLUMNS)}
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
