"""Bits right: how much of what was asked was recalled."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps, mean_where_asked


def accuracy(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of value entries recalled with the right sign (paper, section 3.1), one number per trial.

    An entry of exactly 0, a tie or silence, counts as wrong. analysis/chance.py has what a guess scores.

    Parameters
    ----------
    response : Response
        What a memory answered, values (..., T, m).
    episode : Episode
        What was asked and right, values (..., T, m).
    subset : str or None
        Only the recalls of that name; None: all.

    Returns
    -------
    np.ndarray, shape (...)
        From 0 to 1.

    Raises
    ------
    ValueError
        If there is no such subset, if the response is to another episode, or if a trial has no recall step.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import models, protocols
    >>> from bioKV.analysis.measures.accuracy import accuracy
    >>> episode = protocols.autoassociative(np.random.default_rng(0), n_pairs=8, key_dim=20)
    >>> response = models.KeyValueMemory(20, 4, 20).respond(episode, np.random.default_rng(1))
    >>> float(accuracy(response, episode)) > 0.7  # of eight pairs, four still have a slot
    True
    """
    asked = asked_steps(response, episode, subset)
    return mean_where_asked((response.values * episode.values > 0).mean(axis=-1), asked)
