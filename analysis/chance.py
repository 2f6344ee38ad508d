"""What scores are worth: the bits that someone gets right who has not stored the pair that is asked for.

"Chance" is 0.5 for random patterns alone. Where entries are mostly -1 a guess that never looks scores far more.
"""

from __future__ import annotations

import numpy as np

from ..episode import Episode, check_is_episode
from .asked import asked_of, mean_where_asked

TOO_EASY = 0.6  # of the bits; a constant guess that has more right makes them mislead


def constant_guess(episode: Episode, subset: str | None = None) -> np.ndarray:
    """Bits right of a guess that is the same at every recall, one number per trial.

    For each entry it is the sign that most of the other stored values have. The value that is asked for is left out, or
    the guess would know something of it; an entry without a majority gives 1/2.

    Parameters
    ----------
    episode : Episode
        What was stored and asked.
    subset : str or None
        Only the recalls of that name; None: all.

    Returns
    -------
    np.ndarray, shape (...)
        From 0 to 1.

    Raises
    ------
    ValueError
        If there is no such subset, or if a trial has no recall.

    Examples
    --------
    Where few entries are +1, a guess that never looks gets most bits right:

    >>> import numpy as np
    >>> from bioKV import protocols
    >>> from bioKV.analysis.chance import constant_guess
    >>> rng = np.random.default_rng(0)
    >>> sparse = np.where(rng.random((20, 40)) < 0.1, 1.0, -1.0)
    >>> episode = protocols.autoassociative(rng, n_pairs=20, key_dim=40, patterns=sparse)
    >>> float(constant_guess(episode)) > 0.8
    True
    """
    right, others, _ = _right_and_others(episode)
    return mean_where_asked(by_majority(right, others).mean(axis=-1), asked_of(episode, subset))


def by_majority(right: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Whether the sum of the signs of all others is of the right sign.

    Parameters
    ----------
    right : np.ndarray
        The right signs.
    others : np.ndarray
        The sums of the other signs, of the same shape.

    Returns
    -------
    np.ndarray
        1 if it is, 1/2 where the sum is 0, 0 if it is not.
    """
    return np.where(others == 0, 0.5, right * others > 0)


def stored_guess(episode: Episode, subset: str | None = None) -> np.ndarray:
    """Bits right of an answer that is the value of another stored pair, any with equal chance, one number per trial.

    Parameters
    ----------
    episode : Episode
        What was stored and asked.
    subset : str or None
        Only the recalls of that name; None: all.

    Returns
    -------
    np.ndarray, shape (...)
        From 0 to 1; 1/2 where no other pair was stored.

    Raises
    ------
    ValueError
        If there is no such subset, or if a trial has no recall.
    """
    right, others, n_others = _right_and_others(episode)
    agreement = (others * right).mean(axis=-1) / np.maximum(n_others, 1)
    return mean_where_asked((1 + agreement) / 2, asked_of(episode, subset))


def _right_and_others(episode: Episode) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Signs that are right at every step (..., T, m), the sum of the signs of the values of all other stored pairs
    (..., T, m), and how many those are (..., T). A pair that is stored several times is no other pair."""
    check_is_episode("a guess", episode)
    right, stored = np.sign(episode.values), episode.is_store
    copies = np.take_along_axis(_copies(episode), np.maximum(episode.source, 0), axis=-1)
    total = np.where(stored[..., None], right, 0.0).sum(axis=-2, keepdims=True)
    return right, total - copies[..., None] * right, stored.sum(axis=-1, keepdims=True) - copies


def _copies(episode: Episode) -> np.ndarray:
    """How often the pair of a step is stored in its trial (..., T); 0 where it is not."""
    pairs = np.concatenate([episode.keys, episode.values], axis=-1) + 0.0  # -0 is 0
    rows = np.ascontiguousarray(pairs).view(f"V{pairs.itemsize * pairs.shape[-1]}")[..., 0]
    counts = np.zeros(rows.shape, dtype=int)
    for trial in np.ndindex(rows.shape[:-1]):
        here = episode.is_store[trial]
        _, which, times = np.unique(rows[trial][here], return_inverse=True, return_counts=True)
        counts[trial][here] = times[which]
    return counts
