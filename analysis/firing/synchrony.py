"""Synchrony: whether neurons fire within the same few milliseconds."""

from __future__ import annotations

import numpy as np

from ..evoked import Evoked, check_is_evoked

SPIKES = True
BIN_MS = 2.0


def synchrony(evoked: Evoked) -> np.ndarray:
    """Mean over pairs of neurons of the correlation of their spike counts in bins of 2 ms.

    Parameters
    ----------
    evoked : Evoked
        Recorded spikes while keys were on.

    Returns
    -------
    array, (...)
        One number per trial: 0 for neurons that fire independently, 1 if all fire in the same bins. nan if fewer than
        two neurons fired.

    Raises
    ------
    ValueError
        If no spikes were recorded.

    Notes
    -----
    Neurons that did not fire are left out. It is `elephant.spike_train_correlation.correlation_coefficient`, averaged
    over pairs. Unlike the ratio of variances of Golomb and Rinzel (1994) it does not depend on how many neurons there
    are, so that populations can be compared.

    References
    ----------
    Smith and Kohn (2008), Journal of Neuroscience 28: 12591-12603: correlations from a few ms to seconds.
    """
    check_is_evoked(evoked)
    trial, neuron, step, after = evoked.spikes
    per_window = max(1, round(evoked.stimulus_ms / BIN_MS))
    place = np.minimum((after / BIN_MS + 1e-9).astype(int), per_window - 1)
    found = []
    for number, here in enumerate(evoked.here):
        own, rank = trial == number, np.cumsum(here) - 1  # presentations of the phase, one after the other
        bins = rank[step[own]] * per_window + place[own]
        found.append(_mean_correlation(bins, neuron[own], int(here.sum()) * per_window, evoked.n_neurons))
    return evoked.per_trial(found)


def _mean_correlation(bins: np.ndarray, neuron: np.ndarray, n_bins: int, n_neurons: int) -> float:
    """As for whole presentations, of counts (n_bins, n_neurons) that are never written out: nearly all are 0."""
    cells, counts = np.unique(bins * n_neurons + neuron, return_counts=True)
    where, who = np.divmod(cells, n_neurons)
    mean = np.bincount(who, counts, n_neurons) / max(n_bins, 1)
    spread = np.sqrt(np.maximum(np.bincount(who, counts**2, n_neurons) / max(n_bins, 1) - mean**2, 0))
    varies = spread > 0
    n = int(varies.sum())
    if n < 2:
        return np.nan
    scale = np.where(varies, 1 / np.where(varies, spread, 1), 0)
    together = np.bincount(where, counts * scale[who], n_bins)  # less a constant, which has no variance
    return float((together.var() - n) / (n * (n - 1)))
