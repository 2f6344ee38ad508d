"""Population sparseness: how few hidden neurons answer to a key."""

from __future__ import annotations

import numpy as np

from ..evoked import Evoked, check_is_evoked

POPULATIONS = ("hidden",)


def population_sparseness(evoked: Evoked) -> np.ndarray:
    """Sparseness over neurons of their counts in a presentation; the mean over presentations with a spike.

    Parameters
    ----------
    evoked : Evoked
        Spikes while keys were on.

    Returns
    -------
    array, (...)
        One number per trial: 0 if all neurons fire alike, 1 if one alone does. nan for a trial without a spike, or of
        a single neuron.

    References
    ----------
    Treves and Rolls (1991), Network 2: 371-397; scaled to 0 to 1 by Vinje and Gallant (2000), Science 287: 1273-1276.
    """
    check_is_evoked(evoked)
    return evoked.per_trial([sparseness(counts) for counts in evoked.of_trials])


def sparseness(rates: np.ndarray) -> float:
    """(1 - a)/(1 - 1/n), a = (mean r)^2 / mean r^2, of each row's n rates; the mean over rows that are not all 0.

    Parameters
    ----------
    rates : array, (K, n)
        Counts or rates, 0 or more.

    Returns
    -------
    float
        From 0 to 1, nan without such a row or with n = 1.
    """
    n = rates.shape[-1]
    some = rates[(rates > 0).any(axis=-1)]
    if n < 2 or not len(some):
        return np.nan
    a = some.mean(axis=-1) ** 2 / (some**2).mean(axis=-1)
    return float(((1 - a) / (1 - 1 / n)).mean())
