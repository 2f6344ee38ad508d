"""A study's table (results.csv) summed up: a mean with its interval for every point, and paired gaps.

A point is a third factor, a value of every option that has a column, and a subset of the recalls.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..checks import check_mapping, check_number, closest, shown
from . import measures
from .chance import TOO_EASY
from .equivalence import equivalence
from .intervals import Mean, fraction_interval, gap_interval, t_interval
from .votes import Fit, pooled

# what every study's table has; all other columns are options
FIXED = ("protocol", "memory", "third_factor", "engine", "trial", "subset", "quantity", "value", "part")
MARGINS = {"accuracy": 0.02, "whole_patterns": 0.05, "silent": 0.02}  # what a verdict looks at
POINT = ("third_factor", "subset")  # of the columns of a point those that every table has
MEAN = ["mean", "low", "high", "trials"]
GAPS = ["quantity", "gap", "low", "high", "trials", "margin", "p_equivalence", "outcome"]  # beside those of a point


def check_table(name: str, table: object, columns: Iterable[str] = ()) -> None:
    """Refuse what is no table, or has not the columns that are needed.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    table : object
        The argument that came.
    columns : iterable of str
        Those that it must have.

    Raises
    ------
    ValueError
        Naming the first that is missing.
    """
    if not isinstance(table, pd.DataFrame):
        raise ValueError(f"{name} must be a DataFrame, such as bioKV.read_results gives; got {shown(table)}")
    for column in columns:
        if column not in table:
            raise ValueError(f"{name} lacks the column {column}, which a table such as bioKV.read_results gives has")


def option_columns(table: pd.DataFrame) -> list[str]:
    """The columns of options, in their order; of a summary and of gaps too.

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.

    Returns
    -------
    list of str
        Names of columns.
    """
    return [name for name in table.columns if name not in {*FIXED, *MEAN, *GAPS}]


def varying(table: pd.DataFrame) -> list[str]:
    """The options with more than one value, of which one may be None; first "protocol", if there are several.

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.

    Returns
    -------
    list of str
        Names of columns.
    """
    check_table("table", table)
    names = [*(["protocol"] if "protocol" in table else []), *option_columns(table)]
    return [name for name in names if table[name].nunique(dropna=False) > 1]


def place_of(table: pd.DataFrame) -> list[str]:
    """The columns of a point but for the subset: third factor, options, and the protocol where there are several.

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.

    Returns
    -------
    list of str
        Names of columns.
    """
    several = "protocol" in table and table.protocol.nunique() > 1
    return ["third_factor", *(["protocol"] if several else []), *option_columns(table)]


def point_of(table: pd.DataFrame) -> list[str]:
    """The columns of a point.

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.

    Returns
    -------
    list of str
        Names of columns.
    """
    return [*place_of(table), "subset"]


def numbered(table: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """Rows that agree in some columns, as numbered groups.

    A value of None is one like others (as a group's key in pandas it would be nan, and 5 beside it 5.0).

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.
    columns : list of str
        In which rows of a group agree.

    Returns
    -------
    number : np.ndarray of int, shape (rows,)
        Of every row the number of its group.
    groups : pd.DataFrame
        The columns of every group, by number.
    """
    number = table.groupby(columns, sort=False, dropna=False, observed=True).ngroup()
    return number.to_numpy(), table.loc[~number.duplicated(), columns].reset_index(drop=True)


def keys_of(groups: pd.DataFrame) -> list[tuple]:
    """Each row as a tuple that can be looked up: nan is None.

    Parameters
    ----------
    groups : pd.DataFrame
        A row for every group.

    Returns
    -------
    list of tuple
        One for every row.
    """
    return [tuple(None if one != one else one for one in row) for row in groups.itertuples(index=False, name=None)]


def is_comparison(table: pd.DataFrame) -> bool:
    """Whether a spiking memory was compared with its rate twin, trial by trial.

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.

    Returns
    -------
    bool
        True for a table of `biokv compare`.
    """
    return bool((table.quantity == "kappa").any())


def summary(table: pd.DataFrame, quantity: str = "accuracy") -> pd.DataFrame:
    """Mean and 95 % interval over trials of one quantity.

    Trials in which the quantity is nan (no hits where there is no +1) are left out, and so is a point with no others.

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.
    quantity : str
        A measure, or another quantity of the table.

    Returns
    -------
    pd.DataFrame
        A row for each memory and point, with their columns and mean, low, high and trials; none of a measure that the
        table does not have.

    Raises
    ------
    ValueError
        If it is no such table, or there is no such quantity.

    Examples
    --------
    >>> import pandas as pd
    >>> from bioKV.analysis.tables import summary
    >>> at = {"protocol": "autoassociative", "memory": "rate", "third_factor": "sequential", "engine": "", "part": 0}
    >>> table = pd.DataFrame({"n_pairs": [5, 5, 10, 10], "trial": [0, 1, 0, 1], "value": [1.0, 1.0, 0.9, 0.8]})
    >>> table = table.assign(**at, subset="all", quantity="accuracy")
    >>> summary(table)[["n_pairs", "mean", "trials"]]
       n_pairs  mean  trials
    0        5  1.00       2
    1       10  0.85       2
    """
    check_table("table", table, ("memory", *POINT, "quantity", "value"))
    known = [*dict.fromkeys(table.quantity), *measures.names()]
    if not isinstance(quantity, str) or quantity not in known:
        raise ValueError(f"the table has no quantity {shown(quantity)}{closest(quantity, known, 'it has')}")
    of = table[table.quantity == quantity].dropna(subset="value")
    number, groups = numbered(of, ["memory", *point_of(table)])
    units = units_of(table)
    own = [units.get(key[1:], 1.0) for key in keys_of(groups)]
    means = [interval_of(quantity, values, own[i]) for i, values in of.value.groupby(number)]
    return groups.join(pd.DataFrame(means, columns=MEAN))


def interval_of(quantity: str, values: pd.Series, unit: float) -> Mean:
    """The interval that a quantity's values take: of fractions, or Student's.

    Parameters
    ----------
    quantity : str
        A measure, or another quantity of the table.
    values : pd.Series
        One number per trial.
    unit : float
        How much of a trial an independent part of it is at most.

    Returns
    -------
    Mean
        Mean, both ends and the number of trials.
    """
    fraction = measures.is_fraction(quantity) or quantity == "argmax_share"
    return fraction_interval(values, unit) if fraction else t_interval(values)


def units_of(table: pd.DataFrame) -> dict[tuple, float]:
    """How much of a trial an independent part of it is at most.

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.

    Returns
    -------
    dict of tuple to float
        The values of `point_of` of each point, and its unit.
    """
    of = table[table.quantity == "unit"]
    number, points = numbered(of, point_of(table))
    return dict(zip(keys_of(points), of.value.groupby(number).max(), strict=True))


def chance(table: pd.DataFrame) -> pd.DataFrame:
    """What guesses score (analysis/chance.py).

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.

    Returns
    -------
    pd.DataFrame
        A row for each point without its third factor, with the columns constant_guess and stored_guess.
    """
    check_table("table", table, (*POINT, "quantity", "value"))
    guesses = ["constant_guess", "stored_guess"]
    of = table[table.quantity.isin(guesses)]
    number, points = numbered(of, point_of(table)[1:])
    means = of.value.groupby([number, of.quantity.astype(str).to_numpy()]).mean().unstack()
    return points.join(means.reindex(columns=guesses))


def misleading(table: pd.DataFrame) -> bool:
    """Whether the bits right mislead, since a guess that never looks gets more than TOO_EASY of them.

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.

    Returns
    -------
    bool
        True if so in most trials.
    """
    check_table("table", table, ("quantity", "value"))
    return bool((table[table.quantity == "constant_guess"].value > TOO_EASY).mean() > 0.5)


def beside_bits(table: pd.DataFrame) -> str:
    """The measure to look at besides bits right.

    Parameters
    ----------
    table : pd.DataFrame
        A study's table.

    Returns
    -------
    {"cosine", "d_prime", "whole_patterns"}
        Overlap of graded values, d' of patterns that are mostly of one sign, otherwise whole patterns.
    """
    check_table("table", table, ("quantity", "value"))
    if (table.quantity == "cosine").any():
        return "cosine"
    return "d_prime" if misleading(table) else "whole_patterns"


def gaps(table: pd.DataFrame, margins: dict[str, float] | None = None) -> pd.DataFrame:
    """Spiking minus rate, paired by trial, with 95 % intervals and tests of equivalence.

    Parameters
    ----------
    table : pd.DataFrame
        The table of a comparison.
    margins : dict of str to float or None
        Quantities, and how large a gap is taken for none; None: MARGINS.

    Returns
    -------
    pd.DataFrame
        A row for each point and quantity, with the columns of a point and GAPS. The quantities are those of `margins`,
        with p of equivalence and an outcome: "equivalent", "different" or "undecided"; and without these
        accuracy_ties_half, in which an entry of exactly 0 counts as half right, and `beside_bits`.

    Raises
    ------
    ValueError
        If it is no such table, or a margin is not above 0.

    Examples
    --------
    Twenty trials in which both memories have nearly the same bits right:

    >>> import numpy as np
    >>> import pandas as pd
    >>> from bioKV.analysis.tables import gaps
    >>> from bioKV.analysis.verdict import verdict
    >>> at = {"protocol": "autoassociative", "third_factor": "sequential", "engine": "", "part": 0}
    >>> trials = pd.DataFrame({"trial": np.arange(20), **at, "subset": "all", "quantity": "accuracy"})
    >>> spiking = trials.assign(memory="spiking", value=[0.97, 0.98] * 10)
    >>> table = pd.concat([spiking, trials.assign(memory="rate", value=0.97)])
    >>> paired = gaps(table)
    >>> paired[["quantity", "gap", "outcome"]]
       quantity    gap     outcome
    0  accuracy  0.005  equivalent
    >>> print(verdict(paired))  # doctest: +ELLIPSIS
    verdict: spiking and rate are equivalent at every point: bits right within ±0.02 ...
    """
    check_table("table", table, ("memory", *POINT, "trial", "quantity", "value"))
    margins = MARGINS if margins is None else margins
    check_mapping("margins", margins)
    for quantity, margin in margins.items():
        check_number(f"the margin of {quantity}", margin, above=True)
    beside = beside_bits(table)
    of = table[table.memory.isin(["spiking", "rate"])
               & table.quantity.isin([*margins, "accuracy", "undecided", beside])]  # fmt: skip
    number, points = numbered(of, point_of(table))
    units, keys = units_of(table), keys_of(points)
    wide = of.pivot_table(index=[pd.Series(number, of.index, name="point"), "trial"], columns=["quantity", "memory"],
                          values="value", sort=False, observed=True)  # fmt: skip
    rows: list[tuple] = []
    for i, trials in wide.groupby(level="point", sort=False):
        unit = units.get(keys[i], 1.0)
        sides = {q: trials[q].reindex(columns=["spiking", "rate"]) for q in trials.columns.unique("quantity")}
        for quantity, margin in margins.items():
            pairs = sides[quantity].dropna() if quantity in sides else pd.DataFrame()
            if len(pairs) > 1:  # of all recalls together there is only what has no subsets, such as kappa
                found = equivalence(pairs["spiking"], pairs["rate"], margin, unit)
                outcome = "equivalent" if found.holds else "different" if found.fails else "undecided"
                rows.append((i, quantity, *found.gap, margin, found.p, outcome))
        scores = {name: sides[name] for name in ("accuracy", "undecided", beside) if name in sides}
        if "undecided" in scores:
            scores["accuracy_ties_half"] = scores.pop("accuracy") + scores.pop("undecided") / 2
        for quantity, pairs in scores.items():
            differences = (pairs["spiking"] - pairs["rate"]).dropna()
            if quantity not in margins and len(differences):
                fraction = quantity == "accuracy_ties_half" or measures.is_fraction(quantity)
                gap = gap_interval(differences, unit) if fraction else t_interval(differences)
                rows.append((i, quantity, *gap, np.nan, np.nan, ""))
    found_at = points.iloc[[row[0] for row in rows]].reset_index(drop=True)
    return found_at.join(pd.DataFrame([row[1:] for row in rows], columns=GAPS))


def fitted_b(table: pd.DataFrame) -> dict[tuple, Fit]:
    """The b of softmax(b u) that fits the votes of all trials.

    Parameters
    ----------
    table : pd.DataFrame
        The table of a comparison.

    Returns
    -------
    dict of tuple to Fit
        The values of `place_of` of each place, and b with its information.
    """
    check_table("table", table, (*POINT, "trial", "quantity", "value"))
    of = table[table.quantity.isin(["b", "b_information"])]
    number, places = numbered(of, place_of(table))
    wide = of.value.groupby([number, of.trial.to_numpy(), of.quantity.astype(str).to_numpy()]).first().unstack()
    fits = [pooled(trials["b"].to_numpy(), trials["b_information"].fillna(0).to_numpy())
            for _, trials in wide.groupby(level=0)]  # fmt: skip
    return dict(zip(keys_of(places), fits, strict=True))
