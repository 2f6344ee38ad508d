"""Sensitivity d': how well +1 and -1 entries are told apart, whatever the share of either."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps

FRACTION = False


def d_prime(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """How well +1 and -1 entries are told apart: z(hits) - z(false alarms), one number per trial.

    With the log-linear correction (Hautus 1995) it stays finite: of two entries that are added, as many of either sign
    as their share is, half are hits or false alarms. Its largest value grows with the number of entries.

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
        0 is a guess, whatever its bias; nan where a trial has entries of one sign only.

    Raises
    ------
    ValueError
        If there is no such subset, if the response is to another episode, or if a trial has no recall step.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import models, protocols
    >>> from bioKV.analysis.measures.d_prime import d_prime
    >>> episode = protocols.autoassociative(np.random.default_rng(0), n_pairs=8, key_dim=20)
    >>> response = models.KeyValueMemory(20, 4, 20).respond(episode, np.random.default_rng(1))
    >>> float(d_prime(response, episode)) > 1
    True
    """
    asked = asked_steps(response, episode, subset)[..., None]
    kinds = [asked & (episode.values > 0), asked & (episode.values < 0)]
    found, of = (np.array([a.sum(axis=(-2, -1)) for a in both])
                 for both in ([wanted & (response.values > 0) for wanted in kinds], kinds))  # fmt: skip
    share = of / np.maximum(of.sum(axis=0), 1)
    rates = np.where((of > 0).all(axis=0), (found + share) / np.maximum(of + 2 * share, 1e-300), np.nan)
    return ndtri(rates[0]) - ndtri(rates[1])
