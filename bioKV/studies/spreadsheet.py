"""A table of numbers from text, as spreadsheets, pandas, R and NumPy write it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..checks import shown
from .own_table import Table

CLASSES = "names or numbers of classes take one column per class, with 1 for the row's own and 0 elsewhere"
NO_ENTRIES = ("", "unnamed: 0", "index", "id", "name", "label")  # what a first column that is no entry is called
SURE = 5  # so many numbers that count upwards from 0 or 1 are no chance, whatever the others are


class Line(NamedTuple):
    """A line that is not blank, and which of the file it is, counted from 1."""

    number: int
    text: str


def read_spreadsheet(path: Path) -> Table:
    """The numbers of a text file, with columns separated by tabs, semicolons or commas, and one pattern per line.

    Decimal commas are read where commas do not separate, True and False as 1 and 0. Lines that start with # are left
    out. A header and a first column of names or running numbers are left out, too, which `noted` says.
    Raises ValueError, naming the file and if it can the row and column, if it cannot be read, holds no row, rows of
    different lengths, or other than finite numbers.
    """
    lines = _without_spaces(_lines(path))
    separator = _separator(path, lines)
    if unclosed := next((line for line in lines if line.text.count('"') % 2), None):
        raise ValueError(f"{path}: a quotation mark in row {unclosed.number} is not closed")
    cells = [_cells(path, line, separator) for line in lines[:2]]
    first = cells[0]
    widths = [line.text.count(separator) + 1 if '"' not in line.text else len(_cells(path, line, separator))
              for line in lines]  # fmt: skip
    if len(lines) > 1 and len(first) == widths[1] - 1 and all(_kind(cell) == "text" for cell in first):
        first, widths[0] = ["", *first], widths[1]  # R gives the column of row names no name
    if odd := next((i for i, width in enumerate(widths) if width != widths[0]), None):
        raise ValueError(f"{path} has {widths[0]} columns in row {lines[0].number} but {widths[odd]} in row"
                         f" {lines[odd].number}; every row must have as many")  # fmt: skip
    has_header = _is_header(first, cells[1] if len(lines) > 1 else None)
    if has_header and len(lines) == 1:
        raise ValueError(f"{path} holds a header but no row of numbers")
    noted = [f"row {lines[0].number} ({_some(first)}) as a header"] if has_header else []
    return _without_index(path, lines[has_header:], separator, first if has_header else None, noted)


def _lines(path: Path) -> list[Line]:
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise ValueError(f"cannot read patterns from {path}: {problem.strerror}") from None
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")  # "Unicode text" of a spreadsheet
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")  # letters of a header; numbers are the same in all of them
    if "\0" in text:
        raise ValueError(f"{path} is no text; a spreadsheet saves its table as CSV")
    lines = [Line(number, line) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [line for line in lines if line.text.strip(' \t;,"') and not line.text.startswith("#")]
    if not lines:
        raise ValueError(f"{path} is empty; it must hold a table with one pattern per row")
    return lines


def _without_spaces(lines: list[Line]) -> list[Line]:
    """With commas in the place of spaces, where these alone stand between numbers, as numpy.savetxt writes them."""
    probed = lines[1:6] or lines
    if any(mark in line.text for line in probed for mark in "\t;,"):
        return lines
    words = [line.text.split() for line in probed]
    if all(len(row) > 1 and all(_kind(word) == "number" for word in row) for row in words):
        return [line._replace(text=",".join(line.text.split())) for line in lines]
    return lines


def _separator(path: Path, lines: list[Line]) -> str:
    """The first of tab, semicolon and comma that all of the first lines have; a comma for a single column."""
    if lines[0].text.lower().startswith("sep="):  # which a spreadsheet reads, and writes nowhere else
        if len(lines) == 1:
            raise ValueError(f"{path} holds no row of numbers")
        if (named := lines.pop(0).text[4:5]) and named in "\t;,":
            return named
    probed = lines[1:6] or lines
    return next((mark for mark in "\t;," if all(mark in line.text for line in probed)), ",")


def _cells(path: Path, line: Line, separator: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line.text], delimiter=separator, skipinitialspace=True))]
    except csv.Error as problem:  # a cell of more than 100,000 characters
        raise ValueError(f"{path}: row {line.number} cannot be read: {problem}") from None


def _kind(cell: str) -> str:
    """ "" for an empty cell, "truth", "number" or "text"."""
    if cell.lower() in ("true", "false"):
        return "truth"
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return "text" if cell else ""
    return "number"


def _is_header(first: list[str], second: list[str] | None) -> bool:
    """Whether the first row holds names: words, different numbers beside a first cell that is none, or numbers where
    True and False follow. Words among numbers are no header but a fault, and are refused where numbers are read."""
    kinds = [_kind(cell) for cell in first]
    below = [_kind(cell) for cell in second] if second else [""] * len(first)
    if "text" in kinds[1:]:
        return "number" not in kinds
    named = kinds[0] == "text" and below[0] in ("number", "truth")
    if named or (kinds[0] == "" and below[0]):
        return len(set(first)) == len(first)
    return "truth" in below and "number" in kinds and "truth" not in kinds


def _without_index(path: Path, lines: list[Line], separator: str, header: list[str] | None, noted: list[str]) -> Table:
    """The numbers of these lines, without what only counts or names them. noted : what was left out before."""
    import pandas as pd

    text = "\n".join(line.text for line in lines)
    decimal = "," if separator != "," and "," in text and "." not in text else "."
    frame = pd.read_csv(io.StringIO(text), sep=separator, decimal=decimal, header=None, skipinitialspace=True,
                        keep_default_na=False, na_values=[""], low_memory=False)  # fmt: skip
    empty = np.flatnonzero(frame.isna().all())
    if len(empty):
        noted.append(f"column{'s' * (len(empty) > 1)} {', '.join(str(i + 1) for i in empty)} as empty")
        frame = frame.drop(columns=empty)
    names = frame.iloc[:, 0]
    words = names.dtype.kind not in "biuf" and pd.to_numeric(names, errors="coerce").isna().all()
    if frame.shape[1] > 1 and words and not any(_is_complex(name) for name in names):
        noted.append(f"column {names.name + 1} ({_some(names)}) as names")
        frame = frame.iloc[:, 1:]
    numbers = np.column_stack([_numbers(frame[name]) for name in frame])
    if not np.isfinite(numbers).all():
        row, column = np.argwhere(~np.isfinite(numbers))[0]
        _refuse(path, lines[row], frame.columns[column], separator)
    rows, columns = np.array([line.number for line in lines]), np.asarray(frame.columns) + 1
    if header is None and len(rows) > 1 and _counts(numbers[0], numbers[1:]):
        noted.append(f"row {rows[0]} ({_some(numbers[0])}), which counts, as a header")
        rows, numbers = rows[1:], numbers[1:]
    title = header[columns[0] - 1] if header else None
    if len(columns) > 1 and ((title is not None and title.lower() in NO_ENTRIES)
                             or _counts(numbers[:, 0], numbers[:, 1:])):  # fmt: skip
        noted.append(f"column {columns[0]} ({_some(numbers[:, 0])}) as an index")
        columns, numbers = columns[1:], numbers[:, 1:]
    return Table(path, numbers, rows, columns, tuple(noted))


def _numbers(column) -> np.ndarray:
    """The numbers of a column, NaN where there is none."""
    import pandas as pd

    return pd.to_numeric(column, errors="coerce").to_numpy(float)


def _refuse(path: Path, line: Line, column: int, separator: str) -> None:
    cells = _cells(path, line, separator)
    cell = cells[column] if column < len(cells) else ""
    came = f"{shown(cell)}, which is no number" if cell else "empty"
    classes = f" ({CLASSES})" if len(cells) == 1 and _kind(cell) == "text" else ""
    raise ValueError(f"{path}: row {line.number}, column {column + 1} is {came}{classes}")


def _counts(line: np.ndarray, others: np.ndarray) -> bool:
    """Whether numbers count upwards from 0 or 1 and are no entries: the others reach no further than 1, or it is many
    numbers that count."""
    counting = line[0] in (0, 1) and line[-1] > 1 and (np.diff(line) == 1).all()
    return bool(counting and (len(line) >= SURE or np.abs(others).max() <= 1))


def _is_complex(word: object) -> bool:
    """Whether a word is a complex number, which is a wrong entry and no name; the letter J is a name."""
    try:
        complex(str(word).replace(" ", ""))
    except ValueError:
        return False
    return any(character.isdigit() for character in str(word))


def _some(cells) -> str:
    """The first three, as they stand."""
    said = ", ".join(f"{cell:g}" if isinstance(cell, float) else shown(cell) for cell in list(cells)[:3])
    return said + (", ..." if len(cells) > 3 else "")
