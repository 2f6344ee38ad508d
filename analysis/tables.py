"""A study's table (results.csv) summed up: a mean with its interval for every point, and paired gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import measures
from .chance import TOO_EASY
from .equivalence import equivalence
from .intervals import Mean, fraction_interval, gap_interval, t_interval
from .votes import Fit, pooled

POINT = ["third_factor", "x", "subset"]
MARGINS = {"accuracy": 0.02, "whole_patterns": 0.05, "silent": 0.02}  # what a verdict looks at
GAPS = [*POINT, "quantity", "gap", "low", "high", "trials", "margin", "p_equivalence", "outcome"]


def summary(table: pd.DataFrame, quantity: str = "accuracy") -> pd.DataFrame:
    """Mean and 95 % interval over trials of one quantity, a row for each memory, third factor, x and subset.

    Trials in which the quantity is nan (no hits where there is no +1) are left out, and so is a point with no others.
    """
    rows = []
    units = units_of(table)
    for keys, group in table[table.quantity == quantity].groupby(["memory", *POINT], sort=False):
        values = group.value.dropna()
        if len(values):
            rows.append((*keys, *interval_of(quantity, values, units.get(keys[1:], 1.0))))
    return pd.DataFrame(rows, columns=["memory", *POINT, "mean", "low", "high", "trials"])


def interval_of(quantity: str, values: pd.Series, unit: float) -> Mean:
    """The interval that a quantity's values take: of fractions, or Student's."""
    fraction = measures.is_fraction(quantity) or quantity == "argmax_share"
    return fraction_interval(values, unit) if fraction else t_interval(values)


def units_of(table: pd.DataFrame) -> dict[tuple, float]:
    """(third factor, x, subset) -> how much of a trial an independent part of it is at most."""
    return table[table.quantity == "unit"].groupby(POINT, sort=False).value.max().to_dict()


def chance(table: pd.DataFrame) -> pd.DataFrame:
    """What guesses score (analysis/chance.py), a row for each x and subset: constant_guess, stored_guess."""
    guesses = ["constant_guess", "stored_guess"]
    of = table[table.quantity.isin(guesses)]
    means = of.pivot_table(index=["x", "subset"], columns="quantity", values="value", sort=False)
    return means.reindex(columns=guesses).reset_index()


def misleading(table: pd.DataFrame) -> bool:
    """Whether the bits right mislead, since a guess that never looks gets more than TOO_EASY of them."""
    return bool((table[table.quantity == "constant_guess"].value > TOO_EASY).mean() > 0.5)


def beside_bits(table: pd.DataFrame) -> str:
    """The measure to look at besides bits right: overlap of graded values, d' of patterns that are mostly of one sign,
    else whole patterns."""
    if (table.quantity == "cosine").any():
        return "cosine"
    return "d_prime" if misleading(table) else "whole_patterns"


def gaps(table: pd.DataFrame, margins: dict[str, float] | None = None) -> pd.DataFrame:
    """Spiking minus rate, paired by trial, a row for each third factor, x, subset and quantity (columns GAPS).

    The quantities are those of `margins` (MARGINS, if None), with p of equivalence and an outcome: "equivalent",
    "different" or "undecided"; and without these accuracy_ties_half, in which an entry of exactly 0 counts as half
    right, and `beside_bits`.
    """
    margins = MARGINS if margins is None else margins
    rows: list[tuple] = []
    units = units_of(table)
    wide = table.pivot_table(index=[*POINT, "trial"], columns=["quantity", "memory"], values="value", sort=False)
    for keys, trials in wide.groupby(level=POINT, sort=False):
        unit = units.get(keys, 1.0)
        for quantity, margin in margins.items():
            pairs = trials[quantity].dropna() if quantity in trials else pd.DataFrame()
            if not pairs.empty:  # of all recalls together there is only what has no subsets, such as kappa
                found = equivalence(pairs["spiking"], pairs["rate"], margin, unit)
                outcome = "equivalent" if found.holds else "different" if found.fails else "undecided"
                rows.append((*keys, quantity, *found.gap, margin, found.p, outcome))
        scores = {name: trials[name] for name in ("accuracy", "undecided", beside_bits(table)) if name in trials}
        if "undecided" in scores:
            scores["accuracy_ties_half"] = scores.pop("accuracy") + scores.pop("undecided") / 2
        for quantity, pairs in scores.items():
            if quantity not in margins:
                differences = (pairs["spiking"] - pairs["rate"]).dropna()
                if differences.empty:
                    continue
                fraction = quantity == "accuracy_ties_half" or measures.is_fraction(quantity)
                gap = gap_interval(differences, unit) if fraction else t_interval(differences)
                rows.append((*keys, quantity, *gap, np.nan, np.nan, ""))
    return pd.DataFrame(rows, columns=GAPS)


def fitted_b(table: pd.DataFrame) -> dict[tuple, Fit]:
    """(third factor, x) -> b of softmax(b u) that fits the votes of all trials."""
    of = table[table.quantity.isin(["b", "b_information"])]
    wide = of.pivot_table(index=["third_factor", "x", "trial"], columns="quantity", values="value", sort=False,
                          dropna=False)  # fmt: skip
    return {
        keys: pooled(trials["b"].to_numpy(), trials["b_information"].fillna(0).to_numpy())
        for keys, trials in wide.groupby(level=["third_factor", "x"], sort=False)
    }
