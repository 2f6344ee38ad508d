"""CV of interspike intervals: how irregularly neurons fire."""

from __future__ import annotations

import numpy as np

from ..evoked import Evoked, check_is_evoked

SPIKES = True


def cv(evoked: Evoked) -> np.ndarray:
    """Coefficient of variation of a neuron's interspike intervals; the mean over neurons.

    Parameters
    ----------
    evoked : Evoked
        Recorded spikes while keys were on.

    Returns
    -------
    array, (...)
        One number per trial: 0 for a clock, 1 for a Poisson process that is watched for long. nan if no neuron has
        ten intervals.

    Raises
    ------
    ValueError
        If no spikes were recorded.

    Notes
    -----
    A neuron's intervals of all presentations of the phase are pooled, none from one presentation to the next; neurons
    with fewer than ten are left out. It is `elephant.statistics.cv` of the pooled intervals. Two things bend it: a rate
    that differs between presentations, or changes within one, makes it larger, and presentations are too short for long
    intervals, which makes it smaller: a Poisson process with n spikes in each has sqrt(n/(n + 2)). `cv2` is free of
    both.

    References
    ----------
    Softky and Koch (1993), Journal of Neuroscience 13: 334-350: .5 to 1 in awake monkeys' cortex.
    """
    check_is_evoked(evoked)
    of = evoked.intervals
    place, size = evoked.place(of), evoked.here.shape[0] * evoked.n_neurons
    number = np.maximum(np.bincount(place, minlength=size), 1)
    mean = np.bincount(place, of.ms, size) / number
    spread = np.bincount(place, (of.ms - mean[place]) ** 2, size) / number
    return evoked.mean_over_neurons(of, np.sqrt(spread) / np.where(mean > 0, mean, 1))
