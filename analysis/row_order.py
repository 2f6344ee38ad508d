"""In which order populations and their neurons stand in a raster, and which of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..checks import check_choice, shown
from ..spikes import SpikeTrain

POPULATIONS = ("input", "feedforward", "interneuron", "hidden", "output")  # as signals pass them
ORDERS = ("written", "neuron")


class Rows(NamedTuple):
    """Neurons from the lowest row up.

    Parameters
    ----------
    neurons : array, (rows,)
        Numbers of neurons.
    written : int or None
        How many of the rows, from the lowest, are of slots that were written; None unless sorted by writing.
    """

    neurons: np.ndarray
    written: int | None = None

    def of(self, spikes: SpikeTrain) -> SpikeTrain:
        """The spikes of these neurons, with rows in place of the numbers of neurons.

        Parameters
        ----------
        spikes : SpikeTrain
            Of the whole population.

        Returns
        -------
        SpikeTrain
            `neuron` is the row, `n_neurons` the number of rows.
        """
        row = np.full(spikes.n_neurons, -1)
        row[self.neurons] = np.arange(len(self.neurons))
        here = row[spikes.neuron] >= 0
        return SpikeTrain(spikes.t_ms[here], row[spikes.neuron[here]], spikes.trial[here], len(self.neurons))


def first_written(third_factor: np.ndarray, gate: np.ndarray) -> np.ndarray:
    """The presentation in which each slot was first written.

    Parameters
    ----------
    third_factor : array, (T, N)
        Plateaus, 0 or 1.
    gate : array, (T,)
        The global third factor q; nothing is written where it is 0.

    Returns
    -------
    array of int, (N,)
        Numbers of presentations; T for a slot that was never written.
    """
    written = (np.asarray(third_factor) > 0) & (np.asarray(gate) > 0)[:, None]
    return np.where(written.any(axis=0), written.argmax(axis=0), len(written))


def rows_by_writing(third_factor: np.ndarray, gate: np.ndarray, n_neurons: int) -> Rows:
    """Hidden neurons sorted by when their slot was first written; those that never were come last, by number.

    Parameters
    ----------
    third_factor : array, (T, N)
        Plateaus, 0 or 1.
    gate : array, (T,)
        The global third factor q.
    n_neurons : int
        Hidden neurons; the neurons of a slot stand together.

    Returns
    -------
    Rows
        Of all hidden neurons.
    """
    when = first_written(third_factor, gate)
    slots = np.argsort(when, kind="stable")
    per_slot = n_neurons // len(when)
    neurons = (slots[:, None] * per_slot + np.arange(per_slot)).ravel()
    return Rows(neurons, int((when < len(third_factor)).sum()) * per_slot)


def some_of(rows: Rows, wanted: Sequence[int], population: str) -> Rows:
    """Only some neurons, in the order of the rows.

    Parameters
    ----------
    rows : Rows
        Of the whole population.
    wanted : sequence of int
        Numbers of neurons.
    population : str
        For the message.

    Returns
    -------
    Rows
        Of these neurons.

    Raises
    ------
    ValueError
        If there is no such neuron, or none is wanted.
    """
    numbers = check_neurons(population, wanted, len(rows.neurons))
    here = np.isin(rows.neurons, numbers)
    return Rows(rows.neurons[here], None if rows.written is None else int(here[: rows.written].sum()))


def checked_populations(populations: Any) -> tuple[str, ...]:
    """Those that are drawn.

    Parameters
    ----------
    populations : str or sequence of str
        Some of POPULATIONS.

    Returns
    -------
    tuple of str
        As they were given.

    Raises
    ------
    ValueError
        If there is no such population, or none is wanted.
    """
    if not isinstance(populations, str | tuple | list):
        raise ValueError(f"populations are some of {', '.join(POPULATIONS)}; got {shown(populations)}")
    given = (populations,) if isinstance(populations, str) else tuple(populations)
    for name in given:
        check_choice("populations", name, POPULATIONS)
    if not given:
        raise ValueError(f"populations are some of {', '.join(POPULATIONS)}; got none")
    return given


def check_neurons(population: str, wanted: Any, n_neurons: int) -> np.ndarray:
    """The numbers of the neurons that are wanted.

    Parameters
    ----------
    population : str
        For the message.
    wanted : sequence of int
        Numbers of neurons, from 0.
    n_neurons : int
        The size of the population.

    Returns
    -------
    array of int
        Each once, ascending.

    Raises
    ------
    ValueError
        If they are no whole numbers, none, or if there is no such neuron.
    """
    try:
        numbers = np.unique(np.asarray(wanted))
    except (TypeError, ValueError):
        numbers = np.empty(0)
    if numbers.size == 0 or numbers.dtype.kind not in "iu":
        raise ValueError(f"neurons of {population} must be whole numbers, such as range(20); got {shown(wanted)}")
    if numbers[0] < 0 or numbers[-1] >= n_neurons:
        wrong = numbers[0] if numbers[0] < 0 else numbers[-1]
        raise ValueError(f"neurons of {population} lie in 0 to {n_neurons - 1}; got {wrong}")
    return numbers
