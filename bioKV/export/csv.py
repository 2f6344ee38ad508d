"""Spikes as a text that every program reads: a row is a spike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..response import SpikingResponse
from ..whole_file import replacing
from .to_pandas import spikes_of
from .trials import Trial, trials_of


def csv(response: SpikingResponse, path: str | Path) -> None:
    """Write the recorded spikes of all trials as text: the columns of `to_pandas`, times with all their digits.

    Parameters
    ----------
    response : SpikingResponse
        What a spiking memory answered, with recorded spikes.
    path : str or Path
        The file.

    Raises
    ------
    ValueError
        If it is no response of a spiking memory, no spikes were recorded, or the file cannot be written.
    """
    write_csv(trials_of("a table of spikes", response), path)


def write_csv(trials: Sequence[Trial], path: str | Path) -> None:
    """Write the spikes of single trials, with a column for the third factor and for each option.

    Parameters
    ----------
    trials : sequence of Trial
        The trials.
    path : str or Path
        The file.

    Raises
    ------
    ValueError
        If it cannot be written.
    """
    with replacing(path) as new:
        spikes_of(trials).to_csv(new, index=False)
