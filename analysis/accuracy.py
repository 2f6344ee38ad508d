"""How much of what was asked was recalled, and how sure one can be of the mean."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from ..episode import Episode
from ..response import Response


def _scored(response: Response, episode: Episode, subset: str | None) -> np.ndarray:
    asked = episode.is_recall
    if subset is not None:
        if subset not in episode.subset_names:
            raise ValueError(f"the episode has no subset {subset!r}; it has {', '.join(episode.subset_names)}")
        asked = asked & (episode.subset == episode.subset_names.index(subset))
    if response.values.shape != episode.values.shape:
        raise ValueError(
            f"response has values of shape {response.values.shape} but the episode has {episode.values.shape}"
        )
    if not asked.any(axis=-1).all():
        raise ValueError("there is no recall step to score" + (f" in subset {subset!r}" if subset else ""))
    return asked


def accuracy(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of value entries recalled with the right sign (paper, section 3.1), one number per trial.

    response : values (..., T, m), real-valued. episode : values (..., T, m), of either sign at recall steps.
    subset : only the recalls of that name. Returns (...) floats in [0, 1]; 0.5 is chance.
    An entry of exactly 0, a tie or silence, counts as wrong. Raises ValueError if a trial has no recall step.
    """
    asked = _scored(response, episode, subset)
    right = (response.values * episode.values > 0).mean(axis=-1)
    return np.where(asked, right, 0.0).sum(axis=-1) / asked.sum(axis=-1)


def undecided(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of asked value entries that are exactly 0, one number per trial; arguments and errors as `accuracy`."""
    asked = _scored(response, episode, subset)
    silent = (response.values == 0).mean(axis=-1)
    return np.where(asked, silent, 0.0).sum(axis=-1) / asked.sum(axis=-1)


class Mean(NamedTuple):
    """A mean over independent trials with its 95 % t interval."""

    mean: float
    low: float
    high: float
    n: int


def mean_with_interval(values, confidence: float = 0.95) -> Mean:
    """Mean and t interval of values (n,). With one value, or no spread, the interval is the mean itself."""
    values = np.asarray(values, dtype=float)
    if values.size == 0:
        raise ValueError("there is no value to average")
    mean, error = values.mean(), stats.sem(values) if values.size > 1 else 0.0
    half = stats.t.ppf((1 + confidence) / 2, values.size - 1) * error if error > 0 else 0.0
    return Mean(float(mean), float(mean - half), float(mean + half), int(values.size))
