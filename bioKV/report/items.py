"""Spiking against rate, item by item: every recall of a recorded trial, and what the rate twin answers to the same."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..analysis.measures.accuracy import accuracy
from ..analysis.raster import pattern_names
from ..analysis.tables import is_comparison
from ..export.trials import Trial
from ..response import Response
from ..studies.memories import make_memory
from .finished import FinishedRun


class Item(NamedTuple):
    """A recall.

    Parameters
    ----------
    step : int
        The presentation, from 0.
    name : str
        "recall 3": of the third pair that was stored.
    delay : int
        Presentations since it was stored.
    n_entries : int
        Of the value.
    right : int
        Entries that the spiking memory has right.
    undecided : int
        Entries of exactly 0 there.
    votes : int
        Spikes of hidden neurons that were read.
    right_in_rate : int or None
        Entries that the rate twin has right; None where it is not known.
    """

    step: int
    name: str
    delay: int
    n_entries: int
    right: int
    undecided: int
    votes: int
    right_in_rate: int | None

    @property
    def outcome(self) -> str:
        """In words: whether all entries are right, and in which memory."""
        spiking = self.right == self.n_entries
        if self.right_in_rate is None:
            return "right" if spiking else "undecided" if self.undecided else "wrong"
        rate = self.right_in_rate == self.n_entries
        return {(True, True): "right in both", (True, False): "right in spiking only",
                (False, True): "right in rate only", (False, False): "wrong in both"}[spiking, rate]  # fmt: skip


def items_of(trial: Trial, twin: Response | None) -> list[Item]:
    """List the recalls of a recorded trial.

    Parameters
    ----------
    trial : Trial
        With its episode.
    twin : Response or None
        What the rate twin answers.

    Returns
    -------
    list of Item
    """
    episode, values = trial.episode, trial.response.values
    assert episode is not None  # a run keeps it with every trial
    names = [name.splitlines()[0] for name in pattern_names(episode)]
    votes = trial.response.counts["votes"].sum(axis=-1)
    found = []
    for step in np.flatnonzero(episode.is_recall):
        target = episode.values[step]
        right_in_rate = None if twin is None else int((twin.values[step] * target > 0).sum())
        found.append(Item(int(step), names[step], int(step - episode.source[step]), len(target),
                          int((values[step] * target > 0).sum()), int((values[step] == 0).sum()), int(votes[step]),
                          right_in_rate))  # fmt: skip
    return found


def rate_twin(run: FinishedRun, trial: Trial) -> Response | None:
    """Ask the rate twin of a recorded trial the same, with the plateaus that happened in spikes.

    Parameters
    ----------
    run : FinishedRun
        The run.
    trial : Trial
        With its episode.

    Returns
    -------
    Response or None
        None if it cannot be made anew, or does not have the accuracy in results.csv: with another version, say.
    """
    episode, response = trial.episode, trial.response
    if episode is None:
        return None
    options = {**run.record["options"], **trial.options, "n_slots": response.hidden.shape[-1]}
    options = {name: value for name, value in options.items() if value is not None}
    rule = _kept(run, options["rule"]) if "rule" in options else None
    options |= {"rule": rule} if rule else {}
    try:
        memory = make_memory("learned" if rule else "rate", trial.third_factor, options, episode.key_dim,
                             episode.value_dim)  # fmt: skip
        replayed = episode.with_third_factor(response.third_factor)
        answer = memory.respond(replayed, np.random.default_rng(0))  # who draws nothing: its plateaus are given
    except (ValueError, KeyError):
        return None
    known = _accuracy_in_table(run, trial)
    agrees = known is None or abs(float(accuracy(answer, episode)) - known) < 1e-6
    return answer if agrees else None


def _kept(run: FinishedRun, path: str) -> str:
    """A file as the run has kept it, or where it was."""
    for one in (run.record.get("inputs") or {}).values():
        if one.get("path") == path and (run.folder / one["kept"]).is_file():
            return str(run.folder / one["kept"])
    return path


def _accuracy_in_table(run: FinishedRun, trial: Trial) -> float | None:
    """Bits right of the rate memory in this trial; None where the table has no such number."""
    table = run.table
    if not is_comparison(table):
        return None
    of = table[(table.memory == "rate") & (table.quantity == "accuracy") & (table.trial == trial.number)
               & (table.third_factor == trial.third_factor)]  # fmt: skip
    for name, value in trial.options.items():
        if name in of:
            of = of[of[name].isna() if value is None else of[name] == value]
    return float(of.value.iloc[0]) if len(of) == 1 else None
