"""The results of finished runs as one DataFrame."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..checks import path_of

if TYPE_CHECKING:
    import pandas as pd

# fields of a plan beside its options that decide numbers too: they become columns where folders differ in them
DECIDING = ("seed", "mechanisms", "patterns", "value_patterns", "in_order")
ROWS_AT_ONCE = 500_000
AS_MANY = "as many as key entries"
NUMBERS = {"trial": int, "part": int, "value": float}
KINDS = {"protocol": str, "memory": str, "third_factor": str, "engine": str, "subset": str, "quantity": str}


def read_results(*folders: str | Path) -> pd.DataFrame:
    """The results of one run, or of several as one table, for pandas, seaborn and bioKV.analysis.

    Parameters
    ----------
    *folders : str or Path
        Of `biokv run`, `compare` or `robustness`, with results.csv (or results.parquet) and run.json.

    Returns
    -------
    pd.DataFrame
        A row for each memory, point, trial, subset and quantity: the columns protocol, memory, third_factor, engine,
        every option of protocol and memory, then trial (from 0), subset, quantity, value, part. Options that are
        numbers are numbers, in ms, Hz or plain as they were set; an option may be None. What folders differ in beside
        options (seed, mechanisms, patterns, in_order) has a column then, too.

    Raises
    ------
    ValueError
        If no folder is given, if one is missing, holds no results or damaged ones, or if two hold the same trial.

    Examples
    --------
    A run as of ``biokv run autoassociative --n-pairs 2,4 --key-dim 40 --trials 2 --out runs/small``:

    >>> from pathlib import Path
    >>> from bioKV import read_results
    >>> from bioKV.studies.plan import Plan
    >>> from bioKV.studies.run import run_study
    >>> plan = Plan("autoassociative", options={"n_pairs": [2, 4], "key_dim": 40}, trials=2)
    >>> written = run_study(plan, Path("runs/small"), "an example", force=False, resume=False, workers=1)
    mean over 2 trials [95 % interval]
    ...
    >>> table = read_results("runs/small")
    >>> table[table.quantity == "accuracy"][["n_pairs", "trial", "value"]]
        n_pairs  trial  value
    0         2      0    1.0
    10        2      1    1.0
    20        4      0    1.0
    30        4      1    1.0
    """
    import pandas as pd

    from ..analysis.tables import FIXED

    if not folders:
        raise ValueError('no folder was given; read_results("runs/run-autoassociative") would read that run')
    paths = [path_of("a folder", folder) for folder in folders]
    if len({path.resolve() for path in paths}) < len(paths):
        raise ValueError(f"a folder was given twice: {', '.join(map(str, paths))}")
    tables, records = [], []
    for path in paths:
        tables.append(read_table(path))
        records.append(read_options(path))
    constant = _constant(records)
    names = list(dict.fromkeys(
        name for table, one in zip(tables, constant, strict=True) for name in (*table.columns, *one)
        if name not in FIXED
    ))  # fmt: skip
    columns = [*FIXED[:4], *names, *FIXED[4:]]
    whole = [
        table.assign(**{name: _column(one.get(name), len(table)) for name in names if name not in table})[columns]
        for table, one in zip(tables, constant, strict=True)
    ]
    for one in whole:  # a memory that was given no number of slots has one per key entry
        if "n_slots" in one and "key_dim" in one and (one.n_slots == AS_MANY).all():
            one["n_slots"] = one.key_dim
    whole = [one.astype(KINDS) for one in whole]  # plain texts, which every pandas groups alike
    if len(whole) == 1:
        return whole[0]
    _check_trials(whole, paths, [*FIXED[:4], *names, "trial"])
    return pd.concat([one.astype({n: object for n in names if _mixed(whole, n)}) for one in whole], ignore_index=True)


def read_table(folder: Path) -> pd.DataFrame:
    """The table of one run as it was written: the options that vary have columns.

    Parameters
    ----------
    folder : Path
        Of the run.

    Returns
    -------
    pd.DataFrame
        A row for each memory, point, trial, subset and quantity.

    Raises
    ------
    ValueError
        If the folder is missing, or holds no results of a study, or damaged ones.
    """
    import pandas as pd

    from ..analysis.tables import FIXED, option_columns
    from .parquet import check_parquet

    if not folder.is_dir():
        raise ValueError(f"there is no folder {folder}; one that `biokv run` wrote would do")
    path = next((p for p in (folder / "results.csv", folder / "results.parquet") if p.is_file()), None)
    if path is None:
        raise ValueError(f"{folder} holds no results (results.csv); a run writes them at its end, and the folder of one"
                         " would do")  # fmt: skip
    if path.suffix == ".parquet":
        check_parquet()
    try:
        table = _read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except (OSError, ValueError, pd.errors.ParserError) as problem:  # what pandas and pyarrow raise are ValueErrors too
        raise ValueError(f"{path} is damaged ({' '.join(str(problem).split())}); the run's --resume writes it anew"
                         ) from None  # fmt: skip
    if {"x_name", "x"} <= set(table.columns):
        raise ValueError(f"{path} is no table of a study, but of `biokv figure` or of an older bioKV")
    if missing := [name for name in FIXED if name not in table]:
        raise ValueError(f"{path} is damaged (it lacks the column {missing[0]}); the run's --resume writes it anew")
    if not len(table):
        raise ValueError(f"{path} holds no trial yet; the run's --resume goes on with it")
    try:
        table = table.astype({**dict.fromkeys(KINDS, "category"), **NUMBERS})
    except (ValueError, TypeError) as problem:
        raise ValueError(f"{path} is damaged ({' '.join(str(problem).split())}); the run's --resume writes it anew"
                         ) from None  # fmt: skip
    for name in option_columns(table):
        table[name] = _values(table[name])
    return table


def _read_csv(path: Path) -> pd.DataFrame:
    """The file, of which there may be millions of rows with a few different texts: texts are categories.

    It is put together column by column, which takes two thirds of the memory that the whole file at once does.
    """
    import pandas as pd
    from pandas.api.types import union_categoricals

    text: Any = {"keep_default_na": False, "encoding_errors": "surrogateescape"}
    names = pd.read_csv(path, nrows=0, **text).columns
    kinds = dict.fromkeys(names.drop("value", errors="ignore"), "category") | NUMBERS
    pieces = list(pd.read_csv(path, dtype=kinds, na_values={"value": ["nan"]}, chunksize=ROWS_AT_ONCE, **text))
    columns: dict[str, Any] = {}
    for name in names:
        found = [piece.pop(name) for piece in pieces]
        texts = isinstance(found[0].dtype, pd.CategoricalDtype)
        columns[name] = union_categoricals(found, sort_categories=True) if texts else np.concatenate(found)
    return pd.DataFrame(columns, copy=False)


def read_options(folder: Path) -> dict[str, Any]:
    """Every option of a run, and what of its plan decides numbers, too.

    Parameters
    ----------
    folder : Path
        Of the run.

    Returns
    -------
    dict
        The options by name, what varies as a list, under "options"; the fields DECIDING of the plan under "deciding".

    Raises
    ------
    ValueError
        If there is no record, or it is damaged.
    """
    record = read_json(folder)
    plan, inputs = record["plan"], record.get("inputs") or {}
    said = {name: plan.get(name) for name in DECIDING}
    for name in ("patterns", "value_patterns"):
        if name in inputs:  # of a file or an array its content
            said[name] = inputs[name].get("path") or inputs[name].get("sha256")
    return {"options": record["options"], "deciding": said}


def read_json(folder: Path) -> dict[str, Any]:
    """The record of a study's folder, run.json.

    Parameters
    ----------
    folder : Path
        Of the run.

    Returns
    -------
    dict
        The record.

    Raises
    ------
    ValueError
        If there is none, or it is damaged.
    """
    path = folder / "run.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8", errors="surrogateescape"))
    except FileNotFoundError:
        raise ValueError(f"{folder} holds no record of its run (run.json); the folder as the run left it would do"
                         ) from None  # fmt: skip
    except (OSError, ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or not all(isinstance(record.get(name), dict) for name in ("options", "plan")):
        raise ValueError(f"{path} is damaged or of another command; the folder of a run would do")
    return record


def _constant(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each folder the value of what is the same in its whole table; DECIDING where folders differ."""
    deciding = [name for name in DECIDING
                if len({json.dumps(record["deciding"][name]) for record in records}) > 1]  # fmt: skip
    return [
        {name: _one(value) for name, value in {**record["options"],
                                               **{name: record["deciding"][name] for name in deciding}}.items()}
        for record in records
    ]  # fmt: skip


def _one(value: Any) -> Any:
    """A value that can stand in a table: of a list its only element, or all as text."""
    if isinstance(value, list):
        return value[0] if len(value) == 1 else ", ".join(map(str, value)) or None
    return str(value) if isinstance(value, Mapping) else value


def _column(value: Any, length: int) -> pd.Series:
    import pandas as pd

    return pd.Series([value] * length, dtype=object if value is None else None)


def _values(column: pd.Series) -> pd.Series:
    """A column of texts as what they say: numbers, True and False, None, or texts."""
    import pandas as pd

    if not (column.dtype in (object, "category") or pd.api.types.is_string_dtype(column)):
        return column
    codes, texts = pd.factorize(column, use_na_sentinel=False)
    values = [_value(text) for text in texts]
    kinds = {type(value) for value in values}
    plain = kinds <= {int, float} or kinds in ({bool}, {str})
    found = pd.Series(values, dtype=None if plain else object)
    return found.take(codes).set_axis(column.index)


def _value(text: Any) -> Any:
    if not isinstance(text, str):
        return None if text != text else text
    if text in ("", "None"):
        return None
    if text in ("True", "False"):
        return text == "True"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def _mixed(tables: list[pd.DataFrame], name: str) -> bool:
    return len({table[name].dtype.kind for table in tables}) > 1


def _check_trials(tables: list[pd.DataFrame], paths: list[Path], key: list[str]) -> None:
    """Raise ValueError if two of the folders hold the same trial of the same cell."""
    import pandas as pd

    found = pd.concat([table[key].drop_duplicates().astype(object).assign(folder=i) for i, table in enumerate(tables)],
                      ignore_index=True)  # fmt: skip
    twice = found[found.duplicated(key, keep=False)]
    if len(twice):
        first, second = (paths[i] for i in twice.folder.unique()[:2])
        trial = twice.trial.iloc[0]
        raise ValueError(f"{first} and {second} hold the same trial (trial {trial} of {twice.memory.iloc[0]}, with all"
                         " options alike), which would count twice; leave one of them out")  # fmt: skip
