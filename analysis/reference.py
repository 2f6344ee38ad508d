"""The curves of the paper that a figure is held against, measured once with the authors' code and an independent one.

Rows of reference_curves.csv: figure, model (the curve), source, x_name, x, mean, ci95_low, ci95_high, n_trials. Source
"authors' code" is their published program; "oracle" an independent implementation that equals it step by step and ran
more trials. No interval where there was one value (the noise-free capacity of fig. 2b).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from ..checks import check_choice, shown

SOURCES = ("oracle", "authors' code")


@cache
def _all_rows() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).with_name("reference_curves.csv"))


def reference_rows(figure: str, model: str | None = None, source: str = "oracle") -> pd.DataFrame:
    """The rows of one curve, or of all curves of the figure, from one source.

    Parameters
    ----------
    figure : str
        Figure of the paper, such as "2b".
    model : str or None
        The curve; None: all.
    source : {"oracle", "authors' code"}
        Who measured it.

    Returns
    -------
    pd.DataFrame
        By increasing x; empty if there is no such curve.

    Raises
    ------
    ValueError
        If there is no such source.

    Examples
    --------
    >>> from bioKV.analysis.reference import reference_rows
    >>> sorted(reference_rows("2b").model.unique())[:2]
    ['hopfield, noise-free', 'hopfield, search']
    """
    check_choice("source", source, SOURCES)
    for name, text in (("figure", figure), ("model", "" if model is None else model)):
        if not isinstance(text, str):
            raise ValueError(f"{name} must be text, such as {'2b' if name == 'figure' else 'rate'}; got {shown(text)}")
    rows = _all_rows()
    rows = rows[(rows["figure"] == figure) & (rows["source"] == source)]
    if model is not None:
        rows = rows[rows["model"] == model]
    return rows.sort_values(["model", "x"]).reset_index(drop=True)
