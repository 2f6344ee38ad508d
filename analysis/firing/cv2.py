"""CV2: how irregularly neurons fire, from neighbouring intervals alone, whatever their rate does."""

from __future__ import annotations

import numpy as np

from ..evoked import Evoked, Intervals, check_is_evoked

SPIKES = True


def cv2(evoked: Evoked) -> np.ndarray:
    """Local coefficient of variation of a neuron's interspike intervals (Holt et al. 1996); the mean over neurons.

    Parameters
    ----------
    evoked : Evoked
        Recorded spikes while keys were on.

    Returns
    -------
    array, (...)
        One number per trial: 0 for a clock, 1 for a Poisson process. nan if no neuron has ten pairs of intervals.

    Raises
    ------
    ValueError
        If no spikes were recorded.

    Notes
    -----
    ``2 |b - a| / (b + a)`` of an interval a and the next one b, averaged over all pairs of a neuron within
    presentations, as in `elephant.statistics.cv2`. A rate that differs between presentations does not change it. Nor
    does it matter how short these are: the spikes of a Poisson process cut a window at random, so that a/(a + b) is
    uniform.

    References
    ----------
    Holt, Softky, Koch and Douglas (1996), Journal of Neurophysiology 75: 1806-1814.
    """
    check_is_evoked(evoked)
    every = evoked.intervals
    of = Intervals(*(column[~np.isnan(every.before_ms)] for column in every))
    place, size = evoked.place(of), evoked.here.shape[0] * evoked.n_neurons
    each = 2 * np.abs(of.ms - of.before_ms) / (of.ms + of.before_ms)
    number = np.maximum(np.bincount(place, minlength=size), 1)
    return evoked.mean_over_neurons(of, np.bincount(place, each, size) / number)
