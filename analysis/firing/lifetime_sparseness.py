"""Lifetime sparseness: to how few keys a hidden neuron answers."""

from __future__ import annotations

import numpy as np

from ..evoked import Evoked, check_is_evoked
from .population_sparseness import sparseness

POPULATIONS = ("hidden",)


def lifetime_sparseness(evoked: Evoked) -> np.ndarray:
    """Sparseness over presentations of a neuron's counts; the mean over neurons that fired.

    Parameters
    ----------
    evoked : Evoked
        Spikes while keys were on.

    Returns
    -------
    array, (...)
        One number per trial: 0 if a neuron fires alike in all presentations, 1 if in one alone. nan for a trial
        without a spike, or with a single presentation.

    References
    ----------
    Vinje and Gallant (2000), Science 287: 1273-1276.
    """
    check_is_evoked(evoked)
    return evoked.per_trial([sparseness(counts.T) for counts in evoked.of_trials])
