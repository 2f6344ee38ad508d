"""How well the spikes of hidden neurons in a recall, its votes, stand for the softmax of the rate twin."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..checks import numbers_of
from ..episode import Episode, check_is_episode
from .asked import mean_where_asked


def checked(votes, softmax, episode: Episode) -> tuple[np.ndarray, np.ndarray]:
    """Both as arrays. Raises ValueError unless they are numbers of one shape (..., T, N), of an episode's trials."""
    check_is_episode("a comparison of votes", episode)
    votes, softmax = numbers_of("votes", votes), numbers_of("softmax", softmax)
    if votes.shape != softmax.shape or votes.shape[:-1] != episode.source.shape:
        raise ValueError(f"votes and softmax must have shape {(*episode.source.shape, 'N')}; got {votes.shape} and"
                         f" {softmax.shape}")  # fmt: skip
    return votes, softmax


def argmax_share(votes: np.ndarray, softmax: np.ndarray, episode: Episode) -> np.ndarray:
    """Fraction of recalls at which the slot with most votes is one of largest softmax, one number per trial.

    votes, softmax (..., T, N). Slots whose softmax is the largest to 1e-9 count alike (copies of one key). nan for a
    trial without a recall.
    """
    votes, softmax = checked(votes, softmax, episode)
    most = np.take_along_axis(softmax, votes.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    right = (most >= softmax.max(axis=-1) - 1e-9) & (votes.sum(axis=-1) > 0)
    return mean_where_asked(right, episode.is_recall)


def excess_kl(votes: np.ndarray, softmax: np.ndarray, episode: Episode) -> np.ndarray:
    """KL divergence of spike shares from the softmax beyond that of as many multinomial votes, in nats, mean per trial.

    votes, softmax (..., T, N). The multinomial's expected divergence is exact: KL is a sum over slots, and a slot's
    votes are binomial. 0 is a perfect sample, whatever the number of votes; recalls without a vote do not count, and a
    trial that has no other gives nan.
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
    """b of softmax(b u) with its Fisher information: 1/sqrt(information) is its standard error."""

    b: float
    information: float


def inverse_temperature(votes: np.ndarray, softmax: np.ndarray, episode: Episode) -> Fit:
    """b of softmax(b u) that fits the votes of all recalls best (maximum likelihood); 1: the softmax.

    votes, softmax (..., T, N), softmax = softmax(u). At most 10, where all votes fall to the largest; nan, with an
    information of 0, without votes or where every softmax is flat, so that any b fits.
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
    """b and its information of every trial of an episode with one leading axis, (B,) each."""
    fits = [inverse_temperature(votes[i], softmax[i], episode.trials(i)) for i in range(len(votes))]
    return np.array([fit.b for fit in fits]), np.array([fit.information for fit in fits])


def pooled(b: np.ndarray, information: np.ndarray) -> Fit:
    """b over trials (B,): the mean, weighted with the information of each."""
    known = information > 0
    total = float(information[known].sum())
    return Fit(float((b[known] * information[known]).sum() / total) if total else np.nan, total)
