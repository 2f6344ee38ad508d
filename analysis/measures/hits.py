"""Hits: +1 entries that were recalled as such."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps


def hits(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of the entries above 0 that were recalled as above 0, one number per trial.

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
        From 0 to 1; nan where there is none.

    Raises
    ------
    ValueError
        If there is no such subset, if the response is to another episode, or if a trial has no recall step.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import models, protocols
    >>> from bioKV.analysis.measures.hits import hits
    >>> episode = protocols.autoassociative(np.random.default_rng(0), n_pairs=8, key_dim=20)
    >>> response = models.KeyValueMemory(20, 4, 20).respond(episode, np.random.default_rng(1))
    >>> float(hits(response, episode)) > 0.5
    True
    """
    wanted = asked_steps(response, episode, subset)[..., None] & (episode.values > 0)
    return share_above_0(response, wanted)


def share_above_0(response: Response, wanted: np.ndarray) -> np.ndarray:
    """Fraction of some entries that was recalled as above 0, one number per trial.

    Parameters
    ----------
    response : Response
        What a memory answered, values (..., T, m).
    wanted : np.ndarray of bool, shape (..., T, m)
        The entries that count.

    Returns
    -------
    np.ndarray, shape (...)
        From 0 to 1; nan where none counts.
    """
    found, of = (wanted & (response.values > 0)).sum(axis=(-2, -1)), wanted.sum(axis=(-2, -1))
    return np.where(of > 0, found / np.maximum(of, 1), np.nan)
