"""What of a trial is scored."""

from __future__ import annotations

import numpy as np

from ..checks import closest, shown
from ..episode import Episode, check_is_episode
from ..response import Response


def asked_steps(response: Response, episode: Episode, subset: str | None = None) -> np.ndarray:
    """The recalls that are scored, all of them or those of one subset.

    Parameters
    ----------
    response : Response
        What a memory answered.
    episode : Episode
        What was asked.
    subset : str or None
        Only the recalls of that name; None: all.

    Returns
    -------
    np.ndarray of bool, shape (..., T)
        True where a step is scored.

    Raises
    ------
    ValueError
        If there is no such subset, if the response is to another episode, or if a trial has no recall.
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
    """The recalls that are scored, of an episode alone.

    Parameters
    ----------
    episode : Episode
        What was asked.
    subset : str or None
        Only the recalls of that name; None: all.

    Returns
    -------
    np.ndarray of bool, shape (..., T)
        True where a step is scored.

    Raises
    ------
    ValueError
        If there is no such subset, or if a trial has no recall.
    """
    check_is_episode("a score", episode)
    asked = episode.is_recall
    if subset is not None:
        if not isinstance(subset, str) or subset not in episode.subset_names:
            near = closest(subset, episode.subset_names, "it has")
            raise ValueError(f"the episode has no subset {shown(subset)}{near}")
        asked = asked & (episode.subset == episode.subset_names.index(subset))
    if not asked.any(axis=-1).all():
        raise ValueError("there is no recall step to score" + (f" in subset {subset!r}" if subset else ""))
    return asked


def mean_where_asked(each: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The mean over the recalls of a trial.

    Parameters
    ----------
    each : np.ndarray, shape (..., T)
        A number for every step.
    asked : np.ndarray of bool, shape (..., T)
        Which steps count.

    Returns
    -------
    np.ndarray, shape (...)
        One mean per trial; nan for a trial without a recall.
    """
    n = asked.sum(axis=-1)
    return np.where(n > 0, np.where(asked, each, 0.0).sum(axis=-1) / np.maximum(n, 1), np.nan)


def unit_of(episode: Episode, subset: str | None = None) -> float:
    """How much of a trial one independent part of it is, at most.

    A part is a recall, or the whole trial where every recall starts from the answer before it. The intervals of
    analysis/intervals.py take it.

    Parameters
    ----------
    episode : Episode
        What was asked.
    subset : str or None
        Only the recalls of that name; None: all.

    Returns
    -------
    float
        1 over the smallest number of recalls of a trial; 1 with feedback.

    Raises
    ------
    ValueError
        As `asked_of`.
    """
    if episode.feedback.any():
        return 1.0
    return float(1 / asked_of(episode, subset).sum(axis=-1).min())
