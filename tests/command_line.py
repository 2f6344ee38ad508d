"""What tests of the command line share: a command typed in this process, and the accuracies that a run wrote."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from bioKV.commands.cli import app
from bioKV.paper.panel import COLUMNS
from bioKV.studies.results import FIRST, LAST

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
    of_a_run = [name for name in table.columns if name in (*FIRST, *LAST)] == [*FIRST, *LAST]
    assert of_a_run or tuple(table.columns) == COLUMNS  # of a figure
    return table[table.quantity == "accuracy"]
