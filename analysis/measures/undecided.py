"""Entries that are neither +1 nor -1."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps, mean_where_asked


def undecided(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of asked value entries that are exactly 0, one number per trial: those of silent recalls, and ties."""
    asked = asked_steps(response, episode, subset)
    return mean_where_asked((response.values == 0).mean(axis=-1), asked)
