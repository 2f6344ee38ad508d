"""Which slots a presentation is about: those it writes, or those in which was stored what it asks for."""

from __future__ import annotations

import numpy as np

from ..episode import Episode
from ..response import Response, check_answers


def right_slots(response: Response, episode: Episode) -> np.ndarray:
    """Slots with a plateau in the presentation that stored the pair.

    Parameters
    ----------
    response : Response
        What a memory answered.
    episode : Episode
        What it answered.

    Returns
    -------
    array of bool, (..., T, N)
        For a presentation that stores the slots it writes, for a recall those that were written in the one it asks for,
        and none for others.

    Raises
    ------
    ValueError
        If the response is not one to this episode.

    Notes
    -----
    A slot that was written over since is still one of them: votes are compared with what was stored there.
    """
    check_answers("a choice of slots", response, episode)
    step = np.where(episode.is_recall, episode.source, np.arange(episode.n_steps))
    gamma = np.take_along_axis(response.third_factor > 0, step[..., None], axis=-2)
    return gamma & (episode.is_recall | episode.is_store)[..., None]
