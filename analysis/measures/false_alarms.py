"""False alarms: -1 entries that were recalled as +1."""

from __future__ import annotations

import numpy as np

from ...episode import Episode
from ...response import Response
from ..asked import asked_steps
from .hits import share_above_0


def false_alarms(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """Fraction of the entries below 0 that were recalled as above 0, one number per trial; nan where there is none."""
    return share_above_0(response, asked_steps(response, episode, subset)[..., None] & (episode.values < 0))
