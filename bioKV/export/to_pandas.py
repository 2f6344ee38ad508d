"""Spikes as one tidy table: a row is a spike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..response import SpikingResponse
from .trials import Trial, signs, trials_of

if TYPE_CHECKING:
    import pandas as pd


def to_pandas(response: SpikingResponse) -> pd.DataFrame:
    """The recorded spikes of all trials as a table with a row for every spike.

    Parameters
    ----------
    response : SpikingResponse
        What a spiking memory answered, with recorded spikes.

    Returns
    -------
    pd.DataFrame
        The columns trial, population, neuron, sign (+1 for an ON and -1 for an OFF neuron of input and output, missing
        for all other populations) and t_ms (from the start of the trial).

    Raises
    ------
    ValueError
        If it is no response of a spiking memory, or no spikes were recorded.
    """
    return spikes_of(trials_of("a table of spikes", response))


def spikes_of(trials: Sequence[Trial]) -> pd.DataFrame:
    """The spikes of these trials; where options are given, with a column for the third factor and for each option.

    Parameters
    ----------
    trials : sequence of Trial
        The trials.

    Returns
    -------
    pd.DataFrame
        A row for every spike.
    """
    import pandas as pd

    parts, categories = [], list(dict.fromkeys(name for trial in trials for name in trial.populations))
    for trial in trials:
        for name, train in trial.response.spikes.items():
            sign = signs(name, train.neuron, train.n_neurons)
            columns: dict[str, Any] = {"trial": np.full(len(train.t_ms), trial.number)}
            if trial.third_factor:
                columns["third_factor"] = trial.third_factor
            columns |= {name: str(value) if isinstance(value, list | tuple | dict) else value
                        for name, value in trial.options.items()}  # fmt: skip
            columns |= {
                "population": pd.Categorical([name], categories).repeat(len(train.t_ms)),
                "neuron": train.neuron,
                "sign": pd.array(sign, "Int8"),
                "t_ms": train.t_ms,
            }
            columns["sign"][sign == 0] = pd.NA
            parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)
