"""Spike-count correlation: whether neurons fire more in the same presentations."""

from __future__ import annotations

import numpy as np

from ..evoked import Evoked, check_is_evoked


def count_correlation(evoked: Evoked) -> np.ndarray:
    """Mean over pairs of neurons of the correlation of their spike counts over presentations.

    Parameters
    ----------
    evoked : Evoked
        Spikes while keys were on.

    Returns
    -------
    array, (...)
        One number per trial: 0 for neurons that fire independently. nan for a trial with fewer than two presentations
        of the phase, or fewer than two neurons whose count varies.

    Notes
    -----
    The counts are of whole presentations, so that it says nothing of when in them neurons fire; `synchrony` does. Where
    presentations show different items, the correlation of what neurons prefer is part of it (Cohen and Kohn 2011 call
    that signal correlation).

    References
    ----------
    Cohen and Kohn (2011), Nature Neuroscience 14: 811-819.
    """
    check_is_evoked(evoked)
    return evoked.per_trial([_mean_correlation(counts, variance) for counts, (_, variance) in
                             zip(evoked.of_trials, evoked.moments, strict=True)])  # fmt: skip


def _mean_correlation(counts: np.ndarray, variance: np.ndarray) -> float:
    """The mean of Pearson's correlation over all pairs of columns that vary, from the variance of the sum of
    standardised columns, which is n + n(n - 1) times that mean. counts (T, n), variance (n,)."""
    varies = variance > 0
    n = int(varies.sum())
    if n < 2:
        return np.nan
    together = counts @ np.where(varies, 1 / np.sqrt(np.where(varies, variance, 1)), 0)
    return float((together.var() - n) / (n * (n - 1)))
