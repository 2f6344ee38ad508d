"""Whole patterns right: recalls without a single wrong entry."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps, mean_where_asked


def whole_patterns(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of recalls in which every entry has the right sign, one number per trial, in [0, 1].

    A code in which few entries are +1 can have nearly all bits right and no pattern whole.
    """
    asked = asked_steps(response, episode, subset)
    return mean_where_asked((response.values * episode.values > 0).all(axis=-1), asked)
