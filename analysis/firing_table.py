"""How each population fires in each phase, over the trials of a study (results.csv)."""

from __future__ import annotations

import pandas as pd

from . import firing
from .activity import POPULATIONS
from .evoked import PHASES
from .intervals import Mean, t_interval
from .tables import check_table, numbered, place_of

PEAK = "peak_rate"  # of results.csv too, and no file in analysis/firing/


def firing_table(table: pd.DataFrame) -> pd.DataFrame:
    """What is measured of every population, as physiologists report it.

    Parameters
    ----------
    table : DataFrame
        A study's results (results.csv).

    Returns
    -------
    DataFrame
        A row for each population, phase and measure that the table has: population, phase, measure, mean, low, high (a
        95 % interval over trials, Student's t), trials; least and most, over points of the study, of the mean at each.
        Of several points mean, low and high are nan. Trials in which a measure is nan are left out.
    """
    check_table("table", table, ("memory", "third_factor", "quantity", "value"))
    kinds = quantities()
    of = table[(table.memory == "spiking") & table.quantity.isin(list(kinds))].dropna(subset="value")
    several, rows = len(numbered(of, place_of(of))[1]) > 1, []
    for quantity, found in of.groupby(of.quantity.astype(str), sort=False):
        number, _ = numbered(found, place_of(found))
        means = found.value.groupby(number).mean()
        mean = Mean(float("nan"), float("nan"), float("nan"), 0) if several else t_interval(found.value)
        name, population, phase = kinds[quantity]
        rows.append((population, phase, name, mean.mean, mean.low, mean.high, mean.n, means.min(), means.max()))
    columns = ["population", "phase", "measure", "mean", "low", "high", "trials", "least", "most"]
    return pd.DataFrame(rows, columns=columns)


def quantities() -> dict[str, tuple[str, str, str]]:
    """The quantities of results.csv that a table of firing shows.

    Returns
    -------
    dict of str to tuple of str
        Measure, population and phase by the name of the quantity.
    """
    found = {f"{PEAK}_{population}_{phase}_hz": (PEAK, population, phase)
             for population in POPULATIONS for phase in PHASES}  # fmt: skip
    for name in firing.names():
        found |= {firing.quantity(name, population, phase): (name, population, phase)
                  for population in firing.populations(name) for phase in PHASES}  # fmt: skip
    return found
