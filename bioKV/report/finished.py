"""A run as a report takes it: its record, its table and the trials whose spikes it has kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ..analysis.tables import FIXED, is_comparison, varying
from ..export.trials import Trial
from ..studies.again import check_once
from ..studies.read import read_json, read_results
from ..studies.recordings import has_recordings, read_recordings


class FinishedRun(NamedTuple):
    """What a folder holds of a run.

    Parameters
    ----------
    folder : pathlib.Path
        As it was given.
    name : str
        The folder's own.
    record : dict
        What run.json says.
    table : pandas.DataFrame
        As `read_results` gives it, without options that have a single value.
    recorded : list of Trial
        The trials whose spikes were kept; none without `--record`.
    """

    folder: Path
    name: str
    record: dict[str, Any]
    table: pd.DataFrame
    recorded: list[Trial]

    @property
    def is_comparison(self) -> bool:
        """Whether the spiking memory was compared with its rate twin."""
        return is_comparison(self.table)

    @property
    def is_whole(self) -> bool:
        """Whether the run came to its end, so that every option of its plan varies in its table."""
        return self.record.get("state", "finished") == "finished"

    @property
    def in_spikes(self) -> bool:
        """Whether there is a spiking memory in it."""
        return bool((self.table.memory == "spiking").any())

    @property
    def n_trials(self) -> tuple[int, int]:
        """The fewest and the most trials that a point has."""
        bits = self.table[self.table.quantity == "accuracy"]
        points = [name for name in bits if name not in ("trial", "engine", "quantity", "value", "part", "subset")]
        each = bits.groupby(points, dropna=False, observed=True).trial.nunique()
        return int(each.min()), int(each.max())


def read_run(folder: Path) -> FinishedRun:
    """Read a run of `biokv run`, `compare` or `robustness` from its folder.

    Parameters
    ----------
    folder : pathlib.Path
        With results.csv (or results.parquet) and run.json.

    Returns
    -------
    FinishedRun

    Raises
    ------
    ValueError
        If there is no such run in it, if it is damaged or of another command, or if a trial is in it twice.
    """
    table = read_results(folder)
    table = table[[name for name in table if name in {*FIXED, *varying(table)}]]
    check_once(table)
    recorded = read_recordings(folder) if has_recordings(folder) else []
    return FinishedRun(folder, folder.resolve().name, read_json(folder), table, recorded)
