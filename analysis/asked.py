"""What of a trial is scored."""

from __future__ import annotations

import numpy as np

from ..checks import closest, shown
from ..episode import Episode, check_is_episode
from ..response import Response


def asked_steps(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """(..., T) bool: the recalls that are scored, all of them or those of one subset.

    Raises ValueError if there is no such subset, if the response is to another episode, or if a trial has no recall.
    """
    if not isinstance(response, Response):
        raise ValueError(f"response must be what a memory's respond returned; got {shown(response)}")
    asked = asked_of(episode, subset)
    if response.values.shape != episode.values.shape:
        raise ValueError(
            f"response has values of shape {response.values.shape} but the episode has {episode.values.shape}"
        )
    return asked


def asked_of(episode: Episode, subset: str | None = None) -> np.ndarray:
    """As `asked_steps`, of an episode alone."""
    check_is_episode("a score", episode)
    asked = episode.is_recall
    if subset is not None:
        if subset not in episode.subset_names:
            near = closest(subset, episode.subset_names, "it has")
            raise ValueError(f"the episode has no subset {shown(subset)}{near}")
        asked = asked & (episode.subset == episode.subset_names.index(subset))
    if not asked.any(axis=-1).all():
        raise ValueError("there is no recall step to score" + (f" in subset {subset!r}" if subset else ""))
    return asked


def mean_where_asked(each: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """(..., T) -> (...): the mean over the recalls of a trial; nan for a trial without any."""
    n = asked.sum(axis=-1)
    return np.where(n > 0, np.where(asked, each, 0.0).sum(axis=-1) / np.maximum(n, 1), np.nan)


def unit_of(episode: Episode, subset: str | None = None) -> float:
    """How much of a trial one independent part of it is, at most: a recall, or the whole trial where every recall
    starts from the answer before it. The intervals of analysis/intervals.py take it."""
    if episode.feedback.any():
        return 1.0
    return float(1 / asked_of(episode, subset).sum(axis=-1).min())
