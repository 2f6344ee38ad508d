"""How each population fires in each phase, as it is shown."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from ..analysis.evoked import PHASE
from .printed_table import Shown

COLUMNS = {  # measure -> its column, and the digits after the point
    "mean_rate": ("mean Hz", 1), "peak_rate": ("99 % Hz", 0), "cv": ("CV", 2), "cv2": ("CV2", 2),
    "fano": ("Fano", 2), "count_correlation": ("r counts", 2), "synchrony": ("r 2 ms", 2),
}  # fmt: skip
CODE = {"population_sparseness": "over neurons", "lifetime_sparseness": "over presentations"}
NO_SPIKES = ("CV, CV2 and synchrony take spike times: --record hidden,output keeps those of trial 0"
             " (--record-trials 0:9, of ten), and measures them in all populations")  # fmt: skip


def firing(table: pd.DataFrame) -> Iterator[Shown | str]:
    """Show a row for each population and phase, with 95 % intervals over trials; of several points, ranges of means.

    Parameters
    ----------
    table : DataFrame
        A study's (results.csv). Measures that it does not have are left out.

    Returns
    -------
    iterator of Shown or str
        A table, if there is anything in it, and sentences beside it.
    """
    from ..analysis.firing_table import firing_table

    found = firing_table(table)
    cells = {(row.population, row.phase, row.measure): row for row in found.itertuples(index=False)}
    shown = {name: of for name, of in COLUMNS.items() if (found.measure == name).any()}
    if not shown:
        return
    rows = [
        [population, PHASE[phase], *(_cell(cells.get((population, phase, name)), digits)
                                     for name, (_, digits) in shown.items())]
        for population, phase in dict.fromkeys((row.population, row.phase) for row in cells.values())
    ]  # fmt: skip
    several = found["mean"].isna().any()
    what = "range over the points of the study" if several else "mean over trials ± half of its 95 % interval"
    what = "one trial" if found.trials.max() == 1 else what
    yield Shown(f"firing while keys are on: {what}", ["population", "phase", *(column for column, _ in shown.values())],
                rows)  # fmt: skip
    said = {phase: [f"{_cell(cells[key], 2)} {where}" for name, where in CODE.items()
                    if (key := ("hidden", phase, name)) in cells] for phase in PHASE}  # fmt: skip
    if any(said.values()):
        yield ("sparseness of the hidden code: "
               + "; ".join(f"{PHASE[phase]} {', '.join(of)}" for phase, of in said.items() if of))  # fmt: skip
    if "cv" not in shown:
        yield NO_SPIKES


def _cell(row, digits: int) -> str:
    if row is None:
        return "-"
    if math.isnan(row.mean):
        least, most = f"{row.least:.{digits}f}", f"{row.most:.{digits}f}"
        return least if least == most else f"{least} to {most}"
    half = "" if math.isnan(row.low) else f" ±{row.high - row.mean:.{digits}f}"
    return f"{row.mean:.{digits}f}{half}"
