"""Spikes as a density, the rate in cells of time and neurons, for where ticks would fuse."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from ..spikes import SpikeTrain

CLOSEST = 0.6  # points between two ticks of a row; closer ones look like a bar
LOWEST = 0.4  # points of a row that holds a tick
CELL = 1.0  # points of a cell of a density, at least


class Density(NamedTuple):
    """Mean rates in cells of time and rows.

    Parameters
    ----------
    rate_hz : array, (rows of cells, bins)
        Spikes per neuron and second.
    bin_ms : float
        Width of a cell in milliseconds.
    neurons : int
        Neurons in a cell.
    """

    rate_hz: np.ndarray
    bin_ms: float
    neurons: int


def ticks_fuse(spikes: SpikeTrain, time_ms: tuple[float, float], width: float, height: float) -> bool:
    """Whether ticks would be too close to tell apart.

    Parameters
    ----------
    spikes : SpikeTrain
        Of one trial, in the window.
    time_ms : tuple of float
        Start and end of what is drawn, in milliseconds.
    width, height : float
        Size of the axes in points.

    Returns
    -------
    bool
        True if a row is lower than 0.4 points, or the median interval between two spikes of a neuron is narrower than
        0.6 points.
    """
    return height / spikes.n_neurons < LOWEST or interval_points(spikes, time_ms, width) < CLOSEST


def interval_points(spikes: SpikeTrain, time_ms: tuple[float, float], width: float) -> float:
    """Median interval between two spikes of a neuron in points, infinite if no neuron fired twice.

    Parameters
    ----------
    spikes : SpikeTrain
        Of one trial, in the window.
    time_ms : tuple of float
        Start and end of what is drawn, in milliseconds.
    width : float
        Width of the axes in points.

    Returns
    -------
    float
        In points.
    """
    order = np.lexsort((spikes.t_ms, spikes.neuron))
    same = np.diff(spikes.neuron[order]) == 0
    intervals = np.diff(spikes.t_ms[order])[same]
    return float(np.median(intervals)) * width / (time_ms[1] - time_ms[0]) if intervals.size else np.inf


def density(spikes: SpikeTrain, time_ms: tuple[float, float], width: float, height: float) -> Density:
    """Rates in cells of a point or more each way.

    Parameters
    ----------
    spikes : SpikeTrain
        Of one trial.
    time_ms : tuple of float
        Start and end of what is drawn, in milliseconds.
    width, height : float
        Size of the axes in points.

    Returns
    -------
    Density
        The bin is the next of 1, 2, 5, 10, ... milliseconds.
    """
    span = time_ms[1] - time_ms[0]
    bin_ms = round_up(span * CELL / width)
    neurons = max(1, int(np.ceil(CELL * spikes.n_neurons / height)))
    edges = time_ms[0] + bin_ms * np.arange(int(np.ceil(span / bin_ms - 1e-9)) + 1)
    rows = np.arange(0, spikes.n_neurons + neurons, neurons)
    counts, _, _ = np.histogram2d(spikes.neuron, spikes.t_ms, bins=(rows, edges))
    in_cell = np.minimum(rows[1:], spikes.n_neurons) - rows[:-1]
    keep = in_cell > 0
    return Density(counts[keep] / in_cell[keep, None] / (bin_ms * 1e-3), bin_ms, neurons)


def plot_density(found: Density, ax: Axes, start_ms: float, *, colour: str, offset: float = 0,
                 darkest_hz: float | None = None) -> None:  # fmt: skip
    """Draw a density as an image that is clear where no neuron fires, so that a single spike can be seen too.

    Parameters
    ----------
    found : Density
        As of `density`.
    ax : Axes
        Where to draw, time in milliseconds along x.
    start_ms : float
        Where it begins, in milliseconds.
    colour : str
        Of the highest rate.
    offset : float
        Row of neuron 0.
    darkest_hz : float, optional
        The rate with the full colour; the highest if None.
    """
    n_rows, n_bins = found.rate_hz.shape
    rgb = to_rgb(colour)
    pale_to_full = LinearSegmentedColormap.from_list("density", [(*rgb, 0.2), (*rgb, 1.0)])
    top = found.rate_hz.max(initial=0.0) if darkest_hz is None else darkest_hz
    ax.imshow(found.rate_hz, origin="lower", aspect="auto", interpolation="nearest", vmin=1e-6, vmax=max(top, 1e-3),
              cmap=pale_to_full.with_extremes(under=(*rgb, 0.0)), zorder=2,
              extent=(start_ms, start_ms + n_bins * found.bin_ms, offset - 0.5,
                      offset - 0.5 + n_rows * found.neurons))  # fmt: skip


def round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, ...

    Parameters
    ----------
    value : float
        Above 0.

    Returns
    -------
    float
        1 or more.
    """
    power = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return float(next(power * step for step in (1, 2, 5, 10) if power * step >= value - 1e-9))
