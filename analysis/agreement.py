"""How far the spiking network is from its rate twin: paired gaps, equivalence, and spike shares against the softmax."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import optimize, stats
from scipy.special import logsumexp

from ..episode import Episode
from ..response import SpikingResponse
from .accuracy import Mean, mean_with_interval


class Equivalence(NamedTuple):
    """Two one-sided t tests: the mean gap lies within +-margin if p < 0.05."""

    gap: Mean
    margin: float
    p: float

    @property
    def holds(self) -> bool:
        return self.p < 0.05


def equivalence(spiking, rate, margin: float = 0.02) -> Equivalence:
    """Paired gap (spiking minus rate) over independent trials, and whether it is equivalent to none.

    spiking, rate (n,) : one number per trial, of the same episodes. Raises ValueError with fewer than two trials,
    unequal lengths, or a margin that is not above 0. Without any spread the gap decides by itself (p is 0 or 1).
    """
    gaps = np.asarray(spiking, float) - np.asarray(rate, float)
    if gaps.ndim != 1 or gaps.size < 2:
        raise ValueError(f"equivalence needs at least two trials, one number each; got shape {gaps.shape}")
    if not margin > 0:
        raise ValueError(f"margin must be above 0; got {margin}")
    if np.ptp(gaps) == 0:
        p = 0.0 if abs(gaps[0]) < margin else 1.0
    else:
        above = stats.ttest_1samp(gaps, -margin, alternative="greater").pvalue
        below = stats.ttest_1samp(gaps, margin, alternative="less").pvalue
        p = float(max(above, below))
    return Equivalence(mean_with_interval(gaps), margin, p)


def argmax_share(votes: np.ndarray, softmax: np.ndarray, episode: Episode) -> np.ndarray:
    """Fraction of recalls at which the slot with most votes is one of largest softmax, one number per trial.

    votes, softmax (..., T, N). Slots whose softmax is the largest to 1e-9 count alike (copies of one key).
    """
    most = np.take_along_axis(softmax, votes.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    right = (most >= softmax.max(axis=-1) - 1e-9) & (votes.sum(axis=-1) > 0)
    asked = episode.is_recall
    return np.where(asked, right, False).sum(axis=-1) / asked.sum(axis=-1)


def excess_kl(votes: np.ndarray, softmax: np.ndarray, episode: Episode) -> np.ndarray:
    """KL divergence of spike shares from the softmax beyond that of as many multinomial votes, in nats, mean per trial.

    votes, softmax (..., T, N). The multinomial's expected divergence is exact: KL is a sum over slots, and a slot's
    votes are binomial. 0 is a perfect sample, whatever the number of votes; recalls without a vote do not count.
    """
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
    return excess.sum(axis=-1) / np.maximum(asked.sum(axis=-1), 1)


def inverse_temperature(votes: np.ndarray, softmax: np.ndarray, episode: Episode) -> float:
    """b of softmax(b u) that fits the votes of all recalls best (maximum likelihood); 1: the softmax.

    votes, softmax (..., T, N), softmax = softmax(u). At most 10, where all votes fall to the largest; nan without votes
    or where every softmax is flat, so that any b fits.
    """
    asked = episode.is_recall & (votes.sum(axis=-1) > 0) & (np.ptp(softmax, axis=-1) > 1e-12)
    if not asked.any():
        return np.nan
    n, u = votes[asked], np.log(np.maximum(softmax[asked], 1e-300))

    def surprise(b: float) -> float:
        return float((n.sum(axis=-1) * logsumexp(b * u, axis=-1) - (n * b * u).sum(axis=-1)).sum())

    return float(optimize.minimize_scalar(surprise, bounds=(0, 10), method="bounded").x)


def plateau_errors(response: SpikingResponse, expected: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Dendritic spikes that were missed, and ones too many, per presentation, one number per trial each.

    expected (..., T, N) : the plateaus that should happen, or None where chance decides (then only a second
    dendritic spike of the same neuron in one presentation is one too many, and nothing can be missed).
    """
    fired = response.counts["dendrite"]
    wanted = np.minimum(fired, 1) if expected is None else expected
    missed, extra = np.maximum(wanted - fired, 0), np.maximum(fired - wanted, 0)
    return missed.sum(axis=-1).mean(axis=-1), extra.sum(axis=-1).mean(axis=-1)
