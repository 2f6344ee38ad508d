"""SpikeTrain and Trace: what neurons did, as plain arrays, so that nothing downstream needs Brian2."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import shapes
from .checks import check_trial, is_number, shown


@dataclass(frozen=True, eq=False, repr=False)
class SpikeTrain:
    """The spikes of one population over all trials of an episode.

    Parameters
    ----------
    t_ms : array, (S,)
        Spike times in ms from the start of the episode, ascending within a trial.
    neuron : array of int, (S,)
        Index of the neuron that fired, from 0 to n_neurons - 1.
    trial : array of int, (S,)
        The trial it fired in.
    n_neurons : int
        Size of the population, silent neurons included.

    Examples
    --------
    >>> import numpy as np
    >>> from bioKV import SpikeTrain
    >>> spikes = SpikeTrain(
    ...     t_ms=np.array([1.5, 4.0, 2.5]),
    ...     neuron=np.array([0, 1, 0]),
    ...     trial=np.array([0, 0, 1]),
    ...     n_neurons=2,
    ... )
    >>> spikes.of_trial(0).between(2, 10).t_ms
    array([4.])
    """

    t_ms: np.ndarray
    neuron: np.ndarray
    trial: np.ndarray
    n_neurons: int

    def __repr__(self) -> str:
        trials = len(np.unique(self.trial))
        return f"<SpikeTrain: {len(self.t_ms)} spikes of {self.n_neurons} neurons in {trials} trials>"

    def of_trial(self, trial: int) -> SpikeTrain:
        """Only the spikes of one trial.

        Parameters
        ----------
        trial : int
            Number of the trial, from 0.

        Returns
        -------
        SpikeTrain

        Raises
        ------
        ValueError
            If trial is not a whole number from 0.
        """
        check_trial(trial)
        here = self.trial == trial
        return SpikeTrain(self.t_ms[here], self.neuron[here], self.trial[here], self.n_neurons)

    def between(self, start_ms: float, stop_ms: float) -> SpikeTrain:
        """Only the spikes with start_ms <= t < stop_ms.

        Parameters
        ----------
        start_ms, stop_ms : float
            In ms from the start of the episode.

        Returns
        -------
        SpikeTrain

        Raises
        ------
        ValueError
            If either is no number.
        """
        for name, time in (("start_ms", start_ms), ("stop_ms", stop_ms)):
            if not (is_number(time) or (isinstance(time, float) and math.isinf(time))):
                raise ValueError(f"{name} must be a time in milliseconds; got {shown(time)}")
        here = (self.t_ms >= start_ms) & (self.t_ms < stop_ms)
        return SpikeTrain(self.t_ms[here], self.neuron[here], self.trial[here], self.n_neurons)


class Trace(NamedTuple):
    """Continuous variables of one population in one trial, at every time step.

    They are as thresholds saw them: at the time of a spike a variable is above the threshold, and it is set back in the
    next row.

    Parameters
    ----------
    t_ms : array, (S,)
        Times in ms from the start of the episode.
    values : dict of array, (S, n)
        Variable -> its value in each of n neurons.
    """

    t_ms: np.ndarray
    values: dict[str, np.ndarray]

    def __repr__(self) -> str:
        return shapes.line("Trace", {"t_ms": self.t_ms, "of": self.values})
