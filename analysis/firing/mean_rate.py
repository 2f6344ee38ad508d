"""Mean rate: spikes per neuron and second."""

from __future__ import annotations

import numpy as np

from ..evoked import Evoked, check_is_evoked

UNIT = "hz"


def mean_rate(evoked: Evoked) -> np.ndarray:
    """Mean firing rate over all neurons, silent ones too, and all presentations of the phase.

    Parameters
    ----------
    evoked : Evoked
        Spikes while keys were on.

    Returns
    -------
    array, (...)
        In Hz, one number per trial; nan for a trial without such a presentation.
    """
    check_is_evoked(evoked)
    seconds = evoked.stimulus_ms * 1e-3
    return evoked.per_trial([counts.mean() / seconds if counts.size else np.nan for counts in evoked.of_trials])
