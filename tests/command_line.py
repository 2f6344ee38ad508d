"""What tests of the command line share: a command typed in this process, and the accuracies that a run wrote."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from bioKV.commands.cli import app
from bioKV.studies.results import TABLE
from bioKV.studies.study import COLUMNS

SMALL = ["--key-dim", "12", "--n-slots", "12"]


def biokv(*words):
    """`biokv words`: click's result, with exit_code, output and stderr."""
    return CliRunner().invoke(app, [str(word) for word in words])


def read_table(folder: Path) -> pd.DataFrame:
    """A run's results.csv; "" stays what it is, the third factor of a memory without any."""
    return pd.read_csv(folder / "results.csv", keep_default_na=False, na_values={"value": ["nan"]})


def accuracies(folder: Path) -> pd.DataFrame:
    """The rows of accuracy in a run's results.csv."""
    table = read_table(folder)
    assert tuple(table.columns) in (COLUMNS, TABLE)  # of a figure, or of a run
    return table[table.quantity == "accuracy"]
