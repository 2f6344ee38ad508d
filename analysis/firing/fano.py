"""Fano factor: how much a neuron's spike count varies between presentations, against a Poisson process."""

from __future__ import annotations

import numpy as np

from ..evoked import Evoked, check_is_evoked


def fano(evoked: Evoked) -> np.ndarray:
    """Variance of a neuron's spike count over its mean, from presentation to presentation; the mean over neurons.

    Parameters
    ----------
    evoked : Evoked
        Spikes while keys were on.

    Returns
    -------
    array, (...)
        One number per trial: 1 for Poisson processes that fire alike in all presentations. nan for a trial with fewer
        than two presentations of the phase, or without a spike.

    Notes
    -----
    Neurons that never fired are left out. The variance is that of the presentations there are (divided by their
    number), as in `elephant.statistics.fanofactor`. Where presentations show different items, what these differ in is
    part of it; only where one item is shown again and again is it variability of the response alone.
    """
    check_is_evoked(evoked)
    return evoked.per_trial([_of_trial(*moments) if len(counts) > 1 else np.nan for counts, moments in
                             zip(evoked.of_trials, evoked.moments, strict=True)])  # fmt: skip


def _of_trial(mean: np.ndarray, variance: np.ndarray) -> float:
    fired = mean > 0
    return float((variance[fired] / mean[fired]).mean()) if fired.any() else np.nan
