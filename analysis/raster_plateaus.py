"""Dendritic spikes and plateaus in the hidden panel of a raster, and the time in which votes are counted."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from ..episode import Episode
from ..response import SpikingResponse
from ..spikes import SpikeTrain
from .colours import BLACK, ORANGE, on
from .presentations import MOST, height_points
from .row_order import Rows
from .style import line, marker


def plot_plateaus(ax: Axes, rows: Rows, dendrite: SpikeTrain, response: SpikingResponse, episode: Episode,
                  plateau_ms: float, votes_ms: tuple[float, float],
                  time_ms: tuple[float, float]) -> set[str]:  # fmt: skip
    """Draw dendritic spikes and plateaus of slots, filled where the slot is written, and when votes are counted.

    Parameters
    ----------
    ax : Axes
        Of the hidden population.
    rows : Rows
        Which hidden neuron stands where; the neurons of a slot stand together.
    dendrite : SpikeTrain
        Dendritic spikes of the trial.
    response : SpikingResponse
        What was answered.
    episode : Episode
        The trial.
    plateau_ms : float
        How long a plateau lasts, in milliseconds.
    votes_ms : tuple of float
        From when to when in a recall spikes are votes, in milliseconds.
    time_ms : tuple of float
        Start and end of what is drawn, in milliseconds.

    Returns
    -------
    set of str
        What was drawn: "written", "idle", "votes". Nothing in a trial of more than 80 presentations.
    """
    if len(response.windows_ms) > MOST:
        return set()
    per_slot = response.spikes["hidden"].n_neurons // response.hidden.shape[-1]
    drawn = rows.of(dendrite.between(*time_ms))
    step = np.clip(np.searchsorted(response.windows_ms[:, 0], drawn.t_ms, side="right") - 1, 0, episode.n_steps - 1)
    writes = episode.gate[step] > 0
    corners = ((0, -0.5), (0, 0.5), (plateau_ms, 0.5), (plateau_ms, -0.5))
    boxes = np.stack([np.stack([drawn.t_ms + t, drawn.neuron + y], axis=-1) for t, y in corners], axis=1)
    for here, label, alpha in ((writes, "plateau, written", 0.75), (~writes, "plateau, not written", 0.3)):
        ax.add_collection(PolyCollection(list(boxes[here]), facecolors=on(ax, ORANGE), alpha=alpha, linewidths=0,
                                         zorder=1.5, label=label))  # fmt: skip
    leads = rows.neurons[drawn.neuron] % per_slot == 0
    slot = per_slot * height_points(ax) / np.ptp(ax.get_ylim())  # points that a slot is high
    ax.plot(drawn.t_ms[leads], drawn.neuron[leads] + (per_slot - 1) / 2, ">", color=on(ax, ORANGE), linestyle="none",
            markersize=float(np.clip(1.5 * slot, marker(0.45), marker(0.8))), markeredgecolor=on(ax, BLACK),
            markeredgewidth=line(0.3), zorder=3, label="dendritic spike")  # fmt: skip
    down = ScaledTranslation(0, -line(1.3) / 72, ax.figure.dpi_scale_trans)  # so that no spike is hidden
    below = blended_transform_factory(ax.transData, ax.transAxes) + down
    counted = np.clip(response.windows_ms[episode.is_recall, :1] + np.array(votes_ms), *time_ms)
    counted = counted[counted[:, 1] > counted[:, 0]]
    for bar in counted:
        ax.plot(bar, [0, 0], transform=below, color=on(ax, BLACK), linewidth=line(1.6),
                solid_capstyle="butt", clip_on=False, zorder=4)  # fmt: skip
    found = {name for name, here in (("written", writes), ("idle", ~writes)) if here.any()}
    return found | ({"votes"} if len(counted) else set())
