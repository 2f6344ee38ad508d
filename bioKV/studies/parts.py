"""The finished trials of a run, on the disk: parts/CELL/FIRST-STOP.PART.csv, each put there whole, by a rename.

CELL is the cell's digest, FIRST and STOP - 1 its first and last trial, PART 0, or 1, 2, ... where a run went on
--anyway with something changed. So a list of names says what is done, and only one process writes.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..whole_file import replacing
from .scores import ROW

FOLDER = "parts"
TEXT: dict[str, Any] = {"encoding": "utf-8", "errors": "surrogateescape"}  # whatever the locale; names as in the shell
THREE = re.compile(r"^((?:[^,\n]*,){3})(.*)$", re.MULTILINE)  # the columns before the options, and the others
NAME = re.compile(r"(\d+)-(\d+)\.(\d+)\.csv")


class Part(NamedTuple):
    """Trials first to stop - 1 of a cell, in a file. part : of the results."""

    first: int
    stop: int
    part: int
    path: Path


def listed(folder: Path) -> dict[str, list[Part]]:
    """Digest -> the parts that are there, by their first trial; one whose trials are all in another is left out.

    Raises ValueError if the folder cannot be read.
    """
    found: dict[str, list[Part]] = {}
    try:
        for cell in os.scandir(folder / FOLDER) if (folder / FOLDER).is_dir() else ():
            if cell.is_dir():
                parts = sorted(
                    (Part(int(of[1]), int(of[2]), int(of[3]), Path(one.path))
                     for one in os.scandir(cell.path) if (of := NAME.fullmatch(one.name))),
                    key=lambda part: (part.first, -part.stop, -part.part),
                )  # fmt: skip
                found[cell.name] = []
                for part in parts:
                    if not found[cell.name] or part.stop > found[cell.name][-1].stop:
                        found[cell.name].append(part)
    except OSError as problem:
        raise ValueError(f"cannot read {folder / FOLDER}: {problem.strerror}") from None
    return found


def missing(parts: list[Part], trials: int, together: int = 1, again: Sequence[int] = ()) -> list[range]:
    """The ranges of 0 to trials - 1 that are in no part, or among those to be run again.

    together : neighbours that are only run together: where one is missing all are, from a multiple of this number on.
    """
    there = [(part.first, part.stop) for part in parts]
    for trial in again:
        there = [piece for first, stop in there for piece in
                 ([(first, trial), (trial + 1, stop)] if first <= trial < stop else [(first, stop)])]  # fmt: skip
    gaps, at = list[range](), 0
    for first, stop in [*there, (trials, trials)]:
        if first > at:
            start = at - at % together
            end = min(-(-first // together) * together, trials)
            if gaps and start <= gaps[-1].stop:
                start = gaps.pop().start
            gaps.append(range(start, end))
        at = max(at, min(stop, trials))
    return [gap for gap in gaps if gap]


def keep(folder: Path, digest: str, trials: range, part: int, rows: str) -> Path:
    """Write a part and see to it that it is on the disk; its path. Raises ValueError, leaving nothing, if it cannot."""
    path = folder / FOLDER / digest / f"{trials.start:07}-{trials.stop:07}.{part}.csv"
    with replacing(path, "; the trials before are kept, --resume goes on") as new:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(new, "w", newline="", **TEXT) as file:
            file.write(rows)
            file.flush()
            os.fsync(file.fileno())
    return path


def lines_of(part: Part, trials: range, protocol: str, options: list[Any]) -> str:
    """The lines of results.csv for these trials of a part: its columns (scores.ROW) with the protocol before them, the
    options after the engine, and the number of the part at the end.

    Raises ValueError for a file that is damaged.
    """
    before, between, after = _columns([protocol]), _columns(options), f",{part.part}"
    trial = ROW.index("trial")
    try:
        text = part.path.read_bytes().decode(**TEXT)
        n_lines = text.count("\n")
        if not text.endswith("\n"):
            raise ValueError("its end is missing")
        if '"' not in text and text.count(",") != n_lines * (len(ROW) - 1):
            raise ValueError("a line has too few columns, or too many")
        if '"' not in text and part.first in trials and part.stop <= trials.stop:  # there may be millions
            return THREE.sub(lambda found: before + found[1] + between + found[2] + after, text)
        rows = [row for row in csv.reader(text.splitlines(keepends=True)) if int(row[trial]) in trials]
    except (OSError, ValueError, IndexError, csv.Error) as problem:
        said = " ".join(str(problem).split())
        raise ValueError(f"{part.path} is damaged ({said}); delete it, and --resume runs its trials anew") from None
    return "".join(f"{before}{_columns(row[:trial])}{between}{_columns(row[trial:])[:-1]}{after}\n" for row in rows)


def _columns(values: list[Any]) -> str:
    """Values as columns of a CSV file, with a comma after each."""
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow([*values, "end"])
    return written.getvalue().removesuffix("end")
