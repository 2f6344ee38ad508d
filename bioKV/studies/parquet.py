"""A study's table as a Parquet file, which is smaller than CSV and faster to read."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from ..whole_file import replacing
from .read import KINDS

MISSING = 'Parquet takes pyarrow, which is not installed; pip install "bioKV[parquet]" would do'


def check_parquet() -> None:
    """Raise ValueError, naming the extra, if pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        raise ValueError(MISSING)


def write_parquet(table: pd.DataFrame, path: Path) -> Path:
    """Write a table all at once; returns the path. Values of an option that are not of one kind, or None, are text.

    Raises ValueError without pyarrow, or if there is no room.
    """
    check_parquet()
    mixed = {name: table[name].map(str, na_action="ignore") for name in table if table[name].dtype == object}
    with replacing(path) as new:
        table.assign(**mixed).to_parquet(new, index=False)
    return path


def renew_parquet(table: pd.DataFrame, path: Path) -> list[Path]:
    """Write a study's table where an earlier one of fewer trials lies; the path, if one does.

    Without pyarrow the earlier one is removed, since it is no table of these trials.
    """
    if not path.exists():
        return []
    if find_spec("pyarrow") is None:
        path.unlink()
        return []
    return [write_parquet(table.astype(KINDS), path)]
