"""Hits: +1 entries that were recalled as such."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps


def hits(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of the entries above 0 that were recalled as above 0, one number per trial; nan where there is none."""
    wanted = asked_steps(response, episode, subset)[..., None] & (episode.values > 0)
    return share_above_0(response, wanted)


def share_above_0(response: Response, wanted: np.ndarray) -> np.ndarray:
    """Of the entries at `wanted` (..., T, m), the fraction that was recalled as above 0, per trial; nan of none."""
    found, of = (wanted & (response.values > 0)).sum(axis=(-2, -1)), wanted.sum(axis=(-2, -1))
    return np.where(of > 0, found / np.maximum(of, 1), np.nan)
