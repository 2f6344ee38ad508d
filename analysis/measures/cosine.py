"""Overlap: the cosine between what was recalled and what was right, for values that have sizes."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps, mean_where_asked

FRACTION = False


def suits(episode: Episode) -> bool:
    """Where values are more than signs."""
    return not np.isin(episode.values[episode.is_recall], (-1.0, 0.0, 1.0)).all()


def cosine(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Cosine of recalled and right value, from -1 to 1, the mean over recalls, one number per trial.

    0 for a silent recall, and for a right value of zeros. Of +1 and -1 answers it is twice the bits right less 1.
    """
    asked = asked_steps(response, episode, subset)
    both = (response.values * episode.values).sum(axis=-1)
    lengths = np.linalg.norm(response.values, axis=-1) * np.linalg.norm(episode.values, axis=-1)
    return mean_where_asked(both / np.where(lengths > 0, lengths, 1.0), asked)
