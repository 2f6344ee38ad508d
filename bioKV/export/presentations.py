"""What was presented when, as columns with a row for every presentation."""

from __future__ import annotations

from typing import Any

import numpy as np

from .trials import Trial


def presentations_of(trial: Trial) -> dict[str, np.ndarray]:
    """What was presented when in one trial, as columns.

    Parameters
    ----------
    trial : Trial
        The trial.

    Returns
    -------
    dict of str to np.ndarray, shape (T,)
        The columns step, phase, start_ms, stop_ms; with an episode gate, source (the step at which the pair that is
        asked for was stored, -1 where nothing is asked) and subset (its name), too.
    """
    response, episode = trial.response, trial.episode
    start, stop = response.windows_ms.T
    columns: dict[str, Any] = {"step": np.arange(len(start)), "phase": response.phase, "start_ms": start,
                               "stop_ms": stop}  # fmt: skip
    if episode is not None:
        names = np.array(episode.subset_names)
        columns |= {"gate": episode.gate, "source": episode.source, "subset": names[episode.subset]}
    return columns


def patterns_of(trial: Trial) -> dict[str, np.ndarray]:
    """Vectors of the presentations of one trial.

    Parameters
    ----------
    trial : Trial
        The trial.

    Returns
    -------
    dict of str to np.ndarray, shape (T, entries)
        The answer (T, m); with an episode key (T, d) and value (T, m), too.
    """
    answer = {"answer": trial.response.values}
    if trial.episode is None:
        return answer
    return {"key": trial.episode.keys, "value": trial.episode.values, **answer}
