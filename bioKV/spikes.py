"""SpikeTrain and Trace: what neurons did, as plain arrays, so that nothing downstream needs Brian2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import shapes
from .checks import check_trial


@dataclass(frozen=True, eq=False, repr=False)
class SpikeTrain:
    """The spikes of one population over all trials of an episode.

    t_ms (S,) : spike times in milliseconds from the start of the episode, ascending within a trial.
    neuron (S,) : index of the neuron that fired, from 0 to n_neurons - 1.
    trial (S,) : the trial it fired in.
    n_neurons : the size of the population, silent neurons included.
    """

    t_ms: np.ndarray
    neuron: np.ndarray
    trial: np.ndarray
    n_neurons: int

    def __repr__(self) -> str:
        trials = len(np.unique(self.trial))
        return f"<SpikeTrain: {len(self.t_ms)} spikes of {self.n_neurons} neurons in {trials} trials>"

    def of_trial(self, trial: int) -> SpikeTrain:
        """Only the spikes of one trial. Raises ValueError for no number of a trial, from 0."""
        check_trial(trial)
        here = self.trial == trial
        return SpikeTrain(self.t_ms[here], self.neuron[here], self.trial[here], self.n_neurons)

    def between(self, start_ms: float, stop_ms: float) -> SpikeTrain:
        """Only the spikes with start_ms <= t < stop_ms."""
        here = (self.t_ms >= start_ms) & (self.t_ms < stop_ms)
        return SpikeTrain(self.t_ms[here], self.neuron[here], self.trial[here], self.n_neurons)


class Trace(NamedTuple):
    """Continuous variables of one population in one trial, at every time step.

    t_ms (S,) : times in milliseconds from the start of the episode. values : variable -> (S, n), as thresholds saw it:
    at the time of a spike it is above the threshold, and what the spike sets back is set back in the next row.
    """

    t_ms: np.ndarray
    values: dict[str, np.ndarray]

    def __repr__(self) -> str:
        return shapes.line("Trace", {"t_ms": self.t_ms, "of": self.values})
