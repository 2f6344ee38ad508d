"""Whether the spiking network and its rate twin do the same.

That is which recalls fail in both, up to where they are asked the same, and which plateaus happen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..checks import numbers_of
from ..episode import Episode
from ..response import Response, SpikingResponse, check_answers, check_spiking
from .asked import mean_where_asked
from .measures.whole_patterns import whole_patterns


def kappa(spiking: Response, rate: Response, episode: Episode) -> np.ndarray:
    """Cohen's kappa of both memories on which recalls are right as wholes, one number per trial.

    Parameters
    ----------
    spiking, rate : Response
        What the two memories answered to the episode.
    episode : Episode
        What was asked and right.

    Returns
    -------
    np.ndarray, shape (...)
        1: the same recalls fail in both; 0: no more of them than by chance; nan where all recalls are right in both, or
        all wrong, so that there is nothing to agree on.

    Raises
    ------
    ValueError
        As `asked.asked_steps`.

    Examples
    --------
    Memories with room for four and for five of eight pairs:

    >>> import numpy as np
    >>> from bioKV import models, protocols
    >>> from bioKV.analysis.agreement import kappa
    >>> episode = protocols.autoassociative(np.random.default_rng(0), n_pairs=8, key_dim=20)
    >>> four, five = (models.KeyValueMemory(20, n, 20).respond(episode, np.random.default_rng(1)) for n in (4, 5))
    >>> float(kappa(five, four, episode))
    0.75
    """
    one, other = (whole_patterns(response, episode) for response in (spiking, rate))
    return kappa_of(one, other, both_right(spiking, rate, episode))


def kappa_of(spiking: Any, rate: Any, both: Any) -> Any:
    """Cohen's kappa from the shares of recalls that are right in one, in the other, and in both.

    Parameters
    ----------
    spiking, rate, both : float or np.ndarray, shape (...)
        The shares, from 0 to 1.

    Returns
    -------
    float or np.ndarray, shape (...)
        From -1 to 1; nan where there is nothing to agree on.
    """
    observed = 1 - spiking - rate + 2 * both
    expected = spiking * rate + (1 - spiking) * (1 - rate)
    room = 1 - np.asarray(expected)
    return np.where(room > 1e-12, (observed - expected) / np.where(room > 1e-12, room, 1), np.nan)[()]


def both_right(spiking: Response, rate: Response, episode: Episode) -> np.ndarray:
    """Fraction of recalls that are right as wholes in both, one number per trial.

    Parameters
    ----------
    spiking, rate : Response
        What the two memories answered to the episode.
    episode : Episode
        What was asked and right.

    Returns
    -------
    np.ndarray, shape (...)
        From 0 to 1; nan for a trial without a recall.
    """
    for response in (spiking, rate):
        check_answers("agreement", response, episode)
    right = [(response.values * episode.values > 0).all(axis=-1) for response in (spiking, rate)]
    return mean_where_asked(right[0] & right[1], episode.is_recall)


def before_parting(spiking: Response, rate: Response, episode: Episode) -> Episode:
    """The episode with only those recalls at which both memories were still asked the same.

    With feedback a key is the sign of the answer before it: once the two answers differ, so do all that follows.

    Parameters
    ----------
    spiking, rate : Response
        What the two memories answered to the episode.
    episode : Episode
        What was asked and right.

    Returns
    -------
    Episode
        The same, without the recalls after a trial's first difference.
    """
    for response in (spiking, rate):
        check_answers("agreement", response, episode)
    differ = (np.sign(spiking.values) != np.sign(rate.values)).any(axis=-1)
    before = np.concatenate([np.zeros_like(differ[..., :1]), differ[..., :-1]], axis=-1)
    parted = np.logical_or.accumulate(episode.feedback & before, axis=-1)
    return replace(episode, source=np.where(parted, -1, episode.source))


def plateau_errors(response: SpikingResponse, expected: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Dendritic spikes that were missed, and ones too many, per presentation.

    Parameters
    ----------
    response : SpikingResponse
        What a spiking memory answered.
    expected : np.ndarray or None, shape (..., T, N)
        The plateaus that should happen. None where chance decides: then only a second dendritic spike of the same
        neuron in one presentation is one too many, and nothing can be missed.

    Returns
    -------
    missed : np.ndarray, shape (...)
        One number per trial.
    extra : np.ndarray, shape (...)
        One number per trial.
    """
    check_spiking("a count of plateaus", response)
    fired = response.counts["dendrite"]
    wanted = np.minimum(fired, 1) if expected is None else numbers_of("expected", expected)
    if wanted.shape != fired.shape:
        raise ValueError(f"expected must have the shape of the plateaus that happened, {fired.shape}; got"
                         f" {wanted.shape}")  # fmt: skip
    missed, extra = np.maximum(wanted - fired, 0), np.maximum(fired - wanted, 0)
    return missed.sum(axis=-1).mean(axis=-1), extra.sum(axis=-1).mean(axis=-1)
