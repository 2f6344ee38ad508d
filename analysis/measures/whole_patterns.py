"""Whole patterns right: recalls without a single wrong entry."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps, mean_where_asked


def whole_patterns(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of recalls in which every entry has the right sign, one number per trial.

    A code in which few entries are +1 can have nearly all bits right and no pattern whole.

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
    >>> from bioKV.analysis.measures.whole_patterns import whole_patterns
    >>> episode = protocols.autoassociative(np.random.default_rng(0), n_pairs=8, key_dim=20)
    >>> response = models.KeyValueMemory(20, 4, 20).respond(episode, np.random.default_rng(1))
    >>> float(whole_patterns(response, episode))  # of eight pairs, four still have a slot
    0.5
    """
    asked = asked_steps(response, episode, subset)
    return mean_where_asked((response.values * episode.values > 0).all(axis=-1), asked)
