"""Spikes as ticks, one row per neuron, no taller than the row at any size of the figure."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from ..checks import check_number, is_number, shown
from ..spikes import SpikeTrain
from .colours import BLACK
from .drawn_on import axes_or_current, check_colour

HEIGHT = 0.8  # of a tick, as a share of its row


def plot_spikes(spikes: SpikeTrain, ax: Axes | None = None, *, colour: str = BLACK, offset: float = 0,
                width: float = 0.6, **how) -> Axes:  # fmt: skip
    """Draw the spikes of one population as ticks; every neuron has its row, silent ones too.

    Parameters
    ----------
    spikes : SpikeTrain
        Of one trial; `neuron` is the row.
    ax : Axes, optional
        Where to draw; the current axes if None.
    colour : str
        Of the ticks.
    offset : float
        Row of neuron 0.
    width : float
        Width of a tick in points. Its height is 0.8 of a row, in data coordinates, so ticks of two rows never touch.
    **how
        Further keywords of `matplotlib.collections.LineCollection`.

    Returns
    -------
    Axes
        The axes that were drawn on.

    Raises
    ------
    ValueError
        If spikes are none, or there is no such colour, row or width.
    """
    if not isinstance(spikes, SpikeTrain):
        raise ValueError(f"spikes must be a SpikeTrain, as response.spikes holds them; got {shown(spikes)}")
    check_colour(colour)
    if not is_number(offset):
        raise ValueError(f"offset must be a number, the row of neuron 0; got {shown(offset)}")
    check_number("width", width)
    ax = axes_or_current(ax)
    rows = spikes.neuron + offset
    ends = np.stack([rows - HEIGHT / 2, rows + HEIGHT / 2], axis=-1)
    segments = np.stack([np.repeat(spikes.t_ms[:, None], 2, axis=1), ends], axis=-1)
    ax.add_collection(LineCollection(list(segments), colors=colour, linewidths=width, capstyle="butt", **how))
    ax.autoscale_view()
    return ax
