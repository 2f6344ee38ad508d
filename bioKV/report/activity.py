"""How busy the spiking memory was, over all points of a run: every quantity that only a spiking memory has."""

from __future__ import annotations

import re

from ..analysis.evoked import PHASE
from ..analysis.tables import numbered, place_of
from ..studies.printed_table import Shown
from .finished import FinishedRun

# about the answer, or about the rate twin: other tables have these
ELSEWHERE = {"accuracy", "whole_patterns", "whole_patterns_both", "silent", "undecided", "hits", "false_alarms",
             "d_prime", "cosine", "unit", "constant_guess", "stored_guess", "kappa", "argmax_share", "b",
             "b_information", "excess_kl"}  # fmt: skip
PEAK = re.compile(r"peak_rate_(\w+)_(store|recall)_hz")


def activity(run: FinishedRun) -> Shown | None:
    """Sum up the activity of a run.

    Parameters
    ----------
    run : FinishedRun
        The run.

    Returns
    -------
    Shown or None
        Means over trials: of all points, and of the lowest and the highest; None without a spiking memory.
    """
    of = run.table[(run.table.memory == "spiking") & ~run.table.quantity.isin(ELSEWHERE)]
    if not len(of):
        return None
    number, _ = numbered(of, place_of(of))
    means = of.value.groupby([of.quantity.astype(str), number], sort=False).mean()
    rows = []
    for quantity, each in means.groupby(level=0, sort=False):
        rows.append([_name(str(quantity)), *(f"{value:.4g}" for value in (each.mean(), each.min(), each.max()))])
    return Shown("activity of the spiking memory, means over trials", ["", "all points", "lowest", "highest"], rows)


def _name(quantity: str) -> str:
    if found := PEAK.fullmatch(quantity):
        return f"{found[1]}, {PHASE[found[2]]}: peak rate (Hz)"
    text = quantity.replace("_", " ")
    return f"{text.removesuffix(' hz')} (Hz)" if text.endswith(" hz") else text
