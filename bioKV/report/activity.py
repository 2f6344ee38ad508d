"""How busy the spiking memory was: how populations fire, then every other quantity that only a spiking memory has."""

from __future__ import annotations

import pandas as pd

from ..analysis.firing_table import quantities
from ..analysis.tables import numbered, place_of
from ..studies.firing_summary import firing
from ..studies.printed_table import Shown
from .finished import FinishedRun

# about the answer, or about the rate twin: other tables have these
ELSEWHERE = {"accuracy", "whole_patterns", "whole_patterns_both", "silent", "undecided", "hits", "false_alarms",
             "d_prime", "cosine", "unit", "constant_guess", "stored_guess", "kappa", "argmax_share", "b",
             "b_information", "excess_kl"}  # fmt: skip
# in a table of a comparison, and in its sentences
OF_COMPARISONS = {"votes_per_recall", "spikes_per_recall", "synaptic_events_per_recall", "missed_plateaus",
                  "extra_plateaus", "plateaus_per_presentation", "expected_plateaus"}  # fmt: skip


def activity(run: FinishedRun) -> list[Shown | str]:
    """Sum up the activity of a run.

    Parameters
    ----------
    run : FinishedRun
        The run.

    Returns
    -------
    list of Shown or str
        How populations fire, with sentences beside it, and a table of what else there is: means over trials, of all
        points and of the lowest and the highest. Empty without a spiking memory.
    """
    said = {*ELSEWHERE, *quantities(), *(OF_COMPARISONS if run.is_comparison else ())}
    of = run.table[(run.table.memory == "spiking") & ~run.table.quantity.isin(said)]
    firings = firing(run.table) if run.in_spikes else ()
    return [*firings, *([_others(of)] if len(of) else [])]


def _others(of: pd.DataFrame) -> Shown:
    """Means over trials of all quantities in a table."""
    number, _ = numbered(of, place_of(of))
    means = of.value.groupby([of.quantity.astype(str), number], sort=False).mean()
    rows = []
    for quantity, each in means.groupby(level=0, sort=False):
        rows.append([_name(str(quantity)), *(f"{value:.4g}" for value in (each.mean(), each.min(), each.max()))])
    return Shown("what else happens, means over trials", ["", "all points", "lowest", "highest"], rows)


def _name(quantity: str) -> str:
    text = quantity.replace("_", " ")
    return f"{text.removesuffix(' hz')} (Hz)" if text.endswith(" hz") else text
