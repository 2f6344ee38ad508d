"""The rate of a population over time: spikes per neuron and second, in bins."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from ..spikes import SpikeTrain
from .density import round_up
from .style import line

BIN_MS = 10.0
MOST_BINS = 300


class PopulationRate(NamedTuple):
    """The rate of a population in bins of time.

    Parameters
    ----------
    edges_ms : array, (bins + 1,)
        Of the bins, in milliseconds.
    rate_hz : array, (bins,)
        Spikes per neuron and second.
    """

    edges_ms: np.ndarray
    rate_hz: np.ndarray


def rate_bin_ms(time_ms: tuple[float, float]) -> float:
    """The bin of a rate that is drawn over this time: 10 ms, or wider ones so that there are 300 at most.

    Parameters
    ----------
    time_ms : tuple of float
        Start and end in milliseconds.

    Returns
    -------
    float
        In milliseconds, one of 10, 20, 50, 100, ...
    """
    return max(BIN_MS, round_up((time_ms[1] - time_ms[0]) / MOST_BINS))


def population_rate(spikes: SpikeTrain, time_ms: tuple[float, float], bin_ms: float) -> PopulationRate:
    """Spikes of all neurons in bins, divided by the number of neurons and the time in the bin.

    Parameters
    ----------
    spikes : SpikeTrain
        Of one trial.
    time_ms : tuple of float
        Start and end in milliseconds; the last bin is shorter where they are no multiple of bins apart.
    bin_ms : float
        Width of a bin in milliseconds.

    Returns
    -------
    PopulationRate
        Its bins and their rates.
    """
    start, stop = time_ms
    edges = np.append(np.arange(start, stop - 1e-9, bin_ms), stop)
    counts, _ = np.histogram(spikes.between(start, stop).t_ms, edges)
    return PopulationRate(edges, counts / spikes.n_neurons / (np.diff(edges) * 1e-3))


def plot_population_rate(rate: PopulationRate, ax: Axes, *, colour: str) -> Axes:
    """Draw the rate as steps from 0 up, with a tick at the top.

    Parameters
    ----------
    rate : PopulationRate
        As of `population_rate`.
    ax : Axes
        Where to draw, time in milliseconds along x.
    colour : str
        Of the line and, paler, of the area under it.

    Returns
    -------
    Axes
        The axes that were drawn on.
    """
    ax.stairs(rate.rate_hz, rate.edges_ms, color=colour, linewidth=line(0.6), zorder=3)
    ax.stairs(rate.rate_hz, rate.edges_ms, color=colour, alpha=0.25, fill=True, linewidth=0, zorder=2)
    highest = max(float(rate.rate_hz.max(initial=0.0)), 1.0)
    tenth = round_up(highest) / 10
    top = next(n * tenth for n in (4, 5, 6, 8, 10) if highest <= n * tenth + 1e-9)
    ax.set(ylim=(0, 1.05 * top), yticks=[top])
    ax.yaxis.set_major_formatter("{x:g} Hz")
    return ax
