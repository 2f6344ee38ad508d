"""What one population did while keys were on: the spikes that measures of firing (analysis/firing/) are about."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ..checks import check_choice, is_number, shown
from ..response import SpikingResponse, check_spiking
from ..spikes import SpikeTrain

PHASE = {"store": "storing", "recall": "recalling"}  # what each is called in tables and pictures
PHASES = tuple(PHASE)
ROUNDING_MS = 1e-6  # of times in steps


class Intervals(NamedTuple):
    """Interspike intervals, each of one neuron in one presentation, an entry per interval.

    Parameters
    ----------
    trial, neuron : array, (K,)
        Whose it is.
    ms : array, (K,)
        How long it is.
    before_ms : array, (K,)
        The interval before it in the same presentation, nan if it is the first there.
    """

    trial: np.ndarray
    neuron: np.ndarray
    ms: np.ndarray
    before_ms: np.ndarray


def check_is_evoked(what: Any) -> None:
    """Raise ValueError unless this is an Evoked.

    Parameters
    ----------
    what : anything
        The argument that came.
    """
    if not isinstance(what, Evoked):
        raise ValueError(f"a measure of firing takes what analysis.evoked.evoked gives; got {shown(what)}")


class Evoked:
    """The spikes of one population in the presentations of one phase, while the key is on.

    Parameters
    ----------
    counts : array, (..., T, n)
        Spikes of each neuron in each presentation while the key was on.
    here : bool array, (..., T)
        The presentations of the phase.
    stimulus_ms : float
        How long a key is on, in ms.
    train : SpikeTrain, optional
        All spikes of the population, if they were recorded; trials are counted over the leading axes.
    onsets_ms : array, (T,), optional
        When each key comes on, in ms; needed with `train`.
    """

    def __init__(self, counts: np.ndarray, here: np.ndarray, stimulus_ms: float, train: SpikeTrain | None = None,
                 onsets_ms: np.ndarray | None = None):  # fmt: skip
        self.shape = counts.shape[:-2]
        self.counts = counts.reshape(-1, *counts.shape[-2:])
        self.here = np.broadcast_to(here, counts.shape[:-1]).reshape(-1, counts.shape[-2])
        self.stimulus_ms, self.train, self.onsets_ms = float(stimulus_ms), train, onsets_ms

    @property
    def n_neurons(self) -> int:
        """How many neurons the population has."""
        return self.counts.shape[-1]

    @cached_property
    def of_trials(self) -> list[np.ndarray]:
        """The counts of each trial in the presentations of the phase, (T of the phase, n) each."""
        return [counts[here].astype(float) for counts, here in zip(self.counts, self.here, strict=True)]

    @cached_property
    def moments(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Mean and variance over these presentations of each neuron's count, (n,) each, of each trial."""
        # counts are whole numbers, so that one that does not vary has a variance of 0 and no rounding
        return [(mean := counts.sum(axis=0) / max(len(counts), 1),
                 np.einsum("tn,tn->n", counts, counts) / max(len(counts), 1) - mean**2)
                for counts in self.of_trials]  # fmt: skip

    @cached_property
    def spikes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Trial, neuron, presentation and time after the onset in ms of each evoked spike, (S,) each.

        They are sorted by trial, neuron and time.

        Raises
        ------
        ValueError
            If no spikes were recorded.
        """
        if self.train is None or self.onsets_ms is None:
            raise ValueError("interspike intervals and synchrony take recorded spikes; respond(..., record=('hidden',"
                             " 'output')) keeps them")  # fmt: skip
        of = self.train
        order = np.lexsort((of.t_ms, of.neuron, of.trial))
        t, neuron, trial = of.t_ms[order], of.neuron[order], of.trial[order]
        step = np.searchsorted(self.onsets_ms, t + ROUNDING_MS, side="right") - 1
        after = t - self.onsets_ms[step]
        kept = (after < self.stimulus_ms - ROUNDING_MS) & self.here[trial, step]
        return trial[kept], neuron[kept], step[kept], after[kept]

    @cached_property
    def intervals(self) -> Intervals:
        """Those between spikes of one neuron in one presentation.

        Raises
        ------
        ValueError
            If no spikes were recorded.
        """
        trial, neuron, step, after = self.spikes
        same = (np.diff(trial) == 0) & (np.diff(neuron) == 0) & (np.diff(step) == 0)
        ms = np.where(same, np.diff(after), np.nan)
        before = np.concatenate([[np.nan], ms[:-1]])[: len(ms)]
        return Intervals(trial[1:][same], neuron[1:][same], ms[same], before[same])

    def mean_over_neurons(self, of: Intervals, each: np.ndarray) -> np.ndarray:
        """The mean over neurons of one number per trial and neuron.

        Parameters
        ----------
        of : Intervals
            What `each` is made from. Neurons with fewer than LEAST of these are left out.
        each : array, (trials * n,)
            A number of every neuron, trial by trial.

        Returns
        -------
        array, (...)
            One number per trial, nan where no neuron is left.
        """
        enough = np.bincount(self.place(of), minlength=each.size) >= LEAST
        return self.per_trial([values[here].mean() if here.any() else np.nan for values, here in zip(
            each.reshape(-1, self.n_neurons), enough.reshape(-1, self.n_neurons), strict=True)])  # fmt: skip

    def place(self, of: Intervals) -> np.ndarray:
        """The number of each interval's neuron, counted over all trials.

        Parameters
        ----------
        of : Intervals
            K of them.

        Returns
        -------
        array, (K,)
            The trial times n, plus the neuron.
        """
        return of.trial.astype(np.int64) * self.n_neurons + of.neuron

    def per_trial(self, values: list[float]) -> np.ndarray:
        """One number per trial in the shape of the leading axes.

        Parameters
        ----------
        values : list of float
            One for each trial.

        Returns
        -------
        array, (...)
            The same numbers.
        """
        return np.reshape(np.asarray(values, float), self.shape)


LEAST = 10  # intervals of a neuron: its CV says something from there on


def evoked(response: SpikingResponse, population: str, phase: str, stimulus_ms: float) -> Evoked:
    """What a population did in the presentations of a phase while keys were on.

    Parameters
    ----------
    response : SpikingResponse
        What a spiking memory answered; with the population's spikes, if intervals are to be measured.
    population : str
        One of those that the response has counts of, such as "hidden".
    phase : str
        "store" or "recall".
    stimulus_ms : float
        How long a key is on, `memory.stimulus_ms`.

    Returns
    -------
    Evoked
        What every measure in analysis/firing/ takes.

    Raises
    ------
    ValueError
        For what is no response of a spiking memory, and for an unknown population, phase or time.
    """
    check_spiking("a measure of firing", response)
    check_choice("population", population, tuple(response.evoked))
    check_choice("phase", phase, PHASES)
    if not (is_number(stimulus_ms) and stimulus_ms > 0):
        raise ValueError(f"stimulus_ms must be a time above 0; got {shown(stimulus_ms)}")
    return Evoked(response.evoked[population], response.phase == phase, stimulus_ms, response.spikes.get(population),
                  response.windows_ms[:, 0])  # fmt: skip
