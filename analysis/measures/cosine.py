"""Overlap: the cosine between what was recalled and what was right, for values that have sizes."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps, mean_where_asked

FRACTION = False


def suits(episode: Episode) -> bool:
    """Where values are more than signs.

    Parameters
    ----------
    episode : Episode
        What was asked.

    Returns
    -------
    bool
        True if a right value has other numbers than -1, 0 and 1.
    """
    return not np.isin(episode.values[episode.is_recall], (-1.0, 0.0, 1.0)).all()


def cosine(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Cosine of recalled and right value, the mean over recalls, one number per trial.

    Of +1 and -1 answers it is twice the bits right less 1.

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
        From -1 to 1; 0 for a silent recall, and for a right value of zeros.

    Raises
    ------
    ValueError
        If there is no such subset, if the response is to another episode, or if a trial has no recall step.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import models, protocols
    >>> from bioKV.analysis.measures.cosine import cosine
    >>> episode = protocols.autoassociative(np.random.default_rng(0), n_pairs=8, key_dim=20)
    >>> response = models.KeyValueMemory(20, 4, 20).respond(episode, np.random.default_rng(1))
    >>> -1 <= float(cosine(response, episode)) <= 1
    True
    """
    asked = asked_steps(response, episode, subset)
    both = (response.values * episode.values).sum(axis=-1)
    lengths = np.linalg.norm(response.values, axis=-1) * np.linalg.norm(episode.values, axis=-1)
    return mean_where_asked(both / np.where(lengths > 0, lengths, 1.0), asked)
