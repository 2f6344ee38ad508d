"""One's own patterns: from tables to +1 and -1, and which of them a trial gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..checks import is_number, numbers_of, shown
from .own_file import is_file
from .own_table import Table, read_array
from .spreadsheet import CLASSES, read_spreadsheet
from .tasks import Protocol, example_patterns, protocol_name, protocol_options, takes_patterns

KINDS = {"patterns": "patterns", "value_patterns": "values"}  # Plan's fields: the array's name in an .npz file
COUNTS = ("n_pairs", "n_patterns", "n_steps")  # what a protocol calls the number of patterns it takes


def load_patterns(protocol: Protocol, paths: dict[str, Path | None],
                  threshold: float | None = None) -> tuple[dict[str, np.ndarray], list[str]]:  # fmt: skip
    """One's own patterns from files, and sentences on what was made of each file.

    paths : of "patterns" and "value_patterns", each a .csv, .tsv, .npy or .npz file, or the name of an example; None
        leaves them out. threshold : turns numbers above it into +1 and all others into -1.
    Returns {name: (P, d) or (P, m)}. 0 and 1, False and True become -1 and +1; other numbers stay as they are for
    `graded` and for a protocol of one's own, if there is no threshold.
    Raises ValueError, naming the file, and if it can the row and column, if one cannot be read or coded, or if the
    files are no pairs.
    """
    given = {name: path for name, path in paths.items() if path is not None}
    if threshold is not None:
        if not is_number(threshold):
            raise ValueError(f"threshold must be a number; got {shown(threshold)}")
        if not given:
            raise ValueError("a threshold is for patterns of one's own; give --patterns too, or leave --threshold away")
    tables = {name: _read(path, KINDS[name]) for name, path in given.items()}
    arrays, said = {}, []
    for name, table in tables.items():
        arrays[name], coding = _coded(table, protocol, threshold)
        if noted := [*table.noted, *coding]:
            said.append(f"{table.path}: {len(table.numbers)} rows of {table.numbers.shape[1]} entries; took"
                        f" {' and '.join(noted)}")  # fmt: skip
    lengths = {f"{table.path} holds {len(table.numbers)} rows": len(table.numbers) for table in tables.values()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{' but '.join(lengths)}; a pattern and its value stand in the same row")
    return arrays, said


def sizes_of(protocol: Protocol, arrays: dict[str, np.ndarray]) -> dict[str, int]:
    """The options of a protocol that patterns decide unless they are typed: how many entries, and how many patterns."""
    known, sizes = protocol_options(protocol), dict[str, int]()
    if "patterns" in arrays:
        sizes["key_dim"] = sizes["pattern_dim"] = arrays["patterns"].shape[1]
    if "value_patterns" in arrays:
        sizes["value_dim"] = arrays["value_patterns"].shape[1]
    count = next((name for name in COUNTS if name in known), None)
    if arrays and count and protocol_name(protocol) != "correlated":  # whose patterns all come from a single row
        sizes[count] = len(next(iter(arrays.values())))
    return {name: size for name, size in sizes.items() if name in known}


def check_patterns(protocol: Protocol, arrays: dict[str, Any], in_order: bool) -> None:
    """Raise ValueError unless the arrays are tables that the protocol takes, of as many rows."""
    for name, array in arrays.items():
        if not takes_patterns(protocol, name):
            own = "patterns of one's own" if name == "patterns" else "values of one's own"
            flag = "--" + name.replace("_", "-")
            raise ValueError(f"{protocol_name(protocol)} takes no {own}; leave {flag} away")
        table = numbers_of(name, array)
        if table.ndim != 2 or table.size == 0:
            raise ValueError(f"{name} must be a table with one pattern per row; got shape {table.shape}")
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"patterns and value_patterns are pairs, row by row; there are"
                         f" {rows['patterns']} and {rows['value_patterns']}")  # fmt: skip
    if not isinstance(in_order, bool):
        raise ValueError(f"in_order must be True or False; got {shown(in_order)}")
    if in_order and not arrays:
        raise ValueError("in_order is about patterns of one's own, and there are none; leave --in-order away")


def in_order_of_trial(arrays: dict[str, Any], in_order: bool, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The arrays with their rows in the order of one trial: a protocol takes the first n, so these are n at random.

    Rows of several arrays stay pairs. in_order : as they are, and nothing is drawn.
    """
    if in_order or not arrays:
        return arrays
    order = rng.permutation(len(next(iter(arrays.values()))))
    return {name: np.asarray(array)[order] for name, array in arrays.items()}


def _read(path: Path, name: str) -> Table:
    path = example_patterns().get(str(path), path.expanduser())
    suffix = path.suffix.lower()
    if suffix in (".npy", ".npz"):
        return read_array(path, name)
    if suffix in (".csv", ".tsv"):
        return read_spreadsheet(path)
    raise ValueError(f"cannot read patterns from {path}: its name must end in .csv, .tsv, .npy or .npz, or be that of"
                     f" an example: {', '.join(example_patterns())}")  # fmt: skip


def _coded(table: Table, protocol: Protocol, threshold: float | None) -> tuple[np.ndarray, list[str]]:
    x = table.numbers
    unused = [] if threshold is None else ["no notice of --threshold, as there are two numbers only"]
    if (np.abs(x) == 1).all():
        return x, unused
    if ((x == 0) | (x == 1)).all():
        return 2 * x - 1, ["0 and 1 as -1 and +1", *unused]
    low, high = x.min(), x.max()
    if threshold is not None:
        if not low <= threshold < high:
            raise ValueError(f"a threshold of {threshold:g} makes all entries of {table.path} the same; its numbers"
                             f" lie between {low:g} and {high:g}")  # fmt: skip
        return np.where(x > threshold, 1.0, -1.0), [f"{100 * (x > threshold).mean():.0f} % of them as +1"]
    name = protocol_name(protocol)
    of_ones_own = callable(protocol) or is_file(protocol)
    if of_ones_own or (name == "graded" and np.abs(x).max() <= 1):
        return x, []
    wrong = np.abs(x) > 1 if name == "graded" else (np.abs(x) != 1) & (x != 0 if low >= 0 else True)
    came = f"{table.path} holds numbers from {low:g} to {high:g}; {table.place(*np.argwhere(wrong)[0])}"
    if x.shape[1] == 1:
        raise ValueError(f"{came}; {CLASSES}")
    takes = "numbers from -1 to 1" if name == "graded" else "+1 and -1, or 0 and 1"
    raise ValueError(f"{came}, but {name} takes {takes}: --threshold {(low + high) / 2:g} would turn what is above into"
                     " +1 and all others into -1")  # fmt: skip
