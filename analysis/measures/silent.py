"""Recalls without an answer."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps, mean_where_asked


def silent(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of recalls in which every entry is exactly 0, one number per trial; `undecided` less this are ties."""
    asked = asked_steps(response, episode, subset)
    return mean_where_asked((response.values == 0).all(axis=-1), asked)
