"""What a comparison says in a sentence: whether spiking and rate are equivalent, and if not, what fails where."""

from __future__ import annotations

import pandas as pd

from .equivalence import Equivalence
from .intervals import Mean
from .labels import value_text
from .tables import GAPS, POINT, check_table, varying

NAME = {"accuracy": "bits right", "whole_patterns": "whole patterns right", "silent": "silent recalls"}
MOST = 3  # points that are named


def verdict(paired: pd.DataFrame) -> str:
    """The verdict over all rows of `tables.gaps` that have a margin; points are named by all options that vary.

    Equivalent only if bits, whole patterns and silence are so at every point; different where one interval lies beyond
    its margin; else undecided, with about how many trials would decide.

    Parameters
    ----------
    paired : pd.DataFrame
        What `tables.gaps` returned.

    Returns
    -------
    str
        A sentence that begins with "verdict: ".
    """
    check_table("paired", paired, (*POINT, *GAPS))
    tested = paired[paired.outcome != ""]
    if not len(tested):
        return "verdict: none, since no point has two trials yet"
    margins = tested.drop_duplicates("quantity")
    within = ", ".join(f"{NAME[row.quantity]} within ±{row.margin:g}" for row in margins.itertuples())
    different, undecided = (tested[tested.outcome == outcome] for outcome in ("different", "undecided"))
    if len(different):
        return f"verdict: spiking and rate differ: {_named(different, varying(paired))}"
    if len(undecided):
        needed = [_found(row).trials_needed for row in undecided.itertuples()]
        known = [n for n in needed if n is not None]
        more = f"; about {max(known)} trials would decide it" if len(known) == len(needed) else ""
        return (f"verdict: {tested.trials.max()} trials do not decide whether spiking and rate are equivalent:"
                f" {_named(undecided, varying(paired))}{more}")  # fmt: skip
    return (f"verdict: spiking and rate are equivalent at every point: {within} (two one-sided tests, largest"
            f" p = {tested.p_equivalence.max():.2g})")  # fmt: skip


def _named(rows: pd.DataFrame, options: list[str]) -> str:
    said = []
    for row, values in zip(rows.head(MOST).itertuples(), rows[options].itertuples(index=False), strict=False):
        point = [f"{name} = {value_text(value)}" for name, value in zip(options, values, strict=True)]
        where = ", ".join([row.third_factor, *point, *([] if row.subset == "all" else [row.subset])])
        said.append(f"{NAME[row.quantity]} by {_found(row).gap:+.4f} (margin ±{row.margin:g}; {where})")
    more = len(rows) - MOST
    return "; ".join(said) + (f"; and {more} more in comparison.csv" if more > 0 else "")


def _found(row) -> Equivalence:
    return Equivalence(Mean(row.gap, row.low, row.high, row.trials), row.margin, row.p_equivalence)
