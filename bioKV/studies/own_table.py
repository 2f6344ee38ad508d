"""A table of numbers of one's own, and where in its file every number stands; those of NumPy's files are read here."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..checks import shown


class Table(NamedTuple):
    """numbers (P, d) : finite. rows (P,), columns (d,) : where they stand in the file, counted from 1.
    noted : sentences on what else the file holds, and what was made of it."""

    path: Path
    numbers: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    noted: tuple[str, ...] = ()

    def place(self, row: int, column: int) -> str:
        """Where an entry stands, both counted from 0 here, and what it is."""
        return f"row {self.rows[row]}, column {self.columns[column]} is {self.numbers[row, column]:g}"


def read_array(path: Path, name: str) -> Table:
    """The table of an .npy file, or of an .npz file: its only array, or the one of this name if it holds several.

    Raises ValueError, naming the file, if it cannot be read, holds no such array, or other than a table of numbers.
    """
    try:
        # opened here: NumPy's own errors name no file, and an .npz would stay open
        with open(path, "rb") as file:
            loaded = np.load(file, allow_pickle=False)
            array = loaded if isinstance(loaded, np.ndarray) else _of_several(path, loaded, name)
    except (EOFError, zipfile.BadZipFile):
        raise ValueError(f"{path} is no whole file of NumPy's; numpy.save writes .npy, numpy.savez .npz") from None
    except OSError as problem:
        raise ValueError(f"cannot read patterns from {path}: {problem.strerror or problem}") from None
    except ValueError as problem:
        if "EOF" in str(problem):  # in the header
            raise ValueError(f"{path} is no whole file of NumPy's; numpy.save writes .npy, numpy.savez .npz") from None
        if "pickle" not in str(problem):
            raise ValueError(f"{path} cannot be read: {' '.join(str(problem).split())}") from None
        raise ValueError(f"{path} is no file of numbers that NumPy wrote: text or Python objects are not read"
                         " from .npy and .npz") from None  # fmt: skip
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{path} must hold numbers; it holds {array.dtype.name}, such as {shown(array.flat[:1])}")
    if array.ndim != 2 or array.size == 0:
        flat = f"; .reshape({len(array)}, -1) makes one row of each" if array.ndim > 2 and array.size else ""
        raise ValueError(f"{path} must hold a table with one pattern per row; it has shape {array.shape}{flat}")
    numbers = array.astype(float)
    if not np.isfinite(numbers).all():
        row, column = np.argwhere(~np.isfinite(numbers))[0]
        raise ValueError(f"{path}: row {row + 1}, column {column + 1} is {numbers[row, column]:g}; numbers are needed")
    return Table(path, numbers, np.arange(1, len(numbers) + 1), np.arange(1, numbers.shape[1] + 1))


def _of_several(path: Path, loaded, name: str) -> np.ndarray:
    with loaded:
        if not loaded.files:
            raise ValueError(f"{path} holds no array")
        if len(loaded.files) > 1 and name not in loaded.files:
            raise ValueError(f"{path} holds {', '.join(loaded.files)}; it must hold one array, or one named {name!r}")
        return loaded[name if name in loaded.files else loaded.files[0]]
