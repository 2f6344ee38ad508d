"""The legend of a raster, below its last panel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from ..episode import Episode
from .colours import BLACK, GREY, ORANGE, PHASE, POPULATION, on
from .presentations import small
from .recall_marks import RIGHT, UNDECIDED, WRONG
from .style import line, marker

BELOW = 4.2  # letters between the axes and the legend: ticks and the label of time
LONGEST = 32  # letters of an entry


def draw_legend(ax: Axes, panels: Mapping[str, Axes], phases: np.ndarray, episode: Episode, plateaus: set[str],
                rate_bin_ms: float, plateau_ms: float) -> None:  # fmt: skip
    """Explain everything that is drawn in one legend.

    Parameters
    ----------
    ax : Axes
        The last panel.
    panels : mapping of str to Axes
        All panels by name.
    phases : array of str
        Of the presentations that are drawn.
    episode : Episode
        The trial.
    plateaus : set of str
        As of `raster_panels.plot_plateaus`.
    rate_bin_ms : float
        Bin of the rates in milliseconds.
    plateau_ms : float
        How long a plateau lasts in milliseconds.
    """
    def ground(colour: str, text: str, **how) -> Patch:
        return Patch(facecolor=colour, linewidth=how.pop("linewidth", 0), label=text, **how)

    black, orange = on(ax, BLACK), on(ax, ORANGE)
    grounds = {"store": "store", "recall": "recall", "other": "seen, not stored"}
    handles: list = [ground(on(ax, PHASE[kind]), text, edgecolor=on(ax, GREY), linewidth=line(0.3))
                     for kind, text in grounds.items() if kind in phases]  # fmt: skip
    if (episode.gate > 1).any():
        handles.append(ground(orange, "strong gate (q above 1)", alpha=0.45))
    if episode.feedback.any() and "input" in panels:
        handles.append(Line2D([], [], color=on(ax, POPULATION["output"]), linewidth=line(2.5),
                              label="key fed back by the output"))  # fmt: skip
    handles.append(Line2D([], [], color=black, linewidth=line(0.8), 
                          label=f"rate per neuron (Hz, {rate_bin_ms:g} ms bins)"))  # fmt: skip
    if plateaus & {"written", "idle"}:
        handles.append(Line2D([], [], color=orange, marker=">", linestyle="none", markeredgecolor=black,
                              markeredgewidth=line(0.3), markersize=marker(), label="dendritic spike"))  # fmt: skip
    if "written" in plateaus:
        handles.append(ground(orange, f"plateau ({plateau_ms:g} ms), slot written", alpha=0.75))
    if "idle" in plateaus:
        handles.append(ground(orange, "plateau, gate shut", alpha=0.3))
    if "votes" in plateaus:
        handles.append(Line2D([], [], color=black, linewidth=line(2), label="votes counted"))
    if "recalls" in panels:
        handles += [ground(on(ax, RIGHT), "entries right"),
                    ground(on(ax, UNDECIDED), "entries undecided", hatch="/////", edgecolor=on(ax, GREY)),
                    ground(on(ax, WRONG), "entries wrong"), ground(black, "votes of right slots")]  # fmt: skip
    figure = ax.figure
    columns = max(1, int(figure.bbox.width * 72 / figure.dpi / (0.52 * LONGEST * small())))
    middle = figure.transFigure if figure is figure.get_figure(root=True) else figure.transSubfigure
    down = ScaledTranslation(0, -BELOW * small() / 72, figure.dpi_scale_trans)
    below = blended_transform_factory(middle, ax.transAxes) + down
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), bbox_transform=below, ncols=columns,
              fontsize="small", frameon=False, borderaxespad=0, handlelength=1.6, columnspacing=1.0)  # fmt: skip
