"""How well the spikes of hidden neurons in a recall, its votes, stand for the softmax of the rate twin."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..checks import numbers_of
from ..episode import Episode, check_is_episode
from .asked import mean_where_asked


def checked(votes: ArrayLike, softmax: ArrayLike, episode: Episode) -> tuple[np.ndarray, np.ndarray]:
    """Votes and softmax as arrays.

    Parameters
    ----------
    votes, softmax : array_like, shape (..., T, N)
        Spikes of each slot, and what the rate twin has in their place.
    episode : Episode
        What was presented.

    Returns
    -------
    votes : np.ndarray, shape (..., T, N)
        The numbers.
    softmax : np.ndarray, shape (..., T, N)
        The numbers.

    Raises
    ------
    ValueError
        Unless they are numbers of one shape, of an episode's trials.
    """
    check_is_episode("a comparison of votes", episode)
    votes, softmax = numbers_of("votes", votes), numbers_of("softmax", softmax)
    if votes.shape != softmax.shape or votes.shape[:-1] != episode.source.shape:
        raise ValueError(f"votes and softmax must have shape {(*episode.source.shape, 'N')}; got {votes.shape} and"
                         f" {softmax.shape}")  # fmt: skip
    return votes, softmax


def argmax_share(votes: np.ndarray, softmax: np.ndarray, episode: Episode) -> np.ndarray:
    """Fraction of recalls at which the slot with most votes is one of largest softmax, one number per trial.

    Slots whose softmax is the largest to 1e-9 count alike (copies of one key).

    Parameters
    ----------
    votes, softmax : np.ndarray, shape (..., T, N)
        Spikes of each slot, and what the rate twin has in their place.
    episode : Episode
        What was presented.

    Returns
    -------
    np.ndarray, shape (...)
        From 0 to 1; nan for a trial without a recall.

    Raises
    ------
    ValueError
        As `checked`.

    Examples
    --------
    Twelve votes, drawn from the softmax of a rate memory, which recalls most clearly:

    >>> import numpy as np
    >>> from bioKV import models, protocols
    >>> from bioKV.analysis.votes import argmax_share
    >>> rng = np.random.default_rng(0)
    >>> episode = protocols.autoassociative(rng, n_pairs=4, key_dim=40)
    >>> softmax = models.KeyValueMemory(40, 4, 40).respond(episode, rng).hidden
    >>> float(argmax_share(rng.multinomial(12, softmax), softmax, episode))
    1.0
    """
    votes, softmax = checked(votes, softmax, episode)
    most = np.take_along_axis(softmax, votes.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    right = (most >= softmax.max(axis=-1) - 1e-9) & (votes.sum(axis=-1) > 0)
    return mean_where_asked(right, episode.is_recall)


def excess_kl(votes: np.ndarray, softmax: np.ndarray, episode: Episode) -> np.ndarray:
    """KL divergence of spike shares from the softmax beyond that of as many multinomial votes, mean per trial.

    The multinomial's expected divergence is exact: KL is a sum over slots, and a slot's votes are binomial.

    Parameters
    ----------
    votes, softmax : np.ndarray, shape (..., T, N)
        Spikes of each slot, and what the rate twin has in their place.
    episode : Episode
        What was presented.

    Returns
    -------
    np.ndarray, shape (...)
        In nats; 0 is a perfect sample, whatever the number of votes. Recalls without a vote do not count, and a trial
        that has no other gives nan.

    Raises
    ------
    ValueError
        As `checked`.
    """
    from scipy import stats  # half a second, which a study of rate memories need not wait

    votes, softmax = checked(votes, softmax, episode)
    asked = episode.is_recall & (votes.sum(axis=-1) > 0)
    excess = np.zeros(asked.shape)
    n, h = votes[asked].sum(axis=-1).astype(int), np.maximum(softmax[asked], 1e-300)
    share = votes[asked] / n[:, None]
    observed = np.where(share > 0, share * np.log(np.maximum(share, 1e-300) / h), 0.0).sum(axis=-1)
    expected = np.empty(len(n))
    for size in np.unique(n):
        same = n == size
        k = np.arange(1, size + 1)
        each = k / size * (np.log(k / size) - np.log(h[same])[..., None])
        expected[same] = (stats.binom.pmf(k, size, h[same][..., None]) * each).sum(axis=(-1, -2))
    excess[asked] = observed - expected
    return mean_where_asked(excess, asked)


class Fit(NamedTuple):
    """The b of softmax(b u) with its Fisher information.

    Parameters
    ----------
    b : float
        The inverse temperature; 1: the softmax.
    information : float
        Its Fisher information: 1/sqrt(information) is the standard error of b.
    """

    b: float
    information: float


def inverse_temperature(votes: np.ndarray, softmax: np.ndarray, episode: Episode) -> Fit:
    """The b of softmax(b u) that fits the votes of all recalls best (maximum likelihood).

    Parameters
    ----------
    votes, softmax : np.ndarray, shape (..., T, N)
        Spikes of each slot, and softmax(u) of the rate twin.
    episode : Episode
        What was presented.

    Returns
    -------
    Fit
        1: the softmax. At most 10, where all votes fall to the largest; nan, with an information of 0, without votes or
        where every softmax is flat, so that any b fits.

    Raises
    ------
    ValueError
        As `checked`.

    Examples
    --------
    Shares that are those of the softmax itself:

    >>> import numpy as np
    >>> from bioKV import models, protocols
    >>> from bioKV.analysis.votes import inverse_temperature
    >>> episode = protocols.autoassociative(np.random.default_rng(0), n_pairs=8, key_dim=20)
    >>> softmax = models.KeyValueMemory(20, 4, 20).respond(episode, np.random.default_rng(1)).hidden
    >>> print(f"{inverse_temperature(200 * softmax, softmax, episode).b:.3f}")
    1.000
    """
    from scipy import optimize

    votes, softmax = checked(votes, softmax, episode)
    asked = episode.is_recall & (votes.sum(axis=-1) > 0) & (np.ptp(softmax, axis=-1) > 1e-12)
    if not asked.any():
        return Fit(np.nan, 0.0)
    n, u = votes[asked], np.log(np.maximum(softmax[asked], 1e-300))
    u -= u.max(axis=-1, keepdims=True)  # so that nothing overflows, whatever b; the softmax stays the same
    all_votes, voted = n.sum(axis=-1), (n * u).sum()

    def surprise(b: float) -> float:
        return float((all_votes * np.log(np.exp(b * u).sum(axis=-1))).sum() - b * voted)

    b = float(optimize.minimize_scalar(surprise, bounds=(0, 10), method="bounded").x)
    h = np.exp(b * u)
    h /= h.sum(axis=-1, keepdims=True)
    spread = (h * u**2).sum(axis=-1) - (h * u).sum(axis=-1) ** 2
    return Fit(b, float((all_votes * spread).sum()))


def inverse_temperatures(votes: np.ndarray, softmax: np.ndarray, episode: Episode) -> tuple[np.ndarray, np.ndarray]:
    """The b of every trial, and its information.

    Parameters
    ----------
    votes, softmax : np.ndarray, shape (B, T, N)
        Spikes of each slot, and softmax(u) of the rate twin.
    episode : Episode
        What was presented, with one leading axis.

    Returns
    -------
    b : np.ndarray, shape (B,)
        The inverse temperatures.
    information : np.ndarray, shape (B,)
        Their Fisher information.
    """
    fits = [inverse_temperature(votes[i], softmax[i], episode.trials(i)) for i in range(len(votes))]
    return np.array([fit.b for fit in fits]), np.array([fit.information for fit in fits])


def pooled(b: np.ndarray, information: np.ndarray) -> Fit:
    """The b over trials: the mean, weighted with the information of each.

    Parameters
    ----------
    b, information : np.ndarray, shape (B,)
        Inverse temperatures and their information.

    Returns
    -------
    Fit
        The mean, and the sum of information.
    """
    known = information > 0
    total = float(information[known].sum())
    return Fit(float((b[known] * information[known]).sum() / total) if total else np.nan, total)
