"""Bits right: how much of what was asked was recalled."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps, mean_where_asked


def accuracy(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of value entries recalled with the right sign (paper, section 3.1), one number per trial.

    response : values (..., T, m), real-valued. episode : values (..., T, m), of either sign at recall steps.
    subset : only the recalls of that name. Returns (...) floats in [0, 1]; analysis/chance.py has what a guess scores.
    An entry of exactly 0, a tie or silence, counts as wrong. Raises ValueError if a trial has no recall step.
    """
    asked = asked_steps(response, episode, subset)
    return mean_where_asked((response.values * episode.values > 0).mean(axis=-1), asked)
